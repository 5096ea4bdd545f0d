import * as m from "#texts";
import { money } from "../../format";
import type { AnnouncementRow } from "../../platform/bindings/AnnouncementRow";
import type { AnnouncementsView } from "../../platform/bindings/AnnouncementsView";
import type { AnnouncementWhat } from "../../platform/bindings/AnnouncementWhat";

export const KINDS = ["news", "polls", "offers"] as const;
export type Kind = (typeof KINDS)[number];

export function kindWords(kind: Kind): string {
  return { news: m.events_news, polls: m.events_polls, offers: m.events_offers }[kind]();
}

/** Under which tab an announcement stands; `null` when it is not shown. */
export function kindOf(view: AnnouncementsView, announcement: string): Kind | null {
  return KINDS.find((kind) => view[kind].some((row) => row.announcement === announcement)) ?? null;
}

/** «от 1 500 ₽», «Цена по договорённости». */
export function priceWords(offer: AnnouncementWhat & { what: "offer" }): string {
  if (offer.price === null) return m.offer_agreement();
  // A price without kopecks is told without them.
  const price = offer.price % 100 === 0 ? money(offer.price).replace(/[.,]00/, "") : money(offer.price);
  return offer.price_from ? m.offer_from({ price }) : price;
}

/** Rows under their headings: offers by their groups in the order in which they come, everything else together. */
export function grouped(rows: AnnouncementRow[]): { name: string; rows: AnnouncementRow[] }[] {
  const groups = new Map<string, AnnouncementRow[]>();
  for (const row of rows) {
    const name = row.what.what === "offer" ? row.what.group : "";
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  const named = [...groups].filter(([name]) => name !== "");
  const others = groups.get("") ?? [];
  const list = named.map(([name, rows]) => ({ name, rows }));
  return others.length === 0 ? list : [...list, { name: named.length > 0 ? m.offer_others() : "", rows: others }];
}
