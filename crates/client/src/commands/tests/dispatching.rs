//! The desk: two dispatchers on two computers, with and without a line.

use super::house::{House, NOW_MS, ask, fails, until};
use super::ticketing::{about, texts};
use crate::core::Core;
use crate::view::{Failure, Field, FieldProblem, Toast};
use domain::ticket::deadline::Duty;
use domain::ticket::{Status, TicketNumber, short_name};
use domain::{
    AccountId, AccountNumber, DepartmentId, HouseId, MessageText, QuestionId, Source, StaffId, SubtypeId, TicketId,
    TicketTypeId, UserId,
};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;
use wire::desk::{Department, DeskAccount, DeskHouse, DeskTicket, Question, Role, Staff, SupportTalk, Work};
use wire::entity::{Entity, Profile};
use wire::feed::Scope;
use wire::operation::Body;
use wire::problem::Rejection;
use wire::ticket::{Conversation, Deadline, Subtype, Ticket, TicketType};

const ILINA: (UserId, StaffId) = (UserId::new(Uuid::from_u128(0x31)), StaffId::new(Uuid::from_u128(0x41)));
const PETROV: (UserId, StaffId) = (UserId::new(Uuid::from_u128(0x32)), StaffId::new(Uuid::from_u128(0x42)));
const PLUMBERS: DepartmentId = DepartmentId::new(Uuid::from_u128(0x61));
const LEAK: SubtypeId = SubtypeId::new(Uuid::from_u128(0x51));
const TENTH: HouseId = HouseId::new(Uuid::from_u128(0x71));
const FLAT: AccountId = AccountId::new(Uuid::from_u128(0x81));
const MINUTE: i64 = 60_000;

/// A ticket that was registered ten minutes ago, half an hour to tell the person.
pub(super) fn leak(number: u32, what: &str) -> DeskTicket {
    let due = |duty, minutes: i64| Deadline { duty, due_ms: NOW_MS + minutes * MINUTE, done_ms: None };
    DeskTicket {
        ticket: Ticket {
            id: TicketId::new(Uuid::from_u128(0x9000 + u128::from(number))),
            number: TicketNumber { year: 2026, number },
            short_name: short_name("Течь", what),
            type_name: "Сантехника".into(),
            subtype_name: "Течь".into(),
            emergency: false,
            account: Some(FLAT),
            address: format!("Винокурова, 10-{number}"),
            description: MessageText::parse(what).expect("words"),
            attachments: Vec::new(),
            source: Source::ResidentApp,
            registered_ms: NOW_MS - 10 * MINUTE,
            captured_ms: NOW_MS - 10 * MINUTE,
            status: Status::New,
            reason: MessageText::default(),
            deferred_until: None,
            visit_by_ms: None,
            executor_name: String::new(),
            incident: None,
            deadlines: vec![due(Duty::Inform, 20), due(Duty::Finish, 600)],
            rating: None,
            reopened: 0,
        },
        subtype: LEAK,
        resident: None,
        applicant_name: "Смирнова В. П.".into(),
        applicant_phone: "+79000001234".into(),
        account_number: Some(AccountNumber::parse("7000000001").expect("a number")),
        house: TENTH,
        department: None,
        executor: None,
    }
}

fn desk_with(tickets: &[DeskTicket]) -> House {
    let house = House::new();
    let server = &house.server;
    for ((user, staff), login, name) in [(ILINA, "ilina", "Ильина С. В."), (PETROV, "petrov", "Петров А. Н.")]
    {
        server.register(login, user, "kotik-parol-2026");
        let roles = vec![Role::Dispatcher, Role::Support];
        let work = Work { staff, post: "Диспетчер".into(), department: Some(PLUMBERS), roles: roles.clone() };
        let profile =
            Profile { id: user, name: name.into(), phone: login.into(), email: String::new(), work: Some(work) };
        server.put(Scope::User(user), Entity::Profile(profile));
        let department = Some(PLUMBERS);
        let of_staff =
            Staff { id: staff, name: name.into(), post: "Диспетчер".into(), department, roles, active: true };
        server.put(Scope::Desk, Entity::Staff(of_staff));
    }
    let department = Department { id: PLUMBERS, name: "Сантехники".into(), place: 1 };
    server.put(Scope::Desk, Entity::Department(department));
    let subtypes = vec![Subtype { id: LEAK, name: "Течь".into(), emergency: true }];
    let id = TicketTypeId::new(Uuid::from_u128(0x50));
    server.put(Scope::Public, Entity::TicketType(TicketType { id, name: "Сантехника".into(), place: 1, subtypes }));
    server.put(Scope::Desk, Entity::DeskHouse(DeskHouse { id: TENTH, address: "Винокурова, 10".into() }));
    let account = DeskAccount {
        id: FLAT,
        number: AccountNumber::parse("7000000001").expect("a number"),
        house: TENTH,
        address: "Чебоксары, ул. Винокурова, д. 10, кв. 25".into(),
        short_address: "Винокурова, 10-25".into(),
    };
    server.put(Scope::Desk, Entity::DeskAccount(account));
    for ticket in tickets {
        server.put(Scope::Desk, Entity::DeskTicket(Box::new(ticket.clone())));
    }
    house
}

async fn sign_in(house: &House, login: &str) -> Arc<Core> {
    let core = house.core();
    let typed = json!({ "phone": login, "password": "kotik-parol-2026", "forget_password": false });
    ask(&core, "sign_in", typed).await;
    until(&core, "boot", json!({}), |boot| boot["session"]["workplace"] == json!("desk")).await;
    core
}

fn shelf(shelf: &str) -> Value {
    json!({
        "shelf": shelf, "department": null, "executor": null, "text": "", "urgent_first": true, "from": 0, "count": 50,
    })
}

fn search(text: &str) -> Value {
    let mut args = shelf("open");
    args["text"] = json!(text);
    args
}

fn numbers(view: &Value) -> Vec<u64> {
    let rows = view["rows"].as_array().expect("rows").iter();
    rows.filter_map(|row| row["number"]["number"].as_u64()).collect()
}

fn id_of(ticket: &DeskTicket) -> Value {
    json!(ticket.ticket.id.to_string())
}

fn count(view: &Value, shelf: &str) -> Value {
    let shelves = view["shelves"].as_array().expect("shelves");
    shelves.iter().find(|of| of["shelf"] == json!(shelf)).expect("the shelf")["count"].clone()
}

async fn settled(core: &Arc<Core>) {
    until(core, "queue", json!({}), |queue| queue["waiting"] == json!([])).await;
}

#[tokio::test]
async fn the_desk_lists_counts_and_finds_tickets_by_whatever_is_typed() {
    let mut urgent = leak(12, "Прорвало стояк");
    urgent.ticket.emergency = true;
    let mut late = leak(13, "Не греет батарея");
    late.ticket.deadlines[0].due_ms = NOW_MS - MINUTE;
    let house = desk_with(&[leak(11, "Капает кран"), urgent, late.clone()]);
    let core = sign_in(&house, "Ilina").await;
    let view = ask(&core, "desk", json!({})).await;
    assert_eq!((&view["me"]["name"], &view["me"]["dispatcher"]), (&json!("Ильина С. В."), &json!(true)));
    assert_eq!(
        (count(&view, "new"), count(&view, "overdue"), count(&view, "emergency")),
        (json!(3), json!(1), json!(1))
    );
    let list = ask(&core, "desk_tickets", shelf("open")).await;
    assert_eq!(numbers(&list), [12, 13, 11], "urgent first, then what is due first");
    assert_eq!(list["rows"][1]["deadline"]["urgency"], json!("overdue"));
    assert_eq!(list["rows"][2]["elapsed"], json!(33), "ten minutes of thirty");
    for (typed, found) in [
        ("№ 11", vec![11]),
        ("13/2026", vec![13]),
        ("винокурова 10-12", vec![12]),
        ("БАТАРЕЯ греет", vec![13]),
        ("8 (900) 000-12-34", vec![12, 13, 11]),
        ("7000000001", vec![12, 13, 11]),
        ("ничего такого", vec![]),
    ] {
        assert_eq!(numbers(&ask(&core, "desk_tickets", search(typed)).await), found, "{typed}");
    }
    let card = ask(&core, "desk_ticket", json!({ "ticket": id_of(&late) })).await;
    assert_eq!((&card["phone"], &card["ticket"]["account_number"]), (&json!("+79000001234"), &json!("7000000001")));
    let near: Vec<&Value> =
        card["near"].as_array().expect("near").iter().map(|near| &near["number"]["number"]).collect();
    assert_eq!(near, [&json!(12), &json!(11)], "the nearest flat first");
    core.close().await;
}

#[tokio::test]
async fn what_was_taken_and_answered_without_a_line_shows_at_once_and_goes_when_the_line_is_back() {
    let ticket = leak(11, "Капает кран");
    let house = desk_with(std::slice::from_ref(&ticket));
    let core = sign_in(&house, "ilina").await;
    house.server.state().cut = true;
    ask(&core, "desk_take", json!({ "tickets": [id_of(&ticket)] })).await;
    let answer =
        json!({ "about": about(&id_of(&ticket)), "draft": { "text": "Мастер выехал", "files": [] }, "reopen": false });
    ask(&core, "message_send", answer).await;
    let later = json!({
        "tickets": [id_of(&ticket)], "to": "deferred", "reason": "Нет детали", "until": "2026-11-01",
    });
    ask(&core, "desk_move", later).await;
    let row = ask(&core, "desk_tickets", shelf("mine")).await["rows"][0].clone();
    assert_eq!((&row["status"], &row["executor"]), (&json!("deferred"), &json!("Ильина С. В.")));
    assert_eq!(row["mark"], json!({ "mark": "here" }));
    assert_eq!(row["deadline"]["duty"], json!("finish"), "the person was told");
    core.close().await;

    let core = house.core();
    let row = ask(&core, "desk_tickets", shelf("mine")).await["rows"][0].clone();
    assert_eq!(row["status"], json!("deferred"), "kept over a restart");
    house.server.state().cut = false;
    ask(&core, "person_back", json!({})).await;
    settled(&core).await;
    let row =
        until(&core, "desk_tickets", shelf("mine"), |list| list["rows"][0]["mark"].is_null()).await["rows"][0].clone();
    assert_eq!((&row["status"], &row["overruled"]), (&json!("deferred"), &json!(false)));
    let applied: Vec<Source> = house.server.state().applied.iter().map(|operation| operation.source).collect();
    assert_eq!(applied, [Source::Desk; 3], "entered at the desk");
    core.close().await;
}

#[tokio::test]
async fn of_two_who_took_one_ticket_the_first_has_it_and_the_second_is_told() {
    let ticket = leak(11, "Капает кран");
    let house = desk_with(std::slice::from_ref(&ticket));
    let other = House::beside(&house);
    let (ilina, petrov) = (sign_in(&house, "ilina").await, sign_in(&other, "petrov").await);
    let take = json!({ "tickets": [id_of(&ticket)] });
    house.server.state().cut = true;
    ask(&ilina, "desk_take", take.clone()).await;
    ask(&petrov, "desk_take", take).await;
    let mine = |list: &Value| list["total"] == json!(1);
    assert!(mine(&ask(&ilina, "desk_tickets", shelf("mine")).await), "each believes it theirs");
    assert!(mine(&ask(&petrov, "desk_tickets", shelf("mine")).await));
    // Her program is off while his reaches the server: by themselves either might be the first.
    ilina.close().await;
    house.server.state().cut = false;
    ask(&petrov, "person_back", json!({})).await;
    settled(&petrov).await;
    let ilina = house.core();
    settled(&ilina).await;

    until(&ilina, "desk_tickets", shelf("mine"), |list| list["total"] == json!(0)).await;
    let told = |list: &Value| list["rows"][0]["overruled"] == json!(true);
    let row = until(&ilina, "desk_tickets", shelf("open"), told).await["rows"][0].clone();
    assert_eq!(row["executor"], json!("Петров А. Н."));
    let card = ask(&ilina, "desk_ticket", json!({ "ticket": id_of(&ticket) })).await;
    let what = json!({ "happened": "taken_before", "wanted": "Ильина С. В.", "stood": "Петров А. Н." });
    assert_eq!(card["overruled"]["what"], what);
    let settled_there = |list: &Value| list["total"] == json!(1) && list["rows"][0]["mark"].is_null();
    let row = until(&petrov, "desk_tickets", shelf("mine"), settled_there).await["rows"][0].clone();
    assert_eq!(row["executor"], json!("Петров А. Н."));
    ilina.close().await;
    petrov.close().await;
}

#[tokio::test]
async fn notes_stand_between_the_messages_for_the_staff_and_are_no_draft_of_a_message() {
    let ticket = leak(11, "Капает кран");
    let house = desk_with(std::slice::from_ref(&ticket));
    let core = sign_in(&house, "ilina").await;
    let conversation = Conversation::Ticket(ticket.ticket.id);
    house.server.state().asked(conversation, "Когда придёте?", NOW_MS);
    ask(&core, "person_back", json!({})).await;
    let newest = json!({ "about": about(&id_of(&ticket)), "from": null, "count": 50 });
    until(&core, "conversation", newest.clone(), |talk| talk["total"] == json!(1)).await;
    let row = ask(&core, "desk_tickets", shelf("open")).await["rows"][0].clone();
    assert_eq!(row["unread"], json!(1));

    let draft = json!({ "text": "Жилец ругается", "files": [] });
    let notes = json!({ "about": "notes", "ticket": id_of(&ticket) });
    ask(&core, "draft_save", json!({ "about": notes, "draft": draft })).await;
    let talk = ask(&core, "conversation", newest.clone()).await;
    assert_eq!(talk["draft"]["text"], json!(""), "what is written to the colleagues is no message");
    let card = ask(&core, "desk_ticket", json!({ "ticket": id_of(&ticket) })).await;
    assert_eq!(card["note_draft"]["text"], json!("Жилец ругается"));
    ask(&core, "desk_note", json!({ "ticket": id_of(&ticket), "draft": draft })).await;
    let card = ask(&core, "desk_ticket", json!({ "ticket": id_of(&ticket) })).await;
    assert_eq!(card["note_draft"]["text"], json!(""));
    settled(&core).await;

    let taken = |talk: &Value| talk["lines"].as_array().is_some_and(|lines| lines.iter().any(is_taken_note));
    let talk = until(&core, "conversation", newest.clone(), taken).await;
    assert_eq!(texts(&talk), ["Когда придёте?"], "a note is no message");
    assert_eq!(talk["total"], json!(1));
    let note = talk["lines"].as_array().expect("lines").last().expect("a line");
    assert_eq!((&note["line"], &note["text"]), (&json!("note"), &json!("Жилец ругается")));

    ask(&core, "conversation_read", json!({ "about": about(&id_of(&ticket)), "through": 1 })).await;
    let row = ask(&core, "desk_tickets", shelf("open")).await["rows"][0].clone();
    assert_eq!(row["unread"], json!(0));
    core.close().await;
}

fn is_taken_note(line: &Value) -> bool {
    line["line"] == json!("note") && line["mark"].is_null()
}

#[tokio::test]
async fn a_call_is_registered_for_any_account_and_shows_without_a_number_until_the_line_is_back() {
    let house = desk_with(&[]);
    let core = sign_in(&house, "ilina").await;
    let places = until(&core, "desk_places", json!({ "text": "винокурова 10" }), |all| {
        all.as_array().map(Vec::len) == Some(2)
    })
    .await;
    assert_eq!(places[0]["account"], Value::Null, "the house first");
    house.server.state().cut = true;
    let mut call = json!({
        "account": places[1]["account"], "house": null, "name": "Смирнова", "phone": "8 900 000 12 34",
        "subtype": LEAK.to_string(), "draft": { "text": "Капает", "files": [] },
    });
    let created = ask(&core, "desk_register", call.clone()).await;
    let list = ask(&core, "desk_tickets", search("9000001234")).await;
    let row = &list["rows"][0];
    assert_eq!((&row["ticket"], &row["number"], &row["source"]), (&created["ticket"], &Value::Null, &json!("phone")));
    assert_eq!((&row["short_name"], &row["address"]), (&json!("Течь: Капает"), &json!("Винокурова, 10-25")));
    assert_eq!(row["emergency"], json!(true));
    let card = ask(&core, "desk_ticket", json!({ "ticket": created["ticket"] })).await;
    assert_eq!((&card["ticket"]["row"]["number"], &card["applicant"]), (&Value::Null, &json!("Смирнова")));
    ask(&core, "desk_take", json!({ "tickets": [created["ticket"]] })).await;
    house.server.state().cut = false;
    ask(&core, "person_back", json!({})).await;
    let numbered = |list: &Value| list["rows"][0]["number"]["number"] == json!(6000);
    let list = until(&core, "desk_tickets", search("9000001234"), numbered).await;
    assert_eq!(list["total"], json!(1), "one ticket");
    let sources: Vec<Source> = house.server.state().applied.iter().map(|operation| operation.source).collect();
    assert_eq!(sources, [Source::Phone, Source::Desk]);

    call["account"] = Value::Null;
    let place = Failure::Field { field: Field::Place, problem: FieldProblem::Empty };
    assert_eq!(fails(&core, "desk_register", call).await, place);
    core.close().await;
}

#[tokio::test]
async fn a_ticket_goes_only_where_it_may_and_a_refusal_needs_its_reason() {
    let mut closed = leak(12, "Закрыта");
    closed.ticket.status = Status::Closed;
    let open = leak(11, "Капает кран");
    let house = desk_with(&[open.clone(), closed.clone()]);
    let core = sign_in(&house, "ilina").await;
    let to = |tickets: Value, to: &str| json!({ "tickets": tickets, "to": to, "reason": "", "until": null });
    let empty = |field| Failure::Field { field, problem: FieldProblem::Empty };
    assert_eq!(fails(&core, "desk_move", to(json!([id_of(&open)]), "rejected")).await, empty(Field::Reason));
    let mut later = to(json!([id_of(&open)]), "deferred");
    later["reason"] = json!("Нет детали");
    assert_eq!(fails(&core, "desk_move", later).await, empty(Field::Until));
    let stands = Failure::Rejected { rejection: Rejection::TicketStands { status: Status::Closed } };
    assert_eq!(fails(&core, "desk_move", to(json!([id_of(&closed)]), "done")).await, stands);
    ask(&core, "desk_move", to(json!([id_of(&closed), id_of(&open)]), "done")).await;
    settled(&core).await;
    let bodies: Vec<Body> = house.server.state().applied.iter().map(|operation| operation.body.clone()).collect();
    let [Body::MoveTicket(moved)] = &bodies[..] else { panic!("{bodies:?}") };
    assert_eq!((moved.ticket, moved.to), (open.ticket.id, Status::Done), "of many, what can go goes");
    core.close().await;
}

#[tokio::test]
async fn an_incident_takes_the_tickets_of_its_house_together_and_first() {
    let (near, far) = (leak(11, "Нет воды"), leak(12, "Лифт стоит"));
    let house = desk_with(&[near.clone(), far]);
    let core = sign_in(&house, "ilina").await;
    house.server.state().cut = true;
    let mut begun = json!({
        "id": null, "title": " Прорвало  стояк ", "text": "Чиним", "planned": false, "houses": [TENTH.to_string()],
        "began_ms": NOW_MS, "until_ms": null, "over": false,
    });
    ask(&core, "desk_incident_save", begun.clone()).await;
    let view = ask(&core, "desk", json!({})).await;
    let incident = view["incidents"][0].clone();
    assert_eq!((&incident["title"], &incident["mark"]), (&json!("Прорвало стояк"), &json!({ "mark": "here" })));
    assert_eq!(incident["houses"][0]["address"], json!("Винокурова, 10"));
    let card = ask(&core, "desk_ticket", json!({ "ticket": id_of(&near) })).await;
    assert_eq!(card["incidents"], json!([incident["id"]]));
    ask(&core, "desk_fold", json!({ "tickets": [id_of(&near)], "incident": incident["id"] })).await;
    let list = ask(&core, "desk_tickets", shelf("open")).await;
    assert_eq!((numbers(&list), &list["rows"][0]["incident"]), (vec![11, 12], &incident["id"]));
    let counted = ask(&core, "desk", json!({})).await["incidents"][0]["tickets"].clone();
    assert_eq!(counted, json!(1));
    house.server.state().cut = false;
    ask(&core, "person_back", json!({})).await;
    settled(&core).await;
    begun["id"] = incident["id"].clone();
    begun["over"] = json!(true);
    ask(&core, "desk_incident_save", begun.clone()).await;
    settled(&core).await;
    until(&core, "desk", json!({}), |view| view["incidents"] == json!([])).await;
    begun["houses"] = json!([]);
    let houses = Failure::Field { field: Field::Houses, problem: FieldProblem::Empty };
    assert_eq!(fails(&core, "desk_incident_save", begun).await, houses);
    core.close().await;
}

#[tokio::test]
async fn the_support_sees_who_waits_and_what_was_answered_waits_no_more() {
    let house = desk_with(&[]);
    let vera = UserId::new(Uuid::from_u128(7));
    let talk = SupportTalk {
        resident: vera,
        name: "Смирнова В. П.".into(),
        phone: "+79000001234".into(),
        messages: 1,
        last_ms: NOW_MS,
        waiting_since_ms: Some(NOW_MS),
    };
    house.server.put(Scope::SupportDesk, Entity::SupportTalk(talk));
    let question = Question {
        id: QuestionId::new(Uuid::from_u128(0xa1)),
        phone: "+79000005678".into(),
        text: MessageText::parse("Как войти?").expect("words"),
        asked_ms: NOW_MS,
        answered: None,
    };
    house.server.put(Scope::SupportDesk, Entity::Question(question));
    let core = sign_in(&house, "ilina").await;
    house.server.state().asked(Conversation::Support(vera), "Не приходит код", NOW_MS);
    ask(&core, "person_back", json!({})).await;
    let chats = until(&core, "desk_chats", json!({}), |chats| chats[0]["unread"] == json!(1)).await;
    assert_eq!(chats[0]["last"], json!("Не приходит код"));
    let view = ask(&core, "desk", json!({})).await;
    assert_eq!((&view["chats"], &view["questions"]), (&json!(1), &json!(1)));

    house.server.state().cut = true;
    let about = json!({ "about": "person", "user": vera.to_string() });
    let answer = json!({ "about": about, "draft": { "text": "Проверим", "files": [] }, "reopen": false });
    ask(&core, "message_send", answer).await;
    ask(&core, "desk_answer", json!({ "question": Uuid::from_u128(0xa1), "answer": "Перезвонили" })).await;
    let view = ask(&core, "desk", json!({})).await;
    assert_eq!((&view["chats"], &view["questions"]), (&json!(0), &json!(0)));
    let questions = ask(&core, "desk_questions", json!({})).await;
    assert_eq!((&questions[0]["answer"], questions[0]["mark"].is_null()), (&json!("Перезвонили"), false));
    house.server.state().cut = false;
    ask(&core, "person_back", json!({})).await;
    until(&core, "desk_questions", json!({}), |all| {
        all[0]["mark"].is_null() && all[0]["answered_by"] == json!("Ильина С. В.")
    })
    .await;
    core.close().await;
}

#[tokio::test]
async fn the_journal_holds_the_days_asked_for_and_the_monitor_counts_departments() {
    let mut done = leak(11, "=1+1");
    done.ticket.status = Status::Done;
    done.department = Some(PLUMBERS);
    done.ticket.deadlines[1].done_ms = Some(NOW_MS - MINUTE);
    done.ticket.rating = domain::ticket::Rating::try_from(4).ok();
    let mut old = leak(12, "Прошлый месяц");
    old.ticket.registered_ms -= 40 * 24 * 60 * MINUTE;
    let house = desk_with(&[done, old]);
    let core = sign_in(&house, "ilina").await;
    let days = json!({ "from": "2026-10-20", "to": "2026-10-20" });
    let lines = ask(&core, "desk_journal_lines", days.clone()).await;
    assert_eq!(lines.as_array().map(Vec::len), Some(1));
    assert_eq!((&lines[0]["name"], &lines[0]["finished_ms"]), (&json!("=1+1"), &json!(NOW_MS - MINUTE)));
    let saved = ask(&core, "desk_journal", days).await;
    let path = saved["path"].as_str().expect("a path");
    assert!(path.ends_with("Диспетчерский журнал 2026-10-20 — 2026-10-20.xlsx"), "{path}");
    assert!(std::fs::read(path).expect("the file").starts_with(b"PK"));
    let monitor = ask(&core, "desk_monitor", json!({})).await;
    let plumbers = &monitor["departments"][0];
    assert_eq!(
        (&plumbers["finished"], &plumbers["in_time"], &plumbers["rating_tenths"]),
        (&json!(1), &json!(1), &json!(40))
    );
    assert_eq!(monitor["departments"][1]["open"], json!(1), "what belongs to no department");
    core.close().await;
}

#[tokio::test]
async fn a_resident_has_no_desk() {
    let (_house, core) = super::ticketing::home().await;
    for command in ["desk", "desk_chats", "desk_questions", "desk_monitor"] {
        assert_eq!(fails(&core, command, json!({})).await, Failure::Gone, "{command}");
    }
    assert_eq!(fails(&core, "desk_tickets", shelf("open")).await, Failure::Gone);
    core.close().await;
}

#[tokio::test]
async fn the_desk_is_told_of_what_came_once_and_of_nothing_that_was_entered_here() {
    let (known, mine) = (leak(11, "Капает кран"), leak(12, "Не греет"));
    let house = desk_with(&[known, mine.clone()]);
    let core = sign_in(&house, "ilina").await;
    let mut toasts = core.toasts();
    let person = core.person().expect("signed in");
    crate::toasts::desk::news(&core, &person).await;
    assert!(toasts.try_recv().is_err(), "what was there before is no news");
    ask(&core, "desk_take", json!({ "tickets": [id_of(&mine)] })).await;
    settled(&core).await;
    let mut urgent = leak(20, "Прорвало");
    urgent.ticket.emergency = true;
    let mut given = leak(10, "Передано");
    given.executor = Some(ILINA.1);
    for desk in [leak(21, "Капает"), urgent, given] {
        house.server.state().tell_desk(Entity::DeskTicket(Box::new(desk)));
    }
    house.server.state().asked(Conversation::Ticket(mine.ticket.id), "Когда?", NOW_MS);
    ask(&core, "person_back", json!({})).await;
    let mut told = Vec::new();
    while told.len() < 4 {
        let toast = tokio::time::timeout(Duration::from_secs(20), toasts.recv()).await.expect("in time");
        told.push(match toast.expect("a toast") {
            Toast::NewTickets { tickets, emergency } => (emergency, tickets[0].number.number),
            Toast::TicketsAssigned { tickets } => (false, tickets[0].number.number),
            Toast::Messages { conversations } => (false, conversations[0].number.expect("a number").number),
            other => panic!("{other:?}"),
        });
    }
    assert_eq!(told, [(true, 20), (false, 10), (false, 12), (false, 21)], "the urgent first");
    crate::toasts::desk::news(&core, &person).await;
    assert!(toasts.try_recv().is_err(), "once");
    core.close().await;
}

#[tokio::test]
async fn a_ticket_that_was_taken_away_leaves_the_list_and_the_counters_and_those_behind_it_stay() {
    let all = [leak(11, "Капает кран"), leak(12, "Не греет"), leak(13, "Шумит труба")];
    let house = desk_with(&all);
    let core = sign_in(&house, "ilina").await;
    until(&core, "desk_tickets", shelf("open"), |view| numbers(view).len() == 3).await;
    house.server.state().take_from_desk("desk_ticket", all[0].ticket.id.uuid());
    ask(&core, "person_back", json!({})).await;
    let left = until(&core, "desk_tickets", shelf("open"), |view| numbers(view).len() == 2).await;
    assert_eq!(left["total"], json!(2));
    assert_eq!(count(&ask(&core, "desk", json!({})).await, "open"), json!(2));
    // Whoever took the place of what is gone in memory is found there, changed and found again.
    let mut moved = all[2].clone();
    moved.ticket.status = Status::Done;
    house.server.state().tell_desk(Entity::DeskTicket(Box::new(moved)));
    ask(&core, "person_back", json!({})).await;
    let left = until(&core, "desk_tickets", shelf("open"), |view| numbers(view).len() == 1).await;
    assert_eq!(numbers(&left), [12]);
    core.close().await;
}

#[tokio::test]
async fn who_works_for_the_utility_comes_in_without_a_connection_and_finds_the_desk() {
    let house = desk_with(&[leak(11, "Капает кран")]);
    let typed = json!({ "phone": "ilina", "password": "kotik-parol-2026", "forget_password": true });
    let core = house.core();
    ask(&core, "sign_in", typed.clone()).await;
    until(&core, "boot", json!({}), |boot| boot["session"]["workplace"] == json!("desk")).await;
    until(&core, "desk_tickets", shelf("open"), |view| numbers(view) == [11]).await;
    core.close().await;
    house.server.state().cut = true;
    let core = house.core();
    assert_eq!(ask(&core, "boot", json!({})).await["session"], Value::Null);
    let session = ask(&core, "sign_in", typed).await;
    assert_eq!((&session["online"], &session["workplace"]), (&json!(false), &json!("desk")));
    assert_eq!(numbers(&ask(&core, "desk_tickets", shelf("open")).await), [11]);
    core.close().await;
}
