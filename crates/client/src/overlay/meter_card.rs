//! The section «Показания»: a card for each meter, and what the period costs so far.

use super::entry::{Entry, Fate};
use super::picture::{Picture, RulesOf};
use super::reading_line::{Line, current_of, facts, last_before, lines_of, sum, volumes};
use super::window_view::window_view;
use crate::view::{
    CurrentReading, EntryView, EstimateLine, HistoryRow, LastReading, MeterView, ReadingsView, WindowView,
};
use domain::meter_kind::TariffZone;
use domain::{AccountId, Kopecks, MeterValue, reading_check};
use wire::entity::Meter;
use wire::operation::Body;

/// How many rows the history has at most: two years of months.
const HISTORY: usize = 24;

/// All meters, or those of one account.
pub(crate) fn readings_view(picture: &Picture, account: Option<AccountId>) -> ReadingsView {
    let mut meters: Vec<&Meter> = picture
        .meters
        .iter()
        .map(|(_, meter)| meter)
        .filter(|meter| account.is_none_or(|account| meter.account == account))
        .filter(|meter| picture.account(meter.account).is_some())
        .collect();
    meters.sort_by_cached_key(|meter| order(picture, meter));
    let cards: Vec<MeterView> = meters.into_iter().filter_map(|meter| meter_view(picture, meter)).collect();
    let takes = |card: &&MeterView| !matches!(card.entry, EntryView::Refused { .. });
    let estimate: Vec<EstimateLine> = cards.iter().filter_map(estimate_line).collect();
    ReadingsView {
        today: picture.today(),
        window: cards.iter().find(takes).or(cards.first()).map(|card| card.window.clone()),
        submitted: count(cards.iter().filter(takes).filter(|card| card.current.is_some())),
        expected: count(cards.iter().filter(takes)),
        estimate_total: estimate.iter().map(|line| line.cost).sum(),
        estimate,
        meters: cards,
    }
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

/// By account, meters in use before those out of use, then by kind and name.
fn order(picture: &Picture, meter: &Meter) -> impl Ord + use<> {
    let account = picture.account(meter.account);
    (
        account.map(|account| (account.short_address.clone(), account.number.as_str().to_owned())),
        meter.archived_on.is_some(),
        meter.kind,
        meter.name.clone(),
        meter.id,
    )
}

fn estimate_line(card: &MeterView) -> Option<EstimateLine> {
    let cost = card.current.as_ref()?.cost?;
    Some(EstimateLine { meter: card.id.clone(), kind: card.kind, name: card.name.clone(), cost })
}

/// The card of one meter; `None` when its account is not in the mirror.
pub(crate) fn meter_view(picture: &Picture, meter: &Meter) -> Option<MeterView> {
    let account = picture.account(meter.account)?;
    let today = picture.today();
    let rules = picture.rules_of(meter);
    let window = window_view(&rules, today);
    let lines = lines_of(picture, meter, &rules);
    let last = last_before(&lines, window.period);
    let current = current_of(&lines, window.period).map(|line| current_reading(picture, meter, line, last));
    let (name, renaming) = picture.name_of(meter);
    Some(MeterView {
        id: meter.id.to_string(),
        account: account.id.to_string(),
        account_number: account.number.to_string(),
        short_address: account.short_address.clone(),
        kind: meter.kind,
        unit: meter.kind.unit(),
        name,
        name_mark: renaming.or_else(|| rejected_name(picture, meter)).map(Entry::mark),
        serial: meter.serial.clone(),
        digits: meter.dial.digits(),
        decimals: meter.dial.decimals(),
        zones: TariffZone::of(meter.tariffs).to_vec(),
        verified_on: meter.verified_on,
        verified_until: meter.verified_until,
        verification_days: meter
            .verified_until
            .map(|until| i32::try_from((until - today).num_days()).unwrap_or(i32::MAX)),
        interval_years: meter.verification_interval_years,
        entry: entry_view(picture, meter, &rules, &window, &lines),
        window,
        last: last.map(|line| LastReading {
            values: line.values.clone(),
            shown: shown(meter, &line.values),
            taken_on: line.taken_on,
        }),
        current,
        history: history(meter, &lines),
    })
}

/// A new name that the server did not take and the person has not given up.
fn rejected_name<'a>(picture: &'a Picture, meter: &Meter) -> Option<&'a Entry> {
    let renames = |entry: &&Entry| matches!(entry.body(), Some(Body::RenameMeter(body)) if body.meter == meter.id);
    picture.entries.iter().rev().filter(renames).find(|entry| matches!(entry.fate, Fate::Rejected { .. }))
}

/// Values as the drums show them.
pub(crate) fn shown(meter: &Meter, values: &[MeterValue]) -> Vec<String> {
    values.iter().map(|value| meter.dial.show(*value)).collect()
}

fn entry_view(picture: &Picture, meter: &Meter, rules: &RulesOf<'_>, window: &WindowView, lines: &[Line]) -> EntryView {
    let facts = facts(meter, lines, window.period);
    if let Err(refusal) = reading_check::accepts_entry(&facts, &rules.limits, picture.today()) {
        return EntryView::Refused { refusal };
    }
    let taken = window.open || !rules.policy.strict;
    match (taken, current_of(lines, window.period).is_some()) {
        (true, true) => EntryView::Change,
        (true, false) => EntryView::Submit,
        (false, _) if window.early_allowed => EntryView::Early,
        (false, _) => EntryView::Closed,
    }
}

fn current_reading(picture: &Picture, meter: &Meter, line: &Line, last: Option<&Line>) -> CurrentReading {
    let volumes = volumes(meter, last, &line.values);
    CurrentReading {
        values: line.values.clone(),
        shown: shown(meter, &line.values),
        cost: volumes.as_deref().and_then(|volumes| cost(picture, meter, volumes)),
        volumes: volumes.unwrap_or_default(),
        captured_ms: line.captured_ms,
        source: line.source,
        mark: line.mark.clone(),
        operation: line.operation.map(|id| id.to_string()),
    }
}

/// What the volumes of all tariffs cost by the prices in force today.
pub(crate) fn cost(picture: &Picture, meter: &Meter, volumes: &[MeterValue]) -> Option<Kopecks> {
    let tariff = picture.tariff_for(meter, picture.today())?;
    if tariff.rates.len() != volumes.len() {
        return None;
    }
    Some(tariff.rates.iter().zip(volumes).map(|(rate, volume)| rate.cost(*volume)).sum())
}

fn history(meter: &Meter, lines: &[Line]) -> Vec<HistoryRow> {
    let row = |line: &Line| HistoryRow {
        period: line.period,
        taken_on: line.taken_on,
        values: line.values.clone(),
        volume: volumes(meter, last_before(lines, line.period), &line.values).as_deref().map(sum),
        source: line.source,
        mark: line.mark.clone(),
        counts: line.counts,
    };
    lines.iter().take(HISTORY).map(row).collect()
}
