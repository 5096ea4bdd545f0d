import * as m from "#texts";
import { day, dayOf, time } from "../format";
import type { PauseView } from "../platform/bindings/PauseView";
import type { PillView } from "../platform/bindings/PillView";

/** The words of the pill; the number, if any, stands after them in bold. */
export interface PillText {
  words: string;
  /** The same in fewer words, for a narrow window. */
  brief: string;
  count: number | null;
}

function counted(words: string, count: number, none: string, brief = words): PillText {
  return count === 0 ? { words: none, brief: none, count: null } : { words, brief, count };
}

export function pillWords(pill: PillView): PillText {
  switch (pill.pill) {
    case "attention":
      return pill.count === 1
        ? { words: m.pill_attention(), brief: m.pill_attention(), count: 1 }
        : { words: m.pill_attention_many(), brief: m.pill_attention_many(), count: pill.count };
    case "clock":
      return { words: m.pill_clock(), brief: m.pill_clock(), count: null };
    case "sign_in":
      return counted(m.pill_sign_in(), pill.count, m.pill_sign_in_empty());
    case "upgrade":
      return counted(m.pill_upgrade(), pill.count, m.pill_upgrade_empty());
    case "offline":
      return counted(m.pill_offline(), pill.count, m.pill_offline_empty(), m.pill_offline_brief());
    case "sending": {
      const words = m.pill_sending({ done: pill.done, total: pill.total });
      return { words, brief: words, count: null };
    }
    case "sent":
      return { words: m.pill_sent(), brief: m.pill_sent(), count: null };
  }
}

/** The words and the number as one sentence, for a screen reader. */
export function pillSentence(pill: PillView): string {
  const { words, count } = pillWords(pill);
  return count === null ? words : `${words} ${count}`;
}

/** A length of time in one unit: «3 часа». */
export function spanWords(ms: number): string {
  const minutes = Math.max(1, Math.round(Math.abs(ms) / 60_000));
  if (minutes < 60) {
    return m.span_minutes({ count: minutes });
  }
  const hours = Math.round(minutes / 60);
  return hours < 48 ? m.span_hours({ count: hours }) : m.span_days({ count: Math.round(hours / 24) });
}

/** «10:05» of today, «20 октября, 10:05» of another day: what can stand after «с». */
function since(ms: number): string {
  const which = dayOf(ms);
  return which === dayOf(Date.now()) ? time(ms) : m.moment_day({ day: day(which), time: time(ms) });
}

/** Why nothing goes out, one sentence; what is safe is said beside it. */
export function pauseWords(pause: PauseView): string {
  switch (pause.pause) {
    case "offline":
      return m.pause_offline({ since: since(pause.since_ms) });
    case "portal":
      return m.pause_portal();
    case "busy":
      return m.pause_busy();
    case "sign_in":
      return m.pause_sign_in();
    case "upgrade":
      return m.pause_upgrade();
    case "clock":
      return pause.error_ms > 0
        ? m.pause_clock_fast({ error: spanWords(pause.error_ms) })
        : m.pause_clock_slow({ error: spanWords(pause.error_ms) });
  }
}
