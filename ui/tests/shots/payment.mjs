/** States of «Оплата»: paying, what became of a payment, its history, bills. */

const AT = "2026-10-21T10:31:00+03:00";
const section = (name) => (page) => page.getByRole("navigation").getByRole("button", { name }).click();
const open = async (page) => {
  await section("Оплата")(page);
  await page.getByRole("heading", { name: "История платежей" }).waitFor();
};
const pay = async (page) => {
  await open(page);
  await page.getByRole("button", { name: "Оплата", exact: true }).last().click();
  await page.getByRole("heading", { level: 2 }).first().waitFor();
};
const divided = async (page) => {
  await open(page);
  await page.getByRole("button", { name: "По услугам: Винокурова, 10-25" }).click();
};
const sbp = async (page) => {
  await open(page);
  await page.getByText("По СБП", { exact: true }).click();
  await page.getByRole("button", { name: "Оплата", exact: true }).last().click();
};
const history = async (page) => {
  await open(page);
  await page.getByRole("button", { name: "Вся история" }).click();
};
const bills = async (page) => {
  await open(page);
  await page.getByRole("button", { name: "Квитанции: Винокурова, 10-25" }).click();
  await page.getByRole("heading", { name: "Квитанции" }).waitFor();
};
const bill = async (page) => {
  await bills(page);
  await page.getByRole("button", { name: /^сентябрь.2026/ }).click();
  await page.getByRole("heading", { name: "Квитанция за сентябрь" }).waitFor();
};
const why = async (page) => {
  await bill(page);
  await page.getByRole("button", { name: "Горячая вода, почему больше?" }).click();
};
const pdf = async (page) => {
  await bill(page);
  await page.getByRole("button", { name: "PDF" }).click();
};
const late = async (page) => {
  await open(page);
  await page.getByRole("button", { name: "Как посчитано, пени" }).click();
};
const narrow = { width: 390, height: 844 };

const states = [
  { name: "pay", height: 900, steps: open },
  { name: "pay-offline", query: "scene=offline", height: 900, steps: async (page) => {
    await open(page);
    await page.getByLabel("К оплате, Винокурова").focus();
  } },
  { name: "pay-dark", query: "theme=dark", height: 900, steps: open },
  { name: "pay-contrast", query: "theme=contrast", height: 900, steps: open },
  { name: "pay-390", query: "frame=none", width: 390, height: 2200, steps: open },
  { name: "pay-x2", query: "text=200", height: 2400, steps: open },
  { name: "pay-settled", query: "scene=settled", steps: open },
  { name: "pay-small", query: "scene=commission", steps: async (page) => {
    await open(page);
    await page.getByLabel("К оплате, Винокурова").fill("5");
  } },
  { name: "pay-commission", query: "scene=commission", steps: open },
  { name: "pay-locked", query: "scene=locked", steps: open },
  { name: "pay-unfinished", query: "scene=unfinished", steps: open },
  { name: "pay-noways", query: "scene=noways", steps: open },
  { name: "pay-none", query: "scene=noaccounts", steps: section("Оплата") },
  { name: "pay-en", query: "lang=en", steps: section("Payment") },
  { name: "services", query: "scene=services", height: 900, steps: divided },
  { name: "services-dark", query: "scene=services&theme=dark", height: 900, steps: divided },
  { name: "services-390", query: "scene=services&frame=none", width: 390, height: 1400, steps: divided },
  { name: "penalties", query: "scene=late", height: 900, steps: late },
  { name: "penalties-dark", query: "scene=late&theme=dark", height: 900, steps: late },
  { name: "penalties-390", query: "scene=late&frame=none", width: 390, height: 1400, steps: late },
  { name: "pay-code", steps: async (page) => {
    await open(page);
    await page.getByRole("button", { name: "Увеличить код" }).click();
  } },
  { name: "paying-page", steps: pay },
  { name: "paying-page-390", query: "frame=none", ...narrow, steps: pay },
  { name: "paying-sbp", query: "scene=sbp", height: 900, steps: sbp },
  { name: "paying-unanswered", query: "scene=unanswered", steps: pay },
  { name: "paying-cut", query: "scene=cut", steps: pay },
  { name: "paying-hold", query: "scene=hold", steps: pay },
  { name: "paying-paid", query: "scene=paid", steps: pay },
  { name: "paying-credited-dark", query: "scene=credited&theme=dark", steps: pay },
  { name: "paying-declined", query: "scene=declined", steps: pay },
  { name: "paying-expired", query: "scene=expired", steps: pay },
  { name: "payments", steps: history },
  { name: "payments-390", query: "frame=none", ...narrow, steps: history },
  { name: "bills", steps: bills },
  { name: "bills-390", query: "frame=none", ...narrow, steps: bills },
  { name: "bills-none", query: "scene=nobills", steps: bills },
  { name: "bill", steps: why },
  { name: "bill-dark", query: "theme=dark", steps: why },
  { name: "bill-contrast", query: "theme=contrast", steps: why },
  { name: "bill-discount", query: "scene=discount", steps: bill },
  { name: "bill-390", query: "frame=none", width: 390, height: 2600, steps: why },
  { name: "bill-x2", query: "text=200", height: 2600, steps: why },
  { name: "bill-1024", width: 1024, height: 1500, steps: why },
  { name: "bill-1920", width: 1920, height: 1080, steps: why },
  { name: "bill-unbalanced", query: "scene=unbalanced", steps: bill },
  { name: "bill-sum", query: "scene=sumonly", steps: bill },
  { name: "bill-pdf", steps: pdf },
  { name: "bill-pdf-offline", query: "scene=offline", steps: pdf },
  { name: "bill-year", steps: async (page) => {
    await bill(page);
    await page.getByText("Год назад", { exact: true }).click();
    await page.getByRole("button", { name: "Таблицей" }).click();
  } },
  { name: "find-bill", steps: async (page) => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type("2026-09");
  } },
];

export const paymentScenes = states.map((state) => ({ at: AT, ...state }));
