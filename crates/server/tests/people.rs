//! Registration, sessions, limits: who may come in, and how often one may try.

mod common;

use common::*;
use domain::{DeviceId, Phone};
use reqwest::{Method, StatusCode};
use uuid::Uuid;
use wire::entity::Entity;
use wire::feed::{Change, Scope, Scopes};
use wire::problem::Code;
use wire::session::{DeviceInfo, Session};
use zhkh_server::calls::CallError;
use zhkh_server::params;
use zhkh_server::storage::StoreError;

const PHONE: &str = "+79000000001";
const MINUTE_MS: i64 = 60_000;

fn wrong_code(world: &World) -> serde_json::Value {
    let right: u32 = world.heard(PHONE).parse().expect("digits");
    serde_json::json!({"code": format!("{:04}", (right + 1) % 10_000)})
}

async fn sign_in(world: &World, phone: &str, password: &str, id: Option<DeviceId>) -> reqwest::Response {
    let device = DeviceInfo { id, ..device() };
    world.post("/v1/session", &serde_json::json!({"phone": phone, "password": password, "device": device})).await
}

async fn refresh(world: &World, token: &str) -> reqwest::Response {
    world.post("/v1/session/refresh", &serde_json::json!({"refresh_token": token})).await
}

async fn works(world: &World, access_token: &str) -> bool {
    let request = world.request(Method::GET, "/v1/scopes").bearer_auth(access_token);
    request.send().await.expect("answered").status() == StatusCode::OK
}

#[tokio::test]
async fn what_is_wrong_with_the_first_step_is_said_with_its_field() {
    let world = World::new().await;
    let start = |phone: &str, name: &str, version: &str| {
        let sha256 = world.consent().sha256;
        serde_json::json!({"phone": phone, "name": name, "consent": {"version": version, "sha256": sha256}})
    };
    let ask = async |body| problem(world.post("/v1/registration", &body).await).await;
    assert_eq!(ask(start("123", "Иванов Иван", "1")).await, Code::Unreadable { field: Some("phone".into()) });
    assert_eq!(ask(start(PHONE, "", "1")).await, Code::Unreadable { field: Some("name".into()) });
    assert_eq!(ask(start(PHONE, "Иванов Иван", "0")).await, Code::ConsentOutdated);
}

#[tokio::test]
async fn a_wrong_code_is_counted_and_the_fifth_ends_it() {
    let world = World::new().await;
    let id = world.begin(PHONE).await;
    let path = format!("/v1/registration/{id}/code");
    let any = serde_json::json!({"code": "0000"});
    assert_eq!(problem(world.post(&path, &any).await).await, Code::CodeExpired, "before the call");
    world.post(&format!("/v1/registration/{id}/call"), &()).await;
    for tries_left in (0..5).rev() {
        assert_eq!(problem(world.post(&path, &wrong_code(&world)).await).await, Code::WrongCode { tries_left });
    }
    let right = serde_json::json!({"code": world.heard(PHONE)});
    assert_eq!(problem(world.post(&path, &right).await).await, Code::CodeExpired, "used up");
    let password = serde_json::json!({"password": PASSWORD, "device": device()});
    let early = world.post(&format!("/v1/registration/{id}/password"), &password).await;
    assert_eq!(problem(early).await, Code::RegistrationGone, "the phone was not proven");
}

#[tokio::test]
async fn a_code_is_over_after_five_minutes_and_stored_only_as_a_mac() {
    let world = World::new().await;
    let id = world.begin(PHONE).await;
    world.post(&format!("/v1/registration/{id}/call"), &()).await;
    let right = serde_json::json!({"code": world.heard(PHONE)});
    let stored = world.store().read(|sql| sql.query("SELECT code_hmac FROM registrations", &[])).await.expect("read");
    assert_eq!(stored[0].get::<Vec<u8>>(0).expect("bytes").len(), 32);
    world.clock.advance(300_000);
    let late = world.post(&format!("/v1/registration/{id}/code"), &right).await;
    assert_eq!(problem(late).await, Code::CodeExpired);
}

#[tokio::test]
async fn calls_are_a_minute_apart_and_ten_a_day_for_one_phone_whatever_the_registration() {
    let world = World::new().await;
    let first = world.begin(PHONE).await;
    world.post(&format!("/v1/registration/{first}/call"), &()).await;
    let second = world.begin(PHONE).await;
    let path = format!("/v1/registration/{second}/call");
    world.clock.advance(20_000);
    assert_eq!(problem(world.post(&path, &()).await).await, Code::CallTooSoon { retry_after_s: 40 });
    for _ in 0..9 {
        world.clock.advance(MINUTE_MS);
        assert_eq!(world.post(&path, &()).await.status(), StatusCode::OK);
    }
    world.clock.advance(MINUTE_MS);
    let refused = world.post(&path, &()).await;
    assert!(refused.headers().contains_key("retry-after"));
    let Code::CallTooSoon { retry_after_s } = problem(refused).await else { panic!("an eleventh call") };
    assert!(retry_after_s > 3600, "{retry_after_s}");
}

#[tokio::test]
async fn calls_from_one_address_are_limited_too() {
    let world = World::with(&SETTINGS.replace("calls_per_ip_day = 1000", "calls_per_ip_day = 2")).await;
    let mut answers = Vec::new();
    for last in 1..=3 {
        let id = world.begin(&format!("+7900000000{last}")).await;
        answers.push(world.post(&format!("/v1/registration/{id}/call"), &()).await.status().as_u16());
    }
    assert_eq!(answers, [200, 200, 429]);
}

#[tokio::test]
async fn a_robot_out_of_order_costs_the_person_no_call() {
    let world = World::new().await;
    let id = world.begin(PHONE).await;
    let path = format!("/v1/registration/{id}/call");
    let fail = |error| *world.robot.fails.lock().expect("not poisoned") = error;
    fail(Some(CallError::NoMoney));
    assert_eq!(problem(world.post(&path, &()).await).await, Code::CallUnavailable);
    fail(Some(CallError::BadNumber));
    assert_eq!(
        problem(world.post(&path, &()).await).await,
        Code::NumberUnavailable,
        "at once: the first was not counted"
    );
    fail(None);
    world.clock.advance(MINUTE_MS);
    assert_eq!(world.post(&path, &()).await.status(), StatusCode::OK);
    // A repeated call that was not made leaves the code of the first one good.
    fail(Some(CallError::Duplicate));
    world.clock.advance(MINUTE_MS);
    assert_eq!(problem(world.post(&path, &()).await).await, Code::CallTooSoon { retry_after_s: 60 });
    let heard = serde_json::json!({"code": world.heard(PHONE)});
    let proven = world.post(&format!("/v1/registration/{id}/code"), &heard).await;
    assert_eq!(proven.status(), StatusCode::OK);
}

#[tokio::test]
async fn account_numbers_cannot_be_tried_out_without_end() {
    let world = World::with(&SETTINGS.replace("calls_per_ip_day = 1000", "lookups_per_hour = 2")).await;
    let person = world.register(PHONE).await;
    let number = serde_json::json!({"number": "9999999999"});
    let proof = serde_json::json!({"number": "9999999999", "proof": {"by": "sum", "sum": 1, "period": "2026-10"}});
    let lookup = world.post_as(&person, "/v1/accounts/lookup", &number).await;
    assert_eq!(problem(lookup).await, Code::AccountUnknown);
    assert_eq!(problem(world.post_as(&person, "/v1/accounts/prove", &proof).await).await, Code::AccountUnknown);
    for (path, body) in [("/v1/accounts/lookup", number), ("/v1/accounts/prove", proof)] {
        let locked = problem(world.post_as(&person, path, &body).await).await;
        assert!(matches!(locked, Code::LockedOut { .. }), "{path}: {locked:?}");
    }
}

#[tokio::test]
async fn a_known_and_an_unknown_phone_are_told_apart_only_after_the_code() {
    let world = World::new().await;
    world.register(PHONE).await;
    world.clock.advance(MINUTE_MS);
    let (_, known) = world.prove_phone(PHONE).await;
    let (_, unknown) = world.prove_phone("+79000000002").await;
    assert_eq!((known.known, unknown.known), (true, false));
    let ask = async |phone| problem(sign_in(&world, phone, "другой2026пароль", None).await).await;
    assert_eq!(ask(PHONE).await, Code::WrongPassword { tries_left: 4 });
    assert_eq!(ask("+79000000003").await, Code::WrongPassword { tries_left: 4 });
}

#[tokio::test]
async fn a_weak_password_is_refused_and_the_registration_goes_on() {
    let world = World::new().await;
    let (id, _) = world.prove_phone(PHONE).await;
    let path = format!("/v1/registration/{id}/password");
    let weak = serde_json::json!({"password": "12345678", "device": device()});
    assert_eq!(problem(world.post(&path, &weak).await).await, Code::WeakPassword);
    let good = serde_json::json!({"password": PASSWORD, "device": device()});
    assert_eq!(world.post(&path, &good).await.status(), StatusCode::OK);
    assert_eq!(problem(world.post(&path, &good).await).await, Code::RegistrationGone, "once only");
}

#[tokio::test]
async fn a_phone_registered_anew_keeps_its_person_and_nothing_else() {
    let world = World::new().await;
    let (before, flat) = world.resident().await;
    let seen = world.snapshot(&before, Scope::User(before.user)).await;
    world.clock.advance(MINUTE_MS);
    let after = world.register(PHONE).await;
    assert_eq!(after.user, before.user);
    assert!(!works(&world, &before.token).await, "the old session is over");
    let scopes: Scopes = read(world.get_as(&after, "/v1/scopes").await).await;
    assert_eq!(scopes.scopes, [Scope::Public, Scope::User(after.user)]);
    let page = world.feed_after(&after, &seen).await;
    let revoked = Change::Revoked { scope: Scope::Account(flat.account) };
    assert!(page.rows.iter().any(|row| row.change == revoked));
    let consents = world.store().read(|sql| sql.query("SELECT sha256, proven_by FROM consents", &[])).await;
    assert_eq!(consents.expect("read").len(), 2, "each registration gives its own consent");
}

#[tokio::test]
async fn five_wrong_passwords_close_the_phone_even_for_the_right_one_and_a_restart_forgives_nothing() {
    let mut world = World::new().await;
    let person = world.register(PHONE).await;
    for tries_left in (0..5).rev() {
        let wrong = problem(sign_in(&world, PHONE, "другой2026пароль", None).await).await;
        assert_eq!(wrong, Code::WrongPassword { tries_left });
    }
    world.stop().await;
    world.start().await;
    let closed = problem(sign_in(&world, PHONE, PASSWORD, None).await).await;
    assert_eq!(closed, Code::LockedOut { retry_after_s: 900 });
    world.clock.advance(900_000);
    let session: Session = read(sign_in(&world, "8 (900) 000-00-01", PASSWORD, None).await).await;
    assert_eq!(session.user, person.user);
}

#[tokio::test]
async fn many_guesses_at_once_are_no_more_than_five() {
    let world = World::new().await;
    world.register(PHONE).await;
    let guesses = (0..20).map(|_| sign_in(&world, PHONE, "другой2026пароль", None));
    let answers = futures_util::future::join_all(guesses).await;
    let looked_at = answers.iter().filter(|answer| answer.status() == StatusCode::UNAUTHORIZED).count();
    assert_eq!(looked_at, 5);
}

#[tokio::test]
async fn a_device_has_the_same_secret_at_every_sign_in_and_another_person_another_device() {
    let world = World::new().await;
    let first = world.register(PHONE).await.session;
    let again: Session = read(sign_in(&world, PHONE, PASSWORD, Some(first.device)).await).await;
    assert_eq!((again.device, &again.device_secret), (first.device, &first.device_secret));
    let elsewhere: Session = read(sign_in(&world, PHONE, PASSWORD, None).await).await;
    assert_ne!(elsewhere.device_secret, first.device_secret);
    world.register("+79000000002").await;
    let stranger: Session = read(sign_in(&world, "+79000000002", PASSWORD, Some(first.device)).await).await;
    assert_ne!(stranger.device, first.device);
    assert_ne!(stranger.device_secret, first.device_secret);
}

#[tokio::test]
async fn an_access_token_is_good_for_fifteen_minutes_and_a_refresh_gives_the_next() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    world.clock.advance(900_000);
    assert!(!works(&world, &person.token).await);
    let next: Session = read(refresh(&world, &person.session.refresh_token).await).await;
    assert!(works(&world, &next.access_token).await);
    assert_eq!(next.device_secret, person.session.device_secret);
}

#[tokio::test]
async fn a_lost_answer_to_a_refresh_signs_nobody_out() {
    let world = World::new().await;
    let first = world.register(PHONE).await.session.refresh_token;
    let lost: Session = read(refresh(&world, &first).await).await;
    let second: Session = read(refresh(&world, &first).await).await;
    assert!(works(&world, &second.access_token).await);
    let third: Session = read(refresh(&world, &second.refresh_token).await).await;
    assert!(works(&world, &third.access_token).await);
    // The token of the lost answer was never used by us: whoever shows it read the answer on the way.
    assert_eq!(problem(refresh(&world, &lost.refresh_token).await).await, Code::SignInNeeded);
    assert!(!works(&world, &third.access_token).await);
}

#[tokio::test]
async fn a_stolen_refresh_token_signs_its_device_out_everywhere() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let second: Session = read(refresh(&world, &person.session.refresh_token).await).await;
    let third: Session = read(refresh(&world, &second.refresh_token).await).await;
    let beside: Session = read(sign_in(&world, PHONE, PASSWORD, Some(person.session.device)).await).await;
    let elsewhere: Session = read(sign_in(&world, PHONE, PASSWORD, None).await).await;
    assert_eq!(problem(refresh(&world, &person.session.refresh_token).await).await, Code::SignInNeeded);
    assert!(!works(&world, &third.access_token).await);
    assert!(!works(&world, &beside.access_token).await, "the same device");
    assert!(works(&world, &elsewhere.access_token).await, "another device");
    assert_eq!(problem(refresh(&world, &third.refresh_token).await).await, Code::SignInNeeded);
}

#[tokio::test]
async fn after_signing_out_the_tokens_are_dead() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let request = world.request(Method::DELETE, "/v1/session").bearer_auth(&person.token);
    assert_eq!(request.send().await.expect("answered").status(), StatusCode::NO_CONTENT);
    assert!(!works(&world, &person.token).await);
    assert_eq!(problem(refresh(&world, &person.session.refresh_token).await).await, Code::SignInNeeded);
}

#[tokio::test]
async fn no_token_and_no_password_lies_in_the_database_in_plain_text() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let planted = [person.token.as_str(), &person.session.refresh_token, PASSWORD];
    let text = world.whole_text().await;
    for planted in planted {
        assert!(!text.contains(planted) && !text.contains(&hex::encode(planted)), "{planted}");
    }
    let control = Phone::parse(PHONE).expect("a phone");
    assert!(text.contains(control.as_str()), "the search finds what is there");
}

#[tokio::test]
async fn an_account_is_found_masked_and_attached_by_a_proof_of_the_bill() {
    let world = World::new().await;
    let flat = world.flat(town::NUMBER).await;
    let person = world.register(PHONE).await;
    let lookup = |number: &str| serde_json::json!({"number": number});
    let unknown = world.post_as(&person, "/v1/accounts/lookup", &lookup("9999999999")).await;
    assert_eq!(problem(unknown).await, Code::AccountUnknown);
    let letters = world.post_as(&person, "/v1/accounts/lookup", &lookup("70АА123456")).await;
    assert_eq!(problem(letters).await, Code::Unreadable { field: Some("number".into()) });
    let found = world.post_as(&person, "/v1/accounts/lookup", &lookup("2140 183 572")).await;
    let found = found.text().await.expect("a body");
    assert!(
        found.contains("Винокурова, д. ••, кв. ••") && !found.contains("25") && !found.contains("Смирнова"),
        "{found}"
    );
    let qr =
        "ST00012|Name=МУП|PersonalAcc=1|BankName=Б|BIC=1|CorrespAcc=0|Sum=345678|PersAcc=2140183572|PaymPeriod=102026";
    let proof = |text: &str| serde_json::json!({"number": town::NUMBER, "proof": {"by": "qr", "text": text}});
    let foreign = world.post_as(&person, "/v1/accounts/prove", &proof(&qr.replace("2140183572", "2140183580"))).await;
    assert_eq!(problem(foreign).await, Code::ProofWrong { tries_left: 4 });
    let proven: wire::account::Proven = read(world.post_as(&person, "/v1/accounts/prove", &proof(qr)).await).await;
    assert!(proven.address.contains("кв. 25"));
    let token = serde_json::json!({"token": proven.token});
    let stranger = world.register("+79000000002").await;
    let stolen = world.post_as(&stranger, "/v1/accounts/attach", &token).await;
    assert_eq!(problem(stolen).await, Code::AttachmentExpired, "a token is its person's");
    let attached: wire::account::Attached = read(world.post_as(&person, "/v1/accounts/attach", &token).await).await;
    assert_eq!(attached.account, flat.account);
    let twice = world.post_as(&person, "/v1/accounts/lookup", &lookup(town::NUMBER)).await;
    assert_eq!(problem(twice).await, Code::AlreadyAttached);
}

#[tokio::test]
async fn five_wrong_proofs_close_the_door_for_an_hour_and_a_token_lives_ten_minutes() {
    let world = World::new().await;
    world.flat(town::NUMBER).await;
    let person = world.register(PHONE).await;
    let proof =
        |sum: i64| serde_json::json!({"number": town::NUMBER, "proof": {"by": "sum", "sum": sum, "period": "2026-10"}});
    let ask = async |person: &Person, sum| world.post_as(person, "/v1/accounts/prove", &proof(sum)).await;
    for tries_left in (0..5).rev() {
        assert_eq!(problem(ask(&person, 1).await).await, Code::ProofWrong { tries_left });
    }
    assert_eq!(problem(ask(&person, 345_678).await).await, Code::LockedOut { retry_after_s: 3600 });
    world.clock.advance(3_600_000);
    let person = world.sign_in(&person).await;
    let proven: wire::account::Proven = read(ask(&person, 345_678).await).await;
    world.clock.advance(10 * MINUTE_MS);
    let late = world.post_as(&person, "/v1/accounts/attach", &serde_json::json!({"token": proven.token})).await;
    assert_eq!(problem(late).await, Code::AttachmentExpired);
}

#[tokio::test]
async fn a_detached_account_is_revoked_and_its_house_only_with_the_last_flat() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let other = world.flat(town::OTHER_NUMBER).await;
    world.attach(&person, town::OTHER_NUMBER).await;
    let detach = async |account| {
        let path = format!("/v1/accounts/{account}");
        world.request(Method::DELETE, &path).bearer_auth(&person.token).send().await.expect("answered")
    };
    assert_eq!(detach(flat.account).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(problem(detach(flat.account).await).await, Code::NotYours);
    let scopes: Scopes = read(world.get_as(&person, "/v1/scopes").await).await;
    assert!(
        scopes.scopes.contains(&Scope::House(flat.house)) && !scopes.scopes.contains(&Scope::Account(flat.account))
    );
    assert_eq!(detach(other.account).await.status(), StatusCode::NO_CONTENT);
    let scopes: Scopes = read(world.get_as(&person, "/v1/scopes").await).await;
    assert_eq!(scopes.scopes.len(), 2);
    let logged = world.store().read(move |sql| {
        let rows = sql.query(
            "SELECT deed FROM access_log WHERE subject = $1 ORDER BY at_ms, id",
            params![format!("account:{}", flat.account)],
        )?;
        rows.iter().map(|row| row.get::<String>(0)).collect::<Result<Vec<_>, StoreError>>()
    });
    let mut logged = logged.await.expect("read");
    logged.sort();
    assert_eq!(logged, ["address_shown", "attached", "detached"]);
}

#[tokio::test]
async fn the_profile_of_a_new_person_stands_in_their_scope() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let snapshot = world.snapshot(&person, Scope::User(person.user)).await;
    let Entity::Profile(profile) = &snapshot.entities[0].entity else { panic!("{snapshot:?}") };
    assert_eq!((profile.phone.as_str(), profile.email.as_str()), (PHONE, ""));
    assert_eq!(profile.id.uuid(), person.user.uuid());
    assert_ne!(person.user.uuid(), Uuid::nil());
}
