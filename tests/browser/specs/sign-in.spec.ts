import { freshPhone, navigation, openSection, PASSWORD, register, signIn, signOut } from "../resident";
import { answered, expect, expectAccessible, expectUnder, spaced, test } from "../window";

test("the sign-in is open to everybody, and help is one press away", async ({ window }) => {
  await expectAccessible(window);
  await window.getByRole("button", { name: "Напишите нам" }).click();
  await expect(window.getByRole("complementary", { name: "Тех. поддержка" })).toContainText(/\d{2}-\d{2}/);
  await expectAccessible(window);
  await window.keyboard.press("Escape");
  await expect(window.getByRole("button", { name: "Напишите нам" })).toBeFocused();
});

test("the right password opens the window again, by keyboard alone", async ({ window }) => {
  const phone = freshPhone();
  await register(window, phone);
  await signOut(window);
  await window.getByLabel("Телефон").focus();
  await window.keyboard.type(phone.slice(2));
  await window.keyboard.press("Tab");
  await window.keyboard.type(PASSWORD);
  await window.keyboard.press("Enter");
  await expect(navigation(window)).toBeVisible();
});

test("a wrong password is told at its field, and the fifth one locks for a while", async ({ window }) => {
  const phone = freshPhone();
  await register(window, phone);
  await signOut(window);
  await signIn(window, phone, "sovsem-drugoj1");
  await expectUnder(window.getByLabel("Пароль", { exact: true }), /Телефон или пароль не подошли/);
  await expect(async () => {
    await signIn(window, phone, "sovsem-drugoj1");
    await expect(window.getByRole("alert")).toContainText(/Попробуйте/, { timeout: 1000 });
  }).toPass();
  await expect(window.getByRole("button", { name: "Войти" })).toHaveAttribute("aria-disabled", "true");
});

test("an unknown phone is answered like a wrong password: nobody learns who is registered", async ({ window }) => {
  await signIn(window, freshPhone(), PASSWORD);
  await expectUnder(window.getByLabel("Пароль", { exact: true }), /Телефон или пароль не подошли/);
});

test("without a connection the last password still opens this computer, another does not", async ({ window, cable }) => {
  const phone = freshPhone();
  await register(window, phone);
  await signOut(window);
  cable.pull();
  await signIn(window, phone, "sovsem-drugoj1");
  await expect(window.getByText(spaced(/вы ещё не входили с этим телефоном и паролем/))).toBeVisible();
  await signIn(window, phone, PASSWORD);
  await expect(navigation(window)).toBeVisible();
  cable.putBack();
  await window.getByRole("button", { name: /^Отправка: Войдите/ }).click();
  await window.getByRole("button", { name: "Войти" }).click();
  await window.getByRole("dialog").getByLabel("Пароль", { exact: true }).fill(PASSWORD);
  await window.keyboard.press("Enter");
  await expect(window.getByRole("button", { name: "Отправка: Всё отправлено" })).toBeVisible();
});

test("a new start finds the person signed in", async ({ window, computer }) => {
  await register(window, freshPhone());
  await computer.kill();
  await computer.start();
  await window.goto(computer.url);
  await expect(navigation(window)).toBeVisible();
});

test("with «Не сохранять пароль» a new start asks for it", async ({ window, computer }) => {
  const phone = freshPhone();
  await register(window, phone);
  await openSection(window, "Профиль");
  await answered(window, "forget_password", () => window.getByRole("checkbox", { name: "Не сохранять пароль" }).check());
  await expect(window.getByRole("checkbox", { name: "Не сохранять пароль" })).toBeChecked();
  await computer.kill();
  await computer.start();
  await window.goto(computer.url);
  await expect(window.getByRole("heading", { name: "Вход" })).toBeVisible();
  await signIn(window, phone, PASSWORD);
  await expect(navigation(window)).toBeVisible();
});

test("the name can be changed and is still there after a new start", async ({ window, computer }) => {
  await register(window, freshPhone());
  await openSection(window, "Профиль");
  await window.getByLabel("ФИО").fill("Смирнова-Ильина Валентина Петровна");
  await window.getByRole("button", { name: "Сохранить" }).click();
  await expect(window.getByText("Сохранено на этом компьютере и уйдёт само.")).toBeVisible();
  await computer.kill();
  await computer.start();
  await window.goto(computer.url);
  await openSection(window, "Профиль");
  await expect(window.getByLabel("ФИО")).toHaveValue("Смирнова-Ильина Валентина Петровна");
});
