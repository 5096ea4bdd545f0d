//! A bill as a file has it: with the number of its account, not yet with the account.

use crate::bills::id_of;
use chrono::NaiveDate;
use domain::bill::{BillFault, BillLine, BillSums, LineFault, check};
use domain::{AccountId, AccountNumber, Kopecks, Period};
use wire::money::{Bill, Recalculation};

/// A bill of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct BillRow {
    /// ЛС.
    pub account: AccountNumber,
    /// The month.
    pub period: Period,
    /// The number of the document; may be empty.
    pub number: String,
    /// When it was made.
    pub issued_on: Option<NaiveDate>,
    /// The last day to pay.
    pub due_on: Option<NaiveDate>,
    /// Debt at the beginning of the month.
    pub opening: Option<Kopecks>,
    /// Paid in the month.
    pub paid: Option<Kopecks>,
    /// The day of the last payment.
    pub paid_on: Option<NaiveDate>,
    /// What the lines make, as the file states it.
    pub accrued: Option<Kopecks>,
    /// Пени.
    pub penalty: Option<Kopecks>,
    /// «Итого к оплате».
    pub to_pay: Kopecks,
    /// The area, as printed.
    pub area: Option<String>,
    /// How many people are registered.
    pub residents: Option<u16>,
    /// The lines.
    pub lines: Vec<BillLine>,
    /// Why something was recalculated.
    pub recalculations: Vec<Recalculation>,
    /// What the utility writes below.
    pub note: String,
}

impl BillRow {
    /// The bill of an account that is known.
    pub fn into_bill(self, account: AccountId) -> Bill {
        Bill {
            id: id_of(account, self.period),
            account,
            period: self.period,
            number: self.number,
            issued_on: self.issued_on,
            due_on: self.due_on,
            opening: self.opening,
            paid: self.paid,
            paid_on: self.paid_on,
            accrued: self.accrued,
            penalty: self.penalty,
            to_pay: self.to_pay,
            area: self.area,
            residents: self.residents,
            lines: self.lines,
            recalculations: self.recalculations,
            note: self.note,
        }
    }

    /// What does not sum, in words: the field and what is wrong there. The bill is taken all the same: billing's
    /// document is what it is, and residents see the same warning.
    pub fn doubts(&self) -> Vec<(String, String)> {
        let sums = BillSums {
            opening: self.opening,
            accrued: self.accrued,
            penalty: self.penalty,
            paid: self.paid,
            to_pay: self.to_pay,
        };
        let doubt = |fault| match fault {
            BillFault::Line { place, fault } => self.line_doubt(place, fault),
            BillFault::Lines { made, stated } => {
                let words = format!("строки дают {}, указано {}", made.to_registry(), stated.to_registry());
                ("Начислено".to_owned(), words)
            }
            BillFault::ToPay { expected } => {
                let stated = self.to_pay.to_registry();
                ("К оплате".to_owned(), format!("указано {stated}, по остальным суммам {}", expected.to_registry()))
            }
        };
        check(&self.lines, &sums).into_iter().map(doubt).collect()
    }

    fn line_doubt(&self, place: usize, fault: LineFault) -> (String, String) {
        let line = &self.lines[place];
        let (what, stated, expected) = match fault {
            LineFault::Accrued { expected } => ("начислено", line.accrued, expected),
            LineFault::Total { expected } => ("итого", line.total, expected),
        };
        let words = format!("{what} {}, по расчёту {}", stated.to_registry(), expected.to_registry());
        (line.service.clone(), words)
    }
}
