import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { between, namesAuthor } from "../../src/conversation/between";
import { Draft } from "../../src/conversation/draft.svelte";
import { pieces } from "../../src/conversation/highlight";
import { messageMarkWords, sentPercent } from "../../src/conversation/words";
import { fileSize } from "../../src/format";
import type { MessageView } from "../../src/platform/bindings/MessageView";
import { picture } from "../fixture/data/tickets";

const at = (time: string, day = "21") => Date.parse(`2026-10-${day}T${time}:00+03:00`);
const message = (more: Partial<MessageView>): MessageView => ({
  id: "m", place: 1, number: 1, mine: false, author: "Ильина, диспетчер", text: "", attachments: [], at_ms: at("10:00"), mark: null, operation: null, ...more,
});

describe("between messages", () => {
  test("a day is named where it begins, before what happened on it", () => {
    const event = { line: "event" as const, at_ms: at("00:10"), by: "staff" as const, who: "", what: { happened: "registered" as const } };
    const lines = between(message({ at_ms: at("23:50", "20") }), false, [event], message({ at_ms: at("10:00") }));
    expect(lines.map((line) => line.line)).toEqual(["day", "event"]);
  });

  test("behind a gap that is not here no day is claimed", () => {
    expect(between(undefined, false, [], message({}))).toEqual([]);
    expect(between(undefined, true, [], message({}))).toHaveLength(1);
  });

  test("the author is named at the first of several, and again after a day or an event", () => {
    const previous = message({ place: 0 });
    expect(namesAuthor(message({}), previous, [])).toBe(false);
    expect(namesAuthor(message({}), previous, [{ line: "day", at_ms: 0 }])).toBe(true);
    expect(namesAuthor(message({ author: "Степанов" }), previous, [])).toBe(true);
    expect(namesAuthor(message({ mine: true }), undefined, [])).toBe(false);
  });
});

test("what is searched for is marked whatever its letters' size, and ё is е", () => {
  expect(pieces("Тёплая вода, ТЕПЛАЯ", "теплая").filter((piece) => piece.found).map((piece) => piece.text)).toEqual(["Тёплая", "ТЕПЛАЯ"]);
  expect(pieces("Тёплая", "").map((piece) => piece.text).join("")).toBe("Тёплая");
  expect(pieces("a.b", ".").map((piece) => piece.text)).toEqual(["a", ".", "b"]);
});

test("per cent of a message count bytes, not files", () => {
  const files = [picture("a", "a.jpg", { bytes: 900, sent: 100 }), picture("b", "b.jpg", { bytes: 100, sent: 0 }), picture("c", "c.jpg", { bytes: 5000, sent: null })];
  expect(sentPercent(message({ attachments: files }))).toBe(90);
  expect(sentPercent(message({}))).toBeNull();
  expect(messageMarkWords({ at: "entry", mark: { mark: "sending" } }, 90)).toBe("Отправляется, 90 %");
  expect(messageMarkWords({ at: "entry", mark: { mark: "here" } }, 90)).toBe("Ждёт отправки");
});

test("sizes of files are in units that people read", () => {
  expect([0, 999, 1000, 348_160, 1_023_400, 1_240_000, 26_214_400].map(fileSize)).toEqual(["0 Б", "999 Б", "1 КБ", "340 КБ", "999 КБ", "1,2 МБ", "25 МБ"]);
});

describe("a draft", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("is kept when the hand rests, and at once when the person leaves", async () => {
    const keep = vi.fn(() => Promise.resolve());
    const draft = new Draft(keep);
    draft.text = "Ка";
    draft.text = "Кап";
    expect(keep).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(500);
    expect(keep).toHaveBeenCalledExactlyOnceWith({ text: "Кап", files: [] });
    draft.text = "Капает";
    draft.leave();
    await vi.advanceTimersByTimeAsync(0);
    expect(keep).toHaveBeenLastCalledWith({ text: "Капает", files: [] });
    draft.leave();
    await vi.advanceTimersByTimeAsync(500);
    expect(keep).toHaveBeenCalledTimes(2);
  });

  test("does not come back after it was sent", async () => {
    const keep = vi.fn(() => Promise.resolve());
    const draft = new Draft(keep);
    draft.text = "Отправлено";
    await draft.settled();
    draft.clear();
    await vi.advanceTimersByTimeAsync(1000);
    expect(keep).not.toHaveBeenCalled();
  });
});
