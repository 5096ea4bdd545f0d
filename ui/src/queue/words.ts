import * as m from "#texts";
import { day, dayOf, moment, time, unitSign } from "../format";
import type { QueueAction } from "../platform/bindings/QueueAction";
import type { QueueItem } from "../platform/bindings/QueueItem";
import { markWords, rejectionWords } from "../words";
import type { MeterKind } from "../platform/bindings/MeterKind";
import type { Unit } from "../platform/bindings/Unit";

/** The unit in which a kind of meter counts (`domain::MeterKind::unit`): a row of the queue carries only the kind. */
const UNITS: Record<MeterKind, Unit> = {
  cold_water: "cubic_metre",
  hot_water: "cubic_metre",
  sewage: "cubic_metre",
  gas: "cubic_metre",
  electricity: "kilowatt_hour",
  heat: "gigacalorie",
};

function unitOf(kind: MeterKind | null): Unit | undefined {
  return kind === null ? undefined : UNITS[kind];
}

/** What was entered, in one line. */
export function whatWords({ what }: QueueItem): string {
  switch (what.what) {
    case "reading": {
      const unit = unitOf(what.kind);
      const value = what.shown.map((shown) => shown.replace(/^0+(?=\d)/, "")).join(" · ");
      return m.queue_reading({ name: what.name, value: unit ? `${value}\u00a0${unitSign(unit)}` : value });
    }
    case "rename":
      return what.name === "" ? m.queue_rename_default() : m.queue_rename({ name: what.name });
    case "profile":
      return m.queue_profile();
    case "unreadable":
      return m.queue_unreadable();
  }
}

/** When: the hour alone for today. */
export function whenWords(ms: number, now: number = Date.now()): string {
  return dayOf(ms) === dayOf(now) ? time(ms) : moment(ms, now);
}

/** Where it belongs, or what to do with it. */
export function detailWords({ what }: QueueItem): string | null {
  if (what.what === "reading") return what.short_address || null;
  return what.what === "unreadable" ? m.queue_unreadable_hint() : null;
}

/** A sentence as the second half of another. */
export function lowered(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

/** Why the server or the billing decided against it. */
export function reasonOf({ what, mark }: QueueItem): { head: string; why: string } | null {
  const unit = what.what === "reading" ? unitOf(what.kind) : undefined;
  if (mark.mark === "rejected") return { head: m.queue_rejected(), why: lowered(rejectionWords(mark.rejection, unit)) };
  return mark.mark === "refused" ? { head: m.queue_refused(), why: mark.why } : null;
}

/** Where it is. A reading of a closing window says that it goes first. */
export function stateWords(item: QueueItem, held: boolean): string | null {
  if (item.mark.mark === "accepted" || item.mark.mark === "attention") return null;
  const state = held ? m.queue_held() : markWords(item.mark);
  if (item.deadline === null || item.mark.mark !== "here") return state;
  return m.queue_state_first({ state, day: day(item.deadline) });
}

export function actionWords(action: QueueAction): string {
  switch (action) {
    case "fix":
      return m.queue_fix();
    case "retry":
      return m.queue_retry();
    case "withdraw":
      return m.queue_withdraw();
    case "discard":
      return m.queue_discard();
    case "save":
      return m.queue_save();
  }
}
