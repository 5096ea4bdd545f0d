//! A ticket arrives and is registered: from the resident's program, or from somebody who called.

use super::table::{insert, next_number};
use super::telling::{Doer, note, publish};
use super::{StoredTicket, classifier, load};
use crate::access_log;
use crate::operations::{Deed, Refused, invalid};
use crate::sessions::Caller as Session;
use crate::storage::{Sql, StoreError, Ticket as Place, Tx};
use crate::{accounts, params, people};
use domain::ticket::{Status, short_name};
use domain::{AccountId, AccountNumber, HouseId, MessageText, Phone, Source, SubtypeId, TicketId, UserId};
use wire::desk::{Caller, DeskTicket, Place as Where, RegisterTicket, Role};
use wire::feed::Scope;
use wire::problem::Rejection;
use wire::ticket::{CreateTicket, Enclosure, Happened, Ticket};

/// The longest name of a caller, in characters.
const LONGEST_NAME: usize = 120;

/// Registers a resident's ticket under the next number of the year, or says why not.
pub fn create(tx: &mut Tx<'_>, deed: &Deed<'_>, body: &CreateTicket) -> Result<Place, Refused> {
    let resident = deed.actor.resident()?;
    if !accounts::owns(tx, resident, body.account)? {
        return Err(Rejection::NotYours.into());
    }
    let spot = Spot::of_account(tx, body.account)?.ok_or(Rejection::NotYours)?;
    let profile = people::profile(tx, resident)?.ok_or(Rejection::NotYours)?;
    let asked = Asked {
        ticket: body.ticket,
        subtype: body.subtype,
        description: &body.description,
        files: &body.attachments,
        spot,
        resident: Some(resident),
        applicant: Caller { name: profile.name, phone: profile.phone },
    };
    enter(tx, deed, asked)
}

/// Registers a ticket for somebody who called. A resident who signs in with that phone and lives there sees it.
pub fn register(tx: &mut Tx<'_>, deed: &Deed<'_>, session: &Session, body: &RegisterTicket) -> Result<Place, Refused> {
    let member = deed.actor.staff(Role::Dispatcher)?;
    if deed.operation.source != Source::Phone {
        return Err(invalid("source"));
    }
    let spot = match body.place {
        Where::Account(account) => Spot::of_account(tx, account)?,
        Where::House(house) => Spot::of_house(tx, house)?,
    };
    let spot = spot.ok_or_else(|| invalid("place"))?;
    let caller = checked(&body.caller)?;
    let resident = match Phone::parse(&caller.phone) {
        Ok(phone) => people::by_phone(tx, &phone)?.map(|user| (user, phone)),
        Err(_) => None,
    };
    let resident = match resident {
        Some((user, _)) if spot.is_home_of(tx, user)? => Some(user),
        _ => None,
    };
    let subject = format!("ticket:{}", body.ticket);
    let who = format!("staff:{}", member.login);
    access_log::note(tx, &who, access_log::Deed::TicketRegistered, &subject, &session.origin)?;
    let asked = Asked {
        ticket: body.ticket,
        subtype: body.subtype,
        description: &body.description,
        files: &body.attachments,
        spot,
        resident,
        applicant: caller,
    };
    enter(tx, deed, asked)
}

/// Where it is.
struct Spot {
    account: Option<(AccountId, AccountNumber)>,
    house: HouseId,
    address: String,
}

impl Spot {
    fn of_account(tx: &mut Tx<'_>, id: AccountId) -> Result<Option<Self>, StoreError> {
        let found = accounts::entity(tx, id)?;
        Ok(found.map(|of| Self { account: Some((id, of.number)), house: of.house, address: of.address }))
    }

    fn of_house(tx: &mut Tx<'_>, house: HouseId) -> Result<Option<Self>, StoreError> {
        let row = tx.first("SELECT address FROM houses WHERE id = $1", params![house])?;
        row.map(|row| Ok(Self { account: None, house, address: row.get(0)? })).transpose()
    }

    fn is_home_of(&self, tx: &mut Tx<'_>, user: UserId) -> Result<bool, StoreError> {
        match &self.account {
            Some((account, _)) => accounts::owns(tx, user, *account),
            None => Ok(accounts::attached(tx, user)?.iter().any(|(_, house)| *house == self.house)),
        }
    }
}

/// What either way of asking comes to.
struct Asked<'a> {
    ticket: TicketId,
    subtype: SubtypeId,
    description: &'a MessageText,
    files: &'a [Enclosure],
    spot: Spot,
    resident: Option<UserId>,
    applicant: Caller,
}

fn enter(tx: &mut Tx<'_>, deed: &Deed<'_>, asked: Asked<'_>) -> Result<Place, Refused> {
    let config = deed.effects.config;
    if load(tx, asked.ticket)?.is_some() {
        return Err(invalid("ticket"));
    }
    if asked.description.is_empty() {
        return Err(invalid("description"));
    }
    let types = classifier::types(tx, config)?;
    let trouble = classifier::find(&types, asked.subtype).ok_or_else(|| invalid("subtype"))?;
    let scopes: Vec<Scope> = asked.resident.map(Scope::User).into_iter().chain([Scope::Desk]).collect();
    let attachments = deed.effects.attach(tx, deed.operation.actor, &scopes, asked.files)?;
    let registered_ms = tx.now_ms();
    let year = chrono::Datelike::year(&config.day(registered_ms));
    let (account, account_number) = asked.spot.account.unzip();
    let ticket = Ticket {
        id: asked.ticket,
        number: next_number(tx, year)?,
        short_name: short_name(&trouble.subtype.name, asked.description.as_str()),
        type_name: trouble.kind.name.clone(),
        subtype_name: trouble.subtype.name.clone(),
        emergency: trouble.subtype.emergency,
        account,
        address: asked.spot.address,
        description: asked.description.clone(),
        attachments,
        source: deed.operation.source,
        registered_ms,
        captured_ms: deed.entered_ms(registered_ms),
        status: Status::New,
        reason: MessageText::default(),
        deferred_until: None,
        visit_by_ms: None,
        executor_name: String::new(),
        incident: None,
        deadlines: classifier::deadlines(config, trouble.subtype, registered_ms),
        rating: None,
        reopened: 0,
    };
    let desk = DeskTicket {
        ticket,
        subtype: asked.subtype,
        resident: asked.resident,
        applicant_name: asked.applicant.name,
        applicant_phone: asked.applicant.phone,
        account_number,
        house: asked.spot.house,
        department: Some(trouble.kind.department),
        executor: None,
    };
    let stored = StoredTicket { desk, done_ms: None };
    insert(tx, &stored)?;
    let doer = Doer::of(tx, deed)?;
    note(tx, config, &stored, &doer, Happened::Registered)?;
    Ok(publish(tx, stored, &doer))
}

/// What the dispatcher wrote down of somebody. A phone in a form we know is kept in ours; another one as it is.
fn checked(caller: &Caller) -> Result<Caller, Refused> {
    let line = |text: &str, field| {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let fits = text.chars().count() <= LONGEST_NAME && !text.chars().any(char::is_control);
        if fits { Ok(text) } else { Err(invalid(field)) }
    };
    let (name, phone) = (line(&caller.name, "caller.name")?, line(&caller.phone, "caller.phone")?);
    let phone = Phone::parse(&phone).map_or(phone, |known| known.as_str().to_owned());
    Ok(Caller { name, phone })
}
