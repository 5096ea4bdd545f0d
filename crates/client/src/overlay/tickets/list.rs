//! The section «Заявки».

use super::board::Board;
use super::row;
use crate::store::folded;
use crate::view::{AttachmentLimitsView, TicketAccount, TicketRow, TicketSubtypeView, TicketTypeView, TicketsView};
use chrono::{DateTime, Datelike};
use domain::ticket::TicketNumber;
use domain::{AccountId, AttachmentLimits};
use std::collections::BTreeSet;
use uuid::Uuid;
use wire::ticket::Conversation;

/// What is wanted of the list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    /// «Показать закрытые».
    pub(crate) closed: bool,
    /// Only this account.
    pub(crate) account: Option<AccountId>,
    /// What is searched for, as it was typed.
    pub(crate) text: String,
    /// Conversations in whose messages the words were found.
    pub(crate) found: BTreeSet<Uuid>,
}

/// A ticket with what it is searched by.
struct Item {
    row: TicketRow,
    account: Option<AccountId>,
    id: Uuid,
    words: String,
}

/// The list.
pub(crate) fn list(board: &Board, wanted: &Wanted, limits: AttachmentLimits) -> TicketsView {
    let mut items = items(board);
    let unread = items.iter().fold(0_u32, |sum, item| sum.saturating_add(item.row.unread));
    items
        .retain(|item| wanted.account.is_none_or(|account| item.account == Some(account)) && fits(board, item, wanted));
    let closed = items.iter().filter(|item| item.row.status.is_final()).count();
    // What waits here, or was rejected, is never hidden.
    items.retain(|item| wanted.closed || !item.row.status.is_final() || item.row.mark.is_some());
    items.sort_by_key(|item| (item.row.mark.is_none(), std::cmp::Reverse(item.row.at_ms), item.id));
    TicketsView {
        known: board.seq.is_some(),
        tickets: items.into_iter().map(|item| item.row).collect(),
        closed: u32::try_from(closed).unwrap_or(u32::MAX),
        unread,
        support_unread: board.digest(Conversation::Support(board.user)).unread,
        types: board.types.iter().map(kind).collect(),
        accounts: accounts(board),
        limits: AttachmentLimitsView { files: u32::from(limits.files), bytes: limits.file_bytes },
    }
}

fn items(board: &Board) -> Vec<Item> {
    let mirrored = board.tickets.iter().map(|ticket| Item {
        row: row::mirrored(board, ticket),
        account: ticket.account,
        id: ticket.id.uuid(),
        words: folded(&format!(
            "{} {} {} {} {}",
            ticket.short_name,
            ticket.description.as_str(),
            ticket.type_name,
            ticket.subtype_name,
            ticket.address,
        )),
    });
    let created = board.created().map(|(entry, body)| {
        let row = row::created(board, entry, body);
        let words = folded(&format!("{} {} {}", row.short_name, body.description.as_str(), row.short_address));
        Item { row, account: Some(body.account), id: body.ticket.uuid(), words }
    });
    mirrored.chain(created).collect()
}

fn fits(board: &Board, item: &Item, wanted: &Wanted) -> bool {
    if wanted.text.trim().is_empty() || wanted.found.contains(&item.id) {
        return true;
    }
    let this_year = DateTime::from_timestamp_millis(board.now_ms).unwrap_or_default().with_timezone(&board.zone).year();
    let number = TicketNumber::parse(&wanted.text, this_year);
    if number.is_some() && item.row.number == number {
        return true;
    }
    crate::store::words_of(&wanted.text).iter().all(|word| item.words.contains(word))
}

/// A type with its subtypes.
pub(crate) fn kind(kind: &wire::ticket::TicketType) -> TicketTypeView {
    let subtype = |subtype: &wire::ticket::Subtype| TicketSubtypeView {
        id: subtype.id.to_string(),
        name: subtype.name.clone(),
        emergency: subtype.emergency,
    };
    TicketTypeView {
        id: kind.id.to_string(),
        name: kind.name.clone(),
        subtypes: kind.subtypes.iter().map(subtype).collect(),
    }
}

fn accounts(board: &Board) -> Vec<TicketAccount> {
    let account = |account: &wire::entity::Account| TicketAccount {
        id: account.id.to_string(),
        number: account.number.to_string(),
        short_address: account.short_address.clone(),
    };
    board.accounts.iter().map(account).collect()
}
