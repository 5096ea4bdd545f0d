import type { QuietHours } from "../../platform/bindings/QuietHours";

/** What quiet hours begin with: from ten in the evening to seven in the morning. */
export const NIGHT: QuietHours = { from: 22 * 60, to: 7 * 60 };

/** Minutes after midnight as a field of time takes them: «07:30». */
export function clockOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** «07:30» as minutes after midnight; `null` while it is no time of day. */
export function minutesOf(clock: string): number | null {
  const found = /^(\d\d):(\d\d)/.exec(clock);
  const minutes = found === null ? NaN : Number(found[1]) * 60 + Number(found[2]);
  return minutes < 24 * 60 ? minutes : null;
}
