import type { AttachmentView } from "../platform/bindings/AttachmentView";
import type { DraftView } from "../platform/bindings/DraftView";

/** How long the hand rests before what was typed is kept. */
const REST_MS = 400;

/** Words and files that are not sent yet. Every change is kept by the core a moment later, and at once when the person leaves. */
export class Draft {
  #text = $state("");
  #files = $state.raw<AttachmentView[]>([]);
  #keep: (draft: DraftView) => Promise<unknown>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #kept: Promise<unknown> = Promise.resolve();

  constructor(keep: (draft: DraftView) => Promise<unknown>, begun: DraftView | null = null) {
    this.#keep = keep;
    this.#text = begun?.text ?? "";
    this.#files = begun?.files.map(({ attachment }) => attachment) ?? [];
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
    this.later();
  }

  get files(): AttachmentView[] {
    return this.#files;
  }

  get empty(): boolean {
    return this.#text.trim() === "" && this.#files.length === 0;
  }

  /** All of it as the core takes it. */
  view(): DraftView {
    return { text: this.#text, files: this.#files.map((attachment) => ({ attachment })) };
  }

  add(file: AttachmentView) {
    // The same content twice is one file.
    this.#files = [...this.#files.filter((other) => other.file !== file.file), file];
    void this.now();
  }

  remove(file: AttachmentView) {
    this.#files = this.#files.filter((other) => other.file !== file.file);
    void this.now();
  }

  /** It was sent, or thrown away: the core knows already. */
  clear() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#text = "";
    this.#files = [];
  }

  /** Keeps it when the hand rests. */
  later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.now(), REST_MS);
  }

  /** Keeps it now: one after the other, so that the last one stays. */
  now(): Promise<unknown> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const view = this.view();
    this.#kept = this.#kept.then(() => this.#keep(view));
    return this.#kept;
  }

  /** The person leaves: what is not kept yet is kept now. */
  leave() {
    if (this.#timer !== undefined) {
      void this.now();
    }
  }

  /** Nothing of it is on its way to the core any more. */
  async settled(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#kept;
  }
}
