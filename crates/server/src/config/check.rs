//! From the file's table to checked settings; every complaint says what to write.

use super::bank::RawBank;
use super::files::RawFiles;
use super::payments::RawPayments;
use super::penalties::{self, RawPenalties};
use super::readings::{RawRule, RawTariff, default_rule};
use super::tickets::RawTickets;
use super::{
    AnnouncementSettings, Config, FeedSettings, LimitSettings, MailSettings, RegistrySettings, RequestSettings,
    SecuritySettings,
};
use crate::calls::SmscSettings;
use crate::storage::postgres::{AddressError, PostgresSettings};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use toml::Table;
use wire::utility::{Consent, Utility};

/// What is wrong with the settings, in words for the administrator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

impl ConfigError {
    pub(super) fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }

    pub(super) fn syntax(error: &toml::de::Error) -> Self {
        Self(format!("Файл настроек не читается как TOML:\n{error}"))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(default = "default_listen")]
    listen: String,
    data: PathBuf,
    database: Option<RawDatabase>,
    utility: Utility,
    consent: RawConsent,
    calls: Option<SmscSettings>,
    #[serde(default)]
    limits: LimitSettings,
    #[serde(default)]
    security: SecuritySettings,
    #[serde(default)]
    requests: RequestSettings,
    #[serde(default)]
    feed: FeedSettings,
    #[serde(default)]
    announcements: AnnouncementSettings,
    #[serde(default)]
    registry: RegistrySettings,
    #[serde(default)]
    files: RawFiles,
    #[serde(default)]
    tickets: RawTickets,
    mail: Option<MailSettings>,
    payments: Option<RawPayments>,
    bank: Option<RawBank>,
    #[serde(default)]
    penalties: Vec<RawPenalties>,
    #[serde(default)]
    readings: RawReadings,
    #[serde(default)]
    tariffs: Vec<RawTariff>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDatabase {
    url: String,
    ca_file: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConsent {
    version: String,
    title: String,
    text_file: PathBuf,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawReadings {
    #[serde(default)]
    rules: Vec<RawRule>,
}

fn default_listen() -> String {
    "127.0.0.1:8080".to_owned()
}

/// What to write for a line that is missing.
const EXAMPLES: [(&str, &str); 14] = [
    ("url", "[database]\nurl = \"postgres://zhkh:…@localhost/zhkh\" (или переменная окружения ZHKH_DATABASE__URL)"),
    ("data", "data = \"/var/lib/zhkh\""),
    ("utility", "[utility]\nname = \"МУП «…»\""),
    ("name", "[utility]\nname = \"МУП «…»\""),
    ("initials", "[utility]\ninitials = \"КС\""),
    ("accent_hue", "[utility]\naccent_hue = 205"),
    ("zone", "[utility]\nzone = \"Europe/Moscow\""),
    ("emergency_phone", "[utility]\nemergency_phone = \"8 (0000) 00-00-00\""),
    ("code_digits", "[utility]\ncode_digits = 4"),
    (
        "consent",
        "[consent]\nversion = \"1\"\ntitle = \"Согласие на обработку персональных данных\"\ntext_file = \"consent.txt\"",
    ),
    ("text_file", "[consent]\ntext_file = \"consent.txt\""),
    ("base_url", "[calls]\nbase_url = \"https://smsc.ru\""),
    ("login", "[calls]\nlogin = \"…\""),
    ("password", "[calls]\npassword = \"…\" (или переменная окружения ZHKH_CALLS__PASSWORD)"),
];

pub(super) fn check(table: Table, folder: &Path) -> Result<Config, ConfigError> {
    let raw: Raw = Raw::deserialize(toml::Value::Table(table)).map_err(|error| explain(&error))?;
    let listen = raw.listen.parse().map_err(|_| {
        ConfigError::new(format!(
            "Адрес «{}» не читается. Напишите адрес и порт, например: listen = \"127.0.0.1:8080\".",
            raw.listen
        ))
    })?;
    let zone = raw.utility.zone.parse().map_err(|_| {
        ConfigError::new(format!(
            "Часовой пояс «{}» неизвестен. Напишите имя из базы IANA, например: zone = \"Europe/Moscow\".",
            raw.utility.zone
        ))
    })?;
    if !(4..=8).contains(&raw.utility.code_digits) {
        return Err(ConfigError::new("Длина кода — от 4 до 8 цифр. Напишите, например: code_digits = 4."));
    }
    if raw.utility.accent_hue > 360 {
        return Err(ConfigError::new("Оттенок — число от 0 до 360. Напишите, например: accent_hue = 205."));
    }
    let rules = raw.readings.rules.into_iter().map(RawRule::checked).collect::<Result<Vec<_>, _>>()?;
    let has_general = rules.iter().any(|rule| rule.house.is_none());
    let general = if has_general { None } else { Some(default_rule()) };
    let penalties = penalties::checked(raw.penalties)?;
    let mut payments = raw.payments.map(RawPayments::checked).transpose()?;
    if let Some(payments) = &mut payments {
        payments.penalties = penalties.clone();
    }
    let bank = raw.bank.map(|bank| bank.checked(folder)).transpose()?;
    if bank.is_some() && payments.is_none() {
        return Err(ConfigError::new(
            "Банк назван, а кому и по каким правилам платят жители — нет. Добавьте раздел [payments] с реквизитами, образец в demo/server.toml.",
        ));
    }
    let data = folder.join(raw.data);
    Ok(Config {
        listen,
        files: raw.files.checked(folder, &data)?,
        tickets: raw.tickets.checked()?,
        mail: raw.mail.map(MailSettings::checked).transpose()?,
        payments,
        penalties,
        bank,
        data,
        postgres: raw.database.map(|raw| postgres(&raw, folder)).transpose()?.map(Arc::new),
        consent: consent(raw.consent, folder)?,
        utility: raw.utility,
        zone,
        calls: raw.calls,
        limits: raw.limits,
        security: security(raw.security)?,
        requests: raw.requests,
        rules: rules.into_iter().chain(general).collect(),
        tariffs: raw.tariffs.into_iter().map(RawTariff::checked).collect::<Result<_, _>>()?,
        feed: raw.feed,
        announcements: raw.announcements,
        registry: raw.registry,
    })
}

fn postgres(raw: &RawDatabase, folder: &Path) -> Result<PostgresSettings, ConfigError> {
    let ca_file = raw.ca_file.as_ref().map(|file| folder.join(file));
    if let Some(file) = ca_file.as_ref().filter(|file| !file.is_file()) {
        return Err(ConfigError::new(format!(
            "Файла {} нет. Положите туда сертификат, которым подписан сертификат базы (PEM), или уберите ca_file из раздела [database].",
            file.display()
        )));
    }
    PostgresSettings::parse(&raw.url, ca_file.as_deref()).map_err(|error| {
        ConfigError::new(match error {
            AddressError::Unreadable | AddressError::NoHost => {
                "Адрес базы данных не читается. Напишите в разделе [database], например: url = \"postgres://zhkh:ПАРОЛЬ@localhost/zhkh\". Особые знаки в пароле пишутся процентами: @ — %40."
                    .to_owned()
            }
            AddressError::InTheClear(host) => format!(
                "База данных на другом компьютере ({host}), а шифрование соединения выключено: данные жителей пошли бы по сети открыто. Уберите sslmode=disable из url в разделе [database]."
            ),
        })
    })
}

fn consent(raw: RawConsent, folder: &Path) -> Result<Consent, ConfigError> {
    let path = folder.join(&raw.text_file);
    let text = std::fs::read_to_string(&path).map_err(|error| {
        ConfigError::new(format!(
            "Текст согласия {} не читается: {error}. Положите файл туда или исправьте text_file в разделе [consent].",
            path.display()
        ))
    })?;
    if text.trim().is_empty() {
        return Err(ConfigError::new(format!(
            "Файл {} пуст: без текста согласия регистрировать нельзя.",
            path.display()
        )));
    }
    let sha256 = hex::encode(Sha256::digest(text.as_bytes()));
    Ok(Consent { version: raw.version, sha256, title: raw.title, text })
}

fn security(raw: SecuritySettings) -> Result<SecuritySettings, ConfigError> {
    argon2::Params::new(raw.argon2_memory_kib, raw.argon2_passes, raw.argon2_lanes, None).map_err(|_| {
        ConfigError::new(
            "Параметры Argon2id не подходят. Напишите, например: argon2_memory_kib = 19456, argon2_passes = 2, argon2_lanes = 1.",
        )
    })?;
    if raw.argon2_at_once == 0 || raw.access_s == 0 || raw.session_days == 0 {
        return Err(ConfigError::new(
            "В разделе [security] числа argon2_at_once, access_s и session_days больше нуля.",
        ));
    }
    Ok(raw)
}

/// The deserializer's words are for programmers; a missing or unknown line is said in Russian with an example.
fn explain(error: &toml::de::Error) -> ConfigError {
    let message = error.message();
    let quoted = message.split('`').nth(1).unwrap_or_default();
    if message.starts_with("missing field") {
        let example = EXAMPLES.iter().find(|(name, _)| *name == quoted).map(|(_, example)| *example);
        return ConfigError::new(match example {
            Some(example) => format!("В настройках не хватает «{quoted}». Напишите, например:\n{example}"),
            None => format!("В настройках не хватает «{quoted}»."),
        });
    }
    if message.starts_with("unknown field") {
        let known = message.split_once("expected").map_or("", |(_, known)| known);
        return ConfigError::new(format!("Настройка «{quoted}» неизвестна; возможно, опечатка. Известны:{known}."));
    }
    ConfigError::new(format!("Настройки не подходят: {error}"))
}
