/** Text that stays on one line: a phone, opening hours. */
export function unbroken(text: string): string {
  return text.replaceAll(" ", "\u00a0").replaceAll(/[–-]/g, "\u2060$&\u2060");
}
