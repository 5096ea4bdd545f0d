import { dayOf, time } from "../format";

/** What `<input type="datetime-local">` shows for an instant, in the utility's zone. */
export function localOf(ms: number): string {
  return `${dayOf(ms)}T${time(ms).padStart(5, "0")}`;
}

/** The instant that was typed into such a field; `null` when it is none. */
export function instantOf(local: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(local)) {
    return null;
  }
  const wanted = Date.parse(`${local}:00Z`);
  if (Number.isNaN(wanted)) {
    return null;
  }
  // The zone's distance from UTC is that of the instant itself, which is near: twice is enough.
  let at = wanted;
  for (let turn = 0; turn < 2; turn += 1) {
    at += wanted - Date.parse(`${localOf(at)}:00Z`);
  }
  return at;
}
