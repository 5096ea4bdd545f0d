import * as m from "#texts";
import { day, dayYear } from "../../format";
import type { MeterView } from "../../platform/bindings/MeterView";

/** From so many days on, a verification that ends is worth a word. */
const SOON = 60;

/** How a meter's verification (поверка) stands: a sentence and how loud it is. */
export function verification(meter: MeterView): { words: string | null; tone: "calm" | "soon" | "over" } {
  const { verified_until: until, verification_days: days } = meter;
  if (until === null || days === null) return { words: null, tone: "calm" };
  if (days < 0) return { words: m.meter_overdue({ day: dayYear(until) }), tone: "over" };
  if (days === 0) return { words: m.meter_valid_last_day(), tone: "soon" };
  if (days <= SOON) return { words: m.meter_valid_soon({ day: day(until), count: days }), tone: "soon" };
  return { words: m.meter_valid_until({ day: dayYear(until) }), tone: "calm" };
}
