//! Letters about payments: paid, refused, given back; each once.

use super::words::{Words, footed};
use super::{queue, receiver};
use crate::bill_form::words::money;
use crate::config::{Config, stable_id};
use crate::params;
use crate::payments::table::{self, Payment};
use crate::storage::{Row, Sql, StoreError, Tx};
use domain::payment::PaymentStatus;
use domain::{Kopecks, PaymentId};
use uuid::Uuid;

/// Where the receipt is made it comes a little after the money: the letter waits so long for its address.
const RECEIPT_MS: i64 = 120_000;

/// Where a payment stood before something changed.
pub(crate) struct Stand {
    status: PaymentStatus,
    paid: bool,
    receipt: bool,
    refunded: Kopecks,
}

impl Stand {
    /// Where it stands now.
    pub(crate) fn of(sql: &mut dyn Sql, payment: &Payment) -> Result<Self, StoreError> {
        Ok(Self {
            status: payment.status,
            paid: payment.paid_ms.is_some(),
            receipt: payment.receipt_url.is_some(),
            refunded: table::parts(sql, payment.id)?.iter().map(|part| part.refunded).sum(),
        })
    }
}

/// Writes the letters about what has changed since `before`, to whom letters are sent.
pub(crate) fn about(tx: &mut Tx<'_>, config: &Config, before: &Stand, id: PaymentId) -> Result<(), StoreError> {
    let Some(payment) = table::load(tx, id)? else { return Ok(()) };
    let now = Stand::of(tx, &payment)?;
    let is_paid = now.paid && !before.paid;
    let has_receipt = now.paid && now.receipt && !before.receipt;
    // Who cancelled it knows of it, and so does who let the time run out or never came to the bank's page.
    let is_news = !payment.unwanted && payment.bank_order.is_some();
    let is_refused = now.status == PaymentStatus::Declined && before.status != PaymentStatus::Declined && is_news;
    let back = now.refunded - before.refunded;
    if !(is_paid || has_receipt || is_refused || back > Kopecks(0)) {
        return Ok(());
    }
    let Some(receiver) = receiver(tx, config, payment.user)? else { return Ok(()) };
    let at_ms = tx.now_ms();
    let lines = lines(tx, id)?;
    if is_paid {
        let waits = payment.receipt_url.is_none() && config.payments.as_ref().is_some_and(|it| it.fiscal.is_some());
        let at_ms = if waits { at_ms + RECEIPT_MS } else { at_ms };
        queue::put(tx, event("paid", id, ""), &receiver, &paid(config, &payment, &lines), at_ms)?;
    } else if has_receipt {
        queue::rewrite(tx, event("paid", id, ""), &paid(config, &payment, &lines))?;
    }
    if is_refused {
        queue::put(tx, event("declined", id, ""), &receiver, &refused(config, &payment, &lines), at_ms)?;
    }
    if back > Kopecks(0) {
        let which = now.refunded.0.to_string();
        queue::put(tx, event("refunded", id, &which), &receiver, &given_back(config, &payment, back, &lines), at_ms)?;
    }
    Ok(())
}

/// One letter for each of what happens to a payment.
fn event(what: &str, payment: PaymentId, which: &str) -> Uuid {
    stable_id(&["letter", "payment", what, &payment.to_string(), which])
}

/// An account of a payment.
struct Line {
    number: String,
    address: String,
    sum: Kopecks,
    refunded: Kopecks,
}

fn lines(sql: &mut dyn Sql, payment: PaymentId) -> Result<Vec<Line>, StoreError> {
    let rows = sql.query(
        "SELECT accounts.number, accounts.address, payment_parts.sum, payment_parts.refunded
         FROM payment_parts JOIN accounts ON accounts.id = payment_parts.account_id
         WHERE payment_parts.payment_id = $1 ORDER BY payment_parts.id",
        params![payment],
    )?;
    let line =
        |row: &Row| Ok(Line { number: row.get(0)?, address: row.get(1)?, sum: row.get(2)?, refunded: row.get(3)? });
    rows.iter().map(line).collect()
}

const HISTORY: &str = "Все платежи видны в программе ЖКХ Desktop: «Оплата», «История платежей».";

fn paid(config: &Config, payment: &Payment, lines: &[Line]) -> Words {
    let mut body = format!("Здравствуйте!\n\nБанк подтвердил оплату: {}\u{a0}₽", money(payment.total()));
    if payment.commission > Kopecks(0) {
        body.push_str(&format!(", из них комиссия {}\u{a0}₽", money(payment.commission)));
    }
    body.push_str(&format!(".\nНомер платежа: {}\n\nДеньги идут на лицевые счета:\n", payment.number));
    for line in lines {
        body.push_str(&format!("{}, {}: {}\u{a0}₽\n", line.number, line.address, money(line.sum)));
    }
    if let Some(url) = &payment.receipt_url {
        body.push_str(&format!("\nЧек: {url}\n"));
    }
    Words { subject: format!("Платёж {}: оплачен", payment.number), body: footed(config, body, HISTORY) }
}

fn refused(config: &Config, payment: &Payment, lines: &[Line]) -> Words {
    let mut body = format!(
        "Здравствуйте!\n\nПлатёж {} на {}\u{a0}₽ не прошёл, на лицевые счета ничего не зачислено.\n",
        payment.number,
        money(payment.total())
    );
    if !payment.why.is_empty() {
        body.push_str(&format!("Причина: {}.\n", payment.why.trim_end_matches('.')));
    }
    body.push('\n');
    for line in lines {
        body.push_str(&format!("{}, {}: {}\u{a0}₽\n", line.number, line.address, money(line.sum)));
    }
    let further = "Заплатить ещё раз можно в программе ЖКХ Desktop, в разделе «Оплата».";
    Words {
        subject: format!("Платёж {}: не прошёл", payment.number), body: footed(config, body, further)
    }
}

fn given_back(config: &Config, payment: &Payment, back: Kopecks, lines: &[Line]) -> Words {
    let mut body = format!(
        "Здравствуйте!\n\nПо платежу {} возвращено {}\u{a0}₽. Деньги придут туда, откуда были уплачены; банку на это бывает нужно несколько дней.\n\nВсего возвращено:\n",
        payment.number,
        money(back)
    );
    for line in lines.iter().filter(|line| line.refunded > Kopecks(0)) {
        body.push_str(&format!(
            "{}, {}: {} из {}\u{a0}₽\n",
            line.number,
            line.address,
            money(line.refunded),
            money(line.sum)
        ));
    }
    body.push_str("\nВозвращённое снова числится к оплате.\n");
    Words { subject: format!("Платёж {}: возврат", payment.number), body: footed(config, body, HISTORY) }
}
