import { cp } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { Computer } from "./bridge";
import { Cable } from "./cut";
import { household } from "./household";
import { openSection } from "./resident";
import { town } from "./town";
import { type Days, imported, Utility } from "./utility";
import { expect, spaced, test as atWindow } from "./window";

interface Home {
  /** A resident who has just bought the computer: nobody is registered yet. */
  newcomer: boolean;
  /** When readings are taken; all month unless a spec says otherwise. */
  days: Days;
  /** A utility of one's own. */
  utility: Utility;
}

/** Specs of a household with an account: utility, computer and window of its own for each. */
export const test = atWindow.extend<Home>({
  newcomer: [false, { option: true }],
  days: [{ start: 1, end: 31 }, { option: true }],
  utility: async ({ newcomer, days }, use, info) => {
    const utility = new Utility(join(town.work, "utilities", info.testId));
    await utility.found(newcomer ? imported() : household.utility);
    await utility.setDays(days);
    await utility.start();
    await use(utility);
    await utility.remove();
  },
  cable: async ({ utility }, use) => {
    const cable = await Cable.to(utility.url);
    await use(cable);
    cable.remove();
  },
  computer: async ({ cable, newcomer }, use, info) => {
    const name = `${info.workerIndex}-${info.testId}`;
    if (!newcomer) {
      await cp(household.computer, join(town.work, "computers", name), { recursive: true });
    }
    const computer = new Computer(name, cable.url);
    await computer.start();
    await use(computer);
    await computer.kill();
  },
});

/** The card of a meter in «Показания». */
export function card(page: Page, name: string): Locator {
  return page.getByRole("article", { name: new RegExp(`^${name}`) });
}

/** The drums of a meter whose entry is open; of one tariff where it has several. */
export function drums(page: Page, name: string, zone?: string): Locator {
  return page.getByRole("textbox", { name: zone ? `${name}, ${zone}` : `${name}, показание`, exact: true });
}

/** The drums as a screen reader hears them: what is wrong stands in their description. */
export async function expectSaid(field: Locator, words: RegExp): Promise<void> {
  await expect(field).toHaveAccessibleDescription(spaced(words));
}

/** «Передать показания» or «Изменить показания» of a meter. */
export async function openEntry(page: Page, name: string): Promise<Locator> {
  await card(page, name).getByRole("button", { name: /^(Передать|Изменить) показания|^Ввести заранее/ }).click();
  return page.getByRole("textbox", { name: new RegExp(`^${name}, `) }).first();
}

export async function openReadings(page: Page): Promise<void> {
  await openSection(page, "Показания");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Показания");
}

/** Empties the drums and types, as a hand would. */
export async function retype(field: Locator, digits: string): Promise<void> {
  await field.press("Control+A");
  await field.press("Delete");
  await field.pressSequentially(digits);
}

export async function paste(field: Locator, text: string): Promise<void> {
  await field.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", pasted);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** The pill with these words. */
export async function expectPill(page: Page, words: RegExp): Promise<void> {
  await expect(page.locator("#pill")).toHaveAccessibleName(spaced(new RegExp(`^Отправка: ${words.source}`)));
}

export async function openQueue(page: Page): Promise<Locator> {
  const pill = page.locator("#pill");
  if ((await pill.getAttribute("aria-expanded")) !== "true") {
    await pill.click();
  }
  return page.getByRole("complementary", { name: "Отправка" });
}

export { expect };
