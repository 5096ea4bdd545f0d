import { expect, test } from "vitest";
import { prettyPhone, whileTyping } from "../../src/entrance/phone";

test("a number is put in shape as it grows, whichever way it is begun", () => {
  expect(prettyPhone("9")).toBe("+7 9");
  expect(prettyPhone("8900")).toBe("+7 900");
  expect(prettyPhone("+7900000")).toBe("+7 900 000");
  expect(prettyPhone("8 (900) 000-12-34")).toBe("+7 900 000-12-34");
  expect(prettyPhone("79000001234")).toBe("+7 900 000-12-34");
});

test("what is no Russian number is left as it was typed", () => {
  expect(prettyPhone("+380 44 123 45 67")).toBe("+380 44 123 45 67");
  expect(prettyPhone("+")).toBe("+");
  expect(prettyPhone("2140183572")).toBe("2140183572");
  expect(prettyPhone("иванов")).toBe("иванов");
  expect(prettyPhone("900000123456")).toBe("900000123456");
});

test("deleting and correcting in the middle is never fought", () => {
  expect(whileTyping("+7 900 000-12-3", 15, true)).toBe("+7 900 000-12-3");
  expect(whileTyping("+7 900 5000-12-34", 8, false)).toBe("+7 900 5000-12-34");
  expect(whileTyping("+7 9000", 7, false)).toBe("+7 900 0");
});
