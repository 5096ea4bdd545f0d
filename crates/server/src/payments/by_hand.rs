//! What the staff do about a payment: give money back, decide about a sum that is not ours. Each is on the disk before the
//! bank is asked, so that whoever goes on after a power cut finds it there.

use super::asking::{self, Heard};
use super::refund::{self, Refund, Unwanted};
use super::table::{self, Payment};
use super::verdict::{self, Ruling, Undecided};
use crate::access_log::{self, Deed};
use crate::bank::BankError;
use crate::letters;
use crate::server::App;
use crate::storage::{StoreError, Tx};
use domain::{Kopecks, PaymentId};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Another server may be asking the bank about the payment: it is done within seconds.
const TRIES: u32 = 40;
const PAUSE: Duration = Duration::from_millis(250);

/// Why nothing was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotDecided {
    /// There is nothing to decide.
    Nothing(Undecided),
    /// The bank has no order for it.
    NoOrder,
    /// Another server asks about it for long; it may be tried again.
    Busy,
    /// The bank did not answer.
    Bank(BankError),
}

/// Wishes to give money back and asks the bank at once; how the wish stands then. A wish that stands open is gone on with by
/// the server.
pub async fn refund(
    app: &Arc<App>,
    id: PaymentId,
    sum: Option<Kopecks>,
    why: String,
    again: bool,
) -> Result<Result<Refund, Unwanted>, StoreError> {
    let wanted = app.store.write(move |tx| {
        let Some(payment) = table::load(tx, id)? else { return Ok(Err(Unwanted::NotPaid)) };
        let wanted = refund::want(tx, &payment, sum, &why, again)?;
        if wanted.is_ok() {
            note(tx, id, Deed::PaymentRefunded)?;
        }
        Ok::<_, StoreError>(wanted)
    });
    let wish = match wanted.await?.value {
        Ok(wish) => wish,
        Err(unwanted) => return Ok(Err(unwanted)),
    };
    ask(app, id).await?;
    Ok(Ok(stands(app, id, wish.id).await?.unwrap_or(wish)))
}

/// How a wish stands.
async fn stands(app: &Arc<App>, id: PaymentId, wish: Uuid) -> Result<Option<Refund>, StoreError> {
    app.store.read(move |sql| Ok(refund::all(sql, id)?.into_iter().find(|one| one.id == wish))).await
}

/// Asks the bank about a payment, as soon as nobody else does; `None` when another server does for long.
pub async fn ask(app: &Arc<App>, id: PaymentId) -> Result<Option<Heard>, StoreError> {
    for _ in 0..TRIES {
        if let Some(heard) = asking::ask(app, id).await? {
            return Ok(Some(heard));
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(None)
}

/// Decides about an order whose sum at the bank is not ours, by what the bank says of it now; what the bank took. A rejected
/// one is given back.
pub async fn decide(
    app: &Arc<App>,
    id: PaymentId,
    ruling: Ruling,
    why: String,
) -> Result<Result<Kopecks, NotDecided>, StoreError> {
    let known = app.store.read(move |sql| table::load(sql, id)).await?;
    let Some(Payment { bank_order: Some(order), .. }) = known else { return Ok(Err(NotDecided::NoOrder)) };
    let (Some(bank), Some(settings)) = (&app.bank, &app.config.payments) else { return Ok(Err(NotDecided::NoOrder)) };
    let Some(busy_ms) = claim(app, id).await? else { return Ok(Err(NotDecided::Busy)) };
    let state = bank.by_order(&order).await;
    let (shared, by, again) = (Arc::clone(app), settings.credit, settings.again);
    let decided = app.store.write(move |tx| {
        let decided = match state {
            Ok(Some(state)) => {
                let before = match table::load(tx, id)? {
                    Some(payment) => letters::payments::Stand::of(tx, &payment)?,
                    None => return Ok(Err(NotDecided::NoOrder)),
                };
                let decided = verdict::decide(tx, by, id, &state, ruling, &why)?;
                letters::payments::about(tx, &shared.config, &before, id)?;
                decided.map_err(NotDecided::Nothing)
            }
            Ok(None) => Err(NotDecided::NoOrder),
            Err(error) => Err(NotDecided::Bank(error)),
        };
        if decided.is_ok() {
            let deed = if ruling == Ruling::Accepted { Deed::PaymentAccepted } else { Deed::PaymentRejected };
            note(tx, id, deed)?;
        }
        let answered = !matches!(decided, Err(NotDecided::Bank(_)));
        asking::release(tx, id, busy_ms, Some(again), answered)?;
        Ok::<_, StoreError>(decided)
    });
    let decided = decided.await?.value;
    if decided.is_ok() {
        ask(app, id).await?;
    }
    Ok(decided)
}

async fn claim(app: &Arc<App>, id: PaymentId) -> Result<Option<i64>, StoreError> {
    for _ in 0..TRIES {
        if let Some(busy_ms) = asking::claim(app, id).await? {
            return Ok(Some(busy_ms));
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(None)
}

fn note(tx: &mut Tx<'_>, id: PaymentId, deed: Deed) -> Result<(), StoreError> {
    access_log::note(tx, "command", deed, &format!("payment:{id}"), "command")
}
