use super::*;
use proptest::prelude::*;

fn value(text: &str) -> MeterValue {
    MeterValue::parse(text).expect(text)
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date")
}

fn today() -> NaiveDate {
    day(2026, 10, 21)
}

fn limits() -> Limits {
    Limits { ask_above: value("30"), refuse_above: value("100"), ask_above_usual_times: 3, refuse_overdue: true }
}

fn kitchen() -> MeterFacts {
    MeterFacts {
        kind: MeterKind::ColdWater,
        dial: Dial::new(5, 3).expect("a dial"),
        ratio: 1,
        last: vec![value("453,118")],
        usual: vec![Some(value("7"))],
        automatic: false,
        archived_on: None,
        verified_until: Some(day(2029, 3, 14)),
    }
}

fn ask(meter: &MeterFacts, text: &str) -> Result<Vec<Question>, Refusal> {
    check(meter, &limits(), &[value(text)], today())
}

#[test]
fn a_usual_month_raises_no_question() {
    assert_eq!(ask(&kitchen(), "460,604"), Ok(vec![]));
}

#[test]
fn swapped_digits_are_recognised_and_a_cure_is_proposed() {
    // The limit of 100 would refuse it outright; a utility with a higher one asks.
    let generous = Limits { refuse_above: value("1000"), ..limits() };
    let questions = check(&kitchen(), &generous, &[value("640,604")], today()).expect("a question");
    let Some(Question::AboveUsual { slip: Some(Slip::SwappedDigits { first, second, proposal }), .. }) =
        questions.first()
    else {
        panic!("{questions:?}")
    };
    assert_eq!((*first, *second, *proposal), (6, 4, value("460,604")));
}

#[test]
fn a_forgotten_comma_is_recognised() {
    let generous = Limits { refuse_above: value("100000"), ..limits() };
    let questions = check(&kitchen(), &generous, &[value("46060,4")], today()).expect("a question");
    let Some(Question::AboveUsual { slip: Some(Slip::Comma { proposal }), .. }) = questions.first() else {
        panic!("{questions:?}")
    };
    assert_eq!(*proposal, value("460,604"));
}

#[test]
fn lower_than_the_last_is_refused_unless_the_meter_passed_zero() {
    assert_eq!(ask(&kitchen(), "452"), Err(Refusal::LowerThanLast { tariff: 0, last: value("453,118") }));
    let full = MeterFacts { last: vec![value("99995")], ..kitchen() };
    assert_eq!(ask(&full, "3"), Ok(vec![Question::RollOver { tariff: 0, volume: value("8") }]));
}

#[test]
fn a_meter_that_cannot_be_read_says_why() {
    let automatic = MeterFacts { automatic: true, ..kitchen() };
    assert_eq!(ask(&automatic, "460"), Err(Refusal::MeterAutomatic));
    let replaced = MeterFacts { archived_on: Some(day(2026, 9, 12)), ..kitchen() };
    assert_eq!(ask(&replaced, "460"), Err(Refusal::MeterArchived { on: day(2026, 9, 12) }));
    let overdue = MeterFacts { verified_until: Some(day(2026, 10, 20)), ..kitchen() };
    assert_eq!(ask(&overdue, "460"), Err(Refusal::VerificationOverdue { until: day(2026, 10, 20) }));
    let lenient = Limits { refuse_overdue: false, ..limits() };
    assert_eq!(check(&overdue, &lenient, &[value("460")], today()), Ok(vec![]));
    let last_day = MeterFacts { verified_until: Some(today()), ..kitchen() };
    assert_eq!(ask(&last_day, "460"), Ok(vec![]));
}

#[test]
fn every_tariff_needs_its_value() {
    let two = MeterFacts { last: vec![value("10"), value("20")], usual: vec![None, None], ..kitchen() };
    assert_eq!(ask(&two, "12"), Err(Refusal::WrongValueCount { needs: 2 }));
    assert_eq!(
        check(&two, &limits(), &[value("12"), value("19")], today()),
        Err(Refusal::LowerThanLast { tariff: 1, last: value("20") })
    );
}

#[test]
fn too_much_for_a_household_is_refused_and_a_lot_is_asked() {
    let Err(Refusal::TooLarge { slip, .. }) = ask(&kitchen(), "46060,4") else { panic!("too much") };
    assert_eq!(slip, Some(Slip::Comma { proposal: value("460,604") }));
    let new_tenant = MeterFacts { usual: vec![None], ..kitchen() };
    assert!(matches!(ask(&new_tenant, "490").expect("asked")[..], [Question::AboveLimit { tariff: 0, .. }]));
    assert_eq!(ask(&kitchen(), "123456"), Err(Refusal::NotOnDial { tariff: 0, digits: 5, decimals: 3 }));
}

proptest! {
    #[test]
    fn whatever_is_proposed_would_itself_raise_no_refusal(steps in 0_i64..1_000_000_000) {
        let generous = Limits { refuse_above: value("1000000"), ..limits() };
        let meter = kitchen();
        let value = MeterValue::from_steps(steps / 10 * 10);
        for question in check(&meter, &generous, &[value], today()).unwrap_or_default() {
            let slip = match question {
                Question::AboveUsual { slip, .. } | Question::AboveLimit { slip, .. } => slip,
                Question::RollOver { .. } => None,
            };
            if let Some(Slip::Comma { proposal } | Slip::SwappedDigits { proposal, .. }) = slip {
                prop_assert!(check(&meter, &generous, &[proposal], today()).is_ok());
            }
        }
    }
}
