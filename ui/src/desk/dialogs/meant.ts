import * as m from "#texts";
import { call } from "../../platform";
import type { DeskTicketView } from "../../platform/bindings/DeskTicketView";
import type { Status } from "../../platform/bindings/Status";
import { numberWords } from "../../words";

/** What the dialog is about, as far as it is known: «№ 5107», «3 заявки». */
export function meantWords(tickets: readonly string[], views: readonly DeskTicketView[]): string {
  const [only] = views;
  return tickets.length === 1 && only !== undefined ? numberWords(only.row.number) : m.desk_several({ count: tickets.length });
}

/** The tickets themselves; those that are not here any more are left out. */
export async function meantViews(tickets: readonly string[]): Promise<DeskTicketView[]> {
  const answers = await Promise.all(tickets.map((ticket) => call("desk_ticket", { ticket })));
  return answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
}

/** Where every one of them may go. */
export function commonMoves(views: readonly DeskTicketView[]): Status[] {
  const [first, ...others] = views;
  return first === undefined ? [] : first.moves.filter((move) => others.every((other) => other.moves.includes(move)));
}
