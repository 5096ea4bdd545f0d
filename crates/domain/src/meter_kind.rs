//! What a meter measures, in which unit, and what its tariffs are called.

use serde::{Deserialize, Serialize};

/// The resource a meter measures. Wire names are the English ones; registries have their own codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum MeterKind {
    /// Холодная вода (ХВС).
    ColdWater,
    /// Горячая вода (ГВС).
    HotWater,
    /// Водоотведение.
    Sewage,
    /// Электроэнергия, one to four tariffs.
    Electricity,
    /// Газ.
    Gas,
    /// Отопление.
    Heat,
}

/// The unit of a meter's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// м³
    CubicMetre,
    /// кВт·ч
    KilowattHour,
    /// Гкал
    Gigacalorie,
}

/// The name of one tariff of a meter. The order on the meter's face is the manufacturer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TariffZone {
    /// The only tariff.
    Single,
    /// День (07–23).
    Day,
    /// Ночь (23–07).
    Night,
    /// Пик.
    Peak,
    /// Полупик.
    HalfPeak,
    /// A fourth tariff, which has no name of its own in the law.
    Fourth,
}

impl MeterKind {
    /// All kinds, in the order in which lists show them.
    pub const ALL: [Self; 6] =
        [Self::ColdWater, Self::HotWater, Self::Sewage, Self::Electricity, Self::Gas, Self::Heat];

    /// The unit in which the meter counts.
    pub const fn unit(self) -> Unit {
        match self {
            Self::ColdWater | Self::HotWater | Self::Sewage | Self::Gas => Unit::CubicMetre,
            Self::Electricity => Unit::KilowattHour,
            Self::Heat => Unit::Gigacalorie,
        }
    }

    /// How many tariffs such a meter may have. Only electricity has zones.
    pub const fn tariffs_allowed(self) -> std::ops::RangeInclusive<u8> {
        match self {
            Self::Electricity => 1..=4,
            _ => 1..=1,
        }
    }
}

impl TariffZone {
    /// The zones of a meter with `count` tariffs, in the order of its face (docs/domain.md).
    pub const fn of(count: u8) -> &'static [Self] {
        match count {
            2 => &[Self::Day, Self::Night],
            3 => &[Self::Peak, Self::Night, Self::HalfPeak],
            4 => &[Self::Peak, Self::Night, Self::HalfPeak, Self::Fourth],
            _ => &[Self::Single],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meter_has_a_name_for_each_of_its_tariffs() {
        for count in MeterKind::Electricity.tariffs_allowed() {
            assert_eq!(TariffZone::of(count).len(), usize::from(count));
        }
    }
}
