/** The states worth looking at. `query` chooses the invented world, `steps` what the person does in it. */

import { deskScenes } from "./desk.mjs";
import { editorScenes } from "./editor.mjs";
import { eventScenes } from "./events.mjs";
import { paymentScenes } from "./payment.mjs";
import { readingScenes } from "./readings.mjs";
import { ticketScenes } from "./tickets.mjs";

const OCTOBER = "2026-10-21T10:31:00+03:00";
const section = (name) => (page) => page.getByRole("navigation").getByRole("button", { name }).click();

async function toStep2(page) {
  await page.getByRole("button", { name: "Зарегистрироваться" }).click();
  await page.getByLabel("Телефон").fill("+7 900 000-12-34");
  await page.getByLabel("ФИО").fill("Смирнова Валентина Петровна");
  await page.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Далее" }).click();
}

async function toCode(page) {
  await toStep2(page);
  await page.getByRole("button", { name: "Запросить звонок с кодом" }).click();
  await page.getByRole("button", { name: "ОК", exact: true }).click();
}

async function toStep3(page) {
  await toCode(page);
  await page.getByLabel("Код доступа").fill("4718");
  await page.getByRole("button", { name: "Далее" }).click();
}

export const scenes = [
  ...deskScenes,
  ...editorScenes,
  ...eventScenes,
  ...readingScenes,
  ...paymentScenes,
  ...ticketScenes,
  {
    name: "signin",
    query: "scene=signedout",
    steps: async (page) => {
      await page.getByLabel("Телефон").pressSequentially("9000001234");
      await page.getByLabel("Пароль", { exact: true }).fill("пароль2026");
    },
  },
  { name: "signin-dark", query: "scene=signedout&theme=dark" },
  { name: "signin-contrast", query: "scene=signedout&theme=contrast" },
  { name: "signin-390", query: "scene=signedout&frame=none", width: 390, height: 844 },
  { name: "signin-x2", query: "scene=signedout&text=200" },
  {
    name: "signin-wrong",
    query: "scene=signedout",
    steps: async (page) => {
      await page.getByLabel("Телефон").fill("+7 8352 00-01-12");
      await page.getByRole("button", { name: "Войти" }).click();
    },
  },
  {
    name: "signin-locked",
    query: "scene=signedout",
    steps: async (page) => {
      await page.getByLabel("Телефон").fill("+7 900 000-12-34");
      await page.getByLabel("Пароль", { exact: true }).fill("zamok5");
      await page.getByRole("button", { name: "Войти" }).click();
    },
  },
  {
    name: "signin-forgot",
    query: "scene=signedout",
    steps: (page) => page.getByRole("button", { name: "Забыли пароль?" }).click(),
  },
  { name: "firstrun", query: "scene=firstrun" },
  {
    name: "support-out",
    query: "scene=signedout",
    steps: (page) => page.getByRole("button", { name: "Напишите нам" }).click(),
  },
  {
    name: "registration-1",
    query: "scene=signedout",
    steps: async (page) => {
      await page.getByRole("button", { name: "Зарегистрироваться" }).click();
      await page.getByRole("button", { name: "Далее" }).click();
    },
  },
  {
    name: "registration-1-consent",
    query: "scene=signedout",
    steps: async (page) => {
      await page.getByRole("button", { name: "Зарегистрироваться" }).click();
      await page.getByRole("button", { name: "Прочитать согласие" }).click();
    },
  },
  { name: "registration-2", query: "scene=signedout", steps: toStep2 },
  {
    name: "registration-2-sent",
    query: "scene=signedout",
    steps: async (page) => {
      await toStep2(page);
      await page.getByRole("button", { name: "Запросить звонок с кодом" }).click();
    },
  },
  {
    name: "registration-2-code",
    query: "scene=signedout",
    steps: async (page) => {
      await toCode(page);
      await page.getByLabel("Код доступа").pressSequentially("47");
    },
  },
  {
    name: "registration-2-code-390",
    query: "scene=signedout&frame=none",
    width: 390,
    height: 844,
    steps: async (page) => {
      await toCode(page);
      await page.getByLabel("Код доступа").fill("4711");
      await page.getByRole("button", { name: "Далее" }).click();
    },
  },
  {
    name: "registration-3",
    query: "scene=signedout",
    steps: async (page) => {
      await toStep3(page);
      await page.getByLabel("Создайте пароль").fill("klyuch2026");
    },
  },
  { name: "events", query: "scene=plain", at: OCTOBER },
  { name: "profile", query: "scene=sending", at: OCTOBER, steps: section("Профиль") },
  { name: "profile-dark", query: "scene=clock&theme=dark", at: OCTOBER, steps: section("Профиль") },
  { name: "profile-contrast", query: "scene=signin&theme=contrast", at: OCTOBER, steps: section("Профиль") },
  { name: "profile-x15", query: "scene=upgrade&text=150", at: OCTOBER, steps: section("Профиль") },
  { name: "profile-x2", query: "scene=offline&text=200", at: OCTOBER, steps: section("Профиль") },
  { name: "profile-390", query: "scene=offline&frame=none", at: OCTOBER, width: 390, height: 844, steps: section("Профиль") },
  { name: "profile-en", query: "lang=en", at: OCTOBER, steps: section("Profile") },
  {
    name: "profile-leave",
    query: "scene=offline",
    at: OCTOBER,
    steps: async (page) => {
      await section("Профиль")(page);
      await page.getByRole("button", { name: "Выход" }).click();
    },
  },
  {
    name: "accounts-menu",
    at: OCTOBER,
    steps: (page) => page.getByRole("button", { name: "2 лицевых счёта" }).click(),
  },
  { name: "noaccounts", query: "scene=noaccounts", at: OCTOBER },
  { name: "find", at: OCTOBER, steps: (page) => page.keyboard.press("Control+k") },
  {
    name: "support",
    query: "scene=sending",
    at: OCTOBER,
    steps: (page) => page.getByRole("button", { name: "Написать в тех. поддержку" }).click(),
  },
  { name: "queue", query: "scene=attention", at: OCTOBER, steps: (page) => page.keyboard.press("Control+Shift+O") },
  { name: "readings", query: "scene=sending", at: OCTOBER, steps: section("Показания") },
  { name: "payment", query: "scene=offline", at: OCTOBER, steps: section("Оплата") },
  {
    name: "again",
    query: "scene=signin",
    at: OCTOBER,
    steps: async (page) => {
      await page.keyboard.press("Control+Shift+O");
      const enter = page.getByRole("button", { name: "Войти" });
      if (await enter.count()) {
        await enter.click();
      }
    },
  },
  { name: "events-1024", query: "scene=offline", at: OCTOBER, width: 1024, height: 700 },
  { name: "events-800", query: "scene=offline", at: OCTOBER, width: 800, height: 600 },
  { name: "events-1920", query: "scene=sending", at: OCTOBER, width: 1920, height: 1080 },
];
