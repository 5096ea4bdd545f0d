//! One cell of a registry: what it means, or the Russian reason why it means nothing.

use chrono::{Datelike, NaiveDate};
use domain::account_number::AccountNumberError;
use domain::decimal::DecimalError;
use domain::kopecks::KopecksError;
use domain::meter_value::MeterValueError;
use domain::{AccountNumber, Els, Kopecks, MeterValue, Period};

/// ЛС.
pub fn account(text: &str) -> Result<AccountNumber, String> {
    AccountNumber::parse(text).map_err(|error| match error {
        AccountNumberError::Empty => "номер счёта не заполнен".to_owned(),
        AccountNumberError::NotDigits => format!("в номере счёта не только цифры: «{text}»"),
        AccountNumberError::Length => format!("в номере счёта должно быть от 4 до 13 цифр: «{text}»"),
    })
}

/// ЕЛС; an empty cell is none.
pub fn els(text: &str) -> Result<Option<Els>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    Els::parse(text).map(Some).map_err(|_| format!("ЕЛС записан неверно: «{text}»"))
}

/// A sum in roubles.
pub fn sum(text: &str) -> Result<Kopecks, String> {
    Kopecks::parse_roubles(text).map_err(|error| match error {
        KopecksError::Empty => "сумма не заполнена".to_owned(),
        KopecksError::NotASum => format!("это не сумма в рублях и копейках: «{text}»"),
        KopecksError::TooLarge => format!("слишком большая сумма: «{text}»"),
    })
}

/// The value of a meter.
pub fn value(text: &str) -> Result<MeterValue, String> {
    MeterValue::parse(text).map_err(|error| match error {
        MeterValueError::Empty => "показание не заполнено".to_owned(),
        MeterValueError::NotANumber => format!("показание записано не цифрами: «{text}»"),
        MeterValueError::TooLong => format!("в показании слишком много цифр: «{text}»"),
    })
}

/// `ДД.ММ.ГГГГ`, or the `ГГГГ-ММ-ДД` of databases; an empty cell is none.
pub fn date(text: &str) -> Result<Option<NaiveDate>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let parsed =
        NaiveDate::parse_from_str(text, "%d.%m.%Y").or_else(|_| NaiveDate::parse_from_str(text, "%Y-%m-%d")).ok();
    parsed
        .filter(|date| (1980..2100).contains(&date.year()))
        .map(Some)
        .ok_or_else(|| format!("такой даты нет: «{text}», нужно ДД.ММ.ГГГГ"))
}

/// `ММГГ`.
pub fn period(text: &str) -> Result<Period, String> {
    Period::parse_mmyy(text.trim()).map_err(|_| format!("период записан неверно: «{text}», нужно ММГГ"))
}

/// A month as people and programs write it: `2026-10`, `10.2026`, `1026`, or any day of it.
pub fn month(text: &str) -> Result<Period, String> {
    let text = text.trim();
    let wrong = || format!("месяц записан неверно: «{text}», нужно ГГГГ-ММ, ММ.ГГГГ или ММГГ");
    if text.is_empty() {
        return Err("месяц не заполнен".to_owned());
    }
    if let Ok(Some(day)) = date(text) {
        return Ok(Period::of(day));
    }
    let parts = text.split_once('-').map(|(year, month)| (month, year)).or_else(|| text.split_once('.'));
    match parts {
        Some((month, year)) if month.len() == 2 && year.len() == 4 => {
            let period =
                month.parse().ok().zip(year.parse().ok()).and_then(|(month, year)| Period::new(year, month).ok());
            period.ok_or_else(wrong)
        }
        Some(_) => Err(wrong()),
        None => Period::parse_mmyy(text).map_err(|_| wrong()),
    }
}

/// A volume or the price of a unit.
pub fn decimal<T>(text: &str, parse: fn(&str) -> Result<T, DecimalError>) -> Result<T, String> {
    parse(text).map_err(|error| match error {
        DecimalError::Empty => "число не заполнено".to_owned(),
        DecimalError::NotANumber => format!("это не десятичное число: «{text}»"),
        DecimalError::TooLong => format!("в числе слишком много цифр: «{text}»"),
    })
}

/// A small whole number within bounds.
pub fn number(text: &str, from: u8, to: u8) -> Result<u8, String> {
    let parsed = text.trim().parse::<u8>().ok().filter(|number| (from..=to).contains(number));
    parsed.ok_or_else(|| format!("нужно число от {from} до {to}, а здесь «{text}»"))
}

/// «Да» or «Нет»; an empty cell is none.
pub fn yes_no(text: &str) -> Result<Option<bool>, String> {
    match text.trim().to_lowercase().as_str() {
        "" => Ok(None),
        "да" | "true" | "1" => Ok(Some(true)),
        "нет" | "false" | "0" => Ok(Some(false)),
        _ => Err(format!("нужно «Да» или «Нет», а здесь «{text}»")),
    }
}

/// A text cell of a bank's file has no separators, quotes and line ends: the readers know no escape (docs/domain.md).
pub fn for_bank(text: &str) -> String {
    let kept: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !matches!(c, ';' | '"' | '\'')).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A date as registries write it.
pub fn day(date: NaiveDate) -> String {
    date.format("%d.%m.%Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_cannot_break_the_banks_row() {
        assert_eq!(for_bank("ООО \"Дом\"; кв. 5\r\nвторая 'строка'"), "ООО Дом кв. 5 вторая строка");
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in ["31.02.2026", "00.10.2026", "2026", "1.1.26", "01/10/2026", "01.10.1026"] {
            assert!(date(text).is_err(), "{text}");
        }
        assert_eq!(date("29.02.2028").expect("leap"), date("2028-02-29").expect("leap"));
        assert_eq!(date("  "), Ok(None));
    }
}
