//! How the departments do: what is open and overdue, what was finished lately and in time, what residents think of it.

use super::look::Look;
use super::tickets::Desk;
use crate::report::Fault;
use crate::view::{DeskMonitorRow, DeskMonitorView};
use domain::DepartmentId;
use domain::ticket::Rating;
use std::collections::HashMap;
use std::time::Duration;

/// What was finished before is no news.
const LATELY: Duration = Duration::from_secs(30 * 24 * 60 * 60);

#[derive(Default)]
struct Sum {
    open: u32,
    overdue: u32,
    finished: u32,
    in_time: u32,
    rated: u32,
    stars: u32,
}

/// By department, in the utility's order; what belongs to none stands last.
pub(crate) fn monitor(look: &Look, desk: &Desk) -> Result<DeskMonitorView, Fault> {
    let since_ms = look.now_ms.saturating_sub(i64::try_from(LATELY.as_millis()).unwrap_or(i64::MAX));
    let sums = desk.over_all(look, |cards| {
        let mut sums: HashMap<Option<DepartmentId>, Sum> = HashMap::new();
        for card in cards {
            let sum = sums.entry(card.department).or_default();
            if card.status.is_open() {
                sum.open += 1;
                sum.overdue += u32::from(card.overdue(look.now_ms));
                continue;
            }
            let Some((due_ms, Some(done_ms))) = card.finish else { continue };
            if done_ms < since_ms {
                continue;
            }
            sum.finished += 1;
            sum.in_time += u32::from(done_ms <= due_ms);
            if let Some(rating) = card.rating {
                sum.rated += 1;
                sum.stars += u32::from(Rating::stars(rating));
            }
        }
        sums
    })?;
    let mut sums = sums.answer;
    let mut departments = Vec::new();
    for department in super::office::departments(look)? {
        let sum = department.id.parse().ok().and_then(|id| sums.remove(&Some(id))).unwrap_or_default();
        departments.push(row(department.name, &sum));
    }
    // A department that is no more has nobody to ask either.
    let rest = sums.into_values().reduce(|a, b| Sum {
        open: a.open + b.open,
        overdue: a.overdue + b.overdue,
        finished: a.finished + b.finished,
        in_time: a.in_time + b.in_time,
        rated: a.rated + b.rated,
        stars: a.stars + b.stars,
    });
    departments.extend(rest.map(|sum| row(String::new(), &sum)));
    Ok(DeskMonitorView { departments })
}

fn row(department: String, sum: &Sum) -> DeskMonitorRow {
    DeskMonitorRow {
        department,
        open: sum.open,
        overdue: sum.overdue,
        finished: sum.finished,
        in_time: sum.in_time,
        rated: sum.rated,
        // Rounded to the nearest tenth.
        rating_tenths: (sum.stars * 10 + sum.rated / 2).checked_div(sum.rated),
    }
}
