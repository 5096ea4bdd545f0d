import * as m from "#texts";
import { fileSize } from "../format";
import type { Field } from "../platform/bindings/Field";
import type { FieldProblem } from "../platform/bindings/FieldProblem";

function empty(field: Field): string {
  switch (field) {
    case "phone":
      return m.field_phone_empty();
    case "password":
      return m.field_password_empty();
    case "password_repeat":
      return m.field_password_repeat_empty();
    case "name":
      return m.field_name_empty();
    case "consent":
      return m.field_consent_not_given();
    case "code":
      return m.field_code_empty();
    case "account_number":
      return m.field_account_empty();
    case "sum":
      return m.field_sum_empty();
    case "period":
      return m.field_period_empty();
    case "qr":
      return m.field_qr_empty();
    case "email":
    case "receipt":
      return m.field_email_empty();
    case "meter_name":
      return m.field_meter_name_empty();
    case "ticket_account":
      return m.field_ticket_account_empty();
    case "ticket_subtype":
      return m.field_ticket_subtype_empty();
    case "text":
      return m.field_text_empty();
    case "file":
      return m.field_file_empty();
    case "reason":
      return m.field_reason_empty();
    case "until":
      return m.field_until_empty();
    case "place":
      return m.field_place_empty();
    case "title":
      return m.field_title_empty();
    case "houses":
      return m.field_houses_empty();
    case "headline":
      return m.field_headline_empty();
    case "audience":
      return m.field_audience_empty();
    case "questions":
      return m.field_questions_empty();
    case "ends":
      return m.field_ends_empty();
    case "link":
      return m.field_link_empty();
  }
}

function malformed(field: Field): string {
  switch (field) {
    case "phone":
      return m.field_phone_malformed();
    case "password":
    case "password_repeat":
      return m.field_password_malformed();
    case "name":
      return m.field_name_malformed();
    case "consent":
      return m.field_consent_not_given();
    case "code":
      return m.field_code_malformed();
    case "account_number":
      return m.field_account_malformed();
    case "sum":
      return m.field_sum_malformed();
    case "period":
      return m.field_period_malformed();
    case "qr":
      return m.field_qr_malformed();
    case "email":
    case "receipt":
      return m.field_email_malformed();
    case "meter_name":
      return m.field_meter_name_malformed();
    case "ticket_account":
      return m.field_ticket_account_malformed();
    case "ticket_subtype":
      return m.field_ticket_subtype_malformed();
    case "text":
      return m.field_text_malformed();
    case "file":
      return m.field_file_malformed();
    case "reason":
      return m.field_reason_malformed();
    case "until":
      return m.field_until_malformed();
    case "place":
      return m.field_place_malformed();
    case "title":
      return m.field_title_malformed();
    case "houses":
      return m.field_houses_malformed();
    case "headline":
      return m.field_headline_malformed();
    case "audience":
      return m.field_audience_malformed();
    case "questions":
      return m.field_questions_malformed();
    case "ends":
      return m.field_ends_malformed();
    case "link":
      return m.field_link_malformed();
  }
}

/** What to correct in a field, to stand right under it. */
export function fieldProblemWords(field: Field, problem: FieldProblem): string {
  switch (problem.problem) {
    case "empty":
      return empty(field);
    case "malformed":
      return malformed(field);
    case "too_short":
      return m.field_too_short({ min: problem.min });
    case "too_long":
      return m.field_too_long({ max: problem.max });
    case "not_mobile":
      return m.field_phone_not_mobile();
    case "needs_letters_and_digits":
      return m.field_needs_letters_and_digits();
    case "too_simple":
      return m.field_too_simple();
    case "differs":
      return m.field_differs();
    case "not_given":
      return field === "consent" ? m.field_consent_not_given() : m.field_not_given();
    case "wrong_code":
      return problem.tries_left > 0 ? m.field_code_wrong({ count: problem.tries_left }) : m.field_code_wrong_last();
    case "code_expired":
      return m.field_code_expired();
    case "unreachable":
      return m.field_phone_unreachable();
    case "account_unknown":
      return m.field_account_unknown();
    case "proof_wrong":
      return m.field_proof_wrong({ count: problem.tries_left });
    case "file_too_large":
      return m.field_file_too_large({ max: fileSize(problem.max_bytes) });
    case "file_forbidden":
      return m.field_file_forbidden();
    case "too_many_files":
      return m.field_too_many_files({ max: problem.max });
  }
}
