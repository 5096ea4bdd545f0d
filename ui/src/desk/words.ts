import * as m from "#texts";
import type { IconName } from "../parts/icons";
import type { Deadline } from "../platform/bindings/Deadline";
import type { DeadlineView } from "../platform/bindings/DeadlineView";
import type { DeskIncidentView } from "../platform/bindings/DeskIncidentView";
import type { DeskShelf } from "../platform/bindings/DeskShelf";
import type { Source } from "../platform/bindings/Source";
import type { Status } from "../platform/bindings/Status";
import { moment, nearAddress } from "../format";
import { standing } from "../state/window.svelte";
import { sinceWords, statusWords, untilWords } from "../words";

/** The shelves in the order in which they stand. */
export const SHELVES: readonly DeskShelf[] = ["new", "open", "mine", "emergency", "overdue", "awaiting", "deferred", "finished"];

export const shelfIcons: Record<DeskShelf, IconName> = {
  new: "inbox",
  open: "list",
  mine: "person",
  emergency: "siren",
  overdue: "timer",
  awaiting: "ask",
  deferred: "pause",
  finished: "check",
};

export function shelfWords(shelf: DeskShelf): string {
  switch (shelf) {
    case "new":
      return m.desk_shelf_new();
    case "open":
      return m.desk_shelf_open();
    case "mine":
      return m.desk_shelf_mine();
    case "emergency":
      return m.desk_shelf_emergency();
    case "overdue":
      return m.desk_shelf_overdue();
    case "awaiting":
      return m.desk_shelf_awaiting();
    case "deferred":
      return m.desk_shelf_deferred();
    case "finished":
      return m.desk_shelf_finished();
  }
}

/** The heading of the list. */
export function shelfTitle(shelf: DeskShelf): string {
  switch (shelf) {
    case "new":
      return m.desk_title_new();
    case "open":
      return m.desk_title_open();
    case "mine":
      return m.desk_title_mine();
    case "emergency":
      return m.desk_title_emergency();
    case "overdue":
      return m.desk_title_overdue();
    case "awaiting":
      return m.desk_title_awaiting();
    case "deferred":
      return m.desk_title_deferred();
    case "finished":
      return m.desk_title_finished();
  }
}

/** Where the work stands, as the staff says it: what waits for the resident does not wait for them. */
export function standsWords(status: Status): string {
  return status === "awaiting_resident" ? m.desk_status_awaiting() : statusWords(status);
}

/** Through whom a ticket came, in a narrow column. */
export function cameWords(source: Source): string {
  switch (source) {
    case "resident_app":
      return m.desk_source_resident_app();
    case "kiosk":
      return m.desk_source_kiosk();
    case "cashier":
      return m.desk_source_cashier();
    case "phone":
      return m.desk_source_phone();
    case "desk":
      return m.desk_source_desk();
    case "controller_visit":
      return m.desk_source_controller_visit();
    case "paper":
      return m.desk_source_paper();
    case "import":
      return m.desk_source_import();
    case "remote":
      return m.desk_source_remote();
  }
}

/** What a deadline asks for and until when. */
export function dutyWords(deadline: DeadlineView, late: boolean, now: number): string {
  const until = untilWords(deadline.due_ms, now);
  switch (deadline.duty) {
    case "inform":
      return late ? m.desk_duty_inform_late({ until }) : m.desk_duty_inform({ until });
    case "localise":
      return late ? m.desk_duty_localise_late({ until }) : m.desk_duty_localise({ until });
    case "finish":
      return late ? m.desk_duty_finish_late({ until }) : m.desk_duty_finish({ until });
  }
}

/** A deadline on paper: what for, until when, and when it was met. */
export function metWords(deadline: Deadline): string {
  const what = { inform: m.desk_print_inform, localise: m.desk_print_localise, finish: m.desk_print_finish }[deadline.duty]({ until: moment(deadline.due_ms) });
  return deadline.done_ms === null ? m.desk_print_not_met({ what }) : m.desk_print_met({ what, done: moment(deadline.done_ms) });
}

/** The deed that a button does, when the ticket goes there next. */
export function stepWords(to: Status): string | null {
  switch (to) {
    case "accepted":
      return m.desk_to_accepted();
    case "in_progress":
      return m.desk_to_in_progress();
    case "done":
      return m.desk_to_done();
    case "closed":
      return m.desk_to_closed();
    case "new":
    case "deferred":
    case "awaiting_resident":
    case "rejected":
      return null;
  }
}

/** The next step of the usual way, as far as it is allowed. */
export function nextStep(status: Status, moves: readonly Status[]): Status | null {
  const usual: Record<Status, Status | null> = {
    new: "accepted",
    accepted: "in_progress",
    in_progress: "done",
    deferred: "in_progress",
    awaiting_resident: "in_progress",
    done: "closed",
    closed: null,
    rejected: null,
  };
  const next = usual[status];
  return next !== null && moves.includes(next) ? next : null;
}

/** A title behind a colon: «прорвало стояк», and «ГВС отключат» as it is. */
export function inside(title: string): string {
  return /^.\p{Ll}/u.test(title) || title.length === 1 ? title.slice(0, 1).toLowerCase() + title.slice(1) : title;
}

/** «Авария: прорвало стояк горячей воды». */
export function incidentTitle(incident: DeskIncidentView): string {
  return incident.planned ? m.desk_incident_planned({ title: inside(incident.title) }) : m.desk_incident_emergency({ title: inside(incident.title) });
}

/** An address as the staff write it: without their own town. */
export function placeWords(address: string): string {
  return nearAddress(address, standing.utility?.subscriber_office.address);
}

/** Where, how many tickets, since and until when. */
export function incidentDetails(incident: DeskIncidentView, now: number): string[] {
  const [first, ...others] = incident.houses;
  const where = first === undefined ? [] : [others.length === 0 ? placeWords(first.address) : `${placeWords(first.address)} ${m.desk_near_more({ count: others.length })}`];
  const tickets = incident.tickets > 0 ? [m.desk_incident_tickets({ count: incident.tickets })] : [];
  const until =
    incident.until_ms === null ? m.desk_incident_began({ since: sinceWords(incident.began_ms, now) }) : m.desk_incident_until({ until: untilWords(incident.until_ms, now) });
  return [...where, ...tickets, until];
}
