//! Step 3: the password. A known phone keeps its person; sessions and accounts start anew.

use super::open;
use crate::access_log::{self, Deed};
use crate::accounts::attach::revoke_all;
use crate::config::Config;
use crate::conversations;
use crate::failure::Failure;
use crate::files;
use crate::params;
use crate::people::{self, Field};
use crate::sessions;
use crate::storage::{Sql, StoreError, Tx, Value};
use crate::tickets;
use domain::UserId;
use uuid::Uuid;
use wire::feed::{Change, Scope};
use wire::problem::Code;
use wire::session::{DeviceInfo, Session};

/// Whether the phone of a registration was proven, so that a password may be set.
pub fn ready(tx: &mut Tx<'_>, registration: Uuid) -> Result<(), Failure> {
    if open(tx, registration)?.proven { Ok(()) } else { Err(Code::RegistrationGone.into()) }
}

/// Makes the person, or gives a known one a new password; opens a session.
pub fn set_password(
    tx: &mut Tx<'_>,
    config: &Config,
    registration: Uuid,
    password_hash: &str,
    info: &DeviceInfo,
    origin: &str,
) -> Result<Session, Failure> {
    let open = open(tx, registration)?;
    if !open.proven {
        return Err(Code::RegistrationGone.into());
    }
    let now = tx.now_ms();
    let user = match people::by_phone(tx, &open.phone)? {
        Some(user) => {
            tx.execute(
                "UPDATE users SET password = $2, password_ms = $3 WHERE id = $1",
                params![user, password_hash, now],
            )?;
            // Whoever holds the number now is not for sure who held it before: nothing of that person is shown.
            people::change(tx, user, Field::Name, &open.name, None)?;
            people::change(tx, user, Field::Email, "", None)?;
            sessions::end_all(tx, user)?;
            revoke_all(tx, user)?;
            tickets::part(tx, user)?;
            files::forget(tx, user)?;
            forget_feed(tx, user)?;
            // The support reads the conversation on, under the name of whoever holds the number now.
            conversations::publish_talk(tx, user)?;
            user
        }
        None => {
            let user = UserId::new(tx.id_v7());
            tx.execute(
                "INSERT INTO users (id, phone, name, email, password, created_ms, password_ms) VALUES ($1, $2, $3, '', $4, $5, $5)",
                params![user, open.phone.as_str(), &open.name, password_hash, now],
            )?;
            user
        }
    };
    people::publish(tx, user, None)?;
    let device = sessions::enrol(tx, user, info)?;
    tx.execute(
        "INSERT INTO consents (id, user_id, phone, purpose, version, sha256, given_ms, channel, app_version, device_id, proven_by)
         VALUES ($1, $2, $3, 'app', $4, $5, $6, 'app', $7, $8, $9)",
        params![
            tx.id_v7(),
            user,
            open.phone.as_str(),
            &open.consent_version,
            &open.consent_sha256,
            now,
            sessions::cut(&info.version),
            device.id,
            format!("call:{registration}"),
        ],
    )?;
    tx.execute("UPDATE registrations SET finished_ms = $2 WHERE id = $1", params![registration, now])?;
    access_log::note(tx, &user.to_string(), Deed::Registered, &format!("user:{user}"), origin)?;
    Ok(sessions::open(tx, &config.security, user, &device)?)
}

/// Empties the person's own part of the feed, where the former holder's name and e-mail stand. The rows themselves
/// stay: cursors stand on them. What was taken away stays told: a desktop that was off since shows it until it hears.
fn forget_feed(tx: &mut Tx<'_>, user: UserId) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE feed SET change = $2 WHERE scope = $1 AND change NOT LIKE '{\"change\":\"revoked\"%'
             AND change NOT LIKE '{\"change\":\"gone\"%'",
        params![Scope::User(user), Value::json(&Change::Decided)?],
    )?;
    // What was theirs alone: tickets, what was written about them, the conversation with the support.
    let own = "SELECT kind, id FROM mirror WHERE scope = $1 AND kind <> 'profile' ORDER BY id";
    for row in tx.query(own, params![Scope::User(user)])? {
        let (kind, id): (String, Uuid) = (row.get(0)?, row.get(1)?);
        tx.emit(Scope::User(user), None, Change::Gone { kind, id });
    }
    Ok(())
}
