//! From the queue into the mirror: nothing flickers, nothing is counted twice.

use super::world::*;
use crate::overlay::entry::{Entry, Fate};
use crate::overlay::meter_card::meter_view;
use crate::overlay::picture::Picture;
use crate::overlay::profile::{difference, profile, profile_without, replaceable_update};
use crate::view::{EntryView, Mark};
use domain::OperationId;
use outbox::{Record, State, WHENEVER};
use proptest::prelude::*;
use uuid::Uuid;
use wire::entity::{Reading, Verdict};
use wire::operation::Sealed;
use wire::problem::Rejection;

const POSITION: i64 = 120;

fn queued(fate: Fate) -> Entry {
    entry(1, submits(0xa1, WATER, &["467.1"]), at(day(10, 20)), fate)
}

fn arrived() -> Reading {
    Reading { verdict: Verdict::Accepted, ..reading(0xa1, WATER, 10, &["467.1"]) }
}

fn water_card(picture: &Picture) -> crate::view::MeterView {
    meter_view(picture, picture.meter(WATER).expect("water")).expect("a card")
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Send,
    Answer,
    MirrorMoves,
    MirrorArrives,
    MirrorIsRebuilt,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        Just(Step::Send),
        Just(Step::Answer),
        Just(Step::MirrorMoves),
        Just(Step::MirrorArrives),
        Just(Step::MirrorIsRebuilt)
    ];
    proptest::collection::vec(step, 1..20)
}

proptest! {
    /// Whatever comes first, the answer or the feed, the reading stands on the card once and with one value.
    #[test]
    fn a_reading_never_vanishes_and_never_doubles_on_its_way(steps in steps()) {
        let mut picture = flat(day(10, 20));
        picture.entries.push(queued(Fate::Queued));
        let mut in_mirror = false;
        for step in steps {
            let fate = picture.entries[0].fate.clone();
            match step {
                Step::Send if fate == Fate::Queued => picture.entries[0].fate = Fate::InFlight,
                Step::Answer if fate == Fate::InFlight => {
                    picture.entries[0].fate = Fate::Acked { position: POSITION };
                }
                Step::MirrorMoves => picture.seq = picture.seq.map(|seq| (seq + 5).min(POSITION - 1)),
                // The server applied it; whether the answer was heard does not matter.
                Step::MirrorArrives if fate != Fate::Queued => {
                    picture.seq = Some(POSITION);
                    if !in_mirror {
                        picture.readings.get_mut(&WATER).expect("water").push(arrived());
                    }
                    in_mirror = true;
                }
                Step::MirrorIsRebuilt if in_mirror => {
                    picture.seq = None;
                    picture.readings.get_mut(&WATER).expect("water").pop();
                    in_mirror = false;
                    if fate == Fate::InFlight {
                        picture.entries[0].fate = Fate::Acked { position: POSITION };
                    }
                }
                _ => {}
            }
            let card = water_card(&picture);
            let current = card.current.expect("always there");
            prop_assert_eq!(current.values, vec![value("467.1")]);
            prop_assert_eq!(card.history.iter().filter(|row| row.period == month(10)).count(), 1);
            prop_assert_eq!(card.entry, EntryView::Change);
        }
    }
}

#[test]
fn of_two_readings_in_a_month_the_latest_captured_counts_wherever_it_came_from() {
    let mut picture = flat(day(10, 22));
    let cashier =
        Reading { captured_ms: at(day(10, 21)), source: domain::Source::Cashier, ..reading(0xc1, WATER, 10, &["468"]) };
    picture.readings.get_mut(&WATER).expect("water").push(cashier);
    picture.entries.push(queued(Fate::Queued));
    let card = water_card(&picture);
    assert_eq!(card.current.expect("the cashier's").values, [value("468")], "entered here a day before");
    let october: Vec<_> = card.history.iter().filter(|row| row.period == month(10)).map(|row| row.counts).collect();
    assert_eq!(october, [true, false], "both stay in the history");

    picture.entries.push(entry(2, submits(0xa2, WATER, &["469"]), at(day(10, 22)), Fate::Queued));
    assert_eq!(water_card(&picture).current.expect("mine").values, [value("469")]);
}

#[test]
fn a_rejected_reading_is_shown_with_its_reason_and_counts_for_nothing() {
    let mut picture = flat(day(10, 20));
    let rejection = Rejection::NotYours;
    picture.entries.push(queued(Fate::Rejected { rejection: rejection.clone() }));
    let card = water_card(&picture);
    assert!(card.current.is_none());
    assert_eq!(card.entry, EntryView::Submit, "another one can be entered");
    assert_eq!((card.history[0].mark.clone(), card.history[0].counts), (Mark::Rejected { rejection }, false));
}

#[test]
fn a_new_name_shows_at_once_and_the_later_of_two_wins() {
    let mut picture = flat(day(10, 20));
    picture.entries.push(entry(1, renames("Ванная"), 1, Fate::Acked { position: POSITION }));
    picture.entries.push(entry(2, renames("Кухня"), 2, Fate::Queued));
    let card = water_card(&picture);
    assert_eq!((card.name.as_str(), card.name_mark), ("Кухня", Some(Mark::Here)));
    picture.entries.pop();
    picture.seq = Some(POSITION);
    assert_eq!(water_card(&picture).name, "Холодная вода, кухня", "from here on the mirror knows better");
}

#[test]
fn a_second_change_of_the_profile_takes_the_first_ones_place_and_keeps_what_it_said() {
    let mut picture = flat(day(10, 20));
    picture.entries.push(entry(1, updates(Some("Смирнова Вера"), None), 1, Fate::Queued));
    let waiting = replaceable_update(&picture);
    assert_eq!(waiting, Some(OperationId::new(Uuid::from_u128(1))));
    let update = difference(&profile_without(&picture, waiting), "Смирнова Вера", "v@example.org").expect("both");
    assert_eq!(update.name.as_deref(), Some("Смирнова Вера"));
    assert_eq!(update.email.as_deref(), Some("v@example.org"));
    assert_eq!(profile(&picture).mark, Some(Mark::Here));
    let back = difference(&profile_without(&picture, waiting), "Смирнова Валентина Петровна", "");
    assert_eq!(back, None, "back to what the server has");
}

#[test]
fn what_may_have_left_is_not_replaced() {
    let mut picture = flat(day(10, 20));
    picture.entries.push(entry(1, updates(Some("Смирнова Вера"), None), 1, Fate::InFlight));
    assert_eq!(replaceable_update(&picture), None);
    picture.entries[0].fate = Fate::Queued;
    picture.entries[0].ever_sent = true;
    assert_eq!(replaceable_update(&picture), None);
}

#[test]
fn what_the_person_has_done_away_with_is_shown_nowhere() {
    let sealed = Sealed::seal(queued(Fate::Queued).content.as_ref().expect("readable")).expect("sealed");
    let lane = sealed.open().expect("readable").lane;
    let mut record = Record::new(OperationId::new(Uuid::from_u128(1)), sealed, lane, WHENEVER, 1);
    let by = OperationId::new(Uuid::from_u128(2));
    for (state, shown) in [
        (State::Queued, true),
        (State::Rejected { rejection: Rejection::NotYours, position: 5 }, true),
        (State::Replaced { by }, false),
        (State::Discarded, false),
        (State::Withdrawn, false),
    ] {
        record.state = state;
        assert_eq!(Entry::of((&record).into()).is_some(), shown, "{:?}", record.state);
    }
}

#[test]
fn a_rejected_name_is_marked_and_the_old_name_stays() {
    let mut picture = flat(day(10, 20));
    let rejection = Rejection::FieldInvalid { field: "name".into() };
    picture.entries.push(entry(1, renames("Кухня"), 1, Fate::Rejected { rejection: rejection.clone() }));
    let card = water_card(&picture);
    assert_eq!((card.name.as_str(), card.name_mark), ("Холодная вода, кухня", Some(Mark::Rejected { rejection })));
}
