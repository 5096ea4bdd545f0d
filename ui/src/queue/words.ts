import * as m from "#texts";
import { day, dayOf, lowered, moment, time, unitSign } from "../format";
import type { QueueAction } from "../platform/bindings/QueueAction";
import type { QueueItem } from "../platform/bindings/QueueItem";
import { standing } from "../state/window.svelte";
import { markWords, rejectionWords, statusWords } from "../words";
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
    case "ticket":
      return m.queue_ticket({ text: what.text });
    case "message":
      return isSupport(what.conversation) ? m.queue_message_support() : m.queue_message();
    case "read_mark":
      return m.queue_read_mark();
    case "close_ticket":
      return m.queue_close_ticket();
    case "reopen_ticket":
      return m.queue_reopen_ticket();
    case "register_ticket":
      return m.queue_register_ticket({ text: what.text });
    case "move_ticket":
      return m.queue_move_ticket({ status: statusWords(what.to) });
    case "assign_ticket":
      return m.queue_assign_ticket();
    case "meet_duty":
      return what.duty === "inform" ? m.queue_meet_inform() : m.queue_meet_localise();
    case "fold_ticket":
      return what.out ? m.queue_unfold_ticket() : m.queue_fold_ticket();
    case "note":
      return m.queue_note();
    case "incident":
      return m.queue_incident({ title: what.title });
    case "answer_question":
      return m.queue_answer_question();
    case "poll_answer":
      return m.queue_poll_answer({ headline: what.headline });
    case "set_announcement":
      return m.queue_set_announcement({ headline: what.headline });
    case "unreadable":
      return m.queue_unreadable();
  }
}

/** Whether a conversation is the person's own with the support: it goes by the person's id. */
export function isSupport(conversation: string): boolean {
  return conversation === standing.session?.user;
}

/** When: the hour alone for today. */
export function whenWords(ms: number, now: number = Date.now()): string {
  return dayOf(ms) === dayOf(now) ? time(ms) : moment(ms, now);
}

/** Where it belongs, or what to do with it. */
export function detailWords({ what }: QueueItem): string | null {
  if (what.what === "reading") return what.short_address || null;
  if (what.what === "message" || what.what === "note") {
    const files = what.files > 0 ? m.talk_files({ count: what.files }) : null;
    if (what.text === "") return files;
    return files === null ? m.queue_quoted({ text: what.text }) : m.queue_quoted_files({ text: what.text, files });
  }
  return what.what === "unreadable" ? m.queue_unreadable_hint() : null;
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
