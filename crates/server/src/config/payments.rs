//! `[payments]`: whom residents pay, and by which rules.

use super::ConfigError;
use super::readings::{day, stable_id};
use chrono::NaiveDate;
use domain::Kopecks;
use domain::dated::{Dated, in_force};
use domain::payee::{Payee, PayeeError, PayeeText};
use domain::payment::{Commission, PaymentRules, PaymentWay};
use domain::penalty::PenaltyTable;
use serde::Deserialize;
use std::collections::BTreeMap;
use wire::money::PaymentTerms;

/// Whom residents pay, and by which rules.
#[derive(Debug, Clone)]
pub struct PaymentSettings {
    /// The utility's requisites.
    pub payee: Payee,
    /// «Оплата ЖКУ»
    pub purpose: String,
    /// What the numbers of orders begin with.
    pub prefix: String,
    /// Who says that a payment has reached the account.
    pub credit: CreditBy,
    /// All versions of the rules.
    pub rules: Vec<PaymentRules>,
    /// What being late costs, by dates: of `[[penalties]]`, beside the section.
    pub penalties: PenaltyTable,
    /// The cart of the receipt, where the bank makes it.
    pub fiscal: Option<FiscalSettings>,
    /// How the bank is asked again about what it has paid.
    pub again: AskAgain,
}

/// How the bank is asked again about payments that reached their accounts: money may go back later, and the callback that
/// tells of it may be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskAgain {
    /// After so many hours, and again after as many.
    pub hours: u32,
    /// For so many days after the payment; none at all with 0.
    pub days: u32,
}

impl AskAgain {
    /// From one question to the next, milliseconds.
    pub fn pause_ms(&self) -> i64 {
        i64::from(self.hours) * 3_600_000
    }

    /// From the payment to the last question, milliseconds.
    pub fn span_ms(&self) -> i64 {
        i64::from(self.days) * 24 * 3_600_000
    }
}

/// Who says that a payment has reached the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditBy {
    /// The bank's confirmation of the order.
    #[default]
    Bank,
    /// The bank's registry, when it was compared with our payments.
    Registry,
}

/// `[payments.fiscal]`: what the bank's cash register prints (54-ФЗ).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FiscalSettings {
    /// The address of who sends the receipt.
    pub email: String,
    /// The taxation: `osn`, `usn_income`, …
    pub sno: String,
    /// Where the settlement takes place: the address of the site.
    pub payment_address: String,
    /// What a position is called; the account's number is added.
    #[serde(default = "default_name")]
    pub name: String,
    /// What the commission is called.
    #[serde(default = "default_commission_name")]
    pub commission_name: String,
    /// `full_payment`, `advance`, …
    #[serde(default = "default_method")]
    pub method: String,
    /// Признак предмета расчёта: 4 is a service.
    #[serde(default = "default_object")]
    pub object: String,
    /// Which VAT from which day on.
    pub vat: Vec<Vat>,
    /// The bank's own code of a VAT.
    pub tax_types: BTreeMap<String, u8>,
}

/// A VAT from a day on.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "RawVat")]
pub struct Vat {
    from: NaiveDate,
    /// «none», «22», «5/105»: a name in the table of codes.
    pub rate: String,
}

impl Dated for Vat {
    fn from(&self) -> NaiveDate {
        self.from
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawVat {
    from: String,
    rate: String,
}

impl TryFrom<RawVat> for Vat {
    type Error = ConfigError;

    fn try_from(raw: RawVat) -> Result<Self, ConfigError> {
        Ok(Self { from: day(&raw.from)?, rate: raw.rate })
    }
}

fn default_name() -> String {
    "Жилищно-коммунальные услуги".to_owned()
}

fn default_commission_name() -> String {
    "Комиссия за приём платежа".to_owned()
}

fn default_method() -> String {
    "full_payment".to_owned()
}

fn default_object() -> String {
    "4".to_owned()
}

impl FiscalSettings {
    /// The bank's code of the VAT of a day.
    pub fn tax_type(&self, day: NaiveDate) -> Option<u8> {
        self.tax_types.get(&in_force(&self.vat, day)?.rate).copied()
    }
}

impl PaymentSettings {
    /// What everybody may know of it. Without a bank nobody can pay here on-line, and the requisites stay for the code.
    pub fn terms(&self, has_bank: bool) -> PaymentTerms {
        PaymentTerms {
            id: stable_id(&["payment terms"]),
            payee: Some(self.payee.clone()),
            purpose: self.purpose.clone(),
            rules: if has_bank { self.rules.clone() } else { Vec::new() },
            penalties: self.penalties.clone(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPayments {
    payee: PayeeText,
    #[serde(default = "default_purpose")]
    purpose: String,
    #[serde(default = "default_prefix")]
    prefix: String,
    #[serde(default)]
    credit: CreditBy,
    rules: Vec<RawRules>,
    fiscal: Option<FiscalSettings>,
    #[serde(default = "twenty_four")]
    ask_again_hours: u32,
    #[serde(default = "thirty")]
    ask_again_days: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRules {
    from: String,
    minimum: String,
    maximum: String,
    ways: Vec<PaymentWay>,
    #[serde(default = "twenty")]
    lock_minutes: u32,
    #[serde(default)]
    commission: BTreeMap<PaymentWay, RawCommission>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCommission {
    percent: String,
    #[serde(default = "nothing")]
    least: String,
    most: Option<String>,
}

fn default_purpose() -> String {
    "Оплата ЖКУ".to_owned()
}

fn default_prefix() -> String {
    "KS".to_owned()
}

const fn twenty() -> u32 {
    20
}

const fn twenty_four() -> u32 {
    24
}

const fn thirty() -> u32 {
    30
}

fn nothing() -> String {
    "0".to_owned()
}

impl RawPayments {
    pub(super) fn checked(self) -> Result<PaymentSettings, ConfigError> {
        let payee = Payee::new(&self.payee).map_err(wrong_payee)?;
        let is_prefix = (1..=8).contains(&self.prefix.len()) && self.prefix.bytes().all(|b| b.is_ascii_alphanumeric());
        if !is_prefix {
            return Err(ConfigError::new(
                "Номера платежей начинаются с букв и цифр латиницей, не длиннее восьми. Напишите в разделе [payments], например: prefix = \"KS\".",
            ));
        }
        // The purpose goes into a code whose fields `|` divides.
        if self.purpose.trim().is_empty() || self.purpose.chars().count() > 99 || self.purpose.contains(['|', '\n']) {
            return Err(ConfigError::new(
                "Назначение платежа — от 1 до 99 знаков. Напишите в разделе [payments], например: purpose = \"Оплата ЖКУ\".",
            ));
        }
        if let Some(fiscal) = &self.fiscal {
            check_fiscal(fiscal)?;
        }
        let mut rules = self.rules.into_iter().map(RawRules::checked).collect::<Result<Vec<_>, _>>()?;
        rules.sort_by_key(|rules| rules.from);
        let again = AskAgain { hours: self.ask_again_hours, days: self.ask_again_days };
        if !(1..=744).contains(&again.hours) || again.days > LONGEST_DAYS {
            return Err(ConfigError::new(
                "О возвратах банк спрашивают раз в ask_again_hours часов (от 1 до 744) ask_again_days дней после оплаты (не больше 3650). Напишите в разделе [payments], например: ask_again_hours = 24, ask_again_days = 30.",
            ));
        }
        let (purpose, prefix, credit, fiscal) = (self.purpose, self.prefix, self.credit, self.fiscal);
        Ok(PaymentSettings { payee, purpose, prefix, credit, rules, penalties: PenaltyTable::default(), fiscal, again })
    }
}

fn wrong_payee(error: PayeeError) -> ConfigError {
    let words = match error {
        PayeeError::Name => "Название получателя — от 1 до 160 знаков: name",
        PayeeError::Account => {
            "Расчётный счёт не подходит к БИК: в одном из них ошибка (контрольная цифра не сошлась). Проверьте account и bic"
        }
        PayeeError::Bank => "Название банка — от 1 до 45 знаков: bank",
        PayeeError::Bic => "БИК — девять цифр: bic",
        PayeeError::CorrAccount => {
            "Корреспондентский счёт не подходит к БИК: в одном из них ошибка. Проверьте corr_account и bic"
        }
        PayeeError::Inn => "ИНН — десять или двенадцать цифр, и последняя не сошлась: inn",
        PayeeError::Kpp => "КПП — девять знаков: kpp",
    };
    ConfigError::new(format!("{words} в разделе [payments.payee]. Без верных реквизитов деньги жителей не дойдут."))
}

/// The words of the law's own list.
const TAXATIONS: [&str; 5] = ["osn", "usn_income", "usn_income_outcome", "esn", "patent"];
const METHODS: [&str; 7] =
    ["full_prepayment", "prepayment", "advance", "full_payment", "partial_payment", "credit", "credit_payment"];

fn check_fiscal(fiscal: &FiscalSettings) -> Result<(), ConfigError> {
    if !TAXATIONS.contains(&fiscal.sno.as_str()) {
        return Err(ConfigError::new(
            "Система налогообложения в [payments.fiscal] — osn, usn_income, usn_income_outcome, esn или patent. Напишите, например: sno = \"osn\".",
        ));
    }
    if !METHODS.contains(&fiscal.method.as_str()) {
        return Err(ConfigError::new(format!(
            "Способ расчёта в [payments.fiscal] — один из: {}. Напишите, например: method = \"full_payment\".",
            METHODS.join(", ")
        )));
    }
    let unknown = fiscal.vat.iter().find(|vat| !fiscal.tax_types.contains_key(&vat.rate));
    if let Some(vat) = unknown {
        return Err(ConfigError::new(format!(
            "Код банка для НДС «{}» не назван. Напишите в разделе [payments.fiscal.tax_types], например: \"{}\" = 11 — числа даёт банк.",
            vat.rate, vat.rate
        )));
    }
    if fiscal.vat.is_empty() {
        return Err(ConfigError::new(
            "Для чека нужна ставка НДС с датой. Напишите: [[payments.fiscal.vat]] from = 2026-01-01, rate = \"22\".",
        ));
    }
    Ok(())
}

impl RawRules {
    fn checked(self) -> Result<PaymentRules, ConfigError> {
        let commission = |(way, raw): (PaymentWay, RawCommission)| {
            // «1,2» is 1.20 %, which is 120 hundredths.
            let hundredths = Kopecks::parse_roubles(&raw.percent).ok().and_then(|it| u32::try_from(it.0).ok());
            let hundredths_of_percent = hundredths.ok_or_else(|| {
                ConfigError::new(format!(
                    "Комиссия «{}» не читается. Напишите проценты текстом, например: percent = \"1,2\".",
                    raw.percent
                ))
            })?;
            let (least, most) = (roubles(&raw.least)?, raw.most.as_deref().map(roubles).transpose()?);
            Ok(Commission { way, hundredths_of_percent, least, most })
        };
        let (minimum, maximum) = (roubles(&self.minimum)?, roubles(&self.maximum)?);
        if minimum <= Kopecks(0) || maximum < minimum || maximum > Kopecks(LARGEST) || self.lock_minutes == 0 {
            return Err(ConfigError::new(
                "Наименьшая сумма платежа больше нуля и не больше наибольшей, а lock_minutes больше нуля. Напишите в [[payments.rules]], например: minimum = \"5\", maximum = \"100000\", lock_minutes = 20.",
            ));
        }
        if self.ways.contains(&PaymentWay::Office) {
            return Err(ConfigError::new(
                "Через банк платят картой и по СБП. Напишите в [[payments.rules]]: ways = [\"card\", \"sbp\"].",
            ));
        }
        Ok(PaymentRules {
            from: day(&self.from)?,
            minimum,
            maximum,
            ways: self.ways,
            commission: self.commission.into_iter().map(commission).collect::<Result<_, ConfigError>>()?,
            lock_minutes: self.lock_minutes,
        })
    }
}

/// Ten years: no bank remembers an order for longer.
const LONGEST_DAYS: u32 = 3_650;
/// The most that the bank's form of a sum holds, kopecks.
const LARGEST: i64 = 999_999_999_999;

fn roubles(text: &str) -> Result<Kopecks, ConfigError> {
    Kopecks::parse_roubles(text).ok().filter(|sum| *sum >= Kopecks(0)).ok_or_else(|| {
        ConfigError::new(format!("Сумма «{text}» не читается. Напишите рубли текстом, например: minimum = \"5,00\"."))
    })
}

#[cfg(test)]
mod tests;
