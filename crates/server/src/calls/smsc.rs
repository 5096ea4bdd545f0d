//! The client of SMSC.ru (docs/domain.md).

use super::{CallError, CallStatus, CodeCaller, Delivery, words_for};
use async_trait::async_trait;
use domain::Phone;
use reqwest::Client;
use serde::Deserialize;
use std::time::Duration;

/// How to reach the provider.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmscSettings {
    /// `https://smsc.ru`, or the sandbox's address.
    pub base_url: String,
    /// `https://www2.smsc.ru`: asked when the first cannot be connected to at all.
    #[serde(default)]
    pub backup_url: Option<String>,
    /// The login.
    pub login: String,
    /// The password.
    pub password: String,
    /// The robot's voice: `w`, `w2`, `m`, …
    #[serde(default = "default_voice")]
    pub voice: String,
    /// How long to wait for the provider's answer, milliseconds.
    #[serde(default = "default_timeout_ms")]
    pub timeout_ms: u64,
}

fn default_voice() -> String {
    "w".to_owned()
}

const fn default_timeout_ms() -> u64 {
    10_000
}

/// The password stays out of logs.
impl std::fmt::Debug for SmscSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmscSettings").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// The robot of SMSC.ru.
#[derive(Debug, Clone)]
pub struct Smsc {
    settings: SmscSettings,
    http: Client,
}

/// All answers in one: the service leaves out what does not apply.
#[derive(Debug, Deserialize)]
struct Answer {
    id: Option<serde_json::Value>,
    error_code: Option<i64>,
    status: Option<i64>,
    balance: Option<String>,
}

impl Smsc {
    /// A client; fails only when the machine has no usable TLS.
    pub fn new(settings: SmscSettings) -> Result<Self, reqwest::Error> {
        let http = Client::builder().timeout(Duration::from_millis(settings.timeout_ms)).no_proxy().build()?;
        Ok(Self { settings, http })
    }

    async fn ask(&self, page: &str, fields: &[(&str, &str)]) -> Result<Answer, CallError> {
        match self.ask_host(&self.settings.base_url, page, fields).await {
            // Only where no connection was made is it certain that no call was: then the second host may be asked.
            Err(NoAnswer { error, connected: false }) => match &self.settings.backup_url {
                Some(backup) => self.ask_host(backup, page, fields).await.map_err(|second| second.error),
                None => Err(error),
            },
            first => first.map_err(|no_answer| no_answer.error),
        }
    }

    async fn ask_host(&self, host: &str, page: &str, fields: &[(&str, &str)]) -> Result<Answer, NoAnswer> {
        let credentials = [("login", self.settings.login.as_str()), ("psw", &self.settings.password), ("fmt", "3")];
        let form: Vec<_> = credentials.iter().chain(fields).collect();
        let url = format!("{}/sys/{page}", host.trim_end_matches('/'));
        let response = self.http.post(url).form(&form).send().await.map_err(|error| NoAnswer::of(&error))?;
        if !response.status().is_success() {
            return Err(NoAnswer { error: CallError::Down, connected: true });
        }
        let body = response.bytes().await.map_err(|error| NoAnswer::of(&error))?;
        serde_json::from_slice(&body).map_err(|_| NoAnswer { error: CallError::Down, connected: true })
    }
}

struct NoAnswer {
    error: CallError,
    connected: bool,
}

impl NoAnswer {
    fn of(error: &reqwest::Error) -> Self {
        let kind = if error.is_timeout() { CallError::Timeout } else { CallError::Down };
        Self { error: kind, connected: !error.is_connect() }
    }
}

fn meaning(code: i64) -> CallError {
    match code {
        2 => CallError::Credentials,
        3 => CallError::NoMoney,
        4 => CallError::Blocked,
        6 => CallError::Prohibited,
        7 => CallError::BadNumber,
        8 => CallError::Unreachable,
        9 => CallError::Duplicate,
        code => CallError::Refused { code },
    }
}

#[async_trait]
impl CodeCaller for Smsc {
    async fn deliver(&self, phone: &Phone, code: &str) -> Result<Delivery, CallError> {
        let words = words_for(code);
        // Wait 25 s for the person to pick up, 60 s between tries, 3 tries; give up after five minutes, when the code dies.
        let fields = [
            ("phones", phone.as_str().trim_start_matches('+')),
            ("mes", words.as_str()),
            ("call", "1"),
            ("voice", self.settings.voice.as_str()),
            ("param", "25,60,3"),
            ("valid", "00:05"),
            ("charset", "utf-8"),
        ];
        let answer = self.ask("send.php", &fields).await?;
        match (answer.error_code, answer.id) {
            (Some(code), _) => Err(meaning(code)),
            (None, Some(id)) => {
                let provider_id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
                Ok(Delivery { provider_id })
            }
            (None, None) => Err(CallError::Down),
        }
    }

    async fn status(&self, phone: &Phone, provider_id: &str) -> Result<CallStatus, CallError> {
        let fields = [("phone", phone.as_str().trim_start_matches('+')), ("id", provider_id)];
        let answer = self.ask("status.php", &fields).await?;
        match (answer.error_code, answer.status) {
            (Some(code), _) => Err(meaning(code)),
            (None, Some(status)) => Ok(match status {
                1 => CallStatus::Delivered,
                3 => CallStatus::Expired,
                -3 => CallStatus::NotFound,
                23 => CallStatus::Prohibited,
                20 | 22 | 25 => CallStatus::Unreachable,
                24 => return Err(CallError::NoMoney),
                _ => CallStatus::Waiting,
            }),
            (None, None) => Err(CallError::Down),
        }
    }

    async fn balance(&self) -> Result<String, CallError> {
        let answer = self.ask("balance.php", &[]).await?;
        match (answer.error_code, answer.balance) {
            (Some(code), _) => Err(meaning(code)),
            (None, Some(balance)) => Ok(balance),
            (None, None) => Err(CallError::Down),
        }
    }
}
