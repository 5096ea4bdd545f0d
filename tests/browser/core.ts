import { expect } from "@playwright/test";
import type { Computer } from "./bridge";
import { NAME, PASSWORD } from "./resident";
import { said } from "./town";

/** An account of the story that every town has, and what its last bill says. */
export interface Bill {
  number: string;
  sum: string;
  masked: RegExp;
  address: RegExp;
}

/** The month of the town's bills, `YYYY-MM`. */
export const PERIOD = process.env["ZHKH_MONTH"] ?? "2026-10";

/** Four meters, all in order. */
export const VINOKUROVA: Bill = { number: "2140183572", sum: "3456,78", masked: /Винокурова/, address: /Винокурова, д\.\s10, кв\.\s25/ };
/** A meter overdue, one that reports by itself, one that was replaced. */
export const SOLNECHNAYA: Bill = { number: "2140207419", sum: "5123,45", masked: /Солнечная/, address: /Солнечная, д\.\s7, кв\.\s12/ };
/** A meter of every kind; the gas meter is about to pass through zero. */
export const GIDROSTROITELEY: Bill = {
  number: "2140311658",
  sum: "6870,19",
  masked: /Гидростроителей/,
  address: /Гидростроителей, д\.\s4, корп\.\s2, кв\.\s7/,
};

/** A command of the core as the window calls it: for what a spec needs and does not look at. */
export async function call<T = unknown>(computer: Computer, command: string, args: object = {}): Promise<T> {
  const answer = await fetch(`${computer.url}/call/${command}`, { method: "POST", body: JSON.stringify(args) });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`${command}: ${answer.status} ${text}`);
  }
  return JSON.parse(text) as T;
}

/** Registration at the core's commands, without the window. */
export async function registerAt(computer: Computer, phone: string): Promise<void> {
  await expect(async () => {
    const consent = await call<{ version: string; sha256: string }>(computer, "consent");
    const { version: consent_version, sha256: consent_sha256 } = consent;
    const start = { phone, name: NAME, consent_given: true, consent_version, consent_sha256 };
    await call(computer, "registration_start", start);
  }).toPass();
  await call(computer, "registration_call");
  await expect.poll(async () => (await said(phone)).length).toBeGreaterThan(0);
  await call(computer, "registration_code", { code: (await said(phone)).at(-1)!.code });
  await call(computer, "registration_finish", { password: PASSWORD, repeat: PASSWORD, forget_password: false });
}

interface Meters {
  meters: { id: string; account: string; name: string; last: unknown }[];
}

/** Attaches an account and waits until its meters are here. */
export async function attachAt(computer: Computer, bill: Bill): Promise<void> {
  const before = (await call<Meters>(computer, "readings", { account: null })).meters.length;
  await call(computer, "account_lookup", { number: bill.number });
  const proof = { by: "sum", sum: bill.sum, period: PERIOD };
  const { token } = await call<{ token: string }>(computer, "account_prove", { number: bill.number, proof });
  await call(computer, "account_attach", { token });
  await expect
    .poll(async () => (await call<Meters>(computer, "readings", { account: null })).meters.length)
    .toBeGreaterThan(before);
}

/** The kind of the pill: `sent`, `offline`, … */
export async function pillOf(computer: Computer): Promise<string> {
  return (await call<{ pill: { pill: string } }>(computer, "queue")).pill.pill;
}
