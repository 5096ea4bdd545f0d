//! Who saw or changed whose data, and when (152-ФЗ). Rows are only added.

use crate::params;
use crate::storage::{Sql, StoreError, Tx};

/// What was done with somebody's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// A phone was proven and a password set.
    Registered,
    /// Somebody signed in.
    SignedIn,
    /// An account's address was shown after a proof.
    AddressShown,
    /// An account was attached.
    Attached,
    /// An account was detached.
    Detached,
    /// Name or e-mail changed.
    ProfileChanged,
    /// Data were exported to a file.
    Exported,
    /// Data were imported from a file.
    Imported,
    /// A member of staff was added.
    StaffAdded,
    /// A member of staff may sign in no more.
    StaffDisabled,
    /// A member of staff got another password.
    StaffPasswordReplaced,
    /// The content of a file was shown.
    FileShown,
    /// A ticket was registered for somebody who called.
    TicketRegistered,
    /// A payment was begun.
    PaymentBegun,
    /// A payment was cancelled by who began it.
    PaymentCancelled,
    /// The staff gave money of a payment back.
    PaymentRefunded,
    /// The staff accepted another sum than the payment's.
    PaymentAccepted,
    /// The staff rejected another sum than the payment's.
    PaymentRejected,
}

impl Deed {
    const fn name(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::SignedIn => "signed_in",
            Self::AddressShown => "address_shown",
            Self::Attached => "attached",
            Self::Detached => "detached",
            Self::ProfileChanged => "profile_changed",
            Self::Exported => "exported",
            Self::Imported => "imported",
            Self::StaffAdded => "staff_added",
            Self::StaffDisabled => "staff_disabled",
            Self::StaffPasswordReplaced => "staff_password_replaced",
            Self::FileShown => "file_shown",
            Self::TicketRegistered => "ticket_registered",
            Self::PaymentBegun => "payment_begun",
            Self::PaymentCancelled => "payment_cancelled",
            Self::PaymentRefunded => "payment_refunded",
            Self::PaymentAccepted => "payment_accepted",
            Self::PaymentRejected => "payment_rejected",
        }
    }
}

/// Notes a deed: `who` did it (a user's id, `staff:LOGIN`, `command`), to whom (`user:…`, `account:…`), from where.
pub fn note(tx: &mut Tx<'_>, who: &str, deed: Deed, subject: &str, origin: &str) -> Result<(), StoreError> {
    let now = tx.now_ms();
    tx.execute(
        "INSERT INTO access_log (id, at_ms, who, deed, subject, origin) VALUES ($1, $2, $3, $4, $5, $6)",
        params![tx.id_v7(), now, who, deed.name(), subject, origin],
    )?;
    Ok(())
}
