//! Sessions and their tokens, of which only hashes are kept.

use super::{Caller, Device};
use crate::config::SecuritySettings;
use crate::params;
use crate::secret;
use crate::storage::{Sql, StoreError, Tx};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::{DeviceId, UserId};
use uuid::Uuid;
use wire::session::Session;

const DAY_MS: i64 = 24 * 3_600_000;

/// Opens a session of a person on a device.
pub fn open(
    tx: &mut Tx<'_>,
    settings: &SecuritySettings,
    user: UserId,
    device: &Device,
) -> Result<Session, StoreError> {
    let session = tx.id_v4();
    let refresh = secret::token(tx.random());
    let now = tx.now_ms();
    tx.execute(
        "INSERT INTO sessions (id, user_id, device_id, refresh, created_ms, refreshed_ms) VALUES ($1, $2, $3, $4, $5, $5)",
        params![session, user, device.id, secret::token_hash(&refresh), now],
    )?;
    issue(tx, settings, session, user, device, refresh)
}

/// A new access token for a session, and the answer with it.
pub(super) fn issue(
    tx: &mut Tx<'_>,
    settings: &SecuritySettings,
    session: Uuid,
    user: UserId,
    device: &Device,
    refresh_token: String,
) -> Result<Session, StoreError> {
    let access_token = secret::token(tx.random());
    let now = tx.now_ms();
    let until = now + i64::from(settings.access_s) * 1000;
    tx.execute("DELETE FROM access_tokens WHERE session_id = $1 AND expires_ms <= $2", params![session, now])?;
    tx.execute(
        "INSERT INTO access_tokens (hash, session_id, expires_ms) VALUES ($1, $2, $3)",
        params![secret::token_hash(&access_token), session, until],
    )?;
    Ok(Session {
        user,
        device: device.id,
        access_token,
        access_expires_s: u64::from(settings.access_s),
        refresh_token,
        device_secret: BASE64.encode(&device.secret),
    })
}

/// Whose access token this is, if it is good.
pub fn caller(sql: &mut dyn Sql, token: &str, now_ms: i64) -> Result<Option<(UserId, DeviceId, Uuid)>, StoreError> {
    let row = sql.first(
        "SELECT sessions.user_id, sessions.device_id, sessions.id FROM access_tokens
         JOIN sessions ON sessions.id = access_tokens.session_id
         WHERE access_tokens.hash = $1 AND access_tokens.expires_ms > $2 AND sessions.ended_ms IS NULL",
        params![secret::token_hash(token), now_ms],
    )?;
    row.map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).transpose()
}

/// Ends the caller's session.
pub fn end(tx: &mut Tx<'_>, caller: &Caller) -> Result<(), StoreError> {
    let now = tx.now_ms();
    tx.execute(
        "UPDATE sessions SET ended_ms = $2, ended_why = 'signed_out' WHERE id = $1 AND ended_ms IS NULL",
        params![caller.session, now],
    )?;
    tx.execute("DELETE FROM access_tokens WHERE session_id = $1", params![caller.session])?;
    Ok(())
}

/// Ends all sessions of a person: the password was replaced, or they left.
pub fn end_all(tx: &mut Tx<'_>, user: UserId) -> Result<(), StoreError> {
    let now = tx.now_ms();
    tx.execute(
        "UPDATE sessions SET ended_ms = $2, ended_why = 'password_replaced' WHERE user_id = $1 AND ended_ms IS NULL",
        params![user, now],
    )?;
    Ok(())
}

/// Ends all sessions of a device: somebody has a copy of its token.
pub(super) fn end_device(tx: &mut Tx<'_>, device: DeviceId) -> Result<(), StoreError> {
    let now = tx.now_ms();
    tx.execute(
        "UPDATE sessions SET ended_ms = $2, ended_why = 'token_reused' WHERE device_id = $1 AND ended_ms IS NULL",
        params![device, now],
    )?;
    Ok(())
}

/// A device spends up to a hundred refresh tokens a day. One that is older is still refused, only no longer taken for a
/// sign that somebody has a copy.
const SPENT_DAYS: i64 = 30;
const FORGET_SPENT: &str = "DELETE FROM spent_refresh WHERE spent_ms < $1";

/// Forgets tokens and registrations that are long over.
pub fn sweep(tx: &mut Tx<'_>, settings: &SecuritySettings) -> Result<(), StoreError> {
    let now = tx.now_ms();
    let spent_days = i64::from(settings.session_days).min(SPENT_DAYS);
    tx.execute("DELETE FROM access_tokens WHERE expires_ms <= $1", params![now])?;
    tx.execute(FORGET_SPENT, params![now - spent_days * DAY_MS])?;
    tx.execute("DELETE FROM registrations WHERE started_ms < $1", params![now - 2 * DAY_MS])?;
    tx.execute("DELETE FROM attach_tokens WHERE until_ms < $1", params![now])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SetClock;
    use crate::storage::testing::Place;
    use crate::storage::{Store, StorePorts};
    use std::sync::Arc;

    #[test]
    fn spent_tokens_go_after_a_month_without_a_look_at_the_others() {
        let place = Arc::new(Place::new());
        let shared = Arc::clone(&place);
        let clock = Arc::new(SetClock::new(100 * DAY_MS));
        let store = Store::open(&place.database(), StorePorts::with_clock(clock)).expect("opened");
        let done = store.write_blocking(move |tx| {
            for (hash, day) in [(1_u8, 69), (2, 71)] {
                tx.execute(
                    "INSERT INTO spent_refresh (hash, session_id, spent_ms) VALUES ($1, 'one', $2)",
                    params![[hash; 32], day * DAY_MS],
                )?;
            }
            sweep(tx, &SecuritySettings::default())?;
            let left = tx.query("SELECT spent_ms FROM spent_refresh", &[])?;
            Ok::<_, StoreError>((left, shared.plan(tx, FORGET_SPENT, params![0_i64])?))
        });
        let (left, plan) = done.expect("swept").value;
        assert_eq!(left.iter().map(|row| row.get::<i64>(0).expect("a time")).collect::<Vec<_>>(), [71 * DAY_MS]);
        assert!(plan.contains("spent_refresh_by_time"), "{plan}");
    }
}
