import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { locale } from "../../src/state/locale.svelte";
import { instead, scene, tell } from "../fixture/backend";
import { askedFor, openWindow } from "../window";

const navigation = () => screen.getByRole("navigation", { name: "Разделы" });
const section = (name: string) => within(navigation()).getByRole("button", { name: new RegExp(name) });

test("Ctrl 1–5 open the sections by the place of the key, in any layout", async () => {
  await openWindow("scene=plain");
  await fireEvent.keyDown(window, { code: "Digit5", key: "5", ctrlKey: true });
  expect(section("Профиль")).toHaveAttribute("aria-current", "page");
  await fireEvent.keyDown(window, { code: "Digit4", key: "4", ctrlKey: true });
  expect(section("Заявки")).toHaveAttribute("aria-current", "page");
});

test("Ctrl K finds in the Russian layout too, and Enter opens the first hit", async () => {
  const person = await openWindow("scene=plain");
  await fireEvent.keyDown(window, { code: "KeyK", key: "л", ctrlKey: true });
  const box = await screen.findByRole("combobox");
  await person.type(box, "профиль");
  await waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(1));
  await person.keyboard("{Enter}");
  expect(section("Профиль")).toHaveAttribute("aria-current", "page");
  expect(box).not.toBeInTheDocument();
});

test("a search without a hit says so", async () => {
  const person = await openWindow("scene=plain");
  await person.keyboard("{Control>}k{/Control}");
  await person.type(await screen.findByRole("combobox"), "квартира на луне");
  expect(await screen.findByText(/По словам «квартира на луне» ничего нет/)).toBeVisible();
});

test("Ctrl + and Ctrl − change the text by a step and are remembered, Ctrl 0 brings it back", async () => {
  await openWindow("scene=plain");
  await fireEvent.keyDown(window, { code: "Equal", key: "=", ctrlKey: true });
  await fireEvent.keyDown(window, { code: "Equal", key: "=", ctrlKey: true });
  expect(document.documentElement.style.getPropertyValue("--text-scale")).toBe("1.5");
  expect(document.documentElement.dataset["nav"]).toBe("bottom");
  expect(askedFor("settings_save").at(-1)).toMatchObject({ text_percent: 150 });
  await fireEvent.keyDown(window, { code: "Minus", key: "-", ctrlKey: true });
  expect(askedFor("settings_save").at(-1)).toMatchObject({ text_percent: 125 });
  await fireEvent.keyDown(window, { code: "Digit0", key: "0", ctrlKey: true });
  expect(askedFor("settings_save").at(-1)).toMatchObject({ text_percent: 100 });
});

test("an answer of the core that is older than a press takes no step back", async () => {
  await openWindow("scene=plain");
  tell({ event: "changed", topics: ["settings"] });
  await fireEvent.keyDown(window, { code: "Equal", key: "=", ctrlKey: true });
  await fireEvent.keyDown(window, { code: "Equal", key: "=", ctrlKey: true });
  await waitFor(() => expect(askedFor("settings_save")).toHaveLength(2));
  expect(askedFor("settings_save").at(-1)).toMatchObject({ text_percent: 150 });
  expect(document.documentElement.style.getPropertyValue("--text-scale")).toBe("1.5");
});

test("a setting that the core cannot keep is not shown as kept", async () => {
  await openWindow("scene=plain");
  instead.set("settings_save", () => ({ ok: false, failure: { code: "defect", report: "" } }));
  await fireEvent.keyDown(window, { code: "Equal", key: "=", ctrlKey: true });
  await waitFor(() => expect(document.documentElement.style.getPropertyValue("--text-scale")).toBe("1"));
});

test("Ctrl Shift O opens the queue and Esc returns to the pill", async () => {
  await openWindow("scene=attention");
  await screen.findByRole("button", { name: /^Отправка:/ });
  await fireEvent.keyDown(window, { code: "KeyO", key: "Щ", ctrlKey: true, shiftKey: true });
  expect(screen.getByRole("button", { name: /^Отправка:/ })).toHaveAttribute("aria-expanded", "true");
  await fireEvent.keyDown(window, { code: "Escape", key: "Escape" });
  expect(screen.getByRole("button", { name: /^Отправка:/ })).toHaveFocus();
});

test("the pill follows the core, and a screen reader hears a new kind of state", async () => {
  await openWindow("scene=sending");
  expect(await screen.findByRole("button", { name: "Отправка: Отправляется 1 из 2" })).toBeVisible();
  scene.pill = { pill: "offline", count: 3 };
  tell({ event: "changed", topics: ["queue"] });
  const words = "Нет связи. Сохранено на этом компьютере: 3";
  expect(await screen.findByRole("button", { name: `Отправка: ${words}` })).toBeVisible();
  expect(await screen.findByText(words, { selector: "[aria-live]" })).toBeInTheDocument();
});

test("a click on a toast shows what it spoke of", async () => {
  await openWindow("scene=plain");
  await screen.findByRole("navigation", { name: "Разделы" });
  tell({ event: "open", target: { target: "profile" } });
  await waitFor(() => expect(section("Профиль")).toHaveAttribute("aria-current", "page"));
});

test("the core hears that the person is back", async () => {
  await openWindow("scene=plain");
  const before = askedFor("person_back").length;
  await fireEvent.focus(window);
  expect(askedFor("person_back").length).toBeGreaterThan(before);
});

test("a change of language redraws the window and loses nothing typed", async () => {
  const person = await openWindow("scene=plain");
  await person.click(section("Профиль"));
  const name = await screen.findByLabelText<HTMLInputElement>("ФИО");
  await person.clear(name);
  await person.type(name, "Смирнова В.");
  await person.click(screen.getByRole("radio", { name: "English" }));
  expect(screen.getByLabelText("Full name")).toHaveValue("Смирнова В.");
  expect(askedFor("settings_save").at(-1)).toMatchObject({ language: "en" });
  locale.language = "ru";
});

test("the chooser narrows the window to one account", async () => {
  const person = await openWindow("scene=plain");
  await person.click(await screen.findByRole("button", { name: /Все счета/ }));
  await person.click(screen.getByRole("menuitemradio", { name: /Винокурова, 10-25/ }));
  expect(screen.getByRole("button", { name: /счёт №.2140183572/ })).toBeVisible();
  await waitFor(() => expect(askedFor("readings").at(-1)).toMatchObject({ account: expect.stringContaining("0198a000") }));
});
