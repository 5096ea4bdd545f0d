//! For whom an announcement is: streets, houses, debts and accounts as scopes, and how many people those are.

use crate::params;
use crate::storage::{Sql, StoreError, Tx};
use domain::announcement::Audience;
use domain::{AccountId, AnnouncementId, HouseId, UserId};
use std::collections::{BTreeMap, BTreeSet};
use wire::announcement::{AudienceAccount, AudienceHouse, AudiencePlaces, AudienceStreet, Reach};
use wire::feed::Scope;

/// So many houses and streets are offered at once.
const MOST_FOUND: usize = 30;

/// What is owed on an account, as residents see it ([`crate::accounts::entity`]).
const OWED: &str = "accounts.debt - (SELECT CAST(COALESCE(SUM(credits.sum), 0) AS BIGINT) FROM credits
     WHERE credits.account_id = accounts.id AND (credits.exported_on IS NULL OR credits.exported_on > accounts.debt_on))";

/// Notes for which scopes an announcement is, instead of those it was for.
pub(super) fn mean(tx: &mut Tx<'_>, id: AnnouncementId, audience: &Audience) -> Result<(), StoreError> {
    tx.execute("UPDATE announcement_scopes SET meant = 0 WHERE announcement_id = $1", params![id])?;
    for scope in scopes(tx, audience)? {
        tx.execute(
            "INSERT INTO announcement_scopes (announcement_id, scope, meant, told, due) VALUES ($1, $2, 1, 0, 1)
             ON CONFLICT (announcement_id, scope) DO UPDATE SET meant = 1",
            params![id, scope],
        )?;
    }
    Ok(())
}

fn scopes(sql: &mut dyn Sql, audience: &Audience) -> Result<Vec<Scope>, StoreError> {
    Ok(match audience {
        Audience::All => vec![Scope::Public],
        Audience::Houses { houses } => houses.iter().map(|house| Scope::House(*house)).collect(),
        Audience::Accounts { accounts } => accounts.iter().map(|account| Scope::Account(*account)).collect(),
        Audience::Streets { streets } => {
            let of_street = |(house, address): (HouseId, String)| {
                streets.iter().any(|name| name == street(&address)).then_some(Scope::House(house))
            };
            houses(sql)?.into_iter().filter_map(of_street).collect()
        }
        Audience::Debt { over } => {
            let rows = sql.query(&format!("SELECT id FROM accounts WHERE {OWED} > $1"), params![*over])?;
            let accounts: Result<Vec<AccountId>, StoreError> = rows.iter().map(|row| row.get(0)).collect();
            accounts?.into_iter().map(Scope::Account).collect()
        }
    })
}

/// The addresses of the houses or accounts, in their order.
pub(super) fn named(sql: &mut dyn Sql, audience: &Audience) -> Result<Vec<String>, StoreError> {
    let (asked, ids): (_, Vec<uuid::Uuid>) = match audience {
        Audience::Houses { houses } => {
            ("SELECT address FROM houses WHERE id = $1", houses.iter().map(|house| house.uuid()).collect())
        }
        Audience::Accounts { accounts } => (
            "SELECT number || ', ' || short_address FROM accounts WHERE id = $1",
            accounts.iter().map(|account| account.uuid()).collect(),
        ),
        Audience::All | Audience::Streets { .. } | Audience::Debt { .. } => return Ok(Vec::new()),
    };
    let mut named = Vec::with_capacity(ids.len());
    for id in ids {
        named.push(sql.first(asked, params![id])?.map(|row| row.get(0)).transpose()?.unwrap_or_default());
    }
    Ok(named)
}

/// How many are meant today.
pub fn reach(sql: &mut dyn Sql, audience: &Audience) -> Result<Reach, StoreError> {
    let scopes = scopes(sql, audience)?;
    if scopes == [Scope::Public] {
        return Ok(Reach { places: 0, people: everybody(sql)? });
    }
    let mut people = BTreeSet::new();
    for scope in &scopes {
        let rows = match scope {
            Scope::House(house) => sql.query(
                "SELECT attachments.user_id FROM accounts JOIN attachments ON attachments.account_id = accounts.id
                 WHERE accounts.house_id = $1",
                params![*house],
            )?,
            Scope::Account(account) => {
                sql.query("SELECT user_id FROM attachments WHERE account_id = $1", params![*account])?
            }
            _ => Vec::new(),
        };
        for row in &rows {
            people.insert(row.get::<UserId>(0)?);
        }
    }
    Ok(Reach { places: number(scopes.len()), people: number(people.len()) })
}

/// How many people an announcement is for now.
pub(super) fn reached(sql: &mut dyn Sql, id: AnnouncementId) -> Result<u32, StoreError> {
    let public = "SELECT scope FROM announcement_scopes WHERE announcement_id = $1 AND scope = 'public' AND meant = 1";
    if sql.first(public, params![id])?.is_some() {
        return everybody(sql);
    }
    // Behind «house:» and «account:» stand the ids.
    let row = sql.first(
        "SELECT COUNT(*) FROM (
             SELECT attachments.user_id FROM announcement_scopes
                 JOIN accounts ON accounts.house_id = SUBSTR(announcement_scopes.scope, 7)
                 JOIN attachments ON attachments.account_id = accounts.id
                 WHERE announcement_id = $1 AND meant = 1 AND scope LIKE 'house:%'
             UNION
             SELECT attachments.user_id FROM announcement_scopes
                 JOIN attachments ON attachments.account_id = SUBSTR(announcement_scopes.scope, 9)
                 WHERE announcement_id = $1 AND meant = 1 AND scope LIKE 'account:%'
         ) AS reached",
        params![id],
    )?;
    row.ok_or(StoreError::Column(0))?.get(0)
}

fn everybody(sql: &mut dyn Sql) -> Result<u32, StoreError> {
    sql.first("SELECT COUNT(*) FROM users", &[])?.ok_or(StoreError::Column(0))?.get(0)
}

/// Streets and houses with these words in their address; an account by its whole number, so that nobody leafs through them.
pub fn places(sql: &mut dyn Sql, text: &str) -> Result<AudiencePlaces, StoreError> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    if words.is_empty() {
        return Ok(AudiencePlaces::default());
    }
    let matches = |address: &str| {
        let address = address.to_lowercase();
        words.iter().all(|word| address.contains(word.as_str()))
    };
    let known = houses(sql)?;
    let mut streets: BTreeMap<&str, u32> = BTreeMap::new();
    for (_, address) in known.iter().filter(|(_, address)| matches(street(address))) {
        *streets.entry(street(address)).or_default() += 1;
    }
    let streets = streets.into_iter().map(|(name, houses)| AudienceStreet { name: name.to_owned(), houses });
    let streets = streets.take(MOST_FOUND).collect();
    let found = known.iter().filter(|(_, address)| matches(address)).take(MOST_FOUND);
    let houses = found.map(|(id, address)| AudienceHouse { id: *id, address: address.clone() }).collect();
    let row = sql.first("SELECT id, number, short_address FROM accounts WHERE number = $1", params![text.trim()])?;
    let accounts = match row {
        Some(row) => vec![AudienceAccount { id: row.get(0)?, number: row.word(1)?, address: row.get(2)? }],
        None => Vec::new(),
    };
    Ok(AudiencePlaces { streets, houses, accounts })
}

fn houses(sql: &mut dyn Sql) -> Result<Vec<(HouseId, String)>, StoreError> {
    let rows = sql.query("SELECT id, address FROM houses ORDER BY address", &[])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// «г. Новочебоксарск, ул. Винокурова» of «г. Новочебоксарск, ул. Винокурова, д. 10».
fn street(address: &str) -> &str {
    address.rsplit_once(", д. ").map_or(address, |(street, _)| street)
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
