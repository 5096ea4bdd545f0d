use super::view;
use domain::MeterKind;
use wire::problem::Rejection;

view! {
    /// Where something entered is: the mark beside every item.
    #[serde(tag = "mark", rename_all = "snake_case")]
    pub enum Mark {
        /// «На этом компьютере».
        Here,
        /// «Отправляется».
        Sending,
        /// «Принято».
        Accepted {
            /// When.
            #[ts(type = "number | null")]
            at_ms: Option<i64>,
        },
        /// «Передадим 15 ноября»: the server holds it until then.
        Scheduled {
            /// The day.
            on: chrono::NaiveDate,
        },
        /// «Передано в расчёт».
        Exported,
        /// «Учтено в расчёте».
        Counted,
        /// «Ждёт: уйдёт после …».
        Held,
        /// «Отклонено: причина».
        Rejected {
            /// Why.
            rejection: Rejection,
        },
        /// «Отклонено расчётом: причина».
        Refused {
            /// The billing's words.
            why: String,
        },
        /// «Отозвано».
        Withdrawn,
        /// «Требует внимания».
        Attention,
        /// «Файл не принят: причина».
        FileRefused {
            /// Why.
            why: FileRefused,
        },
    }

    /// Why a file does not reach the utility.
    #[serde(rename_all = "snake_case")]
    pub enum FileRefused {
        /// It is larger than the utility takes.
        TooLarge,
        /// There is nothing in it.
        Empty,
        /// The utility takes no files of its kind.
        Kind,
        /// It is a picture of too many pixels.
        TooManyPixels,
        /// It cannot be read on this computer any more.
        Lost,
    }

    /// The sync pill: one state, by priority.
    #[serde(tag = "pill", rename_all = "snake_case")]
    pub enum PillView {
        /// «Требует внимания: 1».
        Attention {
            /// How many.
            count: u32,
        },
        /// «Проверьте часы компьютера».
        Clock {
            /// How far the clock is from the server's, ms; positive is fast.
            #[ts(type = "number")]
            error_ms: i64,
            /// How many wait.
            count: u32,
        },
        /// «Войдите, чтобы отправить: 3».
        SignIn {
            /// How many wait.
            count: u32,
        },
        /// «Обновите программу. Сохранено: 2».
        Upgrade {
            /// How many wait.
            count: u32,
        },
        /// «Нет связи. Сохранено на этом компьютере: 3».
        Offline {
            /// How many wait.
            count: u32,
        },
        /// «Отправляется 1 из 2».
        Sending {
            /// How many of this run are done.
            done: u32,
            /// How many there are.
            total: u32,
        },
        /// «Всё отправлено».
        Sent,
    }

    /// `queue`
    pub struct QueueView {
        /// The pill.
        pub pill: PillView,
        /// Why nothing goes out, if so.
        pub pause: Option<PauseView>,
        /// When the next try is, if one is planned.
        #[ts(type = "number | null")]
        pub next_try_ms: Option<i64>,
        /// «Требуют внимания».
        pub attention: Vec<QueueItem>,
        /// «Ждут отправки».
        pub waiting: Vec<QueueItem>,
        /// «Принято сегодня».
        pub accepted: Vec<QueueItem>,
    }

    /// Why the queue waits.
    #[serde(tag = "pause", rename_all = "snake_case")]
    pub enum PauseView {
        /// No connection.
        Offline {
            /// Since when.
            #[ts(type = "number")]
            since_ms: i64,
        },
        /// The network asks for a sign-in through a browser.
        Portal,
        /// The server is busy.
        Busy,
        /// The session is over.
        SignIn,
        /// The program is too old.
        Upgrade,
        /// The computer's clock is wrong; sending goes on, deadlines are not sure.
        Clock {
            /// How far, ms; positive is fast.
            #[ts(type = "number")]
            error_ms: i64,
        },
    }

    /// One operation.
    pub struct QueueItem {
        /// Its id.
        pub operation: String,
        /// What it is.
        pub what: QueueWhat,
        /// When it was entered.
        #[ts(type = "number")]
        pub captured_ms: i64,
        /// Where it is.
        pub mark: Mark,
        /// What may be done, the curing action first.
        pub actions: Vec<QueueAction>,
        /// Items that wait for this one.
        pub holds: Vec<QueueItem>,
        /// A reading of a closing window goes first; this is the day.
        pub deadline: Option<chrono::NaiveDate>,
    }

    /// What an operation does, in the window's words.
    #[serde(tag = "what", rename_all = "snake_case")]
    pub enum QueueWhat {
        /// A reading.
        Reading {
            /// The meter, for «Исправить».
            meter: String,
            /// Its kind.
            kind: Option<MeterKind>,
            /// Its name.
            name: String,
            /// «Винокурова, 10-25».
            short_address: String,
            /// Values as the face shows them.
            shown: Vec<String>,
        },
        /// A meter's new name.
        Rename {
            /// The meter.
            meter: String,
            /// The new name.
            name: String,
        },
        /// Profile.
        Profile,
        /// A new ticket.
        Ticket {
            /// The ticket.
            ticket: String,
            /// Its first words.
            text: String,
        },
        /// A message.
        Message {
            /// The ticket, or the person whose support it is.
            conversation: String,
            /// Its first words.
            text: String,
            /// How many files go with it.
            files: u32,
        },
        /// How far a conversation was read.
        ReadMark,
        /// A ticket is closed.
        CloseTicket {
            /// The ticket.
            ticket: String,
        },
        /// A ticket is opened again.
        ReopenTicket {
            /// The ticket.
            ticket: String,
        },
        /// A ticket for somebody who called.
        RegisterTicket {
            /// The ticket.
            ticket: String,
            /// Its first words.
            text: String,
        },
        /// The staff moves a ticket.
        MoveTicket {
            /// The ticket.
            ticket: String,
            /// Where to.
            to: domain::ticket::Status,
        },
        /// The staff gives a ticket to somebody, or takes it.
        AssignTicket {
            /// The ticket.
            ticket: String,
        },
        /// The person was told, or the damage is stopped.
        MeetDuty {
            /// The ticket.
            ticket: String,
            /// Which duty was met.
            duty: domain::ticket::deadline::Duty,
        },
        /// A ticket becomes one of an incident, or of none.
        FoldTicket {
            /// The ticket.
            ticket: String,
            /// Whether it is taken out.
            out: bool,
        },
        /// What only the staff reads.
        Note {
            /// The ticket.
            ticket: String,
            /// Its first words.
            text: String,
            /// How many files go with it.
            files: u32,
        },
        /// A mass outage begins, changes or ends.
        Incident {
            /// The incident.
            incident: String,
            /// What it is called.
            title: String,
        },
        /// Somebody called back.
        AnswerQuestion {
            /// The question.
            question: String,
        },
        /// A poll is answered.
        PollAnswer {
            /// The poll.
            announcement: String,
            /// Its heading; empty when it is not there any more.
            headline: String,
        },
        /// An editor writes, plans or withdraws an announcement.
        SetAnnouncement {
            /// The announcement.
            announcement: String,
            /// Its heading.
            headline: String,
        },
        /// A row that this program cannot read. It is not deleted.
        Unreadable,
    }

    /// What may be done with an operation.
    #[serde(rename_all = "snake_case")]
    pub enum QueueAction {
        /// «Исправить»: opens the entry with the old values; the new operation takes this one's place.
        Fix,
        /// «Повторить»: the same under a new id.
        Retry,
        /// «Отозвать».
        Withdraw,
        /// «Убрать»: a rejected operation that the person gives up.
        Discard,
        /// «Сохранить в файл».
        Save,
    }

    /// `queue_retry`, `queue_withdraw`, `queue_discard`
    pub struct OperationArgs {
        /// The operation.
        pub operation: String,
    }

    /// `queue_withdraw`
    #[serde(tag = "state", rename_all = "snake_case")]
    pub enum WithdrawView {
        /// Taken back: it never left this computer.
        Withdrawn,
        /// It may have left: the server is being asked.
        Asked,
    }

    /// `queue_save`
    pub struct QueueSaveArgs {
        /// One operation; all when absent.
        pub operation: Option<String>,
    }

    /// `queue_save`: where the file is.
    pub struct SavedView {
        /// The full path.
        pub path: String,
    }
}

impl From<outbox::Unsendable> for FileRefused {
    fn from(why: outbox::Unsendable) -> Self {
        match why {
            outbox::Unsendable::TooLarge => Self::TooLarge,
            outbox::Unsendable::Empty => Self::Empty,
            outbox::Unsendable::Kind => Self::Kind,
            outbox::Unsendable::TooManyPixels => Self::TooManyPixels,
            outbox::Unsendable::Lost => Self::Lost,
        }
    }
}
