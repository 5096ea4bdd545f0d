import type { BillView } from "../../../platform/bindings/BillView";

/** The totals row: what the columns come to. */
export function totals(bill: BillView) {
  const of = (column: "accrued" | "recalculated" | "discount" | "excess" | "total") => bill.lines.reduce((sum, line) => sum + line[column], 0);
  return { accrued: of("accrued") + of("excess"), recalculated: of("recalculated"), discount: of("discount"), total: of("total") };
}

/** By how much a bill that does not sum is wrong: its lines first, then its balance; 0 when the gap has no one sum. */
export function gap(bill: BillView): number {
  const lines = bill.lines.length > 0 ? totals(bill).total - bill.accrued : 0;
  if (lines !== 0) {
    return Math.abs(lines);
  }
  if (bill.opening === null || bill.paid === null) {
    return 0;
  }
  return Math.abs(bill.opening + bill.accrued - bill.paid + (bill.penalty ?? 0) - bill.to_pay);
}
