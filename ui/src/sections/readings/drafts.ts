import type { Entry } from "./entry.svelte";
import type { Typed } from "./face";

const kept = new Map<string, Typed[]>();

/** Digits typed and not submitted, while the person looks at something else. Esc and submitting let them go. */
export const drafts = {
  keep(entry: Entry | null) {
    if (entry?.dirty) kept.set(entry.meter.id, entry.typed);
  },
  take(meter: string): Typed[] | undefined {
    const typed = kept.get(meter);
    kept.delete(meter);
    // Selected whole, as a value that was there before: the next digit replaces it, an arrow corrects it.
    return typed?.map((one) => ({ ...one, at: "all" }));
  },
};
