//! Step 2: the robot calls and dictates a code.

use super::{DAY_MS, open};
use crate::config::Config;
use crate::failure::Failure;
use crate::limits::{self, Limit, Try};
use crate::params;
use crate::people;
use crate::secret::{self, ServerKey};
use crate::storage::{Sql, StoreError, Tx};
use domain::Phone;
use uuid::Uuid;
use wire::problem::Code;
use wire::registration::PhoneProven;

/// A call to make.
pub struct Calling {
    /// To whom.
    pub phone: Phone,
    /// What to say. Only its HMAC is stored.
    pub code: String,
    before: StoredCode,
}

/// A code as it is stored: its HMAC, until when it is good, how often it was tried.
#[derive(Clone)]
struct StoredCode {
    mac: Option<Vec<u8>>,
    until_ms: Option<i64>,
    tries: i64,
}

fn by_phone(config: &Config) -> Limit {
    Limit { thing: "call", most: config.limits.calls_per_phone_day, window_ms: DAY_MS }
}

fn by_address(config: &Config) -> Limit {
    Limit { thing: "call_ip", most: config.limits.calls_per_ip_day, window_ms: DAY_MS }
}

/// Counts the call and stores the code's HMAC; the call itself is made after the commit.
pub fn prepare_call(
    tx: &mut Tx<'_>,
    config: &Config,
    key: &ServerKey,
    registration: Uuid,
    origin: &str,
) -> Result<Calling, Failure> {
    let open = open(tx, registration)?;
    let phone = open.phone;
    let before = StoredCode { mac: open.code_hmac, until_ms: open.code_until_ms, tries: open.code_tries };
    let gap_ms = i64::from(config.limits.call_gap_s) * 1000;
    if let Some(since) = limits::since_last(tx, by_phone(config).thing, phone.as_str())?
        && since < gap_ms
    {
        let retry_after_s = u64::try_from(gap_ms - since).unwrap_or(0).div_ceil(1000);
        return Err(Code::CallTooSoon { retry_after_s }.into());
    }
    for (limit, whose) in [(by_address(config), origin), (by_phone(config), phone.as_str())] {
        if let Try::Locked { retry_after_s } = limits::count(tx, limit, whose)? {
            return Err(Code::CallTooSoon { retry_after_s }.into());
        }
    }
    let code = secret::code(config.utility.code_digits);
    let until = tx.now_ms() + i64::from(config.limits.code_valid_s) * 1000;
    let mac = key.code_mac(&registration.to_string(), &code);
    store(tx, registration, &StoredCode { mac: Some(mac), until_ms: Some(until), tries: 0 })?;
    Ok(Calling { phone, code, before })
}

/// The robot did not call: the code of the call before, if there was one, is good again. The call is not counted
/// where it was not the person's doing.
pub fn undo_call(
    tx: &mut Tx<'_>,
    config: &Config,
    registration: Uuid,
    calling: &Calling,
    origin: &str,
    counted: bool,
) -> Result<(), StoreError> {
    if !counted {
        limits::refund(tx, by_address(config).thing, origin)?;
        limits::forgive_last(tx, by_phone(config).thing, calling.phone.as_str())?;
    }
    store(tx, registration, &calling.before)
}

/// What the person heard. A wrong try is counted.
pub fn try_code(
    tx: &mut Tx<'_>,
    config: &Config,
    key: &ServerKey,
    registration: Uuid,
    entered: &str,
) -> Result<PhoneProven, Failure> {
    let open = open(tx, registration)?;
    let now = tx.now_ms();
    if !open.proven {
        let (mac, until) = open.code_hmac.zip(open.code_until_ms).ok_or(Code::CodeExpired)?;
        let most = i64::from(config.limits.code_tries);
        if until <= now || open.code_tries >= most {
            return Err(Code::CodeExpired.into());
        }
        let digits: String = entered.chars().filter(char::is_ascii_digit).collect();
        if !secret::same(&mac, &key.code_mac(&registration.to_string(), &digits)) {
            tx.execute("UPDATE registrations SET code_tries = code_tries + 1 WHERE id = $1", params![registration])?;
            let tries_left = u32::try_from(most - open.code_tries - 1).unwrap_or(0);
            return Err(Code::WrongCode { tries_left }.into());
        }
        tx.execute(
            "UPDATE registrations SET proven_ms = $2, code_hmac = NULL WHERE id = $1",
            params![registration, now],
        )?;
    }
    Ok(PhoneProven { known: people::by_phone(tx, &open.phone)?.is_some() })
}

fn store(tx: &mut Tx<'_>, registration: Uuid, code: &StoredCode) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE registrations SET code_hmac = $2, code_until_ms = $3, code_tries = $4 WHERE id = $1",
        params![registration, code.mac.clone(), code.until_ms, code.tries],
    )?;
    Ok(())
}
