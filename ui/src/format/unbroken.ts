/** Text that stays on one line: a phone, opening hours. */
export function unbroken(text: string): string {
  return text.replaceAll(" ", "\u00a0").replaceAll(/[–-]/g, "\u2060$&\u2060");
}

/** A name that ends a sentence: the dot of «В. П.» is the sentence's own. */
export function undotted(name: string): string {
  return name.replace(/\.$/, "");
}

/** An address that breaks between its parts, and never between «д.» and its number or inside «10-25». */
export function wholeNumbers(address: string): string {
  return address.replaceAll(/\. (?=\S)/g, ".\u00a0").replaceAll(/(\d)-(?=\d)/g, "$1\u2060-\u2060");
}
