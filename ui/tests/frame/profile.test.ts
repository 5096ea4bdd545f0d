import { screen, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { askedFor, openWindow } from "../window";

async function openProfile(search: string) {
  const person = await openWindow(search);
  await person.click(within(screen.getByRole("navigation")).getByRole("button", { name: "Профиль" }));
  await screen.findByLabelText("ФИО");
  return person;
}

test("a change is saved on this computer and says so", async () => {
  const person = await openProfile("scene=plain");
  const email = screen.getByLabelText("Электронная почта");
  await person.clear(email);
  await person.type(email, "novaya@post.example");
  await person.click(screen.getByRole("button", { name: "Сохранить" }));
  expect(await screen.findByText("Сохранено на этом компьютере и уйдёт само.")).toBeVisible();
  expect(askedFor("profile_save")).toEqual([{ name: "Смирнова Валентина Петровна", email: "novaya@post.example" }]);
});

test("an address without @ is told at its field", async () => {
  const person = await openProfile("scene=plain");
  const email = screen.getByLabelText("Электронная почта");
  await person.clear(email);
  await person.type(email, "novaya");
  await person.click(screen.getByRole("button", { name: "Сохранить" }));
  expect(email).toHaveAttribute("aria-invalid", "true");
  expect(email).toHaveFocus();
});

test("leaving with a queue asks first, and staying is the main answer", async () => {
  const person = await openProfile("scene=offline");
  await person.click(screen.getByRole("button", { name: "Выход" }));
  const question = screen.getByRole("dialog", { name: "Ещё не отправлены 3 записи" });
  await person.click(within(question).getByRole("button", { name: "Остаться" }));
  expect(askedFor("sign_out")).toEqual([{ leave_queue: false }]);
  await person.click(screen.getByRole("button", { name: "Выход" }));
  await person.click(screen.getByRole("button", { name: "Выйти и оставить" }));
  expect(askedFor("sign_out")).toContainEqual({ leave_queue: true });
});

test("leaving with nothing waiting closes the window", async () => {
  const person = await openProfile("scene=plain");
  await person.click(screen.getByRole("button", { name: "Выход" }));
  expect(askedFor("sign_out")).toContain("the window closes");
});

test("without a keyring the profile says why the password is asked every time", async () => {
  await openProfile("scene=nokeyring");
  expect(screen.getByRole("checkbox", { name: "Не сохранять пароль" })).toBeDisabled();
  expect(screen.getByText(/нет хранилища паролей/)).toBeVisible();
});
