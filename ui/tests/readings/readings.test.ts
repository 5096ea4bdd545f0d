import axe from "axe-core";
import { cleanup, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { correction } from "../../src/sections/readings/correction";
import { place } from "../../src/state/place.svelte";
import { instead, scene } from "../fixture/backend";
import { askedOf, newWorld, openEntry, openReadings } from "./section";
import { wholeNumbers } from "../../src/format";

beforeEach(() => newWorld());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

async function flaws(): Promise<string[]> {
  // Colours need a real engine; the screenshots' run looks at them.
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
  return violations.map((flaw) => `${flaw.id}: ${flaw.nodes.map((node) => node.html).join(" ")}`);
}

describe("the section", () => {
  it("says the month, how many are in, until when and the rule of the manual", async () => {
    await openReadings();
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Показания за октябрь");
    expect(screen.getByText("Передано 1 из 4 приборов")).toBeVisible();
    expect(screen.getByRole("heading", { name: /^Приём до 25\sоктября$/ })).toBeVisible();
    expect(screen.getByText("Осталось 4 дня")).toBeVisible();
    expect(screen.getByText(/только показания за текущий месяц в установленные сроки/)).toBeVisible();
  });

  it("says when the window closed and when the next opens, and offers an early entry under it", async () => {
    newWorld("closed");
    const { user } = await openReadings();
    expect(screen.getByText("Приём закрылся 25 октября. Следующий с 15 ноября.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Ввести заранее: Холодная вода, кухня" }));
    await user.keyboard("460,604{Enter}");
    await waitFor(() => expect(askedOf("reading_submit")[0]).toMatchObject({ meter: "m-2", early: true }));
  });

  it("says the verification in words, soon and overdue, and why a meter takes no readings", async () => {
    newWorld("several");
    await openReadings();
    expect(screen.getByText("поверка до 12 ноября — осталось 22 дня")).toBeVisible();
    expect(screen.getByText("поверка прошла 2 августа 2026")).toBeVisible();
    expect(screen.getByText(/Поверка закончилась 2 августа 2026/)).toBeVisible();
    expect(screen.getByText("Прибор передаёт показания сам, вводить их не нужно.")).toBeVisible();
  });

  it("narrows to one account by «Лицевой счёт» and names the address while there are several", async () => {
    newWorld("several");
    const { user } = await openReadings();
    expect(screen.getAllByText(wholeNumbers("б-р Зелёный, 14-61")).length).toBeGreaterThan(0);
    await user.click(screen.getByRole("button", { name: /Лицевой счёт/ }));
    await user.click(screen.getByRole("menuitemradio", { name: /Винокурова/ }));
    await waitFor(() => expect(askedOf("readings").at(-1)).toEqual({ account: "0198a000-0000-7000-8000-000000000001" }));
    await waitFor(() => expect(screen.queryByText("Отопление")).toBeNull());
  });

  it("leads to attaching an account when there is none, and to the office when there are no meters", async () => {
    newWorld("noaccounts");
    scene.accounts = 0;
    const { user, unmount } = await openReadings();
    await user.click(await screen.findByRole("button", { name: "Подключить лицевой счёт" }));
    expect(place.panel).toBe("attach");
    unmount();
    newWorld("nometers");
    await openReadings();
    expect(await screen.findByText("По этому счёту нет приборов учёта")).toBeVisible();
    expect(screen.getByRole("heading", { name: "Не нашли нужный прибор?" })).toBeVisible();
    expect(screen.getByText("8 (8352) 00-02-31")).toBeVisible();
  });

  it("opens the entry that the queue wants corrected, with the refused value in the drums", async () => {
    correction.ask("m-1", ["00218,305"]);
    place.meter = "m-1";
    await openReadings();
    expect(await screen.findByDisplayValue("00218,305")).toHaveFocus();
    expect(place.meter).toBeNull();
  });

  it.each([["is gone", "m-99"], ["has no id", ""]])("opens with its list when the meter that a toast points at %s, and nothing waits to open later", async (_, id) => {
    place.show({ target: "meter", id });
    expect(place.section).toBe("readings");
    await openReadings();
    expect(screen.getByRole("article", { name: /Холодная вода, кухня/ })).toBeVisible();
    await waitFor(() => expect(place.meter).toBeNull());
    expect(screen.queryByRole("textbox")).toBeNull();
  });

  it("finds the meter of a toast in another account than the one shown", async () => {
    newWorld("several");
    place.account = "0198a000-0000-7000-8000-000000000002";
    await openReadings();
    expect(screen.queryByRole("article", { name: /кухня/ })).toBeNull();
    place.show({ target: "meter", id: "m-2" });
    expect(await screen.findByRole("textbox", { name: /Холодная вода, кухня/ })).toHaveFocus();
    expect(place.meter).toBeNull();
  });

  it("gives the office's phone and mail as text to copy: the window opens no tel: or mailto: address", async () => {
    const { container } = await openReadings();
    expect(await screen.findByText("8 (8352) 00-02-31")).toBeVisible();
    expect(screen.getByText("abonent@ks.example")).toBeVisible();
    expect(container.querySelectorAll("a[href]")).toHaveLength(0);
  });

  it("shows three rows of history and unfolds the rest, and the chart's numbers as a table", async () => {
    const { user } = await openReadings();
    await user.click(screen.getByRole("button", { name: "История и сведения: Холодная вода, кухня" }));
    const rows = () => within(screen.getByRole("table", { name: "История показаний" })).getAllByRole("row").slice(1);
    expect(rows()).toHaveLength(3);
    expect(rows()[0]).toHaveTextContent("453,118");
    await user.click(screen.getByRole("button", { name: "Ещё 7 записей" }));
    expect(rows()).toHaveLength(10);
    await user.click(screen.getByRole("button", { name: "Таблицей" }));
    const months = screen.getByRole("table", { name: "Расход по месяцам" });
    expect(within(months).getByRole("row", { name: /март\s2026/ })).toHaveTextContent("3,850 м³, по среднему");
    expect(screen.getByText("6 лет")).toBeVisible();
  });

  it("passes axe with a list, with an open entry and with a warning", async () => {
    const { user } = await openEntry("Холодная вода, кухня");
    expect(await flaws()).toEqual([]);
    await user.keyboard("640,604");
    await screen.findByText("Проверьте цифры на счётчике");
    expect(await flaws()).toEqual([]);
  });
});

describe("a meter's name", () => {
  const pencil = () => screen.getByRole("button", { name: "Изменить название: Электроэнергия" });

  it("is changed in place: Enter keeps it, the pencil has the focus again", async () => {
    const { user } = await openReadings();
    await user.click(pencil());
    await user.keyboard("Свет{Enter}");
    await waitFor(() => expect(askedOf("meter_rename")).toEqual([{ meter: "m-4", name: "Свет" }]));
    await waitFor(() => expect(pencil()).toHaveFocus());
  });

  it("is left alone by Esc", async () => {
    const { user } = await openReadings();
    await user.click(pencil());
    await user.keyboard("Свет{Escape}");
    await waitFor(() => expect(pencil()).toHaveFocus());
    expect(askedOf("meter_rename")).toEqual([]);
  });

  it("that is too long is said beside the field, which stays as typed", async () => {
    instead.set("meter_rename", () => ({ ok: false, failure: { code: "field", field: "meter_name", problem: { problem: "too_long", max: 60 } } }));
    const { user } = await openReadings();
    await user.click(pencil());
    await user.keyboard("Свет{Enter}");
    expect(await screen.findByText("Длинно: поместится 60 знаков.")).toBeVisible();
    expect(screen.getByRole("textbox", { name: "Название прибора" })).toHaveValue("Свет");
  });

  it("shows its mark until it is accepted", async () => {
    newWorld("marks");
    await openReadings();
    expect(within(screen.getByRole("article", { name: /Горячая вода/ })).getByText("Новое название: на этом компьютере")).toBeVisible();
  });
});
