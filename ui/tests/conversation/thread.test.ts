import { afterEach, beforeEach, expect, test } from "vitest";
import type { ConversationArgs } from "../../src/platform/bindings/ConversationArgs";
import type { TicketEventView } from "../../src/platform/bindings/TicketEventView";
import { PAGE, Thread } from "../../src/conversation/thread.svelte";
import { asked, instead, scene } from "../fixture/backend";
import { forgetSent, LONG } from "../fixture/data/talk";

const LONGEST = { about: "ticket" as const, ticket: "t-5107" };

beforeEach(() => {
  asked.length = 0;
  instead.clear();
  forgetSent();
  scene.name = "long";
});
afterEach(() => {
  scene.name = "plain";
});

const questions = () => asked.filter((one) => one.command === "conversation").map((one) => one.args as ConversationArgs);

test("opens with the newest messages and asks for others only when they come near", async () => {
  const thread = new Thread(LONGEST);
  await thread.refresh();
  expect([thread.total, thread.held]).toEqual([LONG, PAGE]);
  expect(thread.message(LONG - 1)?.text).toContain(`(${LONG})`);
  expect(thread.message(0)).toBeUndefined();
  await thread.need(4_000, 4_020);
  expect(thread.message(4_010)?.place).toBe(4_010);
});

test("never asks for more than the core gives at once", async () => {
  const thread = new Thread(LONGEST);
  await thread.need(0, 1_000);
  await thread.refresh();
  expect(Math.max(...questions().map(({ count }) => count))).toBeLessThanOrEqual(200);
});

test("holds no more after a walk through all of it than after its beginning", async () => {
  const thread = new Thread(LONGEST);
  await thread.refresh();
  let most = 0;
  for (let place = LONG; place > 0; place -= 25) {
    await thread.need(place - 25, place);
    most = Math.max(most, thread.held);
  }
  expect(most).toBeLessThanOrEqual(600);
});

test("asks one question at a time, so that an older answer never covers a newer one", async () => {
  const thread = new Thread(LONGEST);
  const walks = [thread.need(0, 20), thread.need(500, 520), thread.refresh(), thread.need(900, 920)];
  const before = questions().length;
  expect(before).toBe(1);
  await Promise.all(walks);
  expect(thread.message(910)?.place).toBe(910);
});

test("an event that two pages tell of hangs once, before the message that follows it", async () => {
  const event: TicketEventView = { at_ms: 5, by: "staff", who: "Ильина", what: { happened: "registered" } };
  const message = (place: number) => ({ line: "message" as const, id: `m${place}`, place, number: place, mine: true, author: "", text: "", attachments: [], at_ms: place, mark: null, operation: null });
  instead.set("conversation", ((args: ConversationArgs) => {
    const from = args.from ?? 60;
    const lines = Array.from({ length: from === 60 ? 20 : 60 - from }, (_, at) => message(from + at));
    const told = { line: "event" as const, ...event };
    // At the end of the earlier page, at the beginning of the later one.
    return { ok: true, value: { total: 80, from, lines: from === 60 ? [told, ...lines] : [...lines, told], first_unread: null, draft: { text: "", files: [] } } };
  }) as never);
  const thread = new Thread(LONGEST);
  await thread.refresh();
  await thread.need(40, 60);
  expect(Array.from({ length: 81 }, (_, place) => thread.asides(place).length).reduce((sum, one) => sum + one)).toBe(1);
  expect(thread.asides(60)).toMatchObject([event]);
});

test("the divider of unread messages stays where it was when the conversation was opened", async () => {
  scene.name = "plain";
  const thread = new Thread({ about: "ticket", ticket: "t-5088" });
  await thread.refresh();
  expect(thread.firstUnread).toBe(2);
  instead.set("conversation", (() => ({ ok: true, value: { total: 3, from: 0, lines: [], first_unread: null, draft: { text: "", files: [] } } })) as never);
  await thread.refresh();
  expect(thread.firstUnread).toBe(2);
});

test("an answer that comes after the conversation was left changes nothing", async () => {
  const thread = new Thread(LONGEST);
  const opening = thread.refresh();
  thread.end();
  await opening;
  expect(thread.known).toBe(false);
});

test("a core that leaves out what it counts is not asked for ever", async () => {
  instead.set("conversation", (() => ({ ok: true, value: { total: 80, from: 0, lines: [], first_unread: null, draft: { text: "", files: [] } } })) as never);
  const thread = new Thread(LONGEST);
  await thread.need(0, 20);
  expect(questions().length).toBeLessThan(4);
});

test("what was on its way hangs once when it has arrived, and not at all when it was taken back", async () => {
  const note = (mark: "sending" | null) => ({ line: "note" as const, id: "n1", author: mark === null ? "Ильина" : "", text: "Нужен хомут", attachments: [], at_ms: mark === null ? 6 : 5, mine: true, mark: mark === null ? null : { mark }, operation: null });
  const closing = (at_ms: number) => ({ line: "event" as const, at_ms, by: "resident" as const, who: "", what: { happened: "registered" as const } });
  let lines: unknown[] = [note("sending"), closing(7)];
  instead.set("conversation", (() => ({ ok: true, value: { total: 0, from: 0, lines, first_unread: null, draft: { text: "", files: [] } } })) as never);
  const thread = new Thread(LONGEST);
  await thread.refresh();
  expect(thread.asides(0)).toHaveLength(2);
  lines = [note(null), closing(8)];
  await thread.refresh();
  expect(thread.asides(0).map(({ at_ms }) => at_ms)).toEqual([6, 8]);
  lines = [];
  await thread.refresh();
  expect(thread.asides(0)).toEqual([]);
});
