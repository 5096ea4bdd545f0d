import * as m from "#texts";
import type { DeadlineView } from "../platform/bindings/DeadlineView";
import type { Duty } from "../platform/bindings/Duty";
import { sinceWords, spanWords, untilWords } from "../words";

/** What has to be done: «Остановить аварию». */
export function dutyWords(duty: Duty): string {
  return { inform: m.duty_inform, localise: m.duty_localise, finish: m.duty_finish }[duty]();
}

/** When it has to be done or was, with how close it is in words. */
export function deadlineWords(deadline: DeadlineView, now: number = Date.now()): string {
  const { done_ms, due_ms, urgency } = deadline;
  if (done_ms !== null) {
    return done_ms > due_ms ? m.deadline_done_late({ when: sinceWords(done_ms, now) }) : m.deadline_done({ when: sinceWords(done_ms, now) });
  }
  if (urgency === "overdue" || due_ms < now) {
    return m.deadline_overdue({ when: sinceWords(due_ms, now) });
  }
  const when = untilWords(due_ms, now);
  return urgency === "soon" ? m.deadline_soon({ when, left: spanWords(due_ms - now) }) : m.deadline_calm({ when });
}

/** The next deadline beside the status: «ремонт до 24 октября». */
export function deadlineShort(deadline: DeadlineView, now: number = Date.now()): string {
  if (deadline.urgency === "overdue" || deadline.due_ms < now) {
    return m.deadline_short_overdue({ when: sinceWords(deadline.due_ms, now) });
  }
  const words = { inform: m.deadline_short_inform, localise: m.deadline_short_localise, finish: m.deadline_short_finish }[deadline.duty];
  return words({ when: untilWords(deadline.due_ms, now) });
}

/** The colour of a deadline; the words say the same. */
export function deadlineTone(deadline: DeadlineView, now: number = Date.now()): "calm" | "warn" | "bad" | "ok" {
  if (deadline.done_ms !== null) {
    return deadline.done_ms > deadline.due_ms ? "warn" : "ok";
  }
  if (deadline.urgency === "overdue" || deadline.due_ms < now) {
    return "bad";
  }
  return deadline.urgency === "soon" ? "warn" : "calm";
}
