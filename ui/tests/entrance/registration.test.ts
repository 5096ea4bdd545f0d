import { screen } from "@testing-library/svelte";
import type { UserEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Failure } from "../../src/platform/bindings/Failure";
import { instead } from "../fixture/backend";
import { consent } from "../fixture/data/utility";
import { askedFor, openWindow } from "../window";

const button = (name: string) => screen.getByRole("button", { name });
const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label);

function note(of: HTMLElement): string {
  return document.getElementById(of.getAttribute("aria-describedby") ?? "")?.textContent?.trim().replaceAll("\u00a0", " ") ?? "";
}

async function begin(search = "scene=signedout"): Promise<UserEvent> {
  const person = await openWindow(search);
  await person.click(button("Зарегистрироваться"));
  return person;
}

async function toCall(search?: string): Promise<UserEvent> {
  const person = await begin(search);
  await person.type(field("Телефон"), "9000001234");
  await person.type(field("ФИО"), "Смирнова Валентина Петровна");
  await person.click(screen.getByRole("checkbox", { name: "Согласие на обработку персональных данных" }));
  await person.click(button("Далее"));
  return person;
}

async function toCode(search?: string): Promise<UserEvent> {
  const person = await toCall(search);
  await person.click(button("Запросить звонок с кодом"));
  await person.click(button("ОК"));
  return person;
}

test("three steps lead from nothing to a signed-in window", async () => {
  const person = await toCode();
  expect(askedFor("registration_start")).toEqual([
    {
      phone: "+7 900 000-12-34",
      name: "Смирнова Валентина Петровна",
      consent_given: true,
      consent_version: consent.version,
      consent_sha256: consent.sha256,
    },
  ]);
  expect(field("Код доступа")).toHaveFocus();
  await person.keyboard("4718{Enter}");
  expect(screen.getByText("Шаг 3 из 3")).toBeVisible();
  await person.type(field("Создайте пароль"), "klyuch2026");
  await person.type(field("Подтвердите пароль"), "klyuch2026");
  await person.click(button("Зарегистрироваться"));
  expect(await screen.findByRole("navigation", { name: "Разделы" })).toBeVisible();
});

test("the consent is not ticked beforehand, and reading it ticks nothing", async () => {
  const person = await begin();
  expect(screen.getByRole("checkbox")).not.toBeChecked();
  await person.click(button("Прочитать согласие"));
  const document = screen.getByRole("dialog", { name: consent.title });
  expect(document).toHaveTextContent(consent.sha256);
  expect(document).toHaveTextContent(`Версия ${consent.version}`);
  await person.click(button("Прочитано"));
  expect(screen.getByRole("checkbox")).not.toBeChecked();
});

test("every mistake of the first step is told at its own field", async () => {
  const person = await begin();
  await person.click(button("Далее"));
  expect(note(field("Телефон"))).toContain("Напишите номер телефона");
  await person.type(field("Телефон"), "9000001234");
  await person.click(button("Далее"));
  expect(note(field("ФИО"))).toBe("Напишите, как к вам обращаться.");
  expect(field("ФИО")).toHaveFocus();
  await person.type(field("ФИО"), "Смирнова Валентина");
  await person.click(button("Далее"));
  expect(note(screen.getByRole("checkbox"))).toContain("Без согласия");
  expect(screen.getByText("Шаг 1 из 3")).toBeVisible();
});

test("a document that changed meanwhile has to be agreed to again", async () => {
  const person = await begin();
  await person.type(field("Телефон"), "9000001234");
  await person.type(field("ФИО"), "Смирнова Валентина");
  await person.click(screen.getByRole("checkbox"));
  instead.set("registration_start", () => ({ ok: false, failure: { code: "consent_outdated" } }));
  await person.click(button("Далее"));
  expect(screen.getByRole("checkbox")).not.toBeChecked();
  expect(screen.getByText(/Текст согласия изменился/)).toBeVisible();
});

test("without a connection what was filled in stays", async () => {
  const person = await begin("scene=offlineout");
  await person.type(field("ФИО"), "Смирнова Валентина");
  await person.click(button("Далее"));
  expect(screen.getByText(/^Заполненное останется в полях\. Нет связи: текст согласия/)).toBeVisible();
  expect(field("ФИО")).toHaveValue("Смирнова Валентина");
});

test("a wrong code is told at the code with the tries left, and typing replaces it", async () => {
  const person = await toCode();
  await person.keyboard("1111{Enter}");
  expect(note(field("Код доступа"))).toBe("Код не подошёл. Осталось 3 попытки.");
  await person.keyboard("4718{Enter}");
  expect(screen.getByText("Шаг 3 из 3")).toBeVisible();
});

test("letters and a fifth digit never get into the code", async () => {
  const person = await toCode();
  await person.keyboard("4а7-189");
  expect(field("Код доступа")).toHaveValue("4718");
});

test("a second call is offered when it is allowed, and only then", async () => {
  await toCode();
  expect(screen.queryByRole("button", { name: "Позвонить ещё раз" })).toBeNull();
  expect(screen.getByText(/Ещё раз робот позвонит через/)).toBeVisible();
});

describe("a call that cannot be made says why over the button, and what to do", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-10-21T11:12:00Z") }));
  afterEach(() => void vi.useRealTimers());

  const failing = (failure: Failure) => instead.set("registration_call", () => ({ ok: false, failure }));

  test("one was made a moment ago: the next one has its hour, and none is asked for until then", async () => {
    const person = await toCall();
    failing({ code: "call_too_soon", retry_after_s: 3600 });
    await person.click(button("Запросить звонок с кодом"));
    expect(screen.getByText("Звонок уже был. Следующий можно запросить в 15:12.")).toBeVisible();
    await person.click(button("Запросить звонок с кодом"));
    expect(askedFor("registration_call")).toHaveLength(1);
  });

  test("the calls of the day are used up: the next one is tomorrow, and who can help sooner", async () => {
    const person = await toCall();
    failing({ code: "call_too_soon", retry_after_s: 86_000 });
    await person.click(button("Запросить звонок с кодом"));
    expect(
      screen.getByText("Звонков на сегодня было много. Следующий можно запросить завтра в 14:05. Если код нужен раньше, напишите нам."),
    ).toBeVisible();
    expect(button("Написать нам")).toBeVisible();
  });

  test("the calls are used up after one was made: no countdown of a thousand minutes", async () => {
    const person = await toCall();
    instead.set("registration_call", () => ({
      ok: true,
      value: { phone: "+7 900 000-12-34", digits: 4, valid_until_ms: Date.now() + 300_000, again_from_ms: Date.now() + 86_000_000 },
    }));
    await person.click(button("Запросить звонок с кодом"));
    await person.click(button("ОК"));
    expect(screen.getByText("Ещё раз завтра в 14:05")).toBeVisible();
    expect(screen.getByText("Ещё раз робот позвонит завтра в 14:05")).toBeVisible();
    expect(screen.queryByText(/\d{3,}:\d\d/)).toBeNull();
  });

  test("the robot is out of order: try later or write, and the phone is still there", async () => {
    const person = await toCall();
    failing({ code: "call_unavailable" });
    await person.click(button("Запросить звонок с кодом"));
    expect(screen.getByText("Робот сейчас не может позвонить. Попробуйте через несколько минут или напишите нам.")).toBeVisible();
    expect(button("Написать нам")).toBeVisible();
    await person.click(button("Запросить звонок с кодом"));
    expect(askedFor("registration_call")).toHaveLength(2);
  });

  test("the number does not answer: the digits can be corrected, with everything typed still there", async () => {
    const person = await toCall();
    failing({ code: "field", field: "phone", problem: { problem: "unreachable" } });
    await person.click(button("Запросить звонок с кодом"));
    expect(screen.getByText("Номер не отвечает. Проверьте цифры и что телефон включён.")).toBeVisible();
    await person.click(button("Изменить номер"));
    expect(field("Телефон")).toHaveValue("+7 900 000-12-34");
    expect(field("ФИО")).toHaveValue("Смирнова Валентина Петровна");
  });
});

test("an expired code is told at the code, which stays to be replaced", async () => {
  const person = await toCode();
  instead.set("registration_code", () => ({ ok: false, failure: { code: "field", field: "code", problem: { problem: "code_expired" } } }));
  await person.keyboard("4718{Enter}");
  expect(note(field("Код доступа"))).toBe("Код устарел. Запросите новый звонок.");
  expect(field("Код доступа")).toHaveAttribute("aria-invalid", "true");
  expect(field("Код доступа")).toHaveFocus();
  expect(screen.getByRole("heading", { name: "Не поступил звонок?" })).toBeVisible();
});

test("a known phone is told that the new password replaces the old one", async () => {
  const person = await toCode();
  await person.keyboard("4718{Enter}");
  expect(screen.getByText("Этот телефон уже зарегистрирован. Новый пароль заменит прежний.")).toBeVisible();
});

test("a weak password and passwords that differ are told at their fields", async () => {
  const person = await toCode();
  await person.keyboard("4718{Enter}");
  await person.type(field("Создайте пароль"), "кот1");
  await person.click(button("Зарегистрироваться"));
  expect(field("Создайте пароль")).toHaveAttribute("aria-invalid", "true");
  await person.clear(field("Создайте пароль"));
  await person.type(field("Создайте пароль"), "klyuch2026");
  await person.type(field("Подтвердите пароль"), "klyuch2025");
  await person.click(button("Зарегистрироваться"));
  expect(note(field("Подтвердите пароль"))).toBe("Пароли отличаются. Повторите тот же.");
});

test("a registration that took too long begins again with everything still typed", async () => {
  const person = await toCode();
  instead.set("registration_code", () => ({ ok: false, failure: { code: "registration_gone" } }));
  await person.keyboard("4718{Enter}");
  expect(screen.getByText("Шаг 1 из 3")).toBeVisible();
  expect(field("ФИО")).toHaveValue("Смирнова Валентина Петровна");
  expect(screen.getByText("Телефон и имя остались в полях. Прошло много времени, начните сначала.")).toBeVisible();
});
