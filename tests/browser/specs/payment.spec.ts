import type { Locator, Page } from "@playwright/test";
import { bankPage, EMPTY_CARD, GOOD_CARD, payAt, readCode, stagesOf } from "../bank";
import { Computer } from "../bridge";
import { attachAt, call, registerAt, VINOKUROVA } from "../core";
import { expect, test } from "../home";
import { freshPhone, openSection } from "../resident";
import { expectAccessible, expectUnder, spaced } from "../window";

function main(page: Page): Locator {
  return page.getByRole("main");
}

async function openPayment(page: Page): Promise<void> {
  await openSection(page, "Оплата");
  await expect(main(page)).toContainText(spaced(/3 456,78 ₽/));
}

/** What is to be paid, as a person types it; the field parts the thousands. */
async function type(page: Page, sum: string): Promise<void> {
  const field = page.getByLabel(/^К оплате/);
  await field.fill(sum);
  await expect.poll(async () => (await field.inputValue()).replace(/\s/g, "")).toBe(sum);
}

async function pay(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Оплата", exact: true }).last().click();
}

test("an edited sum is paid once however often it is clicked, and the debt goes down by it", async ({ window, computer }) => {
  await openPayment(window);
  await expectAccessible(window);
  await type(window, "1250,50");
  await expect(main(window)).toContainText(/ИТОГ/);
  const button = main(window).getByRole("button", { name: "Оплата", exact: true });
  await expect(button).toBeEnabled();
  const before = (await computer.opened()).length;
  await button.dblclick();
  const bank = await bankPage(window, computer, before);
  await expect(main(window)).toContainText("Страница банка открыта в браузере");
  await expectAccessible(window);
  await payAt(bank, GOOD_CARD);
  await expect(bank.locator("body")).toContainText("Вернитесь в программу");
  await expect(main(window)).toContainText(spaced(/Оплачено и зачислено 1 250,50 ₽/));
  await expect(main(window)).toContainText(spaced(/2 206,28 ₽/));
  expect((await computer.opened()).length, "one page was opened").toBe(before + 1);
  await expectAccessible(window);
  await window.getByRole("button", { name: "Понятно" }).click();
  await expect(window.getByRole("region", { name: "История платежей" })).toContainText(spaced(/1 250,50 ₽/));
});

test("what the bank declines says why, takes nothing and can be paid again", async ({ window, computer }) => {
  await openPayment(window);
  await type(window, "700,01");
  let before = (await computer.opened()).length;
  await pay(window);
  const bank = await bankPage(window, computer, before);
  await payAt(bank, EMPTY_CARD);
  await expect(main(window)).toContainText("Банк отклонил платёж");
  await expect(main(window)).toContainText("Деньги не списаны");
  await expect(main(window)).toContainText(spaced(/3 456,78 ₽/));
  await expectAccessible(window);
  await window.getByRole("button", { name: "Заплатить ещё раз" }).click();
  await type(window, "700,02");
  before = (await computer.opened()).length;
  await pay(window);
  await payAt(await bankPage(window, computer, before), GOOD_CARD);
  await expect(main(window)).toContainText(spaced(/Оплачено и зачислено 700,02 ₽/));
});

test("sums that cannot be paid are told beside their field and ask no bank", async ({ window, computer }) => {
  await openPayment(window);
  await window.getByLabel(/^К оплате/).fill("сто рублей");
  await expect(window.getByLabel(/^К оплате/), "no letter comes in").toHaveValue("");
  await expect(main(window)).toContainText("Впишите сумму хотя бы для одного счёта.");
  await window.getByLabel(/^К оплате/).fill("0,50");
  await expect(main(window)).toContainText(/Наименьшая сумма платежа/);
  await window.getByLabel(/^К оплате/).fill("120");
  await window.getByLabel("Почта для чека").fill("не почта");
  await pay(window);
  await expectUnder(window.getByLabel("Почта для чека"), /./);
  await expectAccessible(window);
  expect(await computer.opened(), "no page was opened").toEqual([]);
  expect(await stagesOf(12_000)).toEqual([]);
});

test("a second person of the family sees who pays and until when, and cannot pay the same bill", async ({ window, computer, cable, page }, info) => {
  test.slow();
  const other = new Computer(`${info.workerIndex}-${info.testId}-other`, cable.url);
  await other.start();
  await registerAt(other, freshPhone());
  await attachAt(other, VINOKUROVA);
  const second = await page.context().newPage();
  await second.goto(other.url);
  await openPayment(second);
  await openPayment(window);
  await type(window, "300,03");
  const before = (await computer.opened()).length;
  await pay(window);
  const bank = await bankPage(window, computer, before);
  await expect(main(second)).toContainText(spaced(/Этот счёт сейчас оплачивает Смирнова В\. П\./));
  await expect(second.getByLabel(/^К оплате/)).toHaveCount(0);
  await expectAccessible(second);
  await payAt(bank, GOOD_CARD);
  // Both see what became of it.
  for (const one of [window, second]) {
    await expect(main(one)).toContainText(spaced(/3 156,75 ₽/));
  }
  await expect(second.getByLabel(/^К оплате/)).toHaveCount(1);
  expect(await stagesOf(30_003)).toEqual(["deposited"]);
  await other.kill();
});

test("what was paid while the line was down is found when it is back, also by a program that was killed", async ({ window, computer, cable }) => {
  test.slow();
  await openPayment(window);
  await type(window, "400,04");
  const before = (await computer.opened()).length;
  await pay(window);
  const bank = await bankPage(window, computer, before);
  cable.pull();
  await payAt(bank, GOOD_CARD);
  await expect(bank.locator("body")).toContainText("Вернитесь в программу");
  await expect(main(window)).toContainText(/Платёж не потеряется/);
  await computer.kill();
  await computer.start();
  await window.goto(computer.url);
  await openSection(window, "Оплата");
  await expect(main(window)).toContainText(spaced(/400,04 ₽/));
  cable.putBack();
  await call(computer, "person_back");
  await expect(main(window)).toContainText(spaced(/3 056,74 ₽/));
  expect(await stagesOf(40_004)).toEqual(["deposited"]);
});

test("without a line the code is for the sum that was typed, and another program reads it", async ({ window, cable }, info) => {
  await openPayment(window);
  cable.pull();
  await expect(main(window)).toContainText(/Пока платите по QR-коду/);
  await expectAccessible(window);
  const code = window.getByRole("img", { name: /^QR-код/ });
  for (const [typed, written] of [["1234,56", "Sum=123456|"], ["10", "Sum=1000|"]] as const) {
    await type(window, typed);
    await expect.poll(() => readCode(code, info.testId), { message: "the code says the sum" }).toContain(written);
  }
  const read = await readCode(code, info.testId);
  expect(read).toMatch(/^ST0001\d\|Name=/);
  expect(read).toContain(VINOKUROVA.number);
});
