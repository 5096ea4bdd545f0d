//! What is written and not sent: of each conversation, and of the new ticket. Kept in the encrypted file of the queue, so
//! that sending forgets a draft in the very commit that queues what was in it.

use crate::engine::Engine;
use crate::locked::locked;
use crate::report::Fault;
use crate::store::StoreError;
use crate::view::{DraftView, PollAnswer, TicketDraftView};
use domain::{AnnouncementId, FileId, TicketId};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};
use wire::ticket::Conversation;

/// What the names of drafts begin with in the encrypted file.
const DRAFT: &str = "draft:";
/// What the names of drafts of notes begin with.
const NOTE: &str = "draft:note:";
/// What the names of chosen answers begin with.
const POLL: &str = "draft:poll:";
/// The name of the new ticket's draft.
pub(crate) const NEW_TICKET: &str = "draft:new";

/// The drafts of one person.
pub(crate) struct Drafts {
    kept: Mutex<Kept>,
    /// Held while a draft is written or sent, so that memory and disk see one order.
    pub(crate) turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Kept {
    conversations: BTreeMap<Conversation, DraftView>,
    /// What is written to the colleagues, which must never come back as what is written to the resident.
    notes: BTreeMap<TicketId, DraftView>,
    /// Answers to polls.
    polls: BTreeMap<AnnouncementId, Vec<PollAnswer>>,
    ticket: TicketDraftView,
}

impl Drafts {
    /// Reads what was kept. A draft that cannot be read is left where it is.
    pub(crate) async fn open(engine: &Engine) -> Result<Self, StoreError> {
        let mut kept = Kept::default();
        for (name, bytes) in engine.secrets(DRAFT).await? {
            if name == NEW_TICKET {
                kept.ticket = serde_json::from_slice(&bytes).unwrap_or_default();
            } else if name.starts_with(NOTE) {
                if let Ok((ticket, draft)) = serde_json::from_slice(&bytes) {
                    kept.notes.insert(ticket, draft);
                }
            } else if name.starts_with(POLL) {
                if let Ok((poll, answers)) = serde_json::from_slice(&bytes) {
                    kept.polls.insert(poll, answers);
                }
            } else if let Ok((conversation, draft)) = serde_json::from_slice(&bytes) {
                kept.conversations.insert(conversation, draft);
            }
        }
        Ok(Self { kept: Mutex::new(kept), turn: tokio::sync::Mutex::default() })
    }

    /// The draft of a conversation.
    pub(crate) fn of(&self, conversation: Conversation) -> DraftView {
        self.kept().conversations.get(&conversation).cloned().unwrap_or_default()
    }

    /// The draft of the new ticket.
    pub(crate) fn ticket(&self) -> TicketDraftView {
        self.kept().ticket.clone()
    }

    /// Where something is written.
    pub(crate) fn written(&self) -> BTreeSet<Conversation> {
        self.kept().conversations.keys().copied().collect()
    }

    /// The files that drafts name.
    pub(crate) fn files(&self) -> BTreeSet<FileId> {
        let kept = self.kept();
        let drafts = kept.conversations.values().chain(kept.notes.values()).chain([&kept.ticket.draft]);
        drafts.flat_map(|draft| &draft.files).filter_map(|file| file.attachment.file.parse().ok()).collect()
    }

    /// Keeps the draft of a conversation. Says whether one began or ended by this.
    pub(crate) async fn keep(
        &self,
        engine: &Engine,
        conversation: Conversation,
        draft: DraftView,
    ) -> Result<bool, Fault> {
        let _turn = self.turn.lock().await;
        let empty = is_empty(&draft);
        let bytes = if empty { None } else { Some(bytes(&(conversation, &draft))?) };
        engine.set_secret(&name_of(conversation), bytes.as_deref()).await?;
        let mut kept = self.kept();
        let before = kept.conversations.remove(&conversation).is_some();
        if !empty {
            kept.conversations.insert(conversation, draft);
        }
        Ok(before == empty)
    }

    /// The draft of a note to a ticket.
    pub(crate) fn of_note(&self, ticket: TicketId) -> DraftView {
        self.kept().notes.get(&ticket).cloned().unwrap_or_default()
    }

    /// Keeps the draft of a note to a ticket.
    pub(crate) async fn keep_note(&self, engine: &Engine, ticket: TicketId, draft: DraftView) -> Result<(), Fault> {
        let _turn = self.turn.lock().await;
        let empty = is_empty(&draft);
        let bytes = if empty { None } else { Some(bytes(&(ticket, &draft))?) };
        engine.set_secret(&name_of_note(ticket), bytes.as_deref()).await?;
        let mut kept = self.kept();
        kept.notes.remove(&ticket);
        if !empty {
            kept.notes.insert(ticket, draft);
        }
        Ok(())
    }

    /// The draft of a note was sent, and is forgotten on the disk already.
    pub(crate) fn note_sent(&self, ticket: TicketId) {
        self.kept().notes.remove(&ticket);
    }

    /// What was chosen in a poll and not sent.
    pub(crate) fn of_poll(&self, poll: AnnouncementId) -> Option<Vec<PollAnswer>> {
        self.kept().polls.get(&poll).cloned()
    }

    /// Keeps what was chosen in a poll. Nothing chosen is kept too: it may take back what was answered.
    pub(crate) async fn keep_poll(
        &self,
        engine: &Engine,
        poll: AnnouncementId,
        answers: Vec<PollAnswer>,
    ) -> Result<(), Fault> {
        let _turn = self.turn.lock().await;
        engine.set_secret(&name_of_poll(poll), Some(&bytes(&(poll, &answers))?)).await?;
        self.kept().polls.insert(poll, answers);
        Ok(())
    }

    /// What was chosen in a poll was sent, and is forgotten on the disk already.
    pub(crate) fn poll_sent(&self, poll: AnnouncementId) {
        self.kept().polls.remove(&poll);
    }

    /// Keeps the draft of the new ticket.
    pub(crate) async fn keep_ticket(&self, engine: &Engine, draft: TicketDraftView) -> Result<(), Fault> {
        let _turn = self.turn.lock().await;
        let bytes = if draft == TicketDraftView::default() { None } else { Some(bytes(&draft)?) };
        engine.set_secret(NEW_TICKET, bytes.as_deref()).await?;
        self.kept().ticket = draft;
        Ok(())
    }

    /// The draft of a conversation was sent, and is forgotten on the disk already.
    pub(crate) fn sent(&self, conversation: Conversation) {
        self.kept().conversations.remove(&conversation);
    }

    /// The draft of the new ticket was sent, and is forgotten on the disk already.
    pub(crate) fn ticket_sent(&self) {
        self.kept().ticket = TicketDraftView::default();
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        locked(&self.kept)
    }
}

/// The name of a note's draft in the encrypted file.
pub(crate) fn name_of_note(ticket: TicketId) -> String {
    format!("{NOTE}{ticket}")
}

/// The name under which the answers to a poll are kept in the encrypted file.
pub(crate) fn name_of_poll(poll: AnnouncementId) -> String {
    format!("{POLL}{poll}")
}

/// The name of a conversation's draft in the encrypted file.
pub(crate) fn name_of(conversation: Conversation) -> String {
    match conversation {
        Conversation::Ticket(ticket) => format!("{DRAFT}ticket:{ticket}"),
        Conversation::Support(user) => format!("{DRAFT}support:{user}"),
    }
}

fn is_empty(draft: &DraftView) -> bool {
    draft.text.trim().is_empty() && draft.files.is_empty()
}

fn bytes(draft: &impl Serialize) -> Result<Vec<u8>, Fault> {
    serde_json::to_vec(draft).map_err(|error| Fault::Defect(error.to_string()))
}
