import { describe, expect, test } from "vitest";
import { leftShort, leftSpoken } from "../../src/desk/left";
import { inside, nextStep } from "../../src/desk/words";
import { instantOf, localOf } from "../../src/desk/zone";

const NOW = Date.parse("2026-10-21T07:42:00Z");
const MINUTE = 60_000;
const short = (minutes: number) => leftShort(NOW + minutes * MINUTE, NOW).replaceAll("\u00a0", " ");

describe("what is left of a term", () => {
  test("is minutes while minutes matter, then hours, days, and the day itself", () => {
    expect([11, 318, 360, 21 * 60, 25 * 60, 5 * 1440 + 5].map(short)).toEqual(["0:11", "5:18", "6 ч", "21 ч", "1 дн", "5 дн"]);
    expect(short(10 * 1440)).toBe("31 окт");
  });

  test("carries a minus when it is over, so that no colour is needed", () => {
    expect([-24, -125, -7 * 60, -2000].map(short)).toEqual(["−0:24", "−2:05", "−7 ч", "−1 дн"]);
  });

  test("is never 0:00 before the minute itself, nor late before the term has passed", () => {
    expect(leftShort(NOW + 1000, NOW)).toBe("0:01");
    expect(leftShort(NOW, NOW)).toBe("0:00");
  });

  test("is said in words to those who listen, overdue even when the core's answer is older than the term", () => {
    const deadline = { duty: "finish" as const, due_ms: NOW - 24 * MINUTE, done_ms: null, urgency: "soon" as const };
    expect(leftSpoken(deadline, NOW)).toBe("просрочено на 24 мин");
    expect(leftSpoken({ ...deadline, due_ms: NOW + 11 * MINUTE }, NOW)).toBe("скоро срок, осталось 11 мин");
    expect(leftSpoken({ ...deadline, due_ms: NOW + 318 * MINUTE, urgency: "calm" }, NOW)).toBe("осталось 5 ч 18 мин");
  });
});

test("a time that is typed is one of the utility's zone, whatever the computer's", () => {
  expect(localOf(NOW)).toBe("2026-10-21T10:42");
  expect(instantOf("2026-10-21T10:42")).toBe(NOW);
  expect(instantOf("")).toBeNull();
  expect(instantOf("2026-10-2")).toBeNull();
});

test("the main button never offers a way that is not allowed", () => {
  expect(nextStep("in_progress", ["accepted", "done"])).toBe("done");
  expect(nextStep("in_progress", ["accepted"])).toBeNull();
  expect(nextStep("closed", [])).toBeNull();
});

test("a title behind a colon is lowered, an abbreviation is not", () => {
  expect(inside("Прорвало стояк")).toBe("прорвало стояк");
  expect(inside("ГВС отключат")).toBe("ГВС отключат");
});
