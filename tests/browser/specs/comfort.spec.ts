import type { Page } from "@playwright/test";
import { attachAt, call, GIDROSTROITELEY } from "../core";
import { card, drums, expect, openEntry, openQueue, openReadings, test } from "../home";
import { openSection } from "../resident";
import { expectAccessible } from "../window";

const METER = "Горячая вода, ванная";

/** Nothing sticks out to the right, and no address or number is cut off in its own box. */
async function expectNothingLost(page: Page): Promise<void> {
  const lost = await page.evaluate(() => {
    const found: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > innerWidth) found.push(`the window scrolls sideways by ${root.scrollWidth - innerWidth}`);
    const sheet = document.getElementById("sheet");
    if (sheet && sheet.scrollWidth > sheet.clientWidth) found.push(`the sheet scrolls sideways by ${sheet.scrollWidth - sheet.clientWidth}`);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!element || !/(д\.|кв\.|№|корп\.)\s*\S*\d|\d{3}/.test(node.textContent ?? "") || element.closest("svg, .spoken, [aria-hidden=true]")) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const text = range.getBoundingClientRect();
      if (text.width === 0) continue;
      for (let box: HTMLElement | null = element; box && box !== document.body; box = box.parentElement) {
        const style = getComputedStyle(box);
        if (!/hidden|clip/.test(style.overflowX)) continue;
        const edge = box.getBoundingClientRect();
        if (text.right > edge.right + 1 || text.left < edge.left - 1) found.push(`cut off: «${node.textContent?.trim()}»`);
        break;
      }
      if (text.right > innerWidth + 1) found.push(`outside the window: «${node.textContent?.trim()}»`);
    }
    return found;
  });
  expect(lost).toEqual([]);
}

test("with real accounts every look is readable and open to everybody, and loses no house or flat number", async ({
  window,
  computer,
}) => {
  test.slow();
  await attachAt(computer, GIDROSTROITELEY);
  const looks = [
    { theme: "light", text_percent: 100, width: 1366 },
    { theme: "dark", text_percent: 100, width: 390 },
    { theme: "contrast", text_percent: 200, width: 1366 },
    { theme: "light", text_percent: 200, width: 390 },
  ];
  for (const { theme, text_percent, width } of looks) {
    await window.setViewportSize({ width, height: 800 });
    await call(computer, "settings_save", { theme, text_percent, language: "ru", toasts: true });
    await expect(window.locator("html")).toHaveAttribute("data-theme", theme);
    await openSection(window, "Оплата");
    await expect(window.getByRole("article").first()).toBeVisible();
    await expectNothingLost(window);
    await expectAccessible(window);
    await openReadings(window);
    await expect(card(window, METER)).toBeVisible();
    await expectNothingLost(window);
    await openEntry(window, METER);
    await drums(window, METER).pressSequentially("249,999");
    await expectNothingLost(window);
    await expectAccessible(window);
    await window.keyboard.press("Escape");
    await openQueue(window);
    await expectNothingLost(window);
    await window.keyboard.press("Escape");
  }
});
