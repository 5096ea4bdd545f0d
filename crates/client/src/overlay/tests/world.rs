//! A flat with a cold water meter and a day-and-night electricity meter, as of 20 October 2026.

use crate::overlay::entry::{Entry, Fate};
use crate::overlay::picture::Picture;
use chrono::{NaiveDate, TimeZone};
use chrono_tz::Europe::Moscow;
use domain::reading_check::Limits;
use domain::reading_delivery::DeliveryPolicy;
use domain::{
    AccountId, AccountNumber, Capture, Dial, HouseId, Incarnation, Kopecks, MeterId, MeterKind, MeterValue,
    OperationId, Period, Rate, ReadingId, ReadingWindow, Source, UserId,
};
use std::collections::BTreeMap;
use uuid::Uuid;
use wire::entity::{Account, KindLimits, Meter, Profile, Reading, ReadingRules, Tariff, Verdict};
use wire::operation::{Body, Operation, RenameMeter, SubmitReading, UpdateProfile};

pub(crate) const WATER: MeterId = MeterId::new(Uuid::from_u128(0x11));
pub(crate) const POWER: MeterId = MeterId::new(Uuid::from_u128(0x12));
pub(crate) const FLAT: AccountId = AccountId::new(Uuid::from_u128(0x1));
pub(crate) const HOUSE: HouseId = HouseId::new(Uuid::from_u128(0x2));

pub(crate) fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).expect("a date")
}

/// Ten in the morning in Moscow.
pub(crate) fn at(date: NaiveDate) -> i64 {
    let morning = date.and_hms_opt(10, 0, 0).expect("ten o'clock");
    Moscow.from_local_datetime(&morning).single().expect("no change of clocks").timestamp_millis()
}

pub(crate) fn value(text: &str) -> MeterValue {
    MeterValue::parse(text).expect(text)
}

pub(crate) fn month(month: u8) -> Period {
    Period::new(2026, month).expect("a month")
}

pub(crate) fn water() -> Meter {
    Meter {
        id: WATER,
        account: FLAT,
        kind: MeterKind::ColdWater,
        name: "Холодная вода, кухня".into(),
        renamed: false,
        serial: "18-004512".into(),
        dial: Dial::new(5, 3).expect("a dial"),
        tariffs: 1,
        ratio: 1,
        verified_on: Some(day(5, 1)),
        verified_until: NaiveDate::from_ymd_opt(2030, 4, 30),
        verification_interval_years: Some(6),
        automatic: false,
        archived_on: None,
        replaced_by: None,
    }
}

fn power() -> Meter {
    Meter {
        id: POWER,
        kind: MeterKind::Electricity,
        name: "Электричество".into(),
        serial: "007791".into(),
        dial: Dial::new(6, 0).expect("a dial"),
        tariffs: 2,
        ..water()
    }
}

fn limits(ask: &str, refuse: &str) -> Limits {
    Limits { ask_above: value(ask), refuse_above: value(refuse), ask_above_usual_times: 3, refuse_overdue: true }
}

pub(crate) fn rules(house: Option<HouseId>, from: u8, to: u8) -> ReadingRules {
    ReadingRules {
        id: house.map_or(Uuid::nil(), HouseId::uuid),
        house,
        window: ReadingWindow::new(from, to).expect("days"),
        policy: DeliveryPolicy { strict: true, early_entry: true, late_days: 5 },
        notice: "Показания принимаем с 15 по 25 число.".into(),
        limits: vec![
            KindLimits { kind: MeterKind::ColdWater, limits: limits("30", "100") },
            KindLimits { kind: MeterKind::Electricity, limits: limits("1000", "5000") },
        ],
    }
}

pub(crate) fn reading(number: u128, meter: MeterId, period: u8, values: &[&str]) -> Reading {
    let taken_on = day(u32::from(period), 20);
    Reading {
        id: ReadingId::new(Uuid::from_u128(number)),
        meter,
        account: FLAT,
        period: month(period),
        values: values.iter().map(|text| value(text)).collect(),
        taken_on,
        captured_ms: at(taken_on),
        captured_sure: true,
        received_ms: at(taken_on),
        source: Source::ResidentApp,
        verdict: Verdict::Counted,
        current: true,
    }
}

/// The flat on `today`, with readings from July to September and an empty queue.
pub(crate) fn flat(today: NaiveDate) -> Picture {
    let readings = BTreeMap::from([
        (
            WATER,
            vec![
                reading(0x71, WATER, 7, &["446.1"]),
                reading(0x81, WATER, 8, &["453.1"]),
                reading(0x91, WATER, 9, &["460.1"]),
            ],
        ),
        (POWER, vec![reading(0x72, POWER, 7, &["14000", "7000"]), reading(0x92, POWER, 9, &["14208", "7100"])]),
    ]);
    Picture {
        now_ms: at(today),
        zone: Moscow,
        seq: Some(100),
        as_of_ms: Some(at(today)),
        profile: Some((
            9,
            Profile {
                id: UserId::new(Uuid::from_u128(7)),
                name: "Смирнова Валентина Петровна".into(),
                phone: "+79000001234".into(),
                email: String::new(),
                work: None,
            },
        )),
        accounts: vec![Account {
            id: FLAT,
            number: AccountNumber::parse("2140183572").expect("a number"),
            els: None,
            house: HOUSE,
            address: "г. Новочебоксарск, ул. Винокурова, д. 10, кв. 25".into(),
            short_address: "Винокурова, 10-25".into(),
            payer: "Смирнова В. П.".into(),
            debt: Kopecks(345_678),
            debt_on: day(10, 1),
            services: Vec::new(),
        }],
        meters: vec![(50, water()), (51, power())],
        readings,
        rules: vec![rules(None, 15, 25)],
        tariffs: vec![
            tariff(0x31, MeterKind::ColdWater, &[328_500], day(7, 1)),
            tariff(0x32, MeterKind::ColdWater, &[999_900], day(12, 1)),
            tariff(0x33, MeterKind::Electricity, &[48_600], day(7, 1)),
            tariff(0x34, MeterKind::Electricity, &[55_900, 28_100], day(7, 1)),
        ],
        headlines: BTreeMap::new(),
        entries: Vec::new(),
    }
}

fn tariff(id: u128, kind: MeterKind, rates: &[i64], from: NaiveDate) -> Tariff {
    let tariffs = u8::try_from(rates.len()).expect("few");
    Tariff { id: Uuid::from_u128(id), kind, tariffs, rates: rates.iter().map(|rate| Rate(*rate)).collect(), from }
}

/// An operation number `id`, entered at `captured_ms`.
pub(crate) fn entry(id: u128, body: Body, captured_ms: i64, fate: Fate) -> Entry {
    let actor = UserId::new(Uuid::from_u128(7));
    let operation = Operation {
        id: OperationId::new(Uuid::from_u128(id)),
        actor,
        on_behalf_of: None,
        source: Source::ResidentApp,
        incarnation: Incarnation::new(Uuid::nil()),
        device_seq: 1,
        lane: body.lane(actor),
        captured: Capture {
            wall_ms: captured_ms,
            server_offset_ms: Some(0),
            boot_ms: 0,
            boot_id: String::new(),
            anchored: true,
        },
        base_version: None,
        replaces: None,
        body,
    };
    Entry {
        id: operation.id,
        content: Some(operation),
        captured_ms,
        decided_ms: None,
        ever_sent: false,
        unseen: false,
        fate,
    }
}

pub(crate) fn submits(reading: u128, meter: MeterId, values: &[&str]) -> Body {
    Body::SubmitReading(SubmitReading {
        reading: ReadingId::new(Uuid::from_u128(reading)),
        meter,
        values: values.iter().map(|text| value(text)).collect(),
        confirmed: Vec::new(),
        early: false,
    })
}

pub(crate) fn renames(name: &str) -> Body {
    Body::RenameMeter(RenameMeter { meter: WATER, name: name.into() })
}

pub(crate) fn updates(name: Option<&str>, email: Option<&str>) -> Body {
    Body::UpdateProfile(UpdateProfile { name: name.map(str::to_owned), email: email.map(str::to_owned) })
}
