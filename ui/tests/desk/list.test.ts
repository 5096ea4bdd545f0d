import { beforeEach, describe, expect, it } from "vitest";
import { printList } from "../../src/desk/print/list";
import { printing } from "../../src/desk/print/printing.svelte";
import { heightsOf, offsetOf, placeAt, shapeOf } from "../../src/desk/tickets/layout";
import { TicketList } from "../../src/desk/tickets/list.svelte";
import type { Sieve } from "../../src/desk/desk.svelte";
import type { DeskTicketsArgs } from "../../src/platform/bindings/DeskTicketsArgs";
import { asked, instead, scene } from "../fixture/backend";
import { longRow } from "../fixture/desk/data";
import { MANY } from "../fixture/desk/answers";
import { sceneOf } from "../fixture/scene";

const sieve: Sieve = { shelf: "open", department: null, executor: null, text: "", urgent_first: true };
const pages = () => asked.filter((one) => one.command === "desk_tickets").map((one) => one.args as DeskTicketsArgs);

beforeEach(() => {
  Object.assign(scene, sceneOf("?scene=deskmany"));
  asked.length = 0;
  instead.clear();
});

describe("a list of a hundred thousand tickets", () => {
  it("asks for the part that is looked at, and holds a part of it only", async () => {
    const list = new TicketList(sieve);
    await list.refresh();
    expect(list.total).toBe(MANY);
    for (let at = 0; at + 30 < MANY; at += 4999) {
      await list.need(at, at + 30);
      expect(list.row(at)?.ticket).toBe(`t-${at}`);
      expect(list.row(at + 29)?.ticket).toBe(`t-${at + 29}`);
    }
    expect(list.between(0, MANY - 1).length).toBeLessThan(1000);
    expect(pages().every((page) => page.count <= 200)).toBe(true);
  });

  it("asks again for what is looked at when something changed, not from the beginning", async () => {
    const list = new TicketList(sieve);
    await list.refresh();
    await list.need(50_000, 50_030);
    asked.length = 0;
    await list.refresh();
    expect(pages()).toHaveLength(1);
    expect(pages()[0]!.from).toBeGreaterThan(49_000);
    expect(list.row(50_000)?.ticket).toBe("t-50000");
  });

  it("never shows the answer to an older filter under a newer one", async () => {
    const list = new TicketList(sieve);
    const first = list.refresh();
    const second = list.sift({ ...sieve, text: "Течёт стояк" });
    await Promise.all([first, second]);
    expect(list.total).toBe(1);
    expect(list.row(0)?.short_name).toBe("Течёт стояк в ванной");
  });

  it("does not ask for ever when the core gives fewer rows than it counts", async () => {
    instead.set("desk_tickets", ((args: DeskTicketsArgs) => ({ ok: true, value: { total: 500, from: args.from, rows: args.from === 0 ? [longRow(args.from)] : [] } })) as never);
    const list = new TicketList(sieve);
    await list.refresh();
    await list.need(200, 230);
    expect(asked.length).toBeLessThan(10);
  });

  it("is printed as far as anybody holds it in the hand, and says that there is more", async () => {
    expect(await printList("Открытые заявки", sieve)).toBeNull();
    expect(printing.sheet?.rows).toHaveLength(1000);
    expect(printing.sheet?.note).toContain("100000");
    printing.sheet = null;
  });

  it("keeps what it shows when the core cannot answer", async () => {
    const list = new TicketList(sieve);
    await list.refresh();
    instead.set("desk_tickets", () => ({ ok: false, failure: { code: "offline" } }));
    await list.refresh();
    expect(list.failure).toEqual({ code: "offline" });
    expect(list.row(0)?.ticket).toBe("t-0");
  });
});

it("puts a head above the first ticket of an incident and above what follows the incidents", async () => {
  Object.assign(scene, sceneOf("?scene=desk"));
  const list = new TicketList(sieve);
  await list.refresh();
  expect(list.heads).toEqual([0, 2]);
  expect(list.head(0)).toEqual({ head: "incident", incident: "i-riser" });
  expect(list.head(2)).toEqual({ head: "others" });
});

describe("rows of known height", () => {
  const heights = { row: 46, head: 36 };
  const heads = [0, 2, 2];

  it("stand one under the other with their heads, and are found again by their offset", () => {
    expect([0, 1, 2, 3].map((at) => offsetOf(at, heads, heights))).toEqual([0, 82, 128, 246]);
    for (let at = 0; at < 50; at += 1) {
      expect(placeAt(offsetOf(at, heads, heights), 50, heads, heights)).toBe(at);
      expect(placeAt(offsetOf(at + 1, heads, heights) - 1, 50, heads, heights)).toBe(at);
    }
  });

  it("become cards where columns have no room, however large the text is", () => {
    expect([shapeOf(1185, 1.12), shapeOf(778, 1), shapeOf(778, 2), shapeOf(390, 1)]).toEqual(["wide", "table", "cards", "cards"]);
    expect(heightsOf("table", 2).row).toBe(92);
  });
});
