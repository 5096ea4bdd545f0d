//! The tickets in memory, and questions to all of them.

use super::card::Card;
use super::kept::Kept;
use super::laid::{Laid, laid};
use super::look::Look;
use super::office;
use super::places::Spot;
use super::row::row;
use super::shelf::{Looking, Wanted};
use crate::locked::locked;
use crate::store::{Mirror, StoreError};
use crate::view::{DeskRow, DeskShelfCount};
use domain::{IncidentId, TicketId};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard};

/// What a desk keeps in memory.
#[derive(Default)]
pub(crate) struct Desk {
    tickets: Mutex<Kept<Card>>,
    accounts: Mutex<Kept<Spot>>,
}

/// A part of the list.
pub(crate) struct Part {
    /// How many there are.
    pub(crate) total: usize,
    /// Those of the part.
    pub(crate) rows: Vec<DeskRow>,
}

/// What is counted over all tickets.
pub(crate) struct Counts {
    /// The shelves.
    pub(crate) shelves: Vec<DeskShelfCount>,
    /// Tickets of incidents.
    pub(crate) folded: HashMap<IncidentId, u32>,
}

impl Desk {
    /// Reads what is to be kept: the first time of a program that takes its while.
    pub(crate) fn refresh(&self, mirror: &Mirror) -> Result<(), StoreError> {
        locked(&self.tickets).refresh(mirror)?;
        locked(&self.accounts).refresh(mirror)
    }

    /// Accounts for which a ticket can be registered.
    pub(crate) fn accounts(&self, mirror: &Mirror) -> Result<MutexGuard<'_, Kept<Spot>>, StoreError> {
        let mut accounts = locked(&self.accounts);
        accounts.refresh(mirror)?;
        Ok(accounts)
    }

    /// A part of what is wanted, from a place on.
    pub(crate) fn part(&self, look: &Look, wanted: &Wanted, from: usize, count: usize) -> Result<Part, StoreError> {
        let looking = looking(look)?;
        let (total, ids, laid) = self.over_all(look, |cards| looking.part(wanted, cards, from, count))?.into_parts();
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            let known = match laid.get(&id) {
                Some(known) => Some(known.clone()),
                None => look.ticket(id)?,
            };
            if let Some(known) = known {
                rows.push(row(look, &known)?);
            }
        }
        Ok(Part { total, rows })
    }

    /// What is counted.
    pub(crate) fn counts(&self, look: &Look) -> Result<Counts, StoreError> {
        let looking = looking(look)?;
        let counted = self.over_all(look, |cards| {
            let mut folded: HashMap<IncidentId, u32> = HashMap::new();
            let cards = cards.inspect(|card| {
                if let Some(incident) = card.incident {
                    *folded.entry(incident).or_default() += 1;
                }
            });
            let shelves = looking.count(cards);
            Counts { shelves, folded }
        })?;
        Ok(counted.answer)
    }

    /// Asks all tickets, with what was entered here laid over them.
    pub(crate) fn over_all<T>(
        &self,
        look: &Look,
        ask: impl FnOnce(&mut dyn Iterator<Item = &Card>) -> T,
    ) -> Result<Answered<T>, StoreError> {
        let laid = laid(&look.entries, look.seq, &look.mirror, look.work.staff)?;
        let cards: BTreeMap<TicketId, Card> = laid.iter().map(|(id, laid)| (*id, laid.card())).collect();
        let mut kept = locked(&self.tickets);
        kept.refresh(&look.mirror)?;
        let untouched = kept.all().filter(|card| cards.is_empty() || !cards.contains_key(&card.id));
        let answer = ask(&mut untouched.chain(cards.values()));
        Ok(Answered { answer, laid })
    }
}

/// An answer, and what was laid over the tickets for it.
pub(crate) struct Answered<T> {
    /// The answer.
    pub(crate) answer: T,
    laid: BTreeMap<TicketId, Laid>,
}

impl Answered<(usize, Vec<TicketId>)> {
    fn into_parts(self) -> (usize, Vec<TicketId>, BTreeMap<TicketId, Laid>) {
        (self.answer.0, self.answer.1, self.laid)
    }
}

fn looking(look: &Look) -> Result<Looking, StoreError> {
    let going_on = office::incidents(look)?.into_iter().filter(|(incident, _)| !incident.over);
    let incidents = going_on.map(|(incident, _)| incident.id).collect();
    Ok(Looking { me: Some(look.work.staff), now_ms: look.now_ms, incidents })
}
