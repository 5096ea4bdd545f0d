//! Sealed operations of every kind and version.

use crate::folder;
use domain::capture::Capture;
use domain::reading_check::QuestionCode;
use domain::ticket::Rating;
use domain::{
    AccountId, FileName, Incarnation, MessageId, MessageText, MeterId, MeterValue, OperationId, ReadingId, Source,
    SubtypeId, TicketId, UserId,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use zhkh_wire::operation::{Body, Operation, RenameMeter, Sealed, SubmitReading, UpdateProfile};
use zhkh_wire::ticket::{CloseTicket, Conversation, CreateTicket, Enclosure, MarkRead, ReopenTicket, SendMessage};

/// Every kind with the beginning of its files' names. A kind without an arm does not compile; one without a file fails.
macro_rules! kinds {
    ($($kind:ident => $name:literal),* $(,)?) => {
        const KINDS: &[&str] = &[$($name),*];
        fn kind(body: &Body) -> &'static str {
            match body { $(Body::$kind(_) => $name),* }
        }
    };
}

kinds! {
    SubmitReading => "reading.submit-1",
    RenameMeter => "meter.rename-1",
    UpdateProfile => "profile.update-1",
    CreateTicket => "ticket.create-1",
    SendMessage => "message.send-1",
    MarkRead => "conversation.read-1",
    CloseTicket => "ticket.close-1",
    ReopenTicket => "ticket.reopen-1",
    RegisterTicket => "ticket.register-1",
    MoveTicket => "ticket.move-1",
    AssignTicket => "ticket.assign-1",
    MeetDuty => "ticket.meet-1",
    FoldTicket => "ticket.fold-1",
    AddNote => "note.add-1",
    SetIncident => "incident.set-1",
    AnswerQuestion => "question.answer-1",
    SetAnnouncement => "announcement.set-1",
    ReadAnnouncement => "announcement.read-1",
    AnswerPoll => "poll.answer-1",
}

/// The files with their texts, without the one of an unknown kind.
fn files() -> BTreeMap<String, String> {
    let files = std::fs::read_dir(folder("operations")).expect("listed").map(|file| {
        let path = file.expect("listed").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, std::fs::read_to_string(path).expect("text"))
    });
    files.filter(|(name, _)| name.ends_with(".json") && !name.ends_with(".unknown.json")).collect()
}

pub(crate) fn id(last: u8) -> Uuid {
    Uuid::parse_str(&format!("01930000-0000-7000-8000-0000000000{last:02x}")).expect("an id")
}

fn value(text: &str) -> MeterValue {
    MeterValue::parse(text).expect("a value")
}

pub(crate) fn words(text: &str) -> MessageText {
    MessageText::parse(text).expect("short")
}

/// A file whose content's hash is all `byte`.
pub(crate) fn enclosed(byte: &str, name: &str) -> Enclosure {
    Enclosure { file: byte.repeat(32).parse().expect("a hash"), name: FileName::new(name) }
}

/// What a file about a ticket means.
fn about_tickets(name: &str) -> Option<(u8, Body)> {
    let (ticket, mine) = (TicketId::new(id(0xD1)), UserId::new(id(0xA1)));
    let create = |last, text: &str, attachments| {
        let (account, subtype) = (AccountId::new(id(0xE1)), SubtypeId::new(id(0x52)));
        let (ticket, description) = (TicketId::new(id(last)), words(text));
        Body::CreateTicket(CreateTicket { ticket, account, subtype, description, attachments })
    };
    let say = |last, conversation, text: &str, attachments| {
        let (message, text) = (MessageId::new(id(last)), words(text));
        Body::SendMessage(SendMessage { message, conversation, text, attachments })
    };
    let close = |rating, word: &str| Body::CloseTicket(CloseTicket { ticket, rating, word: words(word) });
    let reopen = |why: &str| Body::ReopenTicket(ReopenTicket { ticket, why: words(why) });
    let read = |conversation, through| Body::MarkRead(MarkRead { conversation, through });
    let jpeg = |name: &str| enclosed("9f", name);
    Some(match name {
        "ticket.create-1.json" => (8, create(0xD1, "Капает из-под мойки на кухне", Vec::new())),
        "ticket.create-1.files.json" => {
            let files = vec![jpeg("Стояк (1).jpg"), enclosed("0a", "акт.pdf")];
            (9, create(0xD2, "Течёт стояк «ХВС»\nна 5-м этаже", files))
        }
        "message.send-1.json" => (10, say(0x61, Conversation::Ticket(ticket), "Мастер не пришёл", Vec::new())),
        "message.send-1.files.json" => {
            (11, say(0x62, Conversation::Support(mine), "", vec![jpeg("Снимок экрана.png")]))
        }
        "conversation.read-1.json" => (12, read(Conversation::Ticket(ticket), 7)),
        "conversation.read-1.support.json" => (13, read(Conversation::Support(mine), 0)),
        "ticket.close-1.json" => (14, close(Rating::try_from(5).ok(), "Спасибо, сухо")),
        "ticket.close-1.empty.json" => (15, close(None, "")),
        "ticket.reopen-1.json" => (16, reopen("Снова капает")),
        "ticket.reopen-1.empty.json" => (17, reopen("")),
        _ => return None,
    })
}

/// What the file `name` means, for ever.
fn meaning(name: &str) -> Operation {
    let (meter, other) = (MeterId::new(id(0xB1)), MeterId::new(id(0xB2)));
    let reading = |last, meter, values| SubmitReading {
        reading: ReadingId::new(id(last)),
        meter,
        values,
        confirmed: Vec::new(),
        early: false,
    };
    let named = |name: &str| Body::RenameMeter(RenameMeter { meter, name: name.to_owned() });
    let profile = |name: Option<&str>, email: &str| {
        Body::UpdateProfile(UpdateProfile { name: name.map(str::to_owned), email: Some(email.to_owned()) })
    };
    let (number, body) = match name {
        "reading.submit-1.json" => (1, Body::SubmitReading(reading(0xC1, meter, vec![value("460,604")]))),
        "reading.submit-1.full.json" => {
            let values = vec![value("99998,7"), MeterValue::ZERO, value("120,0301")];
            let confirmed = vec![QuestionCode::RollOver, QuestionCode::AboveUsual, QuestionCode::AboveLimit];
            (2, Body::SubmitReading(SubmitReading { confirmed, early: true, ..reading(0xC2, other, values) }))
        }
        "meter.rename-1.json" => (3, named("Холодная вода «у окна» \\ 2-й стояк")),
        "meter.rename-1.empty.json" => (4, named("")),
        "profile.update-1.json" => (5, profile(Some("Ёлкина-Щукина Юлия Объедковна"), "elkina@example.ru")),
        "profile.update-1.email.json" => (6, profile(None, "")),
        _ => about_tickets(name)
            .or_else(|| crate::desk::meaning(name))
            .or_else(|| crate::announcements::meaning(name))
            .unwrap_or_else(|| panic!("{name} has no meaning here: write down what it must be read as")),
    };
    let actor = UserId::new(id(0xA1));
    let captured = Capture {
        wall_ms: 1_795_168_800_000,
        server_offset_ms: Some(-1_250),
        boot_ms: 8_640_123,
        boot_id: "3f0c8a52-8b0e-4f7a-a3c1-2d7a6c1be9f0".into(),
        anchored: true,
    };
    let plain = Operation {
        id: OperationId::new(id(number)),
        actor,
        on_behalf_of: None,
        source: Source::ResidentApp,
        incarnation: Incarnation::new(Uuid::from_u128(0x5b1f_1d0e_7a4c_4f5e_9d3a_0b6a_2f3c_4d5e)),
        device_seq: u64::from(number),
        lane: body.lane(actor),
        captured,
        base_version: None,
        replaces: None,
        body,
    };
    match name {
        "reading.submit-1.full.json" => Operation {
            on_behalf_of: Some(UserId::new(id(0xA2))),
            source: Source::Cashier,
            captured: Capture {
                wall_ms: 1_795_168_800_001,
                server_offset_ms: None,
                boot_ms: 17,
                boot_id: String::new(),
                anchored: false,
            },
            base_version: Some(41),
            replaces: Some(OperationId::new(id(1))),
            ..plain
        },
        "profile.update-1.json" => Operation { base_version: Some(7), ..plain },
        "profile.update-1.email.json" => Operation { source: Source::Kiosk, ..plain },
        "ticket.register-1.json" | "ticket.register-1.house.json" => Operation { source: Source::Phone, ..plain },
        _ if number > 40 => Operation { source: Source::Desk, ..plain },
        _ => plain,
    }
}

#[test]
fn an_operation_of_every_release_means_today_what_it_meant_when_it_was_entered() {
    for (name, text) in files() {
        let sealed = Sealed::from_text(text).expect("JSON");
        assert_eq!(sealed.open().expect("opened"), meaning(&name), "{name}");
    }
}

#[test]
fn an_operation_of_every_release_keeps_the_hash_under_which_the_ledger_knows_it() {
    let sums = std::fs::read_to_string(folder("operations/SHA256SUMS")).expect("read");
    let sums: BTreeMap<&str, &str> =
        sums.lines().filter_map(|line| line.split_once("  ")).map(|(h, n)| (n, h)).collect();
    let files = files();
    assert!(files.keys().all(|name| sums.contains_key(name.as_str())), "a file without a hash");
    for (name, text) in files {
        let sealed = Sealed::from_text(text.clone()).expect("JSON");
        // Through a batch, as it travels.
        let sent = serde_json::to_string(&sealed).expect("sent");
        assert_eq!(sent, text, "{name}");
        let received: Sealed = serde_json::from_str(&sent).expect("received");
        let hash: String = received.hash().0.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(Some(hash.as_str()), sums.get(name.as_str()).copied(), "{name}");
    }
}

/// The bytes of version 1 are on people's disks: if this test has to change, write a new body version instead.
#[test]
fn an_operation_is_sealed_today_as_release_1_sealed_it() {
    for (name, text) in files().into_iter().filter(|(name, _)| name.contains("-1.")) {
        assert_eq!(Sealed::seal(&meaning(&name)).expect("sealed").text(), text, "{name}");
    }
}

#[test]
fn every_kind_of_operation_has_a_golden_file_that_is_named_after_it() {
    let mut found = BTreeSet::new();
    for (name, text) in files() {
        let kind = kind(&Sealed::from_text(text).expect("JSON").open().expect("opened").body);
        assert!(name.strip_prefix(kind).is_some_and(|rest| rest.starts_with('.')), "{name} holds a {kind}");
        found.insert(kind);
    }
    assert_eq!(found, KINDS.iter().copied().collect());
}

#[test]
fn an_operation_of_an_unknown_kind_keeps_its_bytes_and_is_not_read_as_another() {
    let text = std::fs::read_to_string(folder("operations/ticket.open-1.unknown.json")).expect("read");
    let sealed = Sealed::from_text(text.clone()).expect("JSON");
    assert!(sealed.open().is_err());
    let received: Sealed = serde_json::from_slice(&serde_json::to_vec(&sealed).expect("sent")).expect("received");
    assert_eq!(received.text(), text);
}
