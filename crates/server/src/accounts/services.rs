//! What an account owes by services, where billing tells it.

use crate::params;
use crate::storage::{Sql, StoreError, Tx};
use domain::payment::{ServiceSum, spread};
use domain::{AccountId, Kopecks};
use std::collections::BTreeMap;

/// What billing told last takes the place of what it told before; a file without services takes them away, because they would
/// be those of another debt. True when anything changed.
pub fn replace(tx: &mut Tx<'_>, account: AccountId, services: &[ServiceSum]) -> Result<bool, StoreError> {
    if told(tx, account)? == services {
        return Ok(false);
    }
    tx.execute("DELETE FROM account_services WHERE account_id = $1", params![account])?;
    for (place, one) in (0_i64..).zip(services) {
        tx.execute(
            "INSERT INTO account_services (account_id, place, service, sum) VALUES ($1, $2, $3, $4)",
            params![account, place, &one.service, one.sum],
        )?;
    }
    Ok(true)
}

/// As billing told it.
fn told(sql: &mut dyn Sql, account: AccountId) -> Result<Vec<ServiceSum>, StoreError> {
    let rows =
        sql.query("SELECT service, sum FROM account_services WHERE account_id = $1 ORDER BY place", params![account])?;
    rows.iter().map(|row| Ok(ServiceSum { service: row.get(0)?, sum: row.get(1)? })).collect()
}

/// How `debt`, in which credits that billing does not know are counted, is divided: what payers divided is taken from the services
/// that they named; where something was paid without a word about services, or given back, the rest of the debt is spread in
/// proportion to what is left of each. None where billing tells no services, and for an account that owes nothing.
pub fn of_debt(sql: &mut dyn Sql, account: AccountId, debt: Kopecks) -> Result<Vec<ServiceSum>, StoreError> {
    let mut owed = told(sql, account)?;
    if owed.is_empty() || debt <= Kopecks(0) {
        return Ok(Vec::new());
    }
    let rows = sql.query(
        "SELECT payment_parts.services FROM credits
         JOIN payment_parts ON payment_parts.id = credits.part_id JOIN accounts ON accounts.id = credits.account_id
         WHERE credits.account_id = $1 AND credits.kind = 'payment'
             AND (credits.exported_on IS NULL OR credits.exported_on > accounts.debt_on)",
        params![account],
    )?;
    let mut paid: BTreeMap<String, i64> = BTreeMap::new();
    for row in rows {
        for one in row.json::<Vec<ServiceSum>>(0)? {
            *paid.entry(one.service).or_default() += one.sum.0;
        }
    }
    for one in &mut owed {
        one.sum = one.sum - Kopecks(paid.get(&one.service).copied().unwrap_or_default());
    }
    let left: Kopecks = owed.iter().map(|one| one.sum).sum();
    Ok(if left == debt { owed } else { spread(debt, &owed) })
}
