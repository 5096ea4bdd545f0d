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
    /// The staff wish to give money back; the detail is how much.
    RefundWanted,
    /// The bank is asked to; the detail is what it had given back before.
    RefundAsked,
    /// It did.
    RefundDone,
    /// It said no; the detail is its code.
    RefundRefused,
    /// Its answer was lost, and it has not given it back since. A person has to look at it.
    RefundNotConfirmed,
    /// Another sum than ours was accepted; the detail is ours and the bank's.
    Accepted,
    /// Another sum than ours was rejected; the detail is the bank's, which goes back.
    Rejected,
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
            Self::RefundWanted => "refund_wanted",
            Self::RefundAsked => "refund_asked",
            Self::RefundDone => "refund_done",
            Self::RefundRefused => "refund_refused",
            Self::RefundNotConfirmed => "refund_not_confirmed",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
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

/// What happened to a payment, the oldest first: when, what, and the detail.
pub fn all(sql: &mut dyn Sql, payment: PaymentId) -> Result<Vec<(i64, String, String)>, StoreError> {
    let rows = sql.query(
        "SELECT at_ms, what, detail FROM payment_events WHERE payment_id = $1 ORDER BY at_ms, id",
        params![payment],
    )?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
}

/// The numbers of payments that a person has to look at: their sum at the bank is not ours, and nobody has decided.
pub fn with_other_sums(sql: &mut dyn Sql) -> Result<Vec<String>, StoreError> {
    let rows = sql.query(
        "SELECT DISTINCT payments.number FROM payment_events JOIN payments ON payments.id = payment_events.payment_id
         WHERE payment_events.what = $1 AND payments.paid_ms IS NULL AND NOT EXISTS (
             SELECT 1 FROM payment_verdicts WHERE payment_verdicts.payment_id = payments.id
                 AND payment_verdicts.verdict = 'rejected')
         ORDER BY payments.number",
        params![What::SumDiffers.name()],
    )?;
    rows.iter().map(|row| row.get(0)).collect()
}
