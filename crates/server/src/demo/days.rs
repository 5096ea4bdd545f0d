//! What the invented people did in the last days: a ticket at every stage, one that is overdue, an outage, a talk with
//! the support.

use super::people::{Props, Who};
use domain::ticket::deadline::Duty;
use domain::ticket::{Rating, Status};
use domain::{IncidentId, MessageId, MessageText, TicketId};
use uuid::Uuid;
use wire::desk::{
    AddNote, AssignTicket, Caller, FoldTicket, Incident, MeetDuty, MoveTicket, Place, RegisterTicket, SetIncident,
};
use wire::operation::Body;
use wire::ticket::{CloseTicket, Conversation, CreateTicket, MarkRead, SendMessage};

/// Hours ago, who, and what.
pub(super) type Step = (f64, Who, Body);

fn words(text: &str) -> MessageText {
    // Every text of this file is short.
    MessageText::parse(text).unwrap_or_default()
}

fn ticket(number: u128) -> TicketId {
    TicketId::new(Uuid::from_u128(0x0d3a_0000_0000_4000_8000_0000_0000_0000 + number))
}

fn message(number: u128) -> MessageId {
    MessageId::new(Uuid::from_u128(0x0d3b_0000_0000_4000_8000_0000_0000_0000 + number))
}

fn create(props: &Props, number: u128, subtype: usize, text: &str) -> Body {
    let (ticket, account, subtype) = (ticket(number), props.account, props.subtype(subtype));
    Body::CreateTicket(CreateTicket { ticket, account, subtype, description: words(text), attachments: Vec::new() })
}

fn say(conversation: Conversation, number: u128, text: &str) -> Body {
    let (message, text) = (message(number), words(text));
    Body::SendMessage(SendMessage { message, conversation, text, attachments: Vec::new() })
}

fn take(props: &Props, number: u128) -> Body {
    let executor = Some(props.ilina);
    Body::AssignTicket(AssignTicket {
        ticket: ticket(number),
        seen: None,
        executor,
        department: None,
        visit_by_ms: None,
    })
}

fn send_out(props: &Props, number: u128, seen: bool, visit_by_ms: Option<i64>) -> Body {
    let (seen, executor) = (seen.then_some(props.ilina), Some(props.stepanov));
    Body::AssignTicket(AssignTicket { ticket: ticket(number), seen, executor, department: None, visit_by_ms })
}

fn go(number: u128, from: Status, to: Status, reason: &str) -> Body {
    Body::MoveTicket(MoveTicket { ticket: ticket(number), from, to, reason: words(reason), until: None })
}

/// All of it, in the order of time.
pub(super) fn of(props: &Props) -> Vec<Step> {
    use Who::{Ilina, Orlova, Petrov, Resident};
    const HOUR_MS: i64 = 3_600_000;
    let (now, hour) = (props.now_ms, |hours: i64| props.now_ms + hours * HOUR_MS);
    let about = |number| Conversation::Ticket(ticket(number));
    let talk = Conversation::Support(props.resident);
    let read = |conversation, through| Body::MarkRead(MarkRead { conversation, through });
    let incident = IncidentId::new(Uuid::from_u128(0x0d3c_0000_0000_4000_8000_0000_0000_0000));
    let until = chrono::DateTime::from_timestamp_millis(hour(24 * 8)).map(|at| at.date_naive());
    let defer = Body::MoveTicket(MoveTicket {
        ticket: ticket(4),
        from: Status::Accepted,
        to: Status::Deferred,
        reason: words("Ждём секцию радиатора со склада"),
        until,
    });
    let outage = Incident {
        id: incident,
        title: "Нет горячей воды: повреждена магистраль".into(),
        text: words("Бригада на месте. Холодная вода есть."),
        scheduled: false,
        houses: vec![props.house],
        subtypes: vec![props.subtype(3)],
        from_ms: now - 3 * HOUR_MS,
        until_ms: Some(hour(5)),
        over: false,
    };
    let by_phone = |number, place, name: &str, phone: &str, subtype, text: &str| {
        let caller = Caller { name: name.into(), phone: phone.into() };
        let (ticket, subtype, description) = (ticket(number), props.subtype(subtype), words(text));
        Body::RegisterTicket(RegisterTicket { ticket, place, caller, subtype, description, attachments: Vec::new() })
    };
    let rated =
        CloseTicket { ticket: ticket(7), rating: Rating::try_from(5).ok(), word: words("Спасибо, сухо!") };
    let note = AddNote {
        note: message(90),
        ticket: ticket(3),
        text: words("Подвал закрыт, ключ у старшей по дому, кв. 4"),
        attachments: Vec::new(),
    };
    let localised = MeetDuty { ticket: ticket(3), duty: Duty::Localise };
    vec![
        // Closed with a rating.
        (170.0, Resident, create(props, 7, 8, "Капает кран на кухне, не закрывается до конца")),
        (169.5, Ilina, take(props, 7)),
        (169.4, Ilina, send_out(props, 7, true, Some(hour(-165)))),
        (165.0, Ilina, go(7, Status::InProgress, Status::Done, "")),
        (160.0, Resident, Body::CloseTicket(rated)),
        // Rejected.
        (120.0, Resident, create(props, 8, 11, "Покрасьте, пожалуйста, лавочку у подъезда")),
        (
            118.0,
            Petrov,
            go(
                8,
                Status::New,
                Status::Rejected,
                "Лавочки обслуживает управляющая организация, мы передали ей вашу просьбу",
            ),
        ),
        // Done, to be rated.
        (50.0, Resident, create(props, 6, 1, "Засорилась канализация, вода в ванной не уходит")),
        (49.8, Ilina, take(props, 6)),
        (49.7, Ilina, send_out(props, 6, true, Some(hour(-48)))),
        (49.6, Ilina, say(about(6), 1, "Мастер выехал, будет в течение часа.")),
        (48.9, Resident, say(about(6), 2, "Спасибо, жду")),
        (48.0, Ilina, go(6, Status::InProgress, Status::Done, "")),
        // Deferred.
        (30.0, Resident, create(props, 4, 9, "Батарея в детской едва тёплая")),
        (29.0, Ilina, take(props, 4)),
        (28.0, Ilina, defer),
        // The resident is asked.
        (26.0, Resident, create(props, 5, 10, "Нужно заменить счётчик холодной воды, подошла поверка")),
        (25.0, Ilina, take(props, 5)),
        (24.9, Ilina, say(about(5), 3, "Подскажите, пожалуйста, когда вас застать дома на этой неделе?")),
        (24.8, Ilina, go(5, Status::Accepted, Status::AwaitingResident, "")),
        // The support.
        (23.0, Resident, say(talk, 4, "Здравствуйте! Не вижу в программе счётчик электричества.")),
        (22.5, Orlova, say(talk, 5, "Здравствуйте! Проверяем, ответим сегодня.")),
        (22.4, Orlova, read(talk, 1)),
        (4.0, Resident, say(talk, 6, "Появился, спасибо. А где посмотреть прошлый месяц?")),
        // An outage and what is about it.
        (3.0, Ilina, Body::SetIncident(SetIncident { incident: outage })),
        (
            2.9,
            Ilina,
            by_phone(
                9,
                Place::House(props.house),
                "Алексеева Мария",
                "8 900 000-02-01",
                3,
                "Во всём подъезде нет горячей воды",
            ),
        ),
        (2.8, Ilina, Body::FoldTicket(FoldTicket { ticket: ticket(9), incident: Some(incident) })),
        // In work, with a note that only the desk reads.
        (2.5, Resident, create(props, 3, 0, "Течёт стояк холодной воды в подвале, слышно из квартиры")),
        (2.4, Ilina, take(props, 3)),
        (2.3, Ilina, Body::AddNote(note)),
        (2.2, Ilina, send_out(props, 3, true, Some(hour(2)))),
        (2.1, Ilina, say(about(3), 7, "Мастер Степанов выехал, будет до конца часа. Стояк пока перекроем.")),
        (1.8, Ilina, Body::MeetDuty(localised)),
        (1.7, Resident, say(about(3), 8, "Хорошо, я дома")),
        (1.6, Ilina, read(about(3), 2)),
        // Nobody took it, and the thirty minutes are over.
        (
            1.5,
            Petrov,
            by_phone(10, Place::Account(props.account), "Смирнов Олег", "8 900 000-02-02", 5, "В квартире пропал свет"),
        ),
        // Accepted.
        (0.4, Resident, create(props, 2, 8, "Шумит смеситель в ванной")),
        (0.3, Ilina, take(props, 2)),
        // New.
        (0.1, Resident, create(props, 1, 4, "Холодные батареи во всей квартире")),
    ]
}
