import { screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { place } from "../../src/state/place.svelte";
import { askedFor, openWindow } from "../window";
import { scene } from "../fixture/backend";

async function openEvents(tab: RegExp | null = null) {
  place.announcement = null;
  place.ordering = false;
  const user = await openWindow("scene=plain");
  await user.click(await screen.findByRole("button", { name: /События/ }));
  if (tab) await user.click(await screen.findByRole("radio", { name: tab }));
  return user;
}

test("what was opened stays unread: the server hears of it once", async () => {
  const user = await openEvents();
  await user.click(await screen.findByRole("button", { name: /22 октября отключат/ }));
  await screen.findByRole("heading", { name: /22 октября отключат/ });
  await user.click(screen.getByRole("button", { name: /Началась замена/ }));
  await screen.findByRole("heading", { name: /Началась замена/ });
  await waitFor(() => expect(askedFor("announcement").length).toBeGreaterThan(1));
  expect(askedFor("announcement_read").length).toBeLessThanOrEqual(2);
});

test("an answer without what has to be answered is not told about beside its question", async () => {
  const user = await openEvents(/Опросы/);
  await user.click(await screen.findByRole("button", { name: /Осенний субботник/ }));
  await user.click(await screen.findByRole("button", { name: "Ответить" }));
  await screen.findByText("Ответьте на вопрос 1.");
  await user.click(screen.getByRole("radio", { name: "В субботу утром" }));
  await user.click(screen.getByRole("checkbox", { name: "Инструменты" }));
  await user.click(screen.getByRole("button", { name: "Ответить" }));
  await waitFor(() => expect(askedFor("poll_answer").at(-1)).toMatchObject({ answers: [{ places: [0] }, { places: [2] }, { words: "" }] }));
});

test("results of a poll that is over are not shown as numbers", async () => {
  const user = await openEvents(/Опросы/);
  await user.click(await screen.findByRole("button", { name: /Шлагбаум/ }));
  expect(await screen.findByText("30 (63 %)")).toBeVisible();
  expect(screen.getByText("Ваш ответ: В субботу утром")).toBeVisible();
});

test("an order throws away a ticket that was begun without asking", async () => {
  const user = await openEvents(/Спецпредложения/);
  scene.ticket.draft.text = "Капает кран";
  await user.click(await screen.findByRole("button", { name: /Замена смесителя/ }));
  expect(await screen.findAllByText(/^от 1.500/)).not.toHaveLength(0);
  await user.click(await screen.findByRole("button", { name: "Заказать" }));
  await user.click(await screen.findByRole("button", { name: "Заменить" }));
  await waitFor(() => expect(screen.getByLabelText("Опишите подробнее")).toHaveValue("Заказ: Замена смесителя, от 1500 руб."));
});
