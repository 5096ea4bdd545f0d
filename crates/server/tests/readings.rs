//! What becomes of a reading: the window, late and early delivery, the lock, what is plausible.

mod common;

use common::*;
use domain::reading_check::{Question, QuestionCode, Refusal};
use domain::{MeterId, Period};
use wire::entity::{Entity, Verdict};
use wire::feed::{Change, Scope};
use wire::operation::{Body, Operation};
use wire::problem::Rejection;
use wire::push::Outcome;
use zhkh_server::params;
use zhkh_server::storage::{Sql, StoreError};

type Expected = fn(&Refusal) -> bool;

fn rejection(outcome: Outcome) -> Rejection {
    match outcome {
        Outcome::Rejected { rejection, .. } => rejection,
        other => panic!("not rejected: {other:?}"),
    }
}

fn applied(outcome: &Outcome) {
    assert!(matches!(outcome, Outcome::Applied { .. }), "{outcome:?}");
}

fn with(mut operation: Operation, change: impl FnOnce(&mut wire::operation::SubmitReading)) -> Operation {
    let Body::SubmitReading(body) = &mut operation.body else { panic!("not a reading") };
    change(body);
    operation
}

async fn set(world: &World, sql: &'static str, meter: MeterId) {
    world.store().write(move |tx| tx.execute(sql, params![meter])).await.expect("set");
}

#[tokio::test]
async fn of_two_readings_in_a_month_the_latest_captured_counts_whichever_comes_last() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let before = world.snapshot(&person, Scope::Account(flat.account)).await;
    let late_entry = operation(&person, 2, november(20) - 1_000, reading(flat.meter, "461"));
    let early_entry = operation(&person, 1, november(20) - 9_000, reading(flat.meter, "460"));
    applied(&world.push_one(&person, item(&late_entry)).await);
    applied(&world.push_one(&person, item(&early_entry)).await);
    let kept = world.readings(flat.meter).await;
    let current: Vec<_> = kept.iter().map(|(steps, _, current)| (steps.as_str(), *current)).collect();
    assert_eq!(current, [("[4600000]", false), ("[4610000]", true)]);
    // A third one beats the second, and both sides are told.
    let third = operation(&person, 3, november(20), reading(flat.meter, "462"));
    applied(&world.push_one(&person, item(&third)).await);
    let page = world.feed_after(&person, &before).await;
    let last: Vec<_> = page.rows.iter().rev().take(2).map(|row| (&row.change, row.operation)).collect();
    assert!(
        matches!(last[0], (Change::Put { entity: Entity::Reading(new) }, Some(by)) if new.current && by == third.id)
    );
    assert!(matches!(last[1], (Change::Put { entity: Entity::Reading(old) }, None) if !old.current));
}

#[tokio::test]
async fn a_reading_captured_in_the_window_is_taken_for_five_days_after_it() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    world.clock.set(november(30));
    let person = world.sign_in(&person).await;
    let in_time = operation(&person, 1, november(25), reading(flat.meter, "460"));
    applied(&world.push_one(&person, item(&in_time)).await);
    world.clock.set(moscow(2026, 12, 1));
    let person = world.sign_in(&person).await;
    let too_late = operation(&person, 2, november(25), reading(flat.second_meter, "460"));
    let expected = Rejection::WindowClosed {
        closed_on: "2026-11-25".parse().expect("a day"),
        next_opens: "2026-12-15".parse().expect("a day"),
        too_late: true,
    };
    assert_eq!(rejection(world.push_one(&person, item(&too_late)).await), expected);
}

#[tokio::test]
async fn a_clock_that_is_not_sure_cannot_move_a_reading_into_the_window() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    world.clock.set(november(27));
    let person = world.sign_in(&person).await;
    let mut unsure = operation(&person, 1, november(25), reading(flat.meter, "460"));
    unsure.captured.anchored = false;
    let refused = rejection(world.push_one(&person, item(&unsure)).await);
    assert!(matches!(refused, Rejection::WindowClosed { too_late: false, .. }), "{refused:?}");
}

#[tokio::test]
async fn an_early_reading_waits_for_its_window_and_is_accepted_when_it_opens() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    world.clock.set(moscow(2026, 12, 3));
    let person = world.sign_in(&person).await;
    let entry = operation(&person, 1, moscow(2026, 12, 3), reading(flat.meter, "460"));
    let refused = rejection(world.push_one(&person, item(&entry)).await);
    assert!(matches!(refused, Rejection::WindowClosed { .. }), "not agreed to: {refused:?}");
    let agreed = operation(&person, 2, moscow(2026, 12, 3), reading(flat.meter, "460"));
    let agreed = with(agreed, |body| body.early = true);
    applied(&world.push_one(&person, item(&agreed)).await);
    let held = world.snapshot(&person, Scope::Account(flat.account)).await;
    let opens = "2026-12-15".parse().expect("a day");
    let verdict = Verdict::Scheduled { on: opens };
    assert!(held.entities.iter().any(|v| matches!(&v.entity, Entity::Reading(r) if r.verdict == verdict)));
    world.running().tick().await.expect("ticked");
    assert_eq!(world.readings(flat.meter).await[0].1, "scheduled", "not before its day");
    world.clock.set(moscow(2026, 12, 15));
    world.running().tick().await.expect("ticked");
    let person = world.sign_in(&person).await;
    let page = world.feed_after(&person, &held).await;
    let told = |row: &wire::feed::Row| matches!(&row.change, Change::Put { entity: Entity::Reading(r) } if r.verdict == Verdict::Accepted);
    assert!(page.rows.iter().any(told), "{page:?}");
}

#[tokio::test]
async fn a_period_that_was_exported_takes_no_more_and_names_the_next() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let lock = |period: &'static str| {
        world.store().write(move |tx| {
            tx.execute(
                "INSERT INTO exports (id, format, period, made_ms, sha256, rows, locks) VALUES ($1, 'R1', $1, 0, '', 0, 1)",
                params![period],
            )
        })
    };
    lock("2026-11").await.expect("locked");
    lock("2026-12").await.expect("locked");
    let refused = world.push_one(&person, item(&operation(&person, 1, november(20), reading(flat.meter, "460")))).await;
    let expected = Rejection::PeriodLocked {
        period: Period::new(2026, 11).expect("a month"),
        next: Period::new(2027, 1).expect("a month"),
    };
    assert_eq!(rejection(refused), expected);
}

#[tokio::test]
async fn a_roll_over_must_be_confirmed_and_other_questions_do_not_cost_a_month() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    set(&world, "UPDATE meters SET initial = '[999900000]' WHERE id = $1", flat.meter).await;
    let entry = operation(&person, 1, november(20), reading(flat.meter, "12"));
    let asked = rejection(world.push_one(&person, item(&entry)).await);
    assert!(matches!(asked, Rejection::ReadingQuestioned { question: Question::RollOver { .. } }), "{asked:?}");
    let confirmed = operation(&person, 2, november(20), reading(flat.meter, "12"));
    let confirmed = with(confirmed, |body| body.confirmed = vec![QuestionCode::RollOver]);
    applied(&world.push_one(&person, item(&confirmed)).await);
    // 60 cubic metres: asked above 30, taken all the same.
    applied(
        &world.push_one(&person, item(&operation(&person, 3, november(20), reading(flat.second_meter, "513")))).await,
    );
}

#[tokio::test]
async fn what_the_meter_cannot_have_counted_is_refused_with_the_reason() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let cases: [(&str, Expected); 3] = [
        ("453", |refusal| matches!(refusal, Refusal::LowerThanLast { .. })),
        ("9460", |refusal| matches!(refusal, Refusal::TooLarge { .. })),
        ("123456", |refusal| matches!(refusal, Refusal::NotOnDial { digits: 5, decimals: 3, .. })),
    ];
    for (place, (text, fits)) in cases.into_iter().enumerate() {
        let entry = operation(&person, place as u64 + 1, november(20), reading(flat.meter, text));
        let Rejection::Reading { refusal } = rejection(world.push_one(&person, item(&entry)).await) else {
            panic!("{text}")
        };
        assert!(fits(&refusal), "{text}: {refusal:?}");
    }
    let states: [(&'static str, Expected); 3] = [
        ("UPDATE meters SET automatic = 1 WHERE id = $1", |r| *r == Refusal::MeterAutomatic),
        ("UPDATE meters SET automatic = 0, verified_until = '2026-10-01' WHERE id = $1", |r| {
            matches!(r, Refusal::VerificationOverdue { .. })
        }),
        ("UPDATE meters SET archived_on = '2026-11-01' WHERE id = $1", |r| matches!(r, Refusal::MeterArchived { .. })),
    ];
    for (place, (sql, fits)) in states.into_iter().enumerate() {
        set(&world, sql, flat.meter).await;
        let entry = operation(&person, place as u64 + 10, november(20), reading(flat.meter, "460"));
        let Rejection::Reading { refusal } = rejection(world.push_one(&person, item(&entry)).await) else {
            panic!("{sql}")
        };
        assert!(fits(&refusal), "{sql}: {refusal:?}");
    }
}

#[tokio::test]
async fn a_reading_is_compared_with_the_last_of_an_earlier_month_not_of_its_own() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    applied(&world.push_one(&person, item(&operation(&person, 1, november(20), reading(flat.meter, "470")))).await);
    // A lower one in the same month is a correction.
    applied(&world.push_one(&person, item(&operation(&person, 2, november(20), reading(flat.meter, "460")))).await);
    world.clock.set(moscow(2026, 12, 16));
    let person = world.sign_in(&person).await;
    let lower = operation(&person, 3, moscow(2026, 12, 16), reading(flat.meter, "459"));
    let refused = rejection(world.push_one(&person, item(&lower)).await);
    assert!(matches!(refused, Rejection::Reading { refusal: Refusal::LowerThanLast { .. } }), "{refused:?}");
}

#[tokio::test]
async fn the_same_reading_id_under_another_operation_is_refused() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    let first = operation(&person, 1, november(20), reading(flat.meter, "460"));
    applied(&world.push_one(&person, item(&first)).await);
    let second = operation(&person, 2, november(20), first.body.clone());
    assert!(matches!(rejection(world.push_one(&person, item(&second)).await), Rejection::ReadingExists { .. }));
}

#[tokio::test]
async fn a_house_has_its_own_window() {
    let settings = format!(
        "{SETTINGS}\n[[readings.rules]]\nhouse = \"г. Новочебоксарск, ул. Винокурова, д. 10\"\nstart_day = 1\nend_day = 5\n"
    );
    let world = World::with(&settings).await;
    let (person, flat) = world.resident().await;
    let refused = world.push_one(&person, item(&operation(&person, 1, november(20), reading(flat.meter, "460")))).await;
    assert!(matches!(rejection(refused), Rejection::WindowClosed { .. }));
    world.running().tick().await.expect("the house is known now");
    let rules = world.snapshot(&person, Scope::House(flat.house)).await;
    let Entity::ReadingRules(rules) = &rules.entities[0].entity else { panic!("{rules:?}") };
    assert_eq!((rules.house, rules.window.end_day()), (Some(flat.house), 5));
}

#[tokio::test]
async fn settings_that_change_reach_the_desktops_and_those_that_do_not_make_no_noise() {
    let mut world = World::new().await;
    let (person, _) = world.resident().await;
    let before = world.snapshot(&person, Scope::Public).await;
    world.stop().await;
    world.start().await;
    assert!(world.feed_after(&person, &before).await.rows.is_empty());
    world.stop().await;
    world.change_settings("35,12", "36,50");
    world.start().await;
    let page = world.feed_after(&person, &before).await;
    assert_eq!(page.rows.len(), 1, "{page:?}");
    assert!(
        matches!(&page.rows[0].change, Change::Put { entity: Entity::Tariff(tariff) } if tariff.rates[0].0 == 365_000)
    );
}

#[tokio::test]
async fn a_broken_row_fails_its_own_operation_only() {
    let world = World::new().await;
    let (person, flat) = world.resident().await;
    set(&world, "UPDATE meters SET initial = 'broken' WHERE id = $1", flat.meter).await;
    let bad = operation(&person, 1, november(20), reading(flat.meter, "460"));
    let good = operation(&person, 2, november(20), reading(flat.second_meter, "460"));
    let batch = wire::push::Batch { incarnation: bad.incarnation, items: vec![item(&bad), item(&good)] };
    let outcomes = world.push(&person, &batch).await;
    assert_eq!(outcomes[0], Outcome::Failed);
    applied(&outcomes[1]);
    let ledger = world.store().read(move |sql| {
        Ok::<_, StoreError>(sql.first("SELECT id FROM ledger WHERE id = $1", params![bad.id])?.is_some())
    });
    assert!(!ledger.await.expect("read"), "not decided: it may be tried again");
}
