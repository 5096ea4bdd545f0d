import axe from "axe-core";
import { cleanup, screen, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { newWorld, openPayment, shownSum } from "./section";

beforeEach(() => newWorld("late"));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe("penalties", () => {
  it("stand quietly under the account and are not in the sum to pay", async () => {
    await openPayment();
    expect(screen.getAllByText(/Пени на сегодня: 26,31.₽/)).toHaveLength(1);
    expect(shownSum()).toBe("3 497,89");
    expect(screen.queryByRole("table", { name: /пени/ })).toBeNull();
  });

  it("are explained by bill, days and rate, and by who adds them", async () => {
    const { user } = await openPayment();
    const why = screen.getByRole("button", { name: "Как посчитано, пени: Винокурова, 10-25" });
    await user.click(why);
    expect(why).toHaveAttribute("aria-expanded", "true");
    const rows = within(screen.getByRole("table", { name: /Из чего сложились пени/ })).getAllByRole("row").slice(1);
    const told = rows.map((row) => [...row.children].map((cell) => cell.textContent?.replace(/\s+/g, " ").trim()).join(" | "));
    expect(told).toEqual([
      "июнь 1 000,00 ₽, срок 13 июля | 60 | 1/300 от 9,5 % | 19,00 ₽",
      "июнь 1 000,00 ₽, срок 13 июля | 10 | 1/130 от 9,5 % | 7,31 ₽",
    ]);
    expect(screen.getByText(/Компания добавит пени в следующую квитанцию/)).toBeVisible();
    const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
    expect(violations.map((flaw) => flaw.id)).toEqual([]);
    await user.click(why);
    expect(screen.queryByRole("table", { name: /пени/ })).toBeNull();
  });

  it("are not spoken of where there are none", async () => {
    newWorld();
    await openPayment();
    expect(screen.queryByText(/Пени/)).toBeNull();
  });
});
