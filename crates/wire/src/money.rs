//! Bills and payments. Bills and parts of payments come through the feed of their account; paying itself is online only.

use crate::entity::Account;
use chrono::NaiveDate;
use domain::bill::BillLine;
use domain::payment::{PaymentRules, PaymentStatus, PaymentWay, ServiceSum};
use domain::payment_qr::{FieldError, Key, Payee, PaymentQr};
use domain::penalty::{PenaltyTable, Stated};
use domain::{AccountId, BillId, Kopecks, PaymentId, PaymentPartId, Period, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A bill of one account for one month, by the form of приказ 43/пр.
///
/// `opening + accrued − paid + penalty = to_pay`, where `accrued` is the sum of the lines' totals; a bill whose numbers do
/// not sum is shown with a warning and is never refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bill {
    /// The bill.
    pub id: BillId,
    /// Whose it is.
    pub account: AccountId,
    /// Its month.
    pub period: Period,
    /// The number of the payment document; empty where billing gives none.
    #[serde(default)]
    pub number: String,
    /// When it was made.
    pub issued_on: Option<NaiveDate>,
    /// The last day to pay it.
    pub due_on: Option<NaiveDate>,
    /// Debt at the beginning of the month; an advance when negative. None where billing tells only the sum to pay.
    pub opening: Option<Kopecks>,
    /// What was paid in the month.
    pub paid: Option<Kopecks>,
    /// The day of the last payment that is counted in.
    pub paid_on: Option<NaiveDate>,
    /// The sum of the lines' totals, as billing states it.
    pub accrued: Option<Kopecks>,
    /// Penalties (пени).
    pub penalty: Option<Kopecks>,
    /// «Итого к оплате»; an overpayment when negative.
    pub to_pay: Kopecks,
    /// The area in square metres, as printed: «54,3».
    pub area: Option<String>,
    /// How many people are registered.
    pub residents: Option<u16>,
    /// The lines. Empty where billing tells only the sum.
    pub lines: Vec<BillLine>,
    /// Why something was recalculated.
    pub recalculations: Vec<Recalculation>,
    /// What the utility writes below; may be empty.
    #[serde(default)]
    pub note: String,
}

impl Bill {
    /// What it says of debts and penalties.
    pub fn stated(&self) -> Stated {
        let made = (!self.lines.is_empty())
            .then(|| Kopecks(self.lines.iter().fold(0, |sum: i64, line| sum.saturating_add(line.total.0))));
        Stated {
            period: self.period,
            due_on: self.due_on,
            opening: self.opening,
            accrued: self.accrued.or(made),
            paid: self.paid,
            paid_on: self.paid_on,
            penalty: self.penalty,
            to_pay: self.to_pay,
        }
    }
}

/// A line of section 5 of the form: a recalculation with its ground.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Recalculation {
    /// The service, as in its line.
    pub service: String,
    /// The ground: «3 дня без воды».
    pub ground: String,
    /// The sum; negative is in the resident's favour.
    pub sum: Kopecks,
}

/// What one account gets of a payment, as everybody sees it who has attached the account (scope: account).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaymentPart {
    /// The part.
    pub id: PaymentPartId,
    /// The payment it belongs to.
    pub payment: PaymentId,
    /// The account.
    pub account: AccountId,
    /// Who pays; none where it came from outside (the office, a bank's registry).
    pub payer: Option<UserId>,
    /// The payer's name, shortened.
    pub payer_name: String,
    /// For this account, without commission.
    pub sum: Kopecks,
    /// How much of it was given back.
    pub refunded: Kopecks,
    /// How it is paid.
    pub way: PaymentWay,
    /// «МИР 2202 •• 0001», «СБП»; empty until the bank tells.
    pub by: String,
    /// Where it stands.
    pub status: PaymentStatus,
    /// The bank's reason of a refusal, in its words; empty otherwise.
    pub why: String,
    /// When it began, milliseconds since 1970 UTC.
    pub created_ms: i64,
    /// Until when the account waits for it while it is live, milliseconds since 1970 UTC.
    pub until_ms: i64,
    /// When the bank confirmed it, milliseconds since 1970 UTC.
    pub paid_ms: Option<i64>,
    /// When it was credited to the account, milliseconds since 1970 UTC.
    pub credited_ms: Option<i64>,
    /// There is an electronic receipt, which the payer may open.
    #[serde(default)]
    pub receipt: bool,
    /// The sum by services, where the payer divided it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ServiceSum>,
}

/// How one pays here (scope: public). One thing, with all its dates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaymentTerms {
    /// Always the same id.
    pub id: Uuid,
    /// Whom the money goes to: for the payment QR that is drawn without a network.
    pub payee: Option<Payee>,
    /// What the bank's form is given as purpose: «Оплата ЖКУ».
    pub purpose: String,
    /// The rules by dates, oldest first. Empty: nobody can pay here.
    pub rules: Vec<PaymentRules>,
    /// What being late costs, by dates. Empty: nothing is reckoned.
    #[serde(default)]
    pub penalties: PenaltyTable,
}

/// ГОСТ Р 56042-2014: the technical code of payments for housing and utilities.
const HOUSING: &str = "02";

impl PaymentTerms {
    /// The order to pay `sum` for an account's month: what the code in the window and that on the bill say alike. `None`
    /// where the payee's requisites are not known.
    pub fn order(&self, account: &Account, period: Period, sum: Kopecks) -> Option<Result<PaymentQr, FieldError>> {
        let order = PaymentQr::new(self.payee.clone()?).with_bill(&account.number, period);
        Some(order.with_sum(sum).and_then(|order| {
            let (surname, _) = account.payer.split_once(' ').unwrap_or((&account.payer, ""));
            let texts = [
                (Key::Purpose, self.purpose.as_str()),
                (Key::LastName, surname),
                (Key::PayerAddress, &account.address),
            ];
            let order = texts.into_iter().fold(order, |order, (key, text)| {
                // What the payer is called is a kindness to the bank: a text that does not fit is left out.
                order.clone().with(key, text).unwrap_or(order)
            });
            order.with(Key::TechCode, HOUSING)
        }))
    }
}

/// `POST /v1/payments`. The id is minted by the desktop: the same one again is answered with the same payment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StartPayment {
    /// The payment.
    pub id: PaymentId,
    /// What goes where. No account twice.
    pub parts: Vec<PartSum>,
    /// How.
    pub way: PaymentWay,
    /// What the person saw as «ИТОГ» with the commission: another sum is answered with `payment_terms_changed`.
    pub total: Kopecks,
    /// Where the receipt goes; may be empty.
    pub email: String,
}

/// A sum for an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartSum {
    /// The account.
    pub account: AccountId,
    /// More than zero.
    pub sum: Kopecks,
    /// The sum by services, where the payer divided it; none where billing is to do so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ServiceSum>,
}

/// A payment as its payer sees it: the answer to `POST /v1/payments`, `GET /v1/payments/{id}` and `POST /v1/payments/{id}/cancel`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Payment {
    /// The payment.
    pub id: PaymentId,
    /// Its number at the bank, «KS-000123».
    pub number: String,
    /// Its parts.
    pub parts: Vec<PaymentPart>,
    /// The commission.
    pub commission: Kopecks,
    /// All that is taken from the card.
    pub total: Kopecks,
    /// Where it stands.
    pub status: PaymentStatus,
    /// The bank's page, while it can be paid on.
    pub form_url: Option<String>,
    /// What the СБП code holds, while it can be paid by.
    pub sbp_payload: Option<String>,
    /// The electronic receipt, when the bank has given it.
    pub receipt_url: Option<String>,
    /// The bank's reason of a refusal; empty otherwise.
    pub why: String,
    /// Until when it can be paid, milliseconds since 1970 UTC.
    pub until_ms: i64,
}
