import { SvelteSet } from "svelte/reactivity";
import type { DeskRow } from "../platform/bindings/DeskRow";
import type { DeskShelf } from "../platform/bindings/DeskShelf";
import type { DeskTicketsArgs } from "../platform/bindings/DeskTicketsArgs";
import { place } from "../state/place.svelte";

export const PAGES = ["tickets", "chats", "incidents", "reports", "announcements"] as const;
export type Page = (typeof PAGES)[number];

/** What is being decided, over everything else. */
export type Dialog =
  | { dialog: "status"; tickets: string[] }
  | { dialog: "assign"; tickets: string[] }
  | { dialog: "forward"; tickets: string[] }
  | { dialog: "register" }
  | { dialog: "fold"; tickets: string[] }
  | { dialog: "incident"; id: string | null; tickets: string[] };

/** Which tickets are listed, but for the part of the list. */
export type Sieve = Omit<DeskTicketsArgs, "from" | "count">;

/** Where somebody of the staff is in the workplace. The ticket that is open is `place.ticket`, so that toasts find it. */
class Desk {
  page = $state<Page>("tickets");
  shelf = $state<DeskShelf>("open");
  department = $state<string | null>(null);
  executor = $state<string | null>(null);
  urgentFirst = $state(true);
  /** What is searched for; over all shelves while it is not empty. */
  text = $state("");
  /** Tickets that are dealt with together. */
  readonly chosen = new SvelteSet<string>();
  dialog = $state.raw<Dialog | null>(null);
  /** The announcement that is being written or looked at; `null` for a new one. */
  edited = $state.raw<{ announcement: string | null; look: "form" | "results" } | null>(null);
  /** The person whose support conversation is open. */
  chat = $state<string | null>(null);
  /** The field for the answer is wanted, as soon as it is there. */
  writes = $state(false);
  /** What a deed came to, said once. */
  said = $state("");
  /** Who opened the dialog gets the focus back. */
  #opener: HTMLElement | null = null;

  sieve = $derived<Sieve>({
    shelf: this.shelf,
    department: this.department,
    executor: this.executor,
    text: this.text.trim(),
    urgent_first: this.urgentFirst,
  });

  /** Whether something narrows the shelf. */
  narrowed = $derived(this.department !== null || this.executor !== null || this.text.trim() !== "");

  /** What a key or a button means: those that are chosen, else the one that is open. */
  get meant(): string[] {
    return this.chosen.size > 0 ? [...this.chosen] : place.ticket === null ? [] : [place.ticket];
  }

  goTo(page: Page) {
    this.page = page;
    place.close();
  }

  openShelf(shelf: DeskShelf) {
    this.shelf = shelf;
    this.text = "";
    this.chosen.clear();
    this.goTo("tickets");
  }

  widen() {
    this.text = "";
    this.department = null;
    this.executor = null;
  }

  choose(row: DeskRow) {
    if (!this.chosen.delete(row.ticket)) {
      this.chosen.add(row.ticket);
    }
  }

  ask(dialog: Dialog) {
    if (this.dialog === null && document.activeElement instanceof HTMLElement) {
      this.#opener = document.activeElement;
    }
    this.dialog = dialog;
  }

  /** Back to where the dialog was opened from. */
  decided() {
    this.dialog = null;
    this.#opener?.focus();
    this.#opener = null;
  }

  /** Nothing of one person's work is left for the next. */
  reset() {
    this.page = "tickets";
    this.shelf = "open";
    this.widen();
    this.urgentFirst = true;
    this.chosen.clear();
    this.dialog = null;
    this.chat = null;
    this.edited = null;
    this.writes = false;
    this.said = "";
  }
}

export const desk = new Desk();
