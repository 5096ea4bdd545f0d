import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Locator, Page } from "@playwright/test";
import type { Computer } from "./bridge";
import { town } from "./town";
import { expect } from "./window";

/** Pays. */
export const GOOD_CARD = "2200 0000 0000 0004";
/** Has no money. */
export const EMPTY_CARD = "2200 0000 0000 0012";

/** The page of the bank that the program opened after `before` others, in a browser of its own. */
export async function bankPage(page: Page, computer: Computer, before: number): Promise<Page> {
  await expect.poll(async () => (await computer.opened()).length, { message: "the bank's page is opened" }).toBeGreaterThan(before);
  const bank = await page.context().newPage();
  await bank.goto((await computer.opened()).at(-1)!);
  return bank;
}

/** Fills in the card and pays. */
export async function payAt(bank: Page, card: string): Promise<void> {
  await bank.getByLabel("Номер карты").fill(card);
  await bank.getByLabel("Срок действия").fill("12/30");
  await bank.getByLabel("Код CVC").fill("123");
  await bank.getByRole("button", { name: "Оплатить" }).click();
}

/** How the bank's orders of one sum stand, in kopecks, its commission of some per cent included; other specs pay other sums. */
export async function stagesOf(sum: number): Promise<string[]> {
  const orders = (await (await fetch(`${town.sandbox}/bank/orders`)).json()) as { amount: number; stage: string }[];
  return orders.filter(({ amount }) => amount >= sum && amount <= sum * 1.05).map(({ stage }) => stage);
}

/** What another program reads in the code that is shown. */
export async function readCode(code: Locator, name: string): Promise<string> {
  const file = join(town.work, `${name}.png`);
  await writeFile(file, await code.screenshot());
  return promisify(execFile)("zbarimg", ["--quiet", "--raw", file]).then(({ stdout }) => stdout.trim(), () => "");
}
