import { locale } from "../state/locale.svelte";
import { decimalMark } from "./meter";

const SPACE = "\u00a0";

/** Digits in groups of three. */
function grouped(digits: string, separator: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, separator);
}

/** Kopecks as «3 497,89», without the sign of the currency. */
export function sum(kopecks: number): string {
  const russian = locale.language === "ru";
  const whole = grouped(String(Math.floor(Math.abs(kopecks) / 100)), russian ? SPACE : ",");
  const rest = String(Math.abs(kopecks) % 100).padStart(2, "0");
  return `${kopecks < 0 ? "−" : ""}${whole}${russian ? "," : "."}${rest}`;
}

/** Kopecks as «3 497,89 ₽». */
export function money(kopecks: number): string {
  return `${sum(kopecks)}${SPACE}₽`;
}

/** A difference with its sign: «+586,68», «−13,28»; nothing changed is «–». */
export function change(kopecks: number): string {
  return kopecks === 0 ? "–" : `${kopecks > 0 ? "+" : ""}${sum(kopecks)}`;
}

/** A difference with its sign and the currency: «+586,68 ₽». */
export function moneyChange(kopecks: number): string {
  return `${kopecks > 0 ? "+" : ""}${money(kopecks)}`;
}

/** A number that comes with a comma, as a bill prints it, in the marks of the language: «4,215». */
export function printed(value: string): string {
  const [whole = "", decimals] = value.replace(/\s/g, "").split(",");
  const shown = grouped(whole, locale.language === "ru" ? SPACE : ",");
  return decimals === undefined ? shown : `${shown}${decimalMark()}${decimals}`;
}
