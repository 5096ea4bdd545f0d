//! All readings of one meter in one line of time, wherever they are: in the mirror or still in the queue.

use super::entry::{Entry, Fate};
use super::picture::{Picture, RulesOf, UNKNOWN_LIMITS};
use super::window_view::entered_on;
use crate::view::Mark;
use chrono::NaiveDate;
use domain::reading_check::{Limits, MeterFacts};
use domain::reading_delivery::Delivery;
use domain::{MeterValue, OperationId, Period, ReadingId, Source, consumption};
use wire::entity::{Meter, Reading, Verdict};

/// How many readings back the usual month looks: six volumes need seven.
const PAST: usize = 7;

/// One reading.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) reading: ReadingId,
    pub(crate) period: Period,
    pub(crate) values: Vec<MeterValue>,
    pub(crate) taken_on: NaiveDate,
    pub(crate) captured_ms: i64,
    pub(crate) source: Source,
    pub(crate) mark: Mark,
    /// Its operation, while the mirror does not contain it.
    pub(crate) operation: Option<OperationId>,
    /// Whether it is the one that counts in its period.
    pub(crate) counts: bool,
}

/// The readings of `meter`, newest first: by period, then by the time of capture.
pub(crate) fn lines_of(picture: &Picture, meter: &Meter, rules: &RulesOf<'_>) -> Vec<Line> {
    let mirrored = picture.readings.get(&meter.id).map_or(&[][..], Vec::as_slice);
    let mut lines: Vec<Line> = mirrored.iter().map(from_mirror).collect();
    for entry in &picture.entries {
        let contained = entry.reading_of(meter.id).is_some_and(|body| {
            // The mirror may show the effect before this computer has noted the answer.
            mirrored.iter().any(|reading| reading.id == body.reading)
        });
        let shown = entry.overlays(picture.seq) || matches!(entry.fate, Fate::Rejected { .. });
        if shown && !contained {
            lines.extend(from_queue(picture, meter, rules, entry));
        }
    }
    lines.sort_by_key(|line| std::cmp::Reverse((line.period, line.captured_ms, line.reading)));
    settle_what_counts(&mut lines);
    lines
}

fn from_mirror(reading: &Reading) -> Line {
    let mark = match &reading.verdict {
        Verdict::Accepted => Mark::Accepted { at_ms: Some(reading.received_ms) },
        Verdict::Scheduled { on } => Mark::Scheduled { on: *on },
        Verdict::Exported => Mark::Exported,
        Verdict::Counted => Mark::Counted,
        Verdict::Refused { why } => Mark::Refused { why: why.clone() },
    };
    Line {
        reading: reading.id,
        period: reading.period,
        values: reading.values.clone(),
        taken_on: reading.taken_on,
        captured_ms: reading.captured_ms,
        source: reading.source,
        mark,
        operation: None,
        counts: reading.current,
    }
}

fn from_queue(picture: &Picture, meter: &Meter, rules: &RulesOf<'_>, entry: &Entry) -> Option<Line> {
    let body = entry.reading_of(meter.id)?;
    let taken_on = picture.day_of(entry.captured_ms);
    let delivery = entered_on(rules, taken_on, body.early);
    let (period, held_until) = match delivery {
        Delivery::Accept { period, .. } => (period, None),
        Delivery::HoldUntil { opens, period } => (period, Some(opens)),
        Delivery::Closed { .. } => (Period::of(taken_on), None),
    };
    let mark = match (&entry.fate, held_until) {
        (Fate::Acked { .. }, Some(on)) if on > picture.today() => Mark::Scheduled { on },
        _ => entry.mark(),
    };
    Some(Line {
        reading: body.reading,
        period,
        values: body.values.clone(),
        taken_on,
        captured_ms: entry.captured_ms,
        source: entry.content.as_ref()?.source,
        mark,
        operation: Some(entry.id),
        counts: !matches!(entry.fate, Fate::Rejected { .. }),
    })
}

/// Of those that may count in one period only the latest captured does. `lines` are newest first.
fn settle_what_counts(lines: &mut [Line]) {
    let mut settled: Option<Period> = None;
    for line in lines {
        if line.counts {
            line.counts = settled != Some(line.period);
            settled = Some(line.period);
        }
    }
}

impl Line {
    /// Whether later consumption is counted from it: what billing refused is not a value of the meter.
    fn is_past(&self, period: Period) -> bool {
        self.counts && self.period < period && !matches!(self.mark, Mark::Refused { .. })
    }
}

/// The counting reading of an earlier period than `period`.
pub(crate) fn last_before(lines: &[Line], period: Period) -> Option<&Line> {
    lines.iter().find(|line| line.is_past(period))
}

/// The counting reading of `period`.
pub(crate) fn current_of(lines: &[Line], period: Period) -> Option<&Line> {
    lines.iter().find(|line| line.counts && line.period == period)
}

/// Volumes since `last`, per tariff. A meter without a past has none: what it showed when it was put in is the
/// server's to know.
pub(crate) fn volumes(meter: &Meter, last: Option<&Line>, values: &[MeterValue]) -> Option<Vec<MeterValue>> {
    let last = last?;
    let count = |(before, value): (&MeterValue, &MeterValue)| {
        consumption::between(meter.dial, *before, *value, meter.ratio).volume
    };
    Some(last.values.iter().zip(values).map(count).collect())
}

/// The usual month of each tariff, from the counting readings before `period`. The server counts the same way.
pub(crate) fn usual(meter: &Meter, lines: &[Line], period: Period) -> Vec<Option<MeterValue>> {
    let past: Vec<&Line> = lines.iter().filter(|line| line.is_past(period)).take(PAST).collect();
    let volume = |pair: &[&Line], tariff: usize| {
        let [later, earlier] = pair else { return None };
        let (new, old) = (later.values.get(tariff)?, earlier.values.get(tariff)?);
        let volume = consumption::between(meter.dial, *old, *new, meter.ratio).volume;
        // A skipped month is an even share of the volume up to the next reading.
        Some(MeterValue::from_steps(volume.steps() / months_between(earlier.period, later.period).max(1)))
    };
    (0..usize::from(meter.tariffs))
        .map(|tariff| {
            let newest_first: Vec<MeterValue> = past.windows(2).filter_map(|pair| volume(pair, tariff)).collect();
            consumption::usual_month(&newest_first)
        })
        .collect()
}

fn months_between(earlier: Period, later: Period) -> i64 {
    i64::from(later.year() - earlier.year()) * 12 + i64::from(later.month()) - i64::from(earlier.month())
}

/// The limits that this computer can judge by: without a past no volume is known, and the server judges.
pub(crate) fn limits_here(lines: &[Line], period: Period, limits: Limits) -> Limits {
    match last_before(lines, period) {
        Some(_) => limits,
        None => Limits { refuse_overdue: limits.refuse_overdue, ..UNKNOWN_LIMITS },
    }
}

/// What the checks need to know.
pub(crate) fn facts(meter: &Meter, lines: &[Line], period: Period) -> MeterFacts {
    let zeros = vec![MeterValue::ZERO; usize::from(meter.tariffs)];
    MeterFacts {
        kind: meter.kind,
        dial: meter.dial,
        ratio: meter.ratio,
        last: last_before(lines, period).map_or(zeros, |line| line.values.clone()),
        usual: usual(meter, lines, period),
        automatic: meter.automatic,
        archived_on: meter.archived_on,
        verified_until: meter.verified_until,
    }
}

/// A sum of volumes.
pub(crate) fn sum(volumes: &[MeterValue]) -> MeterValue {
    MeterValue::from_steps(volumes.iter().map(|volume| volume.steps()).sum())
}
