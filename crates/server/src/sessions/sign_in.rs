//! Phone and password. A try is counted before the password is looked at, so that many at once gain nothing.

use super::{device, tokens};
use crate::access_log::{self, Deed};
use crate::config::{LimitSettings, SecuritySettings};
use crate::failure::Failure;
use crate::limits::{self, Limit, Try};
use crate::params;
use crate::storage::{Sql, Tx};
use domain::{Phone, UserId};
use wire::problem::Code;
use wire::session::{DeviceInfo, Session};

const HOUR_MS: i64 = 3_600_000;

/// A try that was let in.
pub struct SignInTry {
    /// The person and their password's hash, if there is one with this phone.
    pub known: Option<(UserId, String)>,
    /// How many tries are left after this one.
    pub tries_left: u32,
}

fn by_phone(settings: &LimitSettings) -> Limit {
    let window_ms = i64::from(settings.sign_in_lock_s) * 1000;
    Limit { thing: "sign_in", most: settings.sign_in_tries, window_ms }
}

fn by_address(settings: &LimitSettings) -> Limit {
    Limit { thing: "sign_in_ip", most: settings.sign_in_per_ip_hour, window_ms: HOUR_MS }
}

/// Counts the try; refuses when too many were made. The same for known and unknown phones.
pub fn admit(tx: &mut Tx<'_>, settings: &LimitSettings, phone: &Phone, origin: &str) -> Result<SignInTry, Failure> {
    // The address first: who tries too much from one place leaves no trace at any phone.
    if let Try::Locked { retry_after_s } = limits::count(tx, by_address(settings), &limits::network(origin))? {
        return Err(Code::LockedOut { retry_after_s }.into());
    }
    let tries_left = match limits::count(tx, by_phone(settings), phone.as_str())? {
        Try::Locked { retry_after_s } => return Err(Code::LockedOut { retry_after_s }.into()),
        Try::Counted { left } => left,
    };
    let row = tx.first("SELECT id, password FROM users WHERE phone = $1", params![phone.as_str()])?;
    let known = row.map(|row| Ok::<_, Failure>((row.get(0)?, row.get(1)?))).transpose()?;
    Ok(SignInTry { known, tries_left })
}

/// The password was right: the tries are forgiven, a session opens.
pub fn finish(
    tx: &mut Tx<'_>,
    limit_settings: &LimitSettings,
    settings: &SecuritySettings,
    user: UserId,
    phone: &Phone,
    info: &DeviceInfo,
    origin: &str,
) -> Result<Session, Failure> {
    limits::forgive(tx, by_phone(limit_settings).thing, phone.as_str())?;
    limits::refund(tx, by_address(limit_settings).thing, &limits::network(origin))?;
    let device = device::enrol(tx, user, info)?;
    access_log::note(tx, &user.to_string(), Deed::SignedIn, &format!("user:{user}"), origin)?;
    Ok(tokens::open(tx, settings, user, &device)?)
}
