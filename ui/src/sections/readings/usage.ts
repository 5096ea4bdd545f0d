import type { HistoryRow } from "../../platform/bindings/HistoryRow";
import type { Period } from "../../platform/bindings/Period";

/** A month of the chart. */
export interface Bar {
  period: Period;
  /** Units of the meter; `null` where nothing is known. */
  volume: number | null;
  /** No reading was taken in this month: its share of the next one. */
  average: boolean;
}

/** The month before or after. */
export function shifted(period: Period, by: number): Period {
  const months = Number(period.slice(0, 4)) * 12 + Number(period.slice(5, 7)) - 1 + by;
  return `${String(Math.floor(months / 12)).padStart(4, "0")}-${String((months % 12) + 1).padStart(2, "0")}`;
}

function monthsBetween(earlier: Period, later: Period): number {
  const months = (period: Period) => Number(period.slice(0, 4)) * 12 + Number(period.slice(5, 7));
  return months(later) - months(earlier);
}

/**
 * Volumes of the months up to `until`, oldest first. A month without a reading shares the volume that the next reading
 * found, and says so. `now` is what is being entered for `until`.
 */
export function monthly(history: HistoryRow[], until: Period, now: number | null, count = 12): Bar[] {
  const counted = history.filter((row) => row.counts);
  const known = new Map<Period, { volume: number; average: boolean }>();
  counted.forEach((row, index) => {
    if (row.volume === null) return;
    const before = counted[index + 1];
    const months = before ? Math.max(1, monthsBetween(before.period, row.period)) : 1;
    for (let back = 0; back < months; back++) {
      known.set(shifted(row.period, -back), { volume: Number(row.volume) / months, average: months > 1 });
    }
  });
  if (now !== null) known.set(until, { volume: now, average: false });
  return Array.from({ length: count }, (_, index) => {
    const period = shifted(until, index - count + 1);
    const bar = known.get(period);
    return { period, volume: bar?.volume ?? null, average: bar?.average ?? false };
  });
}
