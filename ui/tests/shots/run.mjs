// Photographs states of the window with invented data, and asks axe about each: `npm run shots -- FOLDER [part of a name]`.
import { createServer } from "node:http";
import { mkdir, readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { scenes } from "./scenes.mjs";

const [folder, wanted = ""] = process.argv.slice(2);
if (!folder) {
  console.error("Name the folder for the pictures: npm run shots -- FOLDER [part of a name]");
  process.exit(2);
}

const root = fileURLToPath(new URL("../../dist-fixture/", import.meta.url));
const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml" };
const server = createServer((request, response) => {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  const file = join(root, normalize(path === "/" ? "/index.html" : path));
  readFile(file).then(
    (body) => response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" }).end(body),
    () => response.writeHead(404).end(),
  );
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const base = `http://127.0.0.1:${server.address().port}/`;

await mkdir(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
let failed = 0;
for (const scene of scenes.filter((one) => one.name.includes(wanted))) {
  const context = await browser.newContext({
    viewport: { width: scene.width ?? 1366, height: scene.height ?? 768 },
    locale: "ru-RU",
    timezoneId: "Europe/Moscow",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  page.on("pageerror", (error) => {
    failed += 1;
    console.error(`${scene.name}: ${error.message}`);
  });
  if (scene.at) {
    await page.clock.setFixedTime(new Date(scene.at));
  }
  try {
    await page.goto(`${base}?${scene.query ?? ""}`);
    await page.evaluate(() => document.fonts.ready);
    await scene.steps?.(page);
    // Animations of 180 ms have ended, whatever moved stands still.
    await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
    const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
    for (const violation of violations) {
      failed += 1;
      console.error(`${scene.name}: ${violation.id}: ${violation.help}`);
      violation.nodes.slice(0, 3).forEach((node) => console.error(`    ${node.html.slice(0, 160)}\n    ${node.failureSummary?.split("\n")[1] ?? ""}`));
    }
    await page.screenshot({ path: join(folder, `${scene.name}.png`) });
  } catch (error) {
    failed += 1;
    console.error(`${scene.name}: ${error.message}`);
  }
  await context.close();
}
await browser.close();
server.close();
process.exit(failed === 0 ? 0 : 1);
