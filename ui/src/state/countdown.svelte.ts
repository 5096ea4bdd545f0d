/** Seconds to an instant, running once a second while it lies ahead. */
export class Countdown {
  #now = $state(Date.now());
  #until = $state(0);
  #timer: ReturnType<typeof setInterval> | undefined;

  seconds = $derived(Math.max(0, Math.ceil((this.#until - this.#now) / 1000)));
  /** What a screen reader hears: whole minutes, so that it speaks once a minute. */
  minutes = $derived(Math.ceil(this.seconds / 60));

  get untilMs(): number {
    return this.#until;
  }

  set(untilMs: number) {
    this.#until = untilMs;
    this.#now = Date.now();
    clearInterval(this.#timer);
    if (untilMs > this.#now) {
      this.#timer = setInterval(() => {
        this.#now = Date.now();
        if (this.#now >= this.#until) {
          clearInterval(this.#timer);
        }
      }, 1000);
    }
  }

  stop() {
    clearInterval(this.#timer);
  }
}
