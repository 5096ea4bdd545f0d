import type { Locator, Page } from "@playwright/test";
import { PERIOD } from "../core";
import { expect, test } from "../home";
import { openSection } from "../resident";
import { expectAccessible, spaced } from "../window";

function main(page: Page): Locator {
  return page.getByRole("main");
}

async function openBills(page: Page): Promise<void> {
  await openSection(page, "Оплата");
  await page.getByRole("button", { name: /^Квитанции/ }).click();
  await expect(page.getByRole("heading", { name: "Квитанции" })).toBeVisible();
}

/** «октябрь 2026» of `2026-10`, as the rows of the list begin. */
function monthOf(period: string): string {
  const [year = 0, month = 1] = period.split("-").map(Number);
  return new Intl.DateTimeFormat("ru-RU", { month: "long" }).format(new Date(year, month - 1, 1)) + ` ${year}`;
}

async function openLast(page: Page): Promise<void> {
  await openBills(page);
  await main(page).getByRole("button", { name: new RegExp(`^${monthOf(PERIOD)}`, "i") }).first().click();
  await expect(main(page)).toContainText("Итого к оплате");
}

test("a bill opens from the list with its lines, and its sum can be paid", async ({ window }) => {
  await openBills(window);
  await expect(main(window)).toContainText("Двенадцать месяцев");
  await expectAccessible(window);
  await openLast(window);
  const lines = window.getByRole("table", { name: /Строки квитанции/ });
  await expect(lines).toContainText("Холодное водоснабжение");
  await expect(main(window)).toContainText(spaced(/3 456,78/));
  await expectAccessible(window);
  await main(window).getByRole("button", { name: /^Оплатить/ }).click();
  await expect(window.getByRole("heading", { level: 1 })).toContainText("Оплата");
});

test("why a service costs more is explained to the kopeck, and months are compared", async ({ window }) => {
  await openLast(window);
  const why = main(window).getByRole("button", { name: /почему (больше|меньше)\?/ }).first();
  await why.click();
  await expect(main(window)).toContainText(/(дороже|дешевле) на/);
  await expectAccessible(window);
  const compared = main(window).getByRole("radio", { name: "Год назад" });
  if ((await compared.count()) > 0) {
    await compared.check({ force: true });
    await expect(main(window)).toContainText(/прошлым годом/);
  }
});

test("the document is fetched once and opens without a line; all numbers stay", async ({ window, cable, computer }) => {
  await openLast(window);
  await main(window).getByRole("button", { name: "PDF" }).click();
  await expect(main(window)).toContainText("на этом компьютере");
  cable.pull();
  await window.reload();
  await openLast(window);
  await expect(main(window)).toContainText("Холодное водоснабжение");
  await main(window).getByRole("button", { name: "PDF" }).click();
  await expect(main(window)).toContainText("на этом компьютере");
  await main(window).getByRole("button", { name: "Открыть" }).click();
  await expect.poll(async () => (await computer.opened()).at(-1) ?? "").toMatch(/\.pdf$/);
  await expectAccessible(window);
});
