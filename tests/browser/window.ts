import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import { Computer } from "./bridge";
import { Cable } from "./cut";
import { givenBridge, town } from "./town";

interface World {
  /** The cable to the server. */
  cable: Cable;
  /** The resident's computer; a new one for every spec. */
  computer: Computer;
  /** The window, open. */
  window: Page;
}

export const test = base.extend<World>({
  cable: async ({}, use) => {
    const cable = await Cable.to(town.server);
    await use(cable);
    cable.remove();
  },
  computer: async ({ cable }, use, info) => {
    const computer = new Computer(`${info.workerIndex}-${info.testId}`, cable.url);
    await computer.start();
    await use(computer);
    await computer.kill();
  },
  window: async ({ page, computer }, use) => {
    const broken: string[] = [];
    page.on("pageerror", (error) => broken.push(error.message));
    await page.goto(givenBridge ?? computer.url);
    await use(page);
    expect(broken, "exceptions in the window").toEqual([]);
  },
});

export { expect };

/** A pattern in which a space also means one that does not break. */
export function spaced(words: RegExp): RegExp {
  return new RegExp(words.source.replaceAll(" ", "\\s"), words.flags);
}

/** The words right under a field, which a screen reader reads with it. */
export async function expectUnder(field: Locator, words: RegExp): Promise<void> {
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveAccessibleDescription(spaced(words));
}

/** Nothing that axe knows of keeps anybody out of this screen. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)));
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ")}`)).toEqual([]);
}
