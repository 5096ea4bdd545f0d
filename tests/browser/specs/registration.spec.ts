import { choosePassword, enterCode, fillStep1, freshPhone, hearCode, NAME, navigation, PASSWORD, pretty, register, signOut } from "../resident";
import { expect, expectAccessible, expectUnder, spaced, test } from "../window";

test.beforeEach(async ({ window }) => {
  await window.getByRole("button", { name: "Зарегистрироваться" }).click();
});

test("three steps and a robot's call make a resident, each screen open to everybody", async ({ window }) => {
  const phone = freshPhone();
  await expectAccessible(window);
  await fillStep1(window, phone);
  await expect(window.getByText("Шаг 2 из 3")).toBeVisible();
  await expect(window.getByText(pretty(phone))).toBeVisible();
  const code = await hearCode(window, phone);
  await expect(window.getByLabel("Код доступа")).toBeFocused();
  await expectAccessible(window);
  await enterCode(window, code);
  await expect(window.getByText("Шаг 3 из 3")).toBeVisible();
  await expectAccessible(window);
  await choosePassword(window);
  await expect(navigation(window)).toBeVisible();
  await expectAccessible(window);
});

test("the consent is a document of its own, and nobody ticks it for the person", async ({ window }) => {
  const box = window.getByRole("checkbox", { name: /Согласие на обработку персональных данных/ });
  await expect(box).not.toBeChecked();
  await window.getByRole("button", { name: "Прочитать согласие" }).click();
  const document = window.getByRole("dialog");
  await expect(document).toContainText(/Версия \S+/);
  await expect(document).toContainText(/[0-9a-f]{64}/);
  await document.getByRole("button", { name: "Прочитано" }).click();
  await expect(box).not.toBeChecked();
});

test("mistakes of the first step are told at their fields, one after the other", async ({ window }) => {
  const phone = window.getByLabel("Телефон");
  const name = window.getByLabel("ФИО");
  const next = window.getByRole("button", { name: "Далее" });
  await next.click();
  await expectUnder(phone, /Напишите номер телефона/);
  await phone.fill("+7 8352 00-01-12");
  await name.fill(NAME);
  await window.getByRole("checkbox", { name: /Согласие на обработку персональных данных/ }).check();
  await next.click();
  await expectUnder(phone, /Робот звонит только на мобильные/);
  await phone.fill("+7 900 000");
  await next.click();
  await expectUnder(phone, /11 цифр/);
  await phone.fill(freshPhone());
  await name.fill("  ");
  await next.click();
  await expectUnder(name, /Напишите, как к вам обращаться/);
  await name.fill("12345");
  await next.click();
  await expectUnder(name, /Напишите имя буквами/);
  await name.fill(NAME);
  await window.getByRole("checkbox", { name: /Согласие на обработку персональных данных/ }).uncheck();
  await next.click();
  await expectUnder(window.getByRole("checkbox", { name: /Согласие на обработку персональных данных/ }), /Без согласия зарегистрировать нельзя/);
  await expect(window.getByText("Шаг 1 из 3")).toBeVisible();
});

test("a wrong code is told with the tries left, and the right one still works", async ({ window }) => {
  const phone = freshPhone();
  await fillStep1(window, phone);
  const code = await hearCode(window, phone);
  const wrong = [...code].map((digit) => (Number(digit) + 1) % 10).join("");
  await enterCode(window, wrong);
  await expectUnder(window.getByLabel("Код доступа"), /Код не подошёл. Осталось \d попытк/);
  await enterCode(window, code);
  await expect(window.getByText("Шаг 3 из 3")).toBeVisible();
});

test("a code that is used up asks for another call", async ({ window }) => {
  const phone = freshPhone();
  await fillStep1(window, phone);
  const code = await hearCode(window, phone);
  const wrong = [...code].map((digit) => (Number(digit) + 1) % 10).join("");
  const field = window.getByLabel("Код доступа");
  await expect(async () => {
    await enterCode(window, wrong);
    await expect(field).toHaveAccessibleDescription(/Запросите новый звонок/, { timeout: 1000 });
  }).toPass();
  await enterCode(window, code);
  await expectUnder(field, /Запросите новый звонок/);
});

test("a second call right after the first says when it is possible", async ({ window }) => {
  const phone = freshPhone();
  await fillStep1(window, phone);
  await hearCode(window, phone);
  await expect(window.getByText(/Ещё раз робот позвонит через/)).toBeVisible();
  await expect(window.getByRole("button", { name: "Позвонить ещё раз" })).toHaveCount(0);
});

test("a weak password and passwords that differ are told at their fields", async ({ window }) => {
  const phone = freshPhone();
  await fillStep1(window, phone);
  await enterCode(window, await hearCode(window, phone));
  await choosePassword(window, "");
  await expectUnder(window.getByLabel("Создайте пароль"), /Напишите пароль/);
  await choosePassword(window, "kot1");
  await expectUnder(window.getByLabel("Создайте пароль"), /хотя бы 8 знаков/);
  await choosePassword(window, "tolkobukvy");
  await expectUnder(window.getByLabel("Создайте пароль"), /и буквы, и цифры/);
  await choosePassword(window, "a1a1a1a1");
  await expectUnder(window.getByLabel("Создайте пароль"), /легко угадать/);
  await choosePassword(window, PASSWORD, "klyuch2025");
  await expectUnder(window.getByLabel("Подтвердите пароль"), /Пароли отличаются/);
  await choosePassword(window);
  await expect(navigation(window)).toBeVisible();
});

test("a known phone is answered like a new one, and its next call has to wait", async ({ window }) => {
  const phone = freshPhone();
  await window.getByRole("button", { name: "Назад" }).click();
  await register(window, phone);
  await signOut(window);
  await window.getByRole("button", { name: "Забыли пароль?" }).click();
  await window.getByRole("button", { name: "Пройти регистрацию" }).click();
  await fillStep1(window, phone);
  // Until the code is right nobody learns whether the phone is known.
  await expect(window.getByText("Шаг 2 из 3")).toBeVisible();
  await expect(window.getByText(spaced(/уже зарегистрирован/))).toHaveCount(0);
  await window.getByRole("button", { name: "Запросить звонок с кодом" }).click();
  await expect(window.getByText(spaced(/Звонок уже был. Следующий можно запросить в \d/))).toBeVisible();
});

test("without a connection what was filled in stays, and the window says what is wrong", async ({ window, cable }) => {
  cable.pull();
  await fillStep1(window, freshPhone());
  await expect(window.getByText(/Нет связи/)).toBeVisible();
  await expect(window.getByLabel("ФИО")).toHaveValue(NAME);
  cable.putBack();
  await window.getByRole("button", { name: "Далее" }).click();
  await expect(window.getByText("Шаг 2 из 3")).toBeVisible();
});
