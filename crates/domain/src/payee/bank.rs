//! БИК and bank accounts, whose ninth digit proves that they belong together.

use std::fmt;

/// The code of a bank: nine digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bic(String);

/// An account with a bank: twenty characters, digits but for the sixth, which may be a letter (clearing currencies).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BankAccount(String);

/// The letters that may stand sixth, in the order of the digits they count as in the check sum.
const CURRENCY_LETTERS: &[u8] = b"ABCEHKMPTX";

impl Bic {
    /// Reads nine digits; spaces around and between are free.
    pub fn parse(text: &str) -> Option<Self> {
        let text = unspaced(text);
        (text.len() == 9 && text.bytes().all(|b| b.is_ascii_digit())).then_some(Self(text))
    }

    /// The nine digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A cash centre of the Bank of Russia keeps accounts itself and has no correspondent account.
    fn is_cash_centre(&self) -> bool {
        matches!(&self.0[6..], "000" | "001" | "002")
    }
}

impl BankAccount {
    /// Reads an account by its form alone; spaces are free.
    pub fn parse(text: &str) -> Option<Self> {
        let text = unspaced(text);
        let fits = text.len() == 20
            && text.bytes().enumerate().all(|(place, b)| match place {
                0 => matches!(b, b'1'..=b'9'),
                5 => b.is_ascii_digit() || CURRENCY_LETTERS.contains(&b),
                _ => b.is_ascii_digit(),
            });
        fits.then_some(Self(text))
    }

    /// The twenty characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is an account of a client with that bank, by the check digit.
    pub fn is_settlement_of(&self, bic: &Bic) -> bool {
        if bic.is_cash_centre() { self.is_correspondent_of(bic) } else { self.adds_up_behind(&bic.0[6..]) }
    }

    /// Whether this is the account of that bank itself with the Bank of Russia, by the check digit.
    pub fn is_correspondent_of(&self, bic: &Bic) -> bool {
        self.adds_up_behind(&format!("0{}", &bic.0[4..6]))
    }

    /// The check sum over three digits of the bank and the account, with the weights 7, 1, 3, ends with 0.
    fn adds_up_behind(&self, bank: &str) -> bool {
        let digits = bank.bytes().chain(self.0.bytes()).map(|b| match b {
            b'0'..=b'9' => usize::from(b - b'0'),
            letter => CURRENCY_LETTERS.iter().position(|known| *known == letter).unwrap_or(0),
        });
        let sum: usize = digits.zip([7, 1, 3].into_iter().cycle()).map(|(digit, weight)| digit * weight % 10).sum();
        sum.is_multiple_of(10)
    }
}

fn unspaced(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

impl fmt::Display for Bic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for BankAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bank(bic: &str) -> Bic {
        Bic::parse(bic).expect("a BIC")
    }

    fn account(text: &str) -> BankAccount {
        BankAccount::parse(text).expect("an account")
    }

    #[test]
    fn true_accounts_of_true_banks_add_up() {
        assert!(account("40702810138250123017").is_settlement_of(&bank("044525225")));
        assert!(account("40702810952090030727").is_settlement_of(&bank("046015602")));
        assert!(account("30101810400000000225").is_correspondent_of(&bank("044525225")));
        assert!(account("30101810600000000602").is_correspondent_of(&bank("046015602")));
    }

    #[test]
    fn one_wrong_digit_anywhere_is_noticed() {
        let (bic, right) = (bank("044525225"), "40702810138250123017");
        for place in 1..20 {
            for digit in b'0'..=b'9' {
                let mut wrong = right.as_bytes().to_vec();
                if wrong[place] == digit {
                    continue;
                }
                wrong[place] = digit;
                let wrong = account(std::str::from_utf8(&wrong).expect("digits"));
                assert!(!wrong.is_settlement_of(&bic), "{wrong}");
            }
        }
    }

    #[test]
    fn a_cash_centre_counts_its_accounts_like_correspondent_ones() {
        let centre = bank("049706001");
        let one_of = |fits: &dyn Fn(&BankAccount) -> bool| {
            let all = (0..10).map(|check| account(&format!("40703810{check}00001000001")));
            all.filter(|account| fits(account)).map(|account| account.as_str().to_owned()).collect::<Vec<_>>()
        };
        let found = one_of(&|account| account.is_settlement_of(&centre));
        assert_eq!(found.len(), 1);
        assert_eq!(found, one_of(&|account| account.is_correspondent_of(&centre)));
    }

    #[test]
    fn forms_are_checked() {
        assert!(BankAccount::parse("40702A10138250123017").is_some(), "a letter of a clearing currency");
        for wrong in ["", "4070281013825012301", "00702810138250123017", "40702D10138250123017", "4070281013825012301А"]
        {
            assert!(BankAccount::parse(wrong).is_none(), "{wrong}");
        }
        assert_eq!(Bic::parse(" 044 525 225 ").map(|bic| bic.to_string()).as_deref(), Some("044525225"));
        for wrong in ["", "04452522", "04452522А", "0445252250"] {
            assert!(Bic::parse(wrong).is_none(), "{wrong}");
        }
    }
}
