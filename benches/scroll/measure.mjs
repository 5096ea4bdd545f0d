// Opens the longest conversation in Chromium and, when asked, goes from its end to its beginning by the wheel:
// node measure.mjs open|scroll URL TICKET TIMES. Prints one line of JSON. Packages are those of tests/browser.
import { createRequire } from "node:module";

const require = createRequire(new URL("../../tests/browser/package.json", import.meta.url));
const { chromium } = require("playwright");
const [mode, url, ticket, times] = process.argv.slice(2);
/** How far one turn of the wheel goes, in px: a person who pulls hard. */
const TURN = -900;
/** So often on the way memory is looked at. */
const LOOKS = 5;

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, locale: "ru-RU", timezoneId: "Europe/Moscow" });
const cdp = await page.context().newCDPSession(page);
const talk = page.getByRole("region", { name: "Переписка" });
const row = page.locator(`[data-ticket="${ticket}"]`);

/** The list of tickets, with nothing chosen. */
async function list() {
  await page.goto(url);
  await page.getByRole("navigation", { name: "Разделы" }).getByRole("button", { name: "Заявки" }).click();
  await row.waitFor();
  await page.waitForTimeout(500);
}

/** Milliseconds from the click until the frame after the one in which the newest messages are there. */
function open() {
  return page.evaluate(
    (of) =>
      new Promise((drawn) => {
        const began = performance.now();
        const look = () => {
          const scroller = document.querySelector(".scroller.ready");
          if (scroller?.querySelector("[data-place]")) requestAnimationFrame(() => drawn(performance.now() - began));
          else requestAnimationFrame(look);
        };
        document.querySelector(`[data-ticket="${of}"]`).click();
        requestAnimationFrame(look);
      }),
    ticket,
  );
}

async function heap() {
  await cdp.send("HeapProfiler.collectGarbage");
  await cdp.send("HeapProfiler.collectGarbage");
  return (await cdp.send("Runtime.getHeapUsage")).usedSize / 1024 / 1024;
}

/** The places that are drawn now, and how many nodes they are. */
function seen() {
  return talk.evaluate((region) => ({
    first: Math.min(...[...region.querySelectorAll("[data-place]")].map((one) => Number(one.getAttribute("data-place")))),
    nodes: region.querySelectorAll("li, li *").length,
  }));
}

async function scroll() {
  const box = await talk.boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const total = (await seen()).first;
  const heaps = [await heap()];
  const frames = [];
  let [nodes, seconds] = [0, 0];
  for (let look = 1; look <= LOOKS; look += 1) {
    const goal = Math.round(total * (1 - look / LOOKS));
    await page.evaluate(() => {
      window.frames_ = [];
      let last = performance.now();
      const frame = (now) => {
        window.frames_.push(now - last);
        last = now;
        window.frame_ = requestAnimationFrame(frame);
      };
      window.frame_ = requestAnimationFrame(frame);
    });
    const began = Date.now();
    for (let at = Infinity, turn = 0; at > goal; turn += 1) {
      await page.mouse.wheel(0, TURN);
      if (turn % 8 === 0) {
        const now = await seen();
        at = now.first;
        nodes = Math.max(nodes, now.nodes);
      }
    }
    seconds += (Date.now() - began) / 1000;
    // The first runs from whenever it was asked for to the next frame.
    frames.push(...(await page.evaluate(() => (cancelAnimationFrame(window.frame_), window.frames_.slice(1)))));
    heaps.push(await heap());
  }
  frames.sort((a, b) => a - b);
  return {
    frames: frames.length,
    longest_ms: frames.at(-1),
    p95_ms: frames[Math.floor(frames.length * 0.95)],
    over_50: frames.filter((frame) => frame > 50).length,
    heap_mib: heaps,
    nodes,
    seconds,
  };
}

const open_ms = [];
// The first opening only fills caches.
for (let time = 0; time <= (mode === "open" ? Number(times) : 0); time += 1) {
  await list();
  const took = await open();
  if (time > 0) open_ms.push(took);
}
const way = mode === "scroll" ? await scroll() : { frames: 0, longest_ms: 0, p95_ms: 0, over_50: 0, heap_mib: [], nodes: 0, seconds: 0 };
console.log(JSON.stringify({ ...way, open_ms, browser: `Chromium ${browser.version()}` }));
await browser.close();
