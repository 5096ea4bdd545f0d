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
}

/// How long after a call the next one to this phone has to wait.
fn gap(config: &Config) -> Limit {
    Limit { thing: "call_gap", most: 1, window_ms: i64::from(config.limits.call_gap_s) * 1000 }
}

fn by_phone(config: &Config) -> Limit {
    Limit { thing: "call", most: config.limits.calls_per_phone_day, window_ms: DAY_MS }
}

fn by_address(config: &Config) -> Limit {
    Limit { thing: "call_ip", most: config.limits.calls_per_ip_day, window_ms: DAY_MS }
}

fn by_everybody(config: &Config) -> Limit {
    Limit { thing: "call_all", most: config.limits.calls_per_day, window_ms: DAY_MS }
}

fn wrong_codes(config: &Config) -> Limit {
    Limit { thing: "wrong_code", most: config.limits.wrong_codes_per_phone_day, window_ms: DAY_MS }
}

/// Whose calls [`by_everybody`] counts.
const EVERYBODY: &str = "";

/// Counts the call, which is made after the commit. The code can be entered from [`keep_code`] on: while the robot is
/// still being asked nobody can have heard it, so there is nothing to enter but guesses.
pub fn prepare_call(tx: &mut Tx<'_>, config: &Config, registration: Uuid, origin: &str) -> Result<Calling, Failure> {
    let phone = open(tx, registration)?.phone;
    let network = limits::network(origin);
    let counted = [
        (gap(config), phone.as_str()),
        (by_address(config), &network),
        (by_phone(config), phone.as_str()),
        (by_everybody(config), EVERYBODY),
    ];
    // All are asked before any is counted: a refused call must not use up somebody else's. A code that could not be
    // entered is not worth a call.
    for (limit, whose) in counted.into_iter().chain([(wrong_codes(config), phone.as_str())]) {
        if let Some(retry_after_s) = limits::closed_for_s(tx, limit, whose)? {
            if limit.thing == by_everybody(config).thing {
                tracing::error!(calls = limit.most, "the calls of a day are used up");
                return Err(Code::CallUnavailable.into());
            }
            return Err(Code::CallTooSoon { retry_after_s }.into());
        }
    }
    for (limit, whose) in counted {
        limits::count(tx, limit, whose)?;
    }
    Ok(Calling { phone, code: secret::code(tx.random(), config.utility.code_digits) })
}

/// The robot calls, or may be calling: from now on its code is good, and the one before no more.
pub fn keep_code(
    tx: &mut Tx<'_>,
    config: &Config,
    key: &ServerKey,
    registration: Uuid,
    calling: &Calling,
) -> Result<(), StoreError> {
    let until = tx.now_ms() + i64::from(config.limits.code_valid_s) * 1000;
    let mac = key.code_mac(&registration.to_string(), &calling.code);
    tx.execute(
        "UPDATE registrations SET code_hmac = $2, code_until_ms = $3, code_tries = 0 WHERE id = $1 AND proven_ms IS NULL",
        params![registration, mac, until],
    )?;
    Ok(())
}

/// The robot did not call, and it was not the person's doing: the call is not counted, and the next may follow at once.
pub fn undo_call(tx: &mut Tx<'_>, config: &Config, calling: &Calling, origin: &str) -> Result<(), StoreError> {
    limits::forgive(tx, gap(config).thing, calling.phone.as_str())?;
    limits::refund(tx, by_address(config).thing, &limits::network(origin))?;
    limits::refund(tx, by_phone(config).thing, calling.phone.as_str())?;
    limits::refund(tx, by_everybody(config).thing, EVERYBODY)
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
        // Counted before it is looked at. Each call brings a fresh code with fresh tries, so these are counted apart.
        let (limit, whose) = (wrong_codes(config), open.phone.as_str());
        let left_today = match limits::count(tx, limit, whose)? {
            Try::Locked { retry_after_s } => return Err(Code::LockedOut { retry_after_s }.into()),
            Try::Counted { left } => left,
        };
        let digits: String = entered.chars().filter(char::is_ascii_digit).collect();
        if !secret::same(&mac, &key.code_mac(&registration.to_string(), &digits)) {
            tx.execute("UPDATE registrations SET code_tries = code_tries + 1 WHERE id = $1", params![registration])?;
            let tries_left = u32::try_from(most - open.code_tries - 1).unwrap_or(0);
            return Err(Code::WrongCode { tries_left: tries_left.min(left_today) }.into());
        }
        limits::refund(tx, limit.thing, whose)?;
        tx.execute(
            "UPDATE registrations SET proven_ms = $2, code_hmac = NULL WHERE id = $1",
            params![registration, now],
        )?;
    }
    Ok(PhoneProven { known: people::by_phone(tx, &open.phone)?.is_some() })
}
