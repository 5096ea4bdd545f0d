//! What comes out of the values as they are typed, and whether they can be submitted. Pure: asked at every key.

use super::meter_card::cost;
use super::picture::Picture;
use super::reading_line::{facts, last_before, limits_here, lines_of, sum, usual, volumes};
use super::window_view::{entered_on, period_now};
use crate::view::{EntryProblem, Failure, PreviewTariff, PreviewView};
use domain::dial::EntryError;
use domain::reading_check::{self, Question, QuestionCode, Refusal};
use domain::reading_delivery::Delivery;
use domain::{MeterValue, Period, WindowState, consumption};
use wire::entity::Meter;

/// The preview of `typed`, one text per tariff.
pub(crate) fn preview(picture: &Picture, meter: &Meter, typed: &[String]) -> PreviewView {
    let today = picture.today();
    let rules = picture.rules_of(meter);
    let lines = lines_of(picture, meter, &rules);
    let period = period_now(&rules, today);
    let last = last_before(&lines, period);
    let (facts, limits) = (facts(meter, &lines, period), limits_here(&lines, period, rules.limits));
    let read: Vec<Result<MeterValue, EntryError>> = typed.iter().map(|text| meter.dial.read(text)).collect();
    let values: Option<Vec<MeterValue>> = read.iter().map(|value| value.ok()).collect();
    let (mut refusal, mut questions) = (None, Vec::new());
    match &values {
        Some(values) => match reading_check::check(&facts, &limits, values, today) {
            Ok(asked) => questions = asked,
            Err(why) => refusal = Some(why),
        },
        None => refusal = reading_check::accepts_entry(&facts, &limits, today).err(),
    }
    // A value that cannot be has no volume: «−210 м³» would only confuse.
    let counted = values.as_deref().filter(|_| !matches!(refusal, Some(Refusal::LowerThanLast { .. })));
    let all = counted.and_then(|values| volumes(meter, last, values));
    let passed_zero = |tariff: usize| {
        let asked = |question: &Question| matches!(question, Question::RollOver { tariff: asked, .. } if usize::from(*asked) == tariff);
        questions.iter().any(asked)
    };
    let tariffs = read.iter().enumerate().map(|(tariff, value)| PreviewTariff {
        value: value.ok(),
        volume: value.ok().and_then(|value| {
            let before = last?.values.get(tariff)?;
            let counted = consumption::between(meter.dial, *before, value, meter.ratio);
            (!counted.rolled_over || passed_zero(tariff)).then_some(counted.volume)
        }),
        problem: value.err().map(problem),
    });
    let tariffs = tariffs.collect();
    PreviewView {
        tariffs,
        volume: all.as_deref().map(sum),
        cost: all.as_deref().and_then(|volumes| cost(picture, meter, volumes)),
        days: last.map(|line| u32::try_from((today - line.taken_on).num_days()).unwrap_or(0)),
        usual: usual(meter, &lines, period).into_iter().collect::<Option<Vec<_>>>().map(|usual| sum(&usual)),
        ready: values.is_some() && refusal.is_none(),
        refusal,
        questions,
    }
}

const fn problem(error: EntryError) -> EntryProblem {
    match error {
        EntryError::Empty => EntryProblem::Empty,
        EntryError::NotANumber => EntryProblem::NotANumber,
        EntryError::TooManyDigits { shows } => EntryProblem::TooManyDigits { shows },
        EntryError::TooManyDecimals { shows } => EntryProblem::TooManyDecimals { shows },
    }
}

/// A reading that may be queued.
#[derive(Debug, PartialEq)]
pub(crate) struct Submittable {
    /// One value per tariff.
    pub(crate) values: Vec<MeterValue>,
    /// The questions that were asked and confirmed; others that the window sent along are left out.
    pub(crate) confirmed: Vec<QuestionCode>,
    /// Whether the server is to hold it until the window opens.
    pub(crate) early: bool,
    /// The period it counts for.
    pub(crate) period: Period,
    /// The last day of its window.
    pub(crate) deadline: chrono::NaiveDate,
}

/// Whether the reading can be queued as it stands; else what the person has to do first.
pub(crate) fn submittable(
    picture: &Picture,
    meter: &Meter,
    typed: &[String],
    confirmed: &[QuestionCode],
    early: bool,
) -> Result<Submittable, Failure> {
    let today = picture.today();
    let rules = picture.rules_of(meter);
    let lines = lines_of(picture, meter, &rules);
    let delivery = entered_on(&rules, today, early);
    let period = match delivery {
        Delivery::Accept { period, .. } | Delivery::HoldUntil { period, .. } => period,
        Delivery::Closed { .. } => period_now(&rules, today),
    };
    let (facts, limits) = (facts(meter, &lines, period), limits_here(&lines, period, rules.limits));
    let refused = |refusal| Failure::ReadingRefused { refusal };
    // First what no date can change, then the date, then the values.
    reading_check::accepts_entry(&facts, &limits, today).map_err(refused)?;
    if let Delivery::Closed { closed_on, next_opens, .. } = delivery {
        let early_allowed = rules.policy.strict && rules.policy.early_entry;
        return Err(Failure::WindowClosed { closed_on, next_opens, early_allowed });
    }
    let values = read_all(meter, typed).map_err(refused)?;
    let questions = reading_check::check(&facts, &limits, &values, today).map_err(refused)?;
    let open: Vec<Question> =
        questions.iter().filter(|question| !confirmed.contains(&question.code())).cloned().collect();
    if !open.is_empty() {
        return Err(Failure::ReadingQuestioned { questions: open });
    }
    let mut confirmed: Vec<QuestionCode> = questions.iter().map(Question::code).collect();
    confirmed.sort_unstable();
    confirmed.dedup();
    let deadline = match rules.window.state(today) {
        WindowState::Open(dates) | WindowState::Closed { next: dates, .. } => dates.closes,
    };
    Ok(Submittable { values, confirmed, early: matches!(delivery, Delivery::HoldUntil { .. }), period, deadline })
}

fn read_all(meter: &Meter, typed: &[String]) -> Result<Vec<MeterValue>, Refusal> {
    let wrong_count = Refusal::WrongValueCount { needs: meter.tariffs };
    if typed.len() != usize::from(meter.tariffs) {
        return Err(wrong_count);
    }
    let read = |(tariff, text): (u8, &String)| {
        meter.dial.read(text).map_err(|error| match error {
            EntryError::Empty => wrong_count.clone(),
            _ => Refusal::NotOnDial { tariff, digits: meter.dial.digits(), decimals: meter.dial.decimals() },
        })
    };
    (0_u8..).zip(typed).map(read).collect()
}
