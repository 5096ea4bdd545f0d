//! The document is looked at by other programs than the one that made it: qpdf, poppler, zbar.

use super::{Form, make};
use chrono::NaiveDate;
use domain::bill::{BillLine, VolumeMethod};
use domain::payment_qr::{Key, Payee, PayeeText, PaymentQr};
use domain::{AccountId, AccountNumber, BillId, Els, HouseId, Kopecks, Period};
use std::path::Path;
use std::process::Command;
use uuid::Uuid;
use wire::entity::Account;
use wire::money::{Bill, Recalculation};
use wire::utility::{Office, Utility};

fn payee() -> Payee {
    Payee::new(&PayeeText {
        name: "МУП «КС г. Новочебоксарска»".into(),
        account: "40702810775020000123".into(),
        bank: "Чувашское отделение №8613 ПАО Сбербанк".into(),
        bic: "049706609".into(),
        corr_account: Some("30101810300000000609".into()),
        inn: "2124012348".into(),
        kpp: Some("212401001".into()),
    })
    .expect("requisites")
}

fn utility() -> Utility {
    let office = Office {
        phone: "8 (8352) 00-01-30".into(),
        hours: "пн–пт, 8:00–17:00".into(),
        email: "abonent@ks.example".into(),
        address: "г. Новочебоксарск, ул. Коммунальная, д. 8".into(),
    };
    Utility {
        name: "МУП «КС г. Новочебоксарска»".into(),
        initials: "КС".into(),
        accent_hue: 205,
        zone: "Europe/Moscow".into(),
        emergency_phone: "8 (8352) 00-01-12".into(),
        support: office.clone(),
        subscriber_office: office,
        code_digits: 4,
        attachments: wire::utility::AttachmentRules::default(),
    }
}

fn account() -> Account {
    Account {
        id: AccountId::new(Uuid::from_u128(1)),
        number: AccountNumber::parse("2140183572").expect("a number"),
        els: Els::parse("70АА123456").ok(),
        house: HouseId::new(Uuid::from_u128(2)),
        address: "г. Новочебоксарск, ул. Винокурова, д. 10, кв. 25".into(),
        short_address: "Винокурова, 10-25".into(),
        payer: "Смирнова В. П.".into(),
        debt: Kopecks(549_789),
        debt_on: NaiveDate::from_ymd_opt(2026, 10, 21).expect("a day"),
        services: Vec::new(),
    }
}

fn line(service: &str, unit: &str, volume: &str, rate: &str, accrued: i64, recalculated: i64) -> BillLine {
    BillLine {
        service: service.into(),
        unit: unit.into(),
        method: Some(VolumeMethod::Meter),
        volume: domain::Volume::parse(volume).ok(),
        rate: domain::LineRate::parse(rate).ok(),
        accrued: Kopecks(accrued),
        excess: Kopecks(0),
        recalculated: Kopecks(recalculated),
        discount: Kopecks(0),
        total: Kopecks(accrued + recalculated),
    }
}

fn bill(lines: Vec<BillLine>) -> Bill {
    let accrued = lines.iter().map(|line| line.total).sum();
    Bill {
        id: BillId::new(Uuid::from_u128(3)),
        account: AccountId::new(Uuid::from_u128(1)),
        period: Period::new(2026, 9).expect("a month"),
        number: "70АА123456-01-6091".into(),
        issued_on: NaiveDate::from_ymd_opt(2026, 10, 1),
        due_on: NaiveDate::from_ymd_opt(2026, 10, 15),
        opening: Some(Kopecks(491_121)),
        paid: Some(Kopecks(491_121)),
        paid_on: NaiveDate::from_ymd_opt(2026, 9, 11),
        accrued: Some(accrued),
        penalty: Some(Kopecks(0)),
        to_pay: accrued,
        area: Some("54,3".into()),
        residents: Some(2),
        lines,
        recalculations: vec![Recalculation {
            service: "Горячая вода".into(),
            ground: "3 дня без воды".into(),
            sum: Kopecks(-8_420),
        }],
        note: "Показания принимаются с 15 по 25 число.".into(),
    }
}

fn usual() -> Bill {
    bill(vec![
        line("Отопление", "Гкал", "0.198", "2412.60", 47_769, 0),
        line("Горячая вода", "м³", "4.215", "186.40", 78_568, -8_420),
        line("Холодная вода", "м³", "11.398", "32.85", 37_442, 0),
        line("Содержание жилья", "м²", "54.3", "27.64", 150_085, 0),
        line("Электроэнергия, день", "кВт·ч", "128", "5.86", 75_008, 0),
    ])
}

/// Runs a program on the document and answers what it printed.
fn looked_at(program: &str, arguments: &[&str], file: &Path) -> String {
    let output = Command::new(program).args(arguments).arg(file).output();
    let output = output.unwrap_or_else(|error| panic!("{program} is installed by the set-up: {error}"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn written(bill: &Bill, code: Option<&[u8]>) -> (tempfile::TempDir, std::path::PathBuf) {
    let (account, utility, payee) = (account(), utility(), payee());
    let form = Form { bill, account: &account, utility: &utility, payee: Some(&payee), code };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bill.pdf");
    std::fs::write(&file, make(&form).expect("drawn")).expect("written");
    (folder, file)
}

fn text_of(file: &Path) -> String {
    let printed = looked_at("pdftotext", &["-layout", "-enc", "UTF-8"], file);
    drop(printed);
    std::fs::read_to_string(file.with_extension("txt")).expect("the text").replace('\u{a0}', " ")
}

#[test]
fn a_bill_is_a_sound_document_of_one_a4_page() {
    let (_folder, file) = written(&usual(), None);
    looked_at("qpdf", &["--check"], &file);
    let facts = looked_at("pdfinfo", &[], &file);
    assert!(
        facts.contains("(A4)") && facts.lines().any(|line| line.starts_with("Pages:") && line.ends_with(" 1")),
        "{facts}"
    );
}

#[test]
fn every_word_and_sum_of_a_bill_can_be_selected_as_text() {
    let (_folder, file) = written(&usual(), None);
    let text = text_of(&file);
    for words in [
        "Платёжный документ за сентябрь 2026",
        "2140183572",
        "ул. Винокурова, д. 10,",
        "кв. 25",
        "Горячая вода",
        "4,215",
        "186,40",
        "−84,20",
        "3 804,52",
        "40702810775020000123",
        "3 дня без воды",
        "до 15.10.2026",
    ] {
        assert!(text.contains(words), "no «{words}» in\n{text}");
    }
}

#[test]
fn sixty_services_still_fit_on_the_page() {
    let lines = (1..=60).map(|number| line(&format!("Услуга {number}"), "м³", "1", "10", 1_000, 0)).collect();
    let (_folder, file) = written(&bill(lines), None);
    let facts = looked_at("pdfinfo", &[], &file);
    assert!(facts.lines().any(|line| line.starts_with("Pages:") && line.ends_with(" 1")), "{facts}");
    let text = text_of(&file);
    assert!(text.contains("Услуга 60") && text.contains("Сведения о перерасчётах"), "{text}");
}

#[test]
fn the_printed_code_is_read_back_by_another_program() {
    let order = PaymentQr::new(payee())
        .with(Key::Purpose, "Оплата ЖКУ")
        .and_then(|order| order.with(Key::PersAcc, "2140183572"))
        .and_then(|order| order.with_sum(Kopecks(380_452)))
        .expect("an order");
    let bytes = order.write(domain::payment_qr::Encoding::Utf8).expect("written").bytes;
    let (folder, file) = written(&usual(), Some(&bytes));
    let picture = folder.path().join("page");
    let picture = picture.to_str().expect("a path");
    let drawn = Command::new("pdftoppm").args(["-r", "200", "-png", "-singlefile"]).arg(&file).arg(picture).status();
    assert!(drawn.expect("pdftoppm is installed by the set-up").success());
    let read = looked_at("zbarimg", &["--quiet", "--raw", "-Sbinary"], &folder.path().join("page.png"));
    assert_eq!(read.trim_end().as_bytes(), bytes.as_slice());
}

#[test]
fn an_overpayment_asks_for_nothing() {
    let advance = Bill { to_pay: Kopecks(-31_450), ..usual() };
    let (_folder, file) = written(&advance, None);
    let text = text_of(&file);
    assert!(text.contains("переплата 314,50") && text.contains("0,00 ₽"), "{text}");
}
