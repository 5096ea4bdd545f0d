const SPACE = " ";

/** The ten digits after +7, or `null` for what is no Russian number in the making. */
function national(text: string): string | null {
  if (/[^\d\s()+.-]/.test(text)) {
    return null;
  }
  const digits = text.replace(/\D/g, "");
  if (text.trim().startsWith("+")) {
    return digits === "" ? null : digits.startsWith("7") ? digits.slice(1) : null;
  }
  if (digits.startsWith("8") || digits.startsWith("7")) {
    return digits.slice(1);
  }
  return digits.startsWith("9") ? digits : null;
}

/** A number as people read it, as far as it is typed: «+7 900 000-12». What is no Russian number stays as it is. */
export function prettyPhone(text: string): string {
  const digits = national(text);
  if (digits === null || digits.length > 10) {
    return text;
  }
  const [a, b, c, d] = [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6, 8), digits.slice(8, 10)];
  let pretty = "+7";
  if (a) pretty += SPACE + a;
  if (b) pretty += SPACE + b;
  if (c) pretty += `-${c}`;
  if (d) pretty += `-${d}`;
  return pretty;
}

/**
 * What to show after a key. Only text added at the very end is put in shape: whoever deletes, or corrects
 * in the middle, is left alone until the field is left.
 */
export function whileTyping(text: string, caret: number, deleting: boolean): string {
  return deleting || caret < text.length ? text : prettyPhone(text);
}
