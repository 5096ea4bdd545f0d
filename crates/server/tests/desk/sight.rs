//! What a computer would show.

use crate::common::*;
use wire::desk::{DeskTicket, Incident, Note, Outage, Question, Staff, SupportTalk};
use wire::entity::Entity;
use wire::feed::{Scope, Snapshot};
use wire::ticket::{Happened, Message, ReadMark, Ticket, TicketEvent};

pub(crate) struct Sight(pub(crate) Snapshot);

macro_rules! of_kind {
    ($($(#[$doc:meta])* $name:ident: $kind:ident => $of:ty),* $(,)?) => {
        impl Sight {
            $(pub(crate) fn $name(&self) -> Vec<&$of> {
                self.all(|entity| if let Entity::$kind(found) = entity { Some::<&$of>(found) } else { None })
            })*
        }
    };
}

of_kind! {
    tickets: Ticket => Ticket,
    desk_tickets: DeskTicket => DeskTicket,
    incidents: Incident => Incident,
    notes: Note => Note,
    outages: Outage => Outage,
    questions: Question => Question,
    staff: Staff => Staff,
    talks: SupportTalk => SupportTalk,
    marks: ReadMark => ReadMark,
    all_events: TicketEvent => TicketEvent,
    all_messages: Message => Message,
}

impl Sight {
    pub(crate) async fn of(world: &World, person: &Person, scope: Scope) -> Self {
        Self(world.snapshot(person, scope).await)
    }

    pub(crate) async fn own(world: &World, person: &Person) -> Self {
        Self::of(world, person, Scope::User(person.user)).await
    }

    fn all<T>(&self, of: impl Fn(&Entity) -> Option<&T>) -> Vec<&T> {
        self.0.entities.iter().filter_map(|versioned| of(&versioned.entity)).collect()
    }

    pub(crate) fn messages(&self) -> Vec<&Message> {
        let mut all = self.all_messages();
        all.sort_by_key(|message| message.number);
        all
    }

    pub(crate) fn happened(&self) -> Vec<&Happened> {
        let mut all = self.all_events();
        all.sort_by_key(|event| event.id);
        all.into_iter().map(|event| &event.what).collect()
    }
}
