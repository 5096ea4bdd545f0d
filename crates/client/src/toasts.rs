//! Toasts: readings that were accepted or rejected, and a window that closes with meters missing. Never twice: what
//! was told is noted in the encrypted file before it is shown.

pub(crate) mod announcements;
pub(crate) mod conversations;
pub(crate) mod desk;
pub(crate) mod payments;

use crate::core::Core;
use crate::overlay::entry::{Entry, Fate};
use crate::overlay::meter_card::{readings_view, shown};
use crate::overlay::picture::{Picture, day_in};
use crate::overlay::reading_line::lines_of;
use crate::report::Fault;
use crate::session::Person;
use crate::view::{EntryView, Mark, Toast, ToastReading};
use chrono::NaiveDate;
use domain::OperationId;
use wire::operation::Body;

/// The ids of operations that were told of, in the encrypted file.
const TOLD: &str = "told";
/// The day on which the closing window was told of.
const TOLD_WINDOW: &str = "told_window";
/// How many ids are kept: more than stay in the queue file's list of accepted ones.
const KEPT: usize = 1000;
/// A window is told of in its last days.
const LAST_DAYS: u32 = 3;

/// Tells of readings that the server decided about and that were not told of yet.
pub(crate) async fn decided(core: &Core, person: &Person) {
    if let Err(fault) = try_decided(core, person).await {
        tracing::warn!(?fault, "a toast was not shown");
    }
}

async fn try_decided(core: &Core, person: &Person) -> Result<(), Fault> {
    let picture = person.picture(core.zone())?;
    let mut told: Vec<OperationId> = read(person, TOLD).await?.unwrap_or_default();
    let news: Vec<&Entry> = decided_in(&picture).filter(|entry| !told.contains(&entry.id)).collect();
    if news.is_empty() {
        return Ok(());
    }
    told.extend(news.iter().map(|entry| entry.id));
    let surplus = told.len().saturating_sub(KEPT);
    told.drain(..surplus);
    write(person, TOLD, &told).await?;
    for toast in toasts_of(&picture, &news) {
        core.toast(toast);
    }
    Ok(())
}

/// Readings whose fate is final.
fn decided_in(picture: &Picture) -> impl Iterator<Item = &Entry> {
    picture.entries.iter().filter(|entry| {
        matches!(entry.body(), Some(Body::SubmitReading(_)))
            && matches!(entry.fate, Fate::Acked { .. } | Fate::Rejected { .. })
    })
}

/// One toast for all that were accepted, one for each that was rejected.
fn toasts_of(picture: &Picture, news: &[&Entry]) -> Vec<Toast> {
    let (mut accepted, mut toasts) = (Vec::new(), Vec::new());
    for entry in news {
        let Some(reading) = toast_reading(picture, entry) else { continue };
        match &entry.fate {
            Fate::Rejected { rejection } => {
                toasts.push(Toast::ReadingRejected { reading, rejection: rejection.clone() });
            }
            _ => accepted.push(reading),
        }
    }
    if !accepted.is_empty() {
        toasts.insert(0, Toast::ReadingsAccepted { readings: accepted });
    }
    toasts
}

/// `None` when the meter is not in the mirror any more: there would be nothing to click to.
fn toast_reading(picture: &Picture, entry: &Entry) -> Option<ToastReading> {
    let Some(Body::SubmitReading(body)) = entry.body() else { return None };
    let meter = picture.meter(body.meter)?;
    let lines = lines_of(picture, meter, &picture.rules_of(meter));
    let mark = lines.into_iter().find(|line| line.reading == body.reading).map(|line| line.mark);
    Some(ToastReading {
        operation: entry.id.to_string(),
        meter: body.meter.to_string(),
        name: picture.name_of(meter).0,
        values: shown(meter, &body.values),
        unit: meter.kind.unit(),
        scheduled: match mark {
            Some(Mark::Scheduled { on }) => Some(on),
            _ => None,
        },
    })
}

/// Tells once a day that the window closes and some meters have no reading.
pub(crate) async fn window_closes(core: &Core, person: &Person) {
    if let Err(fault) = try_window_closes(core, person).await {
        tracing::warn!(?fault, "a toast was not shown");
    }
}

async fn try_window_closes(core: &Core, person: &Person) -> Result<(), Fault> {
    let today = day_in(core.zone(), person.engine.now().ms);
    if read::<NaiveDate>(person, TOLD_WINDOW).await? == Some(today) {
        return Ok(());
    }
    let picture = person.picture(core.zone())?;
    let Some((closes, missing)) = closing(&picture) else { return Ok(()) };
    write(person, TOLD_WINDOW, &today).await?;
    core.toast(Toast::WindowCloses { closes, missing });
    Ok(())
}

/// The window that closes first within the last days, and how many of its meters have no reading.
fn closing(picture: &Picture) -> Option<(NaiveDate, u32)> {
    let meters = readings_view(picture, None).meters;
    let missing = meters
        .iter()
        .filter(|meter| meter.entry == EntryView::Submit && meter.window.open && meter.window.days <= LAST_DAYS);
    let days: Vec<NaiveDate> = missing.map(|meter| meter.window.closes).collect();
    let closes = days.iter().min().copied()?;
    let count = days.iter().filter(|day| **day == closes).count();
    Some((closes, u32::try_from(count).unwrap_or(u32::MAX)))
}

async fn read<T: serde::de::DeserializeOwned>(person: &Person, name: &str) -> Result<Option<T>, Fault> {
    Ok(person.engine.secret(name).await?.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

async fn write(person: &Person, name: &str, value: &impl serde::Serialize) -> Result<(), Fault> {
    let bytes = serde_json::to_vec(value).map_err(|error| Fault::Defect(error.to_string()))?;
    Ok(person.engine.set_secret(name, Some(&bytes)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::overlay::tests::world::{POWER, WATER, at, day, entry, flat, submits};
    use wire::problem::Rejection;

    #[test]
    fn what_was_accepted_together_is_one_toast_and_each_rejection_its_own() {
        let mut picture = flat(day(10, 20));
        let now = at(day(10, 20));
        let rejected = Fate::Rejected { rejection: Rejection::NotYours };
        picture.entries = vec![
            entry(1, submits(0xa1, WATER, &["467"]), now, Fate::Acked { position: 110 }),
            entry(2, submits(0xa2, WATER, &["468"]), now, rejected),
            entry(3, submits(0xa3, POWER, &["14300", "7150"]), now, Fate::Acked { position: 111 }),
            entry(4, submits(0xa4, POWER, &["14301", "7150"]), now, Fate::Queued),
        ];
        let news: Vec<&Entry> = decided_in(&picture).collect();
        let toasts = toasts_of(&picture, &news);
        let [Toast::ReadingsAccepted { readings }, Toast::ReadingRejected { reading, .. }] = &toasts[..] else {
            panic!("{toasts:?}");
        };
        let meters: Vec<&str> = readings.iter().map(|reading| reading.meter.as_str()).collect();
        assert_eq!(meters, [WATER.to_string(), POWER.to_string()]);
        assert_eq!(reading.values, ["00468,000"]);
    }

    #[test]
    fn only_the_last_three_days_of_a_window_and_only_missing_meters_are_told_of() {
        assert_eq!(closing(&flat(day(10, 22))), None, "four days are left");
        assert_eq!(closing(&flat(day(10, 23))), Some((day(10, 25), 2)));
        let mut picture = flat(day(10, 25));
        picture.entries = vec![entry(1, submits(0xa1, WATER, &["467"]), at(day(10, 20)), Fate::Queued)];
        assert_eq!(closing(&picture), Some((day(10, 25), 1)), "what waits here is not missing");
        assert_eq!(closing(&flat(day(10, 26))), None, "closed");
    }
}
