//! Codes that we draw are read by a reader that somebody else wrote: zbar (Debian's zbar-tools). What is drawn is the same
//! on every system; the reader is a program of Unix.
#![cfg(unix)]

use std::io::Write;
use std::process::{Command, Stdio};
use zhkh_domain::payment_qr::{Encoding, Key, Payee, PayeeText, PaymentQr, bill};
use zhkh_domain::qr_code::{QUIET, QrCode};
use zhkh_domain::{AccountNumber, Kopecks, Period};

/// How many dots a square has on the picture.
const DOTS: usize = 4;

/// The code as a grey picture (PGM), quiet zone included.
fn picture(code: &QrCode) -> Vec<u8> {
    let size = code.size() * DOTS;
    let mut picture = format!("P5\n{size} {size}\n255\n").into_bytes();
    for y in 0..size {
        for x in 0..size {
            let place = |dot: usize| (dot / DOTS).checked_sub(QUIET);
            let dark = place(x).zip(place(y)).is_some_and(|(x, y)| code.is_dark(x, y));
            picture.push(if dark { 0 } else { 255 });
        }
    }
    picture
}

/// What zbar finds on a picture: the bytes of the code, not taken for any text.
fn zbar(picture: &[u8]) -> Vec<u8> {
    let mut zbar = Command::new("zbarimg")
        .args(["--quiet", "--raw", "--oneshot", "-Sdisable", "-Sqrcode.enable", "-Sbinary", "pgm:-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("zbarimg of zbar-tools, installed by `cargo xtask setup`");
    zbar.stdin.take().expect("piped").write_all(picture).expect("taken");
    let output = zbar.wait_with_output().expect("it ends");
    assert!(output.status.success(), "nothing found: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn order(purpose: &str) -> PaymentQr {
    let payee = PayeeText {
        name: "МУП \"КС г. Новочебоксарска\"".to_owned(),
        account: "40702810775020000123".to_owned(),
        bank: "Чувашское отделение 8613 ПАО Сбербанк".to_owned(),
        bic: "049706609".to_owned(),
        corr_account: Some("30101810300000000609".to_owned()),
        inn: "2124012348".to_owned(),
        kpp: Some("212401001".to_owned()),
    };
    let number = AccountNumber::parse("1234567890").expect("a number");
    let order = PaymentQr::new(Payee::new(&payee).expect("a payee")).with_sum(Kopecks(345_678)).expect("a sum");
    let order = order.with(Key::Purpose, purpose).expect("a line");
    order.with_bill(&number, Period::new(2026, 10).expect("October"))
}

#[test]
fn a_payment_order_of_every_encoding_is_read_back_to_the_byte() {
    for encoding in Encoding::ALL {
        let order = order("Оплата ЖКУ за октябрь, ул. Винокурова, д. 10");
        let written = order.write(encoding).expect("written");
        assert_eq!(written.encoding, encoding);
        let read = zbar(&picture(&QrCode::draw(&written.bytes).expect("a code")));
        assert_eq!(read, written.bytes, "{encoding:?}");
        assert_eq!(PaymentQr::read(&read), Ok(order));
        assert_eq!(bill(&read).expect("a bill").sum, Some(Kopecks(345_678)));
    }
}

#[test]
fn bytes_that_look_like_digits_or_japanese_stay_bytes() {
    let kanji: Vec<u8> = [0x93, 0x5f, 0xe4, 0xaa].repeat(20);
    for bytes in [b"1234567890".repeat(10), b"HTTPS://QR.NSPK.RU/AD100".to_vec(), kanji] {
        assert_eq!(zbar(&picture(&QrCode::draw(&bytes).expect("a code"))), bytes);
    }
}

#[test]
fn small_and_large_codes_are_read() {
    let text = "Платёж ".repeat(200);
    for length in [1, 20, 100, 300, 600, 1_000] {
        let part: String = text.chars().take(length).collect();
        let read = zbar(&picture(&QrCode::draw(part.as_bytes()).expect("a code")));
        assert_eq!(read, part.as_bytes(), "{length} characters");
    }
}
