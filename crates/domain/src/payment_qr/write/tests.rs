use super::*;
use crate::payee::tests::utility;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

fn payee() -> Payee {
    Payee::new(&utility()).expect("a payee")
}

/// The invented bill of the golden samples.
fn golden() -> PaymentQr {
    let number = AccountNumber::parse("1234567890").expect("a number");
    let order = PaymentQr::new(payee()).with_sum(Kopecks(345_678)).expect("a sum");
    let fields = [
        (Key::Purpose, "Оплата ЖКУ"),
        (Key::LastName, "Иванов"),
        (Key::FirstName, "Иван"),
        (Key::MiddleName, "Иванович"),
        (Key::PayerAddress, "г. Новочебоксарск, ул. Винокурова, д. 10, кв. 25"),
    ];
    let order = fields.iter().fold(order, |order, (key, text)| order.with(*key, text).expect("a field"));
    let order = order.with_bill(&number, Period::new(2026, 10).expect("October"));
    order.with(Key::TechCode, "02").expect("ЖКХ")
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn the_golden_bill_is_written_to_the_byte() {
    let utf8 = golden().write(Encoding::Utf8).expect("written");
    assert_eq!((utf8.encoding, utf8.bytes.len()), (Encoding::Utf8, 502));
    assert_eq!(sha256(&utf8.bytes), "2d52f6ca69dee4918a3f755e4e89fcfe185b1e77ba8b941ac2e1b36a75335218");
    let windows = golden().write(Encoding::Windows1251).expect("written");
    assert_eq!((windows.encoding, windows.bytes.len()), (Encoding::Windows1251, 393));
    assert_eq!(sha256(&windows.bytes), "3433206126ec0ce65ebbe573e0d8ba42df57902078f316c6ca1d46ffd3f2b7cf");
    let block: Vec<String> = golden().mandatory().iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(block.join("|").len(), 211);
    for written in [utf8, windows] {
        assert_eq!(PaymentQr::read(&written.bytes).as_ref(), Ok(&golden()));
    }
}

#[test]
fn a_real_bill_is_read() {
    let text = "ST00011|Name=ООО \"УК Трианон\"|PersonalAcc=40702810952090030727|BankName=ПАО Сбербанк|BIC=046015602|CorrespAcc=30101810600000000602|Sum=381630|Purpose=Оплата за ЖКУ|PayeeINN=6168108630|PayerINN=|KPP=616801001|lastName=Иванов|firstName=Иван|middleName=Иванович|payerAddress=344038, г. Ростов-на-Дону, кв. 27|persAcc=987654331|paymPeriod=042026|category=001";
    let bytes = Encoding::Windows1251.encode(text).expect("Russian");
    let order = PaymentQr::read(&bytes).expect("an order");
    assert_eq!(order.payee().inn().as_str(), "6168108630");
    assert_eq!((order.get(Key::Category), order.get(Key::PayerInn)), (Some("001"), None));
    let bill = super::super::bill(&bytes).expect("a bill");
    assert_eq!((bill.account.as_str(), bill.sum), ("987654331", Some(Kopecks(381_630))));
    assert_eq!(bill.period, Period::new(2026, 4).ok());
}

#[test]
fn an_invented_bill_is_understood_and_its_payee_is_found_wrong() {
    let text = "ST00011|Name=ООО «УК ЭкоГрад»|PersonalAcc=40902830202010056769|BankName=ПАО СБЕРБАНК|BIC=048073601|CorrespAcc=30102110300320000206|PayeeINN=0524967340|persAcc=5018435412|payerAddress=г. Уфа|lastName=Иванов|firstName=Иван|middleName=Иванович|Sum=12351";
    let bill = Scanned::read_text(text).expect("a code").bill().expect("a bill");
    assert_eq!((bill.account.as_str(), bill.sum, bill.period), ("5018435412", Some(Kopecks(12_351)), None));
    let bytes = Encoding::Windows1251.encode(text).expect("Russian");
    assert!(matches!(PaymentQr::read(&bytes), Err(QrFault::BadPayee(_))));
}

#[test]
fn the_first_character_that_no_value_has_separates() {
    let order = golden().with(Key::Purpose, "a|b#c").expect("a field");
    let written = order.write(Encoding::Utf8).expect("written");
    assert!(written.bytes.starts_with(b"ST00012;Name=") && written.bytes.windows(5).any(|w| w == b";BIC="));
    assert_eq!(PaymentQr::read(&written.bytes), Ok(order));
    let all = golden().with(Key::Purpose, SEPARATORS).expect("a field");
    assert_eq!(all.write(Encoding::Utf8), Err(WriteError::NoSeparator));
}

#[test]
fn what_an_encoding_cannot_hold_falls_to_utf8() {
    let order = golden().with(Key::LastName, "Şahin").expect("a field");
    for wish in Encoding::ALL {
        assert_eq!(order.write(wish).expect("written").encoding, Encoding::Utf8, "{wish:?}");
    }
    // The bank's name has a №, which KOI8-R lacks.
    assert_eq!(golden().write(Encoding::Koi8R).expect("written").encoding, Encoding::Utf8);
}

#[test]
fn a_block_too_long_for_utf8_takes_one_byte_a_letter_or_is_refused() {
    let long = |c: &str| Payee::new(&PayeeText { name: c.repeat(120), ..utility() }).expect("a payee");
    let written = PaymentQr::new(long("Я")).write(Encoding::Utf8).expect("written");
    assert_eq!(written.encoding, Encoding::Windows1251);
    assert!(matches!(PaymentQr::new(long("Ş")).write(Encoding::Utf8), Err(WriteError::TooLong { bytes: 301.. })));
}

#[test]
fn the_block_may_have_300_bytes_and_no_more() {
    let of = |letters: usize| {
        let name = "x".repeat(letters);
        PaymentQr::new(Payee::new(&PayeeText { name, bank: "Ş".repeat(45), ..utility() }).expect("a payee"))
    };
    let fixed = of(1).mandatory().iter().map(|(name, value)| name.len() + 1 + value.len()).sum::<usize>() + 4 - 1;
    let block = |letters: usize| fixed + letters;
    assert!(of(300 - fixed).write(Encoding::Utf8).is_ok());
    assert_eq!(of(301 - fixed).write(Encoding::Utf8), Err(WriteError::TooLong { bytes: block(301 - fixed) }));
}

#[test]
fn wrong_fields_are_not_taken() {
    let order = || PaymentQr::new(payee());
    assert_eq!(order().with(Key::Bic, "044525225"), Err(FieldError::OfPayee(Key::Bic)));
    assert_eq!(order().with(Key::Purpose, "a\tb"), Err(FieldError::Form(Key::Purpose)));
    assert_eq!(order().with(Key::TechCode, "99"), Err(FieldError::Form(Key::TechCode)));
    for wrong in [0, -1, 1_000_000_000_000_000_000] {
        assert_eq!(order().with_sum(Kopecks(wrong)), Err(FieldError::Sum), "{wrong}");
    }
    assert_eq!(golden().with(Key::LastName, " ").expect("taken away").get(Key::LastName), None);
}

#[test]
fn the_reader_says_what_is_wrong() {
    let golden = golden().write(Encoding::Utf8).expect("written").bytes;
    let golden = std::str::from_utf8(&golden).expect("UTF-8");
    let read = |from: &str, to: &str| PaymentQr::read(golden.replace(from, to).as_bytes());
    assert_eq!(read("|BIC=049706609", ""), Err(QrFault::MissingRequired(vec![Key::Bic])));
    assert_eq!(read("Sum=345678", "Sum=3456.78"), Err(QrFault::BadSum));
    assert_eq!(read("TechCode=02", "TechCode=2"), Err(QrFault::BadField(Key::TechCode)));
    assert_eq!(read("0000123|", "0000124|"), Err(QrFault::BadPayee(crate::payee::PayeeError::Account)));
    assert_eq!(read("CorrespAcc=30101810300000000609", "CorrespAcc=0").expect("none").payee().corr_account(), None);
    let kept = read("TechCode=02", "TechCode=02|NewField=да").expect("an unknown field");
    assert!(kept.write(Encoding::Utf8).expect("written").bytes.ends_with("|NewField=да".as_bytes()));
}

/// Any characters that an encoding has: of UTF-8 all but the ones no line has.
fn text_of(encoding: Encoding) -> BoxedStrategy<String> {
    let text = match encoding {
        Encoding::Utf8 => "\\PC{0,40}".boxed(),
        of_bytes => prop::collection::vec(any::<u8>(), 0..40)
            .prop_map(move |bytes| of_bytes.decode(&bytes).map(|text| text.into_owned()).unwrap_or_default())
            .boxed(),
    };
    text.prop_map(|text| text.chars().filter(|c| !c.is_control() && *c != '\u{FFFD}').collect()).boxed()
}

fn orders() -> impl Strategy<Value = (Encoding, PaymentQr)> {
    prop::sample::select(Encoding::ALL.to_vec()).prop_flat_map(|encoding| {
        let texts = [(); 4].map(|()| text_of(encoding));
        (Just(encoding), texts, prop::option::of(1_i64..=999_999_999_999_999_999)).prop_map(
            |(encoding, [name, bank, purpose, address], sum)| {
                let text = PayeeText { name: format!("{name}x"), bank: format!("x{bank}"), ..utility() };
                let order = PaymentQr::new(Payee::new(&text).expect("a payee"));
                let order = order.with(Key::Purpose, &purpose).expect("a line");
                let order = order.with(Key::PayerAddress, &address).expect("a line");
                (
                    encoding,
                    match sum {
                        Some(sum) => order.with_sum(Kopecks(sum)).expect("a sum"),
                        None => order,
                    },
                )
            },
        )
    })
}

proptest! {
    #[test]
    fn what_is_written_reads_back_in_every_encoding((encoding, order) in orders()) {
        match order.write(encoding) {
            Ok(written) => {
                prop_assert_eq!(written.encoding, encoding, "the encoding holds the text");
                prop_assert_eq!(PaymentQr::read(&written.bytes), Ok(order));
            }
            Err(WriteError::NoSeparator) => {
                let texts: String = order.optional().chain(order.mandatory()).map(|(_, text)| text).collect();
                prop_assert!(SEPARATORS.chars().all(|c| texts.contains(c)));
            }
            Err(WriteError::TooLong { bytes }) => prop_assert!(bytes > BLOCK_BYTES),
        }
    }

    #[test]
    fn any_order_is_written_in_some_encoding_and_reads_back((_, order) in orders(), wish in prop::sample::select(Encoding::ALL.to_vec())) {
        if let Ok(written) = order.write(wish) {
            prop_assert_eq!(PaymentQr::read(&written.bytes), Ok(order));
        }
    }
}
