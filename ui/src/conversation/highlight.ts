/** A piece of a text; `found` when it is what was searched for. */
export interface Piece {
  text: string;
  found: boolean;
}

/** The text in pieces, so that what was searched for can be marked. Large and small letters, ё and е are the same. */
export function pieces(text: string, words: string): Piece[] {
  const wanted = plain(words.trim());
  if (wanted === "") {
    return [{ text, found: false }];
  }
  const there = plain(text);
  const all: Piece[] = [];
  let from = 0;
  for (let at = there.indexOf(wanted); at >= 0; at = there.indexOf(wanted, from)) {
    if (at > from) {
      all.push({ text: text.slice(from, at), found: false });
    }
    from = at + wanted.length;
    all.push({ text: text.slice(at, from), found: true });
  }
  if (from < text.length || all.length === 0) {
    all.push({ text: text.slice(from), found: false });
  }
  return all;
}

/** Letter for letter, so that places stay the same. */
function plain(text: string): string {
  return [...text].map((letter) => (letter.toLowerCase().length === letter.length ? letter.toLowerCase() : letter)).join("").replaceAll("ё", "е");
}
