import * as m from "#texts";
import { fileSize } from "../format";
import { call } from "../platform";
import type { AttachmentLimitsView } from "../platform/bindings/AttachmentLimitsView";
import type { AttachmentView } from "../platform/bindings/AttachmentView";
import type { Failure } from "../platform/bindings/Failure";
import { failureWords } from "../words";

/** Where files are gathered: the draft of a message or of a ticket. */
export interface Gathering {
  readonly files: AttachmentView[];
  add(file: AttachmentView): void;
  remove(file: AttachmentView): void;
}

/** Takes files into the core, one after another, and says in words which could not be taken and why. */
export class Adding {
  /** The file that is being taken. */
  reading = $state<string | null>(null);
  problems = $state.raw<string[]>([]);
  #gathering: Gathering;
  #limits: () => AttachmentLimitsView | null;
  #turn: Promise<void> = Promise.resolve();

  constructor(gathering: Gathering, limits: () => AttachmentLimitsView | null) {
    this.#gathering = gathering;
    this.#limits = limits;
  }

  /** Dropped, pasted, chosen or photographed. */
  add(files: Iterable<File>): Promise<void> {
    const given = [...files];
    if (given.length === 0) {
      return this.#turn;
    }
    this.problems = [];
    this.#turn = this.#turn.then(async () => {
      for (const file of given) {
        if (this.#full()) {
          break;
        }
        await this.#addOne(file);
      }
      this.reading = null;
    });
    return this.#turn;
  }

  /** Everything that was given is taken or refused. */
  idle(): Promise<void> {
    return this.#turn;
  }

  async remove(file: AttachmentView): Promise<void> {
    this.problems = [];
    this.#gathering.remove(file);
    await call("file_remove", { file: file.file, name: file.name });
  }

  #full(): boolean {
    const limits = this.#limits();
    if (limits === null || this.#gathering.files.length < limits.files) {
      return false;
    }
    this.#say(m.attach_too_many({ max: limits.files }));
    return true;
  }

  async #addOne(file: File): Promise<void> {
    const limits = this.#limits();
    if (file.size === 0) {
      return this.#say(m.attach_empty({ name: file.name }));
    }
    // Not even read: a film of gigabytes would not fit into the window's memory.
    if (limits !== null && file.size > limits.bytes) {
      return this.#say(m.attach_too_large({ name: file.name, max: fileSize(limits.bytes) }));
    }
    this.reading = file.name;
    const base64 = await base64Of(file);
    if (base64 === null) {
      return this.#say(m.attach_failed({ name: file.name, why: m.field_file_malformed() }));
    }
    const answer = await call("file_add", { from: "bytes", name: file.name, base64 });
    if (answer.ok) {
      this.#gathering.add(answer.value);
    } else {
      this.#say(refusedWords(file.name, answer.failure));
    }
  }

  #say(problem: string) {
    this.problems = [...this.problems, problem];
  }
}

function refusedWords(name: string, failure: Failure): string {
  if (failure.code === "field") {
    switch (failure.problem.problem) {
      case "file_too_large":
        return m.attach_too_large({ name, max: fileSize(failure.problem.max_bytes) });
      case "file_forbidden":
        return m.attach_forbidden({ name });
      case "too_many_files":
        return m.attach_too_many({ max: failure.problem.max });
      case "empty":
        return m.attach_empty({ name });
    }
  }
  return m.attach_failed({ name, why: failureWords(failure) });
}

/** The browser engine encodes, which is faster than a loop and needs no second copy of the bytes. `null`: it cannot be read. */
function base64Of(file: Blob): Promise<string | null> {
  return new Promise((done) => {
    const reader = new FileReader();
    reader.onerror = () => done(null);
    reader.onload = () => {
      const url = reader.result as string;
      done(url.slice(url.indexOf(",") + 1));
    };
    reader.readAsDataURL(file);
  });
}
