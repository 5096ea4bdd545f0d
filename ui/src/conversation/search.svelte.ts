import { call } from "../platform";
import { OPENING } from "./opening";
import type { ConversationOf } from "../platform/bindings/ConversationOf";

const REST_MS = 150;

/** The search in one conversation: places of messages, oldest first, and which of them the person stands at. */
export class Search {
  open = $state(false);
  words = $state("");
  /** `null` until the core has answered for these words. */
  places = $state.raw<number[] | null>(null);
  #at = $state(0);
  #about: ConversationOf;
  #show: (place: number) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  constructor(about: ConversationOf, show: (place: number) => void) {
    this.#about = about;
    this.#show = show;
  }

  get place(): number | null {
    return this.open ? (this.places?.[this.#at] ?? null) : null;
  }

  /** «3 из 12»: counted from the newest, where the search begins. */
  get at(): number {
    return (this.places?.length ?? 0) - this.#at;
  }

  get count(): number {
    return this.places?.length ?? 0;
  }

  typed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#find(), REST_MS);
  }

  /** To an earlier find, or a later one; round the end. */
  step(by: -1 | 1) {
    const count = this.count;
    if (count > 0) {
      this.#at = (this.#at + by + count) % count;
      this.#go();
    }
  }

  close() {
    clearTimeout(this.#timer);
    this.#turn += 1;
    this.open = false;
    this.words = "";
    this.places = null;
  }

  async #find() {
    this.#turn += 1;
    const turn = this.#turn;
    const text = this.words.trim();
    if (text === "") {
      this.places = null;
      return;
    }
    const answer = await call("conversation_find", { about: this.#about, text });
    if (turn !== this.#turn) {
      return;
    }
    // What the ticket was opened with stands before the first message.
    this.places = answer.ok ? [...(answer.value.description ? [OPENING] : []), ...answer.value.places] : [];
    this.#at = Math.max(0, this.count - 1);
    this.#go();
  }

  #go() {
    if (this.place !== null) {
      this.#show(this.place);
    }
  }
}
