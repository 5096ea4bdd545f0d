/** The only door between the window and the core. Nothing else may import a back end. */
import { backend } from "#backend";
import type { Event } from "./bindings/Event";

export const call = backend.call;
export const controls = backend.controls;
export const attachmentAddress = (name: string): string => backend.attachmentAddress(name);

const listeners = new Set<(event: Event) => void>();
let stop: (() => void) | null = null;

/** Listens to the core. Any number of listeners share one stream: a browser allows only a few connections. */
export function onEvent(listener: (event: Event) => void): () => void {
  listeners.add(listener);
  stop ??= backend.onEvent((event) => listeners.forEach((hear) => hear(event)));
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      stop?.();
      stop = null;
    }
  };
}

export type { Answer, Backend, WindowControls } from "./backend";
export type { Args, Command, Commands, Consent, Found, Proven, Result, SupportQuestion } from "./commands";
