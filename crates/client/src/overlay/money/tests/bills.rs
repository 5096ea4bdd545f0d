//! Bills and terms of the tests' flat.

use crate::overlay::tests::world::FLAT;
use chrono::NaiveDate;
use domain::bill::{BillLine, VolumeMethod};
use domain::decimal::{LineRate, Volume};
use domain::payment::{Commission, PaymentRules, PaymentWay};
use domain::payment_qr::{Payee, PayeeText};
use domain::penalty::PenaltyTable;
use domain::{BillId, Kopecks, Period};
use uuid::Uuid;
use wire::money::{Bill, PaymentTerms};

pub(crate) use crate::overlay::tests::world::month;

/// A service by its volume and tariff.
pub(crate) fn line(service: &str, volume: &str, rate: &str, recalculated: i64) -> BillLine {
    let (volume, rate) = (Volume::parse(volume).expect("a volume"), LineRate::parse(rate).expect("a rate"));
    let accrued = rate.cost(volume);
    BillLine {
        service: service.into(),
        unit: "м³".into(),
        method: Some(VolumeMethod::Meter),
        volume: Some(volume),
        rate: Some(rate),
        accrued,
        excess: Kopecks(0),
        recalculated: Kopecks(recalculated),
        discount: Kopecks(0),
        total: Kopecks(accrued.0 + recalculated),
    }
}

/// A bill of cold water alone.
pub(crate) fn bill(id: u128, period: Period) -> Bill {
    of_lines(id, period, vec![line("Холодная вода", "10", "32.85", 0)])
}

/// A bill that adds up.
pub(crate) fn of_lines(id: u128, period: Period, lines: Vec<BillLine>) -> Bill {
    let accrued = lines.iter().map(|line| line.total).sum();
    Bill {
        id: BillId::new(Uuid::from_u128(id)),
        account: FLAT,
        period,
        number: "1".into(),
        issued_on: None,
        due_on: None,
        opening: Some(Kopecks(0)),
        paid: None,
        paid_on: None,
        accrued: Some(accrued),
        penalty: None,
        to_pay: accrued,
        area: Some("54,3".into()),
        residents: Some(2),
        lines,
        recalculations: Vec::new(),
        note: String::new(),
    }
}

/// By card for 1 per cent, by СБП for nothing.
pub(crate) fn terms() -> PaymentTerms {
    let payee = Payee::new(&PayeeText {
        name: "МУП «КС г. Новочебоксарска»".into(),
        account: "40702810775020000123".into(),
        bank: "Чувашское отделение №8613 ПАО Сбербанк".into(),
        bic: "049706609".into(),
        corr_account: Some("30101810300000000609".into()),
        inn: "2124012348".into(),
        kpp: Some("212401001".into()),
    });
    let rules = PaymentRules {
        from: NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day"),
        minimum: Kopecks(1_000),
        maximum: Kopecks(10_000_000),
        ways: vec![PaymentWay::Card, PaymentWay::Sbp, PaymentWay::Office],
        commission: vec![Commission {
            way: PaymentWay::Card,
            hundredths_of_percent: 100,
            least: Kopecks(0),
            most: None,
        }],
        lock_minutes: 20,
    };
    PaymentTerms {
        id: Uuid::from_u128(0x7e),
        payee: Some(payee.expect("a payee")),
        purpose: "Оплата ЖКУ".into(),
        rules: vec![rules],
        penalties: PenaltyTable::default(),
    }
}
