//! What a person typed becomes a value, or a problem beside its field.

use crate::login::Login;
use crate::view::{Failure, Field, FieldProblem};
use domain::account_number::AccountNumberError;
use domain::kopecks::KopecksError;
use domain::message_text::MESSAGE_MAX;
use domain::password::{self, PasswordError};
use domain::person_name::PersonNameError;
use domain::phone::PhoneError;
use domain::{AccountNumber, Email, Kopecks, MessageText, Period, PersonName, Phone};
use std::str::FromStr;
use zeroize::Zeroizing;

/// The longest name of a meter, in characters.
const METER_NAME: u32 = 60;

const fn wrong(field: Field, problem: FieldProblem) -> Failure {
    Failure::Field { field, problem }
}

pub(super) fn phone(text: &str) -> Result<Phone, Failure> {
    Phone::parse(text).map_err(no_phone)
}

/// A resident's phone, or what the utility gave to its staff.
pub(super) fn login(text: &str) -> Result<Login, Failure> {
    Login::parse(text).map_err(no_phone)
}

const fn no_phone(error: PhoneError) -> Failure {
    let problem = match error {
        PhoneError::Empty => FieldProblem::Empty,
        PhoneError::Length => FieldProblem::Malformed,
        PhoneError::NotMobile => FieldProblem::NotMobile,
    };
    wrong(Field::Phone, problem)
}

pub(super) fn name(text: &str) -> Result<PersonName, Failure> {
    PersonName::parse(text).map_err(|error| {
        let problem = match error {
            PersonNameError::Empty => FieldProblem::Empty,
            PersonNameError::NotAName => FieldProblem::Malformed,
            PersonNameError::TooLong => FieldProblem::TooLong { max: 120 },
        };
        wrong(Field::Name, problem)
    })
}

/// A password that exists: any text that is not empty.
pub(super) fn password(text: String) -> Result<Zeroizing<String>, Failure> {
    if text.is_empty() { Err(wrong(Field::Password, FieldProblem::Empty)) } else { Ok(Zeroizing::new(text)) }
}

/// A new password, typed twice.
pub(super) fn new_password(text: String, repeat: String) -> Result<Zeroizing<String>, Failure> {
    let (text, repeat) = (Zeroizing::new(text), Zeroizing::new(repeat));
    password::check(&text).map_err(|error| {
        let problem = match error {
            PasswordError::Empty => FieldProblem::Empty,
            PasswordError::TooShort => FieldProblem::TooShort { min: count(password::MIN_LENGTH) },
            PasswordError::TooLong => FieldProblem::TooLong { max: count(password::MAX_LENGTH) },
            PasswordError::NeedsLettersAndDigits => FieldProblem::NeedsLettersAndDigits,
            PasswordError::TooSimple => FieldProblem::TooSimple,
        };
        wrong(Field::Password, problem)
    })?;
    if repeat.is_empty() {
        return Err(wrong(Field::PasswordRepeat, FieldProblem::Empty));
    }
    if text != repeat {
        return Err(wrong(Field::PasswordRepeat, FieldProblem::Differs));
    }
    Ok(text)
}

pub(super) fn consent(given: bool) -> Result<(), Failure> {
    if given { Ok(()) } else { Err(wrong(Field::Consent, FieldProblem::NotGiven)) }
}

pub(super) fn code(text: &str) -> Result<String, Failure> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if digits.is_empty() {
        return Err(wrong(Field::Code, FieldProblem::Empty));
    }
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong(Field::Code, FieldProblem::Malformed));
    }
    Ok(digits)
}

/// Empty means: remove it.
pub(super) fn email(text: &str) -> Result<String, Failure> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    match Email::parse(text) {
        Ok(email) => Ok(email.as_str().to_owned()),
        Err(_) => Err(wrong(Field::Email, FieldProblem::Malformed)),
    }
}

pub(super) fn account_number(text: &str) -> Result<AccountNumber, Failure> {
    AccountNumber::parse(text).map_err(|error| {
        let problem = match error {
            AccountNumberError::Empty => FieldProblem::Empty,
            AccountNumberError::NotDigits | AccountNumberError::Length => FieldProblem::Malformed,
        };
        wrong(Field::AccountNumber, problem)
    })
}

pub(super) fn sum(text: &str) -> Result<Kopecks, Failure> {
    Kopecks::parse_roubles(text).map_err(|error| {
        let problem = match error {
            KopecksError::Empty => FieldProblem::Empty,
            KopecksError::NotASum | KopecksError::TooLarge => FieldProblem::Malformed,
        };
        wrong(Field::Sum, problem)
    })
}

pub(super) fn period(text: &str) -> Result<Period, Failure> {
    let text = text.trim();
    let problem = if text.is_empty() { FieldProblem::Empty } else { FieldProblem::Malformed };
    Period::try_from(text.to_owned()).map_err(|_| wrong(Field::Period, problem))
}

pub(super) fn qr(text: &str) -> Result<String, Failure> {
    let text = text.trim();
    if text.is_empty() {
        return Err(wrong(Field::Qr, FieldProblem::Empty));
    }
    // ГОСТ Р 56042-2014 §5: the header of every payment code.
    if !text.starts_with("ST0001") {
        return Err(wrong(Field::Qr, FieldProblem::Malformed));
    }
    Ok(text.to_owned())
}

/// Empty restores the utility's name.
pub(super) fn meter_name(text: &str) -> Result<String, Failure> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().count() > METER_NAME as usize {
        return Err(wrong(Field::MeterName, FieldProblem::TooLong { max: METER_NAME }));
    }
    if name.chars().any(char::is_control) {
        return Err(wrong(Field::MeterName, FieldProblem::Malformed));
    }
    Ok(name)
}

/// What is written: a description, a message, a word about the work.
pub(super) fn text(text: &str) -> Result<MessageText, Failure> {
    let problem = FieldProblem::TooLong { max: count(MESSAGE_MAX) };
    MessageText::parse(text).map_err(|_| wrong(Field::Text, problem))
}

/// Something that has to be chosen from a list.
pub(super) fn chosen<T: FromStr>(text: &str, field: Field) -> Result<T, Failure> {
    if text.is_empty() {
        return Err(wrong(field, FieldProblem::Empty));
    }
    text.parse().map_err(|_| Failure::Gone)
}

fn count(characters: usize) -> u32 {
    u32::try_from(characters).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem<T>(read: Result<T, Failure>) -> (Field, FieldProblem) {
        match read.err().expect("a problem") {
            Failure::Field { field, problem } => (field, problem),
            other => panic!("not beside a field: {other:?}"),
        }
    }

    #[test]
    fn every_mistake_of_the_hand_is_told_beside_its_field() {
        assert_eq!(problem(phone(" ")), (Field::Phone, FieldProblem::Empty));
        assert_eq!(problem(phone("+7 8352 00 01 12")), (Field::Phone, FieldProblem::NotMobile));
        assert_eq!(problem(name("")), (Field::Name, FieldProblem::Empty));
        assert_eq!(problem(consent(false)), (Field::Consent, FieldProblem::NotGiven));
        assert_eq!(problem(code("12а4")), (Field::Code, FieldProblem::Malformed));
        assert_eq!(problem(email("a@b")), (Field::Email, FieldProblem::Malformed));
        assert_eq!(problem(account_number("70АА123456")), (Field::AccountNumber, FieldProblem::Malformed));
        assert_eq!(problem(sum("сто")), (Field::Sum, FieldProblem::Malformed));
        assert_eq!(problem(period("2026-13")), (Field::Period, FieldProblem::Malformed));
        assert_eq!(problem(qr("http://example.org")), (Field::Qr, FieldProblem::Malformed));
        assert_eq!(problem(meter_name(&"я".repeat(61))), (Field::MeterName, FieldProblem::TooLong { max: 60 }));
    }

    #[test]
    fn a_new_password_is_weak_or_differs() {
        let typed = |text: &str, repeat: &str| new_password(text.into(), repeat.into());
        assert_eq!(problem(typed("abc1", "abc1")), (Field::Password, FieldProblem::TooShort { min: 8 }));
        assert_eq!(problem(typed("abcdefgh", "abcdefgh")), (Field::Password, FieldProblem::NeedsLettersAndDigits));
        assert_eq!(problem(typed("пароль2026", "пароль2027")), (Field::PasswordRepeat, FieldProblem::Differs));
        assert!(typed("пароль2026", "пароль2026").is_ok());
    }
}
