import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { vi } from "vitest";
import Readings from "../../src/sections/readings/Readings.svelte";
import { drafts } from "../../src/sections/readings/drafts";
import { place } from "../../src/state/place.svelte";
import { standing } from "../../src/state/window.svelte";
import { asked, instead, scene } from "../fixture/backend";

/** A fresh world for every test. */
export function newWorld(name = "plain") {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-10-21T07:42:00Z") });
  asked.length = 0;
  instead.clear();
  for (const meter of ["m-1", "m-2", "m-3", "m-4"]) drafts.take(meter);
  scene.name = name;
  scene.accounts = 2;
  scene.online = true;
  place.account = null;
  place.meter = null;
  place.panel = null;
  place.section = "readings";
}

/** The section, shown and loaded. */
export async function openReadings() {
  const user = userEvent.setup();
  await standing.refresh();
  const shown = render(Readings);
  await waitFor(() => {
    if (screen.queryByText("Открываем показания…")) throw new Error("still opening");
  });
  return { user, ...shown };
}

/** The section with the entry of one meter open and focused. */
export async function openEntry(name: string) {
  const opened = await openReadings();
  await opened.user.click(await screen.findByRole("button", { name: `Передать показания: ${name}` }));
  const field = (await screen.findAllByRole<HTMLInputElement>("textbox", { name: new RegExp(name) }))[0]!;
  await waitFor(() => {
    if (document.activeElement !== field) throw new Error("the drums have no focus");
  });
  return { ...opened, field };
}

/** What was asked of the core under this command. */
export function askedOf(command: string): unknown[] {
  return asked.filter((one) => one.command === command).map((one) => one.args);
}
