import * as m from "#texts";
import { call } from "../platform";
import type { Answer } from "../platform";
import type { QueueAction } from "../platform/bindings/QueueAction";
import type { QueueItem } from "../platform/bindings/QueueItem";
import { correction } from "../sections/readings/correction";
import { place } from "../state/place.svelte";
import { failureWords } from "../words";
import { isSupport } from "./words";

/** What a person may do with an entry of the queue, and what came of it in words. */
export class Deeds {
  /** The entry that is being asked about. */
  busy = $state<string | null>(null);
  said = $state("");
  #refresh: () => Promise<void>;

  constructor(refresh: () => Promise<void>) {
    this.#refresh = refresh;
  }

  async act(action: QueueAction, item: QueueItem): Promise<void> {
    const { operation } = item;
    switch (action) {
      case "fix":
        return this.#fix(item);
      case "retry":
        return this.#ask(operation, call("queue_retry", { operation }), () => m.queue_sending_now());
      case "withdraw":
        return this.#ask(operation, call("queue_withdraw", { operation }), ({ state }) =>
          state === "withdrawn" ? m.queue_withdrawn() : m.queue_asked(),
        );
      case "discard":
        return this.#ask(operation, call("queue_discard", { operation }), () => m.queue_discarded());
      case "save":
        return this.#ask(operation, call("queue_save", { operation }), ({ path }) => m.queue_saved({ path }));
    }
  }

  sendNow(): Promise<void> {
    return this.#ask(null, call("queue_send_now", {}), () => m.queue_sending_now());
  }

  saveAll(): Promise<void> {
    return this.#ask(null, call("queue_save", { operation: null }), ({ path }) => m.queue_saved({ path }));
  }

  /** Opens what was entered where it was entered, with the old values. */
  #fix({ what }: QueueItem) {
    switch (what.what) {
      case "reading":
        correction.ask(what.meter, what.shown);
        place.show({ target: "meter", id: what.meter });
        break;
      case "rename":
        place.show({ target: "meter", id: what.meter });
        break;
      case "profile":
        place.show({ target: "profile" });
        break;
      case "ticket":
      case "close_ticket":
      case "reopen_ticket":
      case "register_ticket":
      case "move_ticket":
      case "assign_ticket":
      case "meet_duty":
      case "fold_ticket":
      case "note":
        place.show({ target: "ticket", id: what.ticket, message: null });
        break;
      case "message":
        place.show(isSupport(what.conversation) ? { target: "support", message: null } : { target: "ticket", id: what.conversation, message: null });
        break;
      case "poll_answer":
        place.show({ target: "announcement", id: what.announcement });
        break;
      case "set_announcement":
      case "incident":
      case "answer_question":
      case "read_mark":
      case "unreadable":
        break;
    }
  }

  async #ask<T>(operation: string | null, answer: Promise<Answer<T>>, good: (value: T) => string): Promise<void> {
    this.busy = operation;
    const came = await answer;
    this.busy = null;
    this.said = came.ok ? good(came.value) : failureWords(came.failure);
    await this.#refresh();
  }
}
