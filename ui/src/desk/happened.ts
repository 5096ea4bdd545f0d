import * as m from "#texts";
import type { IconName } from "../parts/icons";
import type { Happened } from "../platform/bindings/Happened";
import type { TicketEventView } from "../platform/bindings/TicketEventView";
import { untilWords } from "../words";
import { standsWords } from "./words";

/** What the staff does to a ticket besides moving it. */
export type Deed = Extract<Happened, { happened: "assigned" | "met" | "folded" | "unfolded" | "overruled" | "taken_before" }>;

function assignedWords(deed: Extract<Deed, { happened: "assigned" }>): string {
  const { executor, department, visit_by_ms } = deed;
  if (executor !== "") {
    return visit_by_ms === null ? m.desk_event_assigned({ who: executor }) : m.desk_event_assigned_visit({ who: executor, until: untilWords(visit_by_ms) });
  }
  if (department !== "") {
    return m.desk_event_forwarded({ department });
  }
  return visit_by_ms === null ? m.desk_event_unassigned() : m.desk_event_visit({ until: untilWords(visit_by_ms) });
}

function deedWords(deed: Deed): string {
  switch (deed.happened) {
    case "assigned":
      return assignedWords(deed);
    case "met":
      switch (deed.duty) {
        case "inform":
          return m.desk_event_told();
        case "localise":
          return m.desk_event_stopped();
        case "finish":
          return m.desk_event_finished();
      }
    case "folded":
      return m.desk_event_folded({ title: deed.title });
    case "unfolded":
      return m.desk_event_unfolded();
    case "overruled":
      return m.desk_event_overruled({ wanted: standsWords(deed.wanted), stood: standsWords(deed.stood) });
    case "taken_before":
      return m.desk_event_taken_before({ wanted: deed.wanted, stood: deed.stood });
  }
}

/** What happened and who did it: «Ильина С. В.: назначен Степанов И. В.». */
export function happenedWords(event: TicketEventView, deed: Deed): string {
  const what = deedWords(deed);
  return event.who === "" ? what.slice(0, 1).toUpperCase() + what.slice(1) : m.desk_event_by({ who: event.who, what });
}

export function happenedIcon(deed: Deed): IconName {
  switch (deed.happened) {
    case "assigned":
      return "wrench";
    case "met":
      return "check";
    case "folded":
    case "unfolded":
      return "layers";
    case "overruled":
    case "taken_before":
      return "alert";
  }
}

/** What came too late, in whole sentences; `null` for anything else. */
export function conflictWords({ what }: TicketEventView): string | null {
  switch (what.happened) {
    case "taken_before":
      return m.desk_conflict_taken({ stood: what.stood, wanted: what.wanted });
    case "overruled":
      return m.desk_conflict_overruled({ wanted: standsWords(what.wanted), stood: standsWords(what.stood) });
    case "registered":
    case "moved":
    case "rated":
    case "assigned":
    case "met":
    case "folded":
    case "unfolded":
      return null;
  }
}
