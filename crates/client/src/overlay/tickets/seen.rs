//! Which events of tickets the person has seen on this computer. Messages have read marks, which the server knows;
//! what happened to a ticket has none.

use domain::TicketId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Until when events were seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    /// What was before this computer first showed tickets is no news on it.
    from_ms: i64,
    tickets: BTreeMap<TicketId, i64>,
}

impl Seen {
    /// Of a computer that shows tickets from now on.
    pub(crate) fn from(now_ms: i64) -> Self {
        Self { from_ms: now_ms, tickets: BTreeMap::new() }
    }

    /// Until when events of a ticket were seen.
    pub(crate) fn through(&self, ticket: TicketId) -> i64 {
        self.tickets.get(&ticket).copied().unwrap_or(0).max(self.from_ms)
    }

    /// Events of a ticket were shown up to here. Says whether that is news.
    pub(crate) fn show(&mut self, ticket: TicketId, through_ms: i64) -> bool {
        let news = through_ms > self.through(ticket);
        if news {
            self.tickets.insert(ticket, through_ms);
        }
        news
    }
}
