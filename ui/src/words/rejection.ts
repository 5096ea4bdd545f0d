import * as m from "#texts";
import { day, monthName } from "../format";
import type { AnswersProblem } from "../platform/bindings/AnswersProblem";
import type { Rejection } from "../platform/bindings/Rejection";
import type { Status } from "../platform/bindings/Status";
import type { Unit } from "../platform/bindings/Unit";
import { questionWords, refusalWords } from "./reading";
import { statusWords } from "./ticket";

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function fieldWords(field: string): string {
  switch (field) {
    case "name":
      return m.rejection_field_name();
    case "email":
      return m.rejection_field_email();
    case "description":
    case "text":
    case "word":
    case "why":
      return m.rejection_field_description();
    case "subtype":
      return m.rejection_field_subtype();
    case "account":
      return m.rejection_field_account();
    case "attachments":
      return m.rejection_field_attachments();
    default:
      return m.rejection_field();
  }
}

/** The other side was faster: where the ticket stands now. */
function ticketWords(status: Status): string {
  switch (status) {
    case "closed":
    case "rejected":
      return m.rejection_ticket_closed();
    case "new":
      return m.rejection_ticket_open();
    case "accepted":
    case "in_progress":
    case "deferred":
    case "awaiting_resident":
    case "done":
      return m.rejection_ticket_stands({ status: statusWords(status) });
  }
}

/** Which question of a poll was not answered as it has to be. */
export function answersWords(problem: AnswersProblem): string {
  switch (problem.wrong) {
    case "count":
      return m.answers_count();
    case "required":
      return m.answers_required({ question: problem.question + 1 });
    case "kind":
      return m.answers_kind({ question: problem.question + 1 });
  }
}

/** Why the server decided against an entry, and what to do. */
export function rejectionWords(rejection: Rejection, unit?: Unit): string {
  switch (rejection.reason) {
    case "reading":
      return refusalWords(rejection.refusal, unit);
    case "reading_questioned":
      return m.rejection_reading_questioned({ question: questionWords(rejection.question, unit) });
    case "window_closed":
      return rejection.too_late
        ? m.rejection_too_late({ opens: day(rejection.next_opens) })
        : m.window_closed({ closed: day(rejection.closed_on), opens: day(rejection.next_opens) });
    case "period_locked":
      return m.rejection_period_locked({ period: capital(monthName(rejection.period)), next: monthName(rejection.next) });
    case "reading_exists":
      return m.rejection_reading_exists();
    case "ticket_stands":
      return ticketWords(rejection.status);
    case "not_yours":
      return m.rejection_not_yours();
    case "field_invalid":
      return fieldWords(rejection.field);
    case "changed":
      return m.rejection_changed();
    case "poll_ended":
      return m.rejection_poll_ended();
    case "answers_wrong":
      return answersWords(rejection.problem);
    case "body_unknown":
      return m.rejection_body_unknown();
  }
}
