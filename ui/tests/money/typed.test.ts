import { beforeEach, expect, test } from "vitest";
import { caretAfter, complete, pasted, plain, whileTyping } from "../../src/money/typed";
import { locale } from "../../src/state/locale.svelte";

const SPACE = "\u00a0";

beforeEach(() => {
  locale.language = "ru";
});

test("while it is typed a sum keeps its digits, one mark and two kopecks", () => {
  expect(whileTyping("3456")).toBe(`3${SPACE}456`);
  expect(whileTyping("3456,")).toBe(`3${SPACE}456,`);
  expect(whileTyping("3456.789")).toBe(`3${SPACE}456,78`);
  expect(whileTyping("3456,7,8")).toBe(`3${SPACE}456,78`);
  expect(whileTyping("три 12")).toBe("12");
  expect(whileTyping("007")).toBe("7");
  expect(whileTyping(",5")).toBe("0,5");
  expect(whileTyping("")).toBe("");
  expect(whileTyping("12345678901")).toBe(`123${SPACE}456${SPACE}789`);
});

test("a sum that is left has its kopecks, nothing stays nothing", () => {
  expect(complete("3456")).toBe(`3${SPACE}456,00`);
  expect(complete("3456,7")).toBe(`3${SPACE}456,70`);
  expect(complete(",")).toBe("");
  expect(complete("")).toBe("");
});

test.each([
  ["3 456,78 ₽", `3${SPACE}456,78`],
  [`3${SPACE}456,78`, `3${SPACE}456,78`],
  ["3456.78", `3${SPACE}456,78`],
  ["3,456.78", `3${SPACE}456,78`],
  ["3.456,78", `3${SPACE}456,78`],
  ["3.456", `3${SPACE}456,00`],
  ["Итого: 12,5 руб.", "12,50"],
])("«%s» of the clipboard is a sum and not another one", (text, sum) => {
  expect(pasted(text)).toBe(sum);
});

test("in English the mark is a point", () => {
  locale.language = "en";
  expect(whileTyping("3456,78")).toBe(`3${SPACE}456.78`);
});

test("the core gets what was typed without the spaces for the eye", () => {
  expect(plain(`3${SPACE}456,78`)).toBe("3456,78");
});

test("the caret stays behind its digit when a group is made or undone", () => {
  expect(caretAfter("3456", 4, `3${SPACE}456`)).toBe(5);
  expect(caretAfter(`3${SPACE}45`, 2, "345")).toBe(1);
  expect(caretAfter(",5", 2, "0,5")).toBe(3);
  expect(caretAfter("", 0, "")).toBe(0);
});
