import type { DeskCannedView } from "../../platform/bindings/DeskCannedView";

const plain = (text: string) => text.toLowerCase().replaceAll("ё", "е");

/** Ready answers in which every typed word begins a word, those with it in the title first. */
export function fitting(replies: readonly DeskCannedView[], typed: string): DeskCannedView[] {
  const words = plain(typed).split(/\s+/).filter((word) => word !== "");
  const begins = (text: string, word: string) => plain(text).split(/[\s,.:;«»()]+/).some((other) => other.startsWith(word));
  const inTitle = replies.filter((reply) => words.every((word) => begins(reply.title, word)));
  const inText = replies.filter((reply) => !inTitle.includes(reply) && words.every((word) => begins(`${reply.title} ${reply.text}`, word)));
  return [...inTitle, ...inText];
}
