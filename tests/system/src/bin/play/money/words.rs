//! Sums and months as the window writes them, with plain spaces.

use anyhow::Context;

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

/// «3 456,78 ₽» for sums under a million.
pub fn roubles(kopecks: i64) -> String {
    let (whole, rest) = (kopecks / 100, kopecks % 100);
    let whole = if whole < 1000 { whole.to_string() } else { format!("{} {:03}", whole / 1000, whole % 1000) };
    format!("{whole},{rest:02} ₽")
}

/// «октябрь 2026» for `2026-10`.
pub fn month(period: &str) -> anyhow::Result<String> {
    let (year, month) = period.split_once('-').with_context(|| format!("«{period}» is no month"))?;
    let place: usize = month.parse()?;
    let name = MONTHS.get(place.wrapping_sub(1)).with_context(|| format!("«{period}» is no month"))?;
    Ok(format!("{name} {year}"))
}

#[cfg(test)]
mod tests {
    use super::{month, roubles};

    #[test]
    fn sums_and_months_are_written_as_in_the_window() {
        assert_eq!([345_678, 45_605, 1_200_000].map(roubles), ["3 456,78 ₽", "456,05 ₽", "12 000,00 ₽"]);
        assert_eq!(month("2026-10").expect("a month"), "октябрь 2026");
        assert!(month("2026-13").is_err() && month("2026-00").is_err() && month("2026").is_err());
    }
}
