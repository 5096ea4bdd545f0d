// A person at a browser: `node person.mjs`. Takes deeds from its input, a line of JSON each, `["open", "http://…"]`, and
// answers each with a line of JSON: {"done": what it gave} or {"failed": words}. Ends with its input.
import { chromium } from "@playwright/test";
import { createInterface } from "node:readline";

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 1024, height: 768 }, locale: "ru-RU", timezoneId: "Europe/Moscow" });

const deeds = {
  open: async (url) => void (await page.goto(url)),
  fill: async ([label, text]) => page.getByLabel(label, { exact: true }).fill(text),
  press: async (name) => page.getByRole("button", { name, exact: true }).click(),
  shows: async (words) => page.getByText(words).first().waitFor(),
  text: async () => page.innerText("body"),
  picture: async (path) => void (await page.screenshot({ path })),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [deed, argument] = JSON.parse(line);
  const answer = await deeds[deed](argument).then(
    (done) => ({ done: done ?? null }),
    (error) => ({ failed: error.message }),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
