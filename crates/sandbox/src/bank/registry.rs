//! The registry of a day's operations, as the bank sends it to the merchant.

use super::Bank;
use super::order::Order;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::Deserialize;
use std::fmt::Write as _;
use std::sync::Arc;

#[derive(Debug, Deserialize)]
pub(super) struct Day {
    day: NaiveDate,
}

/// `GET /bank/registry?day=2026-11-23`: UTF-8, `;`, a header, a row for each operation, kopecks after a comma; refunds are
/// negative; the last row begins with `=` and holds how many and how much.
pub(super) async fn day(State(bank): State<Arc<Bank>>, Query(Day { day }): Query<Day>) -> Response {
    let text = of_day(&bank.orders(), day);
    ([("content-type", "text/csv; charset=utf-8")], text).into_response()
}

fn of_day(orders: &[Order], day: NaiveDate) -> String {
    let mut text = String::from("дата;время;номер_заказа;номер_банка;операция;сумма;карта\r\n");
    let (mut count, mut total) = (0, 0);
    let mut rows: Vec<(i64, &Order, &str, i64)> = Vec::new();
    for order in orders {
        rows.extend(order.deposited_ms.map(|at| (at, order, "оплата", order.deposited)));
        rows.extend(order.refunds.iter().map(|refund| (refund.at_ms, order, "возврат", -refund.sum)));
    }
    rows.sort_by_key(|(at, order, ..)| (*at, order.number.clone()));
    for (at, order, operation, sum) in rows {
        let at = moscow(at);
        if at.date_naive() != day {
            continue;
        }
        count += 1;
        total += sum;
        let by = if order.pan.is_empty() { "СБП" } else { &order.pan };
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "{};{};{};{operation};{};{by}\r\n",
            at.format("%d.%m.%Y;%H:%M:%S"),
            order.number,
            order.id,
            roubles(sum),
        );
    }
    let _ = write!(text, "={count};{}\r\n", roubles(total));
    text
}

/// Banks count their days in Moscow.
fn moscow(at_ms: i64) -> DateTime<FixedOffset> {
    let offset = FixedOffset::east_opt(3 * 3600).expect("three hours");
    DateTime::from_timestamp_millis(at_ms).unwrap_or_default().with_timezone(&offset)
}

pub(super) fn roubles(kopecks: i64) -> String {
    let sign = if kopecks < 0 { "-" } else { "" };
    format!("{sign}{},{:02}", kopecks.abs() / 100, kopecks.abs() % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kopecks_are_written_with_two_digits_whatever_the_sign() {
        assert_eq!(["3456,78", "-0,05", "0,00"], [345_678, -5, 0].map(roubles).each_ref().map(String::as_str));
    }
}
