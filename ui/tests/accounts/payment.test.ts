import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";
import Payment from "../../src/sections/payment/Payment.svelte";
import { place } from "../../src/state/place.svelte";
import { asked, instead, scene } from "../fixture/backend";

const FIRST = "0198a000-0000-7000-8000-000000000001";

beforeEach(() => {
  asked.length = 0;
  instead.clear();
  scene.accounts = 2;
  scene.name = "plain";
  scene.begun = null;
  place.account = null;
  place.panel = null;
});
afterEach(cleanup);

it("shows each account with its debt or overpayment on a day", async () => {
  render(Payment);
  expect(await screen.findByText("г. Новочебоксарск, ул. Винокурова, д. 10, кв. 25")).toBeVisible();
  expect(screen.getByText("Долг на 21 октября")).toBeVisible();
  expect(screen.getByText("5 497,89 ₽")).toBeVisible();
  expect(screen.getByText(/Переплата на 21 октября/)).toBeVisible();
  expect(screen.getByText("314,50 ₽")).toBeVisible();
});

it("«Удалить» asks by the account's number; «Отмена» keeps it, «Да» detaches it", async () => {
  const user = userEvent.setup();
  render(Payment);
  await user.click(await screen.findByRole("button", { name: "Удалить лицевой счёт № 2140183572" }));
  expect(screen.getByRole("dialog", { name: "Удалить лицевой счёт № 2140183572?" })).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Отмена" }));
  expect(asked.some((one) => one.command === "account_detach")).toBe(false);
  await user.click(screen.getByRole("button", { name: "Удалить лицевой счёт № 2140183572" }));
  await user.click(screen.getByRole("button", { name: "Да" }));
  await waitFor(() => expect(asked).toContainEqual({ command: "account_detach", args: { id: FIRST } }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

it("says that deleting needs a connection and keeps the account", async () => {
  instead.set("account_detach", () => ({ ok: false, failure: { code: "offline" } }));
  const user = userEvent.setup();
  render(Payment);
  await user.click(await screen.findByRole("button", { name: "Удалить лицевой счёт № 2140183572" }));
  await user.click(screen.getByRole("button", { name: "Да" }));
  expect(await screen.findByText(/Счёт остался на месте/)).toBeVisible();
});

it("has no button that cannot work where nobody can pay through the program, and says how to pay meanwhile", async () => {
  scene.name = "noways";
  render(Payment);
  expect(await screen.findByRole("heading", { name: "Как заплатить сейчас" })).toBeVisible();
  expect(screen.queryByRole("button", { name: /Оплат/ })).toBeNull();
  expect(screen.queryByRole("textbox", { name: /К оплате/ })).toBeNull();
});
