/** Values that the queue's «Исправить» wants to see in the drums of a meter when «Показания» opens it. Taken once. */
class Correction {
  #meter: string | null = null;
  #shown: string[] = [];

  ask(meter: string, shown: string[]) {
    this.#meter = meter;
    this.#shown = shown;
  }

  take(meter: string): string[] | undefined {
    if (this.#meter !== meter) return undefined;
    this.#meter = null;
    return this.#shown;
  }
}

export const correction = new Correction();
