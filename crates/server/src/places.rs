//! Accounts and houses as the desk sees them: for which a ticket can be registered. Made from the tables of the registry;
//! a bill that only changes a debt changes nothing here.

use crate::params;
use crate::storage::{Row, Sql, StoreError, Tx};
use domain::{AccountId, HouseId};
use wire::desk::{DeskAccount, DeskHouse};
use wire::entity::Entity;
use wire::feed::{Change, Scope};

/// So many in one transaction: the first import of a town brings tens of thousands.
const AT_ONCE: i64 = 1_000;

/// Accounts of which the desk was not told as they are now.
const ACCOUNTS: &str = "SELECT accounts.id, number, house_id, address, short_address,
        number || '|' || house_id || '|' || address || '|' || short_address AS now_is
    FROM accounts LEFT JOIN desk_places ON desk_places.id = accounts.id
    WHERE desk_places.state IS NULL
       OR desk_places.state <> number || '|' || house_id || '|' || address || '|' || short_address LIMIT $1";

/// Houses of which the desk was not told as they are now.
const HOUSES: &str = "SELECT houses.id, address FROM houses LEFT JOIN desk_places ON desk_places.id = houses.id
    WHERE desk_places.state IS NULL OR desk_places.state <> address LIMIT $1";

/// Whether there is anything to tell.
pub fn is_due(sql: &mut dyn Sql) -> Result<bool, StoreError> {
    Ok(!sql.query(HOUSES, params![1_i64])?.is_empty() || !sql.query(ACCOUNTS, params![1_i64])?.is_empty())
}

/// Tells the desk of some of them.
pub fn publish_some(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    for row in tx.query(HOUSES, params![AT_ONCE])? {
        let house: HouseId = row.get(0)?;
        let address: String = row.get(1)?;
        keep(tx, &house.to_string(), &address)?;
        let entity = Entity::DeskHouse(DeskHouse { id: house, address });
        tx.emit(Scope::Desk, None, Change::Put { entity });
    }
    for row in tx.query(ACCOUNTS, params![AT_ONCE])? {
        let account = account(&row)?;
        let now_is: String = row.get(5)?;
        keep(tx, &account.id.to_string(), &now_is)?;
        tx.emit(Scope::Desk, None, Change::Put { entity: Entity::DeskAccount(account) });
    }
    Ok(())
}

fn account(row: &Row) -> Result<DeskAccount, StoreError> {
    let id: AccountId = row.get(0)?;
    let (address, short_address) = (row.get(3)?, row.get(4)?);
    Ok(DeskAccount { id, number: row.word(1)?, house: row.get(2)?, address, short_address })
}

fn keep(tx: &mut Tx<'_>, id: &str, state: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO desk_places (id, state) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET state = excluded.state",
        params![id, state],
    )?;
    Ok(())
}
