/** Heights in px at text ×1. */
export interface Heights {
  row: number;
  head: number;
}

/** How a row is written: all columns, the address under the name, or a card. */
export type Shape = "wide" | "table" | "cards";

/** Widths of the list in px at text ×1. */
const WIDE_FROM = 980;
const TABLE_FROM = 560;

export function shapeOf(width: number, scale: number): Shape {
  const room = width / scale;
  return room >= WIDE_FROM ? "wide" : room >= TABLE_FROM || width === 0 ? "table" : "cards";
}

export function heightsOf(shape: Shape, scale: number): Heights {
  const row = { wide: 36, table: 46, cards: 94 }[shape];
  return { row: Math.round(row * scale), head: Math.round(36 * scale) };
}

/** Where the row of this place begins, with what stands above it: rows and heads are of known height, so nothing has to be measured. */
export function offsetOf(at: number, heads: readonly number[], { row, head }: Heights): number {
  return at * row + below(at, heads) * head;
}

/** How many heads stand above rows before this place. */
function below(at: number, heads: readonly number[]): number {
  let low = 0;
  let high = heads.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((heads[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first row that ends below this offset. */
export function placeAt(offset: number, total: number, heads: readonly number[], heights: Heights): number {
  let low = 0;
  let high = Math.max(0, total - 1);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (offsetOf(middle + 1, heads, heights) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
