import type { Page } from "@playwright/test";
import { freshPhone, openSection, register } from "../resident";
import { answered, expect, expectAccessible, test } from "../window";

const SECTIONS = ["События", "Оплата", "Показания", "Заявки", "Профиль"];

/** Nothing sticks out to the right: whoever enlarges the text scrolls in one direction only (WCAG 1.4.10). */
async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const excess = await page.evaluate(() => {
    const sheet = document.getElementById("sheet");
    return Math.max(document.documentElement.scrollWidth - innerWidth, sheet ? sheet.scrollWidth - sheet.clientWidth : 0);
  });
  expect(excess).toBeLessThanOrEqual(0);
}

test("every section is open to everybody, in every theme", async ({ window }) => {
  await register(window, freshPhone());
  for (const theme of ["Светлая", "Тёмная", "Контрастная"]) {
    await openSection(window, "Профиль");
    await window.getByText(theme, { exact: true }).click();
    for (const section of SECTIONS) {
      await openSection(window, section);
      await expect(window.getByRole("heading", { level: 1 })).toContainText(section);
      await expectAccessible(window);
    }
  }
});

test("text of twice the size and a window of 390 px lose nothing to the right", async ({ window }) => {
  await register(window, freshPhone());
  for (const [width, times] of [
    [390, 0],
    [1366, 3],
  ] as const) {
    await window.setViewportSize({ width, height: 800 });
    for (let step = 0; step < times; step += 1) {
      await window.keyboard.press("Control+Equal");
    }
    for (const section of SECTIONS) {
      await openSection(window, section);
      await expectNoSidewaysScroll(window);
    }
  }
});

test("look and language are remembered by this computer", async ({ window, computer }) => {
  await register(window, freshPhone());
  await openSection(window, "Профиль");
  await answered(window, "settings_save", () => window.getByText("Тёмная", { exact: true }).click());
  await answered(window, "settings_save", () => window.getByText("English", { exact: true }).click());
  await expect(window.getByRole("navigation", { name: "Sections" })).toBeVisible();
  await computer.kill();
  await computer.start();
  await window.goto(computer.url);
  await expect(window.getByRole("navigation", { name: "Sections" })).toBeVisible();
  await expect(window.locator("html")).toHaveAttribute("data-theme", "dark");
});
