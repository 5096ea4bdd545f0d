//! The lines of a bill, each with «почему больше?».

use super::bills::minus;
use crate::view::{BillLineView, WhyView};
use domain::bill::{BillLine, Steps, changes, explain};
use domain::{Kopecks, LineRate, Volume};
use wire::money::Bill;

/// The lines as billing orders them, compared with the bill of the month before.
pub(crate) fn line_views(bill: &Bill, before: Option<&Bill>) -> Vec<BillLineView> {
    // Without lines there is nothing to compare with; with lines a service may be new.
    let before = before.filter(|before| !before.lines.is_empty());
    let mut left: Vec<&BillLine> = before.map(|before| before.lines.iter().collect()).unwrap_or_default();
    let mut views = Vec::with_capacity(bill.lines.len());
    for line in &bill.lines {
        let same = |old: &&BillLine| old.service == line.service && old.unit == line.unit;
        let old = left.iter().position(same).map(|place| left.remove(place));
        let why = before.map(|before| why(bill, before, old, line));
        views.push(BillLineView {
            service: line.service.clone(),
            unit: line.unit.clone(),
            volume: line.volume.map(Volume::printed),
            method: line.method,
            rate: line.rate.map(LineRate::printed),
            accrued: line.accrued,
            excess: line.excess,
            recalculated: line.recalculated,
            discount: line.discount,
            total: line.total,
            change: why.as_ref().map(|why| minus(why.after, why.before)),
            why: why.filter(|why| why.before != why.after),
        });
    }
    views
}

fn why(bill: &Bill, before: &Bill, old: Option<&BillLine>, line: &BillLine) -> WhyView {
    let steps = old.map_or_else(|| of_a_new_service(line), |old| explain(old, line));
    // A recalculation that is over changes the sum as one that has come.
    let told = if line.recalculated == Kopecks(0) { before } else { bill };
    let grounds = told.recalculations.iter().filter(|it| it.service == line.service && !it.ground.is_empty());
    let ground = grounds.map(|it| it.ground.as_str()).collect::<Vec<_>>().join("; ");
    WhyView {
        before: steps.before,
        volume: steps.by_volume,
        volume_before: old.and_then(|old| old.volume).map(Volume::printed),
        rate: steps.by_tariff,
        rate_before: old.and_then(|old| old.rate).map(LineRate::printed),
        recalculation: Kopecks(steps.by_recalculation.0.saturating_add(steps.by_discount.0)),
        ground: if steps.by_recalculation == Kopecks(0) { String::new() } else { ground },
        other: steps.otherwise,
        after: steps.now,
    }
}

fn of_a_new_service(line: &BillLine) -> Steps {
    let found = changes(&[], std::slice::from_ref(line));
    found.first().expect("a line now is a change").steps
}
