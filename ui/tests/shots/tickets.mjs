/** States of «Заявки», of conversations, of what is attached and of the support. */

const AT = "2026-10-21T10:44:00+03:00";
const section = (name) => (page) => page.getByRole("navigation").getByRole("button", { name }).click();
const tickets = section("Заявки");

const open = (name) => async (page) => {
  await tickets(page);
  await page.getByRole("button", { name: new RegExp(name) }).click();
  await page.getByRole("region", { name: "Переписка" }).or(page.getByText("Сообщений пока нет")).first().waitFor();
  await page.waitForTimeout(100);
};

const after = (first, then) => async (page) => {
  await first(page);
  await then(page);
};

const create = async (page) => {
  await tickets(page);
  await page.getByRole("button", { name: "Создать", exact: true }).click();
};

const fill = async (page) => {
  await create(page);
  await page.getByLabel("По какому счёту").selectOption({ index: 1 });
  await page.getByLabel("Что случилось").selectOption({ label: "Аварийная служба" });
  await page.getByLabel("Уточните").selectOption({ label: "Течь" });
  await page.getByLabel("Опишите подробнее").fill("Капает из-под мойки на кухне, подставила таз.");
  await page.getByTestId("files").setInputFiles([
    { name: "труба.jpg", mimeType: "image/jpeg", buffer: Buffer.from("pipe") },
    { name: "акт прошлого ремонта.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF") },
    { name: "пустой.txt", mimeType: "text/plain", buffer: Buffer.from("") },
  ]);
  await page.getByText("пустой.txt не прикрепили").waitFor();
};

const refuse = async (page) => {
  await create(page);
  await page.getByRole("button", { name: "Отправить заявку" }).click();
};

const pipe = open("Течёт стояк");
const info = after(pipe, (page) => page.getByRole("button", { name: "Инфо" }).click());
const close = after(open("Перерасчёт"), async (page) => {
  await page.getByRole("button", { name: "Оценить и закрыть" }).click();
  await page.getByRole("radio", { name: /4 звезды/ }).check({ force: true });
});
const look = after(pipe, (page) => page.getByRole("button", { name: "Открыть фото труба.jpg" }).click());
const support = (page) => page.getByRole("button", { name: /Написать в тех. поддержку/ }).click();
const search = after(pipe, async (page) => {
  await page.keyboard.press("Control+f");
  await page.keyboard.type("дома");
  await page.getByText("1 из 2").waitFor();
});

const narrow = { width: 390, height: 844 };
const states = [
  { name: "tickets-list", query: "scene=offline", steps: tickets },
  { name: "tickets-chat", query: "scene=drafted", steps: pipe },
  { name: "tickets-chat-dark", query: "scene=drafted&theme=dark", steps: pipe },
  { name: "tickets-chat-contrast", query: "scene=drafted&theme=contrast", steps: pipe },
  { name: "tickets-chat-x15", query: "scene=drafted&text=150", steps: pipe },
  { name: "tickets-chat-x2", query: "scene=drafted&text=200", steps: pipe },
  { name: "tickets-chat-390", query: "scene=drafted&frame=none", ...narrow, steps: pipe },
  { name: "tickets-chat-390-x2", query: "scene=drafted&frame=none&text=200", ...narrow, steps: pipe },
  { name: "tickets-chat-1920", query: "scene=drafted", width: 1920, height: 1080, steps: pipe },
  { name: "tickets-chat-800", query: "scene=drafted", width: 800, height: 600, steps: pipe },
  { name: "tickets-chat-en", query: "scene=drafted&lang=en", steps: after(section("Tickets"), (page) => page.getByRole("button", { name: /Течёт стояк/ }).click()) },
  { name: "tickets-list-390", query: "scene=offline&frame=none", ...narrow, steps: tickets },
  { name: "tickets-list-dark", query: "scene=offline&theme=dark", steps: tickets },
  { name: "tickets-list-x2", query: "scene=offline&text=200", steps: tickets },
  { name: "tickets-none", query: "scene=notickets", steps: tickets },
  { name: "tickets-unsynced", query: "scene=unsynced", steps: tickets },
  { name: "tickets-nothing-found", steps: after(tickets, (page) => page.getByLabel("Искать заявку").fill("потолок")) },
  { name: "tickets-closed", steps: after(tickets, (page) => page.getByText("Показать закрытые").click()) },
  { name: "tickets-closed-chat", steps: after(after(tickets, (page) => page.getByText("Показать закрытые").click()), (page) => page.getByRole("button", { name: /Засор/ }).click()) },
  { name: "tickets-unread", steps: open("Холодная батарея") },
  { name: "tickets-refused", query: "scene=refused", steps: open("капает из-под мойки") },
  { name: "tickets-refused-message", query: "scene=refused", steps: pipe },
  { name: "tickets-rate", steps: open("Перерасчёт") },
  { name: "tickets-rate-dark", query: "theme=dark", steps: open("Перерасчёт") },
  { name: "tickets-close", steps: close },
  { name: "tickets-close-dark-x15", query: "theme=dark&text=150", steps: close },
  { name: "tickets-close-contrast", query: "theme=contrast", steps: close },
  { name: "tickets-info", steps: info },
  { name: "tickets-info-dark", query: "theme=dark", steps: info },
  { name: "tickets-info-390", query: "frame=none", ...narrow, steps: info },
  { name: "tickets-new", steps: create },
  { name: "tickets-new-filled", steps: fill, height: 900 },
  { name: "tickets-new-filled-dark", query: "theme=dark", steps: fill, height: 900 },
  { name: "tickets-new-filled-390", query: "frame=none", ...narrow, steps: fill },
  { name: "tickets-new-filled-x2", query: "text=200", steps: fill },
  { name: "tickets-new-wrong", steps: refuse },
  { name: "tickets-new-wrong-contrast", query: "theme=contrast", steps: refuse },
  { name: "tickets-new-noaccounts", query: "scene=noaccounts", steps: create },
  { name: "tickets-search", steps: search },
  { name: "tickets-search-dark", query: "theme=dark", steps: search },
  { name: "tickets-viewer", steps: look },
  { name: "tickets-viewer-dark-390", query: "theme=dark&frame=none", ...narrow, steps: look },
  { name: "tickets-long", query: "scene=long", steps: after(pipe, (page) => page.waitForTimeout(400)) },
  { name: "support-chat", query: "scene=supported", steps: support },
  { name: "support-chat-dark", query: "theme=dark", steps: support },
  { name: "support-chat-390", query: "frame=none", ...narrow, steps: support },
  { name: "support-none", query: "scene=nosupport", steps: support },
];

export const ticketScenes = states.map((state) => ({ at: AT, ...state }));
