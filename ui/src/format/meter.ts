import * as m from "#texts";
import type { MeterValue } from "../platform/bindings/MeterValue";
import type { Unit } from "../platform/bindings/Unit";
import { locale } from "../state/locale.svelte";

const SPACE = "\u00a0";

/** The mark between whole and decimals. */
export function decimalMark(): string {
  return locale.language === "ru" ? "," : ".";
}

/** A value of a meter as people write it: «460,604», «14208». With `digits` it has at least so many after the comma, so
    that the values of one column stand under one another. */
export function meterValue(value: MeterValue, digits = 0): string {
  const [whole = "", decimals = ""] = value.split(".");
  const shown = decimals.padEnd(digits, "0");
  return shown === "" ? whole : `${whole}${decimalMark()}${shown}`;
}

/** The sign of a unit: «м³». */
export function unitSign(unit: Unit): string {
  switch (unit) {
    case "cubic_metre":
      return m.unit_cubic_metre();
    case "kilowatt_hour":
      return m.unit_kilowatt_hour();
    case "gigacalorie":
      return m.unit_gigacalorie();
  }
}

/** A volume with its unit: «7,486 м³». */
export function volume(value: MeterValue, unit: Unit, digits = 0): string {
  return `${meterValue(value, digits)}${SPACE}${unitSign(unit)}`;
}

/** A value after «около»: two digits that mean something, «3,5» for an average of 3,4528. */
export function rounded(value: MeterValue): MeterValue {
  return String(Number(Number(value).toPrecision(2)));
}
