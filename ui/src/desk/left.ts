import * as m from "#texts";
import { day, dayOf } from "../format";
import type { DeadlineView } from "../platform/bindings/DeadlineView";
import type { Urgency } from "../platform/bindings/Urgency";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** From so many hours on minutes do not matter any more. */
const WHOLE_HOURS = 6 * HOUR;
/** From so many days on the day itself says more. */
const WHOLE_DAYS = 8 * DAY;

const SPACE = "\u00a0";

/** How urgent it is now: the core's answer may be some seconds older than the deadline. */
export function urgencyOf(deadline: DeadlineView, now: number): Urgency {
  return deadline.due_ms < now ? "overdue" : deadline.urgency;
}

/** «5:18», «21 ч», «2 дн», «24 окт», and with a minus what is over: «−0:24». */
export function leftShort(dueMs: number, now: number): string {
  const late = dueMs < now;
  const gap = Math.abs(dueMs - now);
  const sign = late ? "−" : "";
  if (gap < WHOLE_HOURS) {
    // What is left is rounded up and what is over down, so that 0:00 is only the minute itself.
    const minutes = late ? Math.floor(gap / MINUTE) : Math.ceil(gap / MINUTE);
    return `${sign}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
  }
  if (gap < DAY) {
    return sign + m.desk_span_h({ hours: Math.floor(gap / HOUR) });
  }
  if (late || gap < WHOLE_DAYS) {
    return sign + m.desk_span_d({ days: Math.floor(gap / DAY) });
  }
  return dayShort(dueMs);
}

/** «24 окт». */
function dayShort(ms: number): string {
  const [number = "", month = ""] = day(dayOf(ms - 1)).split(SPACE);
  return `${number}${SPACE}${month.slice(0, 3)}`;
}

/** The same for those who listen: «просрочено на 24 мин». */
export function leftSpoken(deadline: DeadlineView, now: number): string {
  const gap = Math.abs(deadline.due_ms - now);
  const minutes = Math.round(gap / MINUTE);
  const span =
    gap < HOUR
      ? m.desk_span_m({ minutes })
      : gap < DAY
        ? m.desk_span_hm({ hours: Math.floor(minutes / 60), minutes: minutes % 60 })
        : m.desk_span_d({ days: Math.floor(gap / DAY) });
  switch (urgencyOf(deadline, now)) {
    case "overdue":
      return m.desk_late({ late: span });
    case "soon":
      return m.desk_left_soon({ left: span });
    case "calm":
      return m.desk_left({ left: span });
  }
}
