import { card, drums, expect, openReadings, test } from "../home";
import { expectAccessible, spaced } from "../window";

const KITCHEN = "Холодная вода, кухня";
const today = Number(new Intl.DateTimeFormat("en", { day: "numeric", timeZone: "Europe/Moscow" }).format(new Date()));

// Days of acceptance that are not today, whatever the day.
test.use({ days: today <= 20 ? { start: today + 2, end: today + 5 } : { start: 2, end: 6 } });

test("out of the window of acceptance the section says when it opens, and takes a reading early", async ({ window }) => {
  await openReadings(window);
  const opens = today <= 20 ? today + 2 : 2;
  await expect(window.getByRole("main")).toContainText(spaced(new RegExp(`Следующий с ${opens} |Приём откроется ${opens} `)));
  await expect(window.getByRole("main")).toContainText(spaced(new RegExp(`передадим ${opens} `)));
  await expect(window.getByRole("button", { name: /^Передать показания/ })).toHaveCount(0);
  await expectAccessible(window);
  await card(window, KITCHEN).getByRole("button", { name: "Ввести заранее" }).click();
  await drums(window, KITCHEN).pressSequentially("460,604");
  await card(window, KITCHEN).getByRole("button", { name: "Передать заранее" }).click();
  await expect(card(window, KITCHEN)).toContainText(spaced(new RegExp(`Передадим ${opens} `)));
  await expect(card(window, KITCHEN)).toContainText("00460,604");
  await expectAccessible(window);
});
