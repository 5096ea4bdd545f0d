import { untrack } from "svelte";
import { type Args, type Command, call, onEvent, type Result } from "../platform";
import type { Failure } from "../platform/bindings/Failure";
import type { Topic } from "../platform/bindings/Topic";

/** A view of the core that is asked for again whenever the core says that it may be out of date. */
export class Watched<C extends Command> {
  value = $state.raw<Result<C>>();
  failure = $state.raw<Failure | null>(null);
  /** What was asked when `value` came. */
  asked = $state.raw<Args<C>>();
  #command: C;
  #args: () => Args<C>;
  #turn = 0;

  constructor(command: C, args: () => Args<C>) {
    this.#command = command;
    this.#args = args;
  }

  /** Asks now. An older answer never covers a newer one. */
  async refresh(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const args = this.#args();
    const answer = await call(this.#command, args);
    if (turn !== this.#turn) {
      return;
    }
    if (answer.ok) {
      this.value = answer.value;
      this.asked = args;
      this.failure = null;
    } else {
      this.failure = answer.failure;
    }
  }
}

/**
 * Watches a view while the component that calls this is shown. `args` may read state: a change asks again.
 * What was shown stays until the new answer is here, so that nothing flickers.
 */
export function watch<C extends Command>(command: C, args: () => Args<C>, topics: Topic[]): Watched<C> {
  const watched = new Watched(command, args);
  $effect(() => {
    args();
    untrack(() => void watched.refresh());
  });
  $effect(() =>
    onEvent((event) => {
      if (event.event === "changed" && event.topics.some((topic) => topics.includes(topic))) {
        void watched.refresh();
      }
    }),
  );
  return watched;
}
