import { locale } from "../state/locale.svelte";

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
