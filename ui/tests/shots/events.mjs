/** States of «События». */

const AT = "2026-10-20T12:30:00+03:00";
const narrow = { width: 390, height: 844 };

const tab = (name) => async (page) => {
  await page.getByRole("navigation").getByRole("button", { name: "События" }).click();
  await page.getByText(name).first().click();
};

const open = (kind, name) => async (page) => {
  await tab(kind)(page);
  await page.getByRole("button", { name }).click();
  await page.getByRole("heading", { name }).waitFor();
};

const urgent = open("Новости", /22 октября/);
const poll = open("Опросы", /Осенний субботник/);
const results = open("Опросы", /Шлагбаум/);
const offer = open("Спецпредложения", /Замена смесителя/);

const states = [
  { name: "event-news", steps: urgent },
  { name: "event-news-390", query: "frame=none", ...narrow, steps: urgent },
  { name: "event-list-390", query: "frame=none", ...narrow, steps: tab("Спецпредложения") },
  { name: "event-poll", steps: poll },
  { name: "event-poll-dark", query: "theme=dark", steps: poll },
  { name: "event-poll-390", query: "frame=none", ...narrow, steps: poll },
  { name: "event-results", steps: results },
  { name: "event-offer", steps: offer },
  { name: "event-offer-dark", query: "theme=dark", steps: offer },
  { name: "event-none", query: "scene=noaccounts", steps: tab("Новости") },
  { name: "event-offer-x2", query: "text=200", height: 2000, steps: offer },
];

export const eventScenes = states.map((state) => ({ at: AT, ...state }));
