//! Attaching a proven account, and letting it go.

use super::{attached, owns};
use crate::access_log::{self, Deed};
use crate::failure::Failure;
use crate::params;
use crate::sessions::Caller;
use crate::storage::{Sql, StoreError, Ticket, Tx};
use domain::{AccountId, HouseId, UserId};
use uuid::Uuid;
use wire::feed::{Change, Scope};
use wire::problem::Code;

/// Attaches the account that the token proves; the account and the place of the grant in the feed.
pub fn attach(tx: &mut Tx<'_>, caller: &Caller, token: Uuid) -> Result<(AccountId, Ticket), Failure> {
    let now = tx.now_ms();
    let row = tx.first(
        "SELECT account_id, proof FROM attach_tokens WHERE id = $1 AND user_id = $2 AND until_ms > $3",
        params![token, caller.user, now],
    )?;
    let row = row.ok_or(Code::AttachmentExpired)?;
    let (account, proof): (AccountId, String) = (row.get(0)?, row.get(1)?);
    if owns(tx, caller.user, account)? {
        return Err(Code::AlreadyAttached.into());
    }
    let ticket = grant(tx, caller.user, account, &proof)?;
    tx.execute("DELETE FROM attach_tokens WHERE id = $1 OR until_ms <= $2", params![token, now])?;
    let who = caller.user.to_string();
    access_log::note(tx, &who, Deed::Attached, &format!("account:{account}"), &caller.origin)?;
    Ok((account, ticket))
}

/// Gives a person an account and tells their devices. The place of the account's grant in the feed.
pub fn grant(tx: &mut Tx<'_>, user: UserId, account: AccountId, proof: &str) -> Result<Ticket, StoreError> {
    let houses: Vec<HouseId> = attached(tx, user)?.into_iter().map(|(_, house)| house).collect();
    let now = tx.now_ms();
    tx.execute(
        "INSERT INTO attachments (user_id, account_id, attached_ms, proof) VALUES ($1, $2, $3, $4)",
        params![user, account, now, proof],
    )?;
    let house = super::house(tx, account)?.map(|(house, _)| house);
    if let Some(house) = house.filter(|house| !houses.contains(house)) {
        tx.emit(Scope::User(user), None, Change::Granted { scope: Scope::House(house) });
    }
    Ok(tx.emit(Scope::User(user), None, Change::Granted { scope: Scope::Account(account) }))
}

/// Tells everybody who has the account that it stands in another house now: the house's notices come and go with it.
pub fn moved(tx: &mut Tx<'_>, account: AccountId, from: HouseId, to: HouseId) -> Result<(), StoreError> {
    let rows = tx.query("SELECT user_id FROM attachments WHERE account_id = $1 ORDER BY user_id", params![account])?;
    for row in rows {
        let user: UserId = row.get(0)?;
        let others: Vec<HouseId> =
            attached(tx, user)?.into_iter().filter(|(other, _)| *other != account).map(|(_, house)| house).collect();
        if !others.contains(&from) {
            tx.emit(Scope::User(user), None, Change::Revoked { scope: Scope::House(from) });
        }
        if !others.contains(&to) {
            tx.emit(Scope::User(user), None, Change::Granted { scope: Scope::House(to) });
        }
    }
    Ok(())
}

/// Lets an account go.
pub fn detach(tx: &mut Tx<'_>, caller: &Caller, account: AccountId) -> Result<(), Failure> {
    if !owns(tx, caller.user, account)? {
        return Err(Code::NotYours.into());
    }
    revoke(tx, caller.user, account)?;
    let who = caller.user.to_string();
    access_log::note(tx, &who, Deed::Detached, &format!("account:{account}"), &caller.origin)?;
    Ok(())
}

/// Lets all accounts of a person go: a phone registered anew needs fresh proofs.
pub fn revoke_all(tx: &mut Tx<'_>, user: UserId) -> Result<(), StoreError> {
    for (account, _) in attached(tx, user)? {
        revoke(tx, user, account)?;
    }
    Ok(())
}

fn revoke(tx: &mut Tx<'_>, user: UserId, account: AccountId) -> Result<(), StoreError> {
    let house = super::house(tx, account)?.map(|(house, _)| house);
    tx.execute("DELETE FROM attachments WHERE user_id = $1 AND account_id = $2", params![user, account])?;
    tx.emit(Scope::User(user), None, Change::Revoked { scope: Scope::Account(account) });
    let left: Vec<HouseId> = attached(tx, user)?.into_iter().map(|(_, house)| house).collect();
    if let Some(house) = house.filter(|house| !left.contains(house)) {
        tx.emit(Scope::User(user), None, Change::Revoked { scope: Scope::House(house) });
    }
    Ok(())
}
