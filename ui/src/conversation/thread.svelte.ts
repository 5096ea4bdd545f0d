import { SvelteMap } from "svelte/reactivity";
import { call } from "../platform";
import type { ConversationOf } from "../platform/bindings/ConversationOf";
import type { ConversationView } from "../platform/bindings/ConversationView";
import type { DraftView } from "../platform/bindings/DraftView";
import type { Failure } from "../platform/bindings/Failure";
import type { LineView } from "../platform/bindings/LineView";
import type { MessageView } from "../platform/bindings/MessageView";

/** What stands between messages: events, and for the staff their notes. */
export type Aside = Exclude<LineView, { line: "message" }>;

/** What only the staff see. */
export type Note = Exclude<Aside, { line: "event" }>;

/** How many messages are asked for at once. */
export const PAGE = 50;
/** The most the core gives at once. */
const MOST = 200;
/** So many messages on each side of what is shown are kept; the rest is let go, so that memory does not grow. */
const KEPT = 200;

/** A stretch of places; `end` is not in it. */
interface Stretch {
  from: number;
  end: number;
}

/**
 * A conversation as far as it is looked at: the places of messages are stable, so any part can be asked for and let go.
 * What happened between messages hangs before the message that follows it; what happened last hangs at the place `total`.
 */
export class Thread {
  /** Whether the core has answered at all. */
  known = $state(false);
  total = $state(0);
  failure = $state.raw<Failure | null>(null);
  /** The first message that was not read when the conversation was opened: it does not wander while one reads. */
  firstUnread = $state.raw<number | null>(null);
  /** What was written and not sent, as it was when the conversation was opened. */
  draft = $state.raw<DraftView | null>(null);

  readonly about: ConversationOf;
  #messages = new SvelteMap<number, MessageView>();
  #asides = new SvelteMap<number, Aside[]>();
  /** Where every aside hangs, by what it says: a page and its neighbour may both tell of it. */
  #hangs = new Map<string, number>();
  #wanted: Stretch | null = null;
  #stale = false;
  #asking: Promise<void> | null = null;
  #ended = false;

  constructor(about: ConversationOf) {
    this.about = about;
  }

  message(place: number): MessageView | undefined {
    return this.#messages.get(place);
  }

  /** What happened right before this place. */
  asides(place: number): Aside[] {
    return this.#asides.get(place) ?? [];
  }

  /** All messages that are here now, oldest first. */
  here(): MessageView[] {
    return [...this.#messages.values()].sort((a, b) => a.place - b.place);
  }

  /** How many messages are held in memory. */
  get held(): number {
    return this.#messages.size;
  }

  /** These places are about to be shown: what is missing is asked for, what is far away is let go. */
  need(from: number, end: number): Promise<void> {
    this.#wanted = { from: Math.max(0, from), end };
    return this.#ask();
  }

  /** Something changed: what is shown is asked for again. */
  refresh(): Promise<void> {
    this.#stale = true;
    return this.#ask();
  }

  /** Nothing that is still on its way counts any more. */
  end() {
    this.#ended = true;
  }

  /** One question at a time, so that an older answer never covers a newer one. */
  #ask(): Promise<void> {
    this.#asking ??= this.#askAll().finally(() => (this.#asking = null));
    return this.#asking;
  }

  async #askAll() {
    // The answer may show more than was asked, and the person scrolls on meanwhile.
    for (let next = this.#next(); next !== null && !this.#ended; next = this.#next()) {
      const { from, count, missing } = next;
      const answer = await call("conversation", { about: this.about, from, count });
      if (this.#ended) {
        return;
      }
      if (!answer.ok) {
        this.failure = answer.failure;
        return;
      }
      this.failure = null;
      this.#take(answer.value);
      // The core does not know of a place that it counts: asking again would not end.
      if (missing !== null && missing < this.total && !this.#messages.has(missing)) {
        return;
      }
    }
  }

  /** What to ask for next, and for the sake of which place. */
  #next(): { from: number | null; count: number; missing: number | null } | null {
    if (!this.known) {
      this.#stale = false;
      return { from: null, count: PAGE, missing: null };
    }
    const wanted = this.#wanted;
    if (this.#stale) {
      this.#stale = false;
      if (wanted === null || this.total === 0) {
        return { from: null, count: PAGE, missing: null };
      }
      const from = Math.max(0, wanted.from - PAGE / 2);
      return { from, count: Math.min(MOST, wanted.end + PAGE / 2 - from), missing: null };
    }
    if (wanted === null) {
      return null;
    }
    for (let place = wanted.from; place < Math.min(wanted.end, this.total); place += 1) {
      if (!this.#messages.has(place)) {
        return { from: Math.max(0, this.#messages.has(place - 1) ? place : place - PAGE / 2), count: PAGE, missing: place };
      }
    }
    return null;
  }

  #take(view: ConversationView) {
    if (!this.known) {
      this.firstUnread = view.first_unread;
      this.draft = view.draft;
    }
    for (let place = view.total; place < this.total; place += 1) {
      this.#messages.delete(place);
    }
    this.total = view.total;
    let place = view.from;
    const asides = new Map<number, Aside[]>();
    for (const line of view.lines) {
      if (line.line === "message") {
        this.#messages.set(line.place, line);
        place = line.place + 1;
      } else {
        asides.set(place, [...(asides.get(place) ?? []), line]);
      }
    }
    this.#hang(asides);
    // A part tells all that hangs inside it, and at the ends of the conversation. At its own ends a neighbour may know of more.
    const whole = (at: number) => (at > view.from || at === 0) && (at < place || at === view.total);
    for (const [at, known] of [...this.#asides].filter(([at]) => at >= view.from && at <= place && whole(at))) {
      const here = new Set((asides.get(at) ?? []).map(keyOf));
      known.filter((old) => !here.has(keyOf(old))).forEach((old) => this.#drop(at, keyOf(old)));
    }
    this.#letGo();
    this.known = true;
  }

  #hang(asides: Map<number, Aside[]>) {
    for (const [place, here] of asides) {
      for (const aside of here) {
        const key = keyOf(aside);
        const before = this.#hangs.get(key);
        if (before !== undefined && before !== place) {
          this.#drop(before, key);
        }
        this.#hangs.set(key, place);
      }
      const known = (this.#asides.get(place) ?? []).filter((old) => !here.some((aside) => keyOf(aside) === keyOf(old)));
      this.#asides.set(place, [...known, ...here].sort((a, b) => a.at_ms - b.at_ms));
    }
  }

  #drop(place: number, key: string) {
    const left = this.asides(place).filter((aside) => keyOf(aside) !== key);
    if (left.length === 0) {
      this.#asides.delete(place);
    } else {
      this.#asides.set(place, left);
    }
  }

  #letGo() {
    const wanted = this.#wanted;
    if (wanted === null) {
      return;
    }
    const far = (place: number) => place < wanted.from - KEPT || place >= wanted.end + KEPT;
    for (const place of [...this.#messages.keys()].filter(far)) {
      this.#messages.delete(place);
    }
    for (const place of [...this.#asides.keys()].filter((place) => far(place) && place < this.total)) {
      this.#asides.delete(place);
    }
    for (const [key, place] of this.#hangs) {
      if (far(place) && place < this.total) {
        this.#hangs.delete(key);
      }
    }
  }
}

/** Events have no names; what they say tells one from another. */
function keyOf(aside: Aside): string {
  return aside.line === "note" ? aside.id : JSON.stringify(aside);
}
