//! Tickets and messages that Ctrl K finds.

use super::board::Board;
use super::list::{self, Wanted};
use crate::store::{Mirror, StoreError};
use crate::view::{HitView, Target, TicketRow};
use domain::AttachmentLimits;
use domain::ticket::TicketNumber;
use std::collections::BTreeMap;
use uuid::Uuid;
use wire::entity::Entity;
use wire::ticket::Conversation;

/// Tickets by number, name, words of the description; then messages, the newest of each conversation.
pub(crate) fn hits(board: &Board, mirror: &Mirror, words: &[String], query: &str) -> Result<Vec<HitView>, StoreError> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let all = Wanted { closed: true, ..Wanted::default() };
    let rows = list::list(board, &all, AttachmentLimits::default()).tickets;
    let wanted = Wanted { closed: true, text: query.to_owned(), ..Wanted::default() };
    let found = list::list(board, &wanted, AttachmentLimits::default()).tickets;
    let mut hits: Vec<_> = found.iter().map(|row| hit(row, None, detail(row))).collect();
    let newest: BTreeMap<Uuid, i64> = mirror.with_words("message", None, words)?.into_iter().collect();
    for (conversation, number) in newest {
        let found = mirror.placed("message", conversation, number..=number, 1)?;
        let Some(Entity::Message(message)) = found.into_iter().next().map(|found| found.entity) else { continue };
        let (id, text) = (Some(message.id.to_string()), message.text.as_str());
        match message.conversation {
            Conversation::Ticket(ticket) => {
                let row = rows.iter().find(|row| row.ticket == ticket.to_string());
                hits.extend(row.map(|row| hit(row, id, domain::ticket::short_name("", text))));
            }
            Conversation::Support(user) if user == board.user => hits.push(HitView {
                target: Target::Support { message: id },
                title: domain::ticket::short_name("", text),
                detail: message.author,
                mark: None,
            }),
            Conversation::Support(_) => {}
        }
    }
    Ok(hits)
}

fn hit(row: &TicketRow, message: Option<String>, detail: String) -> HitView {
    let target = Target::Ticket { id: row.ticket.clone(), message };
    HitView { target, title: row.short_name.clone(), detail, mark: row.mark.clone() }
}

fn detail(row: &TicketRow) -> String {
    let number = row.number.map(|TicketNumber { number, year }| format!("№ {number}/{year}"));
    number.into_iter().chain([row.short_address.clone()]).collect::<Vec<_>>().join(", ")
}
