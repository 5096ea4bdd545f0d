//! The history against the model, when everything has come to its end.

use crate::book::{Entry, Wish};
use crate::clocks::november;
use crate::ledger::{Decided, Held};
use crate::town::{CLOSES, OPENS};
use crate::world::World;
use anyhow::ensure;
use domain::{OperationId, UserId};
use outbox::State;
use std::collections::BTreeMap;
use wire::feed::Versioned;
use wire::operation::{Body, Lane};
use wire::problem::Rejection;

/// What the judge is told about an entry.
pub struct Case<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// Where it is on its computer.
    pub state: &'a State,
    /// Whether a copy may have left the computer.
    pub ever_sent: bool,
    /// Whether the model knows a reason for the rejection that it has.
    pub may_be_rejected: bool,
    /// Whether it may take effect although it was given up: the server had forgotten that, or a copy of the computer had
    /// sent it.
    pub may_come_late: bool,
}

/// Whether the two sides agree about an entry, and with the model.
pub fn judge(case: &Case<'_>, held: &Held) -> anyhow::Result<()> {
    let Case { entry, state, .. } = case;
    let decided = held.ledger.get(&entry.id);
    let outcome = decided.map(|decided| decided.outcome.as_str());
    effect(entry.id, entry.reading().is_some(), decided, held)?;
    made(entry, outcome == Some("applied"), held)?;
    match state {
        State::Settled { .. } => {
            ensure!(outcome == Some("applied"), "shown as accepted, and the server has it as {decided:?}: {entry:?}");
            ensure!(
                !given_up(entry.wish) || case.may_come_late,
                "it was given up, and took effect all the same: {entry:?}"
            );
        }
        State::Rejected { rejection, .. } => {
            let same = decided.is_some_and(|decided| decided.rejection.as_ref() == Some(rejection));
            ensure!(same, "shown as {state:?}, and the server has it as {decided:?}: {entry:?}");
            ensure!(case.may_be_rejected, "the model knows no reason for {rejection:?}: {entry:?}");
        }
        State::Withdrawn | State::Replaced { .. } | State::Discarded => {
            ensure!(entry.wish != Wish::Stands || entry.is_mark(), "nobody gave it up: {entry:?} is {state:?}");
            // What such a copy does comes with a snapshot, which does not say whose doing it was.
            let unknown = entry.copied && !case.ever_sent;
            ensure!(unknown || outcome != Some("applied"), "it took effect although it is {state:?}: {entry:?}");
            let left = case.ever_sent || entry.copied;
            ensure!(left || decided.is_none(), "it never left, and the server knows it: {entry:?}");
        }
        State::Held { .. } => ensure!(decided.is_none(), "it waits, and the server has it as {decided:?}: {entry:?}"),
        State::Queued | State::InFlight | State::Acked { .. } | State::Attention { .. } => {
            anyhow::bail!("in the end it is {state:?}: {entry:?}, on the server {decided:?}")
        }
    }
    Ok(())
}

/// Whether the person did away with it, and not by asking the server.
const fn given_up(wish: Wish) -> bool {
    matches!(wish, Wish::TakenBack | Wish::Replaced | Wish::GivenUp)
}

/// What was applied took effect once, and nothing else did.
fn effect(id: OperationId, reading: bool, decided: Option<&Decided>, held: &Held) -> anyhow::Result<()> {
    let wanted = usize::from(decided.is_some_and(|decided| decided.outcome == "applied"));
    let readings = held.readings.get(&id).map_or(0, Vec::len);
    ensure!(readings == if reading { wanted } else { 0 }, "{id} is {decided:?} and made {readings} readings");
    // A number that changed hands empties the person's own part of the feed.
    let told = held.effects.get(&id).copied().unwrap_or(0);
    ensure!(told == wanted || !reading && told == 0, "{id} is {decided:?} and took effect {told} times");
    Ok(())
}

/// Inside a lane of a computer what was applied was applied in the order of entry.
///
/// A computer that was put back to a copy knows nothing of what the person did in the life that it lost. There what stood
/// before an entry was taken back or replaced without ever having left, so that one went. Nobody but the lost disk knew: the
/// copy has the first one still to send, and it takes effect as the last. So does what the person enters here in its place.
/// Neither was overtaken while both waited in one queue.
///
/// What was given up here may come late where [`judge`] says that it may come at all; it has lost its place.
pub fn in_order<'a>(entries: impl Iterator<Item = &'a Entry>, held: &Held) -> anyhow::Result<()> {
    let mut lanes: BTreeMap<(usize, Lane), Vec<(&Entry, &Decided)>> = BTreeMap::new();
    for entry in entries.filter(|entry| !entry.lost) {
        let Some(decided) = held.ledger.get(&entry.id).filter(|decided| decided.outcome == "applied") else { continue };
        lanes.entry((entry.computer, entry.lane)).or_default().push((entry, decided));
    }
    for applied in lanes.values_mut() {
        applied.sort_by_key(|(entry, _)| entry.place);
        for (index, (first, there)) in applied.iter().enumerate() {
            for (second, here) in &applied[index + 1..] {
                let went_in_a_lost_life = second.copied && (first.revived || second.at_ms < first.at_ms);
                let (at, last) = (here.position, there.position);
                ensure!(
                    last < at || went_in_a_lost_life || given_up(first.wish),
                    "at {at}: {second:?} overtook, at {last}: {first:?}"
                );
            }
        }
    }
    Ok(())
}

/// Numbers begin with 1, none is left out and none is given twice.
pub fn without_gaps(held: &Held) -> anyhow::Result<()> {
    for (of, numbers) in &held.numbers {
        let mut numbers = numbers.clone();
        numbers.sort_unstable();
        ensure!(numbers.iter().copied().eq((1..).take(numbers.len())), "the numbers of {of} are {numbers:?}");
    }
    Ok(())
}

/// What an applied entry makes is there, and nothing of one that was not.
fn made(entry: &Entry, applied: bool, held: &Held) -> anyhow::Result<()> {
    let there = match &entry.body {
        Body::CreateTicket(body) => held.tickets.contains(&body.ticket),
        Body::SendMessage(body) => held.messages.contains(&body.message),
        _ => return Ok(()),
    };
    // What took its place has the same ticket.
    ensure!(there || !applied, "it was applied, and what it made is not there: {entry:?}");
    Ok(())
}

impl World {
    /// Compares everything. To be called when nothing is on its way any more.
    pub async fn verdict(&mut self) -> anyhow::Result<()> {
        let held = self.held().await?;
        for entry in self.book.entries() {
            if entry.lost {
                effect(entry.id, entry.reading().is_some(), held.ledger.get(&entry.id), &held)?;
                continue;
            }
            let engine = self.computers[entry.computer].engine();
            let kept = engine.and_then(|engine| engine.operation(entry.id));
            let kept = kept.ok_or_else(|| anyhow::anyhow!("what was kept is gone: {entry:?}"))?;
            let may_be_rejected = match &kept.state {
                State::Rejected { rejection, .. } => self.may_be_rejected(entry, rejection, &held),
                _ => true,
            };
            let may_come_late = entry.copied || self.restores > 0;
            let case = Case { entry, state: &kept.state, ever_sent: kept.ever_sent, may_be_rejected, may_come_late };
            judge(&case, &held)?;
            self.count(&kept.state, entry.wish);
        }
        in_order(self.book.entries().iter(), &held)?;
        without_gaps(&held)?;
        let stranger = held.ledger.keys().find(|id| self.book.get(**id).is_none());
        let restored = self.tally.all().contains_key("computer_restored");
        ensure!(stranger.is_none() || restored, "nobody entered {stranger:?}");
        for (what, count, latest) in &held.current {
            ensure!(*count == 1 && *latest, "of {what} {count} readings count, the latest among them: {latest}");
        }
        self.both_sides_are_equal().await
    }

    fn may_be_rejected(&self, entry: &Entry, rejection: &Rejection, held: &Held) -> bool {
        let owner = self.computers[entry.computer].owner;
        match rejection {
            Rejection::NotYours => {
                let account = match &entry.body {
                    Body::CreateTicket(body) => Some(&body.account),
                    _ => entry.meter().and_then(|meter| self.book.accounts.get(&meter)),
                };
                // A ticket that is not there: given up, refused, or forgotten by a server that was put back.
                // Or one of whoever held the phone before.
                let handed_over = self.people[owner].passwords.len() > 1;
                let lost = self.restores > 0 || handed_over;
                let gone = entry.ticket().is_some_and(|it| lost || !held.tickets.contains(&it));
                gone || account.is_some_and(|account| self.people[owner].shaky.contains(account))
            }
            Rejection::TicketStands { .. } => matches!(entry.body, Body::CloseTicket(_) | Body::ReopenTicket(_)),
            // Repeated under another id, and the first one came after all.
            Rejection::FieldInvalid { field } => {
                let same = |other: &&Entry| match (&other.body, &entry.body) {
                    (Body::CreateTicket(other), Body::CreateTicket(this)) => other.ticket == this.ticket,
                    (Body::SendMessage(other), Body::SendMessage(this)) => other.message == this.message,
                    _ => false,
                };
                let again = self.book.entries().iter().filter(same).count() > 1;
                (field == "ticket" || field == "message") && self.restores > 0 && again
            }
            Rejection::PeriodLocked { .. } => self.locked,
            Rejection::WindowClosed { .. } => {
                let (opens, closed) = (november(OPENS, 0), november(CLOSES + 1, 0));
                let in_time = (opens..closed).contains(&entry.at_ms);
                let too_late = self.time.ms() >= november(CLOSES + 6, 0);
                let unsure = self.clock_touched[entry.computer] && self.time.ms() >= closed;
                !in_time || too_late || unsure
            }
            // Repeated under another id, and the first one came after all.
            Rejection::ReadingExists { reading } => {
                let same = |other: &&Entry| other.reading().is_some_and(|(_, id)| id == *reading);
                self.restores > 0 && self.book.entries().iter().filter(same).count() > 1
            }
            _ => false,
        }
    }

    fn count(&self, state: &State, wish: Wish) {
        self.tally.count(match (state, wish) {
            (State::Settled { .. }, Wish::Asked) => "taken_back_too_late",
            (State::Settled { .. }, _) => "applied",
            (State::Withdrawn, Wish::Asked) => "taken_back_by_the_server",
            (State::Held { .. }, _) => "held",
            (State::Rejected { rejection: Rejection::NotYours, .. }, _) => "rejected_not_yours",
            (State::Rejected { rejection: Rejection::PeriodLocked { .. }, .. }, _) => "rejected_period_locked",
            (State::Rejected { rejection: Rejection::WindowClosed { .. }, .. }, _) => "rejected_window_closed",
            _ => "given_up",
        });
    }

    /// Each computer's mirror is what the server would show to a new one.
    async fn both_sides_are_equal(&self) -> anyhow::Result<()> {
        let mut users: Vec<Option<UserId>> = Vec::new();
        for person in &self.people {
            users.push(self.user(&person.phone).await?);
        }
        for computer in &self.computers {
            let user = users[computer.owner].ok_or_else(|| anyhow::anyhow!("a person is gone"))?;
            let mut there = self.seen_by(user).await?;
            let Some(engine) = computer.engine() else { anyhow::bail!("nobody is signed in") };
            let mirror = engine.read()?.mirror;
            for kind in KINDS {
                for here in mirror.all(kind)? {
                    let key = (here.entity.kind().to_owned(), here.entity.id());
                    let other = there.remove(&key);
                    same(computer.name, &here, other.as_ref())?;
                }
            }
            ensure!(there.is_empty(), "computer {} does not show {:?}", computer.name, there.values().next());
        }
        Ok(())
    }
}

fn same(computer: usize, here: &Versioned, there: Option<&Versioned>) -> anyhow::Result<()> {
    let equal = there.is_some_and(|there| there.entity == here.entity && there.version == here.version);
    ensure!(equal, "computer {computer} shows {here:?}, the server has {there:?}");
    Ok(())
}

/// The kinds of entities in a mirror.
const KINDS: [&str; 14] = [
    "account",
    "bill",
    "message",
    "meter",
    "payment_part",
    "payment_terms",
    "profile",
    "read_mark",
    "reading",
    "reading_rules",
    "tariff",
    "ticket",
    "ticket_event",
    "ticket_type",
];

#[cfg(test)]
mod tests;
