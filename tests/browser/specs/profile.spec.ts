import { call } from "../core";
import { expect, expectPill, openQueue, test } from "../home";
import { NAME, openSection } from "../resident";
import { expectAccessible, expectUnder } from "../window";

test("a wrong e-mail and an empty name are told at their fields, and a right change waits for the connection", async ({
  window,
  cable,
  computer,
}) => {
  await openSection(window, "Профиль");
  const name = window.getByLabel("ФИО");
  const email = window.getByLabel("Электронная почта");
  const save = window.getByRole("button", { name: "Сохранить", exact: true });
  await expect(name).toHaveValue(NAME);
  await save.click();
  await expect(window.getByRole("status").filter({ hasText: "Изменений нет" })).toBeVisible();
  await email.fill("valentina@");
  await save.click();
  await expectUnder(email, /Адрес почты выглядит так/);
  await expect(email).toBeFocused();
  await email.fill("valentina@primer.example");
  await name.fill("   ");
  await save.click();
  await expectUnder(name, /Напишите, как к вам обращаться/);
  await expect(name).toBeFocused();
  await expectAccessible(window);

  cable.pull();
  await name.fill("Смирнова-Ильина Валентина Петровна");
  await save.click();
  await expect(window.getByText("Сохранено на этом компьютере и уйдёт само.")).toBeVisible();
  await expect(window.getByRole("main").getByText("На этом компьютере", { exact: true })).toBeVisible();
  await expectPill(window, /Нет связи. Сохранено на этом компьютере: 1/);
  await expectAccessible(window);
  cable.putBack();
  await call(computer, "person_back");
  await expectPill(window, /Всё отправлено/);
  await expect(window.getByRole("main").getByText("На этом компьютере", { exact: true })).toHaveCount(0);
  await expect(await openQueue(window)).toContainText("Изменения в профиле");
  await window.reload();
  await openSection(window, "Профиль");
  await expect(name).toHaveValue("Смирнова-Ильина Валентина Петровна");
  await expect(email).toHaveValue("valentina@primer.example");
});
