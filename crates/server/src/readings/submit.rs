//! A resident's reading arrives (docs/domain.md).

use super::history::facts;
use super::{Origin, add, in_force, is_locked, load, next_unlocked};
use crate::config::Config;
use crate::operations::Refused;
use crate::storage::{Ticket, Tx};
use crate::{accounts, meters};
use domain::reading_check::{self, QuestionCode};
use domain::reading_delivery::{self, Arrival, Delivery};
use wire::entity::{Reading, Verdict};
use wire::operation::{Operation, SubmitReading};
use wire::problem::Rejection;

/// Takes the reading, keeps it until the window opens, or says why not.
pub fn submit(
    tx: &mut Tx<'_>,
    config: &Config,
    operation: &Operation,
    body: &SubmitReading,
) -> Result<Ticket, Refused> {
    let stored = meters::load(tx, body.meter)?.ok_or(Rejection::NotYours)?;
    let meter = &stored.meter;
    if !accounts::owns(tx, operation.actor, meter.account)? {
        return Err(Rejection::NotYours.into());
    }
    if load(tx, body.reading)?.is_some() {
        return Err(Rejection::ReadingExists { reading: body.reading }.into());
    }
    let received_ms = tx.now_ms();
    let believed = operation.captured.believed(received_ms);
    let arrival = Arrival {
        captured_on: config.day(believed.at_ms),
        sure: believed.sure,
        received_on: config.day(received_ms),
        early: body.early,
    };
    let house = accounts::house(tx, meter.account)?;
    let rules = in_force(config, house.as_ref().map(|(id, address)| (*id, address.as_str())), arrival.received_on);
    let (period, verdict, late) = match reading_delivery::decide(rules.window, rules.policy, arrival) {
        Delivery::Accept { period, late } => (period, Verdict::Accepted, late),
        Delivery::HoldUntil { opens, period } => (period, Verdict::Scheduled { on: opens }, false),
        Delivery::Closed { closed_on, next_opens, too_late } => {
            return Err(Rejection::WindowClosed { closed_on, next_opens, too_late }.into());
        }
    };
    if is_locked(tx, period)? {
        return Err(Rejection::PeriodLocked { period, next: next_unlocked(tx, period)? }.into());
    }
    let facts = facts(tx, &stored, period)?;
    let questions = reading_check::check(&facts, &rules.limits_of(meter.kind), &body.values, arrival.captured_on)
        .map_err(|refusal| Rejection::Reading { refusal })?;
    for question in questions.into_iter().filter(|question| !body.confirmed.contains(&question.code())) {
        if question.code() == QuestionCode::RollOver {
            return Err(Rejection::ReadingQuestioned { question }.into());
        }
        // The window asked by what it knew; an odd volume alone is no reason to lose a person's month.
        tracing::info!(operation = %operation.id, question = ?question.code(), "an unconfirmed reading was taken");
    }
    let reading = Reading {
        id: body.reading,
        meter: meter.id,
        account: meter.account,
        period,
        values: body.values.clone(),
        taken_on: arrival.captured_on,
        captured_ms: believed.at_ms,
        captured_sure: believed.sure,
        received_ms,
        source: operation.source,
        verdict,
        current: true,
    };
    let origin = Origin { actor: Some(operation.actor), operation: Some(operation.id), import: None, late };
    Ok(add(tx, reading, origin)?)
}
