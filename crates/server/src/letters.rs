//! Letters to residents: written in the transaction that they tell of, sent when the mail server takes them.
//!
//! A letter is a row with the id of the event it tells of, so there is one for each event, and a restart between the two
//! forgets none. It is never written from a note: what is told here is a line of the history, which the resident sees too.

pub(crate) mod payments;
mod queue;
mod sending;
mod words;

pub use queue::{Letter, give_up_old, sweep};
pub use sending::{MailError, Mailer, Unreachable, send_due};

use crate::config::Config;
use crate::people;
use crate::storage::{Sql, StoreError, Tx};
use crate::tickets::StoredTicket;
use domain::UserId;
use domain::ticket::{Party, Status};
use wire::ticket::{Happened, TicketEvent};

/// Writes the letter about a line of a ticket's history, when there is to be one: the resident left an address, and did
/// not do it themselves.
pub(crate) fn about(
    tx: &mut Tx<'_>,
    config: &Config,
    stored: &StoredTicket,
    event: &TicketEvent,
) -> Result<(), StoreError> {
    let Some(resident) = stored.desk.resident else { return Ok(()) };
    let words = match &event.what {
        Happened::Registered => words::registered(config, stored.ticket()),
        // What follows from the resident's own answer is no news to them.
        Happened::Moved { to, reason, .. }
            if event.by == Party::Staff || (event.by == Party::Utility && *to == Status::Closed) =>
        {
            words::moved(config, stored.ticket(), *to, reason)
        }
        _ => return Ok(()),
    };
    let Some(receiver) = receiver(tx, config, resident)? else { return Ok(()) };
    let now = tx.now_ms();
    queue::put(tx, event.id, &receiver, &words, now)
}

/// Where letters to a person go; `None` when there are to be none. The only place that decides it.
fn receiver(sql: &mut dyn Sql, config: &Config, person: UserId) -> Result<Option<String>, StoreError> {
    if config.mail.is_none() {
        return Ok(None);
    }
    let email = people::profile(sql, person)?.map(|profile| profile.email);
    Ok(email.filter(|email| !email.is_empty()))
}
