import axe from "axe-core";
import { cleanup, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { added } from "../../src/money/typed";
import { askedOf, home, newWorld, openPayment, pay, shownSum } from "./section";

beforeEach(() => newWorld("services"));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const group = () => screen.getByRole("group", { name: "По услугам: Винокурова, 10-25" });
const field = (service: string) => within(group()).getByRole<HTMLInputElement>("textbox", { name: `${service}, Винокурова, 10-25` });

it("an account that billing divides can be paid by services, and its sum is theirs", async () => {
  const { user } = await openPayment();
  await user.click(screen.getByRole("button", { name: "По услугам: Винокурова, 10-25" }));
  expect(within(group()).getAllByRole("textbox")).toHaveLength(4);
  expect(field("Холодное водоснабжение").value).toBe("647,39");
  await user.clear(field("Горячее водоснабжение"));
  await user.clear(field("Обращение с ТКО"));
  await user.type(field("Обращение с ТКО"), "50");
  await waitFor(() => expect(askedOf("payment_total").at(-1)).toMatchObject({ sums: [{ sum: "1897,89" }, { sum: "" }] }));
  expect(askedOf("payment_total").at(-1)).toMatchObject({
    sums: [
      {
        services: [
          { service: "Содержание жилого помещения", sum: "1200,50" },
          { service: "Холодное водоснабжение", sum: "647,39" },
          { service: "Горячее водоснабжение", sum: "" },
          { service: "Обращение с ТКО", sum: "50" },
        ],
      },
      { services: [] },
    ],
  });
  // The code is of the same sum.
  await waitFor(() => expect(askedOf("payment_qr").at(-1)).toMatchObject({ sum: "1897,89" }));
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
  expect(violations.map((flaw) => flaw.id)).toEqual([]);
  await user.click(pay());
  await waitFor(() => expect(askedOf("payment_start")).toHaveLength(1));
  expect(JSON.stringify(askedOf("payment_start")[0])).toContain("Содержание жилого помещения");
});

it("back to one sum what the services came to stays", async () => {
  const { user } = await openPayment();
  await user.click(screen.getByRole("button", { name: "По услугам: Винокурова, 10-25" }));
  await user.clear(field("Горячее водоснабжение"));
  await user.click(screen.getByRole("button", { name: "Одной суммой: Винокурова, 10-25" }));
  expect(shownSum()).toBe("2 397,89");
  expect(home()).toBeVisible();
  await waitFor(() => expect(askedOf("payment_total").at(-1)).toMatchObject({ sums: [{ sum: "2397,89", services: [] }, { services: [] }] }));
});

it("where billing divides nothing there is nothing to unfold", async () => {
  newWorld();
  await openPayment();
  expect(screen.queryByRole("button", { name: /^По услугам/ })).toBeNull();
});

it("typed sums are added to the kopeck", () => {
  const plain = (texts: string[]) => added(texts).replace(/\s/g, "");
  expect(plain(["0,10", "0,20", ""])).toBe("0,30");
  expect(plain(["1 000", "0,05", "7,5"])).toBe("1007,55");
  expect(plain(["", ""])).toBe("");
});
