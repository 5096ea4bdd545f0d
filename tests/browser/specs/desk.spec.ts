import type { Page } from "@playwright/test";
import { Computer } from "../bridge";
import { call } from "../core";
import { expect, test as atHome } from "../home";
import { openSection, signIn } from "../resident";
import { expectAccessible } from "../window";

interface Desk {
  /** The window of a dispatcher at the same utility, signed in. */
  desk: Page;
}

const test = atHome.extend<Desk>({
  desk: async ({ utility, browser }, use, info) => {
    const password = await utility.hire("ilina", "Ильина Светлана Викторовна");
    const computer = new Computer(`desk-${info.workerIndex}-${info.testId}`, utility.url);
    await computer.start();
    // axe wants a context that is told of.
    const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: "ru-RU", timezoneId: "Europe/Moscow" });
    const page = await context.newPage();
    const broken: string[] = [];
    page.on("pageerror", (error) => broken.push(error.message));
    await page.goto(computer.url);
    await signIn(page, "ilina", password);
    await expect(page.getByRole("navigation").getByRole("button", { name: /^Новые/ })).toBeVisible();
    await use(page);
    await context.close();
    await computer.kill();
    expect(broken, "exceptions in the dispatcher's window").toEqual([]);
  },
});

interface Types {
  types: { subtypes: { id: string }[] }[];
  accounts: { id: string }[];
}

test("a dispatcher takes a ticket, notes, answers and finishes it; the resident reads the answer and never the note", async ({ window, computer, desk }) => {
  test.slow();
  const NOTE = "Стояк перекрыт, нужен хомут 57.";
  const ANSWER = "Мастер придёт до 16:00. Вы будете дома?";
  const { types, accounts } = await call<Types>(computer, "tickets", { closed: false, account: null, text: "" });
  const draft = { text: "Течёт труба в ванной, под потолком.", files: [] };
  await call(computer, "ticket_create", { account: accounts[0]!.id, subtype: types[0]!.subtypes[0]!.id, draft, mends: null });

  // It comes by itself; the resident writes on while it is open.
  await desk.getByRole("row", { name: /Течёт труба/ }).click();
  await expect(desk.getByRole("heading", { name: /Течёт труба/ })).toBeVisible();
  await expectAccessible(desk);
  await desk.keyboard.press("F4");
  await expect(desk.getByRole("row", { name: /Течёт труба/ })).toContainText("Ильина");

  await desk.getByText("Сотрудникам", { exact: true }).click();
  const pad = desk.getByRole("textbox", { name: "Увидят только сотрудники" });
  await pad.fill(NOTE);
  await pad.press("Enter");
  await expect(pad).toHaveValue("");
  await expect(desk.getByText(NOTE)).toBeVisible();

  await desk.keyboard.press("F8");
  const field = desk.getByRole("textbox", { name: "Сообщение" });
  await expect(field).toBeFocused();
  await field.fill(ANSWER);
  await field.press("Enter");
  await expect(desk.getByText(ANSWER)).toBeVisible();

  await openSection(window, "Заявки");
  await window.getByRole("list", { name: "Список заявок" }).getByRole("button", { name: /Течёт труба/ }).click();
  await expect(window.getByText(ANSWER)).toBeVisible();
  await expect(desk.getByText("Прочитано")).toBeVisible();

  // The note was sent before the answer: had it gone to the resident, it would be here.
  await expect(window.getByText(NOTE)).toHaveCount(0);

  await desk.keyboard.press("F7");
  const dialog = desk.getByRole("dialog");
  await dialog.getByText("Выполнена").click();
  await dialog.getByRole("button", { name: "Изменить статус" }).click();
  await expect(dialog).toBeHidden();
  await expect(desk.getByRole("row", { name: /Течёт труба/ })).toHaveCount(0);
  await expect(window.getByRole("list", { name: "Список заявок" })).toContainText("Выполнена");
});

test("a ticket by telephone is registered for an account that is found by its address", async ({ desk }) => {
  await desk.keyboard.press("F2");
  const dialog = desk.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Адрес, лицевой счёт или имя" }).fill("Винокурова 10");
  await dialog.getByRole("option", { name: /Винокурова.*25/ }).first().click();
  await dialog.getByLabel("Кто звонит").fill("Смирнова В. П.");
  await dialog.getByLabel("Телефон для связи").fill("+7 900 000-12-34");
  await dialog.getByLabel("Что случилось").selectOption({ index: 1 });
  await dialog.getByLabel("Описание").fill("Не закрывается дверь подъезда.");
  await expectAccessible(desk);
  await dialog.getByRole("button", { name: "Зарегистрировать" }).click();
  await expect(desk.getByRole("heading", { name: /Не закрывается дверь/ })).toBeVisible();
  await expect(desk.getByRole("row", { name: /Не закрывается дверь/ })).toContainText("Новая");
});
