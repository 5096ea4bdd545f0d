//! Reads a [`Picture`] out of the engine: everything at one moment, or what one meter needs.

use super::entry::Entry;
use super::picture::Picture;
use crate::engine::{Engine, Reading};
use crate::store::{Mirror, StoreError};
use chrono_tz::Tz;
use domain::MeterId;
use std::collections::BTreeMap;
use wire::entity::Entity;

/// Everything.
pub(crate) fn everything(engine: &Engine, zone: Tz) -> Result<Picture, StoreError> {
    let (mut picture, mirror) = begin(engine, zone)?;
    for kind in ["profile", "account", "meter", "reading", "reading_rules", "tariff"] {
        take_all(&mut picture, &mirror, kind)?;
    }
    Ok(picture)
}

/// One meter with its account, readings, rules and prices: asked for at every key that is pressed.
pub(crate) fn one_meter(engine: &Engine, zone: Tz, meter: MeterId) -> Result<Picture, StoreError> {
    let (mut picture, mirror) = begin(engine, zone)?;
    let Some(found) = mirror.get("meter", meter.uuid())? else {
        return Ok(picture);
    };
    picture.take(found.version, found.entity);
    let account = picture.meter(meter).map(|meter| meter.account);
    if let Some(found) = account.map(|account| mirror.get("account", account.uuid())).transpose()?.flatten() {
        picture.take(found.version, found.entity);
    }
    for found in mirror.list("reading", meter.uuid())? {
        picture.take(found.version, found.entity);
    }
    for kind in ["reading_rules", "tariff"] {
        take_all(&mut picture, &mirror, kind)?;
    }
    Ok(picture)
}

/// The queue, and the meters, accounts and rules that its items name.
pub(crate) fn queue(engine: &Engine, zone: Tz) -> Result<Picture, StoreError> {
    let (mut picture, mirror) = begin(engine, zone)?;
    for kind in ["profile", "account", "meter", "reading_rules", "announcement"] {
        take_all(&mut picture, &mirror, kind)?;
    }
    Ok(picture)
}

/// Who pays for what, with the mirror in which their bills and payments are.
pub(crate) fn payers(engine: &Engine, zone: Tz) -> Result<(Picture, Mirror), StoreError> {
    let (mut picture, mirror) = begin(engine, zone)?;
    for kind in ["profile", "account"] {
        take_all(&mut picture, &mirror, kind)?;
    }
    Ok((picture, mirror))
}

fn begin(engine: &Engine, zone: Tz) -> Result<(Picture, Mirror), StoreError> {
    let Reading { queue, accepted, mirror } = engine.read()?;
    // The mirror shows what was accepted; it is here for «Принято сегодня» and never laid over anything.
    let entries = queue.into_iter().chain(accepted.into_iter().rev()).filter_map(Entry::of);
    // How far a conversation was read is nobody's entry.
    let entries = entries.filter(|entry| !entry.is_read_mark()).collect();
    let picture = Picture {
        now_ms: engine.now().ms,
        zone,
        seq: mirror.cursor().map(|cursor| cursor.seq),
        as_of_ms: engine.status().last_synced_ms,
        profile: None,
        accounts: Vec::new(),
        meters: Vec::new(),
        readings: BTreeMap::new(),
        rules: Vec::new(),
        tariffs: Vec::new(),
        headlines: BTreeMap::new(),
        entries,
    };
    Ok((picture, mirror))
}

fn take_all(picture: &mut Picture, mirror: &Mirror, kind: &str) -> Result<(), StoreError> {
    for found in mirror.all(kind)? {
        picture.take(found.version, found.entity);
    }
    Ok(())
}

impl Picture {
    /// Puts an entity of the mirror into its place.
    pub(crate) fn take(&mut self, version: i64, entity: Entity) {
        match entity {
            Entity::Profile(profile) => self.profile = Some((version, profile)),
            Entity::Account(account) => self.accounts.push(account),
            Entity::Meter(meter) => self.meters.push((version, meter)),
            Entity::Reading(reading) => self.readings.entry(reading.meter).or_default().push(reading),
            Entity::ReadingRules(rules) => self.rules.push(rules),
            Entity::Tariff(tariff) => self.tariffs.push(tariff),
            Entity::Announcement(one) => _ = self.headlines.insert(one.announcement, one.headline.into()),
            // Tickets, the desk and money have pictures of their own.
            Entity::Ticket(_)
            | Entity::TicketEvent(_)
            | Entity::Message(_)
            | Entity::ReadMark(_)
            | Entity::TicketType(_)
            | Entity::Outage(_)
            | Entity::DeskTicket(_)
            | Entity::Note(_)
            | Entity::Incident(_)
            | Entity::Staff(_)
            | Entity::Department(_)
            | Entity::CannedReply(_)
            | Entity::DeskAccount(_)
            | Entity::DeskHouse(_)
            | Entity::SupportTalk(_)
            | Entity::Question(_)
            | Entity::Bill(_)
            | Entity::PaymentPart(_)
            | Entity::PaymentTerms(_)
            | Entity::AnnouncementMark(_)
            | Entity::EditedAnnouncement(_) => {}
        }
    }
}
