//! Rules, prices, departments and ready answers from the settings, as entities that people see. Only what changed goes into the feed.

use crate::config::Config;
use crate::params;
use crate::readings::in_force;
use crate::storage::{Sql, StoreError, Tx, Value};
use crate::tickets::classifier;
use chrono::NaiveDate;
use domain::HouseId;
use std::collections::BTreeMap;
use uuid::Uuid;
use wire::entity::Entity;
use wire::feed::{Change, Scope};

/// Publishes what holds on `today`. Called at the start, when a day begins, and after accounts were imported.
pub fn publish(tx: &mut Tx<'_>, config: &Config, today: NaiveDate) -> Result<(), StoreError> {
    let mut published = published(tx)?;
    for (scope, entity) in wanted(tx, config, today)? {
        let json = serde_json::to_string(&entity).map_err(|error| StoreError::Json(error.to_string()))?;
        let was = published.remove(&entity.id());
        if was.as_ref().is_some_and(|was| was.entity == json && was.scope == scope) {
            continue;
        }
        tx.execute(
            "INSERT INTO published (id, scope, kind, entity) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE SET scope = excluded.scope, kind = excluded.kind, entity = excluded.entity",
            params![entity.id(), scope, entity.kind(), Value::Text(json)],
        )?;
        tx.emit(scope, None, Change::Put { entity });
    }
    for (id, gone) in published {
        tx.execute("DELETE FROM published WHERE id = $1", params![id])?;
        tx.emit(gone.scope, None, Change::Gone { kind: gone.kind, id });
    }
    Ok(())
}

struct Published {
    scope: Scope,
    kind: String,
    entity: String,
}

fn published(tx: &mut Tx<'_>) -> Result<BTreeMap<Uuid, Published>, StoreError> {
    let rows = tx.query("SELECT id, scope, kind, entity FROM published", &[])?;
    rows.iter()
        .map(|row| Ok((row.get(0)?, Published { scope: row.get(1)?, kind: row.get(2)?, entity: row.get(3)? })))
        .collect()
}

/// The houses that rules name and no account is in.
pub fn unknown_houses(sql: &mut dyn Sql, config: &Config) -> Result<Vec<String>, StoreError> {
    let mut unknown = Vec::new();
    for named in config.rules.iter().filter_map(|rule| rule.house.as_ref()) {
        if house(sql, named)?.is_none() && !unknown.contains(named) {
            unknown.push(named.clone());
        }
    }
    Ok(unknown)
}

fn house(sql: &mut dyn Sql, named: &str) -> Result<Option<(HouseId, String)>, StoreError> {
    let row = sql.first("SELECT id, address FROM houses WHERE address = $1 OR id = $1", params![named])?;
    row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

fn wanted(tx: &mut Tx<'_>, config: &Config, today: NaiveDate) -> Result<Vec<(Scope, Entity)>, StoreError> {
    let general = in_force(config, None, today).entity(None);
    let mut wanted = vec![(Scope::Public, Entity::ReadingRules(general))];
    for named in config.rules.iter().filter_map(|rule| rule.house.as_ref()) {
        let Some((house, address)) = house(tx, named)? else {
            // `doctor` tells the administrator; here it would be said every minute.
            tracing::debug!("a rule for readings names a house that no account is in yet");
            continue;
        };
        let rule = in_force(config, Some((house, &address)), today);
        // Several dated rules of one house come to the same one in force.
        let known = wanted.iter().any(|(_, entity)| entity.id() == house.uuid());
        if rule.house.is_some() && !known {
            wanted.push((Scope::House(house), Entity::ReadingRules(rule.entity(Some(house)))));
        }
    }
    let types = classifier::types(tx, config)?;
    let types = types.iter().enumerate();
    wanted.extend(types.map(|(place, kind)| (Scope::Public, Entity::TicketType(kind.entity(place)))));
    let tickets = &config.tickets;
    wanted.extend(tickets.departments.iter().map(|it| (Scope::Desk, Entity::Department(it.clone()))));
    wanted.extend(tickets.replies.iter().map(|it| (Scope::Desk, Entity::CannedReply(it.clone()))));
    wanted.extend(tickets.support_replies.iter().map(|it| (Scope::SupportDesk, Entity::CannedReply(it.clone()))));
    wanted.extend(config.tariffs.iter().map(|tariff| (Scope::Public, Entity::Tariff(tariff.clone()))));
    let terms = config.payments.as_ref().map(|payments| payments.terms(config.bank.is_some()));
    wanted.extend(terms.map(|terms| (Scope::Public, Entity::PaymentTerms(Box::new(terms)))));
    Ok(wanted)
}
