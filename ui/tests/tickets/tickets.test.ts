import axe from "axe-core";
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import Tickets from "../../src/sections/tickets/Tickets.svelte";
import { display } from "../../src/state/display.svelte";
import { place } from "../../src/state/place.svelte";
import { standing } from "../../src/state/window.svelte";
import { asked, instead, scene, tell } from "../fixture/backend";
import { forgetSent, refused } from "../fixture/data/talk";
import { picture, ticketOf } from "../fixture/data/tickets";
import { sceneOf } from "../fixture/scene";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-10-21T07:44:00Z") });
  asked.length = 0;
  instead.clear();
  forgetSent();
  world("plain");
  display.width = 1366;
  place.section = "tickets";
  place.ticket = null;
  place.account = null;
  place.panel = null;
  place.message = null;
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function world(name: string) {
  Object.assign(scene, sceneOf(`?scene=${name}`));
}

async function open() {
  const user = userEvent.setup();
  await standing.refresh();
  render(Tickets);
  await screen.findByRole("button", { name: "Создать" });
  return user;
}

async function openTicket(name: RegExp) {
  const user = await open();
  await user.click(screen.getByRole("button", { name }));
  await screen.findByRole("heading", { level: 2, name });
  return user;
}

function askedOf(command: string): unknown[] {
  return asked.filter((one) => one.command === command).map((one) => one.args);
}

async function flaws(): Promise<string[]> {
  // Colours need a real engine; the screenshots' run looks at them.
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
  return violations.map((flaw) => `${flaw.id}: ${flaw.nodes.map((node) => node.html).join(" ")}`);
}

describe("the list", () => {
  it("tells of every ticket its number, name, when, status, what is new and what waits", async () => {
    await open();
    const rows = within(screen.getByRole("list", { name: "Список заявок" })).getAllByRole("button");
    expect(rows.map((row) => row.textContent?.replaceAll(/\s+/g, " "))).toEqual([
      expect.stringMatching(/Без номера.*10:38.*Не горит свет в подъезде.*На этом компьютере/),
      expect.stringMatching(/№ 5107.*аварийная.*10:42.*Течёт стояк.*В работе.*Отправляется/),
      expect.stringMatching(/№ 5088.*вчера.*Холодная батарея.*Ждёт вашего ответа.*1 новое/),
      expect.stringMatching(/№ 4990.*14.октября.*Перерасчёт.*Выполнена.*оцените работу/),
    ]);
    expect(screen.getByText("Заявки с номером приняла аварийная служба. Без номера ещё не ушли.")).toBeVisible();
    expect(await flaws()).toEqual([]);
  });

  it("asks the core for closed ones and for words, and says that nothing was found", async () => {
    const user = await open();
    await user.click(screen.getByRole("switch", { name: /^Показать закрытые/ }));
    await waitFor(() => expect(askedOf("tickets").at(-1)).toEqual({ closed: true, account: null, text: "" }));
    expect(await screen.findByText("Засор канализации на кухне")).toBeVisible();
    await user.type(screen.getByRole("textbox", { name: "Искать заявку" }), "потолок");
    expect(await screen.findByText("По словам «потолок» заявок нет")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Очистить поиск" }));
    expect(await screen.findByText("Течёт стояк в ванной")).toBeVisible();
  });

  it.each([["notickets", "Заявок нет"], ["unsynced", "Заявок с сервера здесь ещё нет"]])("says what an empty list means: %s", async (name, words) => {
    world(name);
    await open();
    expect(screen.getByText(words)).toBeVisible();
    expect(screen.getByText("8 (8352) 00-01-12")).toBeVisible();
  });

  it("is walked through with the arrows", async () => {
    const user = await open();
    const rows = within(screen.getByRole("list", { name: "Список заявок" })).getAllByRole("button");
    rows[0]!.focus();
    await user.keyboard("{ArrowDown}{ArrowDown}{ArrowUp}");
    expect(rows[1]).toHaveFocus();
  });

  it("gives way to the conversation in a narrow window, and takes the focus back", async () => {
    display.width = 390;
    const user = await openTicket(/Холодная батарея/);
    expect(screen.queryByRole("list", { name: "Список заявок" })).toBeNull();
    expect(screen.getByRole("heading", { level: 2 })).toHaveFocus();
    await user.click(screen.getByRole("button", { name: "К списку" }));
    await waitFor(() => expect(screen.getByRole("button", { name: /Холодная батарея/ })).toHaveFocus());
  });
});

describe("a new ticket", () => {
  it("names what is missing beside the fields and puts the focus on the first of them", async () => {
    const user = await open();
    await user.click(screen.getByRole("button", { name: "Создать" }));
    await user.click(await screen.findByRole("button", { name: "Отправить заявку" }));
    expect(screen.getByLabelText("По какому счёту")).toHaveFocus();
    expect(screen.getByLabelText("По какому счёту")).toHaveAccessibleDescription("Выберите счёт, по которому подаёте заявку.");
    expect(screen.getByLabelText("Что случилось")).toHaveAccessibleDescription("Выберите, что случилось.");
    expect(screen.getByLabelText("Опишите подробнее")).toHaveAccessibleDescription("Опишите, что случилось: хотя бы пару слов.");
    expect(askedOf("ticket_create")).toEqual([]);
    expect(await flaws()).toEqual([]);
  });

  it("fills in the only account, shows the telephone first for an emergency, and opens the conversation at once", async () => {
    world("one");
    const user = await open();
    await user.click(screen.getByRole("button", { name: "Создать" }));
    expect(await screen.findByLabelText("По какому счёту")).toHaveDisplayValue(/Винокурова, 10-25/);
    await user.selectOptions(screen.getByLabelText("Что случилось"), "Аварийная служба");
    await user.selectOptions(screen.getByLabelText("Уточните"), "Течь");
    expect(screen.getByText(/Сначала позвоните: 8.\(8352\).00-01-12/)).toBeVisible();
    await user.type(screen.getByLabelText("Опишите подробнее"), "Капает из-под мойки");
    await user.click(screen.getByRole("button", { name: "Отправить заявку" }));
    await waitFor(() => expect(place.ticket).toBe("t-new"));
    expect(askedOf("ticket_create")).toMatchObject([{ subtype: "s-11", draft: { text: "Капает из-под мойки" }, mends: null }]);
    expect(await screen.findByRole("heading", { level: 2, name: "Не горит свет в подъезде" })).toBeVisible();
  });

  it("keeps what is typed when the person looks elsewhere", async () => {
    const user = await open();
    await user.click(screen.getByRole("button", { name: "Создать" }));
    await user.type(await screen.findByLabelText("Опишите подробнее"), "Капает");
    await user.click(screen.getByRole("button", { name: "Закрыть" }));
    await waitFor(() => expect(askedOf("ticket_draft_save").at(-1)).toMatchObject({ draft: { text: "Капает" } }));
    await user.click(screen.getByRole("button", { name: "Создать" }));
    expect(await screen.findByLabelText("Опишите подробнее")).toHaveValue("Капает");
  });

  it("takes files that are dropped on it, and lets them be removed", async () => {
    const user = await open();
    await user.click(screen.getByRole("button", { name: "Создать" }));
    const form = await screen.findByLabelText("Опишите подробнее");
    const files = [new File(["a"], "труба.jpg"), new File(["b"], "акт.pdf")];
    await fireEvent.drop(form, { dataTransfer: { types: ["Files"], files } });
    expect(await screen.findByText("акт.pdf")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Убрать труба.jpg" }));
    await waitFor(() => expect(screen.queryByText("труба.jpg")).toBeNull());
    expect(askedOf("file_remove")).toHaveLength(1);
  });

  it("says why there is no camera where the window is given none", async () => {
    const user = await open();
    await user.click(screen.getByRole("button", { name: "Создать" }));
    const camera = await screen.findByRole("button", { name: "Сделать снимок" });
    expect(camera).toHaveAccessibleDescription(/Камеры на этом компьютере не видно/);
    await user.click(camera);
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});

describe("a ticket", () => {
  it("that the server refused is mended with what was written", async () => {
    world("refused");
    const user = await openTicket(/капает из-под мойки/);
    expect(screen.getByText(/Заявку не приняли: такого вида заявок больше нет/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Исправить" }));
    expect(await screen.findByRole("heading", { name: "Исправление заявки" })).toBeVisible();
    expect(askedOf("ticket_draft_save")[0]).toMatchObject({ mends: "q-ticket", subtype: "s-11", draft: { files: [{}, {}] } });
    expect(await screen.findByLabelText("Опишите подробнее")).toHaveValue("Течёт труба в ванной, под потолком. Капает сильно, подставила таз. Нужен слесарь.");
  });

  it("is closed with stars by keyboard and a word", async () => {
    const user = await openTicket(/Перерасчёт/);
    await user.click(screen.getByRole("button", { name: "Оценить и закрыть" }));
    screen.getByRole("radio", { name: "1 звезда, плохо" }).focus();
    await user.keyboard(" {ArrowRight}{ArrowRight}{ArrowRight}");
    await user.type(screen.getByLabelText("Пара слов о работе"), "Спасибо");
    await user.click(screen.getByRole("button", { name: "Закрыть заявку" }));
    await waitFor(() => expect(askedOf("ticket_close")).toEqual([{ ticket: "t-4990", rating: 4, word: "Спасибо" }]));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("that is closed is opened again by what is written to it", async () => {
    const user = await open();
    await user.click(screen.getByRole("switch", { name: /^Показать закрытые/ }));
    await user.click(await screen.findByRole("button", { name: /Засор/ }));
    await user.type(await screen.findByRole("textbox", { name: "Сообщение" }), "Снова засор");
    await user.click(screen.getByRole("button", { name: "Открыть заново и отправить" }));
    await waitFor(() => expect(askedOf("message_send")).toMatchObject([{ reopen: true, draft: { text: "Снова засор" } }]));
  });

  it("tells everything in «Инфо»", async () => {
    const user = await openTicket(/Течёт стояк/);
    await user.click(screen.getByRole("button", { name: "Инфо" }));
    const info = screen.getByRole("complementary", { name: "№ 5107" });
    for (const words of ["Аварийная служба, Течь", "№ 2140183572", "сегодня, 10:12, в программе", "Остановить аварию", "Сделано 10:31", "До 24 октября", "Заявка зарегистрирована"]) {
      expect(info.textContent?.replaceAll("\u00a0", " ")).toContain(words);
    }
    expect(await flaws()).toEqual([]);
  });
});

describe("the conversation", () => {
  it("sends with Enter, breaks the line with Shift Enter, and forgets the draft", async () => {
    const user = await openTicket(/Течёт стояк/);
    const field = await screen.findByRole("textbox", { name: "Сообщение" });
    await user.type(field, "Первая{Shift>}{Enter}{/Shift}вторая{Enter}");
    await waitFor(() => expect(askedOf("message_send")).toMatchObject([{ reopen: false, draft: { text: "Первая\nвторая", files: [] } }]));
    await waitFor(() => expect(field).toHaveValue(""));
    expect(field).toHaveFocus();
    expect(await screen.findByText(/Первая\s+вторая/)).toBeInTheDocument();
  });

  it("sends nothing where there is nothing, and keeps the words when the core refuses", async () => {
    instead.set("message_send", (() => ({ ok: false, failure: { code: "disk_full" } })) as never);
    const user = await openTicket(/Течёт стояк/);
    await user.click(await screen.findByRole("button", { name: "Отправить" }));
    expect(askedOf("message_send")).toEqual([]);
    await user.type(screen.getByRole("textbox", { name: "Сообщение" }), "Важное{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent("На диске нет места");
    expect(screen.getByRole("textbox", { name: "Сообщение" })).toHaveValue("Важное");
  });

  it("offers to reopen with a message that came too late, and takes it out of the queue then", async () => {
    const late = { line: "message", ...refused, place: 0 };
    instead.set("conversation", (() => ({ ok: true, value: { total: 1, from: 0, lines: [late], first_unread: null, draft: { text: "", files: [] } } })) as never);
    const user = await openTicket(/Течёт стояк/);
    // jsdom measures no rows, so the list keeps them invisible, and what is invisible has no name there.
    const again = (await screen.findByText("Открыть заново и отправить")).closest("button")!;
    await user.click(again);
    await waitFor(() => expect(askedOf("queue_discard")).toEqual([{ operation: "q-m4" }]));
    expect(askedOf("message_send")).toMatchObject([{ reopen: true, draft: { text: "Мастер так и не пришёл, жду до вечера." } }]);
  });

  it("is searched with Ctrl F in either layout, from the newest to the oldest", async () => {
    const user = await openTicket(/Течёт стояк/);
    await fireEvent.keyDown(window, { code: "KeyF", key: "а", ctrlKey: true });
    const box = await screen.findByRole("textbox", { name: "Искать в переписке" });
    await user.type(box, "дома");
    expect(await screen.findByText("1 из 2")).toBeVisible();
    await user.keyboard("{Enter}");
    expect(await screen.findByText("2 из 2")).toBeVisible();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("textbox", { name: "Искать в переписке" })).toBeNull();
  });
});

describe("the description", () => {
  const opening = () => document.querySelector<HTMLElement>('[data-place="-1"]');
  const answered = (lines: object[]) =>
    instead.set("conversation", (() => ({ ok: true, value: { total: lines.length, from: 0, lines, first_unread: null, draft: { text: "", files: [] } } })) as never);

  it("begins the conversation with its day, its photos and that it was read, whatever waits after it", async () => {
    await openTicket(/Течёт стояк/);
    await waitFor(() => expect(opening()).not.toBeNull());
    expect(opening()).toHaveClass("mine");
    expect(opening()).toHaveTextContent(/^Течёт труба в ванной, под потолком.*10:12\s*Прочитано$/);
    expect(opening()!.querySelectorAll("img")).toHaveLength(2);
    expect(opening()!.previousElementSibling).toHaveTextContent("Сегодня");
    expect(screen.getAllByText("Сегодня")).toHaveLength(1);
  });

  it("stands where nothing was written yet, and waits to be sent with the ticket", async () => {
    await openTicket(/Не горит свет/);
    await waitFor(() => expect(opening()).toHaveTextContent(/лампа мигает\.\s*10:38\s*Ждёт отправки$/));
    expect(screen.queryByText(/Сообщений пока нет/)).toBeNull();
  });

  it("shows how much of its photos has gone", async () => {
    const view = ticketOf("plain", "t-new")!;
    const going = { ...view, row: { ...view.row, mark: { mark: "sending" as const } }, attachments: [picture("f-a", "а.jpg", { sent: 60 })] };
    instead.set("ticket", (() => ({ ok: true, value: going })) as never);
    await openTicket(/Не горит свет/);
    await waitFor(() => expect(opening()).toHaveTextContent(/Отправляется, 60 %$/));
  });

  it("is accepted until somebody of the staff answers or decides", async () => {
    const view = { ...ticketOf("plain", "t-5088")!, history: [] };
    instead.set("ticket", (() => ({ ok: true, value: view })) as never);
    answered([]);
    await openTicket(/Холодная батарея/);
    await waitFor(() => expect(opening()).toHaveTextContent(/Принято$/));
    answered([{ ...refused, line: "message", id: "m", place: 0, number: 1, mine: false, mark: null, operation: null }]);
    tell({ event: "changed", topics: ["tickets"] });
    await waitFor(() => expect(opening()).toHaveTextContent(/Прочитано$/));
  });

  it("is told to be rejected, and mended above, not thrown away as a message", async () => {
    world("refused");
    answered([]);
    await openTicket(/капает из-под мойки/);
    await waitFor(() => expect(opening()).not.toBeNull());
    expect(opening()!.querySelector(".failed")).not.toBeNull();
    expect(opening()!.querySelectorAll(".deeds button")).toHaveLength(0);
  });
});

describe("a message that somebody points at", () => {
  const shown = (place: number) => document.querySelector(`[data-place="${place}"]`);

  it("is fetched and marked when a toast tells of one far back", async () => {
    world("long");
    instead.set("conversation_place", () => ({ ok: true, value: { place: 4_000 } }));
    await openTicket(/Течёт стояк/);
    await screen.findByRole("region", { name: "Переписка" });
    place.message = "msg-4000";
    await waitFor(() => expect(askedOf("conversation_place")).toEqual([{ about: { about: "ticket", ticket: "t-5107" }, message: "msg-4000" }]));
    await waitFor(() => expect(askedOf("conversation").some((args) => (args as { from: number | null }).from === 3_963)).toBe(true));
  });

  it("stays where it is when the conversation does not know it", async () => {
    await openTicket(/Течёт стояк/);
    place.message = "msg-unknown";
    await waitFor(() => expect(askedOf("conversation_place")).toHaveLength(1));
    expect(document.querySelector(".current")).toBeNull();
  });

  it("may be what the ticket was opened with: the search counts it", async () => {
    instead.set("conversation_find", () => ({ ok: true, value: { description: true, places: [1] } }));
    const user = await openTicket(/Течёт стояк/);
    await user.keyboard("{Control>}f{/Control}");
    await user.type(await screen.findByRole("textbox", { name: "Искать в переписке" }), "дома");
    await screen.findByText(/1 из 2/);
    await user.keyboard("{Enter}");
    await waitFor(() => expect(shown(-1)).toHaveClass("current"));
  });

  it("is told to be new above the very first one too", async () => {
    const talk = { total: 1, from: 0, lines: [{ line: "message", id: "m", place: 0, number: 1, mine: false, author: "Ильина", text: "Вы дома?", attachments: [], at_ms: 1_790_000_000_000, mark: null, operation: null }], first_unread: 0, draft: { text: "", files: [] } };
    instead.set("conversation", () => ({ ok: true, value: talk }));
    await openTicket(/Течёт стояк/);
    expect(await screen.findByText("Новые сообщения")).toBeInTheDocument();
  });
});
