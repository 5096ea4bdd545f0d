import { attachAt, call, GIDROSTROITELEY, SOLNECHNAYA } from "../core";
import { card, drums, expect, expectPill, expectSaid, openEntry, openReadings, paste, retype, test } from "../home";
import { expectAccessible, spaced } from "../window";

const KITCHEN = "Холодная вода, кухня";

test("every key that a meter cannot show is told at its drums, and a comma and a point are the same", async ({ window }) => {
  await openReadings(window);
  const field = await openEntry(window, KITCHEN);
  const submit = card(window, KITCHEN).getByRole("button", { name: "Передать показания" });
  await submit.click();
  await expectSaid(field, /Введите цифры со счётчика/);
  await expect(field).toBeFocused();
  await field.pressSequentially("46x");
  await expectSaid(field, /Здесь только цифры и одна запятая или точка/);
  await expect(field).toHaveValue("46");
  await field.pressSequentially("0,6,");
  await expectSaid(field, /Запятая уже стоит/);
  await field.pressSequentially("041");
  await expectSaid(field, /Все цифры прибора уже заполнены/);
  await expect(field).toHaveValue("460,604");
  await paste(field, "460,6041");
  await expectSaid(field, /У прибора 3 цифры после запятой, во вставленном больше/);
  await paste(field, "1460604,5");
  await expectSaid(field, /У прибора 5 цифр до запятой, во вставленном больше/);
  await paste(field, "четыреста");
  await expectSaid(field, /Во вставленном тексте не число/);
  await expect(field).toHaveValue("460,604");
  await expect(card(window, KITCHEN).getByRole("alert")).toBeVisible();
  await expectAccessible(window);
  for (const typed of ["460.604", "460,604", "00460604", "460ю604"]) {
    await retype(field, typed);
    await expect(field).toHaveValue(/^(00)?460,604$/);
    await expect(card(window, KITCHEN)).toContainText(spaced(/7,486 м³/));
  }
  await paste(field, "460.604 м³");
  await expect(field).toHaveValue("460,604");
});

test("values that cannot be or are odd are told at the drums, and the proposal puts them right", async ({ window }) => {
  await openReadings(window);
  const field = await openEntry(window, KITCHEN);
  const meter = card(window, KITCHEN);
  const submit = meter.getByRole("button", { name: "Передать показания" });

  await retype(field, "450,000");
  await expectSaid(field, /Меньше прошлого показания, 453,118 м³. Проверьте цифры на приборе/);
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await submit.click();
  await expect(field, "a lower value does not leave").toBeVisible();

  await retype(field, "999,999");
  await expectSaid(field, /Выходит 546,881 м³, это больше 500 м³ за месяц. Проверьте цифры на приборе/);

  await retype(field, "478,118");
  await expect(meter).toContainText(spaced(/Обычно около 7,3 м³, а выходит 25 м³/));
  await expect(meter.getByRole("button", { name: "Всё верно, передать" })).toBeVisible();
  await expectAccessible(window);

  await retype(field, "640,604");
  await expect(meter).toContainText(spaced(/Похоже, 6 и 4 поменялись местами|Похоже, 4 и 6 поменялись местами/));
  await meter.getByRole("button", { name: "Исправить на 00460,604" }).click();
  await expect(field).toHaveValue("460,604");
  await expect(field).toBeFocused();
  await expect(meter).not.toContainText("поменялись");
  await field.press("Enter");
  await expect(meter).toContainText("00460,604");
  await expectPill(window, /Всё отправлено/);
  await expect(meter).toContainText("Принято");
});

test("an odd value that is right goes after one question", async ({ window }) => {
  await openReadings(window);
  const field = await openEntry(window, KITCHEN);
  await field.pressSequentially("478,118");
  await field.press("Enter");
  const confirm = card(window, KITCHEN).getByRole("button", { name: "Всё верно, передать" });
  await confirm.click();
  await expect(card(window, KITCHEN)).toContainText("00478,118");
  await expect(card(window, KITCHEN)).toContainText("Принято");
});

test("a gas meter that passed through zero is believed after a question", async ({ window, computer }) => {
  await attachAt(computer, GIDROSTROITELEY);
  await openReadings(window);
  const field = await openEntry(window, "Газ");
  await retype(field, "3,000");
  await expect(card(window, "Газ")).toContainText("Счётчик прошёл через нули?");
  await expect(card(window, "Газ")).toContainText(spaced(/расход 11,598 м³/));
  await expectAccessible(window);
  await card(window, "Газ").getByRole("button", { name: "Да, прошёл через нули, передать" }).click();
  await expect(card(window, "Газ")).toContainText("00003,000");
  await expect(card(window, "Газ")).toContainText("Принято");
});

test("a meter of two tariffs goes only with both values", async ({ window }) => {
  await openReadings(window);
  const day = await openEntry(window, "Электроэнергия");
  const night = drums(window, "Электроэнергия", "ночь");
  await day.pressSequentially("14340");
  await day.press("Enter");
  await expect(night, "Enter goes on to the night").toBeFocused();
  await card(window, "Электроэнергия").getByRole("button", { name: "Передать показания" }).click();
  await expectSaid(night, /Введите показание «ночь»/);
  await night.pressSequentially("6980,");
  await expectSaid(night, /только целые, запятая не нужна/);
  await night.press("Enter");
  await expect(card(window, "Электроэнергия")).toContainText(/014340.*006980/);
  await expect(card(window, "Электроэнергия")).toContainText("Принято");
});

test("meters that take no readings say why and offer no entry", async ({ window, computer }) => {
  await attachAt(computer, SOLNECHNAYA);
  await openReadings(window);
  const said = {
    "0266075-18": /Поверка закончилась 9 .+ Показания примем после новой поверки/,
    "Т-118402": /Прибор передаёт показания сам, вводить их не нужно/,
    "0311902-16": /Прибор снят 17 .+ Передайте показание нового/,
  };
  for (const [serial, words] of Object.entries(said)) {
    const meter = window.getByRole("article").filter({ hasText: serial });
    await expect(meter).toContainText(spaced(words));
    await expect(meter.getByRole("button", { name: /показания:|заранее/ })).toHaveCount(0);
  }
  const successor = window.getByRole("article").filter({ hasText: "0877410-26" });
  await expect(successor.getByRole("button", { name: /Передать показания/ })).toBeVisible();
  await expectAccessible(window);
});

test("a wrong meter name is told at its field, a right one is shown everywhere", async ({ window, cable, computer }) => {
  await openReadings(window);
  cable.pull();
  const pencil = window.getByRole("button", { name: `Изменить название: ${KITCHEN}` });
  await pencil.click();
  const name = window.getByRole("textbox", { name: "Название прибора" });
  await name.fill("Кухня, у окна, ".repeat(20));
  await name.press("Enter");
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await expectSaid(name, /Длинно: поместится \d+ знак/);
  await expectAccessible(window);
  await name.fill("Кухня у окна");
  await name.press("Enter");
  const renamed = card(window, "Кухня у окна");
  await expect(renamed).toContainText(/Новое название: на этом компьютере/);
  await expect(renamed.getByRole("button", { name: "Изменить название: Кухня у окна" })).toBeFocused();
  cable.putBack();
  await call(computer, "person_back");
  await expect(renamed).not.toContainText("Новое название");
  await window.reload();
  await openReadings(window);
  await expect(card(window, "Кухня у окна")).toBeVisible();
  // Nothing brings back the name that the utility gave.
  await window.getByRole("button", { name: "Изменить название: Кухня у окна" }).click();
  await name.fill("");
  await name.press("Enter");
  await expect(card(window, KITCHEN)).toBeVisible();
});
