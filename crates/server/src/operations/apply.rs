//! The effect of each kind of operation.

use super::{Actor, Deed, Effects, Refused, invalid};
use crate::access_log;
use crate::people::{self, Field};
use crate::readings::submit::submit;
use crate::sessions::Caller;
use crate::storage::{Ticket, Tx};
use crate::{accounts, announcements, conversations, incidents, meters, questions, tickets};
use domain::{Email, PersonName};
use wire::operation::{Body, Operation, RenameMeter, UpdateProfile};
use wire::problem::Rejection;

/// The longest name of a meter, in characters.
const LONGEST_NAME: usize = 60;

/// Does what the operation asks, or says why not. `actor` is who entered it.
pub(super) fn apply(
    tx: &mut Tx<'_>,
    effects: Effects<'_>,
    caller: &Caller,
    actor: &Actor,
    operation: &Operation,
) -> Result<Ticket, Refused> {
    // Nobody enters for somebody else until the cashier's workplace exists.
    if operation.on_behalf_of.is_some_and(|other| other != operation.actor) {
        return Err(Rejection::NotYours.into());
    }
    if operation.lane != operation.body.lane(operation.actor) {
        return Err(invalid("lane"));
    }
    actor.is_at(operation.source)?;
    let deed = Deed { operation, actor, effects };
    match &operation.body {
        Body::SubmitReading(body) => submit(tx, effects.config, residents(&deed)?, body),
        Body::RenameMeter(body) => rename(tx, residents(&deed)?, body),
        Body::UpdateProfile(body) => update_profile(tx, caller, residents(&deed)?, body),
        Body::CreateTicket(body) => tickets::create(tx, &deed, body),
        Body::CloseTicket(body) => tickets::close(tx, &deed, body),
        Body::ReopenTicket(body) => tickets::reopen(tx, &deed, body),
        Body::SendMessage(body) => conversations::send(tx, &deed, body),
        Body::MarkRead(body) => conversations::mark_read(tx, &deed, body),
        Body::RegisterTicket(body) => tickets::register(tx, &deed, caller, body),
        Body::MoveTicket(body) => tickets::go(tx, &deed, body),
        Body::AssignTicket(body) => tickets::assign(tx, &deed, body),
        Body::MeetDuty(body) => tickets::meet(tx, &deed, body),
        Body::FoldTicket(body) => tickets::fold(tx, &deed, body),
        Body::AddNote(body) => tickets::add_note(tx, &deed, body),
        Body::SetIncident(body) => incidents::set(tx, &deed, body),
        Body::AnswerQuestion(body) => questions::answer(tx, &deed, body),
        Body::SetAnnouncement(body) => announcements::set(tx, &deed, body),
        Body::ReadAnnouncement(body) => announcements::read(tx, &deed, body),
        Body::AnswerPoll(body) => announcements::answer(tx, &deed, body),
    }
}

/// An operation that only residents enter.
fn residents<'a>(deed: &Deed<'a>) -> Result<&'a Operation, Refused> {
    deed.actor.resident().map(|_| deed.operation)
}

fn rename(tx: &mut Tx<'_>, operation: &Operation, body: &RenameMeter) -> Result<Ticket, Refused> {
    let stored = meters::load(tx, body.meter)?.ok_or(Rejection::NotYours)?;
    if !accounts::owns(tx, operation.actor, stored.meter.account)? {
        return Err(Rejection::NotYours.into());
    }
    let name = body.name.trim();
    if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(invalid("name"));
    }
    meters::rename(tx, body.meter, (!name.is_empty()).then_some(name))?;
    let ticket = meters::publish(tx, body.meter, Some(operation.id))?;
    ticket.ok_or_else(|| Rejection::NotYours.into())
}

fn update_profile(
    tx: &mut Tx<'_>,
    caller: &Caller,
    operation: &Operation,
    body: &UpdateProfile,
) -> Result<Ticket, Refused> {
    let name = body.name.as_deref().map(PersonName::parse).transpose().map_err(|_| invalid("name"))?;
    let email = match body.email.as_deref().map(str::trim) {
        None => None,
        Some("") => Some(String::new()),
        Some(text) => Some(Email::parse(text).map_err(|_| invalid("email"))?.as_str().to_owned()),
    };
    let user = operation.actor;
    if let Some(name) = name {
        people::change(tx, user, Field::Name, name.as_str(), Some(operation.id))?;
        conversations::publish_talk(tx, user)?;
    }
    if let Some(email) = email {
        people::change(tx, user, Field::Email, &email, Some(operation.id))?;
    }
    let subject = format!("user:{user}");
    access_log::note(tx, &user.to_string(), access_log::Deed::ProfileChanged, &subject, &caller.origin)?;
    Ok(people::publish(tx, user, Some(operation.id))?)
}
