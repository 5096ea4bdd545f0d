//! The section «Показания», by example.

use super::world::*;
use crate::overlay::entry::Fate;
use crate::overlay::meter_card::readings_view;
use crate::overlay::picture::Picture;
use crate::overlay::preview::{preview, submittable};
use crate::view::{EntryProblem, EntryView, Failure, Mark, MeterView, PreviewView};
use chrono::NaiveDate;
use domain::meter_kind::TariffZone;
use domain::reading_check::{Question, QuestionCode, Refusal};
use domain::{Kopecks, MeterId};

fn card(picture: &Picture, meter: MeterId) -> MeterView {
    let view = readings_view(picture, None);
    view.meters.into_iter().find(|card| card.id == meter.to_string()).expect("a card")
}

fn typed(picture: &Picture, meter: MeterId, values: &[&str]) -> PreviewView {
    let texts: Vec<String> = values.iter().map(|text| (*text).to_owned()).collect();
    preview(picture, picture.meter(meter).expect("a meter"), &texts)
}

fn submit(
    picture: &Picture,
    meter: MeterId,
    values: &[&str],
    confirmed: &[QuestionCode],
    early: bool,
) -> Result<bool, Failure> {
    let texts: Vec<String> = values.iter().map(|text| (*text).to_owned()).collect();
    submittable(picture, picture.meter(meter).expect("a meter"), &texts, confirmed, early).map(|reading| reading.early)
}

#[test]
fn an_empty_month_shows_the_last_value_the_window_and_the_way_in() {
    let view = readings_view(&flat(day(10, 20)), None);
    assert_eq!((view.submitted, view.expected, view.estimate.len()), (0, 2, 0));
    let water = &view.meters[0];
    assert_eq!(water.entry, EntryView::Submit);
    assert_eq!(water.last.as_ref().expect("September").shown, ["00460,100"]);
    assert!(water.current.is_none());
    let window = view.window.expect("a window");
    assert!(window.open && window.period == month(10) && window.days == 6 && window.closed_on.is_none());
    let volumes: Vec<_> = water.history.iter().map(|row| row.volume).collect();
    assert_eq!(volumes, [Some(value("7")), Some(value("7")), None], "newest first; the first of all has no volume");
}

#[test]
fn a_day_and_night_meter_counts_and_costs_both_tariffs() {
    let mut picture = flat(day(10, 20));
    picture.entries.push(entry(1, submits(0xa2, POWER, &["14308", "7150"]), at(day(10, 20)), Fate::Queued));
    let view = readings_view(&picture, None);
    let power = card(&picture, POWER);
    assert_eq!(power.zones, [TariffZone::Day, TariffZone::Night]);
    let current = power.current.expect("entered");
    assert_eq!(current.volumes, [value("100"), value("50")]);
    assert_eq!(current.cost, Some(Kopecks(55_900 + 14_050)), "100 × 5,59 and 50 × 2,81");
    assert_eq!((current.mark, power.entry), (Mark::Here, EntryView::Change));
    assert_eq!((view.submitted, view.estimate_total), (1, Kopecks(69_950)));
    assert_eq!(view.estimate[0].meter, POWER.to_string());
}

#[test]
fn what_is_typed_is_counted_and_priced_at_once() {
    let seen = typed(&flat(day(10, 20)), WATER, &["00467,586"]);
    assert_eq!(seen.volume, Some(value("7.486")));
    assert_eq!(seen.cost, Some(Kopecks(24_592)), "7,486 × 32,85");
    assert_eq!((seen.usual, seen.days, seen.ready), (Some(value("7")), Some(30), true));
}

#[test]
fn slips_of_the_hand_are_told_and_nothing_is_guessed() {
    let picture = flat(day(10, 20));
    let problem = |text: &str| typed(&picture, WATER, &[text]).tariffs[0].problem.clone();
    assert_eq!(problem(""), Some(EntryProblem::Empty));
    assert_eq!(problem("46О,1"), Some(EntryProblem::NotANumber));
    assert_eq!(problem("100467"), Some(EntryProblem::TooManyDigits { shows: 5 }));
    assert_eq!(problem("467,1234"), Some(EntryProblem::TooManyDecimals { shows: 3 }));
    assert_eq!(problem("467.5"), None);
    let one_of_two = typed(&picture, POWER, &["14308", ""]);
    assert!(!one_of_two.ready && one_of_two.volume.is_none());
    assert_eq!(one_of_two.tariffs[0].volume, Some(value("100")), "the one that is there is counted");
}

#[test]
fn a_value_below_the_last_is_refused_and_has_no_volume() {
    let picture = flat(day(10, 20));
    let seen = typed(&picture, WATER, &["450"]);
    let refusal = Refusal::LowerThanLast { tariff: 0, last: value("460.1") };
    assert_eq!((seen.refusal.clone(), seen.volume, seen.tariffs[0].volume), (Some(refusal.clone()), None, None));
    assert_eq!(submit(&picture, WATER, &["450"], &[], false), Err(Failure::ReadingRefused { refusal }));
}

#[test]
fn an_odd_value_goes_only_with_an_answer_and_answers_nobody_asked_for_are_left_out() {
    let picture = flat(day(10, 20));
    let Err(Failure::ReadingQuestioned { questions }) = submit(&picture, WATER, &["485"], &[], false) else {
        panic!("three times the usual is asked about");
    };
    assert!(matches!(questions[..], [Question::AboveUsual { .. }]));
    let all = [QuestionCode::AboveUsual, QuestionCode::RollOver];
    let texts = ["485".to_owned()];
    let reading = submittable(&picture, picture.meter(WATER).expect("a meter"), &texts, &all, false).expect("taken");
    assert_eq!(reading.confirmed, [QuestionCode::AboveUsual]);
    assert_eq!(reading.deadline, day(10, 25));
}

#[test]
fn after_the_window_the_next_one_is_named_and_an_early_entry_needs_consent() {
    let picture = flat(day(10, 27));
    let water = card(&picture, WATER);
    assert_eq!(water.entry, EntryView::Early);
    assert_eq!((water.window.open, water.window.closed_on), (false, Some(day(10, 25))));
    assert_eq!((water.window.opens, water.window.days, water.window.period), (day(11, 15), 19, month(11)));
    let closed = Failure::WindowClosed { closed_on: day(10, 25), next_opens: day(11, 15), early_allowed: true };
    assert_eq!(submit(&picture, WATER, &["467"], &[], false), Err(closed));
    assert_eq!(submit(&picture, WATER, &["467"], &[], true), Ok(true));
}

#[test]
fn a_utility_without_early_entry_offers_none() {
    let mut picture = flat(day(10, 27));
    picture.rules[0].policy.early_entry = false;
    assert_eq!(card(&picture, WATER).entry, EntryView::Closed);
    let refused = submit(&picture, WATER, &["467"], &[], true);
    assert!(matches!(refused, Err(Failure::WindowClosed { early_allowed: false, .. })));
}

#[test]
fn the_rules_of_the_house_go_before_the_general_ones_and_keep_the_utilitys_limits() {
    let mut picture = flat(day(10, 27));
    picture.rules.push(wire::entity::ReadingRules { limits: Vec::new(), ..rules(Some(HOUSE), 20, 28) });
    assert_eq!(card(&picture, WATER).entry, EntryView::Submit);
    let refused = submit(&picture, WATER, &["600"], &[], false);
    assert!(matches!(refused, Err(Failure::ReadingRefused { refusal: Refusal::TooLarge { .. } })));
}

#[test]
fn an_early_reading_that_was_accepted_says_when_it_is_passed_on() {
    let mut picture = flat(day(10, 27));
    let mut early = entry(1, submits(0xb1, WATER, &["467"]), at(day(10, 27)), Fate::Acked { position: 120 });
    if let Some(wire::operation::Body::SubmitReading(body)) =
        early.content.as_mut().map(|operation| &mut operation.body)
    {
        body.early = true;
    }
    picture.entries.push(early);
    let current = card(&picture, WATER).current.expect("counts for November");
    assert_eq!(current.mark, Mark::Scheduled { on: day(11, 15) });
}

#[test]
fn meters_that_take_no_readings_say_why_and_are_not_missed() {
    let mut picture = flat(day(10, 20));
    picture.meters[0].1.verified_until = Some(day(10, 19));
    picture.meters[1].1.automatic = true;
    let view = readings_view(&picture, None);
    assert_eq!((view.submitted, view.expected), (0, 0));
    let overdue = Refusal::VerificationOverdue { until: day(10, 19) };
    assert_eq!(card(&picture, WATER).entry, EntryView::Refused { refusal: overdue });
    assert_eq!(card(&picture, WATER).verification_days, Some(-1));
    assert_eq!(card(&picture, POWER).entry, EntryView::Refused { refusal: Refusal::MeterAutomatic });
}

#[test]
fn a_replaced_meter_takes_nothing_and_the_new_one_counts_from_its_first_value() {
    let mut picture = flat(day(10, 20));
    let new = MeterId::new(uuid::Uuid::from_u128(0x13));
    picture.meters[0].1.archived_on = Some(day(9, 12));
    picture.meters[0].1.replaced_by = Some(new);
    picture.meters.push((60, wire::entity::Meter { id: new, serial: "26-1".into(), ..water() }));
    picture.readings.insert(new, vec![reading(0x99, new, 9, &["0.5"])]);
    let gone = Refusal::MeterArchived { on: day(9, 12) };
    assert_eq!(card(&picture, WATER).entry, EntryView::Refused { refusal: gone.clone() });
    assert_eq!(submit(&picture, WATER, &["467"], &[], false), Err(Failure::ReadingRefused { refusal: gone }));
    assert_eq!(typed(&picture, new, &["3,5"]).volume, Some(value("3")));
    let order: Vec<_> = readings_view(&picture, None).meters.into_iter().map(|card| card.id).collect();
    assert_eq!(order.last(), Some(&WATER.to_string()), "what is out of use comes last");
}

#[test]
fn days_begin_in_the_zone_of_the_utility() {
    let mut picture = flat(day(10, 20));
    // 23:30 in Moscow on the 25th is still the 25th; half an hour later the window is closed.
    picture.now_ms = at(day(10, 25)) + 13 * 3_600_000 + 1_800_000;
    assert_eq!((picture.today(), card(&picture, WATER).entry), (day(10, 25), EntryView::Submit));
    picture.now_ms += 1_800_000;
    assert_eq!(card(&picture, WATER).entry, EntryView::Early);
}

#[test]
fn consumption_is_counted_from_the_current_reading_of_an_earlier_period() {
    let mut picture = flat(day(10, 20));
    let superseded = wire::entity::Reading { current: false, ..reading(0x9a, WATER, 9, &["459"]) };
    picture.readings.get_mut(&WATER).expect("water").push(superseded);
    assert_eq!(typed(&picture, WATER, &["467,1"]).volume, Some(value("7")));
}

#[test]
fn a_roll_over_is_a_question_and_has_a_volume() {
    let mut picture = flat(day(10, 20));
    picture.readings.insert(WATER, vec![reading(0x91, WATER, 9, &["99990"])]);
    let seen = typed(&picture, WATER, &["12"]);
    assert_eq!((seen.volume, seen.tariffs[0].volume), (Some(value("22")), Some(value("22"))));
    assert!(matches!(seen.questions[..], [Question::RollOver { .. }]));
}

#[test]
fn two_years_of_rows_are_enough() {
    let mut picture = flat(day(10, 20));
    let rows = (0..40_u8).map(|back| {
        let (year, month) = (2026 - i32::from(back / 12), 12 - back % 12);
        let period = domain::Period::new(year, month).expect("a month");
        let taken_on = NaiveDate::from_ymd_opt(year, u32::from(month), 20).expect("a date");
        wire::entity::Reading { period, taken_on, ..reading(0x500 + u128::from(back), WATER, 9, &["1"]) }
    });
    picture.readings.insert(WATER, rows.collect());
    assert_eq!(card(&picture, WATER).history.len(), 24);
}

#[test]
fn a_meter_without_a_past_is_taken_as_it_is_because_only_the_server_knows_its_first_value() {
    let mut picture = flat(day(10, 20));
    picture.readings.remove(&WATER);
    let seen = typed(&picture, WATER, &["460"]);
    assert_eq!((seen.ready, seen.volume, seen.cost, seen.days), (true, None, None, None));
    assert_eq!(submit(&picture, WATER, &["460"], &[], false), Ok(false));
}

#[test]
fn a_skipped_month_shares_its_volume_as_the_server_counts_it() {
    let picture = flat(day(10, 20));
    // Only one volume is known for the electricity meter, July to September: that is no habit yet.
    assert_eq!(typed(&picture, POWER, &["14308", "7150"]).usual, None);
    let mut picture = picture;
    let power = picture.readings.get_mut(&POWER).expect("power");
    power.push(reading(0x62, POWER, 6, &["13900", "6950"]));
    // June to July 100 and 50; July to September 208 and 100 in two months.
    assert_eq!(typed(&picture, POWER, &["14308", "7150"]).usual, Some(value("152")));
}

#[test]
fn a_value_that_billing_refused_is_not_counted_from() {
    let mut picture = flat(day(10, 20));
    let september = picture.readings.get_mut(&WATER).expect("water").last_mut().expect("September");
    september.verdict = wire::entity::Verdict::Refused { why: "прибор снят".into() };
    assert_eq!(typed(&picture, WATER, &["467,1"]).volume, Some(value("14")), "from August");
}
