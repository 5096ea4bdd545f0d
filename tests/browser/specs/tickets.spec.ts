import type { Locator, Page } from "@playwright/test";
import { call } from "../core";
import { expect, expectPill, test } from "../home";
import { openSection } from "../resident";
import { expectAccessible, spaced } from "../window";

/** A photograph: one point of green, which every decoder takes. */
const PHOTO = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

async function openTickets(page: Page): Promise<void> {
  await openSection(page, "Заявки");
  await expect(page.getByRole("button", { name: "Создать", exact: true })).toBeVisible();
}

/** Fills in the form with the first type and its first subtype. */
async function writeTicket(page: Page, text: string): Promise<void> {
  await page.getByRole("button", { name: "Создать", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Новая заявка" })).toBeFocused();
  await page.getByLabel("Что случилось").selectOption({ index: 1 });
  const shade = page.getByLabel("Уточните");
  if ((await shade.inputValue()) === "") {
    await shade.selectOption({ index: 1 });
  }
  await page.getByLabel("Опишите подробнее").fill(text);
}

function rows(page: Page): Locator {
  return page.getByRole("list", { name: "Список заявок" }).getByRole("button");
}

async function say(page: Page, text: string): Promise<void> {
  const field = page.getByRole("textbox", { name: "Сообщение" });
  await field.fill(text);
  await field.press("Enter");
  await expect(field).toHaveValue("");
}

/** The words of all messages that are shown, in their order; what the ticket was opened with stands before them. */
async function said(page: Page): Promise<string[]> {
  const shown = await page.locator("[data-place]").evaluateAll((all) =>
    all.map((one) => ({ place: Number(one.getAttribute("data-place")), text: one.querySelector(".text")?.textContent ?? "" })),
  );
  return shown.sort((a, b) => a.place - b.place).map(({ text }) => text);
}

test("a ticket written offline with a photo and messages arrives whole and in order, and is closed with a rating", async ({ window, cable, computer }) => {
  test.slow();
  await openTickets(window);
  await expectAccessible(window);
  cable.pull();
  await writeTicket(window, "Капает из-под мойки на кухне, подставила таз.");
  await window.getByTestId("files").setInputFiles([{ name: "мойка.png", mimeType: "image/png", buffer: PHOTO }]);
  await expect(window.getByRole("button", { name: "Убрать мойка.png" })).toBeVisible();
  await expectAccessible(window);
  await window.getByRole("button", { name: "Отправить заявку" }).click();

  // The conversation is open at once; nothing has a number yet.
  await expect(window.getByRole("heading", { level: 2 }).first()).toContainText("Капает из-под мойки");
  await expect(rows(window).first()).toContainText("Без номера");
  await expect(rows(window).first()).toContainText("На этом компьютере");
  const opening = "Капает из-под мойки на кухне, подставила таз.";
  const words = [opening, "Таз уже полный.", "Кран перекрыла.", "Дома до восьми."];
  for (const one of words.slice(1)) {
    await say(window, one);
  }
  await expect.poll(() => said(window)).toEqual(words);
  await expectAccessible(window);
  await window.reload();
  await openTickets(window);
  await rows(window).first().click();
  await expect.poll(() => said(window)).toEqual(words);

  cable.putBack();
  await call(computer, "person_back");
  await expect(rows(window).first()).toContainText(/№ \d+/);
  await expect.poll(() => said(window), { message: "the order is kept" }).toEqual(words);
  await expectPill(window, /Всё отправлено/);
  await expect(window.locator("[data-place]").last()).toContainText("Принято");
  await expect(rows(window)).toHaveCount(1);

  await window.getByRole("button", { name: "Инфо" }).click();
  const info = window.getByRole("complementary", { name: spaced(/^№ \d+$/) });
  await expect(info).toContainText("Заявка зарегистрирована");
  await info.getByRole("button", { name: "Открыть фото мойка.png" }).click();
  const viewer = window.getByRole("dialog", { name: "Просмотр" });
  await expect(viewer.getByRole("img", { name: "мойка.png" })).toBeVisible();
  await expect.poll(() => viewer.getByRole("img").evaluate((image: HTMLImageElement) => image.naturalWidth), { message: "the photo is decrypted and shown" }).toBe(1);
  await expectAccessible(window);
  await window.keyboard.press("Escape");
  await expect(viewer).toHaveCount(0);
  await info.getByRole("button", { name: "Закрыть" }).click();

  await window.getByRole("button", { name: "Закрыть", exact: true }).click();
  const dialog = window.getByRole("dialog", { name: "Закрыть заявку" });
  await dialog.getByRole("radio", { name: /^5 звёзд/ }).check({ force: true });
  await dialog.getByLabel("Пара слов о работе").fill("Спасибо, сухо.");
  await expectAccessible(window);
  await dialog.getByRole("button", { name: "Закрыть заявку" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(window.getByRole("button", { name: "Открыть заново и отправить" })).toBeVisible();
  await expectPill(window, /Всё отправлено/);
  await window.getByText("Показать закрытые").click();
  await expect(rows(window).first()).toContainText("Закрыта");
});

test("a ticket that was rejected holds its messages; mended, it goes and they follow in their order", async ({ window, cable, computer, utility }) => {
  test.slow();
  await openTickets(window);
  cable.pull();
  await writeTicket(window, "Двор не чистят третий день.");
  await window.getByRole("button", { name: "Отправить заявку" }).click();
  const words = ["Двор не чистят третий день.", "С коляской не пройти.", "Спасибо заранее."];
  for (const one of words.slice(1)) {
    await say(window, one);
  }
  // Meanwhile the utility no longer knows this kind of ticket.
  await utility.stop();
  await utility.classify("Благоустройство", "Снег во дворе");
  await utility.start();
  cable.putBack();
  await call(computer, "person_back");

  const notice = window.getByText(spaced(/^Заявку не приняли:/));
  await expect(notice).toBeVisible();
  await expectPill(window, /Требует внимания/);
  await expect(window.locator("[data-place='0']")).not.toContainText("Принято");
  await expect.poll(() => said(window), { message: "nothing is lost while it is held" }).toEqual(words);
  await expectAccessible(window);

  await window.getByRole("button", { name: "Исправить" }).click();
  await expect(window.getByRole("heading", { name: "Исправление заявки" })).toBeFocused();
  await expect(window.getByLabel("Опишите подробнее")).toHaveValue(words[0]!);
  await window.getByLabel("Что случилось").selectOption({ label: "Благоустройство" });
  await window.getByRole("button", { name: "Отправить заявку" }).click();

  await expect(rows(window)).toHaveCount(1);
  await expect(rows(window).first()).toContainText(/№ \d+/);
  await expectPill(window, /Всё отправлено/);
  await expect(notice).toHaveCount(0);
  await expect(window.locator("[data-place]").last()).toContainText("Принято");
  await expect.poll(() => said(window), { message: "the messages went after it" }).toEqual(words);
});

test("a conversation of ten thousand messages keeps few rows alive, and finds and shows any of them", async ({ window }) => {
  test.slow();
  const TOTAL = 10_000;
  await openTickets(window);
  await writeTicket(window, "Много пишем об этом.");
  // The core is the real one but for this conversation, which nobody has the time to write.
  const message = (place: number) => ({
    line: "message", id: `m${place}`, place, number: place + 1, mine: place % 3 === 0, author: "Ильина, диспетчер", attachments: [],
    text: `${"Слесарь придёт завтра. ".repeat((place * 7) % 5)}Сообщение ${place + 1}`,
    at_ms: 1_790_000_000_000 + place * 600_000, mark: place % 3 === 0 ? { at: "read" } : null, operation: null,
  });
  let most = 0;
  await window.route("**/call/conversation", async (route) => {
    const { from, count } = route.request().postDataJSON() as { from: number | null; count: number };
    most = Math.max(most, count);
    const first = from ?? TOTAL - count;
    const lines = Array.from({ length: Math.min(count, TOTAL - first) }, (_, at) => message(first + at));
    await route.fulfill({ json: { total: TOTAL, from: first, lines, first_unread: null, draft: { text: "", files: [] } } });
  });
  await window.route("**/call/conversation_find", (route) => route.fulfill({ json: { places: [41, 4_999] } }));
  await window.getByRole("button", { name: "Отправить заявку" }).click();

  const talk = window.getByRole("region", { name: "Переписка" });
  await expect(talk.getByText("Сообщение 10000", { exact: false })).toBeVisible();
  const nodes = () => talk.evaluate((region) => region.querySelectorAll("li, li *").length);
  let greatest = await nodes();
  const box = (await talk.boundingBox())!;
  await window.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let turn = 0; turn < 60; turn += 1) {
    await window.mouse.wheel(0, turn < 40 ? -2_500 : -20_000);
    greatest = Math.max(greatest, await nodes());
  }
  expect(greatest, "nodes of rows at any time").toBeLessThan(300);
  expect(most, "messages asked for at once").toBeLessThanOrEqual(200);
  await expect(talk.locator("[data-place]").first()).toBeVisible();

  await window.keyboard.press("Control+F");
  await window.getByRole("textbox", { name: "Искать в переписке" }).fill("Сообщение");
  await expect(window.getByText(spaced(/1 из 2/))).toBeVisible();
  await expect(talk.getByText("Сообщение 5000", { exact: false })).toBeInViewport();
  await window.keyboard.press("Enter");
  await expect(talk.getByText(/Сообщение 42$/)).toBeInViewport();
  await window.keyboard.press("Escape");
  await window.getByRole("button", { name: "К последним сообщениям" }).click();
  await expect(talk.getByText("Сообщение 10000", { exact: false })).toBeInViewport();
  expect(await nodes()).toBeLessThan(300);
});

test("the support is written to on every screen, offline too", async ({ window, cable, computer }) => {
  cable.pull();
  await window.getByRole("button", { name: "Написать в тех. поддержку" }).click();
  const panel = window.getByRole("complementary", { name: "Тех. поддержка" });
  const field = panel.getByRole("textbox", { name: "Сообщение" });
  await field.fill("Не приходит код.");
  await field.press("Enter");
  await expect(panel.locator("[data-place]")).toContainText("Ждёт отправки");
  await expectAccessible(window);
  cable.putBack();
  await call(computer, "person_back");
  await expect(panel.locator("[data-place]")).toContainText("Принято");
});

test("every look of the tickets is open to everybody and loses nothing to the right", async ({ window, computer }) => {
  test.slow();
  await openTickets(window);
  await writeTicket(window, "Не горит свет в подъезде на третьем этаже.");
  await window.getByRole("button", { name: "Отправить заявку" }).click();
  await say(window, "Лампа мигала неделю.");
  for (const { theme, text_percent, width } of [
    { theme: "dark", text_percent: 100, width: 1366 },
    { theme: "light", text_percent: 200, width: 390 },
    { theme: "contrast", text_percent: 150, width: 1024 },
  ]) {
    await window.setViewportSize({ width, height: 800 });
    await call(computer, "settings_save", { theme, text_percent, language: "ru", toasts: true });
    await expect(window.locator("html")).toHaveAttribute("data-theme", theme);
    await expect(window.locator("[data-place='0']")).toBeVisible();
    const excess = () => window.evaluate(() => {
      const over = [...document.querySelectorAll("main, main *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".spoken"));
      return over.map((one) => one.className.toString());
    });
    expect(await excess()).toEqual([]);
    await expectAccessible(window);
  }
});
