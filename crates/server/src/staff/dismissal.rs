//! Somebody leaves, or gets another password: whatever they were signed in with ends at once.

use super::{Member, by_login, publish};
use crate::params;
use crate::sessions;
use crate::storage::{Sql, StoreError, Tx};
use wire::feed::{Change, Scope};

/// Lets nobody in any more under this login; `None` when nobody works here under it.
pub fn dismiss(tx: &mut Tx<'_>, login: &str) -> Result<Option<Member>, StoreError> {
    let Some(member) = by_login(tx, login)?.filter(|member| member.active) else { return Ok(None) };
    let now = tx.now_ms();
    tx.execute("UPDATE staff SET removed_ms = $2 WHERE id = $1", params![member.id, now])?;
    sessions::end_all(tx, member.user())?;
    for scope in member.scopes().collect::<Vec<_>>() {
        tx.emit(Scope::User(member.user()), None, Change::Revoked { scope });
    }
    let gone = Member { active: false, ..member };
    publish(tx, &gone);
    Ok(Some(gone))
}

/// Puts another password in the place of the old one; `None` when nobody works here under this login.
pub fn replace_password(tx: &mut Tx<'_>, login: &str, hash: &str) -> Result<Option<Member>, StoreError> {
    let Some(member) = by_login(tx, login)?.filter(|member| member.active) else { return Ok(None) };
    tx.execute("UPDATE staff SET password = $2 WHERE id = $1", params![member.id, hash])?;
    sessions::end_all(tx, member.user())?;
    Ok(Some(member))
}
