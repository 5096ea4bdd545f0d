import { beforeEach, expect, test } from "vitest";
import { atTime, countdown, day, dayOf, dayYear, meterValue, moment, money, monthLetter, monthYear, nearAddress, rounded, time, volume, wholeNumbers } from "../src/format";
import { locale } from "../src/state/locale.svelte";

const SPACE = "\u00a0";

beforeEach(() => {
  locale.language = "ru";
  locale.zone = "Europe/Moscow";
});

test("money shows kopecks, groups and a sign that cannot be torn off", () => {
  expect(money(349_789)).toBe(`3${SPACE}497,89${SPACE}₽`);
  expect(money(0)).toBe(`0,00${SPACE}₽`);
  expect(money(5)).toBe(`0,05${SPACE}₽`);
  expect(money(123_456_789)).toBe(`1${SPACE}234${SPACE}567,89${SPACE}₽`);
  expect(money(-200_000)).toBe(`−2${SPACE}000,00${SPACE}₽`);
  locale.language = "en";
  expect(money(349_789)).toBe(`3,497.89${SPACE}₽`);
});

test("a meter's value has a comma and loses no digit", () => {
  expect(meterValue("460.604")).toBe("460,604");
  expect(meterValue("460.600")).toBe("460,600");
  expect(meterValue("14208")).toBe("14208");
  expect(meterValue("214.5", 3)).toBe("214,500");
  expect(meterValue("214", 3)).toBe("214,000");
  expect(volume("7.486", "cubic_metre")).toBe(`7,486${SPACE}м³`);
  locale.language = "en";
  expect(meterValue("460.604")).toBe("460.604");
});

test("an average after «около» has two digits that mean something", () => {
  expect(["3.4528", "0.082", "131.25", "0", "12"].map(rounded)).toEqual(["3.5", "0.082", "130", "0", "12"]);
});

test("no line ends between «д.» and its number or inside «10-25»", () => {
  expect(wholeNumbers("б-р Зелёный, 14-61")).toBe("б-р Зелёный, 14\u2060-\u206061");
  expect(wholeNumbers("ул. Садовая, д. 4, корп. 2")).toBe(`ул.${SPACE}Садовая, д.${SPACE}4, корп.${SPACE}2`);
});

test("days are written in words, in the case Russian needs", () => {
  expect(day("2026-09-30")).toBe(`30${SPACE}сентября`);
  expect(dayYear("2029-03-14")).toBe(`14${SPACE}марта${SPACE}2029`);
  expect(monthYear("2026-10")).toBe(`октябрь${SPACE}2026`);
  expect(monthLetter("2026-10")).toBe("о");
});

test("the day of an instant is the utility's day, not the computer's", () => {
  const lateEvening = Date.UTC(2026, 9, 21, 22, 30);
  expect(dayOf(lateEvening)).toBe("2026-10-22");
  expect(time(lateEvening)).toBe("1:30");
  locale.zone = "Asia/Vladivostok";
  expect(dayOf(lateEvening)).toBe("2026-10-22");
  expect(time(lateEvening)).toBe("8:30");
});

test("a moment is told from today", () => {
  const now = Date.UTC(2026, 9, 21, 7, 31);
  expect(moment(now, now)).toBe("сегодня, 10:31");
  expect(moment(now - 86_400_000, now)).toBe("вчера, 10:31");
  expect(moment(now - 3 * 86_400_000, now)).toBe(`18${SPACE}октября, 10:31`);
});

test("an hour to wait for names its day when that is not today", () => {
  const now = Date.UTC(2026, 9, 21, 11, 12);
  expect(atTime(now + 600_000, now)).toBe("в 14:22");
  expect(atTime(now + 86_000_000, now)).toBe("завтра в 14:05");
  expect(atTime(Date.UTC(2026, 9, 21, 21, 0), now)).toBe("завтра в 0:00");
  expect(atTime(now + 3 * 86_400_000, now)).toBe(`24${SPACE}октября в 14:12`);
  locale.language = "en";
  expect(atTime(now + 86_000_000, now)).toBe("tomorrow at 14:05");
});

test("a countdown never goes below zero and never skips its last second", () => {
  expect(countdown(258)).toBe("4:18");
  expect(countdown(0.2)).toBe("0:01");
  expect(countdown(-3)).toBe("0:00");
});

test("an address of the same town is written without it, one of another town with it", () => {
  const ours = "г. Новочебоксарск, ул. Коммунальная, д. 8";
  expect(nearAddress("г. Новочебоксарск, ул. Винокурова, д. 10, кв. 25", ours)).toBe("Винокурова, 10, кв. 25");
  expect(nearAddress("г. Новочебоксарск, б-р Гидростроителей, д. 4, корп. 2, кв. 7", ours)).toBe("б-р Гидростроителей, 4, корп. 2, кв. 7");
  expect(nearAddress("г. Цивильск, ул. Ленина, д. 3", ours)).toBe("г. Цивильск, Ленина, 3");
  expect(nearAddress("ул. Винокурова, д. 10", "ул. Коммунальная, д. 8")).toBe("Винокурова, 10");
  expect(nearAddress("г. Новочебоксарск, ул. Винокурова, д. 10", undefined)).toBe("г. Новочебоксарск, Винокурова, 10");
  expect(nearAddress("дер. Ольдеево, д. 5", ours)).toBe("дер. Ольдеево, 5");
  expect(nearAddress("", ours)).toBe("");
});
