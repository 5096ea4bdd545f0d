//! ИНН and КПП.

use std::fmt;

/// The taxpayer's number: ten digits of an organisation or twelve of a person, the last ones checks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Inn(String);

/// Why an organisation is registered with a tax office: four digits, two digits or letters, three digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Kpp(String);

const WEIGHTS: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];

impl Inn {
    /// Reads ten or twelve digits with true check digits; spaces around are free.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits: Vec<u32> = text.chars().map(|c| c.to_digit(10)).collect::<Option<_>>()?;
        // The weights of a check digit are the last ones of the same row.
        let holds = |place: usize| {
            let weights = &WEIGHTS[WEIGHTS.len() - place..];
            let sum: u32 = weights.iter().zip(&digits).map(|(weight, digit)| weight * digit).sum();
            sum % 11 % 10 == digits[place]
        };
        let right = match digits.len() {
            10 => holds(9),
            12 => holds(10) && holds(11),
            _ => false,
        };
        // Zeros alone add up and belong to nobody.
        (right && digits.iter().any(|digit| *digit != 0)).then(|| Self(text.to_owned()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Kpp {
    /// Reads nine characters; spaces around are free.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits = text.len() == 9
            && text.bytes().enumerate().all(|(place, b)| match place {
                4 | 5 => b.is_ascii_digit() || b.is_ascii_uppercase(),
                _ => b.is_ascii_digit(),
            });
        fits.then(|| Self(text.to_owned()))
    }

    /// The nine characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Inn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Kpp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_true_check_digits_are_taken() {
        for right in ["7707083893", "6168108630", "2124012348", "500100732259", " 7707083893 "] {
            assert_eq!(Inn::parse(right).expect(right).as_str(), right.trim());
        }
    }

    #[test]
    fn one_wrong_digit_anywhere_is_noticed() {
        for right in ["7707083893", "500100732259"] {
            for place in 0..right.len() {
                let mut wrong = right.as_bytes().to_vec();
                wrong[place] = if wrong[place] == b'9' { b'0' } else { wrong[place] + 1 };
                let wrong = String::from_utf8(wrong).expect("digits");
                assert_eq!(Inn::parse(&wrong), None, "{wrong}");
            }
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for wrong in ["", "770708389", "77070838930", "0000000000", "77070838ЗЗ", "７７０７０８３８９３"] {
            assert_eq!(Inn::parse(wrong), None, "{wrong}");
        }
        assert!(Kpp::parse("7736AB001").is_some());
        for wrong in ["", "77360100", "773601O0A", "7736аб001"] {
            assert_eq!(Kpp::parse(wrong), None, "{wrong}");
        }
    }
}
