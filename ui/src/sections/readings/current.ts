import * as m from "#texts";
import { day, dayOf, lowered } from "../../format";
import type { CurrentReading } from "../../platform/bindings/CurrentReading";
import type { Mark } from "../../platform/bindings/Mark";
import type { MeterValue } from "../../platform/bindings/MeterValue";
import type { MeterView } from "../../platform/bindings/MeterView";
import type { Unit } from "../../platform/bindings/Unit";
import { markWords, rejectionWords } from "../../words";

/** Where the reading of this month is, with the day of its submission where the mark does not tell it. */
export function currentWords(current: CurrentReading): string {
  switch (current.mark.mark) {
    case "here":
      return m.current_here();
    case "accepted":
      return markWords({ mark: "accepted", at_ms: current.mark.at_ms ?? current.captured_ms });
    case "exported":
    case "counted":
      return m.current_since({ state: markWords(current.mark), day: day(dayOf(current.captured_ms)) });
    default:
      return markWords(current.mark);
  }
}

/** The newest entry of a meter, if it was turned down: it counts for nothing, and has to be seen all the same. */
export function turnedDown(meter: MeterView): { mark: Mark; values: MeterValue[] } | null {
  const isDown = ({ mark }: { mark: Mark }) => mark.mark === "rejected" || mark.mark === "refused";
  return [meter.current, meter.history[0]].find((entry) => entry && isDown(entry)) ?? null;
}

/** Why it was not taken, with the unit that a mark alone does not know. */
export function rejectedWords(mark: Mark, unit: Unit): string {
  return mark.mark === "rejected" ? m.mark_rejected({ why: lowered(rejectionWords(mark.rejection, unit)) }) : markWords(mark);
}
