//! Is this reading plausible? Refusals say why it cannot be taken; questions let a person confirm it.
//!
//! The same check runs in the window as the person types and on the server when the reading arrives
//! (docs/domain.md).

use crate::{Dial, MeterKind, MeterValue, consumption};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What the check needs to know about a meter.
#[derive(Debug, Clone)]
pub struct MeterFacts {
    /// What it measures.
    pub kind: MeterKind,
    /// Its face.
    pub dial: Dial,
    /// Transformation ratio, 1 for a flat's meter.
    pub ratio: u32,
    /// The last values of an earlier period, one per tariff.
    pub last: Vec<MeterValue>,
    /// The usual volume of a month, one per tariff, where there is a history.
    pub usual: Vec<Option<MeterValue>>,
    /// The meter reports by itself.
    pub automatic: bool,
    /// Out of use since this day (replaced or removed).
    pub archived_on: Option<NaiveDate>,
    /// The verification (поверка) is valid up to and including this day.
    pub verified_until: Option<NaiveDate>,
}

/// Limits of one kind of meter for one month, set by the utility.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Limits {
    /// Above this volume a person is asked.
    pub ask_above: MeterValue,
    /// Above this volume residents are refused.
    pub refuse_above: MeterValue,
    /// Above this many usual months a person is asked.
    pub ask_above_usual_times: u8,
    /// Whether a meter overdue for verification is refused (else it is only said).
    pub refuse_overdue: bool,
}

/// Why a reading cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// The meter reports by itself.
    MeterAutomatic,
    /// The meter is out of use.
    MeterArchived {
        /// Since when.
        on: NaiveDate,
    },
    /// The verification is over.
    VerificationOverdue {
        /// The last valid day.
        until: NaiveDate,
    },
    /// Fewer or more values than tariffs.
    WrongValueCount {
        /// How many tariffs the meter has.
        needs: u8,
    },
    /// A value that the meter's face cannot show.
    NotOnDial {
        /// Which tariff, from 0.
        tariff: u8,
        /// Digits before the comma.
        digits: u8,
        /// Digits after the comma.
        decimals: u8,
    },
    /// Lower than the last value, and no roll-over explains it.
    LowerThanLast {
        /// Which tariff, from 0.
        tariff: u8,
        /// The last value.
        last: MeterValue,
    },
    /// More than a household can use in a month.
    TooLarge {
        /// Which tariff, from 0.
        tariff: u8,
        /// What came out.
        volume: MeterValue,
        /// What is possible.
        limit: MeterValue,
        /// A likely slip, and the value without it.
        slip: Option<Slip>,
    },
}

/// What a person is asked before the reading goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Question {
    /// Did the meter pass through zero?
    RollOver {
        /// Which tariff, from 0.
        tariff: u8,
        /// The volume if it did.
        volume: MeterValue,
    },
    /// Much more than usual.
    AboveUsual {
        /// Which tariff, from 0.
        tariff: u8,
        /// What came out.
        volume: MeterValue,
        /// What is usual.
        usual: MeterValue,
        /// A likely slip, and the value without it.
        slip: Option<Slip>,
    },
    /// More than most households use.
    AboveLimit {
        /// Which tariff, from 0.
        tariff: u8,
        /// What came out.
        volume: MeterValue,
        /// Above what the utility asks.
        limit: MeterValue,
        /// A likely slip, and the value without it.
        slip: Option<Slip>,
    },
}

/// The name of a question, as a confirmation carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum QuestionCode {
    /// [`Question::RollOver`]
    RollOver,
    /// [`Question::AboveUsual`]
    AboveUsual,
    /// [`Question::AboveLimit`]
    AboveLimit,
}

/// A slip of the hand that would explain an odd value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Slip {
    /// Two neighbouring digits changed places: `00640` for `00460`.
    SwappedDigits {
        /// The digit that stands first now.
        first: u8,
        /// The digit that stands second now.
        second: u8,
        /// The value with the two in the other order.
        proposal: MeterValue,
    },
    /// The comma is in the wrong place.
    Comma {
        /// The value with the comma moved.
        proposal: MeterValue,
    },
}

impl Question {
    /// The question's name.
    pub const fn code(&self) -> QuestionCode {
        match self {
            Self::RollOver { .. } => QuestionCode::RollOver,
            Self::AboveUsual { .. } => QuestionCode::AboveUsual,
            Self::AboveLimit { .. } => QuestionCode::AboveLimit,
        }
    }
}

/// Whether the meter takes residents' readings at all on `today`, before any value is typed.
pub fn accepts_entry(meter: &MeterFacts, limits: &Limits, today: NaiveDate) -> Result<(), Refusal> {
    if let Some(on) = meter.archived_on.filter(|on| *on <= today) {
        return Err(Refusal::MeterArchived { on });
    }
    if meter.automatic {
        return Err(Refusal::MeterAutomatic);
    }
    if let Some(until) = meter.verified_until.filter(|until| *until < today && limits.refuse_overdue) {
        return Err(Refusal::VerificationOverdue { until });
    }
    Ok(())
}

/// Checks the values of all tariffs of a meter. `today` is the day of capture in the utility's zone.
pub fn check(
    meter: &MeterFacts,
    limits: &Limits,
    values: &[MeterValue],
    today: NaiveDate,
) -> Result<Vec<Question>, Refusal> {
    accepts_entry(meter, limits, today)?;
    if values.len() != meter.last.len() {
        return Err(Refusal::WrongValueCount { needs: u8::try_from(meter.last.len()).unwrap_or(u8::MAX) });
    }
    let mut questions = Vec::new();
    for (tariff, (value, last)) in (0_u8..).zip(values.iter().zip(&meter.last)) {
        let usual = meter.usual.get(usize::from(tariff)).copied().flatten();
        questions.extend(check_tariff(meter, limits, tariff, *value, *last, usual)?);
    }
    Ok(questions)
}

fn check_tariff(
    meter: &MeterFacts,
    limits: &Limits,
    tariff: u8,
    value: MeterValue,
    last: MeterValue,
    usual: Option<MeterValue>,
) -> Result<Option<Question>, Refusal> {
    let dial = meter.dial;
    if !dial.holds(value) {
        return Err(Refusal::NotOnDial { tariff, digits: dial.digits(), decimals: dial.decimals() });
    }
    let counted = consumption::between(dial, last, value, meter.ratio);
    let volume = counted.volume;
    if counted.rolled_over {
        // A roll-over is believable only near the end of the face and for a believable volume.
        let near_the_end = last.steps() >= dial.capacity_steps() / 10 * 9;
        if !near_the_end || volume > limits.refuse_above {
            return Err(Refusal::LowerThanLast { tariff, last });
        }
        return Ok(Some(Question::RollOver { tariff, volume }));
    }
    let slip = || find_slip(meter, value, last, usual.unwrap_or(limits.ask_above));
    if volume > limits.refuse_above {
        return Err(Refusal::TooLarge { tariff, volume, limit: limits.refuse_above, slip: slip() });
    }
    if let Some(usual) = usual {
        let much = usual.steps().saturating_mul(i64::from(limits.ask_above_usual_times));
        // A household that was away has a usual of nothing; a single unit is not worth a question.
        if volume.steps() > much.max(crate::meter_value::STEPS_PER_UNIT) {
            return Ok(Some(Question::AboveUsual { tariff, volume, usual, slip: slip() }));
        }
    }
    if volume > limits.ask_above {
        return Ok(Some(Question::AboveLimit { tariff, volume, limit: limits.ask_above, slip: slip() }));
    }
    Ok(None)
}

/// Looks for the one slip that brings the volume nearest to the usual.
fn find_slip(meter: &MeterFacts, value: MeterValue, last: MeterValue, usual: MeterValue) -> Option<Slip> {
    let dial = meter.dial;
    let plausible = |candidate: MeterValue| {
        if !dial.holds(candidate) || candidate < last {
            return None;
        }
        let volume = consumption::between(dial, last, candidate, meter.ratio).volume;
        (volume.steps() <= usual.steps().saturating_mul(2)).then(|| volume.steps().abs_diff(usual.steps()))
    };
    let swapped = swaps(dial, value).filter_map(|(first, second, proposal)| {
        plausible(proposal).map(|distance| (distance, Slip::SwappedDigits { first, second, proposal }))
    });
    let moved = [10, 100, 1000].into_iter().filter_map(|by| {
        // Digits beyond the face are cut, as the meter would.
        let cut = 10_i64.pow(u32::from(crate::meter_value::MAX_DECIMALS - dial.decimals()));
        let proposal = MeterValue::from_steps(value.steps() / by / cut * cut);
        plausible(proposal).map(|distance| (distance, Slip::Comma { proposal }))
    });
    swapped.chain(moved).min_by_key(|(distance, _)| *distance).map(|(_, slip)| slip)
}

/// All values that differ from `value` by two neighbouring digits of the face, with the two digits.
fn swaps(dial: Dial, value: MeterValue) -> impl Iterator<Item = (u8, u8, MeterValue)> {
    let digits: Vec<u8> = dial.show(value).bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
    (1..digits.len()).filter_map(move |right| {
        let (first, second) = (digits[right - 1], digits[right]);
        let mut other = digits.clone();
        other.swap(right - 1, right);
        let text: String = other.iter().enumerate().fold(String::new(), |mut text, (place, digit)| {
            if place == usize::from(dial.digits()) {
                text.push('.');
            }
            text.push(char::from(b'0' + digit));
            text
        });
        (first != second).then_some(())?;
        Some((first, second, MeterValue::parse(&text).ok()?))
    })
}

#[cfg(test)]
mod tests;
