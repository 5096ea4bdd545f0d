import * as m from "#texts";
import type { MeterKind } from "../platform/bindings/MeterKind";
import type { Source } from "../platform/bindings/Source";
import type { TariffZone } from "../platform/bindings/TariffZone";

/** «Холодная вода». */
export function kindWords(kind: MeterKind): string {
  switch (kind) {
    case "cold_water":
      return m.kind_cold_water();
    case "hot_water":
      return m.kind_hot_water();
    case "sewage":
      return m.kind_sewage();
    case "electricity":
      return m.kind_electricity();
    case "gas":
      return m.kind_gas();
    case "heat":
      return m.kind_heat();
  }
}

/** «день», for the label of one tariff's drums. */
export function zoneWords(zone: TariffZone): string {
  switch (zone) {
    case "single":
      return m.zone_single();
    case "day":
      return m.zone_day();
    case "night":
      return m.zone_night();
    case "peak":
      return m.zone_peak();
    case "half_peak":
      return m.zone_half_peak();
    case "fourth":
      return m.zone_fourth();
  }
}

/** Through whom a reading came: «в кассе». */
export function sourceWords(source: Source): string {
  switch (source) {
    case "resident_app":
      return m.source_resident_app();
    case "kiosk":
      return m.source_kiosk();
    case "cashier":
      return m.source_cashier();
    case "phone":
      return m.source_phone();
    case "controller_visit":
      return m.source_controller_visit();
    case "paper":
      return m.source_paper();
    case "import":
      return m.source_import();
    case "remote":
      return m.source_remote();
    case "desk":
      return m.source_desk();
  }
}
