import * as m from "#texts";
import { SvelteMap } from "svelte/reactivity";
import { call } from "../platform";
import type { AttachmentView } from "../platform/bindings/AttachmentView";
import type { Failure } from "../platform/bindings/Failure";
import { failureWords } from "../words";

/** What is being done with a file, or what came of it. */
export type Doing = { state: "fetching" } | { state: "saved"; path: string } | { state: "failed"; why: string };

function why(failure: Failure): string {
  return failure.code === "offline" ? m.attachment_offline() : failureWords(failure);
}

/** Files that are fetched, opened and saved: one register for all places that show them, so that none is fetched twice. */
class Fetching {
  #doing = new SvelteMap<string, Doing>();

  of(file: AttachmentView): Doing | null {
    return this.#doing.get(file.file) ?? null;
  }

  /** The file with a name under which the whole can be read; `null` when it could not be fetched, which is said. */
  async fetch(file: AttachmentView): Promise<AttachmentView | null> {
    if (file.blob !== null) {
      return file;
    }
    this.#doing.set(file.file, { state: "fetching" });
    const answer = await call("attachment_fetch", { file: file.file, name: file.name });
    if (answer.ok) {
      this.#doing.delete(file.file);
      return answer.value;
    }
    this.#doing.set(file.file, { state: "failed", why: why(answer.failure) });
    return null;
  }

  /** In the program that the system has for it. */
  async open(file: AttachmentView): Promise<void> {
    if ((await this.fetch(file)) === null) {
      return;
    }
    const answer = await call("attachment_open", { file: file.file, name: file.name });
    if (!answer.ok) {
      this.#doing.set(file.file, { state: "failed", why: why(answer.failure) });
    }
  }

  async save(file: AttachmentView): Promise<void> {
    if ((await this.fetch(file)) === null) {
      return;
    }
    const answer = await call("attachment_save", { file: file.file, name: file.name });
    this.#doing.set(file.file, answer.ok ? { state: "saved", path: answer.value.path } : { state: "failed", why: why(answer.failure) });
  }

  /** What was said about it was read. */
  forget(file: AttachmentView) {
    this.#doing.delete(file.file);
  }
}

export const fetching = new Fetching();
