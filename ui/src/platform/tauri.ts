import { convertFileSrc, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWindow } from "@tauri-apps/api/window";
import { type Answer, type Backend, defect, isFailure } from "./backend";
import type { Event } from "./bindings/Event";
import type { Args, Command, Result } from "./commands";

async function call<C extends Command>(command: C, args: Args<C>): Promise<Answer<Result<C>>> {
  try {
    return { ok: true, value: await invoke<Result<C>>("call", { command, args }) };
  } catch (thrown) {
    return isFailure(thrown) ? { ok: false, failure: thrown } : defect();
  }
}

/** Stopping is asked for at once, while the shell answers later. */
function stoppable(started: Promise<() => void>): () => void {
  return () => void started.then((stop) => stop());
}

const shell = getCurrentWindow();

export const backend: Backend = {
  call,
  // An address that WebView2 takes differs from that of the other engines; the name keeps its slashes.
  attachmentAddress: (name) => `${convertFileSrc("", "attachment")}${name}`,
  onEvent: (listener) => stoppable(listen<Event>("core", (message) => listener(message.payload))),
  controls: {
    minimise: () => void shell.minimize(),
    toggleMaximise: () => void shell.toggleMaximize(),
    close: () => void shell.close(),
    isMaximised: () => shell.isMaximized(),
    onResized: (listener) => stoppable(shell.onResized(listener)),
    raise: () => void shell.unminimize().then(() => shell.setFocus()),
  },
};
