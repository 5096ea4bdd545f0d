import type { Event } from "./bindings/Event";
import type { Failure } from "./bindings/Failure";
import type { Args, Command, Result } from "./commands";

/** What a command came to. A failure is an answer too: whoever asks has to look at it. */
export type Answer<T> = { ok: true; value: T } | { ok: false; failure: Failure };

/** The three buttons and the dragging of a window that draws its own bar. */
export interface WindowControls {
  minimise(): void;
  toggleMaximise(): void;
  close(): void;
  isMaximised(): Promise<boolean>;
  /** Called after every change of size; returns the way to stop. */
  onResized(listener: () => void): () => void;
  raise(): void;
}

/** Where the core is and how to talk to it. */
export interface Backend {
  call<C extends Command>(command: C, args: Args<C>): Promise<Answer<Result<C>>>;
  /** Returns the way to stop listening. */
  onEvent(listener: (event: Event) => void): () => void;
  /** Where the content of a file can be read, by the name in `AttachmentView::thumbnail` or `::blob`. */
  attachmentAddress(name: string): string;
  /** `null` where the window has a frame of its own, as a browser does. */
  controls: WindowControls | null;
}

/** An answer that is not of the contract: the core's log says more, under its own number. */
export function defect(): { ok: false; failure: Failure } {
  return { ok: false, failure: { code: "defect", report: "" } };
}

/** Whether something thrown or received is a failure of the contract. */
export function isFailure(value: unknown): value is Failure {
  return typeof value === "object" && value !== null && typeof (value as { code?: unknown }).code === "string";
}
