//! The bank calls, or a person comes back from its page. Neither is believed: both are reasons to ask.

use super::events::{self, What};
use super::{asking, table};
use crate::params;
use crate::server::App;
use crate::storage::{Sql, StoreError, Tx};
use domain::PaymentId;
use std::sync::Arc;

/// A callback whose checksum is the bank's. An order that is none of ours is taken too: the bank would call again.
pub async fn called(app: &Arc<App>, params: &[(String, String)]) -> Result<(), StoreError> {
    let of = |name: &str| params.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let (order, number) = (of("mdOrder"), of("orderNumber"));
    let word = format!("{} {}", of("operation").unwrap_or_default(), of("status").unwrap_or_default());
    let word: String = word.chars().take(60).collect();
    let found = app.store.write(move |tx| {
        let by_order = order.map(|order| table::by_order(tx, &order)).transpose()?.flatten();
        let known = match (by_order, number) {
            (Some(known), _) => Some(known),
            (None, Some(number)) => table::by_number(tx, &number)?,
            (None, None) => None,
        };
        let Some(known) = known else { return Ok(None) };
        events::note(tx, known.id, What::Called, &word)?;
        ask_soon(tx, known.id)?;
        Ok::<_, StoreError>(Some(known.id))
    });
    let Some(id) = found.await?.value else {
        tracing::warn!("the bank called about an order that is none of ours");
        return Ok(());
    };
    // The time is set already: should this question fail, the next one comes by itself.
    asking::ask(app, id).await.map(|_| ())
}

/// A person came back from the bank's page. Anybody may call this, so it only sets the time of the next question.
pub async fn came_back(app: &Arc<App>, number: &str) -> Result<(), StoreError> {
    let number = number.to_owned();
    let look = app.store.read(move |sql| table::by_number(sql, &number)).await?;
    let Some(known) = look.filter(|known| known.status.is_live()) else { return Ok(()) };
    let soon = known.next_ms.is_some_and(|at| at <= app.clock.now_ms() + SOON_MS);
    if !soon {
        app.store.write(move |tx| ask_soon(tx, known.id)).await?;
    }
    Ok(())
}

/// Who is asked about within this time is not hurried.
const SOON_MS: i64 = 5_000;

fn ask_soon(tx: &mut Tx<'_>, id: PaymentId) -> Result<(), StoreError> {
    let now = tx.now_ms();
    tx.execute("UPDATE payments SET next_ms = $2 WHERE id = $1", params![id, now])?;
    Ok(())
}
