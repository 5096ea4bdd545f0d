import { expect, it } from "vitest";
import { fitting } from "../../src/desk/ticket/canned";

const replies = [
  { title: "Нужен доступ", text: "Мастер придёт, нужен доступ в квартиру." },
  { title: "Мастер придёт", text: "Сегодня до 16:00." },
  { title: "Счёт", text: "Посмотрим и ответим." },
];
const titles = (typed: string) => fitting(replies, typed).map((reply) => reply.title);

it("finds ready answers by the beginnings of their words, those of the title first", () => {
  expect(titles("")).toEqual(["Нужен доступ", "Мастер придёт", "Счёт"]);
  expect(titles("маст")).toEqual(["Мастер придёт", "Нужен доступ"]);
  expect(titles("счет")).toEqual(["Счёт"]);
  expect(titles("астер")).toEqual([]);
  expect(titles("придёт кварт")).toEqual(["Нужен доступ"]);
});
