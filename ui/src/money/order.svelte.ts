import { SvelteMap } from "svelte/reactivity";
import { sum } from "../format";
import type { PayAccountView } from "../platform/bindings/PayAccountView";
import type { PaymentWay } from "../platform/bindings/PaymentWay";
import type { ServiceSum } from "../platform/bindings/ServiceSum";
import type { TypedSum } from "../platform/bindings/TypedSum";
import { added, pasted, plain } from "./typed";

interface Typed {
  text: string;
  /** What there was to pay then. When less is left, somebody has paid, maybe this very sum: it is not proposed again. */
  of: number;
}

/** What the person is about to pay: sums, way, where the receipt goes. It stays while they look at bills or other sections. */
class Order {
  #typed = new SvelteMap<string, Typed>();
  /** Of accounts that are paid by services: what was typed for each. */
  #divided = new SvelteMap<string, SvelteMap<string, Typed>>();
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

  /** What stands in the field «К оплате», in groups as if it were typed: the core does not read the commas of an English sum. */
  text(account: PayAccountView): string {
    if (this.isDivided(account)) return added(account.services.map((service) => this.service(account, service)));
    const proposed = account.to_pay > 0 && (this.#only === null || this.#only === account.id) ? pasted(sum(account.to_pay)) : "";
    const typed = this.#typed.get(account.id);
    return typed !== undefined && account.to_pay >= typed.of ? typed.text : proposed;
  }

  type(account: PayAccountView, text: string) {
    this.#typed.set(account.id, { text, of: account.to_pay });
  }

  /** Whether the account is paid by services. */
  isDivided(account: PayAccountView): boolean {
    return account.services.length > 1 && this.#divided.has(account.id);
  }

  /** From one sum to sums by services, or back. Back there stands what they came to. */
  divide(account: PayAccountView, by: boolean) {
    const came = this.text(account);
    if (by) {
      this.#divided.set(account.id, new SvelteMap());
    } else {
      this.#divided.delete(account.id);
      this.type(account, came);
    }
  }

  /** What stands in the field of a service. */
  service(account: PayAccountView, { service, sum: owed }: ServiceSum): string {
    const typed = this.#divided.get(account.id)?.get(service);
    return typed !== undefined && owed >= typed.of ? typed.text : pasted(sum(owed));
  }

  typeService(account: PayAccountView, { service, sum: owed }: ServiceSum, text: string) {
    this.#divided.get(account.id)?.set(service, { text, of: owed });
  }

  /** What is sent of an account. */
  sum(account: PayAccountView): TypedSum {
    const services = this.isDivided(account)
      ? account.services.map((one) => ({ service: one.service, sum: plain(this.service(account, one)) }))
      : [];
    return { account: account.id, sum: plain(this.text(account)), services };
  }

  /** Pays one account alone, with what is proposed for it. */
  only(account: string) {
    this.#typed.clear();
    this.#divided.clear();
    this.#only = account;
  }

  /** The payment lives: what is proposed next is what it leaves. */
  begun(payment: string) {
    this.payment = payment;
    this.#typed.clear();
    this.#divided.clear();
    this.#only = null;
  }

  clear() {
    this.#typed.clear();
    this.#divided.clear();
    this.#only = null;
    this.way = null;
    this.email = null;
    this.payment = null;
  }
}

export const order = new Order();
