import type { Page } from "@playwright/test";
import { Computer } from "../bridge";
import { expect, test as atHome } from "../home";
import { openSection, signIn } from "../resident";
import { expectAccessible } from "../window";

interface Editor {
  /** The window of an editor at the same utility, signed in. */
  editor: Page;
}

const test = atHome.extend<Editor>({
  editor: async ({ utility, browser }, use, info) => {
    const password = await utility.hire("lebedeva", "Лебедева Ольга Павловна", ["editor"], "редактор");
    const computer = new Computer(`editor-${info.workerIndex}-${info.testId}`, utility.url);
    await computer.start();
    const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: "ru-RU", timezoneId: "Europe/Moscow" });
    const page = await context.newPage();
    const broken: string[] = [];
    page.on("pageerror", (error) => broken.push(error.message));
    await page.goto(computer.url);
    await signIn(page, "lebedeva", password);
    await expect(page.getByRole("heading", { name: "События" })).toBeVisible();
    await use(page);
    await context.close();
    await computer.kill();
    expect(broken, "exceptions in the editor's window").toEqual([]);
  },
});

test("an editor asks the residents of a house, a resident answers, and the editor reads the answer", async ({ window, editor }) => {
  test.slow();
  await editor.getByRole("button", { name: "Написать", exact: true }).click();
  await editor.getByText("Опрос", { exact: true }).click();
  // What cannot be told is refused beside its field, before anything leaves.
  await editor.getByRole("button", { name: "Опубликовать" }).click();
  await expect(editor.getByLabel("Заголовок")).toBeFocused();
  await editor.getByLabel("Заголовок").fill("Когда удобнее промывать стояки?");
  await editor.getByLabel("О чём спросить").fill("Какое время выбрать?");
  await editor.getByLabel("Варианты").fill("Утро\nВечер");
  await editor.getByLabel("Кому").selectOption({ label: "Жителям домов" });
  await editor.getByLabel("Найти улицу или дом").fill("Винокурова 10");
  await editor.getByRole("list", { name: "Найдены" }).getByRole("button", { name: /Винокурова, д. 10$/ }).click();
  await expect(editor.getByText("Увидит 1 житель")).toBeVisible();
  await expectAccessible(editor);
  await editor.getByRole("button", { name: "Опубликовать" }).click();
  await expect(editor.getByRole("button", { name: "Когда удобнее промывать стояки?" })).toBeVisible();

  await openSection(window, "События");
  await window.getByText("Опросы").first().click();
  await window.getByRole("button", { name: /Когда удобнее промывать стояки/ }).click();
  await window.getByRole("radio", { name: "Вечер" }).check();
  await expectAccessible(window);
  await window.getByRole("button", { name: "Ответить", exact: true }).click();

  await editor.getByRole("button", { name: "Итоги" }).click();
  await expect(editor.getByText("Прочитали 1 из 1 (100 %)")).toBeVisible();
  await expect(editor.getByText("1 (100 %)").last()).toBeVisible({ timeout: 15_000 });
  await editor.getByRole("button", { name: "К списку" }).click();
  await editor.getByRole("button", { name: "Когда удобнее промывать стояки?" }).click();
  await editor.getByRole("button", { name: "Снять с публикации" }).click();
  await expect(window.getByRole("button", { name: /Когда удобнее промывать стояки/ })).toHaveCount(0);
});
