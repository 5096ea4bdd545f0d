//! People who sign in.

use crate::params;
use crate::staff;
use crate::storage::{Sql, StoreError, Ticket, Tx, Value};
use domain::{OperationId, PersonName, Phone, UserId};
use wire::entity::{Entity, Profile};
use wire::feed::{Change, Scope};

/// The person with this login.
pub fn by_phone(sql: &mut dyn Sql, phone: &Phone) -> Result<Option<UserId>, StoreError> {
    let row = sql.first("SELECT id FROM users WHERE phone = $1", params![phone.as_str()])?;
    row.map(|row| row.get(0)).transpose()
}

/// The person as they see themselves.
pub fn profile(sql: &mut dyn Sql, user: UserId) -> Result<Option<Profile>, StoreError> {
    let row = sql.first("SELECT name, phone, email FROM users WHERE id = $1", params![user])?;
    let Some(row) = row else { return Ok(staff::at_work(sql, user)?.map(|member| member.profile())) };
    Ok(Some(Profile { id: user, name: row.get(0)?, phone: row.get(1)?, email: row.get(2)?, work: None }))
}

/// How others read who wrote: «Смирнова В. П.»; empty when they gave no name.
pub fn short_name(sql: &mut dyn Sql, user: UserId) -> Result<String, StoreError> {
    let name = profile(sql, user)?.and_then(|profile| PersonName::parse(&profile.name).ok());
    Ok(name.map(|name| name.short()).unwrap_or_default())
}

/// Puts the person's profile into their feed.
pub fn publish(tx: &mut Tx<'_>, user: UserId, operation: Option<OperationId>) -> Result<Ticket, StoreError> {
    let profile = profile(tx, user)?.ok_or(StoreError::Column(0))?;
    Ok(tx.emit(Scope::User(user), operation, Change::Put { entity: Entity::Profile(profile) }))
}

/// A field of the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// ФИО.
    Name,
    /// The e-mail.
    Email,
}

/// Changes one field; the old value goes into the history. Nothing is noted when it is the same.
pub fn change(
    tx: &mut Tx<'_>,
    user: UserId,
    field: Field,
    value: &str,
    operation: Option<OperationId>,
) -> Result<(), StoreError> {
    let Some(profile) = profile(tx, user)? else { return Ok(()) };
    let (name, was, update) = match field {
        Field::Name => ("name", profile.name, "UPDATE users SET name = $2 WHERE id = $1"),
        Field::Email => ("email", profile.email, "UPDATE users SET email = $2 WHERE id = $1"),
    };
    if was == value {
        return Ok(());
    }
    let now = tx.now_ms();
    tx.execute(update, params![user, value])?;
    tx.execute(
        "INSERT INTO profile_history (id, user_id, field, was, operation, changed_ms) VALUES ($1, $2, $3, $4, $5, $6)",
        params![tx.id_v7(), user, name, was, Value::from(operation), now],
    )?;
    Ok(())
}
