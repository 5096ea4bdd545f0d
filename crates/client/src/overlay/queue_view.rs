//! The queue panel: every operation with where it is, why, and what may be done.

use super::entry::{Entry, Fate};
use super::meter_card::shown;
use super::picture::Picture;
use super::pill;
use crate::engine::SyncStatus;
use crate::view::{QueueAction, QueueItem, QueueView, QueueWhat};
use chrono::NaiveDate;
use domain::{MeterId, OperationId, WindowState};
use wire::operation::Body;
use wire::problem::Rejection;

/// The panel.
pub(crate) fn queue_view(picture: &Picture, status: &SyncStatus) -> QueueView {
    let here = |id: OperationId| picture.entries.iter().any(|entry| entry.id == id && entry.needs_attention());
    let group = |belongs: &dyn Fn(&Entry) -> bool| -> Vec<QueueItem> {
        picture.entries.iter().filter(|entry| belongs(entry)).map(|entry| item(picture, entry)).collect()
    };
    let mut accepted = group(&|entry| accepted_today(picture, entry));
    accepted.sort_by_key(|item| std::cmp::Reverse(item.captured_ms));
    QueueView {
        pill: pill::pill(status),
        pause: pill::pause(status),
        next_try_ms: status.next_try_ms,
        attention: group(&Entry::needs_attention),
        // What hangs under something that needs attention is shown there.
        waiting: group(&|entry| match entry.fate {
            Fate::Held { by } => !here(by),
            _ => entry.waits(),
        }),
        accepted,
    }
}

/// Whether the server's answer to it is of today.
fn accepted_today(picture: &Picture, entry: &Entry) -> bool {
    // Without the time of the answer it was heard of just now.
    let decided_ms = entry.decided_ms.unwrap_or(picture.now_ms);
    matches!(entry.fate, Fate::Acked { .. }) && picture.day_of(decided_ms) == picture.today()
}

/// Whether the panel has it, in whatever group.
pub(crate) fn in_panel(picture: &Picture, entry: &Entry) -> bool {
    entry.waits() || entry.needs_attention() || accepted_today(picture, entry)
}

/// One operation with those that hang under it.
pub(crate) fn item(picture: &Picture, entry: &Entry) -> QueueItem {
    let held = picture.entries.iter().filter(|other| matches!(other.fate, Fate::Held { by } if by == entry.id));
    let holds = if entry.needs_attention() { held.map(|other| item(picture, other)).collect() } else { Vec::new() };
    QueueItem {
        operation: entry.id.to_string(),
        what: what(picture, entry),
        captured_ms: entry.captured_ms,
        mark: entry.mark(),
        actions: actions(entry),
        holds,
        deadline: entry.waits().then(|| deadline(picture, entry)).flatten(),
    }
}

/// What the operation does.
pub(crate) fn what(picture: &Picture, entry: &Entry) -> QueueWhat {
    match entry.body() {
        Some(Body::SubmitReading(body)) => {
            let meter = picture.meter(body.meter);
            let account = meter.and_then(|meter| picture.account(meter.account));
            QueueWhat::Reading {
                meter: body.meter.to_string(),
                kind: meter.map(|meter| meter.kind),
                name: meter.map(|meter| picture.name_of(meter).0).unwrap_or_default(),
                short_address: account.map(|account| account.short_address.clone()).unwrap_or_default(),
                shown: meter.map_or_else(
                    || body.values.iter().map(|value| value.format(value.decimals_used(), ',')).collect(),
                    |meter| shown(meter, &body.values),
                ),
            }
        }
        Some(Body::RenameMeter(body)) => QueueWhat::Rename { meter: body.meter.to_string(), name: body.name.clone() },
        Some(Body::UpdateProfile(_)) => QueueWhat::Profile,
        Some(Body::CreateTicket(body)) => QueueWhat::Ticket {
            ticket: body.ticket.to_string(),
            text: domain::ticket::short_name("", body.description.as_str()),
        },
        Some(Body::SendMessage(body)) => QueueWhat::Message {
            conversation: body.conversation.id().to_string(),
            text: domain::ticket::short_name("", body.text.as_str()),
            files: u32::try_from(body.attachments.len()).unwrap_or(u32::MAX),
        },
        Some(Body::MarkRead(_) | Body::ReadAnnouncement(_)) => QueueWhat::ReadMark,
        Some(Body::AnswerPoll(body)) => QueueWhat::PollAnswer {
            announcement: body.announcement.to_string(),
            headline: picture.headlines.get(&body.announcement).cloned().unwrap_or_default(),
        },
        Some(Body::SetAnnouncement(body)) => QueueWhat::SetAnnouncement {
            announcement: body.announcement.to_string(),
            headline: body.headline.as_str().to_owned(),
        },
        Some(Body::CloseTicket(body)) => QueueWhat::CloseTicket { ticket: body.ticket.to_string() },
        Some(Body::ReopenTicket(body)) => QueueWhat::ReopenTicket { ticket: body.ticket.to_string() },
        Some(body) => crate::desk::queued::what(body),
        None => QueueWhat::Unreadable,
    }
}

/// The meter that an operation is about.
pub(crate) fn meter_of(entry: &Entry) -> Option<MeterId> {
    match entry.body()? {
        Body::SubmitReading(body) => Some(body.meter),
        Body::RenameMeter(body) => Some(body.meter),
        _ => None,
    }
}

/// What may be done, the curing action first. Saving to a file is always possible.
fn actions(entry: &Entry) -> Vec<QueueAction> {
    use QueueAction::{Discard, Fix, Retry, Save, Withdraw};
    match &entry.fate {
        Fate::Queued if !entry.ever_sent => vec![Fix, Withdraw, Save],
        Fate::Queued | Fate::InFlight | Fate::Held { .. } => vec![Withdraw, Save],
        Fate::Withdrawing | Fate::Acked { .. } => vec![Save],
        Fate::Rejected { rejection } => match rejection {
            // Nothing that is typed anew changes these.
            Rejection::NotYours
            | Rejection::ReadingExists { .. }
            | Rejection::TicketStands { .. }
            | Rejection::PollEnded => vec![Discard, Save],
            // A newer server may understand it.
            Rejection::BodyUnknown => vec![Retry, Discard, Save],
            // The same again would be asked or refused again.
            Rejection::ReadingQuestioned { .. }
            | Rejection::Reading { .. }
            | Rejection::FieldInvalid { .. }
            | Rejection::AnswersWrong { .. } => vec![Fix, Discard, Save],
            _ => vec![Fix, Retry, Discard, Save],
        },
        Fate::Attention(outbox::Attention::Unreadable) => vec![Save, Discard],
        Fate::Attention(outbox::Attention::IdTaken) => vec![Retry, Discard, Save],
        // The utility may take it another time; nothing brings back what cannot be read.
        Fate::Attention(outbox::Attention::File { why: outbox::Unsendable::Lost }) => vec![Fix, Discard, Save],
        Fate::Attention(outbox::Attention::File { .. }) => vec![Fix, Retry, Discard, Save],
    }
}

/// The last day of the window for which a reading was entered.
fn deadline(picture: &Picture, entry: &Entry) -> Option<NaiveDate> {
    let Some(Body::SubmitReading(body)) = entry.body() else {
        return None;
    };
    let rules = picture.rules_of(picture.meter(body.meter)?);
    match rules.window.state(picture.day_of(entry.captured_ms)) {
        WindowState::Open(dates) => Some(dates.closes),
        WindowState::Closed { .. } => None,
    }
}
