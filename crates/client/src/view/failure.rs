use super::view;
use domain::reading_check::{Question, Refusal};
use wire::problem::Rejection;

view! {
    /// Why a command did not do what was asked. The window finds the words, and puts them beside the field if one is named.
    #[serde(tag = "code", rename_all = "snake_case")]
    pub enum Failure {
        /// A field has to be corrected.
        Field {
            /// Which one.
            field: Field,
            /// What is wrong.
            problem: FieldProblem,
        },
        /// Needs the server, and there is no connection.
        Offline,
        /// The network wants a sign-in of its own (captive portal): an answer that is not the server's.
        Portal,
        /// The server is there but cannot answer now.
        ServerBusy,
        /// Sign in first.
        SignedOut,
        /// Phone and password do not match.
        WrongPassword {
            /// Tries left, when the server said it.
            tries_left: Option<u32>,
        },
        /// Too many tries.
        LockedOut {
            /// Seconds until the next one.
            retry_after_s: u32,
        },
        /// No connection, and this phone never signed in on this computer with this password.
        UnknownHere,
        /// The person's data on this computer are open in another window.
        InUse,
        /// A newer program has used the person's data on this computer. They were left as they are.
        NewerProgram,
        /// The program is too old for the server.
        UpgradeNeeded,
        /// The registration took too long; begin again.
        RegistrationGone,
        /// The consent's document has changed; show the new one.
        ConsentOutdated,
        /// A call was made a moment ago, or the day's calls are used up.
        CallTooSoon {
            /// Seconds until the next one.
            retry_after_s: u32,
        },
        /// The robot cannot call now.
        CallUnavailable,
        /// The account is attached already.
        AlreadyAttached,
        /// The confirmation took too long; begin again.
        AttachmentExpired,
        /// The reading cannot be taken.
        ReadingRefused {
            /// Why.
            refusal: Refusal,
        },
        /// The reading needs answers first.
        ReadingQuestioned {
            /// The questions not yet confirmed.
            questions: Vec<Question>,
        },
        /// Readings are not taken today.
        WindowClosed {
            /// Last day of the window that ended.
            closed_on: chrono::NaiveDate,
            /// First day of the next one.
            next_opens: chrono::NaiveDate,
            /// Whether an entry may be made now and held until then.
            early_allowed: bool,
        },
        /// The server decided against it.
        Rejected {
            /// Why.
            rejection: Rejection,
        },
        /// One of the accounts is being paid for already. Nothing was begun.
        PaymentLocked {
            /// Who pays: «Смирнова В. П.».
            who: String,
            /// Whether it is this person, perhaps on another computer.
            own: bool,
            /// That payment: the person's own one can be opened or cancelled.
            payment: String,
            /// Until when at the longest.
            #[ts(type = "number")]
            until_ms: i64,
        },
        /// The answers do not answer the questions of a poll.
        AnswersWrong {
            /// What is wrong with them.
            problem: domain::announcement::AnswersProblem,
        },
        /// The commission or what may be paid is not as it was shown. Nothing was begun.
        PaymentTermsChanged,
        /// The bank does not answer now. Nothing was taken and nothing is held.
        BankUnavailable,
        /// The thing is not there any more.
        Gone,
        /// No room on the disk: nothing was saved.
        DiskFull,
        /// A defect. It is in the log under this number.
        Defect {
            /// The number.
            report: String,
        },
    }

    /// Fields that can be wrong.
    #[serde(rename_all = "snake_case")]
    pub enum Field {
        /// Phone.
        Phone,
        /// Password.
        Password,
        /// The password again.
        PasswordRepeat,
        /// ФИО.
        Name,
        /// The consent's box.
        Consent,
        /// The robot's code.
        Code,
        /// Account number.
        AccountNumber,
        /// Sum of the bill.
        Sum,
        /// Month of the bill.
        Period,
        /// The bill's QR code.
        Qr,
        /// E-mail.
        Email,
        /// The resident's own name for a meter.
        MeterName,
        /// The account of a new ticket.
        TicketAccount,
        /// The subtype of a new ticket.
        TicketSubtype,
        /// What is written: the description of a ticket, a message, a word about the work.
        Text,
        /// A file that is attached.
        File,
        /// Why the staff rejects or defers a ticket.
        Reason,
        /// Until when a ticket is deferred.
        Until,
        /// Where a ticket taken by telephone is.
        Place,
        /// What an incident is called.
        Title,
        /// The houses of an incident.
        Houses,
        /// The heading of an announcement.
        Headline,
        /// For whom an announcement is.
        Audience,
        /// The questions of a poll.
        Questions,
        /// The end of a poll, or of the time for which an announcement is shown.
        Ends,
        /// The page of a partner.
        Link,
        /// Where the receipt of a payment goes.
        Receipt,
    }

    /// What is wrong with a field.
    #[serde(tag = "problem", rename_all = "snake_case")]
    pub enum FieldProblem {
        /// Nothing was entered.
        Empty,
        /// Not of the right form.
        Malformed,
        /// Too short.
        TooShort {
            /// The least number of characters.
            min: u32,
        },
        /// Too long.
        TooLong {
            /// The greatest number of characters.
            max: u32,
        },
        /// Not a Russian mobile number.
        NotMobile,
        /// A password needs letters and digits.
        NeedsLettersAndDigits,
        /// A password with too few different characters.
        TooSimple,
        /// The two passwords differ.
        Differs,
        /// The box must be ticked.
        NotGiven,
        /// The code is wrong.
        WrongCode {
            /// Tries left.
            tries_left: u32,
        },
        /// The code is over.
        CodeExpired,
        /// The robot cannot reach this number.
        Unreachable,
        /// No such account.
        AccountUnknown,
        /// Does not fit the account's last bill.
        ProofWrong {
            /// Tries left.
            tries_left: u32,
        },
        /// A file that is larger than the utility takes.
        FileTooLarge {
            /// The greatest number of bytes.
            #[ts(type = "number")]
            max_bytes: u64,
        },
        /// A file of a kind that the utility does not take: a program, what is not what its name says.
        FileForbidden,
        /// More files than one ticket or message may have.
        TooManyFiles {
            /// The greatest number.
            max: u32,
        },
    }
}
