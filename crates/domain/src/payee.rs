//! Who is paid: the requisites of the utility, or of whoever's service it is, as payment orders and QR codes carry them.

mod bank;
mod tax;

pub use bank::{BankAccount, Bic};
pub use tax::{Inn, Kpp};

use serde::{Deserialize, Serialize};

/// Requisites with every check digit right. Made from [`PayeeText`] only.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "PayeeText", into = "PayeeText")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(as = "PayeeText"))]
pub struct Payee {
    name: String,
    account: BankAccount,
    bank: String,
    bic: Bic,
    corr_account: Option<BankAccount>,
    inn: Inn,
    kpp: Option<Kpp>,
}

/// Requisites as somebody wrote them: in the settings, on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PayeeText {
    /// The name, 1 to 160 characters.
    pub name: String,
    /// Расчётный счёт, 20 characters.
    pub account: String,
    /// The bank's name, 1 to 45 characters.
    pub bank: String,
    /// БИК, 9 digits.
    pub bic: String,
    /// Корреспондентский счёт; none for an account with the Bank of Russia.
    #[serde(default)]
    pub corr_account: Option<String>,
    /// ИНН, 10 or 12 digits.
    pub inn: String,
    /// КПП, 9 characters; a person in business has none.
    #[serde(default)]
    pub kpp: Option<String>,
}

/// Which requisite is wrong. Whether it is the form or the check digit makes no difference to who must correct it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum PayeeError {
    /// Empty, over 160 characters, or with control characters.
    #[error("the payee's name has 1 to 160 characters")]
    Name,
    /// Not an account, or not one of this bank: the check digit depends on the БИК.
    #[error("not an account of this bank")]
    Account,
    /// Empty, over 45 characters, or with control characters.
    #[error("the bank's name has 1 to 45 characters")]
    Bank,
    /// Not nine digits.
    #[error("a BIC has 9 digits")]
    Bic,
    /// Not the correspondent account of this bank.
    #[error("not the correspondent account of this bank")]
    CorrAccount,
    /// A wrong number of digits or a wrong check digit.
    #[error("not an INN")]
    Inn,
    /// Not a КПП.
    #[error("not a KPP")]
    Kpp,
}

impl Payee {
    /// The most characters of a payee's name.
    pub const NAME_CHARS: usize = 160;
    /// The most characters of a bank's name.
    pub const BANK_CHARS: usize = 45;

    /// Checks requisites, the accounts by the bank's БИК.
    pub fn new(text: &PayeeText) -> Result<Self, PayeeError> {
        let bic = Bic::parse(&text.bic).ok_or(PayeeError::Bic)?;
        let account = BankAccount::parse(&text.account).filter(|account| account.is_settlement_of(&bic));
        let corr_account = match text.corr_account.as_deref().map(str::trim) {
            None | Some("" | "0") => None,
            Some(written) => {
                let account = BankAccount::parse(written).filter(|account| account.is_correspondent_of(&bic));
                Some(account.ok_or(PayeeError::CorrAccount)?)
            }
        };
        let kpp = match text.kpp.as_deref().map(str::trim) {
            None | Some("") => None,
            Some(written) => Some(Kpp::parse(written).ok_or(PayeeError::Kpp)?),
        };
        Ok(Self {
            name: line(&text.name, Self::NAME_CHARS).ok_or(PayeeError::Name)?,
            account: account.ok_or(PayeeError::Account)?,
            bank: line(&text.bank, Self::BANK_CHARS).ok_or(PayeeError::Bank)?,
            bic,
            corr_account,
            inn: Inn::parse(&text.inn).ok_or(PayeeError::Inn)?,
            kpp,
        })
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Расчётный счёт.
    pub fn account(&self) -> &BankAccount {
        &self.account
    }

    /// The bank's name.
    pub fn bank(&self) -> &str {
        &self.bank
    }

    /// БИК.
    pub fn bic(&self) -> &Bic {
        &self.bic
    }

    /// Корреспондентский счёт.
    pub fn corr_account(&self) -> Option<&BankAccount> {
        self.corr_account.as_ref()
    }

    /// ИНН.
    pub fn inn(&self) -> &Inn {
        &self.inn
    }

    /// КПП.
    pub fn kpp(&self) -> Option<&Kpp> {
        self.kpp.as_ref()
    }
}

/// A text of one line that is not empty, with its ends trimmed.
fn line(text: &str, most: usize) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= most && !text.contains(char::is_control);
    fits.then(|| text.to_owned())
}

impl TryFrom<PayeeText> for Payee {
    type Error = PayeeError;
    fn try_from(text: PayeeText) -> Result<Self, PayeeError> {
        Self::new(&text)
    }
}

impl From<Payee> for PayeeText {
    fn from(payee: Payee) -> Self {
        Self {
            name: payee.name,
            account: payee.account.as_str().to_owned(),
            bank: payee.bank,
            bic: payee.bic.as_str().to_owned(),
            corr_account: payee.corr_account.map(|account| account.as_str().to_owned()),
            inn: payee.inn.as_str().to_owned(),
            kpp: payee.kpp.map(|kpp| kpp.as_str().to_owned()),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The invented utility of the golden samples, with true check digits.
    pub fn utility() -> PayeeText {
        PayeeText {
            name: "МУП \"КС г. Новочебоксарска\"".to_owned(),
            account: "40702810775020000123".to_owned(),
            bank: "Чувашское отделение №8613 ПАО Сбербанк".to_owned(),
            bic: "049706609".to_owned(),
            corr_account: Some("30101810300000000609".to_owned()),
            inn: "2124012348".to_owned(),
            kpp: Some("212401001".to_owned()),
        }
    }

    #[test]
    fn requisites_survive_json() {
        let payee = Payee::new(&utility()).expect("a payee");
        let json = serde_json::to_string(&payee).expect("written");
        assert_eq!(serde_json::from_str::<Payee>(&json).expect("read back"), payee);
        let bare = PayeeText { corr_account: Some("0".to_owned()), kpp: Some(String::new()), ..utility() };
        let bare = Payee::new(&bare).expect("a payee");
        assert_eq!((bare.corr_account(), bare.kpp()), (None, None));
    }

    #[test]
    fn the_wrong_requisite_is_named() {
        let wrong = |change: fn(&mut PayeeText)| {
            let mut text = utility();
            change(&mut text);
            Payee::new(&text).expect_err("a wrong requisite")
        };
        assert_eq!(wrong(|text| text.name = " ".to_owned()), PayeeError::Name);
        assert_eq!(wrong(|text| text.name = "я".repeat(161)), PayeeError::Name);
        assert_eq!(wrong(|text| text.name = "two\nlines".to_owned()), PayeeError::Name);
        assert_eq!(wrong(|text| text.account = "40702810775020000124".to_owned()), PayeeError::Account);
        assert_eq!(wrong(|text| text.bank = "я".repeat(46)), PayeeError::Bank);
        assert_eq!(wrong(|text| text.bic = "04970660".to_owned()), PayeeError::Bic);
        assert_eq!(wrong(|text| text.bic = "049706608".to_owned()), PayeeError::Account);
        let of_another = |text: &mut PayeeText| text.corr_account = Some("30101810400000000225".to_owned());
        assert_eq!(wrong(of_another), PayeeError::CorrAccount);
        assert_eq!(wrong(|text| text.inn = "2124012349".to_owned()), PayeeError::Inn);
        assert_eq!(wrong(|text| text.kpp = Some("21240100".to_owned())), PayeeError::Kpp);
    }
}
