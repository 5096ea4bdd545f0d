import { cleanup, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { instead } from "../fixture/backend";
import { askedOf, newWorld, openEntry, openReadings } from "./section";

const KITCHEN = "Холодная вода, кухня";

beforeEach(() => newWorld());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe("the drums", () => {
  it("take digits with a comma, with a point or as the face stands, and send the core the same number", async () => {
    const { user, field } = await openEntry(KITCHEN);
    for (const keys of ["460,604", "460.604", "00460604", "460ю604"]) {
      await user.keyboard(keys);
      expect(Number(field.value.replace(",", ".")), keys).toBe(460.604);
      await waitFor(() => expect(askedOf("reading_preview").at(-1)).toEqual({ meter: "m-2", values: [field.value] }));
      await user.keyboard("{Control>}a{/Control}{Backspace}");
      expect(field.value).toBe("");
    }
  });

  it("say what is allowed when a letter is typed, keep what is there, and take the words back at the next digit", async () => {
    const { user, field } = await openEntry(KITCHEN);
    await user.keyboard("46o");
    expect(field.value).toBe("46");
    expect(screen.getByText("Здесь только цифры и одна запятая или точка.")).toBeVisible();
    await user.keyboard("0");
    expect(field.value).toBe("460");
    expect(screen.queryByText(/только цифры/)).toBeNull();
  });

  it("say so when a digit too many is typed", async () => {
    const { user, field } = await openEntry(KITCHEN);
    await user.keyboard("00460,6047");
    expect(field.value).toBe("00460,604");
    expect(screen.getByText(/Все цифры прибора уже заполнены/)).toBeVisible();
  });

  it("walk and roll with the arrows", async () => {
    const { user, field } = await openEntry(KITCHEN);
    await user.keyboard("460,604{ArrowLeft}{ArrowUp}");
    expect(field.value).toBe("00460,614");
    await user.keyboard("{ArrowDown}{ArrowDown}");
    expect(field.value).toBe("00460,694");
  });

  it("take a pasted number with a point, and refuse a pasted text with words", async () => {
    const { user, field } = await openEntry(KITCHEN);
    await user.paste("460.604");
    expect(field.value).toBe("460,604");
    await user.paste("счётчик");
    expect(field.value).toBe("460,604");
    expect(screen.getByText(/Во вставленном тексте не число/)).toBeVisible();
  });

  it("are described to a screen reader by the last value", async () => {
    const { field } = await openEntry(KITCHEN);
    expect(field).toHaveAccessibleDescription(/Было 00453,118 м³/);
  });

  it("are one per tariff with its name; Enter goes from day to night and only then submits", async () => {
    const { user } = await openEntry("Электроэнергия");
    const [day, night] = screen.getAllByRole<HTMLInputElement>("textbox");
    expect(day).toHaveAccessibleName("Электроэнергия, день");
    expect(night).toHaveAccessibleName("Электроэнергия, ночь");
    await user.keyboard("14300{Enter}");
    expect(night).toHaveFocus();
    expect(askedOf("reading_submit")).toEqual([]);
    await user.keyboard("6950{Enter}");
    await waitFor(() => expect(askedOf("reading_submit")).toEqual([{ meter: "m-4", values: ["14300", "6950"], confirmed: [], early: false }]));
  });
});

describe("what the core says", () => {
  it("shows consumption and price as the person types, not after", async () => {
    const { user } = await openEntry(KITCHEN);
    await user.keyboard("460,604");
    expect(await screen.findByText("7,486 м³")).toBeVisible();
    expect(screen.getAllByText("245,92 ₽").length).toBeGreaterThan(0);
    expect(screen.getByText("Обычно около 7 м³")).toBeVisible();
  });

  it("does not call half a number too low while it is being typed, but does once it is whole", async () => {
    const { user } = await openEntry(KITCHEN);
    await user.keyboard("45");
    await waitFor(() => expect(askedOf("reading_preview").at(-1)).toEqual({ meter: "m-2", values: ["45"] }));
    expect(screen.queryByText(/Меньше прошлого/)).toBeNull();
    await user.keyboard("0,000");
    expect(await screen.findByText(/Меньше прошлого показания, 453,118/)).toBeVisible();
  });

  it("proposes the cure of swapped digits and puts it into the drums", async () => {
    const { user, field } = await openEntry(KITCHEN);
    await user.keyboard("640,604");
    await user.click(await screen.findByRole("button", { name: "Исправить на 00460,604" }));
    expect(field.value).toBe("460,604");
    expect(field).toHaveFocus();
    await waitFor(() => expect(screen.queryByText("Проверьте цифры на счётчике")).toBeNull());
  });

  it("never takes Enter for the answer to a question: it goes to the answers", async () => {
    const { user } = await openEntry(KITCHEN);
    await user.keyboard("500,000");
    await screen.findByText("Проверьте цифры на счётчике");
    await user.keyboard("{Enter}");
    expect(askedOf("reading_submit")).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Всё верно, передать" }));
    await waitFor(() => expect(askedOf("reading_submit")).toEqual([{ meter: "m-2", values: ["500,000"], confirmed: ["above_usual"], early: false }]));
  });

  it("asks for the digits when nothing was typed, beside the field", async () => {
    const { user, field } = await openEntry(KITCHEN);
    await user.keyboard("{Enter}");
    expect(field).toHaveAccessibleDescription(/Введите цифры со счётчика/);
    expect(askedOf("reading_submit")).toEqual([]);
  });

  it("offers to hold the reading when the window closed while it was typed", async () => {
    instead.set("reading_submit", () => ({
      ok: false,
      failure: { code: "window_closed", closed_on: "2026-10-25", next_opens: "2026-11-15", early_allowed: true },
    }));
    const { user } = await openEntry(KITCHEN);
    await user.keyboard("460,604{Enter}");
    await user.click(await screen.findByRole("button", { name: "Ввести заранее" }));
    await waitFor(() => expect(askedOf("reading_submit").at(-1)).toMatchObject({ early: true }));
  });

  it("says that nothing was saved when the disk is full, and keeps the drums as they are", async () => {
    instead.set("reading_submit", () => ({ ok: false, failure: { code: "disk_full" } }));
    const { user, field } = await openEntry(KITCHEN);
    await user.keyboard("460,604{Enter}");
    expect(await screen.findByText(/На диске нет места/)).toBeVisible();
    expect(field.value).toBe("460,604");
  });
});

it("shows the question with which the server rejected this very value, and sends the answer along", async () => {
  newWorld("questioned");
  const { user } = await openReadings();
  await user.click(screen.getByRole("button", { name: `Изменить показания: ${KITCHEN}` }));
  expect(await screen.findByText(/Обычно около 7 м³, а выходит 7,486 м³/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Всё верно, передать" }));
  await waitFor(() => expect(askedOf("reading_submit")).toEqual([{ meter: "m-2", values: ["00460,604"], confirmed: ["above_usual"], early: false }]));
});

describe("after submitting", () => {
  it("opens the next meter without a reading, with the focus in its drums", async () => {
    const { user } = await openEntry(KITCHEN);
    await user.keyboard("460,604{Enter}");
    const next = await screen.findByRole("textbox", { name: /Холодная вода, ванная/ });
    await waitFor(() => expect(next).toHaveFocus());
    expect(screen.getByText("Сохранено. Открыт следующий прибор: Холодная вода, ванная")).toBeInTheDocument();
  });

  it("Esc closes the entry, gives the focus back to its button and submits nothing", async () => {
    const { user } = await openEntry(KITCHEN);
    await user.keyboard("460{Escape}");
    await waitFor(() => expect(screen.getByRole("button", { name: `Передать показания: ${KITCHEN}` })).toHaveFocus());
    expect(screen.queryByRole("textbox")).toBeNull();
    expect(askedOf("reading_submit")).toEqual([]);
  });

  it("digits typed and not submitted are still there after a look at another meter, and gone after Esc", async () => {
    const { user } = await openEntry(KITCHEN);
    await user.keyboard("460,6");
    await user.click(screen.getByRole("button", { name: "Передать показания: Холодная вода, ванная" }));
    await user.click(screen.getByRole("button", { name: `Передать показания: ${KITCHEN}` }));
    expect(await screen.findByDisplayValue("460,6")).toHaveFocus();
    await user.keyboard("{Escape}");
    await user.click(screen.getByRole("button", { name: `Передать показания: ${KITCHEN}` }));
    expect(screen.getByRole("textbox", { name: new RegExp(KITCHEN) })).toHaveValue("");
  });

  it("the card tells where its reading is: here, on its way, refused and why, counted", async () => {
    newWorld("marks");
    await openReadings();
    const card = (name: RegExp) => within(screen.getByRole("article", { name }));
    expect(card(/Горячая вода/).getByText("Сохранено на этом компьютере")).toBeVisible();
    expect(card(/кухня/).getByText("Отправляется")).toBeVisible();
    expect(card(/Холодная вода, ванная/).getByText(/Отклонено: меньше прошлого показания, 312,110 м³/)).toBeVisible();
    expect(card(/Электроэнергия/).getByText("Учтено в расчёте, 21 октября")).toBeVisible();
  });
});
