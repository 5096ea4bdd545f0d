//! Mass outages: begun, changed, ended; tickets folded to them.

use super::super::{Nothing, fields, mint, whenever};
use super::deeds::each;
use super::{at_desk, enter, ids, named};
use crate::core::Core;
use crate::desk::office;
use crate::engine::NewOperation;
use crate::overlay::entry::Entry;
use crate::report::Fault;
use crate::view::{DeskFoldArgs, DeskIncidentArgs, EnqueuedView, Failure, Field, FieldProblem, Topic};
use domain::{HouseId, IncidentId};
use std::sync::Arc;
use wire::desk::{FoldTicket, Incident, SetIncident};
use wire::operation::Body;

/// The longest name of an incident, in characters.
const TITLE: u32 = 120;

/// «Присоединить к аварии», or take out.
pub(in super::super) async fn fold(core: &Arc<Core>, args: DeskFoldArgs) -> Result<Nothing, Fault> {
    let (person, look) = at_desk(core)?;
    let incident: Option<IncidentId> = named(args.incident.as_deref())?;
    if let Some(wanted) = incident {
        let known = office::incidents(&look)?.iter().any(|(known, _)| known.id == wanted && !known.over);
        known.then_some(()).ok_or(Failure::Gone)?;
    }
    let bodies = each(&look, &ids(&args.tickets)?, |desk| {
        Ok(Body::FoldTicket(FoldTicket { ticket: desk.ticket.id, incident }))
    })?;
    enter(&person, bodies).await
}

/// A new incident, or a change of one.
pub(in super::super) async fn save(core: &Arc<Core>, args: DeskIncidentArgs) -> Result<EnqueuedView, Fault> {
    let (person, look) = at_desk(core)?;
    let id = named(args.id.as_deref())?;
    let known = match id {
        Some(id) => Some(office::incident(&look, id)?.ok_or(Failure::Gone)?),
        None => None,
    };
    let houses: Vec<HouseId> =
        args.houses.iter().map(|house| house.parse().map_err(|_| Failure::Gone)).collect::<Result<_, _>>()?;
    if houses.is_empty() {
        return Err(empty(Field::Houses).into());
    }
    let until_ms = match args.until_ms {
        // What is over ended now, unless it ended before.
        until_ms if args.over => Some(until_ms.map_or(look.now_ms, |until_ms| until_ms.min(look.now_ms))),
        until_ms => until_ms,
    };
    let incident = Incident {
        id: id.unwrap_or_else(|| IncidentId::new(mint(core))),
        title: title(&args.title)?,
        text: fields::text(&args.text)?,
        scheduled: args.planned,
        houses,
        subtypes: known.map(|known| known.subtypes).unwrap_or_default(),
        from_ms: args.began_ms,
        until_ms,
        over: args.over,
    };
    let base_version = look.mirror.get("incident", incident.id.uuid())?.map(|found| found.version);
    let sets =
        |entry: &&Entry| matches!(entry.body(), Some(Body::SetIncident(body)) if body.incident.id == incident.id);
    let latest = look.entries.iter().rev().find(sets);
    let replaces = latest.filter(|entry| entry.replaceable()).map(|entry| entry.id);
    let operation = NewOperation { base_version, ..whenever(Body::SetIncident(SetIncident { incident })) };
    let enqueued = person.engine.enqueue(operation, replaces).await?;
    core.tell(&[Topic::Tickets]);
    Ok(EnqueuedView { operation: enqueued.id.to_string(), replaced: enqueued.replaced.is_some() })
}

fn title(text: &str) -> Result<String, Failure> {
    let title = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if title.is_empty() {
        return Err(empty(Field::Title));
    }
    if title.chars().count() > TITLE as usize {
        return Err(Failure::Field { field: Field::Title, problem: FieldProblem::TooLong { max: TITLE } });
    }
    Ok(title)
}

const fn empty(field: Field) -> Failure {
    Failure::Field { field, problem: FieldProblem::Empty }
}
