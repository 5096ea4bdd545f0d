import type { Page } from "@playwright/test";
import { attachAt, GIDROSTROITELEY, PERIOD, SOLNECHNAYA, VINOKUROVA } from "../core";
import { card, expect, openReadings, test } from "../home";
import { navigation, openSection } from "../resident";
import { expectAccessible, expectUnder, spaced } from "../window";

async function openAttach(window: Page) {
  await openSection(window, "Оплата");
  await window.getByRole("main").getByRole("button", { name: "Подключить лицевой счёт" }).click();
  const dialog = window.getByRole("dialog", { name: "Подключить лицевой счёт" });
  return {
    dialog,
    number: dialog.getByLabel("Номер лицевого счёта"),
    sum: dialog.getByLabel("Итого к оплате, ₽"),
    find: dialog.getByRole("button", { name: "Подключить" }),
    check: dialog.getByRole("button", { name: "Проверить" }),
  };
}

test("mistakes of attaching are told at their fields, and the fifth wrong proof locks for a while", async ({ window }) => {
  const { dialog, number, sum, find, check } = await openAttach(window);
  await find.click();
  await expectUnder(number, /Напишите номер лицевого сч/);
  await number.fill("21402074б9");
  await find.click();
  await expectUnder(number, /только цифры/);
  await number.fill("2140999999");
  await find.click();
  await expectUnder(number, /Такого сч.та нет. Сверьте номер с квитанцией/);
  await number.fill(VINOKUROVA.number);
  await find.click();
  await expectUnder(number, /уже подключ.н/);

  await number.fill(SOLNECHNAYA.number);
  await find.click();
  await expect(dialog).toContainText(SOLNECHNAYA.masked);
  await dialog.getByLabel("За какой месяц квитанция").selectOption(PERIOD);
  await check.click();
  await expectUnder(sum, /Напишите сумму/);
  await sum.fill("пять тысяч");
  await check.click();
  await expectUnder(sum, /Напишите сумму цифрами/);
  // Somebody else's bill: right as a bill, wrong for this account.
  for (const left of [4, 3, 2, 1]) {
    await sum.fill(VINOKUROVA.sum);
    await check.click();
    await expectUnder(sum, new RegExp(`Не совпало с квитанцией. Остал.сь ${left} попыт`));
    await expect(dialog).not.toContainText(/д\.\s*7|кв\.\s*12|Игнатьев/);
  }
  await sum.fill(VINOKUROVA.sum);
  await check.click();
  await expectUnder(sum, /Попытки кончились/);
  await sum.fill(SOLNECHNAYA.sum);
  await check.click();
  await expect(dialog.getByRole("alert")).toContainText(spaced(/Попыток было много\. Продолжите (завтра )?в \d/));
  await expectAccessible(window);
});

test("the text of a bill's QR code proves the account too, and another text says what is needed", async ({ window }) => {
  const { dialog, number, find, check } = await openAttach(window);
  await number.fill(SOLNECHNAYA.number);
  await find.click();
  await dialog.getByText("По QR-коду", { exact: true }).click();
  const qr = dialog.getByLabel("Текст QR-кода с квитанции");
  await check.click();
  await expectUnder(qr, /Отсканируйте QR-код/);
  await qr.fill("https://example.test/not-a-bill");
  await check.click();
  await expectUnder(qr, /Это не QR-код квитанции/);
  const [year, month] = PERIOD.split("-");
  const code = (account: string, kopecks: number) =>
    "ST00012|Name=МУП КС|PersonalAcc=40702810775020000123|BankName=Банк|BIC=049706609|CorrespAcc=30101810300000000609|" +
    `PayeeINN=2124012348|Sum=${kopecks}|PersAcc=${account}|PaymPeriod=${month}${year}|TechCode=02`;
  await qr.fill(code(VINOKUROVA.number, 345_678));
  await check.click();
  await expect(window.getByRole("dialog")).toContainText(spaced(/Не совпало с квитанцией. Осталось 4 попытки/));
  await qr.fill(code(SOLNECHNAYA.number, 512_345));
  await check.click();
  await expect(dialog).toContainText(SOLNECHNAYA.address);
});

test("two accounts of one person stay apart: the filter, the debts, and the question before one is removed", async ({
  window,
  computer,
}) => {
  await attachAt(computer, GIDROSTROITELEY);
  await openReadings(window);
  const all = window.getByRole("article");
  await expect(all).toHaveCount(10);
  const filter = window.getByRole("main").getByRole("button", { name: "Лицевой счёт: Все" });
  await filter.click();
  await expectAccessible(window);
  await window.getByRole("menuitemradio", { name: /Гидростроителей/ }).click();
  await expect(all).toHaveCount(6);
  await expect(card(window, "Газ")).toBeVisible();
  await window.getByRole("main").getByRole("button", { name: /Лицевой счёт: .*Гидростроителей/ }).click();
  await window.getByRole("menuitemradio", { name: /Винокурова/ }).click();
  await expect(all).toHaveCount(4);

  await openSection(window, "Оплата");
  await navigation(window).getByRole("button", { name: /Винокурова/ }).click();
  await window.getByRole("menuitemradio", { name: /Все счета/ }).click();
  const row = window.getByRole("article", { name: GIDROSTROITELEY.address });
  await expect(row).toContainText(spaced(/6 870,19/));
  await row.getByRole("button", { name: `Удалить лицевой счёт № ${GIDROSTROITELEY.number}` }).click();
  const ask = window.getByRole("dialog");
  await expect(ask).toContainText(`Удалить лицевой счёт № ${GIDROSTROITELEY.number}?`);
  await expectAccessible(window);
  await ask.getByRole("button", { name: "Отмена" }).click();
  await expect(row).toBeVisible();
  await row.getByRole("button", { name: /Удалить/ }).click();
  await ask.getByRole("button", { name: "Да" }).click();
  await expect(row).toHaveCount(0);
  await openReadings(window);
  await expect(all).toHaveCount(4);
  await expect(card(window, "Газ")).toHaveCount(0);
});

test("an account is not removed without a connection, and the window says so", async ({ window, cable }) => {
  await openSection(window, "Оплата");
  cable.pull();
  await window.getByRole("button", { name: /Удалить лицевой счёт/ }).click();
  const ask = window.getByRole("dialog");
  await ask.getByRole("button", { name: "Да" }).click();
  await expect(ask.getByRole("alert")).toContainText("Счёт остался на месте");
  await ask.getByRole("button", { name: "Отмена" }).click();
  await expect(window.getByRole("article", { name: VINOKUROVA.address })).toBeVisible();
});
