//! Ctrl K: accounts, meters and what waits, by any word of them.

use super::entry::Entry;
use super::picture::Picture;
use super::queue_view::{meter_of, what};
use crate::store::folded;
use crate::view::{HitView, QueueWhat, Target};

/// How many hits a list that is read at a glance has.
const MOST: usize = 20;

/// What fits all words of `query`, accounts first, then meters, then the queue. An empty query finds nothing.
pub(crate) fn find(picture: &Picture, query: &str) -> Vec<HitView> {
    let words: Vec<String> = folded(query).split_whitespace().map(str::to_owned).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let fits = |texts: &[&str]| {
        let text = folded(&texts.join(" "));
        words.iter().all(|word| text.contains(word))
    };
    let accounts = picture
        .accounts
        .iter()
        .filter(|account| fits(&[account.number.as_str(), &account.address, &account.short_address, &account.payer]));
    let accounts = accounts.map(|account| HitView {
        target: Target::Payment,
        title: account.short_address.clone(),
        detail: account.number.to_string(),
        mark: None,
    });
    let meters = picture.meters.iter().filter_map(|(_, meter)| {
        let (name, _) = picture.name_of(meter);
        let address = &picture.account(meter.account)?.short_address;
        fits(&[&name, &meter.serial, address]).then(|| HitView {
            target: Target::Meter { id: meter.id.to_string() },
            detail: format!("{}, {address}", meter.serial),
            title: name,
            mark: None,
        })
    });
    let waiting = picture.entries.iter().filter(|entry| entry.waits() || entry.needs_attention());
    let waiting = waiting.filter_map(|entry| {
        let (title, detail) = words_of(picture, entry);
        fits(&[&title, &detail]).then(|| HitView { target: Target::Queue, title, detail, mark: Some(entry.mark()) })
    });
    accounts.chain(meters).chain(waiting).take(MOST).collect()
}

fn words_of(picture: &Picture, entry: &Entry) -> (String, String) {
    match what(picture, entry) {
        QueueWhat::Reading { name, short_address, shown, .. } => {
            (name, format!("{}, {short_address}", shown.join(" / ")))
        }
        QueueWhat::Rename { name, .. } => {
            let meter = meter_of(entry).and_then(|meter| picture.meter(meter));
            (name, meter.map(|meter| meter.serial.clone()).unwrap_or_default())
        }
        QueueWhat::Profile => (super::profile::profile(picture).name, String::new()),
        QueueWhat::Ticket { text, .. }
        | QueueWhat::Message { text, .. }
        | QueueWhat::RegisterTicket { text, .. }
        | QueueWhat::Note { text, .. }
        | QueueWhat::Incident { title: text, .. }
        | QueueWhat::PollAnswer { headline: text, .. }
        | QueueWhat::SetAnnouncement { headline: text, .. } => (text, String::new()),
        // Nobody looks for these.
        QueueWhat::ReadMark
        | QueueWhat::CloseTicket { .. }
        | QueueWhat::ReopenTicket { .. }
        | QueueWhat::MoveTicket { .. }
        | QueueWhat::AssignTicket { .. }
        | QueueWhat::MeetDuty { .. }
        | QueueWhat::FoldTicket { .. }
        | QueueWhat::AnswerQuestion { .. } => (String::new(), String::new()),
        QueueWhat::Unreadable => (entry.id.to_string(), String::new()),
    }
}
