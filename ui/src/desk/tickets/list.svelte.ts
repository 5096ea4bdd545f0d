import { SvelteMap } from "svelte/reactivity";
import { call } from "../../platform";
import type { DeskRow } from "../../platform/bindings/DeskRow";
import type { DeskTicketsView } from "../../platform/bindings/DeskTicketsView";
import type { Failure } from "../../platform/bindings/Failure";
import type { Sieve } from "../desk.svelte";

/** How many rows are asked for at once. */
const PAGE = 100;
/** The most the core gives at once. */
const MOST = 200;
/** So many rows on each side of what is shown are kept, so that memory does not grow with the list. */
const KEPT = 400;

/** What stands above a row: the incident whose tickets begin here, or the end of all incidents. */
export type Head = { head: "incident"; incident: string } | { head: "others" };

/** The tickets of a shelf, as far as they are looked at. */
export class TicketList {
  /** Whether the core has answered for this sieve. */
  known = $state(false);
  total = $state(0);
  failure = $state.raw<Failure | null>(null);
  #sieve: Sieve;
  #rows = new SvelteMap<number, DeskRow>();
  #heads = new SvelteMap<number, Head>();
  #wanted = { from: 0, end: PAGE };
  #stale = true;
  #turn = 0;
  #asking: Promise<void> | null = null;

  constructor(sieve: Sieve) {
    this.#sieve = sieve;
  }

  row(at: number): DeskRow | undefined {
    return this.#rows.get(at);
  }

  head(at: number): Head | undefined {
    return this.#heads.get(at);
  }

  /** Places above which something stands, from the first to the last. */
  heads = $derived.by(() => [...this.#heads.keys()].sort((a, b) => a - b));

  /** Where a ticket stands, when it is here. */
  placeOf(ticket: string): number | null {
    for (const [at, row] of this.#rows) {
      if (row.ticket === ticket) {
        return at;
      }
    }
    return null;
  }

  /** Everything that is here between two places. */
  between(a: number, b: number): DeskRow[] {
    const rows: DeskRow[] = [];
    for (let at = Math.min(a, b); at <= Math.max(a, b); at += 1) {
      const row = this.#rows.get(at);
      if (row !== undefined) {
        rows.push(row);
      }
    }
    return rows;
  }

  /** Another shelf or filter: what was shown stays until the answer is here, so that nothing flickers. */
  sift(sieve: Sieve): Promise<void> {
    this.#sieve = sieve;
    this.#wanted = { from: 0, end: PAGE };
    this.#turn += 1;
    this.#stale = true;
    return this.#ask();
  }

  refresh(): Promise<void> {
    this.#stale = true;
    return this.#ask();
  }

  need(from: number, end: number): Promise<void> {
    this.#wanted = { from: Math.max(0, from), end };
    return this.#ask();
  }

  /** One question at a time: an older answer never covers a newer one. */
  #ask(): Promise<void> {
    this.#asking ??= this.#askAll().finally(() => (this.#asking = null));
    return this.#asking;
  }

  async #askAll() {
    for (let next = this.#next(); next !== null; next = this.#next()) {
      const turn = this.#turn;
      const anew = next.anew;
      const answer = await call("desk_tickets", { ...this.#sieve, from: next.from, count: next.count });
      if (turn !== this.#turn) {
        continue;
      }
      if (answer.ok && !next.anew && answer.value.rows.length === 0) {
        // Nothing new came: to ask for the same again would bring nothing again.
        return;
      }
      if (!answer.ok) {
        this.failure = answer.failure;
        return;
      }
      this.failure = null;
      this.#take(answer.value, anew);
    }
  }

  #next(): { from: number; count: number; anew: boolean } | null {
    const { from, end } = this.#wanted;
    if (this.#stale) {
      this.#stale = false;
      const start = Math.max(0, from - PAGE / 4);
      return { from: start, count: Math.min(MOST, Math.max(PAGE, end - start)), anew: true };
    }
    for (let at = from; at < Math.min(end, this.total); at += 1) {
      if (!this.#rows.has(at)) {
        // Scrolled up, the page before is wanted; scrolled down, the page behind.
        const start = this.#rows.has(at - 1) || at === 0 ? at : Math.max(0, at - PAGE / 2);
        return { from: start, count: PAGE, anew: false };
      }
    }
    return null;
  }

  #take(view: DeskTicketsView, anew: boolean) {
    if (anew) {
      this.#rows.clear();
      this.#heads.clear();
    }
    for (let at = view.total; at < this.total; at += 1) {
      if (!this.#rows.delete(at)) {
        break;
      }
    }
    this.total = view.total;
    view.rows.forEach((row, index) => this.#rows.set(view.from + index, row));
    this.#headings(view.from, view.from + view.rows.length);
    this.#letGo();
    this.known = true;
  }

  #headings(from: number, end: number) {
    for (let at = from; at <= Math.min(end, this.total - 1); at += 1) {
      const row = this.#rows.get(at);
      const before = this.#rows.get(at - 1);
      if (row === undefined || (at > 0 && before === undefined)) {
        continue;
      }
      const was = before?.incident ?? null;
      if (row.incident === was) {
        this.#heads.delete(at);
      } else {
        this.#heads.set(at, row.incident === null ? { head: "others" } : { head: "incident", incident: row.incident });
      }
    }
  }

  #letGo() {
    const { from, end } = this.#wanted;
    for (const at of [...this.#rows.keys()]) {
      if (at < from - KEPT || at >= end + KEPT) {
        this.#rows.delete(at);
      }
    }
  }
}
