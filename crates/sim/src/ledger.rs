//! What the server holds in the end.

use crate::world::World;
use domain::{MessageId, MeterId, OperationId, TicketId, UserId};
use server::feed;
use server::params;
use server::storage::{Head, Row, Sql, StoreError};
use std::collections::{BTreeMap, BTreeSet};
use wire::entity::Entity;
use wire::feed::{Change, Versioned};
use wire::problem::Rejection;

/// What was decided about an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// `applied`, `rejected`, `withdrawn`.
    pub outcome: String,
    /// Why it was rejected.
    pub rejection: Option<Rejection>,
    /// Where it stands in the feed.
    pub position: i64,
}

/// The server's tables, as far as operations concern them.
#[derive(Debug, Clone, Default)]
pub struct Held {
    /// The ledger.
    pub ledger: BTreeMap<OperationId, Decided>,
    /// Effects of operations in the feed.
    pub effects: BTreeMap<OperationId, usize>,
    /// Readings by operation: meter, and their values in steps.
    pub readings: BTreeMap<OperationId, Vec<(MeterId, String)>>,
    /// Tickets.
    pub tickets: BTreeSet<TicketId>,
    /// Messages.
    pub messages: BTreeSet<MessageId>,
    /// The numbers that were given: to tickets of a year, to messages of a conversation.
    pub numbers: BTreeMap<String, Vec<i64>>,
    /// Of each meter and month: how many readings count, and whether the latest captured one does.
    pub current: Vec<(String, i64, bool)>,
}

impl Held {
    fn read(sql: &mut dyn Sql) -> Result<Self, StoreError> {
        let mut held = Self::default();
        for row in sql.query("SELECT id, outcome, rejection, position FROM ledger", params![])? {
            let rejection = row.get::<Option<String>>(2)?.and_then(|json| serde_json::from_str(&json).ok());
            let decided = Decided { outcome: row.get(1)?, rejection, position: row.get(3)? };
            held.ledger.insert(row.get(0)?, decided);
        }
        let mut told = BTreeMap::new();
        for row in sql.query("SELECT operation, change, scope FROM feed WHERE operation IS NOT NULL", params![])? {
            let id: OperationId = row.get(0)?;
            match row.json::<Change>(1)? {
                Change::Decided => {}
                // A deed about a ticket says several things, each of them once to each who sees it.
                Change::Put { entity } if is_of_tickets(&entity) => {
                    let times = told.entry((id, row.get::<String>(2)?, entity.id())).or_insert(0_usize);
                    *times += 1;
                    let most = held.effects.entry(id).or_default();
                    *most = (*most).max(*times);
                }
                _ => *held.effects.entry(id).or_default() += 1,
            }
        }
        for row in sql.query("SELECT id, year, number FROM tickets", params![])? {
            held.tickets.insert(row.get(0)?);
            held.numbers.entry(format!("tickets of {}", row.get::<i64>(1)?)).or_default().push(row.get(2)?);
        }
        for row in sql.query("SELECT id, conversation, number FROM messages", params![])? {
            held.messages.insert(row.get(0)?);
            held.numbers.entry(row.get(1)?).or_default().push(row.get(2)?);
        }
        for row in
            sql.query("SELECT operation, meter_id, steps FROM readings WHERE operation IS NOT NULL", params![])?
        {
            held.readings.entry(row.get(0)?).or_default().push((row.get(1)?, row.get(2)?));
        }
        let current = "SELECT meter_id, period, SUM(is_current),
                 MAX(CASE WHEN is_current = 1 THEN captured_ms END) = MAX(captured_ms) FROM readings GROUP BY meter_id, period";
        for row in sql.query(current, params![])? {
            let meter: String = row.get(0)?;
            let period: String = row.get(1)?;
            held.current.push((format!("{meter} {period}"), row.get(2)?, row.get(3)?));
        }
        Ok(held)
    }
}

impl World {
    /// What the server holds.
    pub async fn held(&self) -> anyhow::Result<Held> {
        Ok(self.room.must_run()?.app.store.clone().read(Held::read).await?)
    }

    /// The end of the feed.
    pub async fn head(&self) -> anyhow::Result<i64> {
        let store = self.room.must_run()?.app.store.clone();
        Ok(store.read(|sql| Head::read(sql)).await?.seq)
    }

    /// Everything a person sees, as the server would show it to a new computer.
    pub async fn seen_by(&self, user: UserId) -> anyhow::Result<BTreeMap<(String, uuid::Uuid), Versioned>> {
        let store = self.room.must_run()?.app.store.clone();
        let all = store
            .read(move |sql| {
                let mut all = Vec::new();
                for scope in feed::scopes(sql, user)? {
                    let page = feed::snapshot(sql, user, scope, None, wire::MAX_PAGE);
                    all.extend(page.map_err(|_| StoreError::Column(0))?.entities);
                }
                Ok::<_, StoreError>(all)
            })
            .await?;
        Ok(all.into_iter().map(|seen| ((seen.entity.kind().to_owned(), seen.entity.id()), seen)).collect())
    }

    /// The person with this phone.
    pub async fn user(&self, phone: &str) -> anyhow::Result<Option<UserId>> {
        let (store, phone) = (self.room.must_run()?.app.store.clone(), phone.to_owned());
        let row: Option<Row> =
            store.read(move |sql| sql.first("SELECT id FROM users WHERE phone = $1", params![phone])).await?;
        Ok(row.map(|row| row.get(0)).transpose()?)
    }
}

const fn is_of_tickets(entity: &Entity) -> bool {
    !matches!(entity, Entity::Profile(_) | Entity::Account(_) | Entity::Meter(_) | Entity::Reading(_))
}
