import { screen } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import { instead, scene, tell } from "../fixture/backend";
import { askedFor, openWindow } from "../window";

const phone = () => screen.getByLabelText<HTMLInputElement>(/^Телефон/);
const password = () => screen.getByLabelText<HTMLInputElement>("Пароль");
const enter = () => screen.getByRole("button", { name: "Войти" });

/** The text that a screen reader gets together with a field. */
function note(field: HTMLElement): string {
  return document.getElementById(field.getAttribute("aria-describedby") ?? "")?.textContent?.trim().replaceAll("\u00a0", " ") ?? "";
}

test("the right phone and password open the window", async () => {
  const person = await openWindow("scene=signedout");
  await person.type(phone(), "89000001234");
  await person.type(password(), "klyuch2026");
  await person.click(enter());
  expect(await screen.findByRole("navigation", { name: "Разделы" })).toBeVisible();
  expect(askedFor("sign_in")).toEqual([{ phone: "+7 900 000-12-34", password: "klyuch2026", forget_password: false }]);
});

test("a phone that is no mobile is told under the phone, and the caret goes there", async () => {
  const person = await openWindow("scene=signedout");
  await person.type(phone(), "+7 8352 00-01-12");
  await person.click(enter());
  expect(note(phone())).toBe("Робот звонит только на мобильные: номер начинается с +7 9.");
  expect(phone()).toHaveAttribute("aria-invalid", "true");
  expect(phone()).toHaveFocus();
});

test("a wrong password is told under the password, with the tries left, and stays in the field", async () => {
  const person = await openWindow("scene=signedout");
  await person.type(phone(), "9000001234");
  await person.type(password(), "nevernyj1");
  await person.keyboard("{Enter}");
  expect(note(password())).toContain("Осталось 3 попытки");
  expect(password()).toHaveValue("nevernyj1");
});

test("a lock-out says until when, and nothing is asked of the server meanwhile", async () => {
  const person = await openWindow("scene=signedout");
  await person.type(phone(), "9000001234");
  await person.type(password(), "zamok5");
  await person.click(enter());
  expect(screen.getByRole("alert").textContent).toMatch(/Неверных паролей было много\. Попробуйте (завтра )?в \d{1,2}:\d\d или восстановите пароль\./);
  expect(screen.getByText(/^Осталось 12:3\d$/)).toBeVisible();
  await person.click(enter());
  expect(askedFor("sign_in")).toHaveLength(1);
});

test("a lock-out until tomorrow names the day and counts no thousand minutes down", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-10-21T11:12:00Z") });
  try {
    const person = await openWindow("scene=signedout");
    instead.set("sign_in", () => ({ ok: false, failure: { code: "locked_out", retry_after_s: 86_000 } }));
    await person.type(phone(), "9000001234");
    await person.type(password(), "zamok5");
    await person.click(enter());
    expect(screen.getByRole("alert")).toHaveTextContent("Попробуйте завтра в 14:05 или восстановите пароль.");
    expect(screen.queryByText(/^Остал/)).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});

test("a network that wants a browser first says that nothing typed is lost", async () => {
  const person = await openWindow("scene=signedout");
  instead.set("sign_in", () => ({ ok: false, failure: { code: "portal" } }));
  await person.type(phone(), "9000001234");
  await person.type(password(), "klyuch2026");
  await person.click(enter());
  expect(screen.getByText("Введённое осталось в окне. Эта сеть просит войти через браузер: войдите и повторите.")).toBeVisible();
  expect(password()).toHaveValue("klyuch2026");
});

test("without a connection an unknown person hears why", async () => {
  const person = await openWindow("scene=offlineout");
  await person.type(phone(), "9000001234");
  await person.type(password(), "drugoj2026");
  await person.click(enter());
  expect(screen.getByText(/Нет связи, а/)).toBeVisible();
});

test("letters of the Russian layout are noticed before the password is wrong", async () => {
  const person = await openWindow("scene=signedout");
  await person.type(password(), "лдня");
  expect(note(password())).toBe("Раскладка русская, а пароль обычно латиницей.");
});

test("the eye shows the password and says what it does", async () => {
  const person = await openWindow("scene=signedout");
  await person.type(password(), "klyuch2026");
  await person.click(screen.getByRole("button", { name: "Показать пароль" }));
  expect(password()).toHaveAttribute("type", "text");
  expect(screen.getByRole("button", { name: "Скрыть пароль" })).toHaveAttribute("aria-pressed", "true");
});

test("a forgotten password leads to the registration, as the manual says", async () => {
  const person = await openWindow("scene=signedout");
  await person.type(phone(), "9000001234");
  await person.click(screen.getByRole("button", { name: "Забыли пароль?" }));
  await person.click(screen.getByRole("button", { name: "Пройти регистрацию" }));
  expect(screen.getByText("Шаг 1 из 3")).toBeVisible();
  expect(phone()).toHaveValue("+7 900 000-12-34");
});

test("without a keyring the box is ticked and says why it cannot be changed", async () => {
  await openWindow("scene=signedoutnokeyring");
  const box = screen.getByRole("checkbox", { name: "Не сохранять пароль" });
  expect(box).toBeDisabled();
  expect(note(box)).toContain("нет хранилища паролей");
});

test("on the first start without a network the window says so and tries again when asked", async () => {
  const person = await openWindow("scene=firstrun");
  expect(screen.getByText("Нет связи с сервером")).toBeVisible();
  scene.utility = true;
  await person.click(screen.getByRole("button", { name: "Повторить" }));
  expect(await screen.findAllByText("МУП «КС г. Новочебоксарска»")).not.toHaveLength(0);
});

test("a session that ends elsewhere brings the sign-in back", async () => {
  await openWindow("scene=plain");
  scene.signedIn = false;
  tell({ event: "changed", topics: ["session"] });
  expect(await screen.findByRole("heading", { name: "Вход" })).toBeVisible();
});

test("help is reachable before anybody signs in", async () => {
  const person = await openWindow("scene=signedout");
  await person.click(screen.getByRole("button", { name: "Напишите нам" }));
  expect(screen.getByRole("complementary", { name: "Тех. поддержка" })).toHaveTextContent("8 (8352) 00-02-30");
  await person.keyboard("{Escape}");
  expect(screen.queryByRole("complementary")).toBeNull();
  expect(screen.getByRole("button", { name: "Напишите нам" })).toHaveFocus();
});
