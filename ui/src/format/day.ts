import * as m from "#texts";
import type { Period } from "../platform/bindings/Period";
import { locale } from "../state/locale.svelte";

const SPACE = "\u00a0";

/** A calendar day, `2026-09-30`, at noon UTC: far from every midnight. */
function noon(day: string): Date {
  return new Date(`${day}T12:00:00Z`);
}

function written(date: Date, options: Intl.DateTimeFormatOptions, zone = "UTC"): string {
  const tag = locale.language === "ru" ? "ru-RU" : "en-GB";
  return new Intl.DateTimeFormat(tag, { timeZone: zone, ...options })
    .format(date)
    .replace(/[\s\u202f]г\.$/, "")
    .replace(/[ \u202f]/g, SPACE);
}

/** «30 сентября». */
export function day(date: string): string {
  return written(noon(date), { day: "numeric", month: "long" });
}

/** «14 марта 2029». */
export function dayYear(date: string): string {
  return written(noon(date), { day: "numeric", month: "long", year: "numeric" });
}

/** «октябрь». */
export function monthName(period: Period): string {
  return written(noon(`${period}-15`), { month: "long" });
}

/** «октябрь 2026». */
export function monthYear(period: Period): string {
  return `${monthName(period)}${SPACE}${period.slice(0, 4)}`;
}

/** «октябрь», with its year when that is not the one we live in: «октябрь 2025». */
export function monthOf(period: Period, now: number = Date.now()): string {
  return period.slice(0, 4) === dayOf(now).slice(0, 4) ? monthName(period) : monthYear(period);
}

/** To what a month is compared: «августу». */
export function monthTo(period: Period): string {
  return m.month_to({ month: period.slice(5, 7) as "01" });
}

/** With what a month is compared: «августом». */
export function monthWith(period: Period): string {
  return m.month_with({ month: period.slice(5, 7) as "01" });
}

/** The first letter of a month, for the axis of a chart. */
export function monthLetter(period: Period): string {
  return monthName(period).slice(0, 1);
}

/** The day in the utility's zone, `YYYY-MM-DD`, of an instant. */
export function dayOf(ms: number): string {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: locale.zone, year: "numeric", month: "2-digit", day: "2-digit" });
  // Put together from parts: no locale writes `YYYY-MM-DD` on every engine (WebKitGTK and Chromium differ on en-CA).
  const part = Object.fromEntries(format.formatToParts(new Date(ms)).map(({ type, value }) => [type, value]));
  return `${part["year"]}-${part["month"]}-${part["day"]}`;
}

/** «10:31», «9:05». */
export function time(ms: number): string {
  return written(new Date(ms), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, locale.zone).replace(/^0/, "");
}

/** «сегодня, 10:31», «вчера, 19:12», «20 октября, 9:05». */
export function moment(ms: number, now: number = Date.now()): string {
  const which = dayOf(ms);
  if (which === dayOf(now)) {
    return m.moment_today({ time: time(ms) });
  }
  if (which === dayOf(now - 86_400_000)) {
    return m.moment_yesterday({ time: time(ms) });
  }
  return m.moment_day({ day: day(which), time: time(ms) });
}

/** «в 14:05» of today, «завтра в 14:05», «25 ноября в 14:05»: until when one has to wait. */
export function atTime(ms: number, now: number = Date.now()): string {
  const which = dayOf(ms);
  if (which === dayOf(now)) {
    return m.at_time({ time: time(ms) });
  }
  if (which === dayOf(now + 86_400_000)) {
    return m.at_time_tomorrow({ time: time(ms) });
  }
  return m.at_time_day({ day: day(which), time: time(ms) });
}

/** «до 10:47» of today, «до 25 ноября, 10:47»: the end of a wait. */
export function until(ms: number, now: number = Date.now()): string {
  const which = dayOf(ms);
  return which === dayOf(now) ? m.until_time({ time: time(ms) }) : m.until_day({ day: day(which), time: time(ms) });
}

/** The longest wait that is counted down; beyond it the hour says more than «1437:05». */
export const COUNTED_S = 3600;

/** Seconds as «4:18». */
export function countdown(seconds: number): string {
  const left = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}
