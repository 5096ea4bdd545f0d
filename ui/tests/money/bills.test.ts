import axe from "axe-core";
import { cleanup, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { place } from "../../src/state/place.svelte";
import { instead } from "../fixture/backend";
import { askedOf, newWorld, openPayment, shownSum } from "./section";

beforeEach(() => newWorld());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

async function openBill() {
  const opened = await openPayment();
  await opened.user.click(screen.getByRole("button", { name: "Квитанции: Винокурова, 10-25" }));
  await opened.user.click(await screen.findByRole("button", { name: /^сентябрь\s2026$/ }));
  await screen.findByRole("heading", { name: "Квитанция за сентябрь" });
  return opened;
}

const lines = () => screen.getByRole("table", { name: "Строки квитанции" });

it("bills are listed by months with their sums, and «Назад» returns to «Оплата»", async () => {
  const { user } = await openPayment();
  await user.click(screen.getByRole("button", { name: "Квитанции: Винокурова, 10-25" }));
  const list = await screen.findByRole("table", { name: "Квитанции" });
  expect(within(list).getAllByRole("row")).toHaveLength(14);
  expect(within(list).getByRole("row", { name: /сентябрь\s2026/ })).toHaveTextContent(/5\s497,89.*\+586,68/);
  await user.click(screen.getByRole("button", { name: "Назад, к оплате" }));
  expect(await screen.findByRole("heading", { name: "Оплата" })).toBeVisible();
});

it("an account without bills says when the first comes", async () => {
  newWorld("nobills");
  const { user } = await openPayment();
  await user.click(screen.getByRole("button", { name: "Квитанции: Винокурова, 10-25" }));
  expect(await screen.findByRole("heading", { name: "Квитанций пока нет" })).toBeVisible();
});

it("«почему больше?» leads from the sum before to the sum now, and the steps sum", async () => {
  const { user } = await openBill();
  await user.click(within(lines()).getByRole("button", { name: "Горячая вода, почему больше?" }));
  const steps = within(lines()).getAllByRole("listitem").map((step) => step.querySelector("b")!.textContent!.replace(/[^\d,−]/g, "").replace("−", "-").replace(",", "."));
  expect(screen.getByText(/Горячая вода дороже на 152,35/)).toBeVisible();
  expect(screen.getByText("3 дня без воды", { selector: ".words" })).toBeVisible();
  const sums = steps.map(Number);
  expect(Math.round((sums.slice(0, -1).reduce((all, one) => all + one, 0) - sums.at(-1)!) * 100)).toBe(0);
});

it("a column of discounts stands only in a bill that has some", async () => {
  await openBill();
  expect(within(lines()).queryByRole("columnheader", { name: "Льготы" })).toBeNull();
  cleanup();
  newWorld("discount");
  await openBill();
  expect(within(lines()).getByRole("columnheader", { name: "Льготы" })).toBeInTheDocument();
});

it("a bill that does not sum says by how much and whom to ask", async () => {
  newWorld("unbalanced");
  const { user } = await openBill();
  expect(screen.getByText(/Строки квитанции не сходятся с итогом на 12,30/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Написать" }));
  expect(place.panel).toBe("support");
});

it("the same month a year ago is a switch away, and its numbers are a table for a screen reader", async () => {
  const { user } = await openBill();
  expect(screen.getByRole("heading", { name: "По сравнению с августом" })).toBeVisible();
  await user.click(screen.getByRole("radio", { name: "Год назад" }));
  expect(screen.getByRole("heading", { name: /прошлым годом, сентябрь/ })).toBeVisible();
  expect(screen.getByRole("table", { name: "Услуги тогда и сейчас" })).toHaveTextContent("Содержание жилья");
});

it("«Оплатить» leads to «Оплата» with this account alone", async () => {
  const { user } = await openBill();
  await user.click(screen.getByRole("button", { name: /^Оплатить 3\s497,89/ }));
  await screen.findByRole("heading", { name: "История платежей" });
  expect(shownSum()).toBe("3 497,89");
});

it("the PDF is fetched, opened and saved; without a connection the window says what is here", async () => {
  const { user } = await openBill();
  instead.set("bill_pdf", () => ({ ok: false, failure: { code: "offline" } }));
  await user.click(screen.getByRole("button", { name: "PDF" }));
  expect(await screen.findByText(/PDF ещё не загружен на этот компьютер/)).toBeVisible();
  instead.clear();
  await user.click(screen.getByRole("button", { name: "Открыть ещё раз" }));
  await user.click(await screen.findByRole("button", { name: "Открыть" }));
  await waitFor(() => expect(askedOf("bill_pdf_open")).toEqual([{ id: "b-2026-09" }]));
  await user.click(screen.getByRole("button", { name: "Сохранить" }));
  expect(await screen.findByText(/Сохранено:/)).toBeVisible();
});

it("a target of the search opens the bill, and the months lead to one another", async () => {
  place.show({ target: "bill", id: "b-2026-08" });
  const { render } = await import("@testing-library/svelte");
  const { default: Payment } = await import("../../src/sections/payment/Payment.svelte");
  render(Payment);
  expect(await screen.findByRole("heading", { name: "Квитанция за август" })).toBeVisible();
  expect(screen.getByRole("button", { name: "сентябрь" })).toBeVisible();
  expect(screen.getByRole("button", { name: "июль" })).toBeVisible();
});

it("a bill with an open explanation passes axe", async () => {
  const { user } = await openBill();
  await user.click(within(lines()).getByRole("button", { name: "Горячая вода, почему больше?" }));
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
  expect(violations.map((flaw) => `${flaw.id}: ${flaw.nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
});
