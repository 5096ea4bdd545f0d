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

/** Does what makes the window give the core a command, and waits for the answer: what is shown at once is not kept yet. */
export async function answered(page: Page, command: string, act: () => Promise<void>): Promise<void> {
  const answer = page.waitForResponse((response) => response.url().endsWith(`/call/${command}`));
  await act();
  expect((await answer).ok(), command).toBe(true);
}

/** The words right under a field, which a screen reader reads with it. */
export async function expectUnder(field: Locator, words: RegExp): Promise<void> {
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveAccessibleDescription(spaced(words));
}

/** Waits until nothing moves any more: half a change of colour is a contrast that nobody chose. */
async function atRest(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const running = () => document.getAnimations().filter(({ playState }) => playState === "running");
    // One that turns round or whose element goes is cancelled, which rejects. That is an end too; another may follow it.
    for (let moving = running(); moving.length > 0; moving = running()) {
      await Promise.allSettled(moving.map(({ finished }) => finished));
    }
  });
}

/** Nothing that axe knows of keeps anybody out of this screen. */
export async function expectAccessible(page: Page): Promise<void> {
  await atRest(page);
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ")}`)).toEqual([]);
}
