//! The rotation of refresh tokens.

use super::{device, tokens};
use crate::config::SecuritySettings;
use crate::failure::Failure;
use crate::params;
use crate::secret;
use crate::storage::{Row, Sql, Tx};
use domain::{DeviceId, UserId};
use uuid::Uuid;
use wire::problem::Code;
use wire::session::Session;

const DAY_MS: i64 = 24 * 3_600_000;

struct Found {
    session: Uuid,
    user: UserId,
    device: DeviceId,
    current: Vec<u8>,
    previous: Option<Vec<u8>>,
    refreshed_ms: i64,
}

/// Answers with new tokens. A spent token ends all sessions of its device.
pub fn refresh(tx: &mut Tx<'_>, settings: &SecuritySettings, token: &str) -> Result<Session, Failure> {
    let shown = secret::token_hash(token);
    let Some(found) = find(tx, &shown)? else {
        return Err(spent(tx, &shown)?.into());
    };
    let now = tx.now_ms();
    if now - found.refreshed_ms > i64::from(settings.session_days) * DAY_MS {
        return Err(Code::SignInNeeded.into());
    }
    let next = secret::token(tx.random());
    let lost = found.current != shown;
    // The current token was used: the one before it is spent. The one before was used: its answer was lost on the
    // way, so what that answer carried is spent instead and the one shown stays good until its successor is used.
    let (previous, gone) = if lost { (shown.to_vec(), Some(found.current)) } else { (found.current, found.previous) };
    if let Some(gone) = gone {
        tx.execute(
            "INSERT INTO spent_refresh (hash, session_id, spent_ms) VALUES ($1, $2, $3)",
            params![gone, found.session, now],
        )?;
    }
    tx.execute(
        "UPDATE sessions SET refresh = $2, previous_refresh = $3, refreshed_ms = $4 WHERE id = $1",
        params![found.session, secret::token_hash(&next), previous, now],
    )?;
    tx.execute("UPDATE devices SET seen_ms = $2 WHERE id = $1", params![found.device, now])?;
    let device = device::load(tx, found.device)?;
    Ok(tokens::issue(tx, settings, found.session, found.user, &device, next)?)
}

fn find(tx: &mut Tx<'_>, shown: &[u8; 32]) -> Result<Option<Found>, Failure> {
    let row = tx.first(
        "SELECT id, user_id, device_id, refresh, previous_refresh, refreshed_ms FROM sessions
         WHERE (refresh = $1 OR previous_refresh = $1) AND ended_ms IS NULL",
        params![*shown],
    )?;
    let read = |row: Row| {
        Ok(Found {
            session: row.get(0)?,
            user: row.get(1)?,
            device: row.get(2)?,
            current: row.get(3)?,
            previous: row.get(4)?,
            refreshed_ms: row.get(5)?,
        })
    };
    row.map(read).transpose()
}

/// What an unknown token means.
fn spent(tx: &mut Tx<'_>, shown: &[u8; 32]) -> Result<Code, Failure> {
    let row = tx.first(
        "SELECT sessions.device_id FROM spent_refresh JOIN sessions ON sessions.id = spent_refresh.session_id
         WHERE spent_refresh.hash = $1",
        params![*shown],
    )?;
    if let Some(row) = row {
        tracing::warn!("a spent refresh token was shown; its device is signed out");
        tokens::end_device(tx, row.get(0)?)?;
    }
    Ok(Code::SignInNeeded)
}
