//! Numbers and days as the document writes them.

use chrono::{Datelike, NaiveDate};
use domain::bill::VolumeMethod;
use domain::{Kopecks, Period};

const MONTHS: [&str; 12] = [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
];

/// «октябрь 2026».
pub fn month(period: Period) -> String {
    let name = MONTHS.get(usize::from(period.month()).saturating_sub(1)).copied().unwrap_or_default();
    format!("{name} {}", period.year())
}

/// «05.11.2026».
pub fn day(day: NaiveDate) -> String {
    format!("{:02}.{:02}.{}", day.day(), day.month(), day.year())
}

/// «3 456,78», with a minus sign where it is one.
pub fn money(sum: Kopecks) -> String {
    let abs = sum.0.unsigned_abs();
    let digits = (abs / 100).to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    let sign = if sum.0 < 0 { "−" } else { "" };
    format!("{sign}{grouped},{:02}", abs % 100)
}

/// The same, and nothing for zero: a table full of zeroes cannot be read.
pub fn money_or_nothing(sum: Kopecks) -> String {
    if sum.0 == 0 { String::new() } else { money(sum) }
}

/// An address whose house and flat are never parted from their words.
pub fn whole_numbers(address: &str) -> String {
    ["д. ", "кв. ", "корп. "]
        .iter()
        .fold(address.to_owned(), |text, word| text.replace(word, &word.replace(' ', "\u{a0}")))
}

/// How the volume was found.
pub const fn method(method: VolumeMethod) -> &'static str {
    match method {
        VolumeMethod::Meter => "прибор",
        VolumeMethod::Norm => "норматив",
        VolumeMethod::Average => "среднее",
        VolumeMethod::Other => "иное",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_grouped_by_thousands_and_keeps_its_sign() {
        assert_eq!(money(Kopecks(123_456_789)), "1\u{a0}234\u{a0}567,89");
        assert_eq!(money(Kopecks(-50)), "−0,50");
        assert_eq!(money(Kopecks(99_900)), "999,00");
    }
}
