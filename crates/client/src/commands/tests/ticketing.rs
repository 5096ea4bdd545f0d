//! A resident's tickets and conversations, with and without a line.

use super::fake_server::VERA;
use super::house::{House, NOW_MS, ask, fails, until};
use crate::core::Core;
use crate::overlay::tests::world;
use crate::view::{Failure, Field, FieldProblem, Toast};
use domain::ticket::Status;
use domain::{SubtypeId, TicketId, TicketTypeId, UserId};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;
use wire::entity::Entity;
use wire::feed::Scope;
use wire::operation::Body;
use wire::problem::Rejection;
use wire::ticket::{Conversation, Subtype, TicketType};

const PHONE: &str = "+79000001234";
const LEAK: SubtypeId = SubtypeId::new(Uuid::from_u128(0x51));

pub(super) async fn sign_in(house: &House) -> Arc<Core> {
    let core = house.core();
    ask(&core, "sign_in", json!({ "phone": PHONE, "password": "kotik-parol-2026", "forget_password": false })).await;
    until(&core, "tickets", list(), |view| view["types"].as_array().is_some_and(|all| !all.is_empty())).await;
    core
}

pub(super) async fn home() -> (House, Arc<Core>) {
    let house = House::new();
    house.server.register(PHONE, VERA, "kotik-parol-2026");
    let picture = world::flat(world::day(10, 20));
    for account in picture.accounts {
        house.server.put(Scope::Account(world::FLAT), Entity::Account(account));
    }
    let leak = Subtype { id: LEAK, name: "Течь".into(), emergency: true };
    let id = TicketTypeId::new(Uuid::from_u128(0x50));
    let kind = TicketType { id, name: "Аварийная служба".into(), place: 1, subtypes: vec![leak] };
    house.server.put(Scope::Public, Entity::TicketType(kind));
    let (_, profile) = picture.profile.expect("a profile");
    house.server.put(Scope::User(UserId::new(VERA.uuid())), Entity::Profile(profile));
    let core = sign_in(&house).await;
    (house, core)
}

pub(super) fn list() -> Value {
    json!({ "closed": true, "account": null, "text": "" })
}

pub(super) fn written(text: &str) -> Value {
    json!({
        "account": world::FLAT.to_string(),
        "subtype": LEAK.to_string(),
        "draft": { "text": text, "files": [] },
        "mends": null,
    })
}

pub(super) fn about(ticket: &Value) -> Value {
    json!({ "about": "ticket", "ticket": ticket })
}

pub(super) fn message(ticket: &Value, text: &str) -> Value {
    json!({ "about": about(ticket), "draft": { "text": text, "files": [] }, "reopen": false })
}

pub(super) fn newest(ticket: &Value) -> Value {
    json!({ "about": about(ticket), "from": null, "count": 50 })
}

pub(super) fn texts(view: &Value) -> Vec<&str> {
    let lines = view["lines"].as_array().expect("lines").iter();
    lines.filter(|line| line["line"] == json!("message")).map(|line| line["text"].as_str().expect("text")).collect()
}

fn conversation(ticket: &Value) -> Conversation {
    let id: TicketId = ticket.as_str().expect("an id").parse().expect("an id");
    Conversation::Ticket(id)
}

fn numbered(row: &Value) -> bool {
    !row["number"].is_null()
}

async fn settled(core: &Arc<Core>) {
    until(core, "queue", json!({}), |queue| queue["waiting"] == json!([]) && queue["attention"] == json!([])).await;
}

#[tokio::test]
async fn a_ticket_written_offline_shows_at_once_and_takes_its_number_with_its_messages_in_order() {
    let (house, core) = home().await;
    house.server.state().cut = true;
    ask(&core, "ticket_draft_save", written("Капает из-под мойки")).await;
    let created = ask(&core, "ticket_create", written("Капает из-под мойки")).await;
    let ticket = &created["ticket"];
    for text in ["Раз", "Два", "Три"] {
        ask(&core, "message_send", message(ticket, text)).await;
    }
    let row = ask(&core, "tickets", list()).await["tickets"][0].clone();
    assert_eq!((&row["ticket"], &row["number"], &row["status"]), (ticket, &Value::Null, &json!("new")));
    assert_eq!(row["short_name"], json!("Течь: Капает из-под мойки"));
    let talk = ask(&core, "conversation", newest(ticket)).await;
    assert_eq!(texts(&talk), ["Раз", "Два", "Три"]);
    assert_eq!(talk["total"], json!(3));
    let draft = ask(&core, "ticket_draft", json!({})).await;
    assert_eq!(draft["draft"]["text"], json!(""), "what was sent is no draft any more");
    core.close().await;

    let core = house.core();
    assert_eq!(texts(&ask(&core, "conversation", newest(ticket)).await), ["Раз", "Два", "Три"]);
    house.server.state().cut = false;
    ask(&core, "person_back", json!({})).await;
    let numbered = |view: &Value| view["tickets"][0]["number"]["number"] == json!(5107);
    let view = until(&core, "tickets", list(), numbered).await;
    assert_eq!(view["tickets"].as_array().map(Vec::len), Some(1), "one ticket");
    let last = |view: &Value| view["lines"].as_array().and_then(|lines| lines.last().cloned()).unwrap_or_default();
    let talk = until(&core, "conversation", newest(ticket), |view| last(view)["number"] == json!(3)).await;
    assert_eq!(texts(&talk), ["Раз", "Два", "Три"]);
    assert_eq!(last(&talk)["mark"], json!({ "at": "accepted" }));
    core.close().await;
}

#[tokio::test]
async fn a_rejected_ticket_holds_its_messages_until_it_is_mended() {
    let (house, core) = home().await;
    house.server.state().cut = true;
    let created = ask(&core, "ticket_create", written("Капает")).await;
    let ticket = &created["ticket"];
    ask(&core, "message_send", message(ticket, "И сильно")).await;
    house.server.state().reject = Some(Rejection::FieldInvalid { field: "subtype".into() });
    house.server.state().cut = false;
    ask(&core, "person_back", json!({})).await;
    let rejected = |view: &Value| view["tickets"][0]["mark"]["mark"] == json!("rejected");
    until(&core, "tickets", list(), rejected).await;
    let card = ask(&core, "ticket", json!({ "ticket": ticket })).await;
    assert_eq!((&card["rejected"], &card["may_close"]), (&created["operation"], &json!(false)));
    let talk = ask(&core, "conversation", newest(ticket)).await;
    assert_eq!(talk["lines"][0]["mark"]["mark"]["mark"], json!("held"));

    let mut mended = written("Капает с потолка");
    mended["mends"] = card["rejected"].clone();
    let again = ask(&core, "ticket_create", mended.clone()).await;
    assert_eq!(&again["ticket"], ticket, "it takes the place of the rejected one");
    settled(&core).await;
    let kinds: Vec<_> = house.server.state().applied.iter().map(|operation| operation.body.clone()).collect();
    let [Body::CreateTicket(ticket), Body::SendMessage(message)] = &kinds[..] else { panic!("{kinds:?}") };
    assert_eq!(message.conversation, Conversation::Ticket(ticket.ticket));
    assert_eq!(fails(&core, "ticket_create", mended).await, Failure::Gone, "there is nothing to mend any more");
    core.close().await;
}

#[tokio::test]
async fn what_is_missing_in_a_ticket_is_told_beside_its_field() {
    let (_house, core) = home().await;
    let missing = |field, problem| Failure::Field { field, problem };
    let mut ticket = written("Капает");
    ticket["account"] = json!("");
    let told = fails(&core, "ticket_create", ticket).await;
    assert_eq!(told, missing(Field::TicketAccount, FieldProblem::Empty));
    let mut ticket = written("Капает");
    ticket["subtype"] = json!("");
    assert_eq!(fails(&core, "ticket_create", ticket).await, missing(Field::TicketSubtype, FieldProblem::Empty));
    assert_eq!(fails(&core, "ticket_create", written(" \n")).await, missing(Field::Text, FieldProblem::Empty));
    let long = fails(&core, "ticket_create", written(&"я".repeat(4001))).await;
    assert_eq!(long, missing(Field::Text, FieldProblem::TooLong { max: 4000 }));
    core.close().await;
}

#[tokio::test]
async fn messages_and_statuses_count_until_they_were_shown_and_the_mark_is_nobodys_entry() {
    let (house, core) = home().await;
    let created = ask(&core, "ticket_create", written("Капает")).await;
    let ticket = &created["ticket"];
    settled(&core).await;
    house.clock.forward(Duration::from_secs(60));
    {
        let mut state = house.server.state();
        state.answered(conversation(ticket), "Когда вы дома?", NOW_MS + 61_000);
        state.answered(conversation(ticket), "Ответьте, пожалуйста", NOW_MS + 62_000);
        state.moved_by_staff(Status::AwaitingResident, NOW_MS + 63_000);
    }
    ask(&core, "person_back", json!({})).await;
    let view = until(&core, "tickets", list(), |view| view["unread"] == json!(3)).await;
    assert_eq!(
        (&view["tickets"][0]["unread"], &view["tickets"][0]["status"]),
        (&json!(3), &json!("awaiting_resident"))
    );
    let talk = ask(&core, "conversation", newest(ticket)).await;
    assert_eq!(talk["first_unread"], json!(0));

    house.server.state().cut = true;
    for through in [1, 2] {
        ask(&core, "conversation_read", json!({ "about": about(ticket), "through": through })).await;
    }
    let view = ask(&core, "tickets", list()).await;
    assert_eq!(view["unread"], json!(0));
    let queue = ask(&core, "queue", json!({})).await;
    assert_eq!(queue["waiting"], json!([]), "how far somebody has read is no entry");
    assert_eq!(core.waiting(), 0);
    house.server.state().cut = false;
    ask(&core, "person_back", json!({})).await;
    let read = |_: &Value| {
        let last = house.server.state().applied.last().map(|operation| operation.body.clone());
        matches!(last, Some(Body::MarkRead(mark)) if mark.through == 2)
    };
    until(&core, "tickets", list(), read).await;
    core.close().await;
}

#[tokio::test]
async fn a_message_is_accepted_and_then_read() {
    let (house, core) = home().await;
    let support = json!({ "about": { "about": "support" }, "from": null, "count": 20 });
    let sent =
        json!({ "about": { "about": "support" }, "draft": { "text": "Здравствуйте", "files": [] }, "reopen": false });
    ask(&core, "message_send", sent).await;
    let mark = |view: &Value| view["lines"][0]["mark"]["at"].clone();
    let talk = until(&core, "conversation", support.clone(), |view| view["lines"][0]["number"] == json!(1)).await;
    assert_eq!(mark(&talk), json!("accepted"));
    house.server.state().read_by_staff(Conversation::Support(VERA), 1);
    ask(&core, "person_back", json!({})).await;
    until(&core, "conversation", support, |view| mark(view) == json!("read")).await;
    core.close().await;
}

#[tokio::test]
async fn a_ticket_is_closed_with_a_rating_and_opened_again_with_a_message_offline() {
    let (house, core) = home().await;
    let ticket = &ask(&core, "ticket_create", written("Капает")).await["ticket"];
    settled(&core).await;
    house.server.state().cut = true;
    ask(&core, "ticket_close", json!({ "ticket": ticket, "rating": 5, "word": "Спасибо" })).await;
    let card = ask(&core, "ticket", json!({ "ticket": ticket })).await;
    assert_eq!(
        (&card["row"]["status"], &card["rating"], &card["may_write"]),
        (&json!("closed"), &json!(5), &json!(false))
    );
    let again = fails(&core, "ticket_close", json!({ "ticket": ticket, "rating": null, "word": "" })).await;
    assert!(matches!(again, Failure::Rejected { rejection: Rejection::TicketStands { status: Status::Closed } }));
    let mut sent = message(ticket, "Снова капает");
    sent["reopen"] = json!(true);
    ask(&core, "message_send", sent).await;
    let card = ask(&core, "ticket", json!({ "ticket": ticket })).await;
    assert_eq!((&card["row"]["status"], &card["may_write"]), (&json!("new"), &json!(true)));
    house.server.state().cut = false;
    ask(&core, "person_back", json!({})).await;
    settled(&core).await;
    let kinds: Vec<_> = house.server.state().applied.iter().map(|operation| operation.body.clone()).collect();
    assert!(matches!(&kinds[1..], [Body::CloseTicket(_), Body::ReopenTicket(_), Body::SendMessage(_)]), "{kinds:?}");
    core.close().await;
}

#[tokio::test]
async fn drafts_survive_the_death_of_the_program() {
    let (house, core) = home().await;
    let ticket = ask(&core, "ticket_create", written("Капает")).await["ticket"].clone();
    settled(&core).await;
    let draft = json!({ "about": about(&ticket), "draft": { "text": "Ещё не всё", "files": [] } });
    ask(&core, "draft_save", draft).await;
    ask(&core, "ticket_draft_save", written("Нет света")).await;
    core.close().await;

    let core = house.core();
    let view = ask(&core, "tickets", list()).await;
    assert_eq!(view["tickets"][0]["draft"], json!(true));
    let talk = ask(&core, "conversation", newest(&ticket)).await;
    assert_eq!(talk["draft"]["text"], json!("Ещё не всё"));
    assert_eq!(ask(&core, "ticket_draft", json!({})).await["draft"]["text"], json!("Нет света"));
    ask(&core, "message_send", message(&ticket, "Ещё не всё")).await;
    let talk = ask(&core, "conversation", newest(&ticket)).await;
    assert_eq!((talk["draft"]["text"].clone(), texts(&talk)), (json!(""), vec!["Ещё не всё"]));
    core.close().await;
}

#[tokio::test]
async fn words_are_found_in_numbers_names_and_messages() {
    let (_house, core) = home().await;
    let first = ask(&core, "ticket_create", written("Капает из-под мойки")).await["ticket"].clone();
    ask(&core, "ticket_create", written("Нет света в подъезде")).await;
    ask(&core, "message_send", message(&first, "Ёлка застряла в лифте")).await;
    let in_the_mirror = |view: &Value| view["lines"][1]["number"] == json!(1);
    until(&core, "conversation", newest(&first), in_the_mirror).await;
    until(&core, "tickets", list(), |view| view["tickets"].as_array().is_some_and(|all| all.iter().all(numbered)))
        .await;
    let found = async |text: &str| {
        let view = ask(&core, "tickets", json!({ "closed": false, "account": null, "text": text })).await;
        view["tickets"].as_array().expect("rows").iter().map(|row| row["ticket"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(found("лифте елка").await, std::slice::from_ref(&first));
    assert_eq!(found("№ 5107").await, std::slice::from_ref(&first));
    assert_eq!(found("мойки").await, std::slice::from_ref(&first));
    assert_eq!(found("течь").await.len(), 2);
    assert!(found("самолёт").await.is_empty());
    let places = ask(&core, "conversation_find", json!({ "about": about(&first), "text": "ЕЛКА" })).await;
    assert_eq!(places, json!({ "description": false, "places": [0] }));
    let described = ask(&core, "conversation_find", json!({ "about": about(&first), "text": "МОЙКИ капает" })).await;
    assert_eq!(described, json!({ "description": true, "places": [] }));
    core.close().await;
}

#[tokio::test]
async fn a_message_is_told_once_with_its_ticket_and_not_at_all_while_it_is_in_front() {
    let (house, core) = home().await;
    let ticket = ask(&core, "ticket_create", written("Капает")).await["ticket"].clone();
    settled(&core).await;
    let told_of_nothing = Duration::from_secs(2);
    let mut toasts = core.toasts();
    house.clock.forward(Duration::from_secs(60));
    ask(&core, "conversation_front", json!({ "about": about(&ticket) })).await;
    house.server.state().answered(conversation(&ticket), "Мастер выехал", NOW_MS + 61_000);
    ask(&core, "person_back", json!({})).await;
    until(&core, "conversation", newest(&ticket), |view| view["total"] == json!(1)).await;
    let silent = tokio::time::timeout(told_of_nothing, toasts.recv()).await;
    assert!(silent.is_err(), "it was in front: {silent:?}");

    ask(&core, "conversation_front", json!({ "about": null })).await;
    let second = {
        let mut state = house.server.state();
        state.moved_by_staff(Status::AwaitingResident, NOW_MS + 62_000);
        let second = state.answered(conversation(&ticket), "Когда вы дома?", NOW_MS + 62_000);
        state.answered(conversation(&ticket), "Ответьте", NOW_MS + 63_000);
        second
    };
    ask(&core, "person_back", json!({})).await;
    let told = [toasts.recv().await.expect("a toast"), toasts.recv().await.expect("another")];
    let [Toast::Messages { conversations }, Toast::TicketsMoved { tickets }] = &told else { panic!("{told:?}") };
    assert_eq!((conversations.len(), conversations[0].count), (1, 2));
    assert_eq!((&conversations[0].message, &conversations[0].text), (&second.id.to_string(), &"Ответьте".to_owned()));
    assert_eq!((tickets.len(), tickets[0].status), (1, Status::AwaitingResident));
    assert_eq!(core.unread(), 4);
    core.close().await;

    let core = house.core();
    let mut toasts = core.toasts();
    ask(&core, "tickets", list()).await;
    let again = tokio::time::timeout(told_of_nothing, toasts.recv()).await;
    assert!(again.is_err(), "told once: {again:?}");
    core.close().await;
}

#[tokio::test]
async fn what_was_read_on_another_device_is_read_here() {
    let (house, core) = home().await;
    let ticket = ask(&core, "ticket_create", written("Капает")).await["ticket"].clone();
    settled(&core).await;
    house.clock.forward(Duration::from_secs(60));
    {
        let mut state = house.server.state();
        state.moved_by_staff(Status::Accepted, NOW_MS + 60_500);
        state.answered(conversation(&ticket), "Мастер выехал", NOW_MS + 61_000);
        state.read_by_resident(conversation(&ticket), 1);
        state.answered(conversation(&ticket), "Он у двери", NOW_MS + 62_000);
    }
    ask(&core, "person_back", json!({})).await;
    let all = |view: &Value| view["total"] == json!(2);
    let talk = until(&core, "conversation", newest(&ticket), all).await;
    assert_eq!(talk["first_unread"], json!(1));
    assert_eq!(ask(&core, "tickets", list()).await["unread"], json!(1), "the status came before what was read");
    core.close().await;
}

#[tokio::test]
async fn a_message_from_another_device_stands_before_what_waits_here() {
    let (house, core) = home().await;
    let ticket = ask(&core, "ticket_create", written("Капает")).await["ticket"].clone();
    settled(&core).await;
    house.server.state().cut = true;
    ask(&core, "message_send", message(&ticket, "С этого")).await;
    house.server.state().sent_elsewhere(conversation(&ticket), "С телефона", NOW_MS);
    assert_eq!(texts(&ask(&core, "conversation", newest(&ticket)).await), ["С этого"]);
    house.server.state().cut = false;
    ask(&core, "person_back", json!({})).await;
    let both = |view: &Value| {
        view["lines"].as_array().is_some_and(|lines| lines.last().is_some_and(|it| it["number"] == json!(2)))
    };
    let talk = until(&core, "conversation", newest(&ticket), both).await;
    assert_eq!(texts(&talk), ["С телефона", "С этого"]);
    core.close().await;
}

#[tokio::test]
async fn a_program_killed_right_after_sending_has_the_message_once_and_no_draft() {
    let (house, core) = home().await;
    let ticket = ask(&core, "ticket_create", written("Капает")).await["ticket"].clone();
    settled(&core).await;
    house.server.state().cut = true;
    let draft = json!({ "about": about(&ticket), "draft": { "text": "Одно", "files": [] } });
    ask(&core, "draft_save", draft).await;
    // What is written with the message is durable when the command answers; nothing after it is waited for.
    ask(&core, "message_send", message(&ticket, "Одно")).await;
    let left = house.data().join("data");
    let copy = tempfile::tempdir().expect("a folder");
    copy_all(&left, copy.path());
    core.close().await;

    let killed = house.core_with(copy.path());
    let talk = ask(&killed, "conversation", newest(&ticket)).await;
    assert_eq!((texts(&talk), &talk["draft"]["text"]), (vec!["Одно"], &json!("")));
    house.server.state().cut = false;
    ask(&killed, "person_back", json!({})).await;
    settled(&killed).await;
    let sent = house.server.state().applied.iter().filter(|it| matches!(it.body, Body::SendMessage(_))).count();
    assert_eq!(sent, 1);
    killed.close().await;
}

fn copy_all(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("listed").map(|entry| entry.expect("listed")) {
        let target = to.join(entry.file_name());
        if entry.file_type().expect("known").is_dir() {
            copy_all(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

#[tokio::test]
async fn ctrl_k_finds_tickets_and_messages() {
    let (_house, core) = home().await;
    let ticket = ask(&core, "ticket_create", written("Капает из-под мойки")).await["ticket"].clone();
    ask(&core, "message_send", message(&ticket, "Ёлка в лифте")).await;
    settled(&core).await;
    until(&core, "conversation", newest(&ticket), |view| view["lines"][1]["number"] == json!(1)).await;
    let found = ask(&core, "find", json!({ "query": "5107" })).await;
    assert_eq!(found[0]["target"], json!({ "target": "ticket", "id": ticket, "message": null }));
    let found = ask(&core, "find", json!({ "query": "елка лифт" })).await;
    assert_eq!((&found[0]["target"]["id"], found[0]["target"]["message"].is_string()), (&ticket, true));
    core.close().await;
}

#[tokio::test]
async fn a_conversation_of_ten_thousand_messages_is_read_in_parts_and_searched() {
    const ALL: u32 = 10_000;
    let (house, core) = home().await;
    let support = Conversation::Support(VERA);
    house.server.state().talked(support, ALL, NOW_MS);
    ask(&core, "person_back", json!({})).await;
    let part = |from: Value, count: u32| json!({ "about": { "about": "support" }, "from": from, "count": count });
    let whole = |view: &Value| view["total"] == json!(ALL);
    let last = until(&core, "conversation", part(Value::Null, 50), whole).await;
    assert_eq!((&last["from"], texts(&last).len()), (&json!(9950), 50));
    let middle = ask(&core, "conversation", part(json!(5000), 100)).await;
    assert_eq!(middle["lines"][0]["text"], json!("Слово 5001"));
    assert_eq!(middle["lines"][99]["place"], json!(5099));
    let end = ask(&core, "conversation", part(json!(9999), 500)).await;
    assert_eq!(texts(&end), ["Слово 10000"]);
    let found = ask(&core, "conversation_find", json!({ "about": { "about": "support" }, "text": "слово 777" })).await;
    let places: Vec<u64> = found["places"].as_array().expect("places").iter().filter_map(Value::as_u64).collect();
    assert_eq!((places.len(), places[0], places[1]), (19, 776, 1776));
    let place = async |about: Value, message: &Value| {
        ask(&core, "conversation_place", json!({ "about": about, "message": message })).await["place"].clone()
    };
    let support = json!({ "about": "support" });
    assert_eq!(place(support.clone(), &middle["lines"][0]["id"]).await, json!(5000));
    let ticket = ask(&core, "ticket_create", written("Капает")).await["ticket"].clone();
    assert_eq!(place(about(&ticket), &middle["lines"][0]["id"]).await, Value::Null, "of another conversation");
    ask(&core, "message_send", message(&ticket, "Ещё не всё")).await;
    let sent = ask(&core, "conversation", newest(&ticket)).await;
    let sent = sent["lines"].as_array().and_then(|lines| lines.iter().find(|line| line["line"] == json!("message")));
    assert_eq!(place(about(&ticket), &sent.expect("the message")["id"]).await, json!(0), "also before it is there");
    assert_eq!(place(support, &json!("019a0000-0000-7000-8000-000000000000")).await, Value::Null);
    ask(&core, "tickets", list()).await;
    core.close().await;
}
