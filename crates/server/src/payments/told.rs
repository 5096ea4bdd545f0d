//! A payment as the staff read it on the command line. It names accounts and no people.

use super::events;
use super::refund::{self, Outcome, Refund};
use super::table::{self, Payment};
use super::verdict::{self, Ruling};
use crate::params;
use crate::storage::{Sql, StoreError};
use chrono::DateTime;
use chrono_tz::Tz;
use domain::Kopecks;
use domain::payment::{PaymentStatus, PaymentWay};

/// All that is known of a payment.
pub(super) fn all(sql: &mut dyn Sql, zone: Tz, payment: &Payment) -> Result<String, StoreError> {
    let at = |at_ms: i64| moment(zone, at_ms);
    let mut lines = vec![
        format!("Платёж {}: {}", payment.number, status(payment.status)),
        format!(
            "Всего {} ₽, из них комиссия {} ₽, {}{}",
            payment.total().to_registry(),
            payment.commission.to_registry(),
            way(payment.way),
            if payment.paid_by.is_empty() { String::new() } else { format!(" ({})", payment.paid_by) }
        ),
    ];
    for part in table::parts(sql, payment.id)? {
        let row = sql.first("SELECT number FROM accounts WHERE id = $1", params![part.account])?;
        let number: String = row.map(|row| row.get(0)).transpose()?.unwrap_or_default();
        let back = match part.refunded {
            Kopecks(0) => String::new(),
            back => format!(", возвращено {} ₽", back.to_registry()),
        };
        lines.push(format!("  ЛС {number}: {} ₽{back}", part.sum.to_registry()));
    }
    lines.push(format!("Начат {}", at(payment.created_ms)));
    let days = [("Оплачен", payment.paid_ms), ("Зачислен", payment.credited_ms), ("Банк спросят", payment.next_ms)];
    lines.extend(days.into_iter().filter_map(|(what, ms)| ms.map(|ms| format!("{what} {}", at(ms)))));
    lines.push(format!("Номер заказа в банке: {}", payment.bank_order.as_deref().unwrap_or("банк его ещё не назвал")));
    if !payment.why.is_empty() {
        lines.push(format!("Причина: {}", payment.why));
    }
    if let Some(url) = &payment.receipt_url {
        lines.push(format!("Чек: {url}"));
    }
    if let Some(verdict) = verdict::of(sql, payment.id)? {
        let ruling = match verdict.ruling {
            Ruling::Accepted => "принята и зачислена",
            Ruling::Rejected => "отклонена и возвращается",
        };
        lines.push(format!("Сумма банка {} ₽ {ruling}: {}", verdict.deposited.to_registry(), verdict.why));
    }
    let refunds = refund::all(sql, payment.id)?;
    lines.extend(refunds.iter().map(|refund| format!("Возврат {}: {}", at(refund.wanted_ms), said(refund))));
    lines.push("Что было:".to_owned());
    for (at_ms, what, detail) in events::all(sql, payment.id)? {
        lines.push(format!("  {} {what} {detail}", at(at_ms)).trim_end().to_owned());
    }
    lines.push(String::new());
    Ok(lines.join("\n"))
}

fn said(refund: &Refund) -> String {
    let stands = match (refund.outcome, refund.sent) {
        (Some(Outcome::GivenBack), _) => "сделан",
        (Some(Outcome::Refused), _) => "банк отказал",
        (Some(Outcome::NotConfirmed), _) => "банк не подтвердил, сверьте с ним",
        (None, Some(_)) => "отправлен, ответа банка ещё нет",
        (None, None) => "ждёт, пока банк ответит",
    };
    let why = if refund.why.is_empty() { String::new() } else { format!(" ({})", refund.why) };
    format!("{} ₽, {stands}{why}", refund.sum.to_registry())
}

const fn status(status: PaymentStatus) -> &'static str {
    match status {
        PaymentStatus::Created => "создан",
        PaymentStatus::Awaiting => "ожидает банка",
        PaymentStatus::Held => "банк держит сумму",
        PaymentStatus::Paid => "оплачен",
        PaymentStatus::Credited => "зачислен",
        PaymentStatus::Declined => "отклонён",
        PaymentStatus::Expired => "не оплачен вовремя",
        PaymentStatus::Refunded => "возвращён, весь или частью",
    }
}

const fn way(way: PaymentWay) -> &'static str {
    match way {
        PaymentWay::Card => "картой",
        PaymentWay::Sbp => "по СБП",
        PaymentWay::Office => "в кассе",
    }
}

/// In the utility's zone.
fn moment(zone: Tz, at_ms: i64) -> String {
    let at = DateTime::from_timestamp_millis(at_ms).unwrap_or_default().with_timezone(&zone);
    at.format("%d.%m.%Y %H:%M").to_string()
}
