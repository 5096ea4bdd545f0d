/** What the first part of an address begins with where it names a town or a village. */
const SETTLEMENT = /^(?:г|гор|пгт|рп|пос|п|с|дер|х|ст-ца)\.?\s/iu;

/** The town in the first part of an address; `null` when it begins with the street. */
function townOf(address: string): string | null {
  const first = address.split(",", 1)[0] ?? "";
  return SETTLEMENT.test(first) ? first.trim() : null;
}

/**
 * An address as the staff of the same town write it: «Винокурова, 10, кв. 25». The town stays where it is another one;
 * `ours` is an address of the utility itself.
 */
export function nearAddress(address: string, ours: string | undefined): string {
  const town = townOf(address);
  const own = town !== null && ours !== undefined && townOf(ours)?.toLowerCase() === town.toLowerCase();
  const parts = address.split(", ").slice(own ? 1 : 0);
  // «ул.» and «д.» say nothing where every address has them; «б-р», «корп.» and «кв.» tell one place from another.
  return parts.map((part) => part.replace(/^(?:ул|д)\.\s(?=\S)/u, "")).join(", ");
}
