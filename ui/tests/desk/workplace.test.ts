import axe from "axe-core";
import { screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { callDraft } from "../../src/desk/dialogs/callDraft.svelte";
import { printing } from "../../src/desk/print/printing.svelte";
import { place } from "../../src/state/place.svelte";
import { instead, tell } from "../fixture/backend";
import { forgetDesk } from "../fixture/desk/answers";
import { askedFor, openWindow } from "../window";

beforeEach(() => {
  forgetDesk();
  callDraft.clear();
  place.ticket = null;
  window.print = () => {};
  // List and ticket side by side, as on the smallest desk.
  window.innerWidth = 1366;
});

const row = (name: RegExp) => screen.findByRole("row", { name });
const dialog = () => within(screen.getByRole("dialog"));

async function at(search = "scene=desk") {
  const user = await openWindow(search);
  await row(/5107/);
  return user;
}

async function opened(search?: string) {
  const user = await at(search);
  await user.click(await row(/Течёт стояк/));
  await screen.findByRole("heading", { name: "Течёт стояк в ванной" });
  await screen.findByRole("button", { name: "Выполнена" });
  return user;
}

describe("the staff's workplace", () => {
  it("takes the place of the residents' sections", async () => {
    await at();
    const navigation = within(screen.getByRole("navigation"));
    expect(navigation.getByRole("button", { name: "Новые 2" })).toBeVisible();
    expect(navigation.getByRole("button", { name: "Открытые 31" })).toHaveAttribute("aria-current", "page");
    expect(navigation.queryByRole("button", { name: /Показания|Оплата/ })).toBeNull();
    expect(screen.getByText("Ильина С. В.")).toBeVisible();
  });

  it("shows the residents their own sections", async () => {
    await openWindow("scene=plain");
    expect(await screen.findByRole("button", { name: /Показания/ })).toBeVisible();
    expect(screen.queryByRole("button", { name: /Просрочены/ })).toBeNull();
  });

  it("says urgency and emergency in words, not by colour", async () => {
    await at();
    expect(await row(/Топит две/)).toHaveTextContent("аварийная");
    expect(await row(/Топит две/)).toHaveTextContent(/скоро срок, осталось 11 мин/);
    expect(await row(/Засор канализации/)).toHaveTextContent(/просрочено на 24 мин/);
  });

  it("groups tickets of an incident under its name", async () => {
    await at();
    const rows = screen.getAllByRole("row").map((one) => one.textContent ?? "");
    expect(rows[0]).toContain("Авария: прорвало стояк горячей воды");
    expect(rows[1]).toContain("5121");
    expect(rows.findIndex((text) => text.includes("Остальные заявки"))).toBeGreaterThan(rows.findIndex((text) => text.includes("5120")));
  });

  it("shows a shelf, a department and what is searched for", async () => {
    const user = await at();
    await user.click(screen.getByRole("button", { name: "Аварийные 3" }));
    await waitFor(() => expect(askedFor("desk_tickets").at(-1)).toMatchObject({ shelf: "emergency", text: "" }));
    await user.click(screen.getByRole("button", { name: /^Участок: / }));
    await user.click(screen.getByRole("menuitemradio", { name: "Участок 2, электрики" }));
    await waitFor(() => expect(askedFor("desk_tickets").at(-1)).toMatchObject({ department: "d-2" }));
    await user.keyboard("{Control>}k{/Control}");
    expect(screen.getByRole("textbox", { name: "Заявка, адрес, телефон" })).toHaveFocus();
    await user.keyboard("нет такого{Enter}");
    expect(await screen.findByText(/По запросу «нет такого» ничего не нашли/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Показать все" }));
    await waitFor(() => expect(askedFor("desk_tickets").at(-1)).toMatchObject({ department: null, text: "" }));
  });

  it("passes axe with a ticket open", async () => {
    // A short shelf: axe looks at every cell.
    const user = await at();
    await user.click(screen.getByRole("button", { name: "Новые 2" }));
    await user.click(await row(/Топит две/));
    await screen.findByRole("button", { name: "Взять" });
    const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
    expect(violations.map((flaw) => `${flaw.id}: ${flaw.nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
  });
});

describe("by keyboard", () => {
  it("walks the list, chooses with Space and Shift, and takes all of them with F4", async () => {
    const user = await at();
    screen.getByRole("grid").focus();
    await user.keyboard("{ArrowDown} ");
    await user.keyboard("{Shift>}{ArrowDown}{ArrowDown}{/Shift}");
    expect(screen.getAllByRole("row", { selected: true })).toHaveLength(3);
    expect(screen.getByText("Выбраны 3 заявки")).toBeVisible();
    await user.keyboard("{F4}");
    await waitFor(() => expect(askedFor("desk_take")).toEqual([{ tickets: ["t-5121", "t-5120", "t-5118"] }]));
    expect(await row(/Топит две/)).toHaveTextContent("Ильина С.");
    expect(screen.queryAllByRole("row", { selected: true })).toEqual([]);
  });

  it("F2, F6, F7 open what they say, Esc closes it and gives the focus back", async () => {
    const user = await opened();
    screen.getByRole("grid").focus();
    for (const [key, title] of [["{F2}", /^Заявка по телефону$/], ["{F6}", /^Исполнитель: №\s5107$/], ["{F7}", /^Статус: №\s5107$/]] as const) {
      await user.keyboard(key);
      expect(await screen.findByRole("heading", { name: title })).toBeVisible();
      await user.click(dialog().getByRole("button", { name: "Закрыть" }));
      expect(screen.queryByRole("dialog")).toBeNull();
      expect(screen.getByRole("grid")).toHaveFocus();
    }
  });

  it("F8 writes to the resident, even after a note was begun", async () => {
    const user = await opened();
    await user.click(screen.getByRole("radio", { name: "Сотрудникам" }));
    await user.keyboard("{F8}");
    await waitFor(() => expect(screen.getByRole("textbox", { name: "Сообщение" })).toHaveFocus());
    expect(screen.getByRole("radio", { name: "Жителю" })).toBeChecked();
  });

  it("Ctrl+P prints the list", async () => {
    const user = await at();
    let printed: string[][] = [];
    window.print = () => (printed = printing.sheet?.rows ?? []);
    await user.keyboard("{Control>}p{/Control}");
    await waitFor(() => expect(printed).toHaveLength(21));
    expect(printed[0]?.join(" ")).toMatch(/5121.*Топит две квартиры сверху \(аварийная\).*10-й Пятилетки, 34, кв\. 41.*не назначен.*Новая.*Телефон/);
  });
});

describe("a ticket", () => {
  it("moves on by its main button, and only where it may go by the dialog", async () => {
    const user = await opened();
    await user.click(screen.getByRole("button", { name: "Статус" }));
    const offered = (await dialog().findAllByRole("radio")).map((one) => one.getAttribute("value"));
    expect(offered).toEqual(["accepted", "deferred", "awaiting_resident", "done", "rejected"]);
    await user.click(dialog().getByRole("button", { name: "Отмена" }));
    await user.click(screen.getByRole("button", { name: "Выполнена" }));
    await waitFor(() => expect(askedFor("desk_move")).toEqual([{ tickets: ["t-5107"], to: "done", reason: "", until: null }]));
  });

  it("is deferred with a reason and a day only", async () => {
    const user = await opened();
    await user.click(screen.getByRole("button", { name: "Статус" }));
    await user.click(await dialog().findByRole("radio", { name: "Отложена" }));
    await user.click(dialog().getByRole("button", { name: "Изменить статус" }));
    expect(dialog().getByText("Укажите день, до которого отложить.")).toBeVisible();
    expect(dialog().getByText(/Напишите причину/)).toBeVisible();
    expect(askedFor("desk_move")).toEqual([]);
    const later = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
    await user.type(dialog().getByLabelText("До какого дня"), later);
    await user.type(dialog().getByLabelText("Причина, её увидит житель"), "Ждём муфту");
    await user.click(dialog().getByRole("button", { name: "Изменить статус" }));
    await waitFor(() => expect(askedFor("desk_move")).toEqual([{ tickets: ["t-5107"], to: "deferred", reason: "Ждём муфту", until: later }]));
  });

  it("goes to somebody with a time", async () => {
    const user = await opened();
    await user.keyboard("{F6}");
    await user.selectOptions(await screen.findByLabelText("Кому"), "s-nikitin");
    await user.click(dialog().getByRole("button", { name: "Назначить" }));
    await waitFor(() => expect(askedFor("desk_assign")[0]).toMatchObject({ tickets: ["t-5107"], executor: "s-nikitin", department: null }));
    expect(await row(/Течёт стояк/)).toHaveTextContent("Никитин П.");
  });

  it("names the duties that run out first, and is done with them by a button", async () => {
    const user = await at();
    await user.click(await row(/Топит две/));
    await user.click(await screen.findByRole("button", { name: "Жителю сообщили" }));
    await user.click(screen.getByRole("button", { name: "Течь остановлена" }));
    expect(askedFor("desk_meet")).toEqual([{ ticket: "t-5121", duty: "inform" }, { ticket: "t-5121", duty: "localise" }]);
  });

  it("says who has it when another was faster, and keeps both in the history", async () => {
    const user = await at("scene=desktaken");
    await user.click(await row(/Топит две/));
    await user.click(await screen.findByRole("button", { name: "Взять" }));
    expect(await screen.findByText(/По заявке уже работает Степанов И. В./)).toBeVisible();
    expect(await row(/Топит две/)).toHaveTextContent("решение опоздало");
    await user.click(screen.getByRole("button", { name: "Понятно" }));
    expect(screen.queryByText(/По заявке уже работает/)).toBeNull();
  });

  it("says in words why a deed did not work", async () => {
    const user = await opened();
    instead.set("desk_move", () => ({ ok: false, failure: { code: "disk_full" } }));
    await user.click(screen.getByRole("button", { name: "Выполнена" }));
    expect(await screen.findByRole("alert")).toHaveTextContent(/мест/);
  });

  it("is shown when a toast is clicked, from wherever the person is", async () => {
    const user = await at();
    await user.click(screen.getByRole("button", { name: "Отчёты" }));
    tell({ event: "open", target: { target: "ticket", id: "t-5107", message: null } });
    expect(await screen.findByRole("heading", { name: "Течёт стояк в ванной" })).toBeVisible();
  });
});

it("the conversation begins with the words and photos of who asked, by name", async () => {
  await opened();
  const opening = await waitFor(() => document.querySelector<HTMLElement>('[data-place="-1"]') ?? Promise.reject(new Error("no opening")));
  expect(opening).not.toHaveClass("mine");
  expect(opening).toHaveTextContent(/^Смирнова В\. П\.\s*Течёт труба в ванной, под потолком/);
  expect(opening.querySelectorAll("img")).toHaveLength(2);
  expect(opening.querySelector(".mark")).toBeNull();
});

describe("notes", () => {
  it("are shown with a lock between what the resident reads", async () => {
    await opened();
    const talk = await screen.findByRole("region", { name: "Переписка" });
    const note = (await within(talk).findByText(/Стояк перекрыл в подвале/)).closest("div")!;
    expect(note).toHaveTextContent(/Видят только сотрудники/);
    expect(note.querySelector("svg")).not.toBeNull();
    // It is nobody's message, and stands before what was answered after it.
    expect(note.closest("[data-place]")).toBeNull();
    const answer = within(talk).getByText(/Валентина Петровна, стояк перекрыли/);
    expect(note.compareDocumentPosition(answer) & Node.DOCUMENT_POSITION_FOLLOWING).not.toBe(0);
  });

  it("go to the colleagues, with a draft of their own, and never as a message", async () => {
    const user = await opened();
    await user.click(screen.getByRole("radio", { name: "Сотрудникам" }));
    const field = screen.getByRole("textbox", { name: "Увидят только сотрудники" });
    await user.type(field, "Ключи у консьержа");
    await waitFor(() => expect(askedFor("draft_save").at(-1)).toMatchObject({ about: { about: "notes", ticket: "t-5107" } }));
    await user.type(field, "{Enter}");
    await waitFor(() => expect(askedFor("desk_note")).toEqual([{ ticket: "t-5107", draft: { text: "Ключи у консьержа", files: [] } }]));
    expect(askedFor("message_send")).toEqual([]);
    expect(field).toHaveValue("");
  });

  it("leave what was begun for the resident where it was", async () => {
    const user = await opened();
    await user.type(screen.getByRole("textbox", { name: "Сообщение" }), "Мастер выехал");
    await user.click(screen.getByRole("radio", { name: "Сотрудникам" }));
    await user.type(screen.getByRole("textbox", { name: "Увидят только сотрудники" }), "Хомут");
    await user.click(screen.getByRole("radio", { name: "Жителю" }));
    expect(screen.getByRole("textbox", { name: "Сообщение" })).toHaveValue("Мастер выехал");
    const resident = askedFor("draft_save").filter((args) => (args as { about: { about: string } }).about.about === "ticket");
    expect(JSON.stringify(resident)).not.toContain("Хомут");
  });

  it("do not go to the resident when a file is dropped while one is written", async () => {
    const user = await opened();
    await user.click(screen.getByRole("radio", { name: "Сотрудникам" }));
    const file = new File(["x"], "акт.pdf", { type: "application/pdf" });
    const drop = Object.assign(new Event("drop", { bubbles: true, cancelable: true }), { dataTransfer: { files: [file], types: ["Files"] } });
    screen.getByRole("textbox", { name: "Увидят только сотрудники" }).dispatchEvent(drop);
    await waitFor(() => expect(askedFor("draft_save").length).toBeGreaterThan(0));
    const abouts = askedFor("draft_save").map((args) => (args as { about: { about: string } }).about.about);
    expect(new Set(abouts)).toEqual(new Set(["notes"]));
  });
});

it("a ready answer is found with «/» and put into the field, not sent", async () => {
  const user = await opened();
  const field = screen.getByRole("textbox", { name: "Сообщение" });
  await user.type(field, "/дост");
  expect(await screen.findByRole("option", { name: /Нужен доступ/ })).toHaveAttribute("aria-selected", "true");
  await user.keyboard("{Enter}");
  expect(field).toHaveValue("Для работ нужен доступ в квартиру. Когда вас застать?");
  expect(askedFor("message_send")).toEqual([]);
});

describe("a call", () => {
  it("is written down with a place from the list, and the ticket opens", async () => {
    const user = await at();
    await user.keyboard("{F2}");
    await user.click(dialog().getByRole("button", { name: "Зарегистрировать" }));
    for (const words of ["Выберите адрес из списка.", /Напишите телефон/, "Выберите вид заявки.", "Опишите, что нужно сделать."]) {
      expect(dialog().getByText(words)).toBeVisible();
    }
    await user.type(dialog().getByRole("combobox", { name: /Адрес, лицевой счёт/ }), "Винокурова");
    await screen.findAllByRole("option", { name: /Винокурова/ });
    await user.keyboard("{Enter}");
    await user.type(dialog().getByLabelText("Кто звонит"), "Смирнова В. П.");
    await user.type(dialog().getByLabelText("Телефон для связи"), "+7 900 000-12-34");
    await user.selectOptions(dialog().getByLabelText("Что случилось"), "st-leak");
    expect(dialog().getByText(/в первые 30 минут/)).toBeVisible();
    await user.type(dialog().getByLabelText("Описание"), "Течёт под мойкой");
    await user.click(dialog().getByRole("button", { name: "Зарегистрировать" }));
    await waitFor(() =>
      expect(askedFor("desk_register")).toEqual([
        { account: "a-1", house: null, name: "Смирнова В. П.", phone: "+7 900 000-12-34", subtype: "st-leak", draft: { text: "Течёт под мойкой", files: [] } },
      ]),
    );
    await waitFor(() => expect(place.ticket).toBe("t-5121"));
  });

  it("is not lost when the dialog is closed by mistake", async () => {
    const user = await at();
    await user.keyboard("{F2}");
    await user.type(dialog().getByLabelText("Кто звонит"), "Кузнецов");
    await user.type(dialog().getByLabelText("Описание"), "Нет света");
    await user.click(dialog().getByRole("button", { name: "Отмена" }));
    await user.keyboard("{F2}");
    expect(dialog().getByLabelText("Кто звонит")).toHaveValue("Кузнецов");
    expect(dialog().getByLabelText("Описание")).toHaveValue("Нет света");
  });
});

describe("incidents", () => {
  it("take chosen tickets in", async () => {
    const user = await opened();
    await user.click(screen.getByRole("button", { name: "Другие действия" }));
    await user.click(screen.getByRole("menuitem", { name: "В аварию" }));
    await user.click(dialog().getByRole("button", { name: "Перенести" }));
    await waitFor(() => expect(askedFor("desk_fold")).toEqual([{ tickets: ["t-5107"], incident: "i-riser" }]));
  });

  it("need a name and a house, and tell when they are over", async () => {
    const user = await at();
    await user.click(screen.getByRole("button", { name: "Аварии 2" }));
    await user.click(screen.getByRole("button", { name: "Новая авария" }));
    await user.click(dialog().getByRole("button", { name: "Сохранить и сообщить жителям" }));
    expect(dialog().getByText("Добавьте хотя бы один дом.")).toBeVisible();
    await user.click(dialog().getByRole("button", { name: "Отмена" }));
    await user.click(screen.getAllByRole("button", { name: "Изменить" })[0]!);
    await user.click(dialog().getByRole("checkbox", { name: "Закончилась" }));
    await user.click(dialog().getByRole("button", { name: "Сохранить и сообщить жителям" }));
    await waitFor(() => expect(askedFor("desk_incident_save")[0]).toMatchObject({ id: "i-riser", over: true, houses: ["h-34"] }));
  });
});

it("questions of people who are signed out are answered by a call", async () => {
  const user = await at();
  await user.click(screen.getByRole("button", { name: "Чаты 3" }));
  await user.click(screen.getByRole("radio", { name: "Перезвонить 1" }));
  await user.type(await screen.findByLabelText("Что ответили (для коллег)"), "Код дошёл");
  await user.click(screen.getByRole("button", { name: "Перезвонили" }));
  await waitFor(() => expect(askedFor("desk_answer")).toEqual([{ question: "q-1", answer: "Код дошёл" }]));
});

it("the journal of some days is saved and printed, but not of days that run backwards", async () => {
  const user = await at();
  let printed: string[][] = [];
  window.print = () => (printed = printing.sheet?.rows ?? []);
  await user.click(screen.getByRole("button", { name: "Отчёты" }));
  await user.click(screen.getByRole("button", { name: "Сохранить XLSX" }));
  expect(await screen.findByText(/Сохранено: .*журнал\.xlsx/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Печать" }));
  await waitFor(() => expect(printed).toHaveLength(1));
  expect(printed[0]?.join(" | ").replaceAll("\u00a0", " ")).toMatch(/Винокурова, 10, кв\. 25.*Аварийная служба.*сообщить до .*, сделано .*; выполнить до .*, не сделано/);
  await user.clear(screen.getByLabelText("По какой день"));
  await user.type(screen.getByLabelText("По какой день"), "2020-01-01");
  await user.click(screen.getByRole("button", { name: "Сохранить XLSX" }));
  expect(screen.getByText("Первый день позже последнего.")).toBeVisible();
  expect(askedFor("desk_journal")).toHaveLength(1);
});

it("an empty mirror says that it is filled, not that there is no work", async () => {
  await openWindow("scene=deskfirst");
  expect(await screen.findByRole("heading", { name: "Загружаем заявки" })).toBeVisible();
  expect(screen.queryByText("Здесь пусто")).toBeNull();
});

it("residents see what does not work in their houses on every section", async () => {
  const user = await openWindow("scene=outage");
  expect(await screen.findByText("Авария: прорвало стояк горячей воды")).toBeVisible();
  await user.click(screen.getByRole("button", { name: /Показания/ }));
  expect(screen.getByText("Плановые работы: нет горячей воды 22 октября")).toBeVisible();
});

it("a toast of the support leads to the chat of who wrote", async () => {
  await at();
  tell({ event: "open", target: { target: "person", user: "u-7", message: null } });
  expect(await screen.findByRole("heading", { name: "Смирнова В. П." })).toBeVisible();
  await waitFor(() => expect(askedFor("conversation").at(-1)).toMatchObject({ about: { about: "person", user: "u-7" } }));
});

it("whoever is on shift says what toasts tell of and how much room files may take", async () => {
  const user = await at();
  await user.click(screen.getByRole("button", { name: /На смене/ }));
  expect(screen.queryByText(/Показания: приняты/)).toBeNull();
  await user.click(await screen.findByRole("checkbox", { name: "Новые заявки и назначенные вам" }));
  await waitFor(() => expect(askedFor("settings_save").at(-1)).toMatchObject({ toasts_off: ["statuses"] }));
  await user.selectOptions(screen.getByLabelText("Место для фото и файлов"), "1000");
  await waitFor(() => expect(askedFor("settings_save").at(-1)).toMatchObject({ files_megabytes: 1000 }));
});
