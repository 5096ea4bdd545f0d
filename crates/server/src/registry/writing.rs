//! Writing registries: the rows of P1 and R1 as texts. The export and the demo town use the same functions.

use super::cell::{day, for_bank};
use super::resource;
use chrono::NaiveDate;
use domain::{Kopecks, MeterKind, MeterValue, Period};

/// The cells of an account, as both text formats have them.
#[derive(Debug, Clone, Default)]
pub struct AccountCells {
    /// ЛС.
    pub number: String,
    /// ФИО.
    pub payer: String,
    /// ЕЛС; may be empty.
    pub els: String,
    /// ФИАС; may be empty.
    pub fias: String,
    /// The address.
    pub address: String,
}

/// A meter with its values, to become blocks of R1.
#[derive(Debug, Clone)]
pub struct MeterCells {
    /// The resource.
    pub kind: MeterKind,
    /// The factory number.
    pub serial: String,
    /// The name.
    pub name: String,
    /// The verification is valid up to this day.
    pub verified_until: Option<NaiveDate>,
    /// One value per tariff.
    pub values: Vec<MeterValue>,
    /// Decimals of the meter's face.
    pub decimals: u8,
    /// When it was read.
    pub on: NaiveDate,
}

/// A row of P1 with its line end.
pub fn p1_row(account: &AccountCells, period: Period, sum: Kopecks) -> String {
    let AccountCells { number, payer, els, fias, address } = account;
    let (payer, address) = (for_bank(payer), for_bank(address));
    format!("{number};{els};{fias};{payer};{address};{};{}\r\n", period.to_mmyy(), sum.to_registry())
}

/// A row of R1 with its line end, and how many blocks it has. Meters that the format cannot say are left out.
pub fn r1_row(account: &AccountCells, meters: &[MeterCells]) -> (String, usize) {
    let AccountCells { number, payer, els, fias, address } = account;
    let mut cells = vec![number.clone(), for_bank(payer), els.clone(), fias.clone(), for_bank(address)];
    let mut blocks = 0;
    for meter in meters {
        let types = resource::to_r1(meter.kind, u8::try_from(meter.values.len()).unwrap_or(u8::MAX));
        for (bank_type, value) in types.iter().zip(&meter.values) {
            blocks += 1;
            cells.extend([
                bank_type.to_string(),
                for_bank(&meter.serial),
                for_bank(&meter.name),
                meter.verified_until.map(day).unwrap_or_default(),
                value.format(meter.decimals, ','),
                day(meter.on),
                String::new(),
            ]);
        }
    }
    (cells.join(";") + "\r\n", blocks)
}
