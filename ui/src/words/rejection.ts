import * as m from "#texts";
import { day, monthName } from "../format";
import type { Rejection } from "../platform/bindings/Rejection";
import type { Unit } from "../platform/bindings/Unit";
import { questionWords, refusalWords } from "./reading";

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function fieldWords(field: string): string {
  switch (field) {
    case "name":
      return m.rejection_field_name();
    case "email":
      return m.rejection_field_email();
    default:
      return m.rejection_field();
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
    case "not_yours":
      return m.rejection_not_yours();
    case "field_invalid":
      return fieldWords(rejection.field);
    case "changed":
      return m.rejection_changed();
    case "body_unknown":
      return m.rejection_body_unknown();
  }
}
