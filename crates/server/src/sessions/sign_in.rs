//! Login and password. A try is counted before the password is looked at, so that many at once gain nothing.

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

/// Who somebody says they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// A resident's phone.
    Resident(Phone),
    /// What the utility gave to its staff: Latin letters, digits, `.`, `-` and `_`, at least one letter.
    Staff(String),
}

impl Login {
    /// Reads what was typed. No phone is a login of the staff, because that has a letter.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(phone) = Phone::parse(text) {
            return Some(Self::Resident(phone));
        }
        let login = text.trim().to_ascii_lowercase();
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let fits = (1..=40).contains(&login.len()) && login.chars().all(allowed);
        (fits && login.contains(|c: char| c.is_ascii_alphabetic())).then_some(Self::Staff(login))
    }

    /// Under which its tries are counted.
    fn key(&self) -> String {
        match self {
            Self::Resident(phone) => phone.as_str().to_owned(),
            Self::Staff(login) => format!("staff:{login}"),
        }
    }

    fn find(&self, tx: &mut Tx<'_>) -> Result<Option<(UserId, String)>, Failure> {
        let row = match self {
            Self::Resident(phone) => {
                tx.first("SELECT id, password FROM users WHERE phone = $1", params![phone.as_str()])?
            }
            Self::Staff(login) => tx.first(
                "SELECT id, password FROM staff WHERE login = $1 AND removed_ms IS NULL AND password <> ''",
                params![login],
            )?,
        };
        row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
    }
}

/// A try that was let in.
pub struct SignInTry {
    /// The person and their password's hash, if there is one with this login.
    pub known: Option<(UserId, String)>,
    /// How many tries are left after this one.
    pub tries_left: u32,
}

fn by_login(settings: &LimitSettings) -> Limit {
    let window_ms = i64::from(settings.sign_in_lock_s) * 1000;
    Limit { thing: "sign_in", most: settings.sign_in_tries, window_ms }
}

fn by_address(settings: &LimitSettings) -> Limit {
    Limit { thing: "sign_in_ip", most: settings.sign_in_per_ip_hour, window_ms: HOUR_MS }
}

/// Counts the try; refuses when too many were made. The same for known and unknown logins.
pub fn admit(tx: &mut Tx<'_>, settings: &LimitSettings, login: &Login, origin: &str) -> Result<SignInTry, Failure> {
    // The address first: who tries too much from one place leaves no trace at any login.
    if let Try::Locked { retry_after_s } = limits::count(tx, by_address(settings), &limits::network(origin))? {
        return Err(Code::LockedOut { retry_after_s }.into());
    }
    let tries_left = match limits::count(tx, by_login(settings), &login.key())? {
        Try::Locked { retry_after_s } => return Err(Code::LockedOut { retry_after_s }.into()),
        Try::Counted { left } => left,
    };
    Ok(SignInTry { known: login.find(tx)?, tries_left })
}

/// The password was right: the tries are forgiven, a session opens.
pub fn finish(
    tx: &mut Tx<'_>,
    limit_settings: &LimitSettings,
    settings: &SecuritySettings,
    user: UserId,
    login: &Login,
    info: &DeviceInfo,
    origin: &str,
) -> Result<Session, Failure> {
    limits::forgive(tx, by_login(limit_settings).thing, &login.key())?;
    limits::refund(tx, by_address(limit_settings).thing, &limits::network(origin))?;
    // Whoever was dismissed while the password was looked at stays outside.
    if login.find(tx)?.map(|(found, _)| found) != Some(user) {
        return Err(Code::SignInNeeded.into());
    }
    let device = device::enrol(tx, user, info)?;
    access_log::note(tx, &user.to_string(), Deed::SignedIn, &format!("user:{user}"), origin)?;
    Ok(tokens::open(tx, settings, user, &device)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_of_the_staff_is_never_taken_for_a_phone_nor_the_other_way_round() {
        assert!(matches!(Login::parse("8 900 000-00-01"), Some(Login::Resident(_))));
        assert_eq!(Login::parse(" Ilina "), Some(Login::Staff("ilina".into())));
        for neither in ["", "12345", "...", "ильина", "a b", &"a".repeat(41)] {
            assert_eq!(Login::parse(neither), None, "{neither}");
        }
    }
}
