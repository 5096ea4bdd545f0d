import axe from "axe-core";
import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import QueuePanel from "../../src/queue/QueuePanel.svelte";
import { correction } from "../../src/sections/readings/correction";
import { place } from "../../src/state/place.svelte";
import { asked, instead, scene } from "../fixture/backend";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-10-21T07:42:00Z") });
  asked.length = 0;
  instead.clear();
  scene.pill = { pill: "attention", count: 2 };
  place.panel = "queue";
  place.section = "events";
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

async function open() {
  const user = userEvent.setup();
  render(QueuePanel);
  await screen.findByRole("heading", { name: /Требуют внимания|Ждут|Принято|Всё отправлено/ }).catch(() => null);
  return user;
}

function askedOf(command: string): unknown[] {
  return asked.filter((one) => one.command === command).map((one) => one.args);
}

it("groups entries by what they wait for, says why nothing goes out and when the next try is", async () => {
  await open();
  expect(screen.getByText("Нет связи с 10:05.")).toBeVisible();
  expect(screen.getByRole("heading", { name: "Требуют внимания 2" })).toBeVisible();
  expect(screen.getByRole("heading", { name: "Ждут связи 3" })).toBeVisible();
  expect(screen.getByRole("heading", { name: "Принято сегодня 1" })).toBeVisible();
  expect(screen.getByText("Повтор в 10:44")).toBeVisible();
});

it("names the value, the place and the reason of a refused reading, and hangs under it what waits for it", async () => {
  await open();
  const refused = screen.getByText("Показание: Горячая вода, ванная, 218,305 м³").closest("li")!;
  expect(refused).toHaveTextContent("Винокурова, 10-25");
  expect(refused).toHaveTextContent("Отклонено: меньше прошлого показания, 218,402 м³");
  expect(within(refused).getByText("Название прибора: Горячая, ванная").closest("ul")!.closest("li")).toBe(refused);
  expect(within(refused).getByText("Ждёт: уйдёт после записи выше", { selector: "p" })).toBeVisible();
});

it("«Исправить» opens the meter's entry with the old value and closes the panel", async () => {
  const user = await open();
  await user.click(screen.getByRole("button", { name: /^Исправить: Показание: Горячая вода/ }));
  expect([place.section, place.meter, place.panel]).toEqual(["readings", "m-1", null]);
  expect(correction.take("m-1")).toEqual(["00218,305"]);
});

it("«Убрать» asks first, and does nothing when the person keeps the entry", async () => {
  const user = await open();
  await user.click(screen.getByRole("button", { name: /^Убрать: / }));
  expect(askedOf("queue_discard")).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Оставить" }));
  await user.click(screen.getByRole("button", { name: /^Убрать: / }));
  await user.click(screen.getByRole("button", { name: "Да, убрать" }));
  await waitFor(() => expect(askedOf("queue_discard")).toEqual([{ operation: "q-1" }]));
});

it("«Отозвать» of what may have left says that the server is being asked", async () => {
  instead.set("queue_withdraw", () => ({ ok: true, value: { state: "asked" } }));
  const user = await open();
  await user.click(screen.getByRole("button", { name: /^Действия: Показание: Холодная вода, кухня/ }));
  await user.click(screen.getByRole("menuitem", { name: "Отозвать" }));
  await waitFor(() => expect(askedOf("queue_withdraw")).toEqual([{ operation: "q-4" }]));
  expect(await screen.findByText(/Запись могла уже уйти/)).toBeVisible();
});

it("saves one entry or all of them to a file and says where it is", async () => {
  const user = await open();
  await user.click(screen.getByRole("button", { name: /^Сохранить в файл: Запись не читается/ }));
  await waitFor(() => expect(askedOf("queue_save")).toEqual([{ operation: "q-3" }]));
  expect(await screen.findByText(/Сохранено: .*очередь\.json/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Сохранить всё в файл" }));
  await waitFor(() => expect(askedOf("queue_save")).toHaveLength(2));
});

it("«Повторить» and «Отправить сейчас» ask the core", async () => {
  instead.set("queue", () => ({
    ok: true,
    value: {
      pill: { pill: "attention", count: 1 },
      pause: null,
      next_try_ms: null,
      attention: [{ operation: "q-9", what: { what: "profile" }, captured_ms: 0, mark: { mark: "rejected", rejection: { reason: "not_yours" } }, actions: ["retry", "save"], holds: [], deadline: null }],
      waiting: [],
      accepted: [],
    },
  }));
  const user = await open();
  await user.click(screen.getByRole("button", { name: /^Повторить: Изменения в профиле/ }));
  await waitFor(() => expect(askedOf("queue_retry")).toEqual([{ operation: "q-9" }]));
  await user.click(screen.getByRole("button", { name: "Отправить сейчас" }));
  await waitFor(() => expect(askedOf("queue_send_now")).toHaveLength(1));
});

it("says in words why an action did not work", async () => {
  instead.set("queue_discard", () => ({ ok: false, failure: { code: "gone" } }));
  const user = await open();
  await user.click(screen.getByRole("button", { name: /^Убрать: / }));
  await user.click(screen.getByRole("button", { name: "Да, убрать" }));
  expect(await screen.findByText(/Этой записи больше нет/)).toBeVisible();
});

it("says that all is sent when the queue is empty", async () => {
  instead.set("queue", () => ({ ok: true, value: { pill: { pill: "sent" }, pause: null, next_try_ms: null, attention: [], waiting: [], accepted: [] } }));
  await open();
  expect(await screen.findByText("Всё отправлено")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Отправить сейчас" })).toBeNull();
});

it("passes axe", async () => {
  await open();
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
  expect(violations.map((flaw) => `${flaw.id}: ${flaw.nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
});
