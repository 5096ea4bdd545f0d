import { expect, type Page } from "@playwright/test";
import { said } from "./town";

/** A phone nobody has used in this town. */
export function freshPhone(): string {
  const digits = String(Date.now() % 1_000_000_000).padStart(9, "0");
  return `+79${digits}`;
}

/** «+79000001234» as the window shows it. */
export function pretty(phone: string): string {
  return `+7 ${phone.slice(2, 5)} ${phone.slice(5, 8)}-${phone.slice(8, 10)}-${phone.slice(10, 12)}`;
}

export const PASSWORD = "klyuch2026";
export const NAME = "Смирнова Валентина Петровна";

export async function fillStep1(page: Page, phone: string, name = NAME): Promise<void> {
  await page.getByLabel("Телефон").fill(phone);
  await page.getByLabel("ФИО").fill(name);
  await page.getByRole("checkbox", { name: /Согласие на обработку персональных данных/ }).check();
  await page.getByRole("button", { name: "Далее" }).click();
}

/** Step 2: asks for the call and listens to what the robot says. */
export async function hearCode(page: Page, phone: string): Promise<string> {
  const before = (await said(phone)).length;
  await page.getByRole("button", { name: "Запросить звонок с кодом" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "ОК" }).click();
  await expect.poll(async () => (await said(phone)).length, { message: "the robot calls" }).toBeGreaterThan(before);
  return (await said(phone)).at(-1)!.code;
}

export async function enterCode(page: Page, code: string): Promise<void> {
  await page.getByLabel("Код доступа").fill(code);
  await page.getByRole("button", { name: "Далее" }).click();
}

export async function choosePassword(page: Page, password = PASSWORD, repeat = password): Promise<void> {
  await page.getByLabel("Создайте пароль").fill(password);
  await page.getByLabel("Подтвердите пароль").fill(repeat);
  await page.getByRole("button", { name: "Зарегистрироваться" }).click();
}

/** The whole registration, from the sign-in to the window. */
export async function register(page: Page, phone: string): Promise<void> {
  await page.getByRole("button", { name: "Зарегистрироваться" }).click();
  await fillStep1(page, phone);
  await enterCode(page, await hearCode(page, phone));
  await choosePassword(page);
  await expect(navigation(page)).toBeVisible();
}

export function navigation(page: Page) {
  return page.getByRole("navigation", { name: "Разделы" });
}

export async function openSection(page: Page, name: string): Promise<void> {
  await navigation(page).getByRole("button", { name }).click();
}

export async function signIn(page: Page, phone: string, password: string): Promise<void> {
  await page.getByLabel("Телефон").fill(phone);
  await page.getByLabel("Пароль", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Войти" }).click();
}

export async function signOut(page: Page): Promise<void> {
  await openSection(page, "Профиль");
  await page.getByRole("button", { name: "Выход" }).click();
  await expect(page.getByRole("heading", { name: "Вход" })).toBeVisible();
}
