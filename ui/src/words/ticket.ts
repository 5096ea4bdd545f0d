import * as m from "#texts";
import { day, dayOf, moment, time } from "../format";
import type { Status } from "../platform/bindings/Status";
import type { TicketNumber } from "../platform/bindings/TicketNumber";

/** Where the work stands: «В работе». */
export function statusWords(status: Status): string {
  switch (status) {
    case "new":
      return m.status_new();
    case "accepted":
      return m.status_accepted();
    case "in_progress":
      return m.status_in_progress();
    case "deferred":
      return m.status_deferred();
    case "awaiting_resident":
      return m.status_awaiting_resident();
    case "done":
      return m.status_done();
    case "closed":
      return m.status_closed();
    case "rejected":
      return m.status_rejected();
  }
}

/** «№ 5107», with the year when it is not this one; «Без номера» before the server has given one. */
export function numberWords(number: TicketNumber | null, now: number = Date.now()): string {
  if (number === null) {
    return m.ticket_numberless();
  }
  return String(number.year) === dayOf(now).slice(0, 4)
    ? m.ticket_number({ number: number.number })
    : m.ticket_number_year({ number: number.number, year: number.year });
}

/** When something of a list happened: «10:42», «вчера», «14 октября». */
export function whenShort(ms: number, now: number = Date.now()): string {
  const which = dayOf(ms);
  if (which === dayOf(now)) {
    return time(ms);
  }
  if (which === dayOf(now - 86_400_000)) {
    return m.tickets_yesterday();
  }
  return which.slice(0, 4) === dayOf(now).slice(0, 4) ? day(which) : shortDate(which);
}

/** «14.10.2025»: an old date in a narrow column. */
function shortDate(date: string): string {
  return date.split("-").reverse().join(".");
}

/** Until when, after «до»: «16:00» of today, «24 октября» of a whole day, «24 октября, 12:00» else. */
export function untilWords(ms: number, now: number = Date.now()): string {
  // A term of days ends with the midnight behind its last day.
  const last = time(ms) === "0:00" ? ms - 1 : ms;
  if (last !== ms) {
    return dayOf(last) === dayOf(now) ? m.until_today() : day(dayOf(last));
  }
  return dayOf(ms) === dayOf(now) ? time(ms) : m.moment_day({ day: day(dayOf(ms)), time: time(ms) });
}

/** When it was: «10:14» of today, «вчера, 19:12», «20 октября, 9:05». */
export function sinceWords(ms: number, now: number = Date.now()): string {
  return dayOf(ms) === dayOf(now) ? time(ms) : moment(ms, now);
}
