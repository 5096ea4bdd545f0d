/** States of the editors' workplace. */

const AT = "2026-10-20T12:30:00+03:00";
const narrow = { width: 390, height: 844 };

const page = async (page) => page.getByRole("navigation").getByRole("button", { name: "События" }).click();
const written = async (at) => {
  await page(at);
  await at.getByRole("button", { name: "Удобно ли вам с нами?" }).click();
  await at.getByLabel("Заголовок").waitFor();
};
const previewed = async (at) => {
  await page(at);
  await at.getByRole("button", { name: "Показания принимаем до 25 числа" }).click();
  await at.getByRole("button", { name: "Как увидит житель" }).click();
  await at.getByText("Так это увидит житель").scrollIntoViewIfNeeded();
};
const results = async (at) => {
  await page(at);
  await at.getByRole("button", { name: "Итоги" }).first().click();
  await at.getByText("Прочитали").waitFor();
};

const states = [
  { name: "editor-list", steps: page },
  { name: "editor-list-390", query: "frame=none", ...narrow, steps: page },
  { name: "editor-form", height: 1800, steps: written },
  { name: "editor-form-dark", query: "theme=dark", height: 1800, steps: written },
  { name: "editor-form-390", query: "frame=none", width: 390, height: 2400, steps: written },
  { name: "editor-preview", height: 1600, steps: previewed },
  { name: "editor-results", steps: results },
];

export const editorScenes = states.map((state) => ({ at: AT, ...state, query: `scene=desk${state.query ? `&${state.query}` : ""}` }));
