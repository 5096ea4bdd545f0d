//! `[bank]`: through whom residents pay on-line.

use super::ConfigError;
use crate::bank::{CallbackKey, read_public_key};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How to reach the bank.
#[derive(Clone)]
pub struct BankSettings {
    /// The address in front of `/payment/rest/…`.
    pub base_url: String,
    /// What the merchant is known by.
    pub credentials: BankCredentials,
    /// The address under which residents and the bank reach this server; none on this computer, where it is the one it
    /// listens at.
    pub public_url: Option<String>,
    /// How callbacks are signed; without it none are taken, and the bank is only asked.
    pub callback: Option<Arc<CallbackKey>>,
    /// How long to wait for an answer, milliseconds.
    pub timeout_ms: u64,
    /// Every how many milliseconds it is looked for payments to ask about.
    pub look_ms: u64,
}

/// The merchant's name and password, or a token.
#[derive(Clone)]
pub enum BankCredentials {
    /// `userName` and `password`.
    Password {
        /// The name.
        user: String,
        /// The password.
        password: String,
    },
    /// `token`
    Token(String),
}

/// Secrets stay out of logs.
impl std::fmt::Debug for BankSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BankSettings({})", self.base_url)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBank {
    #[serde(default)]
    base_url: String,
    #[serde(default)]
    user: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    token: String,
    public_url: Option<String>,
    #[serde(default)]
    callback_key: String,
    callback_public_key_file: Option<PathBuf>,
    #[serde(default = "default_timeout_ms")]
    timeout_ms: u64,
    #[serde(default = "default_look_ms")]
    look_ms: u64,
}

const fn default_timeout_ms() -> u64 {
    10_000
}

const fn default_look_ms() -> u64 {
    1_000
}

/// Longer than this no request of a resident may wait for the bank.
const LONGEST_MS: u64 = 20_000;

impl RawBank {
    pub(super) fn checked(self, folder: &Path) -> Result<BankSettings, ConfigError> {
        let url = |text: &str| reqwest::Url::parse(text).ok().filter(|url| url.host_str().is_some());
        let Some(address) = url(&self.base_url) else {
            return Err(ConfigError::new(
                "Адрес банка не читается. Напишите в разделе [bank], например: base_url = \"https://pay.alfabank.ru\" — то, что стоит перед /payment/rest/.",
            ));
        };
        let here = is_here(&address);
        if address.scheme() != "https" && !here {
            return Err(ConfigError::new(
                "Адрес банка на другом компьютере начинается с https: иначе пароль магазина пошёл бы по сети открыто. Исправьте base_url в разделе [bank].",
            ));
        }
        let credentials = match (self.user.as_str(), self.password.as_str(), self.token.as_str()) {
            ("", "", token) if !token.is_empty() => BankCredentials::Token(self.token),
            (user, password, "") if !user.is_empty() && !password.is_empty() => {
                BankCredentials::Password { user: self.user, password: self.password }
            }
            _ => {
                return Err(ConfigError::new(
                    "Банку нужен либо логин с паролем, либо токен. Напишите в разделе [bank], например: user = \"ks-api\", а пароль дайте через ZHKH_BANK__PASSWORD; или токен через ZHKH_BANK__TOKEN.",
                ));
            }
        };
        let public_url = match self.public_url.as_deref().map(|text| text.trim_end_matches('/')) {
            Some(text) => match url(text) {
                Some(known) if known.scheme() == "https" || is_here(&known) => Some(text.to_owned()),
                _ => {
                    return Err(ConfigError::new(
                        "Адрес этого сервера для жителей и банка начинается с https. Напишите в разделе [bank], например: public_url = \"https://lk.ks.example\".",
                    ));
                }
            },
            None if here => None,
            None => {
                return Err(ConfigError::new(
                    "Банк должен знать, куда возвращать жителя после оплаты и куда сообщать о ней. Напишите в разделе [bank], например: public_url = \"https://lk.ks.example\".",
                ));
            }
        };
        let callback = match (self.callback_key.as_str(), self.callback_public_key_file) {
            ("", None) => None,
            (_, None) => Some(CallbackKey::Hmac(self.callback_key.into_bytes())),
            ("", Some(file)) => Some(CallbackKey::Rsa(public_key(&folder.join(file))?)),
            _ => {
                return Err(ConfigError::new(
                    "Уведомления банка подписаны одним способом. Оставьте в разделе [bank] либо callback_key, либо callback_public_key_file.",
                ));
            }
        };
        if !(1..=LONGEST_MS).contains(&self.timeout_ms) || self.look_ms == 0 {
            return Err(ConfigError::new(
                "В разделе [bank] timeout_ms — от 1 до 20000, look_ms больше нуля. Напишите, например: timeout_ms = 10000.",
            ));
        }
        let base_url = self.base_url.trim_end_matches('/').to_owned();
        let (timeout_ms, look_ms) = (self.timeout_ms, self.look_ms);
        Ok(BankSettings { base_url, credentials, public_url, callback: callback.map(Arc::new), timeout_ms, look_ms })
    }
}

fn is_here(url: &reqwest::Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host == "localhost" || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn public_key(file: &Path) -> Result<Vec<u8>, ConfigError> {
    let wrong = || {
        ConfigError::new(format!(
            "Ключ банка {} не читается. В файле должен быть открытый ключ RSA от 2048 бит («BEGIN PUBLIC KEY»). Из сертификата банка его делает команда: openssl x509 -pubkey -noout -in cert.pem > bank.pub.",
            file.display()
        ))
    };
    let text = std::fs::read_to_string(file).map_err(|_| wrong())?;
    read_public_key(&text).ok_or_else(wrong)
}
