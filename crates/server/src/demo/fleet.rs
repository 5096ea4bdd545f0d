//! The meters of a flat and what they counted.

use super::Wish;
use super::dice::Dice;
use super::town::{Meter, Taken};
use crate::registry::resource::usual_dial;
use chrono::{Days, NaiveDate};
use domain::meter_value::STEPS_PER_UNIT;
use domain::{MeterKind, MeterValue, Period};

/// How many readings a full history has.
pub(super) const MONTHS: usize = 13;

pub(super) struct Fleet {
    dice: Dice,
    month: Period,
    made: u64,
}

impl Fleet {
    pub(super) fn new(wish: Wish) -> Self {
        Self { dice: Dice::new(wish.seed, "meters"), month: wish.month, made: 0 }
    }

    /// The meters of one flat.
    pub(super) fn meters(&mut self, with_history: bool) -> Vec<Meter> {
        let months = if with_history { MONTHS } else { 1 };
        let mut meters = Vec::new();
        let two_risers = self.dice.percent(35);
        for place in if two_risers { ["кухня", "ванная"].as_slice() } else { ["кухня"].as_slice() } {
            if self.dice.percent(94) {
                self.add(&mut meters, MeterKind::ColdWater, place, 1, months);
            }
            if self.dice.percent(86) {
                self.add(&mut meters, MeterKind::HotWater, place, 1, months);
            }
        }
        let tariffs = match self.dice.between(1, 100) {
            1..=55 => 1,
            56..=90 => 2,
            91..=97 => 3,
            _ => 0,
        };
        if tariffs > 0 {
            self.add(&mut meters, MeterKind::Electricity, "", tariffs, months);
        }
        for (kind, percent) in [(MeterKind::Gas, 18), (MeterKind::Heat, 6), (MeterKind::Sewage, 3)] {
            if self.dice.percent(percent) {
                self.add(&mut meters, kind, "", 1, months);
            }
        }
        meters
    }

    /// A meter, and with a small chance the one that stood there before it.
    fn add(&mut self, meters: &mut Vec<Meter>, kind: MeterKind, place: &str, tariffs: u8, months: usize) {
        let mut meter = self.meter(kind, place, tariffs, months);
        if months > 3 && self.dice.percent(4) {
            let since = usize::try_from(self.dice.between(2, 6)).unwrap_or(2);
            let installed_on = back(self.month, since).day_clamped(17);
            let mut old = self.meter(kind, place, tariffs, months);
            old.readings.retain(|taken| taken.on < installed_on);
            old.archived_on = Some(installed_on);
            meter.readings.retain(|taken| taken.on >= installed_on);
            // The new one starts near zero and is as fresh as its installation.
            if let Some(first) = meter.readings.first().map(|taken| taken.values.clone()) {
                for taken in &mut meter.readings {
                    for (value, first) in taken.values.iter_mut().zip(&first) {
                        *value = MeterValue::from_steps(value.steps() - first.steps() + 2 * STEPS_PER_UNIT);
                    }
                }
            }
            meter.installed_on = installed_on;
            meter.verified_on = installed_on;
            meter.verified_until = years_later(installed_on, meter.interval_years);
            meters.push(old);
        }
        meters.push(meter);
    }

    fn meter(&mut self, kind: MeterKind, place: &str, tariffs: u8, months: usize) -> Meter {
        let interval_years = match kind {
            MeterKind::ColdWater | MeterKind::HotWater | MeterKind::Sewage => 6,
            MeterKind::Electricity => 16,
            MeterKind::Gas => 10,
            MeterKind::Heat => 4,
        };
        let last_day = self.month.day_clamped(31);
        let life = i64::from(interval_years) * 365;
        let left = match self.dice.between(1, 100) {
            1..=4 => -self.dice.between(5, 300),
            5..=8 => self.dice.between(40, 100),
            _ => self.dice.between(101, life),
        };
        let verified_until = shifted(last_day, left);
        let verified_on =
            years_later(verified_until, 0).checked_sub_months(chrono::Months::new(12 * u32::from(interval_years)));
        let verified_on = verified_on.unwrap_or(verified_until);
        let automatic = match kind {
            MeterKind::Electricity => self.dice.percent(5),
            MeterKind::Heat => self.dice.percent(40),
            _ => false,
        };
        let readings = self.readings(kind, tariffs, months);
        let serial = self.serial(kind, verified_on);
        Meter {
            kind,
            serial,
            place: place.to_owned(),
            dial: usual_dial(kind),
            tariffs,
            installed_on: shifted(verified_on, 20),
            verified_on,
            verified_until,
            interval_years,
            automatic,
            archived_on: None,
            readings,
        }
    }

    fn readings(&mut self, kind: MeterKind, tariffs: u8, months: usize) -> Vec<Taken> {
        // A usual month, and what was on the meter before it, in thousandths of the unit.
        let (usual, before) = match kind {
            MeterKind::ColdWater => (self.dice.between(1_500, 9_000), 500_000),
            MeterKind::HotWater => (self.dice.between(900, 5_500), 350_000),
            MeterKind::Sewage => (self.dice.between(3_000, 12_000), 800_000),
            MeterKind::Electricity => (self.dice.between(70_000, 260_000), 30_000_000),
            MeterKind::Gas => (self.dice.between(6_000, 30_000), 3_000_000),
            MeterKind::Heat => (self.dice.between(300, 900), 60_000),
        };
        let dial = usual_dial(kind);
        let grain = 10_i64.pow(4 - u32::from(dial.decimals()));
        let mut now: Vec<i64> = (0..tariffs).map(|_| self.dice.between(before / 4, before) * 10).collect();
        let mut readings = Vec::with_capacity(months);
        for ago in (0..months).rev() {
            for value in &mut now {
                let share = if tariffs == 1 { 100 } else { self.dice.between(25, 60) };
                *value += usual * 10 * self.dice.between(75, 130) / 100 * share / 100;
                *value -= *value % grain;
            }
            let on = back(self.month, ago).day_clamped(31);
            readings.push(Taken { on, values: now.iter().copied().map(MeterValue::from_steps).collect() });
        }
        readings
    }

    /// Numbers never repeat: the count of meters made so far is in them.
    fn serial(&mut self, kind: MeterKind, verified_on: NaiveDate) -> String {
        self.made += 1;
        let count = self.made * 7 + self.dice.next() % 7;
        let year = chrono::Datelike::year(&verified_on) % 100;
        match kind {
            MeterKind::ColdWater | MeterKind::HotWater | MeterKind::Sewage => {
                format!("{:07}-{year:02}", 500_000 + count)
            }
            MeterKind::Electricity => format!("0113{count:07}"),
            MeterKind::Gas => format!("G{:06}", 100_000 + count),
            MeterKind::Heat => format!("Т-{:06}", 200_000 + count),
        }
    }
}

/// The month so many months before.
pub(super) fn back(month: Period, months: usize) -> Period {
    (0..months).fold(month, |month, _| month.previous())
}

/// A day, years later.
pub(super) fn years_later(day: NaiveDate, years: u8) -> NaiveDate {
    day.checked_add_months(chrono::Months::new(12 * u32::from(years))).unwrap_or(day)
}

fn shifted(day: NaiveDate, days: i64) -> NaiveDate {
    let by = Days::new(days.unsigned_abs());
    if days < 0 { day.checked_sub_days(by) } else { day.checked_add_days(by) }.unwrap_or(day)
}
