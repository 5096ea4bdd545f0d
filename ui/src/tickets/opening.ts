import type { Opening } from "../conversation/opening";
import type { DeskTicketView } from "../platform/bindings/DeskTicketView";
import type { MessageMark } from "../platform/bindings/MessageMark";
import type { TicketView } from "../platform/bindings/TicketView";

/** A ticket that has a number is accepted: the mark of its row then tells of what was entered after it. */
function entered({ row }: TicketView): MessageMark | null {
  return row.number === null && row.mark !== null ? { at: "entry", mark: row.mark } : null;
}

function said({ description, attachments, captured_ms }: TicketView) {
  return { text: description, attachments, at_ms: captured_ms };
}

/** The description as the resident's first words. What the staff has decided upon, they have read. */
export function ownOpening(view: TicketView): Opening {
  const handled = view.history.some((event) => event.by === "staff");
  return { ...said(view), author: "", mine: true, mark: entered(view) ?? { at: handled ? "read" : "accepted" } };
}

/** The description as the staff reads it: the words of who asked. It has a mark only while a call waits on this computer. */
export function deskOpening({ ticket, applicant }: DeskTicketView): Opening {
  return { ...said(ticket), author: applicant, mine: false, mark: entered(ticket) };
}
