import * as m from "#texts";
import { atTime, COUNTED_S, day, undotted, until } from "../format";
import type { Failure } from "../platform/bindings/Failure";
import type { Unit } from "../platform/bindings/Unit";
import { fieldProblemWords } from "./field";
import { questionWords, refusalWords } from "./reading";
import { answersWords, rejectionWords } from "./rejection";

function whenIn(seconds: number): string {
  return atTime(Date.now() + seconds * 1000);
}

/** Why a command did not do what was asked, and what to do. */
export function failureWords(failure: Failure, unit?: Unit): string {
  switch (failure.code) {
    case "field":
      return fieldProblemWords(failure.field, failure.problem);
    case "offline":
      return m.failure_offline();
    case "portal":
      return m.failure_portal();
    case "server_busy":
      return m.failure_server_busy();
    case "signed_out":
      return m.failure_signed_out();
    case "wrong_password":
      return failure.tries_left === null
        ? m.failure_wrong_password()
        : m.failure_wrong_password_left({ count: failure.tries_left });
    case "locked_out":
      return m.failure_locked_out({ when: whenIn(failure.retry_after_s) });
    case "unknown_here":
      return m.failure_unknown_here();
    case "in_use":
      return m.failure_in_use();
    case "newer_program":
      return m.failure_newer_program();
    case "upgrade_needed":
      return m.failure_upgrade_needed();
    case "registration_gone":
      return m.failure_registration_gone();
    case "consent_outdated":
      return m.failure_consent_outdated();
    case "call_too_soon":
      // A wait of hours means that the calls of the day are used up.
      return failure.retry_after_s > COUNTED_S
        ? m.failure_calls_spent({ when: whenIn(failure.retry_after_s) })
        : m.failure_call_too_soon({ when: whenIn(failure.retry_after_s) });
    case "call_unavailable":
      return m.failure_call_unavailable();
    case "already_attached":
      return m.failure_already_attached();
    case "attachment_expired":
      return m.failure_attachment_expired();
    case "reading_refused":
      return refusalWords(failure.refusal, unit);
    case "reading_questioned":
      return failure.questions.map((question) => questionWords(question, unit)).join(" ");
    case "window_closed":
      return failure.early_allowed
        ? m.window_closed_early({ opens: day(failure.next_opens) })
        : m.window_closed({ closed: day(failure.closed_on), opens: day(failure.next_opens) });
    case "rejected":
      return rejectionWords(failure.rejection, unit);
    case "payment_locked":
      return failure.own
        ? m.failure_payment_locked_own({ until: until(failure.until_ms) })
        : m.failure_payment_locked({ who: undotted(failure.who), until: until(failure.until_ms) });
    case "answers_wrong":
      return answersWords(failure.problem);
    case "payment_terms_changed":
      return m.failure_payment_terms_changed();
    case "bank_unavailable":
      return m.failure_bank_unavailable();
    case "gone":
      return m.failure_gone();
    case "disk_full":
      return m.failure_disk_full();
    case "defect":
      return failure.report === "" ? m.failure_defect_unnumbered() : m.failure_defect({ report: failure.report });
  }
}
