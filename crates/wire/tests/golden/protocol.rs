//! Everything that travels in protocol 1, which is spoken for ever.

use crate::folder;
use domain::reading_check::{Question, Refusal};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use zhkh_wire::entity::{Entity, Verdict};
use zhkh_wire::feed::{Change, Cursor, Page, Scopes, Snapshot};
use zhkh_wire::problem::{Code, Problem, Rejection};
use zhkh_wire::push::{Batch, BatchAnswer, Item, Outcome};
use zhkh_wire::ticket::Happened;
use zhkh_wire::{account, live, money, registration, session, utility};

type Examples = BTreeMap<String, Value>;

fn examples(name: &str) -> Examples {
    let file = folder("protocol-1").join(format!("{name}.json"));
    serde_json::from_slice(&std::fs::read(file).expect("read")).expect("an object of examples")
}

/// Whether all that `old` says is said by `new` too: fields may be added, none may go or change.
fn keeps(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            old.iter().all(|(name, old)| new.get(name).is_some_and(|new| keeps(old, new)))
        }
        (Value::Array(old), Value::Array(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| keeps(old, new))
        }
        _ => old == new,
    }
}

/// Reads an example and writes it again. Through text, as it travels.
fn read<T: Serialize + DeserializeOwned>(name: &str, example: &Value) -> T {
    let read: T = serde_json::from_str(&example.to_string()).unwrap_or_else(|error| panic!("{name}: {error}"));
    let again = serde_json::to_value(&read).expect("written");
    assert!(keeps(example, &again), "{name} became {again}");
    read
}

/// Every variant with the name of its example. A variant without an arm does not compile; one without an example, or
/// an example that is read as another variant, fails.
macro_rules! every {
    ($test:ident, $file:literal, $read:ty, |$of:ident| $matched:expr, $kind:ident { $($variant:ident => $name:literal),* $(,)? }) => {
        #[test]
        fn $test() {
            let mut found = BTreeSet::new();
            for (name, example) in examples($file) {
                let $of: $read = read(&name, &example);
                let means = match $matched { $($kind::$variant { .. } => $name),* };
                assert_eq!(name, means, "{example}");
                found.insert(means);
            }
            assert_eq!(found, BTreeSet::from([$($name),*]));
        }
    };
}

every!(every_problem_of_protocol_1_is_read_as_its_code, "problems", Problem, |it| &it.code, Code {
    SignInNeeded => "sign_in_needed",
    WrongPassword => "wrong_password",
    LockedOut => "locked_out",
    UpgradeNeeded => "upgrade_needed",
    IncarnationConflict => "incarnation_conflict",
    EpochChanged => "epoch_changed",
    SnapshotNeeded => "snapshot_needed",
    TooLarge => "too_large",
    Unreadable => "unreadable",
    NotYours => "not_yours",
    ConsentOutdated => "consent_outdated",
    RegistrationGone => "registration_gone",
    CallTooSoon => "call_too_soon",
    CallUnavailable => "call_unavailable",
    NumberUnavailable => "number_unavailable",
    WrongCode => "wrong_code",
    CodeExpired => "code_expired",
    WeakPassword => "weak_password",
    AccountUnknown => "account_unknown",
    ProofWrong => "proof_wrong",
    AlreadyAttached => "already_attached",
    AttachmentExpired => "attachment_expired",
    FileUnknown => "file_unknown",
    FileRefused => "file_refused",
    NoThumbnail => "no_thumbnail",
    StorageFull => "storage_full",
    PaymentLocked => "payment_locked",
    PaymentTermsChanged => "payment_terms_changed",
    PaymentRefused => "payment_refused",
    PaymentUnknown => "payment_unknown",
    BankUnavailable => "bank_unavailable",
});

every!(every_rejection_of_protocol_1_is_read_as_its_reason, "rejections", Rejection, |it| &it, Rejection {
    Reading => "reading",
    ReadingQuestioned => "reading_questioned",
    WindowClosed => "window_closed",
    PeriodLocked => "period_locked",
    ReadingExists => "reading_exists",
    TicketStands => "ticket_stands",
    NotYours => "not_yours",
    PollEnded => "poll_ended",
    AnswersWrong => "answers_wrong",
    FieldInvalid => "field_invalid",
    Changed => "changed",
    BodyUnknown => "body_unknown",
});

every!(every_refusal_of_a_reading_is_read_as_itself, "refusals", Refusal, |it| &it, Refusal {
    MeterAutomatic => "meter_automatic",
    MeterArchived => "meter_archived",
    VerificationOverdue => "verification_overdue",
    WrongValueCount => "wrong_value_count",
    NotOnDial => "not_on_dial",
    LowerThanLast => "lower_than_last",
    TooLarge => "too_large",
});

every!(every_question_about_a_reading_is_read_as_itself, "questions", Question, |it| &it, Question {
    RollOver => "roll_over",
    AboveUsual => "above_usual",
    AboveLimit => "above_limit",
});

every!(every_outcome_of_protocol_1_is_read_as_itself, "outcomes", Outcome, |it| &it, Outcome {
    Applied => "applied",
    Rejected => "rejected",
    Withdrawn => "withdrawn",
    Held => "held",
    OutOfOrder => "out_of_order",
    FilesMissing => "files_missing",
    Failed => "failed",
    IdTaken => "id_taken",
});

every!(every_change_of_protocol_1_is_read_as_itself, "changes", Change, |it| &it, Change {
    Put => "put",
    Gone => "gone",
    Granted => "granted",
    Revoked => "revoked",
    Decided => "decided",
});

every!(every_entity_of_protocol_1_is_read_as_itself, "entities", Entity, |it| &it, Entity {
    Profile => "profile",
    Account => "account",
    Meter => "meter",
    Reading => "reading",
    ReadingRules => "reading_rules",
    Tariff => "tariff",
    Ticket => "ticket",
    TicketEvent => "ticket_event",
    Message => "message",
    ReadMark => "read_mark",
    TicketType => "ticket_type",
    Outage => "outage",
    DeskTicket => "desk_ticket",
    Note => "note",
    Incident => "incident",
    Staff => "staff",
    Department => "department",
    CannedReply => "canned_reply",
    DeskAccount => "desk_account",
    DeskHouse => "desk_house",
    SupportTalk => "support_talk",
    Question => "question",
    Bill => "bill",
    PaymentPart => "payment_part",
    PaymentTerms => "payment_terms",
    Announcement => "announcement",
    AnnouncementMark => "announcement_mark",
    EditedAnnouncement => "edited_announcement",
});

every!(every_happening_of_a_ticket_is_read_as_itself, "happenings", Happened, |it| &it, Happened {
    Registered => "registered",
    Moved => "moved",
    Rated => "rated",
    Assigned => "assigned",
    Met => "met",
    Folded => "folded",
    Unfolded => "unfolded",
    Overruled => "overruled",
    TakenBefore => "taken_before",
});

every!(every_verdict_on_a_reading_is_read_as_itself, "verdicts", Verdict, |it| &it, Verdict {
    Accepted => "accepted",
    Scheduled => "scheduled",
    Exported => "exported",
    Counted => "counted",
    Refused => "refused",
});

#[test]
fn a_status_of_protocol_1_stays_with_its_code() {
    for (name, example) in examples("problems") {
        let problem: Problem = read(&name, &example);
        assert_eq!(Problem::from(problem.code.clone()), problem, "{name}");
    }
}

#[test]
fn every_call_of_protocol_1_is_read_and_answered_in_the_same_form() {
    for (name, example) in examples("calls") {
        let example = &example;
        match name.as_str() {
            "batch" => drop(read::<Batch>(&name, example)),
            "batch_answer" => drop(read::<BatchAnswer>(&name, example)),
            "page" => drop(read::<Page>(&name, example)),
            "snapshot" => drop(read::<Snapshot>(&name, example)),
            "scopes" => drop(read::<Scopes>(&name, example)),
            "cursor" => drop(read::<Cursor>(&name, example)),
            "wake" => drop(read::<live::Wake>(&name, example)),
            "sign_in" => drop(read::<session::SignIn>(&name, example)),
            "session" => drop(read::<session::Session>(&name, example)),
            "refresh" => drop(read::<session::Refresh>(&name, example)),
            "registration_start" => drop(read::<registration::Start>(&name, example)),
            "registration_started" => drop(read::<registration::Started>(&name, example)),
            "registration_calling" => drop(read::<registration::Calling>(&name, example)),
            "registration_code" => drop(read::<registration::Code>(&name, example)),
            "registration_phone_proven" => drop(read::<registration::PhoneProven>(&name, example)),
            "registration_password" => drop(read::<registration::Password>(&name, example)),
            "account_lookup" => drop(read::<account::Lookup>(&name, example)),
            "account_found" => drop(read::<account::Found>(&name, example)),
            "account_prove_sum" | "account_prove_qr" => drop(read::<account::Prove>(&name, example)),
            "account_proven" => drop(read::<account::Proven>(&name, example)),
            "account_attach" => drop(read::<account::Attach>(&name, example)),
            "account_attached" => drop(read::<account::Attached>(&name, example)),
            "utility" => {
                let told: utility::Utility = read(&name, example);
                assert!(told.attachments.media.is_empty(), "an older server tells no kinds, and decides itself");
            }
            "utility_with_attachments" => {
                let told: utility::Utility = read(&name, example);
                assert_eq!((told.attachments.limits.files, told.attachments.media.len()), (10, 2));
                assert_eq!(told.attachments.limits.file_bytes, 26_214_400);
            }
            "payment_start" => drop(read::<money::StartPayment>(&name, example)),
            "payment" => drop(read::<money::Payment>(&name, example)),
            "consent" => drop(read::<utility::Consent>(&name, example)),
            _ => panic!("{name} is an example of no type"),
        }
    }
}

#[test]
fn a_pushed_batch_of_protocol_1_carries_its_operations_and_their_order() {
    let batch: Batch = read("batch", &examples("calls")["batch"]);
    let [Item::Apply { operation, after: None }, Item::Apply { after: Some(after), .. }, Item::Withdraw { .. }] =
        batch.items.as_slice()
    else {
        panic!("{:?}", batch.items)
    };
    assert_eq!(operation.open().expect("opened").id, *after);
}
