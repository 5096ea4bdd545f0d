//! Who guesses codes and proofs, or floods the robot, gets no further than the settings say.

mod common;

use common::*;
use reqwest::{Method, StatusCode};
use uuid::Uuid;
use wire::feed::{Change, Scope};
use wire::problem::Code;
use zhkh_server::calls::CallError;
use zhkh_server::people::{self, Field};
use zhkh_server::storage::{Sql, StoreError};
use zhkh_server::{limits, params};

const PHONE: &str = "+79000000001";
const MINUTE_MS: i64 = 60_000;

/// A world with other limits.
async fn limited(limits: &str) -> World {
    World::with(&SETTINGS.replace("calls_per_ip_day = 1000", &format!("calls_per_ip_day = 1000\n{limits}"))).await
}

async fn call(world: &World, id: Uuid) -> reqwest::Response {
    world.post(&format!("/v1/registration/{id}/call"), &()).await
}

async fn enter(world: &World, id: Uuid, code: &str) -> reqwest::Response {
    world.post(&format!("/v1/registration/{id}/code"), &serde_json::json!({"code": code})).await
}

fn wrong(world: &World) -> String {
    let right: u32 = world.heard(PHONE).parse().expect("digits");
    format!("{:04}", (right + 1) % 10_000)
}

fn fail(world: &World, error: Option<CallError>) {
    *world.robot.fails.lock().expect("not poisoned") = error;
}

async fn prove(world: &World, person: &Person, number: &str, sum: i64) -> reqwest::Response {
    let proof = serde_json::json!({"number": number, "proof": {"by": "sum", "sum": sum, "period": "2026-10"}});
    world.post_as(person, "/v1/accounts/prove", &proof).await
}

#[tokio::test]
async fn a_code_cannot_be_guessed_while_the_robot_is_being_asked_to_call() {
    let world = World::new().await;
    let id = world.begin(PHONE).await;
    fail(&world, Some(CallError::NoMoney));
    let line = world.robot.line.lock().await;
    let guess = async {
        world.robot.asked.notified().await;
        let answer = enter(&world, id, "0000").await;
        drop(line);
        answer
    };
    let (called, guessed) = tokio::join!(call(&world, id), guess);
    assert_eq!(problem(guessed).await, Code::CodeExpired, "nobody heard a code yet");
    assert_eq!(problem(called).await, Code::CallUnavailable);
    assert_eq!(problem(enter(&world, id, "0000").await).await, Code::CodeExpired);
}

#[tokio::test]
async fn a_fresh_code_brings_no_more_guesses_for_the_phone_than_the_day_has() {
    let world = limited("wrong_codes_per_phone_day = 7").await;
    let first = world.begin(PHONE).await;
    call(&world, first).await;
    for tries_left in (0..5).rev() {
        assert_eq!(problem(enter(&world, first, &wrong(&world)).await).await, Code::WrongCode { tries_left });
    }
    world.clock.advance(MINUTE_MS);
    let second = world.begin(PHONE).await;
    call(&world, second).await;
    for tries_left in [1, 0] {
        assert_eq!(problem(enter(&world, second, &wrong(&world)).await).await, Code::WrongCode { tries_left });
    }
    let locked = problem(enter(&world, second, &world.heard(PHONE)).await).await;
    assert_eq!(locked, Code::LockedOut { retry_after_s: 24 * 3600 });
    world.clock.advance(MINUTE_MS);
    let refused = problem(call(&world, second).await).await;
    assert_eq!(refused, Code::CallTooSoon { retry_after_s: 24 * 3600 - 60 }, "its code could not be entered");
    world.clock.advance(24 * 60 * MINUTE_MS);
    let next_day = world.begin(PHONE).await;
    call(&world, next_day).await;
    assert_eq!(enter(&world, next_day, &world.heard(PHONE)).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_failing_robot_does_not_make_the_phones_calls_of_the_day_forgotten() {
    let world = limited("calls_per_phone_day = 2").await;
    let id = world.begin(PHONE).await;
    assert_eq!(call(&world, id).await.status(), StatusCode::OK);
    world.clock.advance(MINUTE_MS);
    fail(&world, Some(CallError::Down));
    assert_eq!(problem(call(&world, id).await).await, Code::CallUnavailable);
    fail(&world, None);
    world.store().write(limits::sweep).await.expect("swept");
    assert_eq!(call(&world, id).await.status(), StatusCode::OK, "at once: the failed one was not counted");
    world.clock.advance(MINUTE_MS);
    assert!(matches!(problem(call(&world, id).await).await, Code::CallTooSoon { .. }), "a third call");
}

#[tokio::test]
async fn a_flood_of_calls_to_many_phones_ends_at_the_utilitys_limit() {
    let world = limited("calls_per_day = 2").await;
    let mut answers = Vec::new();
    for last in 1..=3 {
        let id = world.begin(&format!("+7900000000{last}")).await;
        answers.push(call(&world, id).await.status().as_u16());
    }
    assert_eq!(answers, [200, 200, 503]);
}

#[tokio::test]
async fn a_refused_call_does_not_close_the_phone_for_its_owner() {
    let mut world = limited("calls_per_day = 1").await;
    let spent = world.begin("+79000000002").await;
    call(&world, spent).await;
    let id = world.begin(PHONE).await;
    assert_eq!(problem(call(&world, id).await).await, Code::CallUnavailable);
    world.stop().await;
    world.change_settings("calls_per_day = 1", "calls_per_day = 2");
    world.start().await;
    assert_eq!(call(&world, id).await.status(), StatusCode::OK, "without waiting a minute");
}

#[tokio::test]
async fn many_addresses_of_one_ipv6_network_are_one_caller() {
    let proxied = SETTINGS.replace("[limits]", "behind_proxy = true\n[limits]\nregistrations_per_ip_day = 2");
    let world = World::with(&proxied).await;
    let start = serde_json::json!({"phone": PHONE, "name": "Иванов Иван", "consent": world.consent()});
    let from = async |address: &str| {
        let request = world.request(Method::POST, "/v1/registration").header("x-forwarded-for", address);
        request.json(&start).send().await.expect("answered").status().as_u16()
    };
    assert_eq!(from("2001:db8:1:2::1").await, 200);
    assert_eq!(from("2001:db8:1:2:aaaa::2").await, 200);
    assert_eq!(from("2001:db8:1:2:bbbb::3").await, 429);
    assert_eq!(from("[2001:db8:1:2::4]:50001").await, 429, "a port is no other address");
    assert_eq!(from("2001:db8:1:3::1").await, 200, "another network");
}

#[tokio::test]
async fn an_account_with_nothing_to_pay_is_not_proven_by_zero() {
    let world = World::new().await;
    let flat = world.flat(town::NUMBER).await;
    let person = world.register(PHONE).await;
    for sum in [0_i64, -5_000] {
        let account = flat.account;
        let write = move |tx: &mut zhkh_server::storage::Tx<'_>| {
            tx.execute("UPDATE accounts SET bill_sum = $2 WHERE id = $1", params![account, sum])
        };
        world.store().write(write).await.expect("written");
        let proven = prove(&world, &person, town::NUMBER, sum).await;
        assert!(matches!(problem(proven).await, Code::ProofWrong { .. }), "{sum}");
    }
    let account = flat.account;
    let write = move |tx: &mut zhkh_server::storage::Tx<'_>| {
        tx.execute("UPDATE accounts SET bill_sum = 0 WHERE id = $1", params![account])
    };
    world.store().write(write).await.expect("written");
    let qr = "ST00012|Name=МУП|PersonalAcc=1|BankName=Б|BIC=1|CorrespAcc=0|Sum=0|PersAcc=2140183572";
    let proof = serde_json::json!({"number": town::NUMBER, "proof": {"by": "qr", "text": qr}});
    let proven = world.post_as(&person, "/v1/accounts/prove", &proof).await;
    assert!(matches!(problem(proven).await, Code::ProofWrong { .. }), "a code made up at home");
}

#[tokio::test]
async fn a_right_proof_of_ones_own_account_brings_no_fresh_guesses_at_others() {
    let world = World::new().await;
    world.flat(town::NUMBER).await;
    world.flat(town::OTHER_NUMBER).await;
    let person = world.register(PHONE).await;
    for tries_left in [4, 3, 2, 1] {
        let guess = problem(prove(&world, &person, town::OTHER_NUMBER, 1).await).await;
        assert_eq!(guess, Code::ProofWrong { tries_left });
    }
    assert_eq!(prove(&world, &person, town::NUMBER, 345_678).await.status(), StatusCode::OK);
    let guess = problem(prove(&world, &person, town::OTHER_NUMBER, 1).await).await;
    assert_eq!(guess, Code::ProofWrong { tries_left: 0 });
    let own = problem(prove(&world, &person, town::NUMBER, 345_678).await).await;
    assert_eq!(own, Code::LockedOut { retry_after_s: 3600 });
}

#[tokio::test]
async fn the_next_holder_of_a_number_reads_nothing_of_the_former_one_in_old_rows() {
    const EMAIL: &str = "former@example.ru";
    let world = World::new().await;
    let former = world.register(PHONE).await;
    let seen = world.snapshot(&former, Scope::User(former.user)).await;
    let user = former.user;
    let rename = move |tx: &mut zhkh_server::storage::Tx<'_>| {
        people::change(tx, user, Field::Name, "Сидорова Анна", None)?;
        people::change(tx, user, Field::Email, EMAIL, None)?;
        people::publish(tx, user, None)?;
        Ok::<_, StoreError>(())
    };
    world.store().write(rename).await.expect("written");
    let since_ever = format!("/v1/feed?epoch={}&seq=0&name={}", seen.epoch, Uuid::nil());
    let own = world.get_as(&former, &since_ever).await.text().await.expect("a body");
    assert!(own.contains(EMAIL) && own.contains("Сидорова"), "the search finds what is there: {own}");
    world.clock.advance(MINUTE_MS);
    let next = world.register(PHONE).await;
    assert_eq!(next.user, former.user);
    let read = world.get_as(&next, &since_ever).await.text().await.expect("a body");
    assert!(!read.contains(EMAIL) && !read.contains("Сидорова"), "{read}");
    assert!(read.contains("Иванов Иван Иванович"), "the new holder's own profile: {read}");
    let page = world.feed_after(&next, &seen).await;
    assert_eq!(page.rows.len(), 2, "a cursor from before still holds");
}

#[tokio::test]
async fn a_desktop_that_was_off_hears_what_was_detached_before_its_number_was_registered_anew() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let seen = world.snapshot(&person, Scope::User(person.user)).await;
    let detach = world.request(Method::DELETE, &format!("/v1/accounts/{}", flat.account)).bearer_auth(&person.token);
    assert_eq!(detach.send().await.expect("answered").status(), StatusCode::NO_CONTENT);
    world.clock.advance(MINUTE_MS);
    let again = world.register(PHONE).await;
    let page = world.feed_after(&again, &seen).await;
    let revoked = Change::Revoked { scope: Scope::Account(flat.account) };
    assert!(page.rows.iter().any(|row| row.change == revoked), "{page:?}");
}
