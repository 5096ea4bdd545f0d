import { cleanup, render } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import App from "../src/App.svelte";
import { place } from "../src/state/place.svelte";
import { standing } from "../src/state/window.svelte";
import { asked, instead, scene } from "./fixture/backend";
import { sceneOf } from "./fixture/scene";

/** Opens the window in an invented world: `openWindow("scene=signedout")`. */
export async function openWindow(search: string) {
  cleanup();
  Object.assign(scene, sceneOf(`?${search}`));
  asked.length = 0;
  instead.clear();
  place.section = "events";
  place.account = null;
  place.panel = null;
  standing.ready = false;
  render(App);
  await standing.refresh();
  return userEvent.setup();
}

/** What was asked of the core under a name, oldest first. */
export function askedFor(command: string): unknown[] {
  return asked.filter((one) => one.command === command).map((one) => one.args);
}
