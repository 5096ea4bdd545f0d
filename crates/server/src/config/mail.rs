//! `[mail]`: the mail server through which residents get letters.

use super::ConfigError;
use serde::Deserialize;

/// How to reach the mail server.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// «smtp.example.ru».
    pub host: String,
    /// 465 with `tls`, 587 with `starttls`.
    pub port: u16,
    /// How the connection is encrypted.
    #[serde(default)]
    pub security: MailSecurity,
    /// The login, when the mail server wants one.
    #[serde(default)]
    pub user: Option<String>,
    /// The password; better given by `ZHKH_MAIL__PASSWORD`.
    #[serde(default)]
    pub password: String,
    /// From which address.
    pub from: String,
    /// How long to wait for an answer, seconds.
    #[serde(default = "default_timeout_s")]
    pub timeout_s: u32,
    /// Every how many seconds it is looked for letters.
    #[serde(default = "default_look_s")]
    pub look_s: u32,
}

/// How the connection to the mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// Not at all: only on this computer.
    None,
    /// From the first byte.
    #[default]
    Tls,
    /// After a greeting in the clear; a server that does not offer it gets no letters.
    Starttls,
}

const fn default_timeout_s() -> u32 {
    30
}

const fn default_look_s() -> u32 {
    5
}

/// The password stays out of logs.
impl std::fmt::Debug for MailSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MailSettings({}:{})", self.host, self.port)
    }
}

impl MailSettings {
    pub(super) fn checked(self) -> Result<Self, ConfigError> {
        if domain::Email::parse(&self.from).is_err() {
            return Err(ConfigError::new(
                "В разделе [mail] нужен адрес отправителя, например: from = \"zayavki@ks.example\".",
            ));
        }
        let here = self.host == "localhost"
            || self.host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        if self.security == MailSecurity::None && !here {
            return Err(ConfigError::new(
                "Почтовый сервер на другом компьютере, а шифрование выключено: письма жителям пошли бы по сети открыто. Напишите в разделе [mail] security = \"tls\" или \"starttls\".",
            ));
        }
        if self.look_s == 0 || self.timeout_s == 0 {
            return Err(ConfigError::new("В разделе [mail] числа timeout_s и look_s больше нуля."));
        }
        Ok(self)
    }
}
