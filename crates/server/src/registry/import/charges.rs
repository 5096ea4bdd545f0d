//! Accounts and their bills (P1, P4).

use super::{Findings, Order};
use crate::accounts::services;
use crate::bills::Replace;
use crate::registry::row::{ChargeRow, Numbered, Parsed, Rejected};
use crate::storage::{Sql, StoreError, Tx};
use crate::{accounts, bills, params};
use domain::{AccountId, HouseId, Kopecks, Period};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Compares the rows with each other and with the bills the server has.
pub(super) fn check(
    sql: &mut dyn Sql,
    order: &Order,
    parsed: Parsed<ChargeRow>,
) -> Result<(Vec<ChargeRow>, Findings), StoreError> {
    let mut bills: HashMap<String, Option<Period>> = HashMap::new();
    for row in sql.query("SELECT number, bill_period FROM accounts", &[])? {
        bills.insert(row.get(0)?, row.get(1)?);
    }
    let latest = Period::of(order.today).next();
    let mut rejected = parsed.rejected;
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut good = Vec::with_capacity(parsed.rows.len());
    for Numbered { line, row } in parsed.rows {
        let number = row.account.as_str().to_owned();
        let newer = bills.get(&number).copied().flatten().filter(|period| *period > row.period);
        let trouble = if let Some(first) = seen.get(&number) {
            Some(("ЛС", format!("счёт {number} уже был в строке {first}")))
        } else if row.period > latest || row.on.is_some_and(|on| Period::of(on) > latest) {
            Some(("Период", format!("месяц {} ещё не наступил", row.period)))
        } else {
            newer.map(|newer| ("Период", format!("за {newer} счёт уже загружен, а в строке {}", row.period)))
        };
        seen.entry(number).or_insert(line);
        match trouble {
            Some((field, reason)) => rejected.push(Rejected::new(line, field, reason)),
            None => good.push(row),
        }
    }
    rejected.sort_by_key(|rejected| rejected.line);
    let sum: Kopecks = good.iter().map(|row| row.sum).sum();
    let findings = Findings {
        lines: parsed.lines,
        usable: good.len(),
        encoding: parsed.encoding,
        accepted: vec![("Годных лицевых счетов", good.len().to_string()), ("К оплате по ним, ₽", sum.to_registry())],
        rejected,
        unknown_accounts: BTreeSet::new(),
        totals: parsed.totals,
    };
    Ok((good, findings))
}

/// Writes houses and accounts; what changed goes into the accounts' feeds.
pub(super) fn apply(
    tx: &mut Tx<'_>,
    order: &Order,
    import: Uuid,
    rows: &[ChargeRow],
) -> Result<Vec<(&'static str, usize)>, StoreError> {
    let (mut new_houses, mut new_accounts, mut changed) = (0, 0, 0);
    let mut sums = Vec::with_capacity(rows.len());
    for row in rows {
        let (house, is_new) = house(tx, row)?;
        new_houses += usize::from(is_new);
        let known = tx.first("SELECT id FROM accounts WHERE number = $1", params![row.account.as_str()])?;
        let account: AccountId = match known {
            Some(known) => {
                let account = known.get(0)?;
                let before = accounts::entity(tx, account)?;
                update(tx, order, account, house, row)?;
                services::replace(tx, account, &row.services)?;
                sums.push(bills::of_sum(account, row.period, row.sum));
                if accounts::entity(tx, account)? == before {
                    continue;
                }
                changed += 1;
                if let Some(before) = before.filter(|before| before.house != house) {
                    accounts::attach::moved(tx, account, before.house, house)?;
                }
                account
            }
            None => {
                new_accounts += 1;
                let account = insert(tx, order, house, row)?;
                services::replace(tx, account, &row.services)?;
                sums.push(bills::of_sum(account, row.period, row.sum));
                account
            }
        };
        accounts::publish(tx, account, None)?;
    }
    bills::write(tx, import, Replace::Sums, sums)?;
    bills::publish(tx, import)?;
    Ok(vec![("домов новых", new_houses), ("счетов новых", new_accounts), ("счетов изменено", changed)])
}

/// The house with this address, made if there is none.
fn house(tx: &mut Tx<'_>, row: &ChargeRow) -> Result<(HouseId, bool), StoreError> {
    let (address, bare) = (&row.address.house, &row.address.bare_house);
    if let Some(house) = known_house(tx, address, bare)? {
        tx.execute("UPDATE houses SET fias = COALESCE(fias, $2) WHERE id = $1", params![house, row.fias.clone()])?;
        return Ok((house, false));
    }
    let house = HouseId::new(tx.id_v7());
    tx.execute(
        "INSERT INTO houses (id, address, bare, fias) VALUES ($1, $2, $3, $4)",
        params![house, address, bare, row.fias.clone()],
    )?;
    Ok((house, true))
}

/// A file may write «Винокурова» for «ул. Винокурова». Where two streets share the name (ул. Гагарина, пер. Гагарина),
/// nobody can tell which is meant, and the house stays one of its own.
fn known_house(tx: &mut Tx<'_>, address: &str, bare: &str) -> Result<Option<HouseId>, StoreError> {
    if let Some(known) = tx.first("SELECT id FROM houses WHERE address = $1", params![address])? {
        return known.get(0).map(Some);
    }
    if address == bare {
        let alike = tx.query("SELECT id FROM houses WHERE bare = $1 LIMIT 2", params![bare])?;
        return if let [only] = alike.as_slice() { only.get(0).map(Some) } else { Ok(None) };
    }
    let known = tx.first("SELECT id FROM houses WHERE address = $1", params![bare])?;
    let Some(known) = known else { return Ok(None) };
    let house = known.get(0)?;
    tx.execute("UPDATE houses SET address = $2 WHERE id = $1", params![house, address])?;
    Ok(Some(house))
}

fn insert(tx: &mut Tx<'_>, order: &Order, house: HouseId, row: &ChargeRow) -> Result<AccountId, StoreError> {
    let account = AccountId::new(tx.id_v7());
    tx.execute(
        "INSERT INTO accounts (id, number, els, fias, house_id, address, short_address, payer, debt, debt_on, bill_sum, bill_period)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        params![
            account,
            row.account.as_str(),
            row.els.as_ref().map(|els| els.as_str()),
            row.fias.clone(),
            house,
            &row.address.full,
            &row.address.short,
            shortened(&row.payer),
            row.sum,
            debt_day(order, row),
            row.sum,
            row.period,
        ],
    )?;
    Ok(account)
}

/// What a file leaves empty stays as it was: P4 knows no names.
fn update(
    tx: &mut Tx<'_>,
    order: &Order,
    account: AccountId,
    house: HouseId,
    row: &ChargeRow,
) -> Result<(), StoreError> {
    let payer = shortened(&row.payer);
    let payer = (!payer.is_empty()).then_some(payer);
    tx.execute(
        "UPDATE accounts SET els = COALESCE($2, els), fias = COALESCE($3, fias), house_id = $4, address = $5,
             short_address = $6, payer = COALESCE($7, payer), debt = $8, debt_on = $9, bill_sum = $10, bill_period = $11
         WHERE id = $1",
        params![
            account,
            row.els.as_ref().map(|els| els.as_str()),
            row.fias.clone(),
            house,
            &row.address.full,
            &row.address.short,
            payer,
            row.sum,
            debt_day(order, row),
            row.sum,
            row.period,
        ],
    )?;
    Ok(())
}

/// Residents see the payer shortened, so no more is kept (152-ФЗ: no more data than needed).
fn shortened(payer: &str) -> String {
    domain::PersonName::shortened(payer)
}

/// The day the sum is of: the file's own, else the end of the bill's month, but never a day to come.
fn debt_day(order: &Order, row: &ChargeRow) -> chrono::NaiveDate {
    row.on.unwrap_or_else(|| row.period.day_clamped(31)).min(order.today)
}
