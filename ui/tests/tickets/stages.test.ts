import { expect, test } from "vitest";
import { deadlineShort, deadlineTone, deadlineWords } from "../../src/tickets/deadlines";
import { stagesOf } from "../../src/tickets/stages";
import type { TicketView } from "../../src/platform/bindings/TicketView";
import { at, ticketOf } from "../fixture/data/tickets";

const NOW = at("10:44");
const view = (more: Partial<TicketView> = {}, row: Partial<TicketView["row"]> = {}): TicketView => {
  const made = ticketOf("plain", "t-5107")!;
  return { ...made, ...more, row: { ...made.row, ...row } };
};
const told = (given: TicketView) => stagesOf(given, NOW).map(({ state, words }) => `${state}: ${words.replaceAll("\u00a0", " ")}`);

test("the line tells what was done, what is next and until when", () => {
  expect(told(view())).toEqual(["done: Принята 10:14", "done: Срок назвали 10:19", "done: Авария остановлена 10:31", "now: Ремонт до 24 октября"]);
});

test("a ticket without a number says that it leaves by itself; a refused one does not", () => {
  const waiting = view({ registered_ms: null, deadlines: [] }, { number: null });
  expect(told(waiting)).toEqual(["done: Записана 10:12", "now: Уйдёт сама, когда будет связь"]);
  expect(told({ ...waiting, rejected: "q" })).toEqual(["done: Записана 10:12", "late: Отклонена"]);
});

test("a term that has passed is late, and nothing is owed of a final ticket", () => {
  const late = view({ deadlines: [{ duty: "localise", due_ms: at("10:30"), done_ms: null, urgency: "overdue" }] });
  expect(told(late)).toEqual(["done: Принята 10:14", "late: Остановим аварию до 10:30: срок прошёл"]);
  const closed = view({ deadlines: late.deadlines, history: [{ at_ms: at("10:40"), by: "resident", who: "", what: { happened: "moved", from: "done", to: "closed", reason: "" } }] }, { status: "closed" });
  expect(told(closed)).toEqual(["done: Принята 10:14", "done: Закрыта 10:40"]);
});

test("a deferred ticket tells until when", () => {
  expect(told(view({ deferred_until: "2026-10-30" }, { status: "deferred" })).slice(-2)).toEqual(["now: Отложена до 30 октября", "next: Ремонт до 24 октября"]);
});

test("deadlines are told in words with their urgency", () => {
  const due = { duty: "finish" as const, due_ms: at("12:44"), done_ms: null, urgency: "calm" as const };
  expect(deadlineWords(due, NOW)).toBe("До 12:44");
  expect(deadlineWords({ ...due, urgency: "soon" }, NOW)).toBe("До 12:44, осталось 2 часа");
  expect([deadlineWords({ ...due, due_ms: at("10:00") }, NOW), deadlineTone({ ...due, due_ms: at("10:00") }, NOW)]).toEqual(["Срок прошёл 10:00", "bad"]);
  expect(deadlineWords({ ...due, done_ms: at("13:00") }, at("14:00"))).toBe("Сделано 13:00, позже срока");
  expect(deadlineShort({ ...due, due_ms: at("00:00", "2026-10-22") }, NOW)).toBe("ремонт до конца дня");
});
