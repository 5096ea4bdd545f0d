//! Registration in three steps (manual §1). Until the code was right nobody learns whether the phone is known.

mod code;
mod finish;

pub use code::{Calling, keep_code, prepare_call, try_code, undo_call};
pub use finish::{ready, set_password};

use crate::config::Config;
use crate::failure::{Failure, unreadable};
use crate::limits::{self, Limit, Try};
use crate::params;
use crate::storage::{Row, Sql, StoreError, Tx};
use domain::{PersonName, Phone};
use uuid::Uuid;
use wire::problem::Code;
use wire::registration::{Start, Started};

/// How long a registration may take.
const LIFE_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * 3_600_000;

/// A registration that goes on.
struct Open {
    phone: Phone,
    name: String,
    consent_version: String,
    consent_sha256: String,
    code_hmac: Option<Vec<u8>>,
    code_until_ms: Option<i64>,
    code_tries: i64,
    proven: bool,
}

/// Step 1: who, and the consent.
pub fn start(tx: &mut Tx<'_>, config: &Config, wanted: &Start, origin: &str) -> Result<Started, Failure> {
    let phone = Phone::parse(&wanted.phone).map_err(|_| unreadable("phone"))?;
    let name = PersonName::parse(&wanted.name).map_err(|_| unreadable("name"))?;
    let consent = &config.consent;
    if wanted.consent.version != consent.version || !wanted.consent.sha256.eq_ignore_ascii_case(&consent.sha256) {
        return Err(Code::ConsentOutdated.into());
    }
    let limit = Limit { thing: "registration_ip", most: config.limits.registrations_per_ip_day, window_ms: DAY_MS };
    if let Try::Locked { retry_after_s } = limits::count(tx, limit, &limits::network(origin))? {
        return Err(Code::LockedOut { retry_after_s }.into());
    }
    let registration = tx.id_v4();
    let now = tx.now_ms();
    tx.execute(
        "INSERT INTO registrations (id, phone, name, consent_version, consent_sha256, started_ms, code_tries)
         VALUES ($1, $2, $3, $4, $5, $6, 0)",
        params![registration, phone.as_str(), name.as_str(), &consent.version, &consent.sha256, now],
    )?;
    Ok(Started { registration })
}

/// Keeps the text of the consent in force: consents name it for ever.
pub fn keep_document(tx: &mut Tx<'_>, config: &Config) -> Result<(), StoreError> {
    let consent = &config.consent;
    let now = tx.now_ms();
    tx.execute(
        "INSERT INTO consent_documents (version, sha256, title, body, since_ms) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (version, sha256) DO NOTHING",
        params![&consent.version, &consent.sha256, &consent.title, &consent.text, now],
    )?;
    Ok(())
}

fn open(tx: &mut Tx<'_>, registration: Uuid) -> Result<Open, Failure> {
    let since = tx.now_ms() - LIFE_MS;
    let row = tx.first(
        "SELECT phone, name, consent_version, consent_sha256, code_hmac, code_until_ms, code_tries, proven_ms
         FROM registrations WHERE id = $1 AND started_ms > $2 AND finished_ms IS NULL",
        params![registration, since],
    )?;
    let read = |row: Row| {
        Ok::<_, StoreError>(Open {
            phone: row.word(0)?,
            name: row.get(1)?,
            consent_version: row.get(2)?,
            consent_sha256: row.get(3)?,
            code_hmac: row.get(4)?,
            code_until_ms: row.get(5)?,
            code_tries: row.get(6)?,
            proven: row.get::<Option<i64>>(7)?.is_some(),
        })
    };
    Ok(row.map(read).transpose()?.ok_or(Code::RegistrationGone)?)
}
