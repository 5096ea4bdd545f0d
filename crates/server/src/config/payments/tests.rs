//! What is said about settings of payments that would lose somebody's money.

use crate::Config;
use domain::Kopecks;
use domain::payment::{PaymentWay, in_force};

const BANK: &str = "[bank]\nbase_url = \"http://127.0.0.1:1\"\nuser = \"u\"\npassword = \"p\"\ncallback_key = \"k\"\n";

fn read(change: impl FnOnce(String) -> String) -> Result<Config, String> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("consent.txt"), "Даю согласие.").expect("written");
    let utility = include_str!("../../../../../tests/settings/utility.toml");
    let payments = include_str!("../../../../../tests/settings/payments.toml");
    let text = change(format!("{utility}{payments}{BANK}"));
    Config::parse(&text, folder.path(), []).map_err(|error| error.to_string())
}

#[test]
fn the_rules_are_read_with_their_commission_and_their_dates() {
    let later = "[[payments.rules]]\nfrom = 2027-01-01\nminimum = \"1\"\nmaximum = \"2\"\nways = []\n[bank]\n";
    let config = read(|text| text.replace("[bank]\n", later)).expect("settings");
    let payments = config.payments.expect("payments");
    let day = |text: &str| text.parse().expect("a day");
    let now = in_force(&payments.rules, day("2026-12-31")).expect("rules");
    let totals = now.total(PaymentWay::Card, [Kopecks(345_678)]).expect("a payment");
    assert_eq!((totals.commission, now.lock_minutes), (Kopecks(4_148), 20));
    assert!(in_force(&payments.rules, day("2027-01-01")).expect("rules").ways.is_empty());
    assert_eq!(in_force(&payments.rules, day("2025-12-31")), None);
}

#[test]
fn whoever_has_no_bank_tells_its_requisites_and_takes_nothing_on_line() {
    let config = read(|text| text.replace(BANK, "")).expect("settings");
    let terms = config.payments.expect("payments").terms(config.bank.is_some());
    assert!(terms.payee.is_some() && terms.rules.is_empty());
}

#[test]
fn every_complaint_says_what_to_write() {
    let cases: [(&str, &str, &str); 13] = [
        ("40702810775020000123", "40702810775020000124", "Расчётный счёт не подходит к БИК"),
        ("30101810300000000609", "30101810300000000608", "Корреспондентский счёт"),
        ("2124012348", "2124012349", "inn"),
        ("minimum = \"5\"", "minimum = \"0\"", "minimum = \"5\""),
        ("minimum = \"5\"", "minimum = \"пять\"", "рубли текстом"),
        ("percent = \"1,2\"", "percent = \"1,234\"", "percent = \"1,2\""),
        ("\"sbp\"]", "\"office\"]", "ways = [\"card\", \"sbp\"]"),
        ("[payments]\n", "[payments]\nprefix = \"ЖКУ\"\n", "prefix = \"KS\""),
        ("http://127.0.0.1:1", "http://pay.example.ru", "https"),
        ("http://127.0.0.1:1", "https://pay.example.ru", "public_url = "),
        ("http://127.0.0.1:1", "pay.example.ru", "base_url = "),
        ("password = \"p\"", "password = \"\"", "ZHKH_BANK__PASSWORD"),
        ("callback_key = \"k\"", "callback_public_key_file = \"none.pub\"", "openssl x509"),
    ];
    for (was, now, said) in cases {
        let error = read(|text| {
            assert!(text.contains(was), "{was}");
            text.replace(was, now)
        });
        let error = error.expect_err(now);
        assert!(error.contains(said), "{now}: {error}");
    }
}

#[test]
fn a_vat_without_a_code_of_the_bank_makes_no_receipt_and_is_refused_at_the_start() {
    let fiscal = |codes: &str| {
        format!(
            "[payments.fiscal]\nemail = \"a@b.ru\"\nsno = \"osn\"\npayment_address = \"https://a.ru\"\nvat = [{{ from = \"2026-01-01\", rate = \"22\" }}, {{ from = \"2027-01-01\", rate = \"5\" }}]\ntax_types = {codes}\n[bank]\n"
        )
    };
    let config = read(|text| text.replace("[bank]\n", &fiscal("{ \"22\" = 11, \"5\" = 7 }"))).expect("settings");
    let fiscal_settings = config.payments.and_then(|payments| payments.fiscal).expect("fiscal");
    let on = |text: &str| fiscal_settings.tax_type(text.parse().expect("a day"));
    assert_eq!([on("2025-12-31"), on("2026-12-31"), on("2027-01-01")], [None, Some(11), Some(7)]);
    let error = read(|text| text.replace("[bank]\n", &fiscal("{ \"22\" = 11 }"))).expect_err("refused");
    assert!(error.contains("НДС «5»"), "{error}");
}
