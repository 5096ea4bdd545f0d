import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { vi } from "vitest";
import { order } from "../../src/money/order.svelte";
import Payment from "../../src/sections/payment/Payment.svelte";
import { locale } from "../../src/state/locale.svelte";
import { place } from "../../src/state/place.svelte";
import { asked, instead, scene } from "../fixture/backend";

/** A fresh world for every test. */
export function newWorld(name = "plain") {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-10-21T07:31:00Z") });
  asked.length = 0;
  instead.clear();
  scene.name = name;
  scene.accounts = 2;
  scene.online = true;
  scene.begun = null;
  scene.pill = null;
  order.clear();
  locale.language = "ru";
  place.account = null;
  place.panel = null;
  place.section = "payment";
  place.money = { page: "pay" };
}

/** «Оплата», shown and loaded. */
export async function openPayment() {
  const user = userEvent.setup();
  const shown = render(Payment);
  await screen.findByRole("heading", { name: "История платежей" });
  return { user, ...shown };
}

/** The field of the account that has something to pay. */
export const home = () => screen.getByRole<HTMLInputElement>("textbox", { name: "К оплате, Винокурова, 10-25" });

/** What the field shows, its spaces as those of the keyboard. */
export const shownSum = () => home().value.replaceAll("\u00a0", " ");

export const pay = () => screen.getByRole("button", { name: /^(Оплата|Связываемся с банком…)$/ });

/** What was asked of the core under this command. */
export function askedOf(command: string): unknown[] {
  return asked.filter((one) => one.command === command).map((one) => one.args);
}
