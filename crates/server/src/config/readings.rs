//! `[[readings.rules]]` and `[[tariffs]]`: dated settings that residents see as entities.

use super::ConfigError;
use chrono::NaiveDate;
use domain::reading_check::Limits;
use domain::reading_delivery::DeliveryPolicy;
use domain::{HouseId, MeterKind, MeterValue, Rate, ReadingWindow};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;
use wire::entity::{KindLimits, ReadingRules, Tariff};

/// One set of rules, in force from a day on, for one house or for all that have none of their own.
#[derive(Debug, Clone)]
pub struct RuleSettings {
    /// In force from.
    pub from: NaiveDate,
    /// The house's address as the accounts registry has it, or its id.
    pub house: Option<String>,
    /// The window.
    pub window: ReadingWindow,
    /// The policy.
    pub policy: DeliveryPolicy,
    /// The utility's words.
    pub notice: String,
    /// Limits of all kinds.
    pub limits: Vec<KindLimits>,
}

impl RuleSettings {
    /// The entity of these rules.
    pub fn entity(&self, house: Option<HouseId>) -> ReadingRules {
        ReadingRules {
            id: house.map_or_else(|| stable_id(&["reading_rules"]), HouseId::uuid),
            house,
            window: self.window,
            policy: self.policy,
            notice: self.notice.clone(),
            limits: self.limits.clone(),
        }
    }

    /// The limits of one kind of meter.
    pub fn limits_of(&self, kind: MeterKind) -> Limits {
        self.limits.iter().find(|limits| limits.kind == kind).map_or_else(|| default_limits(kind), |found| found.limits)
    }
}

/// An id that is the same at every start, for things that come from the settings.
pub fn stable_id(words: &[&str]) -> Uuid {
    let mut hash = Sha256::new();
    for word in words {
        hash.update(word.as_bytes());
        hash.update([0]);
    }
    let digest: [u8; 32] = hash.finalize().into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    from: Option<String>,
    house: Option<String>,
    start_day: u8,
    end_day: u8,
    #[serde(default = "yes")]
    strict: bool,
    #[serde(default = "yes")]
    early_entry: bool,
    #[serde(default = "five")]
    late_days: u8,
    #[serde(default)]
    notice: String,
    #[serde(default)]
    limits: BTreeMap<MeterKind, RawLimits>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLimits {
    ask_above: Option<MeterValue>,
    refuse_above: Option<MeterValue>,
    ask_above_usual_times: Option<u8>,
    refuse_overdue: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTariff {
    kind: MeterKind,
    #[serde(default = "one")]
    tariffs: u8,
    /// Roubles with at most four decimals, as text.
    rates: Vec<String>,
    from: String,
}

const fn yes() -> bool {
    true
}

const fn one() -> u8 {
    1
}

const fn five() -> u8 {
    5
}

/// The limits of a month that most households stay below (docs/domain.md). The refusal limits are wide: a refusal
/// must be certain, a question may be wrong.
fn default_limits(kind: MeterKind) -> Limits {
    let (ask, refuse) = match kind {
        MeterKind::ColdWater | MeterKind::HotWater | MeterKind::Sewage => (30, 500),
        MeterKind::Electricity => (1_000, 5_000),
        MeterKind::Gas => (500, 2_000),
        MeterKind::Heat => (5, 20),
    };
    let units = |count: i64| MeterValue::from_steps(count * domain::meter_value::STEPS_PER_UNIT);
    Limits { ask_above: units(ask), refuse_above: units(refuse), ask_above_usual_times: 3, refuse_overdue: true }
}

/// The rules when the file has none: the law's 25th as the last day, strict, from the 15th.
pub(super) fn default_rule() -> RuleSettings {
    RawRule {
        from: None,
        house: None,
        start_day: 15,
        end_day: 25,
        strict: true,
        early_entry: true,
        late_days: 5,
        notice: String::new(),
        limits: BTreeMap::new(),
    }
    .checked()
    .expect("the default rule is well formed")
}

impl RawRule {
    pub(super) fn checked(self) -> Result<RuleSettings, ConfigError> {
        let window = ReadingWindow::new(self.start_day, self.end_day).map_err(|_| {
            ConfigError::new(
                "Дни приёма показаний — числа от 1 до 31. Напишите, например: start_day = 15 и end_day = 25.",
            )
        })?;
        let limits = MeterKind::ALL
            .into_iter()
            .map(|kind| {
                let default = default_limits(kind);
                let Some(raw) = self.limits.get(&kind) else { return KindLimits { kind, limits: default } };
                let limits = Limits {
                    ask_above: raw.ask_above.unwrap_or(default.ask_above),
                    refuse_above: raw.refuse_above.unwrap_or(default.refuse_above),
                    ask_above_usual_times: raw.ask_above_usual_times.unwrap_or(default.ask_above_usual_times),
                    refuse_overdue: raw.refuse_overdue.unwrap_or(default.refuse_overdue),
                };
                KindLimits { kind, limits }
            })
            .collect();
        Ok(RuleSettings {
            from: self.from.map_or(Ok(NaiveDate::MIN), |from| day(&from))?,
            house: self.house,
            window,
            policy: DeliveryPolicy { strict: self.strict, early_entry: self.early_entry, late_days: self.late_days },
            notice: self.notice,
            limits,
        })
    }
}

impl RawTariff {
    pub(super) fn checked(self) -> Result<Tariff, ConfigError> {
        if !self.kind.tariffs_allowed().contains(&self.tariffs) || self.rates.len() != usize::from(self.tariffs) {
            return Err(ConfigError::new(
                "В разделе [[tariffs]] цен столько же, сколько тарифов у прибора. Напишите, например: tariffs = 2 и rates = [\"5,10\", \"2,80\"].",
            ));
        }
        let from = day(&self.from)?;
        let rates = self.rates.iter().map(|text| rate(text)).collect::<Result<Vec<_>, _>>()?;
        let kind = serde_json::to_string(&self.kind).unwrap_or_default();
        let id = stable_id(&["tariff", &kind, &self.tariffs.to_string(), &from.to_string()]);
        Ok(Tariff { id, kind: self.kind, tariffs: self.tariffs, rates, from })
    }
}

fn rate(text: &str) -> Result<Rate, ConfigError> {
    // A rate has four decimals, like the value of a meter; its steps are the ten-thousandths of a rouble.
    MeterValue::parse(text).map(|value| Rate(value.steps())).map_err(|_| {
        ConfigError::new(format!("Цена «{text}» не читается. Напишите рубли текстом, например: rates = [\"4,3350\"]."))
    })
}

/// A date comes as text, with quotes in the file or without.
pub(super) fn day(text: &str) -> Result<NaiveDate, ConfigError> {
    text.parse().map_err(|_| {
        ConfigError::new(format!("Дата «{text}» не читается. Напишите год, месяц и день, например: from = 2026-07-01."))
    })
}
