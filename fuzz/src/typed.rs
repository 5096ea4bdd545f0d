//! What people type and what bills say: read or refused, and what was read is written in one form that reads as the same.
//!
//! Input: a text.

use domain::person_name::PersonName;
use domain::{AccountNumber, Dial, Els, Email, Kopecks, MeterValue, Period, Phone};
use server::accounts::bill_qr;
use server::registry::address::Address;
use server::registry::cell;

pub fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    phone(text);
    money(text);
    values(text);
    months_and_days(text);
    names(text);
    bill(text);
}

fn phone(text: &str) {
    let Ok(phone) = Phone::parse(text) else { return };
    let digits = phone.as_str().strip_prefix("+79").expect("a Russian mobile number");
    assert!(digits.len() == 9 && digits.bytes().all(|b| b.is_ascii_digit()), "{digits}");
    assert_eq!(Phone::parse(phone.as_str()).as_ref(), Ok(&phone));
    assert_eq!(Phone::parse(&phone.pretty()).as_ref(), Ok(&phone));
}

fn money(text: &str) {
    let Ok(sum) = Kopecks::parse_roubles(text) else { return };
    assert!(sum.0.abs() <= 1_000_000_000_000, "{sum:?}");
    assert_eq!(Kopecks::parse_roubles(&sum.to_registry()), Ok(sum));
}

fn values(text: &str) {
    if let Ok(value) = MeterValue::parse(text) {
        assert!(value >= MeterValue::ZERO);
        assert_eq!(MeterValue::parse(&value.to_string()), Ok(value));
        assert_eq!(MeterValue::parse(&value.format(4, ',')), Ok(value));
        let json = serde_json::to_string(&value).expect("written");
        assert_eq!(serde_json::from_str::<MeterValue>(&json).expect("read again"), value);
    }
    for (digits, decimals) in [(1, 0), (5, 0), (5, 3), (6, 1), (10, 4)] {
        let dial = Dial::new(digits, decimals).expect("a dial");
        if let Ok(value) = dial.read(text) {
            assert!(dial.holds(value), "{dial:?} took {value}, which it cannot show");
            assert_eq!(dial.read(&dial.show(value)), Ok(value), "{dial:?}");
            assert_eq!(MeterValue::parse(text), Ok(value), "the face and the number are read differently");
        }
    }
}

fn months_and_days(text: &str) {
    for month in [Period::parse_mmyy(text), Period::try_from(text.to_owned())].into_iter().flatten() {
        assert!((2000..2200).contains(&month.year()) && (1..=12).contains(&month.month()));
        assert_eq!(Period::try_from(month.to_string()), Ok(month));
        assert_eq!(month.next().previous(), month);
        assert_eq!(Period::of(month.day_clamped(31)), month);
    }
    if let Ok(Some(day)) = cell::date(text) {
        assert_eq!(cell::date(&cell::day(day)), Ok(Some(day)));
    }
}

fn names(text: &str) {
    if let Ok(name) = PersonName::parse(text) {
        assert_eq!(PersonName::parse(name.as_str()).as_ref().map(PersonName::as_str), Ok(name.as_str()));
        assert!(!name.short().is_empty());
    }
    if let Ok(email) = Email::parse(text) {
        assert_eq!(Email::parse(email.as_str()).as_ref().map(Email::as_str), Ok(email.as_str()));
        assert!(!email.as_str().contains(char::is_control), "a letter could be given other headers");
    }
    if let Ok(number) = AccountNumber::parse(text) {
        assert_eq!(AccountNumber::parse(number.as_str()).as_ref(), Ok(&number));
    }
    if let Ok(els) = Els::parse(text) {
        assert_eq!(Els::parse(els.as_str()).as_ref(), Ok(&els));
    }
    if let Some(address) = Address::parse(text) {
        let again = Address::parse(&address.full).expect("an address that was read is one");
        assert_eq!((again.house, again.flat), (address.house, address.flat), "another house");
    }
    let _ = domain::password::check(text);
    let _ = domain::address::mask(text);
    let bank = cell::for_bank(text);
    assert!(!bank.contains([';', '"', '\'', '\r', '\n']), "{bank} breaks a row of the bank");
    assert_eq!(cell::for_bank(&bank), bank);
}

fn bill(text: &str) {
    let Ok(bill) = bill_qr::read(text) else { return };
    assert!((4..=13).contains(&bill.account.as_str().len()));
    assert!(bill.sum.is_none_or(|sum| sum >= Kopecks(0)), "{:?}", bill.sum);
    assert!(text.replace(['\r', '\n'], "").starts_with("ST"));
}
