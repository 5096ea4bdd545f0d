import { call, type Consent } from "../platform";
import type { CallingView } from "../platform/bindings/CallingView";
import type { Failure } from "../platform/bindings/Failure";
import type { Field } from "../platform/bindings/Field";
import { Countdown } from "../state/countdown.svelte";
import { standing } from "../state/window.svelte";
import { failureWords } from "../words";

/** The three steps of a registration. What was typed stays when one goes back. */
export class Registration {
  step = $state<1 | 2 | 3>(1);
  phone = $state("");
  name = $state("");
  /** Never ticked by the program. */
  consentGiven = $state(false);
  consent = $state.raw<Consent | null>(null);
  calling = $state.raw<CallingView | null>(null);
  code = $state("");
  /** The phone was registered before. */
  known = $state(false);
  password = $state("");
  repeat = $state("");
  forget = $state(!standing.keyring);
  going = $state(false);
  failure = $state.raw<Failure | null>(null);

  readonly valid = new Countdown();
  readonly again = new Countdown();

  constructor(phone: string) {
    this.phone = phone;
  }

  /** The words for one field, if that is what has to be corrected. */
  under(field: Field): string | null {
    return this.failure?.code === "field" && this.failure.field === field ? failureWords(this.failure) : null;
  }

  /** A failure that belongs to none of these fields. */
  apart(fields: Field[]): Failure | null {
    const failure = this.failure;
    return failure !== null && !(failure.code === "field" && fields.includes(failure.field)) ? failure : null;
  }

  async loadConsent() {
    const answer = await call("consent", {});
    if (answer.ok) {
      this.consent = answer.value;
      if (this.failure?.code === "offline") {
        this.failure = null;
      }
    } else {
      this.failure = answer.failure;
    }
  }

  async start(): Promise<void> {
    if (this.consent === null) {
      await this.loadConsent();
      if (this.consent === null) {
        return;
      }
    }
    const consent = this.consent;
    const answer = await this.#ask(() =>
      call("registration_start", {
        phone: this.phone,
        name: this.name,
        consent_given: this.consentGiven,
        consent_version: consent.version,
        consent_sha256: consent.sha256,
      }),
    );
    if (answer) {
      this.calling = null;
      this.code = "";
      this.step = 2;
    } else if (this.failure?.code === "consent_outdated") {
      this.consentGiven = false;
      const failure = this.failure;
      await this.loadConsent();
      this.failure = failure;
    }
  }

  /** Asks the robot to call. */
  async requestCall(): Promise<boolean> {
    const calling = await this.#ask(() => call("registration_call", {}));
    if (calling) {
      this.calling = calling;
      this.code = "";
      this.valid.set(calling.valid_until_ms);
      this.again.set(calling.again_from_ms);
      return true;
    }
    if (this.failure?.code === "call_too_soon") {
      this.again.set(Date.now() + this.failure.retry_after_s * 1000);
    }
    this.#beginAgainIfGone();
    return false;
  }

  async proveCode(): Promise<void> {
    const proven = await this.#ask(() => call("registration_code", { code: this.code }));
    if (proven) {
      this.known = proven.known;
      this.step = 3;
    } else {
      this.#beginAgainIfGone();
    }
  }

  async finish(): Promise<void> {
    const session = await this.#ask(() =>
      call("registration_finish", { password: this.password, repeat: this.repeat, forget_password: this.forget }),
    );
    if (session) {
      standing.signedIn(session);
    } else {
      this.#beginAgainIfGone();
    }
  }

  back() {
    this.failure = null;
    if (this.step === 3) {
      this.password = "";
      this.repeat = "";
    }
    this.step = 1;
  }

  stop() {
    this.valid.stop();
    this.again.stop();
  }

  #beginAgainIfGone() {
    if (this.failure?.code === "registration_gone") {
      this.step = 1;
    }
  }

  async #ask<T>(command: () => Promise<{ ok: true; value: T } | { ok: false; failure: Failure }>): Promise<T | null> {
    if (this.going) {
      return null;
    }
    this.going = true;
    const answer = await command();
    this.going = false;
    this.failure = answer.ok ? null : answer.failure;
    return answer.ok ? answer.value : null;
  }
}
