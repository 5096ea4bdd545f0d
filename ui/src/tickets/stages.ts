import * as m from "#texts";
import { day } from "../format";
import type { DeadlineView } from "../platform/bindings/DeadlineView";
import type { TicketView } from "../platform/bindings/TicketView";
import { sinceWords, untilWords } from "../words";

/** One step of the line under the head of a ticket. */
export interface Stage {
  state: "done" | "now" | "late" | "next";
  words: string;
}

function doneWords({ duty, done_ms }: DeadlineView & { done_ms: number }, now: number): string {
  const words = { inform: m.stage_inform_done, localise: m.stage_localise_done, finish: m.stage_finish_done }[duty];
  return words({ when: sinceWords(done_ms, now) });
}

function dueWords({ duty, due_ms }: DeadlineView, now: number): string {
  const words = { inform: m.stage_inform, localise: m.stage_localise, finish: m.stage_finish }[duty];
  return words({ when: untilWords(due_ms, now) });
}

/** When the ticket last came to this status. */
function since(view: TicketView, to: "closed" | "rejected"): number {
  const moved = view.history.findLast(({ what }) => what.happened === "moved" && what.to === to);
  return moved?.at_ms ?? view.row.at_ms;
}

/** The course of the work in order: what was done, what is next and until when, what comes after it. */
export function stagesOf(view: TicketView, now: number = Date.now()): Stage[] {
  if (view.registered_ms === null) {
    const written: Stage = { state: "done", words: m.stage_written({ when: sinceWords(view.captured_ms, now) }) };
    return view.rejected === null ? [written, { state: "now", words: m.stage_waits() }] : [written, { state: "late", words: m.ticket_rejected_mark() }];
  }
  const stages: Stage[] = [{ state: "done", words: m.stage_registered({ when: sinceWords(view.registered_ms, now) }) }];
  const { status } = view.row;
  const final = status === "closed" || status === "rejected";
  const deadlines = [...view.deadlines].sort((a, b) => a.due_ms - b.due_ms);
  for (const deadline of deadlines) {
    if (deadline.done_ms !== null) {
      stages.push({ state: "done", words: doneWords({ ...deadline, done_ms: deadline.done_ms }, now) });
    }
  }
  if (final) {
    const when = sinceWords(since(view, status), now);
    stages.push(status === "closed" ? { state: "done", words: m.stage_closed({ when }) } : { state: "late", words: m.stage_rejected({ when }) });
    return stages;
  }
  if (status === "deferred" && view.deferred_until !== null) {
    stages.push({ state: "now", words: m.stage_deferred({ when: day(view.deferred_until) }) });
  }
  const open = status === "done" ? [] : deadlines.filter((deadline) => deadline.done_ms === null);
  open.forEach((deadline, at) => {
    const words = dueWords(deadline, now);
    if (deadline.urgency === "overdue" || deadline.due_ms < now) {
      stages.push({ state: "late", words: m.stage_overdue({ what: words }) });
    } else {
      stages.push({ state: at === 0 && status !== "deferred" ? "now" : "next", words });
    }
  });
  return stages;
}
