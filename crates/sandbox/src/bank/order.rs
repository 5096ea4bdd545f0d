//! An order: what the merchant asked for, and what became of it.

use super::callback::Operation;
use super::knobs::BankKnobs;
use serde::Serialize;
use serde_json::Value;

/// Where an order stands, by the bank's own numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 0: registered, not paid.
    Registered,
    /// 2: the money was taken.
    Deposited,
    /// 3: the payment was taken back.
    Reversed,
    /// 4: money was given back.
    Refunded,
    /// 5: the payer's own bank is asked.
    Asking,
    /// 6: declined.
    Declined,
}

impl Stage {
    /// `orderStatus`.
    pub const fn number(self) -> u8 {
        match self {
            Self::Registered => 0,
            Self::Deposited => 2,
            Self::Reversed => 3,
            Self::Refunded => 4,
            Self::Asking => 5,
            Self::Declined => 6,
        }
    }
}

/// Why nothing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such order.
    Unknown,
    /// Not where the order stands now.
    Stands(Stage),
    /// Not a card's number.
    Card,
    /// More than there is.
    Sum,
}

/// Money that went back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Refunded {
    /// When, milliseconds.
    pub at_ms: i64,
    /// Kopecks.
    pub sum: i64,
}

/// An order.
#[derive(Debug, Clone, Serialize)]
pub struct Order {
    /// The bank's number, `mdOrder`.
    pub id: String,
    /// The merchant's number.
    pub number: String,
    /// Kopecks.
    pub amount: i64,
    /// What it is for.
    pub description: String,
    /// Where the page sends the person.
    pub return_url: String,
    /// Whom the bank tells.
    pub callback_url: Option<String>,
    /// `jsonParams`, as the bank gives them back.
    pub params: Vec<(String, String)>,
    /// Where the receipt goes.
    pub email: String,
    /// The cart of the receipt.
    pub bundle: Option<Value>,
    /// When it came, milliseconds.
    pub created_ms: i64,
    /// Until when it can be paid, milliseconds.
    pub until_ms: i64,
    /// Where it stands.
    pub stage: Stage,
    /// `actionCode`.
    pub action: i32,
    /// `actionCodeDescription`.
    pub words: String,
    /// The card, masked; empty for СБП.
    pub pan: String,
    /// The code of СБП, when one was asked for.
    pub code: Option<String>,
    /// What was taken, kopecks.
    pub deposited: i64,
    /// When the money was taken, milliseconds.
    pub deposited_ms: Option<i64>,
    /// What went back.
    pub refunds: Vec<Refunded>,
    /// When the payer's bank says no, milliseconds.
    pub says_no_ms: Option<i64>,
}

impl Order {
    /// What went back in all.
    pub fn refunded(&self) -> i64 {
        self.refunds.iter().map(|refund| refund.sum).sum()
    }

    /// What the bank took and did not give back.
    pub fn kept(&self) -> i64 {
        self.deposited - self.refunded()
    }

    pub(super) fn pay_by_card(&mut self, digits: &str, knobs: &BankKnobs, now: i64) -> Outcome {
        self.is_payable()?;
        if !(16..=19).contains(&digits.len()) || !adds_up(digits) {
            return Err(Refusal::Card);
        }
        self.pan = format!("{}**{}", &digits[..6], &digits[digits.len() - 4..]);
        if digits == super::EMPTY_CARD {
            return self.decline(116, "Недостаточно средств на карте", now);
        }
        self.pay(knobs, now)
    }

    pub(super) fn pay_by_code(&mut self, knobs: &BankKnobs, now: i64) -> Outcome {
        self.is_payable()?;
        if self.code.is_none() {
            return Err(Refusal::Unknown);
        }
        self.pay(knobs, now)
    }

    fn pay(&mut self, knobs: &BankKnobs, now: i64) -> Outcome {
        if knobs.late_decline_s > 0 {
            self.stage = Stage::Asking;
            self.says_no_ms = Some(now + knobs.late_decline_s * 1000);
            return Ok(None);
        }
        self.stage = Stage::Deposited;
        self.deposited = (self.amount - knobs.takes_less).max(1);
        self.deposited_ms = Some(now);
        Ok(Some(Operation::Deposited))
    }

    fn is_payable(&self) -> Result<(), Refusal> {
        if self.stage == Stage::Registered { Ok(()) } else { Err(Refusal::Stands(self.stage)) }
    }

    pub(super) fn decline(&mut self, action: i32, words: &str, _now: i64) -> Outcome {
        if !matches!(self.stage, Stage::Registered | Stage::Asking) {
            return Err(Refusal::Stands(self.stage));
        }
        self.stage = Stage::Declined;
        self.action = action;
        words.clone_into(&mut self.words);
        Ok(Some(Operation::Declined))
    }

    pub(super) fn refund(&mut self, sum: i64, now: i64) -> Outcome {
        if !matches!(self.stage, Stage::Deposited | Stage::Refunded) {
            return Err(Refusal::Stands(self.stage));
        }
        if sum <= 0 || sum > self.kept() {
            return Err(Refusal::Sum);
        }
        self.stage = Stage::Refunded;
        self.refunds.push(Refunded { at_ms: now, sum });
        Ok(Some(Operation::Refunded))
    }

    pub(super) fn reverse(&mut self, now: i64) -> Outcome {
        if self.stage != Stage::Deposited {
            return Err(Refusal::Stands(self.stage));
        }
        self.stage = Stage::Reversed;
        self.refunds.push(Refunded { at_ms: now, sum: self.deposited });
        Ok(Some(Operation::Reversed))
    }

    /// What time does to it.
    pub(super) fn run_down(&mut self, now: i64) -> Option<Operation> {
        if self.says_no_ms.take_if(|at| *at <= now).is_some() {
            return self.decline(116, "Недостаточно средств на карте", now).ok().flatten();
        }
        if self.stage == Stage::Registered && now >= self.until_ms {
            self.decline(-2007, "Истекло время, отведённое на оплату", now).ok()?;
            return Some(Operation::DeclinedByTimeout);
        }
        None
    }
}

/// What the merchant is told of a change.
type Outcome = Result<Option<Operation>, Refusal>;

/// The check digit of a card's number (Luhn).
fn adds_up(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0') * if place % 2 == 1 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cards_of_the_sandbox_add_up_and_a_mistyped_one_does_not() {
        assert!(adds_up(super::super::GOOD_CARD) && adds_up(super::super::EMPTY_CARD));
        assert!(!adds_up("2200000000000005"));
    }
}
