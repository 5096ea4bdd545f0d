//! What happened to a payment, for the support and for disputes. Rows are only added, and hold no personal data.

use crate::params;
use crate::storage::{Sql, StoreError, Tx};
use domain::PaymentId;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// It was begun; the detail is its number.
    Begun,
    /// The bank gave it a number.
    Registered,
    /// Its order got another number: nobody was ever given the page of the first.
    Renumbered,
    /// The person cancelled it.
    Cancelled,
    /// The bank called; the detail is its word, which was not believed but asked about.
    Called,
    /// It stands elsewhere; the detail is where.
    Moved,
    /// Money went back; the detail is how much in all.
    GivenBack,
    /// The bank's sum is not ours, and nothing was credited. A person has to look at it.
    SumDiffers,
    /// The bank refused the order; the detail is its code. A person has to look at it.
    OrderRefused,
}

impl What {
    /// As the table has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::Registered => "registered",
            Self::Renumbered => "renumbered",
            Self::Cancelled => "cancelled",
            Self::Called => "called",
            Self::Moved => "moved",
            Self::GivenBack => "given_back",
            Self::SumDiffers => "sum_differs",
            Self::OrderRefused => "order_refused",
        }
    }
}

/// Notes it.
pub fn note(tx: &mut Tx<'_>, payment: PaymentId, what: What, detail: &str) -> Result<(), StoreError> {
    let now = tx.now_ms();
    tx.execute(
        "INSERT INTO payment_events (id, payment_id, at_ms, what, detail) VALUES ($1, $2, $3, $4, $5)",
        params![tx.id_v7(), payment, now, what.name(), detail],
    )?;
    Ok(())
}

/// Notes it unless it is there already: what is true at every question is told once.
pub fn note_once(tx: &mut Tx<'_>, payment: PaymentId, what: What, detail: &str) -> Result<bool, StoreError> {
    let known = tx.first(
        "SELECT id FROM payment_events WHERE payment_id = $1 AND what = $2 AND detail = $3 LIMIT 1",
        params![payment, what.name(), detail],
    )?;
    if known.is_some() {
        return Ok(false);
    }
    note(tx, payment, what, detail)?;
    Ok(true)
}

/// The numbers of payments that a person has to look at: their sum at the bank is not ours, and they were never credited.
pub fn with_other_sums(sql: &mut dyn Sql) -> Result<Vec<String>, StoreError> {
    let rows = sql.query(
        "SELECT DISTINCT payments.number FROM payment_events JOIN payments ON payments.id = payment_events.payment_id
         WHERE payment_events.what = $1 AND payments.credited_ms IS NULL ORDER BY payments.number",
        params![What::SumDiffers.name()],
    )?;
    rows.iter().map(|row| row.get(0)).collect()
}
