//! `PaymPeriod` as it is written in the wild.

use crate::Period;

/// `MMYYYY`, `MM.YYYY`, `YYYYMM` or `YYYY-MM`. The first that is a month of this century's bills; a year never reads as
/// a month, because it begins with 20 or 21.
pub fn read(text: &str) -> Option<Period> {
    let mut digits = [0_u16; 6];
    let mut count = 0;
    for c in text.chars() {
        match c.to_digit(10) {
            Some(digit) => {
                *digits.get_mut(count)? = u16::try_from(digit).ok()?;
                count += 1;
            }
            None if matches!(c, '.' | '-' | '/' | ' ') => {}
            None => return None,
        }
    }
    if count != digits.len() {
        return None;
    }
    let number = |digits: &[u16]| digits.iter().fold(0, |number, digit| number * 10 + digit);
    let month = |year: u16, month: u16| Period::new(i32::from(year), u8::try_from(month).ok()?).ok();
    month(number(&digits[2..]), number(&digits[..2])).or_else(|| month(number(&digits[..4]), number(&digits[4..])))
}

/// `MMYYYY`, the form most banks know.
pub fn write(period: Period) -> String {
    format!("{:02}{:04}", period.month(), period.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms_are_the_same_month() {
        let october = Period::new(2026, 10).ok();
        for text in ["102026", "10.2026", "202610", "2026-10", "10/2026"] {
            assert_eq!(read(text), october, "{text}");
        }
        for wrong in ["", "1026", "132026", "202613", "октябрь 2026", "1020261", "102026a"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_month_is_read_from_either_order() {
        let mut period = Period::new(2000, 1).expect("the first");
        while period.year() < 2199 {
            assert_eq!(read(&write(period)), Some(period));
            assert_eq!(read(&format!("{:04}{:02}", period.year(), period.month())), Some(period));
            period = period.next();
        }
    }
}
