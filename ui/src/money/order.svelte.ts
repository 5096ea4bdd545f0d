import { SvelteMap } from "svelte/reactivity";
import { sum } from "../format";
import type { PayAccountView } from "../platform/bindings/PayAccountView";
import type { PaymentWay } from "../platform/bindings/PaymentWay";

/** What the person is about to pay: sums, way, where the receipt goes. It stays while they look at bills or other sections. */
class Order {
  #typed = new SvelteMap<string, string>();
  /** The bill that was opened proposes only its own account. */
  #only = $state<string | null>(null);
  #user: string | null = null;
  /** `null` until the person chose. */
  way = $state<PaymentWay | null>(null);
  /** `null` until the person wrote. */
  email = $state<string | null>(null);
  /** The payment that was begun here and whose end the person has not read yet. */
  payment = $state<string | null>(null);

  /** Nothing of another person's order is shown. */
  belongTo(user: string | null) {
    if (this.#user !== user) {
      this.#user = user;
      this.clear();
    }
  }

  /** What stands in the field «К оплате». */
  text(account: PayAccountView): string {
    const proposed = account.to_pay > 0 && (this.#only === null || this.#only === account.id) ? sum(account.to_pay) : "";
    return this.#typed.get(account.id) ?? proposed;
  }

  type(account: string, text: string) {
    this.#typed.set(account, text);
  }

  /** Pays one account alone, with what is proposed for it. */
  only(account: string) {
    this.#typed.clear();
    this.#only = account;
  }

  /** The payment lives: what is proposed next is what it leaves. */
  begun(payment: string) {
    this.payment = payment;
    this.#typed.clear();
    this.#only = null;
  }

  clear() {
    this.#typed.clear();
    this.#only = null;
    this.way = null;
    this.email = null;
    this.payment = null;
  }
}

export const order = new Order();
