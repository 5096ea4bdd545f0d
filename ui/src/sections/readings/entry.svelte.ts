import { call } from "../../platform";
import type { Failure } from "../../platform/bindings/Failure";
import type { MeterView } from "../../platform/bindings/MeterView";
import type { PreviewView } from "../../platform/bindings/PreviewView";
import type { Question } from "../../platform/bindings/Question";
import type { Refusal } from "../../platform/bindings/Refusal";
import { turnedDown } from "./current";
import { type Face, isComplete, isEmpty, type KeyProblem, nothing, paste, shownOf, type Step, textOf, type Typed, typedFrom } from "./face";

/** How an attempt to submit ended, for the one who shows the next meter. */
export type Submitted = "saved" | "not_yet";

/**
 * A reading while it is being entered: the drums of all tariffs, and what the core says about them at every key.
 * It judges nothing itself.
 */
export class Entry {
  readonly meter: MeterView;
  readonly face: Face;
  typed = $state.raw<Typed[]>([]);
  preview = $state.raw<PreviewView | null>(null);
  /** A key that was not taken, at its drums, until the next one that is. */
  keyProblem = $state.raw<{ tariff: number; problem: KeyProblem } | null>(null);
  /** What `reading_submit` said, until the value changes. */
  failure = $state.raw<Failure | null>(null);
  busy = $state(false);
  /** Drums that the person has left, or submitted: half a number there is judged as a whole one. */
  #finished = $state.raw<ReadonlySet<number>>(new Set());
  #turn = 0;
  #frame = 0;

  /** `start` is what stands on the drums at first: a draft, or what has to be corrected; else the reading of this month. */
  constructor(meter: MeterView, start?: Typed[]) {
    this.meter = meter;
    this.face = { digits: meter.digits, decimals: meter.decimals };
    const first = start ?? meter.current?.shown.map(typedFrom) ?? [];
    this.typed = meter.zones.map((_, tariff) => first[tariff] ?? nothing);
    if (first.length > 0) this.#ask();
  }

  /** Whether anything was typed that leaving would lose. */
  get dirty(): boolean {
    const before = this.meter.current?.shown;
    return this.typed.some((typed, tariff) => !isEmpty(typed) && shownOf(typed, this.face) !== before?.[tariff]);
  }

  step(tariff: number, { typed, problem }: Step) {
    this.keyProblem = problem ? { tariff, problem } : null;
    if (textOf(typed) !== this.#text(tariff)) {
      this.failure = null;
      this.#finished = new Set([...this.#finished].filter((other) => other !== tariff));
      this.#put(tariff, typed);
      this.#ask();
    } else {
      this.#put(tariff, typed);
    }
  }

  /** The person left the drums of a tariff. */
  finish(tariff: number) {
    const typed = this.typed[tariff];
    if (typed && !isEmpty(typed)) this.#finished = new Set([...this.#finished, tariff]);
  }

  /** The proposal of a slip put into its drums. */
  propose(tariff: number, value: string) {
    this.step(tariff, { typed: paste(nothing, this.face, value).typed });
  }

  /** The value as the drums would show it. */
  shown(value: string): string {
    return shownOf(paste(nothing, this.face, value).typed, this.face);
  }

  /** Whether what is typed may be judged: every drum is filled, or the person said that it is all. */
  get judged(): boolean {
    return this.typed.every((_, tariff) => this.#judges(tariff));
  }

  #judges(tariff: number): boolean {
    const typed = this.typed[tariff];
    return typed !== undefined && !isEmpty(typed) && (this.#finished.has(tariff) || isComplete(typed, this.face));
  }

  get refusal(): Refusal | null {
    if (this.failure?.code === "reading_refused") return this.failure.refusal;
    const refusal = this.preview?.refusal ?? null;
    if (refusal === null) return null;
    return "tariff" in refusal && !this.#judges(refusal.tariff) ? null : refusal;
  }

  get questions(): Question[] {
    if (this.failure?.code === "reading_questioned") return this.failure.questions;
    const here = this.preview?.questions.filter((question) => this.#judges(question.tariff)) ?? [];
    const there = this.#serverAsked;
    return there && !here.some((question) => question.code === there.code) ? [...here, there] : here;
  }

  /** What the server asked when it rejected this very value: it knew a newer last one than this computer. */
  get #serverAsked(): Question | null {
    const down = turnedDown(this.meter);
    if (down?.mark.mark !== "rejected" || down.mark.rejection.reason !== "reading_questioned") return null;
    const same = this.typed.every((typed, tariff) => shownOf(typed, this.face) === this.shown(down.values[tariff] ?? ""));
    return same ? down.mark.rejection.question : null;
  }

  /** The first tariff without a value, once somebody tried to submit. */
  get missing(): number | null {
    const tariff = this.typed.findIndex(isEmpty);
    return tariff < 0 ? null : tariff;
  }

  /** Gives the reading to the core; `confirmed` says that the questions on the screen were answered. */
  async submit(confirmed: boolean, early: boolean): Promise<Submitted> {
    if (this.busy || this.missing !== null) return "not_yet";
    this.keyProblem = null;
    const questions = confirmed ? this.questions.map((question) => question.code) : [];
    this.#finished = new Set(this.typed.keys());
    this.busy = true;
    const answer = await call("reading_submit", {
      meter: this.meter.id,
      values: this.typed.map(textOf),
      confirmed: [...new Set(questions)],
      early,
    });
    this.busy = false;
    if (answer.ok) return "saved";
    this.failure = answer.failure;
    return "not_yet";
  }

  #text(tariff: number): string {
    const typed = this.typed[tariff];
    return typed ? textOf(typed) : "";
  }

  #put(tariff: number, typed: Typed) {
    this.typed = this.typed.map((other, index) => (index === tariff ? typed : other));
  }

  // One question per frame is enough for the eye; an older answer never covers a newer one.
  #ask() {
    this.#turn += 1;
    const turn = this.#turn;
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      void call("reading_preview", { meter: this.meter.id, values: this.typed.map(textOf) }).then((answer) => {
        if (turn === this.#turn) this.preview = answer.ok ? answer.value : null;
      });
    });
  }
}
