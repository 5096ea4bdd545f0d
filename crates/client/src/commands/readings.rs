use super::fields;
use crate::core::Core;
use crate::engine::NewOperation;
use crate::overlay::entry::{Entry, Fate};
use crate::overlay::picture::Picture;
use crate::overlay::reading_line::lines_of;
use crate::overlay::{gather, meter_card, preview as typed};
use crate::report::Fault;
use crate::view::{
    EnqueuedView, Failure, MeterRenameArgs, PreviewView, ReadingArgs, ReadingSubmitArgs, ReadingsArgs, ReadingsView,
};
use chrono::Datelike;
use domain::reading_check::QuestionCode;
use domain::{AccountId, MeterId, OperationId, Period, ReadingId};
use std::collections::BTreeSet;
use std::sync::Arc;
use wire::entity::Meter;
use wire::operation::{Body, RenameMeter, SubmitReading};
use wire::problem::Rejection;

/// «Показания».
pub(super) async fn readings(core: &Arc<Core>, args: ReadingsArgs) -> Result<ReadingsView, Fault> {
    let picture = core.require_person()?.picture(core.zone())?;
    let account = args.account.map(|text| text.parse::<AccountId>().map_err(|_| Failure::Gone)).transpose()?;
    Ok(meter_card::readings_view(&picture, account))
}

/// What comes out of the values typed so far.
pub(super) async fn preview(core: &Arc<Core>, args: ReadingArgs) -> Result<PreviewView, Fault> {
    let picture = picture_of(core, &args.meter)?;
    Ok(typed::preview(&picture, the_meter(&picture)?, &args.values))
}

/// «Передать показания», «Изменить показания».
pub(super) async fn submit(core: &Arc<Core>, args: ReadingSubmitArgs) -> Result<EnqueuedView, Fault> {
    let picture = picture_of(core, &args.meter)?;
    let meter = the_meter(&picture)?;
    let reading = typed::submittable(&picture, meter, &args.values, &args.confirmed, args.early)?;
    let replaces = reading_to_replace(&picture, meter, reading.period);
    let mut confirmed = reading.confirmed;
    confirmed.extend(replaces.and_then(asked_by_the_server).filter(|code| args.confirmed.contains(code)));
    confirmed.sort_unstable();
    confirmed.dedup();
    let body = Body::SubmitReading(SubmitReading {
        reading: ReadingId::new(super::mint(core)),
        meter: meter.id,
        values: reading.values,
        confirmed,
        early: reading.early,
    });
    let priority = i64::from(reading.deadline.num_days_from_ce());
    let operation = NewOperation { body, base_version: None, on_behalf_of: None, priority, needs: BTreeSet::new() };
    enqueue(core, operation, replaces.map(|entry| entry.id)).await
}

/// What the server asked when it rejected this reading, because it knew a newer last value than this computer.
fn asked_by_the_server(rejected: &Entry) -> Option<QuestionCode> {
    match &rejected.fate {
        Fate::Rejected { rejection: Rejection::ReadingQuestioned { question } } => Some(question.code()),
        _ => None,
    }
}

/// The pencil. An empty name restores the utility's.
pub(super) async fn rename(core: &Arc<Core>, args: MeterRenameArgs) -> Result<EnqueuedView, Fault> {
    let name = fields::meter_name(&args.name)?;
    let picture = picture_of(core, &args.meter)?;
    let meter = the_meter(&picture)?;
    let renames = |entry: &&Entry| matches!(entry.body(), Some(Body::RenameMeter(body)) if body.meter == meter.id);
    let latest = picture.entries.iter().rev().find(renames);
    let replaces = latest.filter(|entry| entry.replaceable()).map(|entry| entry.id);
    let base_version = picture.meters.iter().find(|(_, known)| known.id == meter.id).map(|(version, _)| *version);
    let body = Body::RenameMeter(RenameMeter { meter: meter.id, name });
    let priority = outbox::WHENEVER;
    enqueue(core, NewOperation { body, base_version, on_behalf_of: None, priority, needs: BTreeSet::new() }, replaces)
        .await
}

/// The operation whose place a new reading takes: a rejected one of the meter, which stops its lane until then, or
/// one of the same period that never left.
fn reading_to_replace<'a>(picture: &'a Picture, meter: &Meter, period: Period) -> Option<&'a Entry> {
    let of_meter = || picture.entries.iter().rev().filter(|entry| entry.reading_of(meter.id).is_some());
    let rejected = of_meter().find(|entry| matches!(entry.fate, Fate::Rejected { .. }));
    let same_period = || {
        let lines = lines_of(picture, meter, &picture.rules_of(meter));
        let line = lines.into_iter().find(|line| line.period == period && line.operation.is_some())?;
        of_meter().find(|entry| Some(entry.id) == line.operation)
    };
    rejected.or_else(same_period).filter(|entry| entry.replaceable())
}

fn picture_of(core: &Core, meter: &str) -> Result<Picture, Fault> {
    let person = core.require_person()?;
    let meter: MeterId = meter.parse().map_err(|_| Failure::Gone)?;
    Ok(gather::one_meter(&person.engine, core.zone(), meter)?)
}

fn the_meter(picture: &Picture) -> Result<&Meter, Failure> {
    let (_, meter) = picture.meters.first().ok_or(Failure::Gone)?;
    // A meter whose account was detached a moment ago is nobody's here.
    picture.account(meter.account).map(|_| meter).ok_or(Failure::Gone)
}

async fn enqueue(core: &Core, operation: NewOperation, replaces: Option<OperationId>) -> Result<EnqueuedView, Fault> {
    let enqueued = core.require_person()?.engine.enqueue(operation, replaces).await?;
    Ok(EnqueuedView { operation: enqueued.id.to_string(), replaced: enqueued.replaced.is_some() })
}
