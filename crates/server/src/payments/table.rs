//! The rows of a payment.

use crate::params;
use crate::storage::{Row, Sql, StoreError, Tx, Value};
use domain::payment::{PaymentStatus, PaymentWay, ServiceSum};
use domain::{AccountId, Kopecks, PaymentId, PaymentPartId, UserId};

/// A payment: one order at the bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The payment.
    pub id: PaymentId,
    /// Our number of it at the bank.
    pub number: String,
    /// Who pays.
    pub user: UserId,
    /// How.
    pub way: PaymentWay,
    /// Where the receipt goes; may be empty.
    pub email: String,
    /// What the accounts get.
    pub sum: Kopecks,
    /// What is taken on top.
    pub commission: Kopecks,
    /// Where it stands.
    pub status: PaymentStatus,
    /// Why it was declined.
    pub why: String,
    /// «МИР 2202 •• 0001»
    pub paid_by: String,
    /// The bank's number, once it has told.
    pub bank_order: Option<String>,
    /// The page to pay on.
    pub form_url: Option<String>,
    /// What the code of СБП holds.
    pub sbp_payload: Option<String>,
    /// The electronic receipt.
    pub receipt_url: Option<String>,
    /// When it began.
    pub created_ms: i64,
    /// Until when it can be paid.
    pub until_ms: i64,
    /// How many times the bank was asked about it since it stands where it stands.
    pub asked: u32,
    /// When it is asked next.
    pub next_ms: Option<i64>,
    /// The person has cancelled it.
    pub unwanted: bool,
    /// When the bank confirmed it.
    pub paid_ms: Option<i64>,
    /// When it reached the accounts.
    pub credited_ms: Option<i64>,
}

/// What one account gets of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The part.
    pub id: PaymentPartId,
    /// The account.
    pub account: AccountId,
    /// What it gets.
    pub sum: Kopecks,
    /// What went back.
    pub refunded: Kopecks,
    /// How the payer divided it; empty: billing does.
    pub services: Vec<ServiceSum>,
}

impl Payment {
    /// All that is taken from the person.
    pub fn total(&self) -> Kopecks {
        self.sum + self.commission
    }
}

const COLUMNS: &str = "id, number, user_id, way, email, sum, commission, status, why, paid_by, bank_order, form_url,
    sbp_payload, receipt_url, created_ms, until_ms, asked, next_ms, unwanted, paid_ms, credited_ms";

/// The payment with this id.
pub fn load(sql: &mut dyn Sql, id: PaymentId) -> Result<Option<Payment>, StoreError> {
    one(sql, "id = $1", Value::from(id))
}

/// The payment with this number at the bank.
pub fn by_number(sql: &mut dyn Sql, number: &str) -> Result<Option<Payment>, StoreError> {
    one(sql, "number = $1", Value::from(number))
}

/// The payment whose order has this number of the bank.
pub fn by_order(sql: &mut dyn Sql, order: &str) -> Result<Option<Payment>, StoreError> {
    one(sql, "bank_order = $1", Value::from(order))
}

fn one(sql: &mut dyn Sql, which: &str, value: Value) -> Result<Option<Payment>, StoreError> {
    let row = sql.first(&format!("SELECT {COLUMNS} FROM payments WHERE {which}"), &[value])?;
    row.as_ref().map(read).transpose()
}

/// Its parts, in the order in which they were given.
pub fn parts(sql: &mut dyn Sql, payment: PaymentId) -> Result<Vec<Part>, StoreError> {
    let rows = sql.query(
        "SELECT id, account_id, sum, refunded, services FROM payment_parts WHERE payment_id = $1 ORDER BY id",
        params![payment],
    )?;
    let part = |row: &Row| {
        let (id, account, sum, refunded) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        Ok(Part { id, account, sum, refunded, services: row.json(4)? })
    };
    rows.iter().map(part).collect()
}

/// Writes a new payment with its parts, which hold their accounts from now on. `busy_ms`: until when the server that
/// writes it is the one that asks the bank.
pub fn insert(tx: &mut Tx<'_>, payment: &Payment, parts: &[Part], busy_ms: i64) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO payments (id, number, user_id, way, email, sum, commission, status, why, paid_by, created_ms,
             until_ms, asked, next_ms, busy_ms, unwanted)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', $9, $10, 0, $11, $12, 0)",
        params![
            payment.id,
            &payment.number,
            payment.user,
            Value::word(&payment.way)?,
            &payment.email,
            payment.sum,
            payment.commission,
            Value::word(&payment.status)?,
            payment.created_ms,
            payment.until_ms,
            payment.next_ms,
            busy_ms,
        ],
    )?;
    for part in parts {
        tx.execute(
            "INSERT INTO payment_parts (id, payment_id, account_id, sum, refunded, holds, services)
             VALUES ($1, $2, $3, $4, 0, $3, $5)",
            params![part.id, payment.id, part.account, part.sum, Value::json(&part.services)?],
        )?;
    }
    Ok(())
}

/// Writes what the bank's word changed. Accounts of a payment that is not live any more are let go.
pub fn update(tx: &mut Tx<'_>, payment: &Payment) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE payments SET number = $2, status = $3, why = $4, paid_by = $5, bank_order = $6, form_url = $7,
             sbp_payload = $8, receipt_url = $9, asked = $10, paid_ms = $11, credited_ms = $12
         WHERE id = $1",
        params![
            payment.id,
            &payment.number,
            Value::word(&payment.status)?,
            &payment.why,
            &payment.paid_by,
            payment.bank_order.clone(),
            payment.form_url.clone(),
            payment.sbp_payload.clone(),
            payment.receipt_url.clone(),
            payment.asked,
            payment.paid_ms,
            payment.credited_ms,
        ],
    )?;
    if !payment.status.is_live() {
        tx.execute("UPDATE payment_parts SET holds = NULL WHERE payment_id = $1", params![payment.id])?;
    }
    Ok(())
}

/// The next number that no payment has had: taken inside the transaction that uses it.
pub fn take_number(tx: &mut Tx<'_>, prefix: &str) -> Result<String, StoreError> {
    let row = tx.first(
        "INSERT INTO payment_numbers (one, last) VALUES (1, 1)
         ON CONFLICT (one) DO UPDATE SET last = payment_numbers.last + 1 RETURNING last",
        &[],
    )?;
    let last: i64 = row.ok_or(StoreError::Column(0))?.get(0)?;
    Ok(format!("{prefix}-{last:06}"))
}

fn read(row: &Row) -> Result<Payment, StoreError> {
    Ok(Payment {
        id: row.get(0)?,
        number: row.get(1)?,
        user: row.get(2)?,
        way: row.word(3)?,
        email: row.get(4)?,
        sum: row.get(5)?,
        commission: row.get(6)?,
        status: row.word(7)?,
        why: row.get(8)?,
        paid_by: row.get(9)?,
        bank_order: row.get(10)?,
        form_url: row.get(11)?,
        sbp_payload: row.get(12)?,
        receipt_url: row.get(13)?,
        created_ms: row.get(14)?,
        until_ms: row.get(15)?,
        asked: row.get(16)?,
        next_ms: row.get(17)?,
        unwanted: row.get(18)?,
        paid_ms: row.get(19)?,
        credited_ms: row.get(20)?,
    })
}
