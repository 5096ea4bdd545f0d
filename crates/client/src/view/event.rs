use super::view;

view! {
    /// What the core tells the window by itself.
    #[serde(tag = "event", rename_all = "snake_case")]
    pub enum Event {
        /// Something shown may be out of date: ask again for what is on the screen.
        Changed {
            /// What it was.
            topics: Vec<Topic>,
        },
        /// A toast was clicked: show this.
        Open {
            /// What to show.
            target: Target,
        },
        /// Another start of the program, or the tray, wants the window on top.
        Raise,
    }

    /// Groups of views.
    #[serde(rename_all = "snake_case")]
    pub enum Topic {
        /// Signed in or out.
        Session,
        /// The queue and the pill.
        Queue,
        /// Accounts.
        Accounts,
        /// Meters and readings.
        Readings,
        /// The profile.
        Profile,
        /// Tickets, their conversations, the support's conversation.
        Tickets,
        /// News, polls, offers.
        Events,
        /// Bills, payments, how one pays.
        Money,
        /// The utility.
        Utility,
        /// Settings of this computer.
        Settings,
    }

    /// Something that can be shown.
    #[serde(tag = "target", rename_all = "snake_case")]
    pub enum Target {
        /// A meter in «Показания».
        Meter {
            /// Its id.
            id: String,
        },
        /// «Показания».
        Readings,
        /// The queue.
        Queue,
        /// «Оплата».
        Payment,
        /// A bill in «Квитанции».
        Bill {
            /// Its id.
            id: String,
        },
        /// «Профиль».
        Profile,
        /// A ticket in «Заявки».
        Ticket {
            /// Its id.
            id: String,
            /// The message in it, when one is meant.
            message: Option<String>,
        },
        /// A news item, a poll or an offer in «События».
        Announcement {
            /// Its id.
            id: String,
        },
        /// The conversation with the support.
        Support {
            /// The message in it, when one is meant.
            message: Option<String>,
        },
        /// The support's conversation with somebody, as the staff sees it.
        Person {
            /// Who.
            user: String,
            /// The message in it, when one is meant.
            message: Option<String>,
        },
    }

    /// A toast, before it has words: `src-tauri` gives it the language and shows it.
    #[serde(tag = "toast", rename_all = "snake_case")]
    pub enum Toast {
        /// Readings were accepted.
        ReadingsAccepted {
            /// Which: name of the meter and value as its face shows it.
            readings: Vec<ToastReading>,
        },
        /// A reading was rejected.
        ReadingRejected {
            /// Which.
            reading: ToastReading,
            /// Why.
            rejection: wire::problem::Rejection,
        },
        /// Messages came.
        Messages {
            /// Where.
            conversations: Vec<ToastConversation>,
        },
        /// The utility moved tickets.
        TicketsMoved {
            /// Which.
            tickets: Vec<ToastTicket>,
        },
        /// Tickets came to the desk.
        NewTickets {
            /// Which.
            tickets: Vec<ToastTicket>,
            /// Whether they are urgent.
            emergency: bool,
        },
        /// Tickets were given to the person, who works for the utility.
        TicketsAssigned {
            /// Which.
            tickets: Vec<ToastTicket>,
        },
        /// The bank or the utility decided about the person's own payments.
        PaymentsMoved {
            /// Which.
            payments: Vec<ToastPayment>,
        },
        /// The utility told something urgent.
        Announced {
            /// What, the newest first.
            announcements: Vec<ToastAnnouncement>,
        },
        /// The window for readings closes soon and some meters have none.
        WindowCloses {
            /// The last day.
            closes: chrono::NaiveDate,
            /// Meters without a reading.
            missing: u32,
        },
    }

    /// A conversation in a toast.
    pub struct ToastConversation {
        /// The ticket; the support's conversation when absent.
        pub ticket: Option<String>,
        /// At the desk, with whom the support's conversation is.
        pub person: Option<String>,
        /// Its number.
        pub number: Option<domain::ticket::TicketNumber>,
        /// Its short name.
        pub short_name: String,
        /// Who wrote the last message.
        pub author: String,
        /// The first words of the last message; may be empty when there are files.
        pub text: String,
        /// How many files came with it.
        pub files: u32,
        /// The first message that is told of, for the click.
        pub message: String,
        /// How many messages.
        pub count: u32,
    }

    /// An announcement in a toast.
    pub struct ToastAnnouncement {
        /// The announcement.
        pub announcement: String,
        /// The heading.
        pub headline: String,
        /// The first words.
        pub text: String,
    }

    /// A ticket in a toast.
    pub struct ToastTicket {
        /// The ticket.
        pub ticket: String,
        /// Its number.
        pub number: domain::ticket::TicketNumber,
        /// Its short name.
        pub short_name: String,
        /// Where it stands now.
        pub status: domain::ticket::Status,
    }

    /// A payment in a toast.
    pub struct ToastPayment {
        /// The payment.
        pub payment: String,
        /// Where it stands: credited, declined or refunded.
        pub status: domain::payment::PaymentStatus,
        /// What goes to the accounts; of a refund, what went back.
        pub sum: domain::Kopecks,
        /// «Винокурова, 10-25»: of its accounts.
        pub addresses: Vec<String>,
        /// The bank's reason of a refusal; may be empty.
        pub why: String,
    }

    /// A reading in a toast.
    pub struct ToastReading {
        /// The operation, for «never twice».
        pub operation: String,
        /// The meter, for the click.
        pub meter: String,
        /// The meter's name.
        pub name: String,
        /// Values as the face shows them, with the unit's code apart.
        pub values: Vec<String>,
        /// The unit.
        pub unit: domain::Unit,
        /// The server holds it until this day.
        pub scheduled: Option<chrono::NaiveDate>,
    }
}
