import * as m from "#texts";
import { day, dayOf, dayYear } from "../format";
import { happenedIcon, happenedWords } from "../desk/happened";
import type { IconName } from "../parts/icons";
import type { MessageMark } from "../platform/bindings/MessageMark";
import type { MessageView } from "../platform/bindings/MessageView";
import type { Status } from "../platform/bindings/Status";
import type { TicketEventView } from "../platform/bindings/TicketEventView";
import { markShort } from "../words";

/** «Сегодня», «Вчера», «14 октября», «3 марта 2025». */
export function dayWords(ms: number, now: number = Date.now()): string {
  const which = dayOf(ms);
  if (which === dayOf(now)) {
    return m.talk_today();
  }
  if (which === dayOf(now - 86_400_000)) {
    return m.talk_yesterday();
  }
  return which.slice(0, 4) === dayOf(now).slice(0, 4) ? day(which) : dayYear(which);
}

function movedWords(to: Status, event: TicketEventView): string {
  const mine = event.by === "resident";
  switch (to) {
    case "new":
      return mine ? m.event_reopened() : m.event_new();
    case "accepted":
      return m.event_accepted();
    case "in_progress":
      return m.event_in_progress();
    case "deferred":
      return m.event_deferred();
    case "awaiting_resident":
      return m.event_awaiting_resident();
    case "done":
      return m.event_done();
    case "closed":
      return mine ? m.event_closed_by_you() : event.by === "utility" ? m.event_closed_itself() : m.event_closed();
    case "rejected":
      return m.event_rejected();
  }
}

/** What happened, with the reason when one was given, and who did it on the other side. */
export function eventWords(event: TicketEventView): string {
  const { what } = event;
  switch (what.happened) {
    case "registered":
      return m.event_registered();
    case "rated": {
      const rated = m.event_rated({ rating: what.rating });
      return what.word === "" ? rated : m.event_reason({ what: rated, reason: what.word });
    }
    case "moved": {
      const moved = movedWords(what.to, event);
      const told = what.reason === "" ? moved : m.event_reason({ what: moved, reason: what.reason });
      return event.by === "staff" && event.who !== "" ? m.event_by({ what: told, who: event.who }) : told;
    }
    case "assigned":
    case "met":
    case "folded":
    case "unfolded":
    case "overruled":
    case "taken_before":
      return happenedWords(event, what);
  }
}

export function eventIcon({ what }: TicketEventView): IconName {
  switch (what.happened) {
    case "registered":
      return "document";
    case "rated":
      return "check";
    case "moved":
      switch (what.to) {
        case "new":
          return "refresh";
        case "accepted":
        case "in_progress":
          return "wrench";
        case "deferred":
        case "awaiting_resident":
          return "clock";
        case "done":
        case "closed":
          return "check";
        case "rejected":
          return "close";
      }
    case "assigned":
    case "met":
    case "folded":
    case "unfolded":
    case "overruled":
    case "taken_before":
      return happenedIcon(what);
  }
}

/** How much of a message's files has gone, by their sizes; `null` when nothing is on its way. */
export function sentPercent(message: MessageView): number | null {
  const going = message.attachments.filter((file) => file.sent !== null);
  const whole = going.reduce((sum, file) => sum + file.bytes, 0);
  if (whole === 0) {
    return null;
  }
  return Math.floor(going.reduce((sum, file) => sum + file.bytes * (file.sent ?? 0), 0) / whole);
}

/** Where a message of one's own is, in a word or two. */
export function messageMarkWords(mark: MessageMark, percent: number | null): string {
  switch (mark.at) {
    case "accepted":
      return m.talk_accepted();
    case "read":
      return m.talk_read();
    case "entry":
      switch (mark.mark.mark) {
        case "here":
          return m.talk_here();
        case "sending":
          return percent === null ? markShort(mark.mark) : m.talk_sending({ percent });
        case "held":
        case "accepted":
        case "scheduled":
        case "exported":
        case "counted":
        case "rejected":
        case "refused":
        case "withdrawn":
        case "attention":
        case "file_refused":
          return markShort(mark.mark);
      }
  }
}

/** A message in one line, for a screen reader that hears of it from elsewhere. */
export function messageLine(message: MessageView): string {
  const files = message.attachments.length > 0 ? m.talk_files({ count: message.attachments.length }) : "";
  const text = [message.text, files].filter((part) => part !== "").join(", ");
  return m.talk_said({ author: message.mine ? m.talk_mine() : message.author, text });
}
