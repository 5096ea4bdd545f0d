import type { AttachmentView } from "../platform/bindings/AttachmentView";
import type { MessageMark } from "../platform/bindings/MessageMark";
import type { MessageView } from "../platform/bindings/MessageView";

/** Where the opening stands: before the first place. */
export const OPENING = -1;

/** With what a conversation begins before anybody answers: the words of the ticket, its files. It has no place and no number. */
export interface Opening {
  text: string;
  attachments: AttachmentView[];
  author: string;
  at_ms: number;
  mine: boolean;
  mark: MessageMark | null;
}

/**
 * The opening as a message. It counts as read once the other side answered, or read what was written after it: nobody
 * reads a conversation from its middle.
 */
export function openingMessage(opening: Opening, next: MessageView | undefined): MessageView {
  const passed = next !== undefined && (next.mine !== opening.mine || next.mark?.at === "read");
  const mark: MessageMark | null = opening.mark?.at === "accepted" && passed ? { at: "read" } : opening.mark;
  return { ...opening, id: "opening", place: OPENING, number: null, mark, operation: null };
}
