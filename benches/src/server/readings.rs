//! What the clients send: readings, sealed as the desktop seals them.

use super::town::Person;
use domain::{Capture, Incarnation, MeterId, MeterValue, OperationId, ReadingId, Source};
use uuid::Uuid;
use wire::operation::{Body, Operation, Sealed, SubmitReading};
use wire::push::{Batch, Item};

/// The body of a push with the first reading of each of these meters. `before` is how many this device sent earlier.
pub fn batch(person: &Person, meters: &[MeterId], before: usize) -> anyhow::Result<Vec<u8>> {
    let incarnation = Incarnation::new(person.user.uuid());
    let items = meters.iter().enumerate().map(|(at, meter)| {
        let operation = operation(person, *meter, incarnation, (before + at) as u64 + 1);
        Ok(Item::Apply { operation: Sealed::seal(&operation)?, after: None })
    });
    let items = items.collect::<anyhow::Result<Vec<_>>>()?;
    Ok(serde_json::to_vec(&Batch { incarnation, items })?)
}

fn operation(person: &Person, meter: MeterId, incarnation: Incarnation, device_seq: u64) -> Operation {
    let body = Body::SubmitReading(SubmitReading {
        reading: ReadingId::new(Uuid::now_v7()),
        meter,
        values: vec![MeterValue::from_steps(4_561_180)],
        confirmed: vec![],
        early: false,
    });
    let wall_ms = chrono::Utc::now().timestamp_millis();
    Operation {
        id: OperationId::new(Uuid::now_v7()),
        actor: person.user,
        on_behalf_of: None,
        source: Source::ResidentApp,
        incarnation,
        device_seq,
        lane: body.lane(person.user),
        captured: Capture { wall_ms, server_offset_ms: Some(0), boot_ms: 1, boot_id: "b".into(), anchored: true },
        base_version: None,
        replaces: None,
        body,
    }
}
