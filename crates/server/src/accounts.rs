//! Personal accounts, and who has attached which.

pub mod attach;
pub mod bill_qr;
pub mod prove;
pub mod services;

use crate::params;
use crate::storage::{Sql, StoreError, Stored, Ticket, Tx};
use domain::{AccountId, HouseId, OperationId, UserId};
use wire::entity::{Account, Entity};
use wire::feed::{Change, Scope};

/// An account as its residents see it. Its debt is the billing's, less what was credited and billing does not know of yet:
/// what it was not told, or was told after the day that its debt is of.
pub fn entity(sql: &mut dyn Sql, account: AccountId) -> Result<Option<Account>, StoreError> {
    let row = sql.first(
        "SELECT number, els, house_id, address, short_address, payer,
             debt - (SELECT CAST(COALESCE(SUM(credits.sum), 0) AS BIGINT) FROM credits
                     WHERE credits.account_id = accounts.id
                         AND (credits.exported_on IS NULL OR credits.exported_on > accounts.debt_on)),
             debt_on
         FROM accounts WHERE id = $1",
        params![account],
    )?;
    let Some(row) = row else { return Ok(None) };
    let els: Option<String> = row.get(1)?;
    let debt = row.get(6)?;
    Ok(Some(Account {
        id: account,
        number: row.word(0)?,
        // A number that another program wrote badly is not shown rather than breaking the account.
        els: els.and_then(|els| domain::Els::parse(&els).ok()),
        house: row.get(2)?,
        address: row.get(3)?,
        short_address: row.get(4)?,
        payer: row.get(5)?,
        debt,
        debt_on: row.get(7)?,
        services: services::of_debt(sql, account, debt)?,
    }))
}

/// Puts the account, as it stands in its table now, into its feed. Nothing happens when there is none.
pub fn publish(
    tx: &mut Tx<'_>,
    account: AccountId,
    operation: Option<OperationId>,
) -> Result<Option<Ticket>, StoreError> {
    let Some(entity) = entity(tx, account)? else { return Ok(None) };
    let change = Change::Put { entity: Entity::Account(entity) };
    Ok(Some(tx.emit(Scope::Account(account), operation, change)))
}

/// [`publish`] for the accounts of a whole town: each is read when the transaction is written, and until then only its id
/// is held.
pub fn publish_late(tx: &mut Tx<'_>, account: AccountId) {
    let read = |sql: &mut dyn Sql, id| Ok(entity(sql, AccountId::new(id))?.map(Entity::Account));
    tx.emit_stored(Scope::Account(account), Stored { kind: "account", read }, account.uuid());
}

/// Whether the person has attached the account.
pub fn owns(sql: &mut dyn Sql, user: UserId, account: AccountId) -> Result<bool, StoreError> {
    let row =
        sql.first("SELECT account_id FROM attachments WHERE user_id = $1 AND account_id = $2", params![user, account])?;
    Ok(row.is_some())
}

/// The person's accounts with their houses.
pub fn attached(sql: &mut dyn Sql, user: UserId) -> Result<Vec<(AccountId, HouseId)>, StoreError> {
    let rows = sql.query(
        "SELECT accounts.id, accounts.house_id FROM attachments JOIN accounts ON accounts.id = attachments.account_id
         WHERE attachments.user_id = $1 ORDER BY accounts.id",
        params![user],
    )?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// The house of an account with its address.
pub fn house(sql: &mut dyn Sql, account: AccountId) -> Result<Option<(HouseId, String)>, StoreError> {
    let row = sql.first(
        "SELECT houses.id, houses.address FROM accounts JOIN houses ON houses.id = accounts.house_id WHERE accounts.id = $1",
        params![account],
    )?;
    row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}
