import { card, drums, expect, expectPill, openQueue, test } from "../home";

const KITCHEN = "Холодная вода, кухня";

test("a reading is found, entered and sent without a mouse", async ({ window }) => {
  await expect(window.getByRole("main")).toBeVisible();
  for (const [key, section] of [
    ["1", "События"],
    ["2", "Оплата"],
    ["3", "Показания"],
    ["4", "Заявки"],
    ["5", "Профиль"],
  ] as const) {
    await window.keyboard.press(`Control+${key}`);
    await expect(window.getByRole("button", { name: section, exact: false }).and(window.locator("[aria-current=page]"))).toBeVisible();
  }
  await window.keyboard.press("Control+K");
  const find = window.getByRole("combobox", { name: "Найти счёт или заявку" });
  await expect(find).toBeFocused();
  await window.keyboard.type("0453817");
  const found = window.getByRole("listbox").filter({ visible: true }).getByRole("option");
  await expect(found).toHaveCount(1);
  await expect(found.and(window.getByRole("option", { selected: true }))).toContainText("кухня");
  await window.keyboard.press("Enter");

  await expect(drums(window, KITCHEN)).toBeFocused();
  await window.keyboard.type("460,604");
  await window.keyboard.press("Escape");
  await expect(card(window, KITCHEN).getByRole("button", { name: /Передать показания/ }), "Esc gives the focus back").toBeFocused();
  await window.keyboard.press("Enter");
  await expect(drums(window, KITCHEN)).toBeFocused();
  await expect(drums(window, KITCHEN), "Esc lets the digits go").toHaveValue("");
  // An arrow goes to a drum, another rolls its digit.
  await window.keyboard.type("460,603");
  await window.keyboard.press("ArrowLeft");
  await window.keyboard.press("ArrowUp");
  await window.keyboard.press("Enter");
  await expect(card(window, KITCHEN)).toContainText("00460,613");
  await expect(card(window, KITCHEN)).toContainText("Принято");
  await expectPill(window, /Всё отправлено/);
  // The next meter that waits is open, so that one goes on typing.
  await expect(window.getByRole("textbox", { name: /показание$|, день$/ })).toBeFocused();
  await window.keyboard.press("Escape");
  await window.keyboard.press("Control+Shift+O");
  await expect((await openQueue(window)).getByRole("heading", { name: "Отправка" })).toBeFocused();
});
