import * as m from "#texts";
import { money } from "../format";
import type { PaymentRow } from "../platform/bindings/PaymentRow";
import type { PaymentStatus } from "../platform/bindings/PaymentStatus";
import type { PaymentTrouble } from "../platform/bindings/PaymentTrouble";
import type { PaymentWay } from "../platform/bindings/PaymentWay";

/** «Картой»: the choice of a way. */
export function wayChoice(way: PaymentWay): string {
  switch (way) {
    case "card":
      return m.payment_way_by_card();
    case "sbp":
      return m.payment_way_by_sbp();
    case "office":
      return m.payment_way_by_office();
  }
}

/** «Карта», «СБП», «Касса»; the card itself where the bank told. */
export function wayWords(row: { way: PaymentWay; by: string }): string {
  if (row.by !== "") {
    return row.by;
  }
  switch (row.way) {
    case "card":
      return m.payment_by_card();
    case "sbp":
      return m.payment_by_sbp();
    case "office":
      return m.payment_by_office();
  }
}

/** Where a payment stands, for a row of a list. */
export function statusWords(row: Pick<PaymentRow, "status" | "why" | "refunded" | "sum">): string {
  switch (row.status) {
    case "created":
      return m.payment_status_created();
    case "awaiting":
      return m.payment_status_awaiting();
    case "held":
      return m.payment_status_held();
    case "paid":
      return m.payment_status_paid();
    case "credited":
      return m.payment_status_credited();
    case "declined":
      return row.why === "" ? m.payment_status_declined() : m.payment_status_declined_why({ why: row.why });
    case "expired":
      return m.payment_status_expired();
    case "refunded":
      return row.refunded < row.sum ? m.payment_status_refunded_part({ sum: money(row.refunded) }) : m.payment_status_refunded();
  }
}

/** Whether it may still be paid: as `PaymentStatus::is_live`. */
export function isLive(status: PaymentStatus): boolean {
  return status === "created" || status === "awaiting" || status === "held";
}

/** Why these sums cannot be paid, and what to do. */
export function troubleWords(trouble: PaymentTrouble): string {
  switch (trouble.trouble) {
    case "empty":
      return m.payment_trouble_empty();
    case "unreadable":
      return m.payment_trouble_unreadable();
    case "too_small":
      return m.payment_trouble_small({ sum: money(trouble.minimum) });
    case "too_large":
      return m.payment_trouble_large({ sum: money(trouble.maximum) });
    case "no_way":
      return m.payment_trouble_no_way();
  }
}
