import { type Answer, type Backend, defect, isFailure } from "./backend";
import type { Event } from "./bindings/Event";
import type { Args, Command, Result } from "./commands";

/** The development bridge serves this page too, so its address is the page's own. */
async function call<C extends Command>(command: C, args: Args<C>): Promise<Answer<Result<C>>> {
  try {
    const response = await fetch(`/call/${command}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(args),
    });
    const body: unknown = await response.json();
    if (response.ok) {
      return { ok: true, value: body as Result<C> };
    }
    return isFailure(body) ? { ok: false, failure: body } : defect();
  } catch {
    return defect();
  }
}

function onEvent(listener: (event: Event) => void): () => void {
  const stream = new EventSource("/events");
  stream.onmessage = (message) => listener(JSON.parse(message.data as string) as Event);
  return () => stream.close();
}

export const backend: Backend = { call, onEvent, attachmentAddress: (name) => `/attachment/${name}`, controls: null };
