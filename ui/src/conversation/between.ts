import { dayOf } from "../format";
import type { MessageView } from "../platform/bindings/MessageView";
import type { Aside } from "./thread.svelte";

/** What stands above a message, in order: days that begin and what happened, or what the staff noted. */
export type Above = { line: "day"; at_ms: number } | Aside;

/** The days and events between one message and the next. A day is named where it begins; behind a gap that is not here nobody knows. */
export function between(previous: Pick<MessageView, "at_ms"> | undefined, first: boolean, asides: Aside[], message: MessageView | undefined): Above[] {
  const lines: Above[] = [];
  let last = previous === undefined ? null : dayOf(previous.at_ms);
  let known = first || previous !== undefined;
  const begin = (ms: number) => {
    const which = dayOf(ms);
    if (known && which !== last) {
      lines.push({ line: "day", at_ms: ms });
    }
    last = which;
    known = true;
  };
  for (const aside of asides) {
    begin(aside.at_ms);
    lines.push(aside);
  }
  if (message !== undefined) {
    begin(message.at_ms);
  }
  return lines;
}

/** Whether the name of who wrote stands above: at the first of several in a row. */
export function namesAuthor(message: MessageView, previous: MessageView | undefined, above: Above[]): boolean {
  return !message.mine && (above.length > 0 || previous === undefined || previous.mine || previous.author !== message.author);
}
