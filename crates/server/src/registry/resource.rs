//! What registries call the resources, and what a meter of a kind looks like when the file does not say.

use domain::{Dial, MeterKind};

/// The code of «Тип счетчика» in R3.
pub fn from_r3(text: &str) -> Result<MeterKind, String> {
    match text.trim().to_uppercase().as_str() {
        "ХВС" => Ok(MeterKind::ColdWater),
        "ГВС" => Ok(MeterKind::HotWater),
        "ЭЛ" => Ok(MeterKind::Electricity),
        "ТЕПЛО" => Ok(MeterKind::Heat),
        "ГАЗ" => Ok(MeterKind::Gas),
        "ВО" => Ok(MeterKind::Sewage),
        "" => Err("тип счётчика не заполнен".to_owned()),
        known @ ("ХОЛОД" | "ЖБО") => Err(format!("приборы «{known}» программа не ведёт")),
        _ => Err(format!("неизвестный тип счётчика «{text}»: нужно ХВС, ГВС, ВО, ЭЛ, ТЕПЛО или ГАЗ")),
    }
}

/// The code of R3 for a kind. «ВО» is ours: the format has none for drainage.
pub const fn to_r3(kind: MeterKind) -> &'static str {
    match kind {
        MeterKind::ColdWater => "ХВС",
        MeterKind::HotWater => "ГВС",
        MeterKind::Sewage => "ВО",
        MeterKind::Electricity => "ЭЛ",
        MeterKind::Gas => "ГАЗ",
        MeterKind::Heat => "ТЕПЛО",
    }
}

/// The type in a block of R1: the kind, the number of tariffs and which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BankType {
    /// The resource.
    pub kind: MeterKind,
    /// How many tariffs such a meter has.
    pub tariffs: u8,
    /// Which tariff the block is of, from 0, in the order of the meter's face.
    pub tariff: u8,
}

/// The type of a block of R1 (docs/domain.md).
///
/// A three-tariff meter shows peak, night, half-peak (§4.1); the bank's 5, 6, 7 are peak, day, night.
pub fn from_r1(text: &str) -> Result<BankType, String> {
    let of = |kind, tariffs, tariff| Ok(BankType { kind, tariffs, tariff });
    match text.trim() {
        "1" => of(MeterKind::Gas, 1, 0),
        "2" => of(MeterKind::Electricity, 1, 0),
        "3" => of(MeterKind::Electricity, 2, 0),
        "4" => of(MeterKind::Electricity, 2, 1),
        "5" => of(MeterKind::Electricity, 3, 0),
        "6" => of(MeterKind::Electricity, 3, 2),
        "7" => of(MeterKind::Electricity, 3, 1),
        "8" => of(MeterKind::HotWater, 1, 0),
        "9" => of(MeterKind::ColdWater, 1, 0),
        "10" => of(MeterKind::Heat, 1, 0),
        "11" => of(MeterKind::Sewage, 1, 0),
        "12" | "13" => Err(format!("приборы с кодом {} (полив, мусор) программа не ведёт", text.trim())),
        _ => Err(format!("неизвестный код ресурса «{text}»: нужно число от 1 до 13")),
    }
}

/// The bank's types for a meter, one per tariff in the order of its face. Empty: the format has no type for it.
pub const fn to_r1(kind: MeterKind, tariffs: u8) -> &'static [u8] {
    match (kind, tariffs) {
        (MeterKind::Gas, 1) => &[1],
        (MeterKind::Electricity, 1) => &[2],
        (MeterKind::Electricity, 2) => &[3, 4],
        (MeterKind::Electricity, 3) => &[5, 7, 6],
        (MeterKind::HotWater, 1) => &[8],
        (MeterKind::ColdWater, 1) => &[9],
        (MeterKind::Heat, 1) => &[10],
        (MeterKind::Sewage, 1) => &[11],
        _ => &[],
    }
}

/// The face of most meters of a kind, for files that do not state it.
pub fn usual_dial(kind: MeterKind) -> Dial {
    let (digits, decimals) = match kind {
        MeterKind::ColdWater | MeterKind::HotWater | MeterKind::Sewage | MeterKind::Gas => (5, 3),
        MeterKind::Electricity => (6, 0),
        MeterKind::Heat => (5, 4),
    };
    Dial::new(digits, decimals).expect("these faces are within a dial's bounds")
}

/// The name of a resource, as the window's lists begin with it.
pub const fn title(kind: MeterKind) -> &'static str {
    match kind {
        MeterKind::ColdWater => "Холодная вода",
        MeterKind::HotWater => "Горячая вода",
        MeterKind::Sewage => "Водоотведение",
        MeterKind::Electricity => "Электроэнергия",
        MeterKind::Gas => "Газ",
        MeterKind::Heat => "Отопление",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_goes_to_the_bank_and_comes_back_as_the_same_tariff() {
        for kind in MeterKind::ALL {
            for tariffs in kind.tariffs_allowed() {
                for (tariff, code) in to_r1(kind, tariffs).iter().enumerate() {
                    let back = from_r1(&code.to_string()).expect("a known code");
                    assert_eq!((back.kind, back.tariffs, usize::from(back.tariff)), (kind, tariffs, tariff));
                }
            }
            assert_eq!(from_r3(to_r3(kind)), Ok(kind));
        }
    }

    #[test]
    fn resources_we_do_not_serve_are_named() {
        assert!(from_r1("13").expect_err("rubbish").contains("13"));
        assert!(from_r3("ЖБО").expect_err("septic tanks").contains("ЖБО"));
        assert!(from_r1("14").is_err() && from_r3("ПАР").is_err());
    }
}
