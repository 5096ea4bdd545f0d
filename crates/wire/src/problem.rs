//! The one list of codes that are final, and why an operation was rejected.

use chrono::NaiveDate;
use domain::announcement::AnswersProblem;
use domain::payment::PaymentProblem;
use domain::reading_check;
use domain::ticket::Status;
use domain::{PaymentId, Period, ReadingId};
use serde::{Deserialize, Serialize};

/// The body of a final error answer, `application/problem+json`. Anything else is transient for the desktop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `urn:zhkh:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP status.
    pub status: u16,
    /// The code, with its parameters.
    #[serde(flatten)]
    pub code: Code,
}

/// Codes of problems. The window switches on them; a variant exists only if somebody uses it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Code {
    /// 401: no session, or the access token is over. Refresh, then sign in.
    SignInNeeded,
    /// 401: phone and password do not match. The same answer for known and unknown phones.
    WrongPassword {
        /// Tries left before a lock-out.
        tries_left: u32,
    },
    /// 429: too many tries. Nothing was looked at.
    LockedOut {
        /// Seconds until the next try.
        retry_after_s: u64,
    },
    /// 426: the server no longer speaks this protocol.
    UpgradeNeeded,
    /// 409: another operation stands under this device sequence: the outbox was restored from a copy.
    IncarnationConflict,
    /// 409: the cursor's last row is not in this database: a new epoch.
    EpochChanged,
    /// 410: the cursor is below the horizon, or the scope needs a snapshot.
    SnapshotNeeded,
    /// 413: the body is larger than the server takes.
    TooLarge,
    /// 422: the request cannot be read. Names the field when one is at fault.
    Unreadable {
        /// The JSON field.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        field: Option<String>,
    },
    /// 403: the thing is somebody else's or does not exist; the two are not told apart.
    NotYours,
    /// 422: the consent names another document than the one in force.
    ConsentOutdated,
    /// 404: the registration is over or never was.
    RegistrationGone,
    /// 429: a call was made less than a minute ago, or the day's calls are used up.
    CallTooSoon {
        /// Seconds until the next call.
        retry_after_s: u64,
    },
    /// 503: the robot cannot call now (no money, provider down). Another way is the support.
    CallUnavailable,
    /// 422: the robot cannot reach this number.
    NumberUnavailable,
    /// 422: the code is wrong.
    WrongCode {
        /// Tries left.
        tries_left: u32,
    },
    /// 422: the code is over; ask for another call.
    CodeExpired,
    /// 422: the password is too weak; the window knows the rule.
    WeakPassword,
    /// 404: no account with this number, as far as a stranger is told.
    AccountUnknown,
    /// 422: the proof does not fit the account.
    ProofWrong {
        /// Tries left before a lock-out.
        tries_left: u32,
    },
    /// 409: the account is already attached to this person.
    AlreadyAttached,
    /// 410: the confirmation took too long; start again.
    AttachmentExpired,
    /// 404: no such file or upload, as far as this person is told.
    FileUnknown,
    /// 422: the content is not taken, and never will be.
    FileRefused {
        /// What is wrong with it.
        why: FileRefusal,
    },
    /// 404: no small picture can be made of this file.
    NoThumbnail,
    /// 507: there is no room for more files now, on the server or for this person.
    StorageFull,
    /// 409: an account of this payment is being paid for already.
    PaymentLocked {
        /// Who pays, shortened: «Смирнова В. П.».
        who: String,
        /// Whether it is this person.
        own: bool,
        /// That payment; only this person's own one can be opened or cancelled.
        payment: PaymentId,
        /// Since when, milliseconds since 1970 UTC.
        since_ms: i64,
        /// Until when at the longest, milliseconds since 1970 UTC.
        until_ms: i64,
    },
    /// 409: the commission is another one than the person saw. Nothing was begun.
    PaymentTermsChanged,
    /// 422: the sums cannot be paid.
    PaymentRefused {
        /// What is wrong with them.
        problem: PaymentProblem,
    },
    /// 404: no such payment, as far as this person is told.
    PaymentUnknown,
    /// 503: the bank does not answer now. Nothing was taken and nothing is held.
    BankUnavailable,
}

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FileRefusal {
    /// There is nothing in it.
    Empty,
    /// By its content it is of a kind that the utility does not take, whatever its name says.
    Kind,
    /// It is a picture of more pixels than a computer should hold in its memory.
    TooManyPixels,
}

/// Why an operation was rejected. Final.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Rejection {
    /// The reading is not plausible or the meter takes none.
    Reading {
        /// The domain's refusal.
        refusal: reading_check::Refusal,
    },
    /// The reading needs the person's confirmation, because the server knows a newer last value.
    ReadingQuestioned {
        /// What to ask.
        question: reading_check::Question,
    },
    /// Readings are not taken.
    WindowClosed {
        /// The last day of the window that ended.
        closed_on: NaiveDate,
        /// The first day of the next one.
        next_opens: NaiveDate,
        /// Whether it was read in time but came too late.
        too_late: bool,
    },
    /// The period was exported to billing.
    PeriodLocked {
        /// The period.
        period: Period,
        /// The period it can go to.
        next: Period,
    },
    /// A reading with this id exists already.
    ReadingExists {
        /// The reading.
        reading: ReadingId,
    },
    /// The ticket stands where this cannot be done any more: somebody was faster.
    TicketStands {
        /// Where it stands.
        status: Status,
    },
    /// The meter, account, ticket or person is not the actor's.
    NotYours,
    /// The poll was over when it was answered, or the answer came too late to be counted.
    PollEnded,
    /// The answers do not answer the poll's questions: the poll was changed since, or is another one.
    AnswersWrong {
        /// What is wrong with them.
        problem: AnswersProblem,
    },
    /// A field of the body does not follow its rule.
    FieldInvalid {
        /// The field.
        field: String,
    },
    /// Somebody changed the entity since the person saw it.
    Changed {
        /// The version now.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        version: i64,
    },
    /// The body's kind or version is unknown to the server.
    BodyUnknown,
}

impl Code {
    /// The HTTP status that goes with the code.
    pub const fn status(&self) -> u16 {
        match self {
            Self::SignInNeeded | Self::WrongPassword { .. } => 401,
            Self::NotYours => 403,
            Self::RegistrationGone
            | Self::AccountUnknown
            | Self::FileUnknown
            | Self::NoThumbnail
            | Self::PaymentUnknown => 404,
            Self::IncarnationConflict
            | Self::EpochChanged
            | Self::AlreadyAttached
            | Self::PaymentLocked { .. }
            | Self::PaymentTermsChanged => 409,
            Self::SnapshotNeeded | Self::AttachmentExpired => 410,
            Self::TooLarge => 413,
            Self::Unreadable { .. }
            | Self::ConsentOutdated
            | Self::NumberUnavailable
            | Self::WrongCode { .. }
            | Self::CodeExpired
            | Self::WeakPassword
            | Self::ProofWrong { .. }
            | Self::FileRefused { .. }
            | Self::PaymentRefused { .. } => 422,
            Self::UpgradeNeeded => 426,
            Self::LockedOut { .. } | Self::CallTooSoon { .. } => 429,
            Self::CallUnavailable | Self::BankUnavailable => 503,
            Self::StorageFull => 507,
        }
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        let name = serde_json::to_value(&code).ok().and_then(|json| json.get("code")?.as_str().map(str::to_owned));
        Self { kind: format!("urn:zhkh:{}", name.unwrap_or_default()), status: code.status(), code }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_reads_back_as_the_same_code() {
        let problem = Problem::from(Code::WrongCode { tries_left: 3 });
        let json = serde_json::to_string(&problem).expect("written");
        assert_eq!(json, r#"{"type":"urn:zhkh:wrong_code","status":422,"code":"wrong_code","tries_left":3}"#);
        assert_eq!(serde_json::from_str::<Problem>(&json).expect("read"), problem);
    }
}
