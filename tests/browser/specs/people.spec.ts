import { Computer } from "../bridge";
import { call } from "../core";
import { card, drums, expect, expectPill, openEntry, openQueue, openReadings, retype, test } from "../home";
import { household } from "../household";
import { freshPhone, navigation, openSection, PASSWORD, register, signIn, signOut } from "../resident";
import { expectAccessible, spaced } from "../window";

const KITCHEN = "Холодная вода, кухня";

test("leaving with something unsent asks first, and the password opens it again without a connection", async ({
  window,
  cable,
  computer,
}) => {
  await openReadings(window);
  cable.pull();
  await openEntry(window, KITCHEN);
  await drums(window, KITCHEN).pressSequentially("460,604");
  await drums(window, KITCHEN).press("Enter");
  await expect(card(window, KITCHEN)).toContainText("Сохранено на этом компьютере");

  await openSection(window, "Профиль");
  await window.getByRole("button", { name: "Выход" }).click();
  const ask = window.getByRole("dialog");
  await expect(ask).toContainText(spaced(/Ещё не отправлена 1 запись/));
  await expect(ask).toContainText("останутся на этом компьютере зашифрованными");
  await expectAccessible(window);
  await ask.getByRole("button", { name: "Остаться" }).click();
  await expect(navigation(window)).toBeVisible();
  await window.getByRole("button", { name: "Выход" }).click();
  await ask.getByRole("button", { name: "Выйти и оставить" }).click();
  await expect(window.getByRole("heading", { name: "Вход" })).toBeVisible();

  await signIn(window, household.phone, PASSWORD);
  await openReadings(window);
  await expect(card(window, KITCHEN)).toContainText("00460,604");
  await expect(card(window, KITCHEN)).toContainText("Сохранено на этом компьютере");
  cable.putBack();
  await call(computer, "person_back");
  await expectPill(window, /Войдите, чтобы отправить: 1/);
  const queue = await openQueue(window);
  await expect(queue).toContainText("Ничего не потеряно");
  await queue.getByRole("button", { name: "Войти" }).click();
  await window.getByRole("dialog").getByLabel("Пароль", { exact: true }).fill(PASSWORD);
  await window.keyboard.press("Enter");
  await expect(card(window, KITCHEN)).toContainText("Принято");
  await expectPill(window, /Всё отправлено/);
});

test("two people of one computer never see each other's accounts, entries or names", async ({ window, cable }) => {
  await openReadings(window);
  cable.pull();
  await openEntry(window, KITCHEN);
  await drums(window, KITCHEN).pressSequentially("460,604");
  await drums(window, KITCHEN).press("Enter");
  await expect(card(window, KITCHEN)).toContainText("Сохранено на этом компьютере");
  await openSection(window, "Профиль");
  await window.getByRole("button", { name: "Выход" }).click();
  await window.getByRole("dialog").getByRole("button", { name: "Выйти и оставить" }).click();
  await expect(window.getByRole("heading", { name: "Вход" })).toBeVisible();
  cable.putBack();

  const second = freshPhone();
  await register(window, second);
  await openReadings(window);
  await expect(window.getByRole("main")).toContainText("Лицевой счёт ещё не подключён");
  await expect(window.locator("body")).not.toContainText(/Винокурова|2140183572|460,604/);
  await expect(await openQueue(window)).toContainText("Здесь появляется то, что введено");
  await window.keyboard.press("Escape");
  await window.keyboard.press("Control+K");
  await window.keyboard.type("кухня");
  await expect(window.getByRole("dialog", { name: "Поиск" })).toContainText("ничего нет");
  await window.keyboard.press("Escape");
  await signOut(window);

  await signIn(window, household.phone, PASSWORD);
  await openReadings(window);
  await expect(card(window, KITCHEN)).toContainText("00460,604");
  await expect(card(window, KITCHEN)).toContainText("Принято");
});

test("two computers of one person show each other's readings without being asked, and the later one counts", async ({
  window,
  context,
  utility,
}, info) => {
  const second = new Computer(`${info.testId}-second`, utility.url);
  try {
    await second.start();
    const other = await context.newPage();
    await other.goto(second.url);
    await signIn(other, household.phone, PASSWORD);
    await openReadings(other);
    await openReadings(window);
    await openEntry(window, KITCHEN);
    await drums(window, KITCHEN).pressSequentially("460,604");
    await drums(window, KITCHEN).press("Enter");
    await expect(card(other, KITCHEN)).toContainText("00460,604");
    await expect(card(other, KITCHEN)).toContainText("Принято");

    await retype(await openEntry(other, KITCHEN), "461,120");
    await drums(other, KITCHEN).press("Enter");
    await expect(card(window, KITCHEN)).toContainText("00461,120");
    await card(window, KITCHEN).getByRole("button", { name: /История/ }).click();
    await expect(card(window, KITCHEN).getByRole("row", { name: /460,604/ })).toContainText("не в расчёте");
  } finally {
    await second.kill();
  }
});
