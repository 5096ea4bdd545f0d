use super::*;
use domain::{MeterKind, MeterValue, Rate};

const CONSENT: &str = "Даю согласие.";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("consent.txt"), CONSENT).expect("written");
    folder
}

fn whole() -> String {
    r#"
data = "data"
[utility]
name = "МУП «КС»"
initials = "КС"
accent_hue = 205
zone = "Europe/Moscow"
emergency_phone = "8 (0000) 00-00-00"
code_digits = 4
[utility.support]
phone = "1"
hours = "2"
email = "3"
address = "4"
[utility.subscriber_office]
phone = "1"
hours = "2"
email = "3"
address = "4"
[consent]
version = "1"
title = "Согласие"
text_file = "consent.txt"
[[readings.rules]]
from = 2026-01-01
start_day = 15
end_day = 25
[readings.rules.limits.cold_water]
ask_above = "40"
[[tariffs]]
kind = "electricity"
tariffs = 2
rates = ["5,10", "2.8035"]
from = 2026-07-01
"#
    .to_owned()
}

fn read(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, folder().path(), [])
}

#[test]
fn the_settings_are_read_with_their_defaults() {
    let config = read(&whole()).expect("settings");
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.consent.sha256, hex::encode(<sha2::Sha256 as sha2::Digest>::digest(CONSENT)));
    let limits = config.rules[0].limits_of(MeterKind::ColdWater);
    assert_eq!(limits.ask_above, MeterValue::parse("40").expect("a value"));
    assert_eq!(limits.refuse_above, MeterValue::parse("500").expect("a value"));
    assert!(limits.refuse_overdue);
    assert_eq!(config.tariffs[0].rates, [Rate(51_000), Rate(28_035)]);
}

#[test]
fn the_environment_overrides_single_values_and_ignores_other_programs() {
    let pairs = [("ZHKH_LISTEN", "127.0.0.1:0"), ("ZHKH_LIMITS__SIGN_IN_TRIES", "7"), ("ZHKH_SERVER_URL", "x")];
    let environment = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let config = Config::parse(&whole(), folder().path(), environment).expect("settings");
    assert_eq!(config.listen.port(), 0);
    assert_eq!(config.limits.sign_in_tries, 7);
}

#[test]
fn a_missing_or_misspelt_line_is_named_with_what_to_write() {
    let missing = read(&whole().replace("data = \"data\"", "")).expect_err("no data").to_string();
    assert!(missing.contains("data = \"/var/lib/zhkh\""), "{missing}");
    let misspelt = read(&whole().replace("data = ", "dtaa = ")).expect_err("misspelt").to_string();
    assert!(misspelt.contains("dtaa"), "{misspelt}");
    let zone = read(&whole().replace("Europe/Moscow", "Moscow")).expect_err("no zone").to_string();
    assert!(zone.contains("zone = \"Europe/Moscow\""), "{zone}");
    let text = read(&whole().replace("consent.txt", "nothing.txt")).expect_err("no consent").to_string();
    assert!(text.contains("text_file"), "{text}");
    let rates = read(&whole().replace(", \"2.8035\"", "")).expect_err("one rate").to_string();
    assert!(rates.contains("rates = "), "{rates}");
}

#[test]
fn without_rules_the_laws_window_holds() {
    let text = whole();
    let (before, after) = (text.find("[[readings.rules]]"), text.find("[[tariffs]]"));
    let (before, after) = (before.expect("rules"), after.expect("tariffs"));
    let config = read(&format!("{}{}", &text[..before], &text[after..])).expect("settings");
    assert_eq!(config.rules[0].window.end_day(), 25);
}

#[test]
fn the_database_is_a_file_unless_a_postgresql_is_named_and_what_is_wrong_with_its_address_is_said() {
    use crate::storage::Database;
    assert!(matches!(read(&whole()).expect("settings").database(), Database::File(_)));
    let with = |url: &str| {
        let environment = [("ZHKH_DATABASE__URL".to_owned(), url.to_owned())];
        Config::parse(&whole(), folder().path(), environment)
    };
    let config = with("postgres://zhkh:very-secret@localhost/zhkh").expect("settings");
    assert!(matches!(config.database(), Database::Postgres(_)));
    assert!(!format!("{config:?}").contains("very-secret"));
    let unreadable = with("localhost/zhkh").expect_err("no address").to_string();
    assert!(unreadable.contains("url = \"postgres://"), "{unreadable}");
    let clear =
        with("postgres://zhkh:very-secret@10.0.0.7/zhkh?sslmode=disable").expect_err("in the clear").to_string();
    assert!(
        clear.contains("10.0.0.7") && clear.contains("sslmode=disable") && !clear.contains("very-secret"),
        "{clear}"
    );
    let text = format!("{}[database]\nurl = \"postgres://zhkh@db.example/zhkh\"\nca_file = \"ca.pem\"\n", whole());
    let missing = read(&text).expect_err("no certificate").to_string();
    assert!(missing.contains("ca.pem") && missing.contains("ca_file"), "{missing}");
}
