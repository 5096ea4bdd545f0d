import { SvelteSet } from "svelte/reactivity";

/** Conflicts that somebody has read; the history keeps them all. */
export const seenConflicts = new SvelteSet<string>();
