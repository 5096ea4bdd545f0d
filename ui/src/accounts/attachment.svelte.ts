import * as m from "#texts";
import { call, type Found, type Proven } from "../platform";
import type { Failure } from "../platform/bindings/Failure";
import type { Field } from "../platform/bindings/Field";
import type { ProofArgs } from "../platform/bindings/ProofArgs";
import { failureWords, fieldProblemWords } from "../words";

/** What the person is asked for now. */
export type Stage = "number" | "proof" | "address" | "done";

/** Attaching an account: the number, a proof from the bill, a look at the full address. Needs the server at every step. */
export class Attachment {
  stage = $state<Stage>("number");
  number = $state("");
  by = $state<"sum" | "qr">("sum");
  sum = $state("");
  period = $state("");
  qr = $state("");
  found = $state.raw<Found | null>(null);
  proven = $state.raw<Proven | null>(null);
  busy = $state(false);
  /** What to correct, by field. */
  errors = $state.raw<Partial<Record<Field, string>>>({});
  /** What concerns no field; `calm` when it only has to wait. */
  notice = $state.raw<{ words: string; calm: boolean } | null>(null);

  constructor(lastBill: string) {
    this.period = lastBill;
  }

  async find() {
    const found = await this.#ask(call("account_lookup", { number: this.number }));
    if (!found) return;
    this.found = found;
    this.stage = "proof";
  }

  async prove() {
    const proof: ProofArgs =
      this.by === "sum" ? { by: "sum", sum: this.sum, period: this.period } : { by: "qr", text: this.qr };
    const proven = await this.#ask(call("account_prove", { number: this.number, proof }));
    if (!proven) return;
    this.proven = proven;
    this.stage = "address";
  }

  async attach() {
    if (!this.proven) return;
    const attached = await this.#ask(call("account_attach", { token: this.proven.token }));
    if (attached) this.stage = "done";
  }

  /** Back to the number, which stays as typed. */
  toNumber() {
    this.#forget();
    this.stage = "number";
  }

  another() {
    this.#forget();
    this.number = "";
    this.sum = "";
    this.qr = "";
    this.stage = "number";
  }

  /** A field was changed: what was said about it is out of date. */
  touched(field: Field) {
    if (this.errors[field] !== undefined) this.errors = { ...this.errors, [field]: undefined };
    this.notice = null;
  }

  #forget() {
    this.errors = {};
    this.notice = null;
    this.proven = null;
  }

  async #ask<T>(answer: Promise<{ ok: true; value: T } | { ok: false; failure: Failure }>): Promise<T | null> {
    if (this.busy) return null;
    this.busy = true;
    this.errors = {};
    this.notice = null;
    const came = await answer;
    this.busy = false;
    if (came.ok) return came.value;
    this.#fail(came.failure);
    return null;
  }

  #fail(failure: Failure) {
    switch (failure.code) {
      case "field": {
        const spent = failure.problem.problem === "proof_wrong" && failure.problem.tries_left === 0;
        const words = spent ? m.attach_proof_wrong_last() : fieldProblemWords(failure.field, failure.problem);
        this.errors = { [failure.field]: words };
        if (failure.field === "account_number") this.stage = "number";
        break;
      }
      case "already_attached":
        this.errors = { account_number: m.attach_number_attached() };
        this.stage = "number";
        break;
      case "attachment_expired":
        this.proven = null;
        this.stage = "proof";
        this.notice = { words: m.attach_expired(), calm: false };
        break;
      case "offline":
        this.notice = { words: m.attach_needs_connection(), calm: true };
        break;
      default:
        this.notice = { words: failureWords(failure), calm: failure.code === "portal" || failure.code === "server_busy" };
    }
  }
}
