/** States of the dispatchers' workplace. */

const OCTOBER = "2026-10-21T10:42:00+03:00";
const row = (name) => (page) => page.getByRole("row", { name: new RegExp(name) }).click();
const leak = row("Течёт стояк");
const key = (...keys) => async (page) => {
  await leak(page);
  for (const one of keys) await page.keyboard.press(one);
};
const go = (name) => (page) => page.getByRole("navigation").getByRole("button", { name: new RegExp(name) }).click();

const states = [
  { name: "desk-1366", query: "scene=desk", steps: leak },
  { name: "desk-1920-dark", query: "scene=desk&theme=dark", width: 1920, height: 1080, steps: leak },
  { name: "desk-contrast", query: "scene=desk&theme=contrast", steps: leak },
  { name: "desk-x15", query: "scene=desk&text=150" },
  { name: "desk-x2-ticket", query: "scene=desk&text=200", steps: leak },
  { name: "desk-1024", query: "scene=desk", width: 1024, height: 700 },
  { name: "desk-390", query: "scene=desk&frame=none", width: 390, height: 844 },
  { name: "desk-390-ticket", query: "scene=desk&frame=none", width: 390, height: 844, steps: leak },
  { name: "desk-en", query: "scene=desk&lang=en", steps: leak },
  { name: "desk-new", query: "scene=desk", steps: row("Топит две") },
  { name: "desk-many", query: "scene=deskmany", steps: async (page) => {
    await page.getByRole("row").nth(5).waitFor();
    await page.getByRole("grid").focus();
    await page.keyboard.press("End");
    await page.getByRole("row", { name: /100000/ }).waitFor();
  } },
  { name: "desk-empty", query: "scene=deskempty" },
  { name: "desk-first", query: "scene=deskfirst" },
  { name: "desk-offline", query: "scene=deskoffline", steps: async (page) => {
    await row("Топит две")(page);
    await page.keyboard.press("F4");
    await page.getByText("На этом компьютере").first().waitFor();
  } },
  { name: "desk-taken", query: "scene=desktaken", steps: async (page) => {
    await row("Топит две")(page);
    await page.keyboard.press("F4");
    await page.getByText("уже работает").waitFor();
  } },
  { name: "desk-bulk", query: "scene=desk", steps: key("Space", "ArrowDown", "Space", "Shift+ArrowDown") },
  { name: "desk-canned", query: "scene=desk", steps: async (page) => {
    await key("F8")(page);
    await page.keyboard.type("/");
    await page.getByRole("option").first().waitFor();
  } },
  { name: "desk-note", query: "scene=desk", steps: async (page) => {
    await leak(page);
    await page.getByText("Сотрудникам", { exact: true }).click();
    await page.keyboard.type("Ключи от подвала у консьержа");
  } },
  { name: "desk-status", query: "scene=desk", steps: async (page) => {
    await key("F7")(page);
    await page.getByRole("dialog").getByText("Отложена").click();
    await page.getByRole("button", { name: "Изменить статус" }).click();
  } },
  { name: "desk-assign", query: "scene=desk", steps: key("F6") },
  { name: "desk-register", query: "scene=desk", steps: async (page) => {
    await page.getByRole("row").first().waitFor();
    await page.keyboard.press("F2");
    await page.getByRole("combobox", { name: "Адрес, лицевой счёт или имя" }).fill("Винокурова");
    await page.getByRole("option", { name: /Винокурова/ }).first().waitFor();
  } },
  { name: "desk-register-filled", query: "scene=desk&theme=dark", steps: async (page) => {
    await page.getByRole("row").first().waitFor();
    await page.keyboard.press("F2");
    await page.getByRole("combobox", { name: "Адрес, лицевой счёт или имя" }).fill("Винокурова");
    await page.getByRole("option", { name: /Винокурова/ }).first().click();
    await page.getByLabel("Кто звонит").fill("Смирнова В. П.");
    await page.getByLabel("Что случилось").selectOption("st-leak");
    await page.getByRole("button", { name: "Зарегистрировать" }).click();
  } },
  { name: "desk-fold", query: "scene=desk", steps: async (page) => {
    await leak(page);
    await page.getByRole("button", { name: "Другие действия" }).click();
    await page.getByRole("menuitem").first().click();
  } },
  { name: "desk-incidents", query: "scene=desk", steps: go("Аварии") },
  { name: "desk-incident", query: "scene=desk", steps: async (page) => {
    await go("Аварии")(page);
    await page.getByRole("button", { name: "Изменить" }).first().click();
  } },
  { name: "desk-chats", query: "scene=desk", steps: async (page) => {
    await go("Чаты")(page);
    await page.getByRole("button", { name: /Смирнова/ }).click();
    await page.getByText("Код домофона").waitFor();
  } },
  { name: "desk-questions", query: "scene=desk", steps: async (page) => {
    await go("Чаты")(page);
    await page.getByText(/Перезвонить/).click();
  } },
  { name: "desk-reports", query: "scene=desk", steps: go("Отчёты") },
  { name: "desk-reports-390", query: "scene=desk&frame=none", width: 390, height: 844, steps: go("Отчёты") },
  { name: "desk-me", query: "scene=desk", steps: (page) => page.getByRole("button", { name: /На смене/ }).click() },
  { name: "outage", query: "scene=outage" },
  { name: "outage-tickets", query: "scene=outage&theme=dark", steps: go("Заявки") },
  { name: "outage-390", query: "scene=outage&frame=none", width: 390, height: 844 },
];

export const deskScenes = states.map((state) => ({ at: OCTOBER, ...state }));
