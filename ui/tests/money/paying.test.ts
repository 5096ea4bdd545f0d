import axe from "axe-core";
import { cleanup, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { place } from "../../src/state/place.svelte";
import { instead, tell } from "../fixture/backend";
import { stateOf } from "../fixture/data/payments";
import { askedOf, home, newWorld, openPayment, pay, shownSum } from "./section";

beforeEach(() => newWorld());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

async function flaws(): Promise<string[]> {
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
  return violations.map((flaw) => `${flaw.id}: ${flaw.nodes.map((node) => node.html).join(" ")}`);
}

describe("the sums", () => {
  it("propose what the bank has not confirmed yet, and ИТОГ follows what is typed", async () => {
    const { user } = await openPayment();
    expect(shownSum()).toBe("3 497,89");
    expect(screen.getByText("−2 000,00 ₽")).toBeVisible();
    await user.clear(home());
    await user.type(home(), "1234.5");
    await waitFor(() => expect(screen.getAllByText("1 234,50 ₽").length).toBeGreaterThan(0));
    await user.tab();
    expect(shownSum()).toBe("1 234,50");
    expect(askedOf("payment_total").at(-1)).toMatchObject({ sums: [{ sum: "1234,50" }, { sum: "" }], way: "card" });
    // The code follows the edited sum, too.
    expect(askedOf("payment_qr").at(-1)).toMatchObject({ sum: "1234,50" });
  });

  it("take a pasted «3 456,78 ₽» as it is", async () => {
    const { user } = await openPayment();
    await user.clear(home());
    await user.paste("3 456,78 ₽");
    expect(shownSum()).toBe("3 456,78");
  });

  it("under the minimum say so and begin nothing", async () => {
    const { user } = await openPayment();
    await user.clear(home());
    await user.type(home(), "5");
    expect(await screen.findByText(/Наименьшая сумма платежа 10,00 ₽. Добавьте до неё./)).toBeVisible();
    await user.click(pay());
    expect(askedOf("payment_start")).toEqual([]);
  });
});

describe("paying", () => {
  it("begins once however often the button is pressed", async () => {
    const { user } = await openPayment();
    await waitFor(() => expect(pay()).not.toHaveAttribute("aria-disabled"));
    await user.dblClick(pay());
    expect(await screen.findByRole("heading", { name: "Страница банка открыта в браузере" })).toBeVisible();
    expect(askedOf("payment_start")).toHaveLength(1);
    expect(askedOf("payment_start")[0]).toMatchObject({ way: "card", email: "smirnova@post.example" });
  });

  it("opens the bank's page again and cancels when asked", async () => {
    const { user } = await openPayment();
    await waitFor(() => expect(pay()).not.toHaveAttribute("aria-disabled"));
    await user.click(pay());
    await user.click(await screen.findByRole("button", { name: "Открыть страницу банка ещё раз" }));
    expect(askedOf("payment_open")).toEqual([{ payment: "p-21" }]);
    await user.click(screen.getByRole("button", { name: "Отменить" }));
    await waitFor(() => expect(askedOf("payment_cancel")).toEqual([{ payment: "p-21" }]));
  });

  it.each([
    ["unanswered", "Банк ещё не ответил", /Не платите снова: проверим и сообщим/],
    ["paid", /Оплачено 3\s497,89/, /Скоро зачислим на счёт, долг станет меньше/],
    ["credited", /Оплачено и зачислено/, /Долг уже пересчитан/],
    ["declined", "Банк отклонил платёж", /Деньги не списаны. Отклонено: недостаточно средств/],
    ["expired", "Время на оплату вышло", /Деньги не списаны/],
    ["cut", "Страница банка открыта в браузере", /Платёж не потеряется.*Не платите снова/],
  ])("tells what became of it: %s", async (name, title, words) => {
    newWorld(name);
    if (name === "cut") instead.set("payment_state", () => ({ ok: false, failure: { code: "offline" } }));
    const { user } = await openPayment();
    await waitFor(() => expect(pay()).not.toHaveAttribute("aria-disabled"));
    await user.click(pay());
    expect(await screen.findByRole("heading", { name: title })).toBeVisible();
    expect(screen.getByText(words)).toBeVisible();
    expect(await flaws()).toEqual([]);
  });

  it("shows the result that the server tells later", async () => {
    const { user } = await openPayment();
    await waitFor(() => expect(pay()).not.toHaveAttribute("aria-disabled"));
    await user.click(pay());
    await screen.findByRole("heading", { name: "Страница банка открыта в браузере" });
    instead.set("payment_state", () => ({ ok: true, value: stateOf("credited", "p-21") }));
    tell({ event: "changed", topics: ["money"] });
    expect(await screen.findByRole("heading", { name: /Оплачено и зачислено/ })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Чек" }));
    expect(askedOf("payment_receipt")).toEqual([{ payment: "p-21" }]);
  });

  it("draws the code of СБП with its steps", async () => {
    newWorld("sbp");
    const { user } = await openPayment();
    await user.click(screen.getByRole("radio", { name: "По СБП" }));
    await waitFor(() => expect(pay()).not.toHaveAttribute("aria-disabled"));
    await user.click(pay());
    expect(await screen.findByRole("img", { name: /Код СБП для оплаты/ })).toBeVisible();
    expect(askedOf("payment_start")[0]).toMatchObject({ way: "sbp" });
  });

  it("says who holds the account and until when, and does not pay for it", async () => {
    newWorld("locked");
    await openPayment();
    expect(screen.getByText(/Этот счёт сейчас оплачивает Смирнов А\. В\. Подождите до 10:47./)).toBeVisible();
    expect(screen.queryByRole("textbox", { name: "К оплате, Винокурова, 10-25" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Продолжить оплату" })).toBeNull();
  });

  it("goes on with one's own payment after a restart", async () => {
    newWorld("unfinished");
    const { user } = await openPayment();
    await user.click(screen.getByRole("button", { name: "Продолжить оплату" }));
    expect(askedOf("payment_open")).toEqual([{ payment: "p-21" }]);
    expect(await screen.findByRole("heading", { name: "Страница банка открыта в браузере" })).toBeVisible();
  });

  it("without a connection says why the button waits, and offers the code", async () => {
    instead.set("queue", () => ({ ok: true, value: { pill: { pill: "offline", count: 0 }, pause: { pause: "offline", since_ms: 0 }, next_try_ms: null, attention: [], waiting: [], accepted: [] } }));
    const { user } = await openPayment();
    expect(await screen.findByText("Откроется, когда вернётся связь. Пока платите по QR-коду.")).toBeVisible();
    await user.click(pay());
    expect(askedOf("payment_start")).toEqual([]);
    expect(await screen.findByRole("img", { name: /QR-код: 3\s497,89/ })).toBeVisible();
  });

  it("puts a wrong address of the receipt under its field", async () => {
    const { user } = await openPayment();
    const email = screen.getByRole("textbox", { name: "Почта для чека" });
    await user.clear(email);
    await user.type(email, "smirnova");
    await user.click(pay());
    await waitFor(() => expect(email).toHaveAttribute("aria-invalid", "true"));
  });
});

it("the history shows five, and all of them on a sheet of its own", async () => {
  const { user } = await openPayment();
  const rows = () => within(screen.getByRole("table", { name: "История платежей" })).getAllByRole("row").slice(1);
  expect(rows()).toHaveLength(5);
  await user.click(screen.getByRole("button", { name: "Вся история" }));
  await waitFor(() => expect(place.money.page).toBe("history"));
  await waitFor(() => expect(rows()).toHaveLength(6));
  expect(screen.getByText("Отклонено: недостаточно средств")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Назад, к оплате" }));
  expect(await screen.findByRole("heading", { name: "Оплата" })).toBeVisible();
});
