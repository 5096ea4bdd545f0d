//! The settings: one TOML file, with single values from the environment, checked before anything starts.

mod bank;
mod check;
mod environment;
mod files;
mod mail;
mod payments;
mod penalties;
mod readings;
mod tickets;

pub use bank::{BankCredentials, BankSettings};
pub use check::ConfigError;
pub use files::{FileRules, FileSettings};
pub use mail::{MailSecurity, MailSettings};
pub use payments::{AskAgain, CreditBy, FiscalSettings, PaymentSettings};
pub use readings::{RuleSettings, stable_id};
pub use tickets::read_types;
pub use tickets::{SubtypeSettings, TermRules, TicketSettings, TypeSettings};

use crate::calls::SmscSettings;
use crate::storage::Database;
use crate::storage::postgres::PostgresSettings;
use chrono_tz::Tz;
use domain::penalty::PenaltyTable;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wire::entity::Tariff;
use wire::utility::{Consent, Utility};

/// The checked settings.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The folder of the server's own files: the key of codes, and the database when it is a file.
    pub data: PathBuf,
    /// The PostgreSQL to use instead of a file.
    pub postgres: Option<Arc<PostgresSettings>>,
    /// The utility as everybody sees it.
    pub utility: Utility,
    /// The zone of `utility.zone`.
    pub zone: Tz,
    /// The consent in force.
    pub consent: Consent,
    /// The robot that calls; `None` means that nobody can register.
    pub calls: Option<SmscSettings>,
    /// How often one may try.
    pub limits: LimitSettings,
    /// Passwords and sessions.
    pub security: SecuritySettings,
    /// Sizes and times of requests.
    pub requests: RequestSettings,
    /// The rules for readings, all dates and houses.
    pub rules: Vec<RuleSettings>,
    /// All prices.
    pub tariffs: Vec<Tariff>,
    /// How long the feed is kept.
    pub feed: FeedSettings,
    /// What files of billing and banks may be.
    pub registry: RegistrySettings,
    /// What people may send, and where it is kept.
    pub files: FileSettings,
    /// The classifier and the deadlines of tickets.
    pub tickets: TicketSettings,
    /// How long answers to polls may be on their way.
    pub announcements: AnnouncementSettings,
    /// The mail server; `None` means that nobody gets letters.
    pub mail: Option<MailSettings>,
    /// Whom residents pay, and by which rules; `None` means that nobody pays here.
    pub payments: Option<PaymentSettings>,
    /// What being late costs, by dates; empty means that nothing is reckoned.
    pub penalties: PenaltyTable,
    /// The bank through which they pay on-line.
    pub bank: Option<BankSettings>,
}

/// `[limits]`
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitSettings {
    /// Wrong passwords for one phone before it is closed.
    pub sign_in_tries: u32,
    /// For how many seconds it is closed.
    pub sign_in_lock_s: u32,
    /// Wrong passwords from one address in an hour.
    pub sign_in_per_ip_hour: u32,
    /// Registrations begun from one address in a day.
    pub registrations_per_ip_day: u32,
    /// Seconds between two calls to one phone.
    pub call_gap_s: u32,
    /// Calls to one phone in a day.
    pub calls_per_phone_day: u32,
    /// Calls asked for from one address in a day.
    pub calls_per_ip_day: u32,
    /// Calls to all phones in a day: what a flood may cost the utility at most.
    pub calls_per_day: u32,
    /// For how many seconds a code is good.
    pub code_valid_s: u32,
    /// Wrong codes before the code is over.
    pub code_tries: u32,
    /// Wrong codes for one phone in a day, whatever the registration and the call.
    pub wrong_codes_per_phone_day: u32,
    /// Account numbers one person may look up in an hour.
    pub lookups_per_hour: u32,
    /// Wrong proofs of one person in an hour.
    pub proofs_per_hour: u32,
    /// Wrong proofs for one account in a day, whoever tries.
    pub proofs_per_account_day: u32,
    /// Payments that one person may begin in an hour.
    pub payments_per_hour: u32,
    /// Uploads that one person may begin in an hour.
    pub uploads_per_hour: u32,
    /// Questions without signing in from one address in a day.
    pub questions_per_ip_day: u32,
    /// Questions without signing in that name one phone in a day.
    pub questions_per_phone_day: u32,
    /// Questions without signing in from everywhere in a day: what a flood may fill the support's list with at most.
    pub questions_per_day: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            sign_in_tries: 5,
            sign_in_lock_s: 900,
            sign_in_per_ip_hour: 100,
            registrations_per_ip_day: 50,
            call_gap_s: 60,
            calls_per_phone_day: 10,
            calls_per_ip_day: 10,
            calls_per_day: 3_000,
            code_valid_s: 300,
            code_tries: 5,
            wrong_codes_per_phone_day: 20,
            lookups_per_hour: 30,
            proofs_per_hour: 5,
            proofs_per_account_day: 20,
            payments_per_hour: 60,
            uploads_per_hour: 600,
            questions_per_ip_day: 20,
            questions_per_phone_day: 5,
            questions_per_day: 1_000,
        }
    }
}

/// `[security]`
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SecuritySettings {
    /// Argon2id: memory in KiB.
    pub argon2_memory_kib: u32,
    /// Argon2id: passes.
    pub argon2_passes: u32,
    /// Argon2id: lanes.
    pub argon2_lanes: u32,
    /// How many passwords are checked at once.
    pub argon2_at_once: usize,
    /// For how many seconds an access token is good.
    pub access_s: u32,
    /// After how many days without a refresh a session is over.
    pub session_days: u32,
    /// Whether a proxy in front writes the caller's address into `x-forwarded-for`.
    pub behind_proxy: bool,
}

impl Default for SecuritySettings {
    fn default() -> Self {
        Self {
            argon2_memory_kib: 19_456,
            argon2_passes: 2,
            argon2_lanes: 1,
            argon2_at_once: 4,
            access_s: 900,
            session_days: 180,
            behind_proxy: false,
        }
    }
}

/// `[requests]`
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RequestSettings {
    /// The largest body as it comes, bytes.
    pub body_bytes: usize,
    /// The largest body after decompression, bytes.
    pub plain_bytes: usize,
    /// Seconds after which a request is given up.
    pub timeout_s: u64,
    /// Seconds between the comments that keep a live stream open.
    pub keep_alive_s: u64,
}

impl Default for RequestSettings {
    fn default() -> Self {
        Self { body_bytes: 2 << 20, plain_bytes: 8 << 20, timeout_s: 30, keep_alive_s: 20 }
    }
}

/// `[registry]`
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RegistrySettings {
    /// A larger file is not read, bytes.
    pub most_bytes: u64,
}

impl Default for RegistrySettings {
    fn default() -> Self {
        Self { most_bytes: 768 << 20 }
    }
}

/// `[announcements]`
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnnouncementSettings {
    /// So many hours after a poll's end an answer that was entered in time, without a connection, is still taken; the results
    /// are told after them.
    pub late_answers_hours: u32,
}

impl Default for AnnouncementSettings {
    fn default() -> Self {
        Self { late_answers_hours: 72 }
    }
}

/// `[feed]`
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FeedSettings {
    /// Rows older than this many days are pruned; a desktop that was away longer takes a snapshot.
    pub keep_days: u32,
    /// Every how many seconds it is looked for what another process wrote: an import beside the server, and what a
    /// second server announced while nobody listened.
    pub look_s: u32,
}

impl Default for FeedSettings {
    fn default() -> Self {
        Self { keep_days: 400, look_s: 2 }
    }
}

impl Config {
    /// Reads the file, then the environment.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError::new(format!("Файл настроек {} не читается: {error}.", path.display())))?;
        let path = std::path::absolute(path)
            .map_err(|error| ConfigError::new(format!("Файл настроек {} не найти: {error}.", path.display())))?;
        Self::parse(&text, path.parent().unwrap_or(&path), std::env::vars())
    }

    /// Reads settings from text; relative paths in them start at `folder`. `environment` may override values.
    pub fn parse(
        text: &str,
        folder: &Path,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut table: toml::Table = text.parse().map_err(|error| ConfigError::syntax(&error))?;
        environment::apply(&mut table, environment);
        check::check(table, folder)
    }

    /// The database: PostgreSQL where the settings name one, else a file in the data folder.
    pub fn database(&self) -> Database {
        match &self.postgres {
            Some(settings) => Database::Postgres(Arc::clone(settings)),
            None => Database::File(self.data.join("zhkh.db")),
        }
    }

    /// Makes the data folder, for this user's eyes only: people's data are in it.
    pub fn make_data_folder(&self) -> std::io::Result<()> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.data)
    }

    /// The day of a moment in the utility's zone.
    pub fn day(&self, at_ms: i64) -> chrono::NaiveDate {
        chrono::DateTime::from_timestamp_millis(at_ms).unwrap_or_default().with_timezone(&self.zone).date_naive()
    }
}

#[cfg(test)]
mod tests;
