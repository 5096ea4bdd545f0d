use super::{Mark, view};
use chrono::NaiveDate;
use domain::Source;
use domain::ticket::deadline::{Duty, Urgency};
use domain::ticket::{Party, Status, TicketNumber};
use wire::ticket::Happened;

view! {
    /// `tickets`
    pub struct TicketsArgs {
        /// «Показать закрытые».
        pub closed: bool,
        /// Only this account; all when absent.
        pub account: Option<String>,
        /// What is searched for: number, words of the name, the description and the messages; may be empty.
        pub text: String,
    }

    /// The list of the section «Заявки».
    pub struct TicketsView {
        /// Whether the mirror was filled at least once: before that an empty list says nothing.
        pub known: bool,
        /// Newest change first; what waits on this computer stands first of all.
        pub tickets: Vec<TicketRow>,
        /// How many closed ones «Показать закрытые» would add (or has added).
        pub closed: u32,
        /// Messages and statuses that were not seen yet, over all tickets: the counter of the section.
        pub unread: u32,
        /// Messages of the support that were not read yet: the counter of its button.
        pub support_unread: u32,
        /// What may be asked for, in the utility's order. Empty before the first synchronisation.
        pub types: Vec<TicketTypeView>,
        /// The accounts a ticket can be about. With one it is filled in.
        pub accounts: Vec<TicketAccount>,
        /// What may be attached.
        pub limits: AttachmentLimitsView,
    }

    /// A type with its subtypes.
    pub struct TicketTypeView {
        /// The type.
        pub id: String,
        /// «Аварийная служба».
        pub name: String,
        /// Its subtypes.
        pub subtypes: Vec<TicketSubtypeView>,
    }

    /// A subtype.
    pub struct TicketSubtypeView {
        /// The subtype.
        pub id: String,
        /// «Течь».
        pub name: String,
        /// Whether it is urgent: the form then shows the emergency telephone.
        pub emergency: bool,
    }

    /// An account to choose.
    pub struct TicketAccount {
        /// The account.
        pub id: String,
        /// Its number.
        pub number: String,
        /// «Винокурова, 10-25».
        pub short_address: String,
    }

    /// What may be attached to one ticket or message.
    pub struct AttachmentLimitsView {
        /// Files.
        pub files: u32,
        /// Bytes of one file.
        #[ts(type = "number")]
        pub bytes: u64,
    }

    /// A ticket in the list.
    pub struct TicketRow {
        /// The ticket.
        pub ticket: String,
        /// `None`: «Без номера», it did not reach the server yet.
        pub number: Option<TicketNumber>,
        /// «Краткое название».
        pub short_name: String,
        /// «Винокурова, 10-25».
        pub short_address: String,
        /// Whether it is urgent by its subtype.
        pub emergency: bool,
        /// Where the work stands, with what waits on this computer laid over it.
        pub status: Status,
        /// When something last happened in it.
        #[ts(type = "number")]
        pub at_ms: i64,
        /// Messages and statuses that were not seen yet.
        pub unread: u32,
        /// Where the newest of what was entered here is; `None` when all of it is accepted.
        pub mark: Option<Mark>,
        /// Whether the work is done and was not rated yet.
        pub rate: bool,
        /// The next deadline that was not met.
        pub deadline: Option<DeadlineView>,
        /// Whether something is written and not sent.
        pub draft: bool,
    }

    /// A legal deadline.
    pub struct DeadlineView {
        /// What has to be done.
        pub duty: Duty,
        /// Until when.
        #[ts(type = "number")]
        pub due_ms: i64,
        /// When it was done.
        #[ts(type = "number | null")]
        pub done_ms: Option<i64>,
        /// How close it is.
        pub urgency: Urgency,
    }

    /// `ticket`
    pub struct TicketArgs {
        /// The ticket.
        pub ticket: String,
    }

    /// The head of a ticket and its «Инфо».
    pub struct TicketView {
        /// As in the list.
        pub row: TicketRow,
        /// «Аварийная служба».
        pub type_name: String,
        /// «Течь».
        pub subtype_name: String,
        /// The number of the account.
        pub account_number: String,
        /// The full address.
        pub address: String,
        /// What has to be done.
        pub description: String,
        /// Files of the description.
        pub attachments: Vec<AttachmentView>,
        /// Through whom it came.
        pub source: Source,
        /// When it was entered.
        #[ts(type = "number")]
        pub captured_ms: i64,
        /// When it was registered.
        #[ts(type = "number | null")]
        pub registered_ms: Option<i64>,
        /// Why it was deferred or rejected; may be empty.
        pub reason: String,
        /// Until when it is deferred.
        pub deferred_until: Option<NaiveDate>,
        /// The legal deadlines, by time.
        pub deadlines: Vec<DeadlineView>,
        /// What happened, oldest first.
        pub history: Vec<TicketEventView>,
        /// One to five.
        pub rating: Option<u8>,
        /// Whether it can be closed.
        pub may_close: bool,
        /// Whether it can be opened again.
        pub may_reopen: bool,
        /// Whether messages can be written. Not to a final one: «Открыть заново и отправить».
        pub may_write: bool,
        /// The operation that registers it was rejected: what it is, for «Исправить» and «Убрать».
        pub rejected: Option<String>,
        /// The subtype, for «Исправить».
        pub subtype: String,
        /// The account, for «Исправить».
        pub account: String,
    }

    /// A line of the history.
    pub struct TicketEventView {
        /// When.
        #[ts(type = "number")]
        pub at_ms: i64,
        /// On whose side.
        pub by: Party,
        /// Who; empty for the server itself.
        pub who: String,
        /// What.
        pub what: Happened,
    }

    /// A file as the window shows it.
    pub struct AttachmentView {
        /// Its content: the name under which `attachment_open` and `attachment_save` know it.
        pub file: String,
        /// What it is called.
        pub name: String,
        /// `image/jpeg`.
        pub media: String,
        /// Bytes.
        #[ts(type = "number")]
        pub bytes: u64,
        /// Width and height of a picture.
        pub size: Option<(u32, u32)>,
        /// Where a small picture of it can be read (`attachment:` or the bridge's address, made by the platform from this
        /// name); `None` for what is no picture.
        pub thumbnail: Option<String>,
        /// Under which name the whole can be read now; `None` when it has to be fetched first.
        pub blob: Option<String>,
        /// How much of it has been sent, in per cent; `None` when nothing waits.
        pub sent: Option<u8>,
    }

    /// `conversation`
    pub struct ConversationArgs {
        /// Which.
        pub about: ConversationOf,
        /// The place of the first message wanted, from 0 (the oldest); the newest `count` when absent.
        pub from: Option<u32>,
        /// How many; at most 200.
        pub count: u32,
    }

    /// Which conversation.
    #[serde(tag = "about", rename_all = "snake_case")]
    pub enum ConversationOf {
        /// A ticket.
        Ticket {
            /// The ticket.
            ticket: String,
        },
        /// The support of the person who is signed in.
        Support,
        /// The support of somebody, as the staff sees it.
        Person {
            /// Who.
            user: String,
        },
        /// What the colleagues write to one another about a ticket: for `draft_save` only. Apart from the ticket's own
        /// draft, so that words for the staff never come back as words for the resident.
        Notes {
            /// The ticket.
            ticket: String,
        },
    }

    /// A part of a conversation.
    pub struct ConversationView {
        /// How many messages there are, those on their way included.
        pub total: u32,
        /// The place of the first of `lines`.
        pub from: u32,
        /// Messages and, between them, what happened, in order.
        pub lines: Vec<LineView>,
        /// The place of the first message that was not read when the conversation was opened.
        pub first_unread: Option<u32>,
        /// What was written and not sent.
        pub draft: DraftView,
    }

    /// A line of a conversation.
    #[serde(tag = "line", rename_all = "snake_case")]
    pub enum LineView {
        /// A message.
        Message(Box<MessageView>),
        /// What happened to the ticket.
        Event(TicketEventView),
        /// What only the staff reads. Like what happened it has no place: it stands before the message that follows it.
        Note(Box<NoteView>),
    }

    /// What only the staff reads.
    pub struct NoteView {
        /// The note.
        pub id: String,
        /// Who wrote it.
        pub author: String,
        /// The words; may be empty when there are files.
        pub text: String,
        /// Files.
        pub attachments: Vec<AttachmentView>,
        /// When it was written.
        #[ts(type = "number")]
        pub at_ms: i64,
        /// Whether the person wrote it.
        pub mine: bool,
        /// Where it is, while it waits here.
        pub mark: Option<Mark>,
        /// The operation that carries it, while it is in the queue.
        pub operation: Option<String>,
    }

    /// A message.
    pub struct MessageView {
        /// The message.
        pub id: String,
        /// Its place, from 0; those on their way stand last.
        pub place: u32,
        /// The server's number; `None` until it has one.
        #[ts(type = "number | null")]
        pub number: Option<i64>,
        /// Whether the person wrote it, on whatever device.
        pub mine: bool,
        /// Who wrote it; shown for the other side.
        pub author: String,
        /// The words; may be empty when there are files.
        pub text: String,
        /// Files.
        pub attachments: Vec<AttachmentView>,
        /// When it was written.
        #[ts(type = "number")]
        pub at_ms: i64,
        /// Where it is: `None` for the other side's.
        pub mark: Option<MessageMark>,
        /// The operation that carries it, while it is in the queue.
        pub operation: Option<String>,
    }

    /// Where a message of one's own is.
    #[serde(tag = "at", rename_all = "snake_case")]
    pub enum MessageMark {
        /// Like everything entered: here, sending, held, rejected.
        Entry {
            /// The mark.
            mark: Mark,
        },
        /// «Принято».
        Accepted,
        /// «Прочитано».
        Read,
    }

    /// `draft_save`: what is written and not sent. The files were added before.
    pub struct DraftArgs {
        /// Where.
        pub about: ConversationOf,
        /// All of it.
        pub draft: DraftView,
    }

    /// What is written and not sent.
    #[derive(Default)]
    pub struct DraftView {
        /// The words.
        pub text: String,
        /// Files that were added.
        pub files: Vec<DraftFile>,
    }

    /// A file that was added and not sent.
    pub struct DraftFile {
        /// What it is.
        pub attachment: AttachmentView,
    }

    /// `ticket_draft`, `ticket_draft_save`: the ticket that is being written.
    #[derive(Default)]
    pub struct TicketDraftView {
        /// The account; empty when none is chosen.
        pub account: String,
        /// The subtype; empty when none is chosen.
        pub subtype: String,
        /// The description and files.
        pub draft: DraftView,
        /// The rejected operation that it mends, if one.
        pub mends: Option<String>,
    }

    /// `file_add`: bytes that were dropped, pasted or photographed, in Base64. A file chosen from the disk has its path.
    #[serde(tag = "from", rename_all = "snake_case")]
    pub enum FileAddArgs {
        /// A file of this computer.
        Path {
            /// Where it is.
            path: String,
        },
        /// Bytes.
        Bytes {
            /// What it is called: «Снимок 20 октября.jpg».
            name: String,
            /// Base64.
            base64: String,
        },
    }

    /// `attachment_fetch`, `attachment_open`, `attachment_save`
    pub struct AttachmentArgs {
        /// The content ([`AttachmentView::file`]).
        pub file: String,
        /// What it is called.
        pub name: String,
    }

    /// `ticket_create`: what is in the draft of the new ticket. The answer names the ticket.
    pub struct TicketCreatedView {
        /// The ticket.
        pub ticket: String,
        /// The operation.
        pub operation: String,
    }

    /// `message_send`: the draft of the conversation.
    pub struct MessageSendArgs {
        /// Where.
        pub about: ConversationOf,
        /// All of the draft as it is on the screen.
        pub draft: DraftView,
        /// «Открыть заново и отправить».
        pub reopen: bool,
    }

    /// `conversation_read`: everything up to this number was shown in a window that is in front.
    pub struct ConversationReadArgs {
        /// Where.
        pub about: ConversationOf,
        /// [`MessageView::number`].
        #[ts(type = "number")]
        pub through: i64,
    }

    /// `support_ask`: a question of somebody who is not signed in.
    pub struct SupportAskArgs {
        /// Where to call back.
        pub phone: String,
        /// What is asked.
        pub text: String,
    }

    /// `conversation_front`: which conversation is shown in a window in front of the person. No toast is shown for it.
    pub struct ConversationFrontArgs {
        /// Which; none when the window went behind, or shows something else.
        pub about: Option<ConversationOf>,
    }

    /// `conversation_find`: where words stand in a conversation.
    pub struct ConversationFindArgs {
        /// Where.
        pub about: ConversationOf,
        /// The words.
        pub text: String,
    }

    /// `conversation_find`: what was found, oldest first.
    pub struct ConversationFoundView {
        /// Whether the words stand in the description of the ticket or the names of its files, before the first place.
        pub description: bool,
        /// The places of messages ([`MessageView::place`]).
        pub places: Vec<u32>,
    }

    /// `conversation_place`: where a message stands that a toast or a search names.
    pub struct ConversationPlaceArgs {
        /// Where.
        pub about: ConversationOf,
        /// [`MessageView::id`].
        pub message: String,
    }

    /// `conversation_place`
    pub struct ConversationPlaceView {
        /// The place ([`MessageView::place`]); `None` when the conversation has no such message, or not yet here.
        pub place: Option<u32>,
    }

    /// `ticket_close`
    pub struct TicketCloseArgs {
        /// The ticket.
        pub ticket: String,
        /// One to five.
        pub rating: Option<u8>,
        /// A word about it; may be empty.
        pub word: String,
    }

    /// `ticket_reopen`
    pub struct TicketReopenArgs {
        /// The ticket.
        pub ticket: String,
        /// Why; may be empty.
        pub why: String,
    }
}
