import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { Computer } from "./bridge";
import { attachAt, pillOf, registerAt, VINOKUROVA } from "./core";
import { freshPhone } from "./resident";
import { town } from "./town";
import { copyData, imported, Utility } from "./utility";

export const HOUSEHOLD = "household";
const folder = () => join(town.work, HOUSEHOLD);

/** The utility that knows the household, and the household's computer; copied for every spec, so that none disturbs another. */
export const household = {
  get utility() {
    return join(folder(), "server");
  },
  get computer() {
    return join(town.work, "computers", HOUSEHOLD);
  },
  get phone() {
    const phone = process.env["ZHKH_HOUSEHOLD_PHONE"];
    if (phone === undefined) {
      throw new Error("the household was not prepared: specs run with playwright.config.ts");
    }
    return phone;
  },
};

/** Before all specs: a resident who is registered and whose account is attached. */
export default async function prepare(): Promise<void> {
  await rm(imported(), { recursive: true, force: true });
  await mkdir(imported(), { recursive: true });
  // Nobody has spoken to the town's server yet, so that its files stand still.
  await copyData(join(town.work, "server"), imported());
  const utility = new Utility(folder());
  await utility.found();
  await utility.start();
  const computer = new Computer(HOUSEHOLD, utility.url);
  await computer.start();
  const phone = freshPhone();
  await registerAt(computer, phone);
  await attachAt(computer, VINOKUROVA);
  await expect.poll(() => pillOf(computer)).toBe("sent");
  await computer.kill();
  await utility.stop();
  process.env["ZHKH_HOUSEHOLD_PHONE"] = phone;
}
