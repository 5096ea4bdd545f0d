//! «События»: what is shown, read, answered and ordered, with and without a line.

use super::fake_server::VERA;
use super::house::{House, NOW_MS, ask, fails, until};
use crate::core::Core;
use crate::view::{Failure, Toast};
use domain::announcement::{Answer, AnswersProblem, Ask, Headline, Importance, PollQuestion, WebLink};
use domain::{AnnouncementId, FileId, FileName, HouseId, Kopecks, MessageText, SubtypeId};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;
use wire::announcement::{Announcement, Offer, Poll, What};
use wire::entity::Entity;
use wire::feed::Scope;
use wire::operation::Body;
use wire::problem::Rejection;
use wire::ticket::Attachment;

const HOUR: i64 = 3_600_000;
const ENDS_MS: i64 = NOW_MS + 2 * HOUR;
const TENTH: Scope = Scope::House(HouseId::new(Uuid::from_u128(0x71)));

fn id(number: u128) -> AnnouncementId {
    AnnouncementId::new(Uuid::from_u128(0xa000 + number))
}

fn args(number: u128) -> Value {
    json!({ "announcement": id(number).to_string() })
}

fn news(number: u128) -> Announcement {
    Announcement {
        id: Uuid::from_u128(0xb000 + number),
        announcement: id(number),
        headline: Headline::parse(&format!("Новость {number}")).expect("a heading"),
        story: MessageText::parse("Отопление включено").expect("words"),
        importance: Importance::Usual,
        pinned: false,
        attachments: Vec::new(),
        since_ms: NOW_MS - HOUR * i64::try_from(number).expect("few"),
        until_ms: None,
        what: What::News,
        results: None,
    }
}

fn poll(number: u128) -> Announcement {
    let options = vec!["Утром".to_owned(), "Вечером".to_owned()];
    let questions = vec![
        PollQuestion { text: "Когда удобно?".into(), ask: Ask::One { options }, required: true },
        PollQuestion { text: "Что ещё?".into(), ask: Ask::Words, required: false },
    ];
    let what = What::Poll(Poll { questions, ends_ms: ENDS_MS, results_shown: true });
    Announcement { what, ..news(number) }
}

fn entity(one: Announcement) -> Entity {
    Entity::Announcement(Box::new(one))
}

/// A person who is signed in and sees these.
async fn sees(announcements: Vec<Announcement>) -> (House, Arc<Core>) {
    let house = House::new();
    house.server.register("+79000001234", VERA, "kotik-parol-2026");
    for one in announcements {
        house.server.put(Scope::Public, entity(one));
    }
    let core = house.core();
    sign_in(&core).await;
    (house, core)
}

async fn sign_in(core: &Arc<Core>) {
    let typed = json!({ "phone": "+7 900 000-12-34", "password": "kotik-parol-2026", "forget_password": false });
    ask(core, "sign_in", typed).await;
    until(core, "announcements", json!({}), |view| view["known"] == json!(true)).await;
}

fn headlines(view: &Value, list: &str) -> Vec<String> {
    let rows = view[list].as_array().expect("rows").iter();
    rows.map(|row| row["headline"].as_str().expect("a heading").to_owned()).collect()
}

fn answer(places: &[u8], words: &str) -> Value {
    json!({ "announcement": id(1).to_string(), "answers": [
        { "places": places, "words": "" }, { "places": [], "words": words },
    ] })
}

fn sent(house: &House) -> Vec<Body> {
    house.server.state().applied.iter().map(|operation| operation.body.clone()).collect()
}

#[tokio::test]
async fn a_thing_of_two_houses_stands_twice_or_what_is_not_shown_now_stands_in_the_list() {
    let pinned = Announcement { pinned: true, ..news(5) };
    let to_come = Announcement { since_ms: NOW_MS + HOUR, ..news(3) };
    let gone = Announcement { until_ms: Some(NOW_MS - 1), ..news(4) };
    let (house, core) = sees(vec![news(2), pinned, to_come, gone, news(1)]).await;
    house.server.state().announced(TENTH, entity(Announcement { id: Uuid::from_u128(0xc001), ..news(1) }));
    house.server.state().announced(Scope::Public, entity(news(6)));
    core.engine().expect("a person").send_now();
    let view = until(&core, "announcements", json!({}), |view| headlines(view, "news").len() > 3).await;
    assert_eq!(headlines(&view, "news"), ["Новость 5", "Новость 1", "Новость 2", "Новость 6"]);
    assert_eq!((&view["unread"], &view["next_turn_ms"]), (&json!(4), &json!(NOW_MS + HOUR)));
    house.clock.forward(Duration::from_millis(u64::try_from(HOUR).expect("an hour")));
    let view = ask(&core, "announcements", json!({})).await;
    assert_eq!(headlines(&view, "news")[1], "Новость 3", "its time came without the server");
    core.close().await;
}

#[tokio::test]
async fn what_was_opened_is_told_twice_or_in_the_queue() {
    let (house, core) = sees(vec![news(1)]).await;
    house.server.state().cut = true;
    ask(&core, "announcement_read", args(1)).await;
    ask(&core, "announcement_read", args(1)).await;
    let view = ask(&core, "announcements", json!({})).await;
    assert_eq!((&view["unread"], &view["news"][0]["unread"]), (&json!(0), &json!(false)));
    assert_eq!(ask(&core, "queue", json!({})).await["waiting"], json!([]));
    house.server.state().cut = false;
    core.engine().expect("a person").send_now();
    until(&core, "boot", json!({}), |_| !sent(&house).is_empty()).await;
    ask(&core, "announcement_read", args(1)).await;
    assert_eq!(sent(&house).len(), 1);
    core.close().await;
}

#[tokio::test]
async fn an_answer_without_a_line_is_lost_or_does_not_give_way_to_the_next() {
    let (house, core) = sees(vec![poll(1)]).await;
    house.server.state().cut = true;
    let needed = fails(&core, "poll_answer", answer(&[], "Спасибо")).await;
    assert_eq!(needed, Failure::AnswersWrong { problem: AnswersProblem::Required { question: 0 } });
    let strange = fails(&core, "poll_answer", answer(&[2], "")).await;
    assert_eq!(strange, Failure::AnswersWrong { problem: AnswersProblem::Kind { question: 0 } });
    ask(&core, "poll_answer", answer(&[0], "")).await;
    let here = |view: &Value| view["row"]["mark"]["mark"] == json!("here");
    until(&core, "announcement", args(1), here).await;
    let again = ask(&core, "poll_answer", answer(&[1], "Спасибо")).await;
    assert_eq!(again["replaced"], json!(true));
    let view = until(&core, "announcement", args(1), here).await;
    assert_eq!(view["poll"]["answers"][0]["places"], json!([1]));
    let queue = ask(&core, "queue", json!({})).await;
    assert_eq!(queue["waiting"][0]["what"]["headline"], json!("Новость 1"));
    house.server.state().cut = false;
    core.engine().expect("a person").send_now();
    until(&core, "announcement", args(1), |view| view["row"]["mark"].is_null()).await;
    let words = Answer::Words { words: MessageText::parse("Спасибо").expect("words") };
    let bodies = sent(&house);
    let [Body::AnswerPoll(body)] = &bodies[..] else { panic!("{bodies:?}") };
    assert_eq!(body.answers, [Answer::Chosen { places: vec![1] }, words]);
    assert_eq!(ask(&core, "poll_answer", answer(&[0], "")).await["replaced"], json!(false));
    core.close().await;
}

#[tokio::test]
async fn a_poll_is_answered_after_its_end_or_a_refused_answer_is_thrown_away() {
    let (house, core) = sees(vec![poll(1)]).await;
    house.server.state().reject = Some(Rejection::PollEnded);
    ask(&core, "poll_answer", answer(&[1], "")).await;
    let view = until(&core, "announcement", args(1), |view| view["row"]["mark"]["mark"] == json!("rejected")).await;
    assert_eq!(view["poll"]["answers"], json!(null));
    assert_eq!(view["poll"]["draft"][0]["places"], json!([1]));
    house.clock.forward(Duration::from_millis(u64::try_from(2 * HOUR).expect("hours")));
    let over = fails(&core, "poll_answer", answer(&[0], "")).await;
    assert_eq!(over, Failure::Rejected { rejection: Rejection::PollEnded });
    core.close().await;
}

#[tokio::test]
async fn what_was_chosen_and_not_sent_is_gone_after_a_restart() {
    let (house, core) = sees(vec![poll(1)]).await;
    ask(&core, "poll_draft_save", answer(&[0], "Пока думаю")).await;
    core.close().await;
    drop(core);
    let core = house.core();
    let view = until(&core, "announcement", args(1), |view| !view["poll"]["draft"].is_null()).await;
    assert_eq!(view["poll"]["draft"][1]["words"], json!("Пока думаю"));
    ask(&core, "poll_answer", answer(&[0], "Надумала")).await;
    assert_eq!(ask(&core, "announcement", args(1)).await["poll"]["draft"], json!(null));
    core.close().await;
}

#[tokio::test]
async fn something_urgent_is_told_twice_or_not_at_all() {
    let (house, core) = sees(vec![news(1)]).await;
    let mut toasts = core.toasts();
    let urgent = |number| entity(Announcement { importance: Importance::Urgent, ..news(number) });
    let mut told = async |number| {
        house.server.state().announced(Scope::Public, urgent(number));
        core.engine().expect("a person").send_now();
        let toast = tokio::time::timeout(Duration::from_secs(20), toasts.recv()).await.expect("in time");
        match toast.expect("a toast") {
            Toast::Announced { announcements } => announcements.into_iter().map(|one| one.headline).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(told(2).await, ["Новость 2"]);
    assert_eq!(told(3).await, ["Новость 3"]);
    core.close().await;
}

#[tokio::test]
async fn a_picture_nobody_looked_at_is_not_there_without_a_line() {
    let house = House::new();
    house.server.register("+79000001234", VERA, "kotik-parol-2026");
    let bytes = b"\x89PNG\r\n\x1a\nof the yard".to_vec();
    let file = FileId::of(Sha256::digest(&bytes).into());
    let media = "image/png".to_owned();
    let attachment =
        Attachment { file, name: FileName::new("двор.png"), media, bytes: bytes.len() as u64, size: None };
    house.server.state().files.insert(file, bytes);
    house.server.put(Scope::Public, entity(Announcement { attachments: vec![attachment], ..news(1) }));
    let core = house.core();
    sign_in(&core).await;
    until(&core, "announcement", args(1), |view| !view["attachments"][0]["blob"].is_null()).await;
    core.close().await;
}

#[tokio::test]
async fn ordering_throws_away_a_ticket_that_was_begun_or_the_partners_page_is_not_opened() {
    let offer = What::Offer(Offer {
        group: "Сантехника".into(),
        price: Some(Kopecks(150_000)),
        price_from: true,
        partner: String::new(),
        order: Some(SubtypeId::new(Uuid::from_u128(0x51))),
        phone: "+7 8352 00-01-12".into(),
        link: Some(WebLink::parse("https://example.ru/kran").expect("an address")),
    });
    let (house, core) = sees(vec![Announcement { what: offer, ..news(1) }]).await;
    let order = |replace: bool| json!({ "announcement": id(1).to_string(), "replace": replace });
    assert_eq!(ask(&core, "offer_order", order(false)).await["begun"], json!(true));
    let draft = ask(&core, "ticket_draft", json!({})).await;
    assert_eq!(draft["draft"]["text"], json!("Заказ: Новость 1, от 1500 руб."));
    assert_eq!(draft["subtype"], json!(Uuid::from_u128(0x51).to_string()));
    assert_eq!(ask(&core, "offer_order", order(false)).await["begun"], json!(false));
    assert_eq!(ask(&core, "offer_order", order(true)).await["begun"], json!(true));
    ask(&core, "offer_browse", args(1)).await;
    let opened = house.opened.0.lock().expect("no panic in it").clone();
    assert_eq!(opened, [std::path::PathBuf::from("https://example.ru/kran")]);
    let found = ask(&core, "find", json!({ "query": "отопление" })).await;
    assert_eq!(found[0]["target"], json!({ "target": "announcement", "id": id(1).to_string() }));
    core.close().await;
}
