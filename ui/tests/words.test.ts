import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Failure } from "../src/platform/bindings/Failure";
import type { Field } from "../src/platform/bindings/Field";
import type { FieldProblem } from "../src/platform/bindings/FieldProblem";
import type { Mark } from "../src/platform/bindings/Mark";
import type { PauseView } from "../src/platform/bindings/PauseView";
import type { PillView } from "../src/platform/bindings/PillView";
import type { Question } from "../src/platform/bindings/Question";
import type { Refusal } from "../src/platform/bindings/Refusal";
import type { Rejection } from "../src/platform/bindings/Rejection";
import { locale } from "../src/state/locale.svelte";
import {
  failureWords,
  fieldProblemWords,
  markShort,
  markWords,
  pauseWords,
  pillSentence,
  pillWords,
  questionWords,
  refusalWords,
  rejectionWords,
} from "../src/words";

// One sample per code: a code added to the contract does not compile here until it has one.
type Samples<T, Tag extends keyof T> = { [C in T[Tag] & string]: Extract<T, Record<Tag, C>> };

const refusals: Samples<Refusal, "code"> = {
  meter_automatic: { code: "meter_automatic" },
  meter_archived: { code: "meter_archived", on: "2026-09-12" },
  verification_overdue: { code: "verification_overdue", until: "2026-03-14" },
  wrong_value_count: { code: "wrong_value_count", needs: 2 },
  not_on_dial: { code: "not_on_dial", tariff: 0, digits: 5, decimals: 3 },
  lower_than_last: { code: "lower_than_last", tariff: 0, last: "453.118" },
  too_large: { code: "too_large", tariff: 0, volume: "5000", limit: "1000", slip: null },
};
const questions: Samples<Question, "code"> = {
  roll_over: { code: "roll_over", tariff: 0, volume: "7.100" },
  above_usual: {
    code: "above_usual",
    tariff: 0,
    volume: "187.486",
    usual: "7",
    slip: { kind: "swapped_digits", first: 4, second: 6, proposal: "460.604" },
  },
  above_limit: { code: "above_limit", tariff: 0, volume: "80", limit: "50", slip: { kind: "comma", proposal: "8" } },
};
const rejections: Samples<Rejection, "reason"> = {
  poll_ended: { reason: "poll_ended" },
  answers_wrong: { reason: "answers_wrong", problem: { wrong: "required", question: 0 } },
  reading: { reason: "reading", refusal: refusals.meter_archived },
  reading_questioned: { reason: "reading_questioned", question: questions.above_usual },
  window_closed: { reason: "window_closed", closed_on: "2026-10-25", next_opens: "2026-11-15", too_late: false },
  period_locked: { reason: "period_locked", period: "2026-10", next: "2026-11" },
  reading_exists: { reason: "reading_exists", reading: "r-1" },
  ticket_stands: { reason: "ticket_stands", status: "closed" },
  not_yours: { reason: "not_yours" },
  field_invalid: { reason: "field_invalid", field: "email" },
  changed: { reason: "changed", version: 3 },
  body_unknown: { reason: "body_unknown" },
};
const failures: Samples<Failure, "code"> = {
  answers_wrong: { code: "answers_wrong", problem: { wrong: "count" } },
  field: { code: "field", field: "phone", problem: { problem: "empty" } },
  offline: { code: "offline" },
  portal: { code: "portal" },
  server_busy: { code: "server_busy" },
  signed_out: { code: "signed_out" },
  wrong_password: { code: "wrong_password", tries_left: 2 },
  locked_out: { code: "locked_out", retry_after_s: 600 },
  unknown_here: { code: "unknown_here" },
  in_use: { code: "in_use" },
  newer_program: { code: "newer_program" },
  upgrade_needed: { code: "upgrade_needed" },
  registration_gone: { code: "registration_gone" },
  consent_outdated: { code: "consent_outdated" },
  call_too_soon: { code: "call_too_soon", retry_after_s: 42 },
  call_unavailable: { code: "call_unavailable" },
  already_attached: { code: "already_attached" },
  attachment_expired: { code: "attachment_expired" },
  reading_refused: { code: "reading_refused", refusal: refusals.lower_than_last },
  reading_questioned: { code: "reading_questioned", questions: [questions.roll_over] },
  window_closed: { code: "window_closed", closed_on: "2026-10-25", next_opens: "2026-11-15", early_allowed: false },
  rejected: { code: "rejected", rejection: rejections.period_locked },
  payment_locked: { code: "payment_locked", who: "Смирнова В. П.", own: false, payment: "p-1", until_ms: Date.UTC(2026, 9, 21, 7, 47) },
  payment_terms_changed: { code: "payment_terms_changed" },
  bank_unavailable: { code: "bank_unavailable" },
  gone: { code: "gone" },
  disk_full: { code: "disk_full" },
  defect: { code: "defect", report: "A-17" },
};
const problems: Samples<FieldProblem, "problem"> = {
  empty: { problem: "empty" },
  malformed: { problem: "malformed" },
  too_short: { problem: "too_short", min: 8 },
  too_long: { problem: "too_long", max: 120 },
  not_mobile: { problem: "not_mobile" },
  needs_letters_and_digits: { problem: "needs_letters_and_digits" },
  too_simple: { problem: "too_simple" },
  differs: { problem: "differs" },
  not_given: { problem: "not_given" },
  wrong_code: { problem: "wrong_code", tries_left: 3 },
  code_expired: { problem: "code_expired" },
  unreachable: { problem: "unreachable" },
  account_unknown: { problem: "account_unknown" },
  proof_wrong: { problem: "proof_wrong", tries_left: 4 },
  file_too_large: { problem: "file_too_large", max_bytes: 26_214_400 },
  file_forbidden: { problem: "file_forbidden" },
  too_many_files: { problem: "too_many_files", max: 10 },
};
const fields: Record<Field, true> = {
  phone: true,
  headline: true,
  audience: true,
  questions: true,
  ends: true,
  link: true,
  password: true,
  password_repeat: true,
  name: true,
  consent: true,
  code: true,
  account_number: true,
  sum: true,
  period: true,
  qr: true,
  email: true,
  meter_name: true,
  ticket_account: true,
  ticket_subtype: true,
  text: true,
  file: true,
  reason: true,
  until: true,
  place: true,
  title: true,
  houses: true,
  receipt: true,
};
const marks: Samples<Mark, "mark"> = {
  here: { mark: "here" },
  sending: { mark: "sending" },
  accepted: { mark: "accepted", at_ms: Date.UTC(2026, 9, 21, 7, 31) },
  scheduled: { mark: "scheduled", on: "2026-11-15" },
  exported: { mark: "exported" },
  counted: { mark: "counted" },
  held: { mark: "held" },
  rejected: { mark: "rejected", rejection: rejections.window_closed },
  refused: { mark: "refused", why: "12" },
  withdrawn: { mark: "withdrawn" },
  attention: { mark: "attention" },
  file_refused: { mark: "file_refused", why: "too_large" },
};
const pills: Samples<PillView, "pill"> = {
  attention: { pill: "attention", count: 1 },
  clock: { pill: "clock", error_ms: 10_800_000, count: 2 },
  sign_in: { pill: "sign_in", count: 3 },
  upgrade: { pill: "upgrade", count: 2 },
  offline: { pill: "offline", count: 3 },
  sending: { pill: "sending", done: 2, total: 5 },
  sent: { pill: "sent" },
};
const pauses: Samples<PauseView, "pause"> = {
  offline: { pause: "offline", since_ms: Date.UTC(2026, 9, 21, 7, 5) },
  portal: { pause: "portal" },
  busy: { pause: "busy" },
  sign_in: { pause: "sign_in" },
  upgrade: { pause: "upgrade" },
  clock: { pause: "clock", error_ms: 10_800_000 },
};

const every: [string, () => string][] = [
  ...Object.entries(failures).map(([code, one]): [string, () => string] => [`failure ${code}`, () => failureWords(one)]),
  ...Object.entries(refusals).map(([code, one]): [string, () => string] => [`refusal ${code}`, () => refusalWords(one)]),
  ...Object.entries(questions).map(([code, one]): [string, () => string] => [`question ${code}`, () => questionWords(one)]),
  ...Object.entries(rejections).map(([code, one]): [string, () => string] => [`rejection ${code}`, () => rejectionWords(one)]),
  ...Object.entries(marks).map(([code, one]): [string, () => string] => [`mark ${code}`, () => markWords(one)]),
  ...Object.entries(marks).map(([code, one]): [string, () => string] => [`short mark ${code}`, () => markShort(one)]),
  ...Object.entries(pills).map(([code, one]): [string, () => string] => [`pill ${code}`, () => pillSentence(one)]),
  ...Object.entries(pauses).map(([code, one]): [string, () => string] => [`pause ${code}`, () => pauseWords(one)]),
  ...(Object.keys(fields) as Field[]).flatMap((field) =>
    Object.values(problems).map((problem): [string, () => string] => [
      `${field} ${problem.problem}`,
      () => fieldProblemWords(field, problem),
    ]),
  ),
];

beforeEach(() => {
  locale.language = "ru";
});

test.each(every)("%s has a text of its own in both languages", (_, words) => {
  const russian = words();
  expect(russian).toMatch(/[а-яё]/i);
  expect(russian).not.toMatch(/undefined|null|NaN|\{|\}/);
  locale.language = "en";
  const english = words();
  expect(english).toMatch(/[a-z]/i);
  expect(english).not.toBe(russian);
  expect(english).not.toMatch(/undefined|null|NaN|\{|\}/);
});

describe("the voice of the window", () => {
  test("a queue without a connection says where everything is, and how much", () => {
    expect(pillSentence(pills.offline)).toBe("Нет связи. Сохранено на этом компьютере: 3");
    expect(pillWords(pills.offline).count).toBe(3);
    expect(pillSentence(pills.sending)).toBe("Отправляется 2 из 5");
    expect(pillSentence(pills.sent)).toBe("Всё отправлено");
    expect(pillSentence(pills.attention)).toBe("Требует внимания: 1");
  });

  test("a pill without entries does not count to zero", () => {
    expect(pillSentence({ pill: "offline", count: 0 })).toBe("Нет связи");
  });

  test("a closed window names both days", () => {
    expect(failureWords(failures.window_closed).replaceAll("\u00a0", " ")).toBe(
      "Приём закрылся 25 октября. Следующий с 15 ноября.",
    );
  });

  test("a slip is proposed in the words of the digits that changed places", () => {
    expect(questionWords(questions.above_usual, "cubic_metre").replaceAll("\u00a0", " ")).toBe(
      "Обычно около 7 м³. Похоже, 4 и 6 поменялись местами.",
    );
  });

  test("tries are counted with the right ending", () => {
    const left = (tries_left: number) => fieldProblemWords("code", { problem: "wrong_code", tries_left });
    expect(left(1)).toContain("Осталась 1 попытка");
    expect(left(3)).toBe("Код не подошёл. Осталось 3 попытки.");
    expect(left(5)).toContain("Осталось 5 попыток");
    expect(left(0)).toContain("Запросите новый звонок");
  });

  test("an hour that comes tomorrow is told as tomorrow's", () => {
    locale.zone = "Europe/Moscow";
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-10-21T11:12:00Z") });
    try {
      expect(failureWords({ code: "locked_out", retry_after_s: 86_000 })).toBe("Попыток было много. Продолжите завтра в 14:05.");
      expect(failureWords({ code: "call_too_soon", retry_after_s: 86_000 })).toContain("запросить завтра в 14:05.");
      expect(failureWords({ code: "locked_out", retry_after_s: 900 })).toBe("Попыток было много. Продолжите в 14:27.");
    } finally {
      vi.useRealTimers();
    }
  });

  test("a fast clock is named with its error", () => {
    expect(pauseWords(pauses.clock).replaceAll("\u00a0", " ")).toBe(
      "Часы компьютера спешат на 3 часа. Исправьте их: от них зависит срок.",
    );
  });
});
