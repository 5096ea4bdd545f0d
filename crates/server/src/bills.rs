//! Bills: one for an account and a month, as the billing made it.
//!
//! A bill that comes again replaces the former one under the same id; what it was before stays in `former_bills`. The
//! server keeps all bills, and residents have the newest [`SHOWN`] of an account in their mirror.
//!
//! A file may bring a million lines, so a bill is written once: its row in the mirror only points to it, and a row of
//! the feed is made where somebody has attached the account. Nobody else reads that feed; whoever attaches the account
//! later begins with a snapshot.

use crate::config::stable_id;
use crate::params;
use crate::storage::{Head, Sql, StoreError, Stored, Tx, Value};
use domain::{AccountId, BillId, Kopecks, Period};
use std::collections::HashSet;
use uuid::Uuid;
use wire::entity::Entity;
use wire::feed::{Change, Scope};
use wire::money::Bill;

/// So many bills of an account residents have on their computers.
pub const SHOWN: i64 = 24;

/// So many rows are held at once on their way into the feed and out of the mirror.
const AT_ONCE: usize = 5_000;

/// The id of an account's bill for a month: the same in every file that brings it.
pub fn id_of(account: AccountId, period: Period) -> BillId {
    BillId::new(stable_id(&["bill", &account.to_string(), &period.to_string()]))
}

/// A bill.
pub fn find(sql: &mut dyn Sql, bill: BillId) -> Result<Option<Bill>, StoreError> {
    sql.first("SELECT state FROM bills WHERE id = $1", params![bill])?.map(|row| row.json(0)).transpose()
}

/// A bill of which the billing has told only the sum.
pub fn of_sum(account: AccountId, period: Period, to_pay: Kopecks) -> Bill {
    Bill {
        id: id_of(account, period),
        account,
        period,
        number: String::new(),
        issued_on: None,
        due_on: None,
        opening: None,
        paid: None,
        paid_on: None,
        accrued: None,
        penalty: None,
        to_pay,
        area: None,
        residents: None,
        lines: Vec::new(),
        recalculations: Vec::new(),
        note: String::new(),
    }
}

/// Which bills may be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replace {
    /// Every one.
    All,
    /// Only those without lines: a sum does not take the lines of a bill away.
    Sums,
}

impl Replace {
    const fn former(self) -> &'static str {
        match self {
            Self::All => {
                "INSERT INTO former_bills (bill_id, import_id, state, replaced_ms)
                 SELECT id, $3, state, $4 FROM bills WHERE id = $1 AND state <> $2"
            }
            Self::Sums => {
                "INSERT INTO former_bills (bill_id, import_id, state, replaced_ms)
                 SELECT id, $3, state, $4 FROM bills WHERE id = $1 AND state <> $2 AND lines = 0"
            }
        }
    }

    const fn put(self) -> &'static str {
        match self {
            Self::All => {
                "INSERT INTO bills (id, account_id, period, to_pay, lines, state, import_id)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (id) DO UPDATE SET to_pay = excluded.to_pay, lines = excluded.lines,
                     state = excluded.state, import_id = excluded.import_id
                 WHERE bills.state <> excluded.state"
            }
            Self::Sums => {
                "INSERT INTO bills (id, account_id, period, to_pay, lines, state, import_id)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (id) DO UPDATE SET to_pay = excluded.to_pay, lines = excluded.lines,
                     state = excluded.state, import_id = excluded.import_id
                 WHERE bills.state <> excluded.state AND bills.lines = 0"
            }
        }
    }
}

/// Writes bills of an import, none of them twice. Nobody sees them before [`publish`].
pub fn write(tx: &mut Tx<'_>, import: Uuid, replace: Replace, bills: Vec<Bill>) -> Result<(), StoreError> {
    let now = tx.now_ms();
    let (mut former, mut put) = (Vec::with_capacity(4 * bills.len()), Vec::with_capacity(7 * bills.len()));
    for bill in bills {
        let (id, account, period, to_pay) = (bill.id, bill.account, bill.period, bill.to_pay);
        let lines = i64::try_from(bill.lines.len()).unwrap_or(i64::MAX);
        let state = Value::json(&Entity::Bill(Box::new(bill)))?;
        former.extend([Value::from(id), state.clone(), import.into(), now.into()]);
        put.extend([id.into(), account.into(), period.into(), to_pay.into(), lines.into(), state, import.into()]);
    }
    tx.execute_each(replace.former(), 4, &former)?;
    tx.execute_each(replace.put(), 7, &put)
}

/// How many bills an import brought, and how many of them in the place of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Brought {
    /// Accounts and months that had none.
    pub new: i64,
    /// Those that another bill stood for.
    pub replaced: i64,
}

/// Shows what an import wrote to those who have attached the accounts, and takes out of the mirror what is too old.
pub fn publish(tx: &mut Tx<'_>, import: Uuid) -> Result<Brought, StoreError> {
    let hidden = old(tx, import)?;
    // Every later snapshot goes at least as far.
    let version = Head::read(tx)?.seq;
    tx.execute(
        "INSERT INTO mirror (scope, id, kind, version, entity)
         SELECT 'account:' || account_id, id, 'bill', $1, '' FROM bills
         WHERE import_id = $2 AND account_id NOT IN (SELECT account_id FROM attachments)
         ON CONFLICT (scope, id) DO UPDATE SET version = excluded.version, entity = excluded.entity",
        params![version, import],
    )?;
    tell(tx, import, &hidden)?;
    hide(tx, &hidden)?;
    let brought = tx.first(
        "SELECT (SELECT COUNT(*) FROM bills WHERE import_id = $1), (SELECT COUNT(*) FROM former_bills WHERE import_id = $1)",
        params![import],
    )?;
    let brought = brought.ok_or(StoreError::Column(0))?;
    let (all, replaced): (i64, i64) = (brought.get(0)?, brought.get(1)?);
    Ok(Brought { new: all - replaced, replaced })
}

/// The bills of the import's accounts that came with it or are shown, and are not among the newest.
fn old(sql: &mut dyn Sql, import: Uuid) -> Result<HashSet<(BillId, AccountId)>, StoreError> {
    let rows = sql.query(
        "SELECT id, account_id FROM (
             SELECT id, account_id, import_id, ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY period DESC) AS place
             FROM bills WHERE account_id IN (
                 SELECT account_id FROM bills WHERE account_id IN (SELECT account_id FROM bills WHERE import_id = $1)
                 GROUP BY account_id HAVING COUNT(*) > $2)
         ) AS ranked
         WHERE place > $2 AND (import_id = $1
             OR EXISTS (SELECT 1 FROM mirror WHERE mirror.scope = 'account:' || account_id AND mirror.id = ranked.id))",
        params![import, SHOWN],
    )?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Puts the import's bills of attached accounts into their feeds, except what is too old to be shown. Until the
/// transaction is written only their ids are held.
fn tell(tx: &mut Tx<'_>, import: Uuid, hidden: &HashSet<(BillId, AccountId)>) -> Result<(), StoreError> {
    let read = |sql: &mut dyn Sql, id| Ok(find(sql, BillId::new(id))?.map(|bill| Entity::Bill(Box::new(bill))));
    let stored = Stored { kind: "bill", read };
    let mut after = Value::Text(String::new());
    loop {
        let rows = tx.query(
            "SELECT id, account_id FROM bills
             WHERE import_id = $1 AND id > $2 AND account_id IN (SELECT account_id FROM attachments) ORDER BY id LIMIT $3",
            &[Value::from(import), after, Value::Int(AT_ONCE as i64)],
        )?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.get::<BillId>(0)?.into();
        for row in &rows {
            let (bill, account): (BillId, AccountId) = (row.get(0)?, row.get(1)?);
            if !hidden.contains(&(bill, account)) {
                tx.emit_stored(Scope::Account(account), stored, bill.uuid());
            }
        }
    }
}

/// Takes bills out of the mirror; those who have seen them are told.
fn hide(tx: &mut Tx<'_>, hidden: &HashSet<(BillId, AccountId)>) -> Result<(), StoreError> {
    let mut places = Vec::with_capacity(2 * hidden.len().min(AT_ONCE));
    for (bill, account) in hidden {
        let scope = Scope::Account(*account);
        let seen = tx.first(
            "SELECT id FROM mirror WHERE scope = $1 AND id = $2
             AND EXISTS (SELECT 1 FROM attachments WHERE account_id = $3)",
            params![scope, *bill, *account],
        )?;
        if seen.is_some() {
            tx.emit(scope, None, Change::Gone { kind: "bill".to_owned(), id: bill.uuid() });
        }
        places.extend([scope.into(), (*bill).into()]);
        if places.len() == 2 * AT_ONCE {
            take_out(tx, &mut places)?;
        }
    }
    take_out(tx, &mut places)
}

fn take_out(tx: &mut Tx<'_>, places: &mut Vec<Value>) -> Result<(), StoreError> {
    tx.execute_each("DELETE FROM mirror WHERE scope = $1 AND id = $2", 2, places)?;
    places.clear();
    Ok(())
}
