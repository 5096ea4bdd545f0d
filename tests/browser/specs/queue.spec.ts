import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { call } from "../core";
import { card, drums, expect, expectPill, expectSaid, openEntry, openQueue, openReadings, test } from "../home";
import { expectAccessible, spaced } from "../window";

const KITCHEN = "Холодная вода, кухня";
const HOT = "Горячая вода, ванная";
/** The month of the town's today. */
const month = new Intl.DateTimeFormat("sv", { year: "numeric", month: "2-digit", timeZone: "Europe/Moscow" }).format(new Date());

async function enter(window: Page, name: string, value: string): Promise<void> {
  await openEntry(window, name);
  await drums(window, name).pressSequentially(value);
  await drums(window, name).press("Enter");
  await expect(card(window, name)).toContainText("Сохранено на этом компьютере");
}

async function choose(window: Page, queue: Locator, entry: RegExp, action: string): Promise<void> {
  await queue.getByRole("button", { name: new RegExp(`Действия: ${entry.source}`) }).click();
  await window.getByRole("menuitem", { name: action }).click();
}

test("what waits offline is listed, can be saved to a file and taken back, and Esc returns to the pill", async ({
  window,
  cable,
  computer,
}) => {
  await openReadings(window);
  cable.pull();
  await enter(window, KITCHEN, "460,604");
  await enter(window, HOT, "221,900");
  await expectPill(window, /Нет связи. Сохранено на этом компьютере: 2/);
  const queue = await openQueue(window);
  await expect(queue.getByRole("heading", { name: "Отправка" })).toBeFocused();
  await expect(queue).toContainText("уйдёт само, когда связь вернётся");
  await expect(queue.getByRole("heading", { name: /Ждут связи 2/ })).toBeVisible();
  await expectAccessible(window);

  await choose(window, queue, /Показание: Холодная вода, кухня/, "Сохранить в файл");
  const told = queue.getByText(/^Сохранено: /);
  await expect(told).toBeVisible();
  const file = (await told.innerText()).replace(/^Сохранено: /, "");
  expect(await readFile(file, "utf8"), "the file holds the reading").toContain("460");

  await choose(window, queue, /Показание: Холодная вода, кухня/, "Отозвать");
  await expect(queue).toContainText("Отозвано: запись не уходила с этого компьютера.");
  await expect(queue.getByText(/^Показание: /)).toHaveCount(1);
  await expect(card(window, KITCHEN).getByRole("button", { name: /Передать показания/ })).toBeVisible();
  await expect(card(window, KITCHEN)).toContainText("00453,118");
  await expectPill(window, /Нет связи. Сохранено на этом компьютере: 1/);
  await window.keyboard.press("Escape");
  await expect(queue).toHaveCount(0);
  await expect(window.locator("#pill")).toBeFocused();

  await window.keyboard.press("Control+Shift+O");
  await queue.getByRole("button", { name: "Отправить сейчас" }).click();
  await expect(queue).toContainText("Отправляем.");
  await expectPill(window, /Нет связи. Сохранено на этом компьютере: 1/);
  cable.putBack();
  await call(computer, "person_back");
  await expectPill(window, /Всё отправлено/);
  await expect(queue.getByText(/^Показание: Горячая вода, ванная/)).toBeVisible();
  await expect(card(window, KITCHEN)).not.toContainText("00460,604");
});

test("a reading that the utility rejects says why, holds its old values for «Исправить», and goes only when the person lets it", async ({
  window,
  cable,
  computer,
  utility,
}) => {
  await openReadings(window);
  await openEntry(window, HOT);
  await drums(window, HOT).pressSequentially("221,900");
  await drums(window, HOT).press("Enter");
  await expect(card(window, HOT)).toContainText("Принято");
  cable.pull();
  await enter(window, KITCHEN, "460,604");
  // Meanwhile the utility closes the month.
  await utility.close(month);
  cable.putBack();
  await call(computer, "person_back");
  await expectPill(window, /Требует внимания: 1/);
  const why = /уже рассчитан. Изменения войдут в /;
  await expect(card(window, KITCHEN)).toContainText(spaced(why));
  const queue = await openQueue(window);
  const row = queue.getByRole("listitem").filter({ hasText: "Показание: Холодная вода, кухня" });
  await expect(row).toContainText(/Отклонено:/);
  await expect(row).toContainText(spaced(why));
  await expectAccessible(window);
  await row.getByRole("button", { name: /^Исправить: / }).click();
  await expect(drums(window, KITCHEN)).toHaveValue("00460,604");
  await expect(drums(window, KITCHEN)).toBeFocused();
  await window.keyboard.press("Escape");

  await openQueue(window);
  await row.getByRole("button", { name: /^Убрать: / }).click();
  await expect(row.getByText("Убрать эту запись? Она не принята и не уйдёт.")).toBeVisible();
  await row.getByRole("button", { name: "Оставить" }).click();
  await expect(row).toContainText(/Отклонено:/);
  await row.getByRole("button", { name: /^Убрать: / }).click();
  await row.getByRole("button", { name: "Да, убрать" }).click();
  await expect(row).toHaveCount(0);
  await expectPill(window, /Всё отправлено/);
  await expect(card(window, KITCHEN)).toContainText("00453,118");
});

test("a rejected reading that is put right by «Исправить» is accepted, and asks for attention no more", async ({
  window,
  cable,
  computer,
  utility,
}) => {
  await openReadings(window);
  cable.pull();
  await enter(window, KITCHEN, "460,604");
  // Meanwhile the billing corrects the month before upwards.
  await utility.tell("462,000");
  cable.putBack();
  await call(computer, "person_back");
  await expectPill(window, /Требует внимания: 1/);
  await expect(card(window, KITCHEN)).toContainText(spaced(/Отклонено: меньше прошлого показания, 462 м³/));
  const queue = await openQueue(window);
  const row = queue.getByRole("listitem").filter({ hasText: "Показание: Холодная вода, кухня" });
  await expect(row).toContainText(spaced(/Отклонено: меньше прошлого показания, 462 м³/));
  await row.getByRole("button", { name: /^Исправить: / }).click();
  const field = drums(window, KITCHEN);
  await expect(field).toHaveValue("00460,604");
  await expectSaid(field, /Меньше прошлого показания, 462 м³/);
  await field.pressSequentially("468,500");
  await field.press("Enter");
  await expect(card(window, KITCHEN)).toContainText("00468,500");
  await expect(card(window, KITCHEN)).toContainText("Принято");
  await expect(card(window, KITCHEN)).not.toContainText("Отклонено");
  await expectPill(window, /Всё отправлено/);
});

test("a reading that comes after the window has closed is rejected with the day of the next one", async ({
  window,
  cable,
  computer,
  utility,
}) => {
  await openReadings(window);
  cable.pull();
  await enter(window, KITCHEN, "460,604");
  await utility.stop();
  const today = Number(new Intl.DateTimeFormat("en", { day: "numeric", timeZone: "Europe/Moscow" }).format(new Date()));
  await utility.setDays(today <= 20 ? { start: today + 2, end: today + 5 } : { start: 2, end: 6 });
  await utility.start();
  cable.putBack();
  await call(computer, "person_back");
  await expectPill(window, /Требует внимания: 1/);
  const queue = await openQueue(window);
  await expect(queue.getByRole("listitem").first()).toContainText(spaced(/Отклонено:.*[Сс]ледующий( приём)? с /));
});
