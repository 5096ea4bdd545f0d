import type { Period } from "../platform/bindings/Period";

/** Months whose bill a person may hold, newest first: the month before `today` and those before it. */
export function lastMonths(today: string, count: number): Period[] {
  const now = Number(today.slice(0, 4)) * 12 + Number(today.slice(5, 7)) - 1;
  return Array.from({ length: count }, (_, back) => {
    const month = now - 1 - back;
    return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;
  });
}
