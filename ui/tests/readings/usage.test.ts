import { expect, it } from "vitest";
import type { HistoryRow } from "../../src/platform/bindings/HistoryRow";
import { monthly, shifted } from "../../src/sections/readings/usage";

function row(period: string, volume: string | null, counts = true): HistoryRow {
  return { period, taken_on: `${period}-20`, values: ["1"], volume, source: "resident_app", mark: { mark: "counted" }, counts };
}

it("shares what a later reading found among the months without one, and marks them as averages", () => {
  const bars = monthly([row("2026-09", "9"), row("2026-06", "4")], "2026-09", null, 5);
  expect(bars.map((bar) => [bar.period, bar.volume, bar.average])).toEqual([
    ["2026-05", null, false],
    ["2026-06", 4, false],
    ["2026-07", 3, true],
    ["2026-08", 3, true],
    ["2026-09", 3, true],
  ]);
});

it("counts one reading a month, and puts what is being entered last", () => {
  const bars = monthly([row("2026-09", "7"), row("2026-09", "8", false)], "2026-10", 5.5, 2);
  expect(bars).toEqual([
    { period: "2026-09", volume: 7, average: false },
    { period: "2026-10", volume: 5.5, average: false },
  ]);
});

it("goes over the end of a year", () => {
  expect(shifted("2026-01", -1)).toBe("2025-12");
  expect(shifted("2025-12", 1)).toBe("2026-01");
});
