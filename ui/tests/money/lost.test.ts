import { cleanup, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { instead, scene, tell } from "../fixture/backend";
import { stateOf } from "../fixture/data/payments";
import { home, newWorld, openPayment, pay, shownSum } from "./section";

beforeEach(() => newWorld());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const nothingTaken = () => screen.queryByText(/Ничего не списано/);
const notLost = () => screen.queryByText(/Платёж не потеряется/);

async function click(user: Awaited<ReturnType<typeof openPayment>>["user"]) {
  await waitFor(() => expect(pay()).not.toHaveAttribute("aria-disabled"));
  await user.click(pay());
}

it("when only the answer was lost, the payment that lives is shown instead of a failure", async () => {
  instead.set("payment_start", () => ({ ok: false, failure: { code: "offline" } }));
  const { user } = await openPayment();
  await click(user);
  await waitFor(() => expect(nothingTaken()).toBeVisible());
  scene.name = "unfinished";
  tell({ event: "changed", topics: ["money"] });
  expect(await screen.findByRole("button", { name: "Продолжить оплату" })).toBeVisible();
  expect(nothingTaken()).toBeNull();
  // Nor does it come back when the payment has ended.
  scene.name = "settled";
  tell({ event: "changed", topics: ["money"] });
  await waitFor(() => expect(screen.queryByRole("button", { name: "Продолжить оплату" })).toBeNull());
  expect(nothingTaken()).toBeNull();
});

it("a sum that somebody typed is not proposed again when less is left to pay", async () => {
  const { user } = await openPayment();
  await user.clear(home());
  await user.type(home(), "2000");
  await user.tab();
  expect(shownSum()).toBe("2 000,00");
  scene.name = "settled";
  tell({ event: "changed", topics: ["money"] });
  await waitFor(() => expect(shownSum()).toBe(""));
});

it("what is credited is told without the commission", async () => {
  instead.set("payment_state", () => ({ ok: true, value: { ...stateOf("credited", "p-21"), total: 353_986, commission: 4_197 } }));
  const { user } = await openPayment();
  await click(user);
  expect(await screen.findByRole("heading", { name: /Оплачено и зачислено 3\s497,89/ })).toBeVisible();
});

it("a connection that goes while the bank is waited for, and comes back, is told at once", async () => {
  const { user } = await openPayment();
  await click(user);
  await screen.findByRole("heading", { name: "Страница банка открыта в браузере" });
  expect(notLost()).toBeNull();
  instead.set("queue", () => ({ ok: true, value: { pill: { pill: "offline", count: 0 }, pause: { pause: "offline", since_ms: 0 }, next_try_ms: null, attention: [], waiting: [], accepted: [] } }));
  instead.set("payment_state", () => ({ ok: false, failure: { code: "offline" } }));
  tell({ event: "changed", topics: ["queue"] });
  await waitFor(() => expect(notLost()).toBeVisible());
  instead.delete("queue");
  instead.set("payment_state", () => ({ ok: true, value: stateOf("credited", "p-21") }));
  tell({ event: "changed", topics: ["queue"] });
  expect(await screen.findByRole("heading", { name: /Оплачено и зачислено/ })).toBeVisible();
  expect(notLost()).toBeNull();
});
