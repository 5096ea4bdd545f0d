/** States of «Показания», the queue, «Оплата» and attaching an account. */

const KITCHEN = "Холодная вода, кухня";
const section = (name) => (page) => page.getByRole("navigation").getByRole("button", { name }).click();

const enter = (keys, meter = KITCHEN) => async (page) => {
  await section("Показания")(page);
  await page.getByRole("button", { name: `Передать показания: ${meter}` }).click();
  await page.keyboard.type(keys);
};

async function queue(page) {
  await page.locator("#pill").click();
}

async function toProof(page) {
  await section("Оплата")(page);
  await page.locator("main").getByRole("button", { name: "Подключить лицевой счёт" }).click();
  await page.getByLabel("Номер лицевого счёта").fill("2140183572");
  await page.keyboard.press("Enter");
  await page.getByLabel("Итого к оплате").fill("1,00");
  await page.keyboard.press("Enter");
}

async function toAddress(page) {
  await toProof(page);
  await page.getByLabel("Итого к оплате").fill("5497,89");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Сверьте адрес" }).waitFor();
}

const states = [
  { name: "readings-several", query: "scene=several", height: 900, steps: section("Показания") },
  { name: "readings-closed", query: "scene=closed", steps: section("Показания") },
  { name: "readings-marks", query: "scene=marks", steps: section("Показания") },
  { name: "readings-typing", query: "scene=sending", steps: enter("460,604") },
  { name: "readings-half-dark", query: "scene=sending&theme=dark", steps: enter("460,6") },
  { name: "readings-low-contrast", query: "theme=contrast", steps: enter("400,604") },
  { name: "readings-warned", query: "scene=offline", steps: enter("640,604") },
  { name: "readings-warned-390", query: "scene=offline&frame=none", width: 390, height: 844, steps: enter("640,604") },
  { name: "readings-tariffs", steps: enter("014300", "Электроэнергия") },
  { name: "readings-list-390", query: "scene=several&frame=none", width: 390, height: 844, steps: section("Показания") },
  { name: "readings-x2", query: "text=200", steps: enter("460,604") },
  { name: "readings-nometers", query: "scene=nometers", steps: section("Показания") },
  { name: "readings-noaccounts", query: "scene=noaccounts", steps: section("Показания") },
  { name: "queue-attention", query: "scene=attention", steps: queue },
  { name: "queue-attention-dark", query: "scene=attention&theme=dark", steps: queue },
  { name: "queue-attention-390", query: "scene=attention&frame=none", width: 390, height: 844, steps: queue },
  { name: "queue-clock", query: "scene=clock", steps: queue },
  { name: "queue-sent", steps: queue },
  { name: "attach-wrong", steps: toProof },
  { name: "attach-address", steps: toAddress },
  { name: "attach-address-dark-x15", query: "theme=dark&text=150", steps: toAddress },
  {
    name: "payment-delete",
    steps: async (page) => {
      await section("Оплата")(page);
      await page.getByRole("button", { name: "Удалить лицевой счёт № 2140183572" }).click();
    },
  },
];

export const readingScenes = states.map((state) => ({ at: state.name === "readings-closed" ? "2026-10-28T10:31:00+03:00" : "2026-10-21T10:42:00+03:00", ...state }));
