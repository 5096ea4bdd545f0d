import type { Page } from "@playwright/test";
import { call, PERIOD, VINOKUROVA } from "../core";
import { card, drums, expect, expectPill, openEntry, openQueue, openReadings, retype, test } from "../home";
import { freshPhone, navigation, openSection, register } from "../resident";
import { expectAccessible } from "../window";

test.use({ newcomer: true });

const KITCHEN = "Холодная вода, кухня";

async function attachByHand(window: Page): Promise<void> {
  await navigation(window).getByRole("button", { name: "Подключить лицевой счёт" }).click();
  const dialog = window.getByRole("dialog", { name: "Подключить лицевой счёт" });
  await expect(dialog.getByText("Шаг 1 из 3")).toBeVisible();
  await expectAccessible(window);
  await dialog.getByLabel("Номер лицевого счёта").fill(VINOKUROVA.number);
  await dialog.getByRole("button", { name: "Подключить" }).click();

  // Before the proof a stranger learns the street and nothing else.
  await expect(dialog.getByText("Шаг 2 из 3")).toBeVisible();
  await expect(dialog).toContainText(VINOKUROVA.masked);
  await expect(dialog).not.toContainText(/д\.\s*10|кв\.\s*25|Смирнова/);
  await expectAccessible(window);
  await dialog.getByLabel("Итого к оплате, ₽").fill(VINOKUROVA.sum);
  await dialog.getByLabel("За какой месяц квитанция").selectOption(PERIOD);
  await dialog.getByRole("button", { name: "Проверить" }).click();

  await expect(dialog.getByText("Шаг 3 из 3")).toBeVisible();
  await expect(dialog).toContainText(VINOKUROVA.address);
  await expectAccessible(window);
  await dialog.getByRole("button", { name: "Подтвердить адрес" }).click();
  await expect(dialog).toContainText("Счёт подключён");
  await dialog.getByRole("button", { name: "К показаниям" }).click();
}

test("a reading entered offline, changed and reloaded reaches the utility, and the window says where it is all the way", async ({
  window,
  cable,
  computer,
}) => {
  test.slow();
  await register(window, freshPhone());
  await attachByHand(window);
  await expect(card(window, KITCHEN)).toBeVisible();
  await expectPill(window, /Всё отправлено/);
  await expectAccessible(window);

  cable.pull();
  await openEntry(window, KITCHEN);
  await expectPill(window, /Нет связи/);
  await drums(window, KITCHEN).pressSequentially("460,604");
  await expect(card(window, KITCHEN)).toContainText(/7,486\sм³/);
  await expectAccessible(window);
  await card(window, KITCHEN).getByRole("button", { name: "Передать показания" }).click();
  await expect(card(window, KITCHEN)).toContainText("Сохранено на этом компьютере");
  await expectPill(window, /Нет связи. Сохранено на этом компьютере: 1/);

  // Never sent, so the change takes its place: the queue holds one entry, the new one.
  const field = await openEntry(window, KITCHEN);
  await expect(field).toHaveValue("00460,604");
  await retype(field, "461,120");
  await card(window, KITCHEN).getByRole("button", { name: "Передать показания" }).click();
  await expect(card(window, KITCHEN)).toContainText("00461,120");
  await expectPill(window, /Нет связи. Сохранено на этом компьютере: 1/);
  const queue = await openQueue(window);
  await expect(queue.getByText(/^Показание: /)).toHaveCount(1);
  await expect(queue.getByText(/Показание: Холодная вода, кухня, 461,120/)).toBeVisible();
  await expectAccessible(window);

  await window.reload();
  await openReadings(window);
  await expect(card(window, KITCHEN)).toContainText("00461,120");
  await expect(card(window, KITCHEN)).toContainText("Сохранено на этом компьютере");

  cable.putBack();
  await call(computer, "person_back");
  await expect(card(window, KITCHEN)).toContainText("Принято");
  await expect(card(window, KITCHEN)).toContainText("00461,120");
  await expectPill(window, /Всё отправлено/);
  const sent = await openQueue(window);
  await expect(sent.getByText(/^Показание: /)).toHaveCount(1);
  await expectAccessible(window);
});

test("without a connection attaching says that it needs one, and keeps what was typed", async ({ window, cable }) => {
  await register(window, freshPhone());
  cable.pull();
  await openSection(window, "Оплата");
  await window.getByRole("main").getByRole("button", { name: "Подключить лицевой счёт" }).click();
  const dialog = window.getByRole("dialog", { name: "Подключить лицевой счёт" });
  await dialog.getByLabel("Номер лицевого счёта").fill(VINOKUROVA.number);
  await dialog.getByRole("button", { name: "Подключить" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Подключить счёт можно, когда есть связь");
  await expect(dialog.getByLabel("Номер лицевого счёта")).toHaveValue(VINOKUROVA.number);
});
