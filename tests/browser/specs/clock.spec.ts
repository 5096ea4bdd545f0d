import { card, drums, expect, expectPill, openEntry, openQueue, openReadings, test } from "../home";
import { expectAccessible, spaced } from "../window";

const KITCHEN = "Холодная вода, кухня";
const HOUR = 3_600_000;

test("a clock that is wrong is said in the pill, readings go all the same, and a right one is believed again", async ({
  window,
  computer,
}) => {
  await computer.kill();
  await computer.start(3 * HOUR);
  await window.goto(computer.url);
  await expectPill(window, /Проверьте часы компьютера/);
  const queue = await openQueue(window);
  await expect(queue).toContainText(spaced(/Часы компьютера спешат на 3 часа. Исправьте их/));
  await expectAccessible(window);
  await window.keyboard.press("Escape");
  await openReadings(window);
  await openEntry(window, KITCHEN);
  await drums(window, KITCHEN).pressSequentially("460,604");
  await drums(window, KITCHEN).press("Enter");
  await expect(card(window, KITCHEN)).toContainText("Принято");

  await computer.kill();
  await computer.start(-2 * 24 * HOUR);
  await window.goto(computer.url);
  await expectPill(window, /Проверьте часы компьютера/);
  await expect(await openQueue(window)).toContainText(spaced(/Часы компьютера отстают на 2 дня/));

  await computer.kill();
  await computer.start();
  await window.goto(computer.url);
  await expectPill(window, /Всё отправлено/);
});
