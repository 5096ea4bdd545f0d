//! A server that has nothing to do but to give pages of readings: what is measured is the desktop.

use axum::Router;
use axum::extract::{Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use domain::{AccountId, Epoch, MeterId, MeterValue, Period, ReadingId, Source, UserId};
use serde::Deserialize;
use std::sync::Arc;
use tokio::task::JoinHandle;
use uuid::Uuid;
use wire::entity::{Entity, Profile, Reading, Verdict};
use wire::feed::{Change, Page, Row, Scope, Scopes, Snapshot, Versioned};

/// How many rows a page holds.
pub const PAGE: usize = wire::MAX_PAGE as usize;

/// By which way the rows come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// As changes, after an empty snapshot.
    Feed,
    /// As the snapshot of a first synchronisation.
    Snapshot,
}

/// All that is served.
pub struct Pages {
    /// Whose rows they are.
    pub user: UserId,
    way: Way,
    rows: usize,
    /// The pages' bytes; empty when they are made as they are asked for.
    ready: Vec<Bytes>,
}

/// A server of pages.
pub struct PageServer {
    /// Where it answers.
    pub url: String,
    serving: JoinHandle<()>,
}

impl Drop for PageServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Pages {
    /// `made_before`: all bytes lie ready, so that making them costs the measured time nothing.
    pub fn new(way: Way, rows: usize, made_before: bool) -> anyhow::Result<Self> {
        let mut pages = Self { user: UserId::new(Uuid::from_u128(5)), way, rows, ready: Vec::new() };
        if made_before {
            pages.ready = (0..rows.div_ceil(PAGE)).map(|number| pages.make(number)).collect::<Result<_, _>>()?;
        }
        Ok(pages)
    }

    /// The bytes of all pages that lie ready.
    pub fn ready(&self) -> &[Bytes] {
        &self.ready
    }

    fn page(&self, number: usize) -> serde_json::Result<Bytes> {
        self.ready.get(number).map_or_else(|| self.make(number), |page| Ok(page.clone()))
    }

    fn make(&self, number: usize) -> serde_json::Result<Bytes> {
        let from = number * PAGE;
        let until = (from + PAGE).min(self.rows);
        let bytes = match self.way {
            Way::Feed => serde_json::to_vec(&Page {
                rows: (from..until).map(|number| self.row(number)).collect(),
                through: seq(until.max(1) - 1),
                name: Uuid::from_u128(9),
                more: until < self.rows,
                backed_up: 0,
            }),
            Way::Snapshot => serde_json::to_vec(&self.snapshot(
                (from..until).map(|number| Versioned { version: seq(number), entity: reading(number) }).collect(),
                (until < self.rows).then(|| id(until - 1)),
            )),
        };
        bytes.map(Bytes::from)
    }

    fn row(&self, number: usize) -> Row {
        let change = Change::Put { entity: reading(number) };
        Row { seq: seq(number), scope: Scope::User(self.user), operation: None, change }
    }

    fn snapshot(&self, entities: Vec<Versioned>, next: Option<Uuid>) -> Snapshot {
        let through = if self.way == Way::Feed { 0 } else { seq(self.rows) };
        Snapshot { epoch: Epoch::new(Uuid::from_u128(3)), entities, next, through, name: Uuid::from_u128(9) }
    }

    fn profile(&self) -> Versioned {
        let profile = Profile {
            id: self.user,
            name: "Иванов Иван".into(),
            phone: "+79000000001".into(),
            email: String::new(),
            work: None,
        };
        Versioned { version: 0, entity: Entity::Profile(profile) }
    }

    /// Serves them.
    pub async fn serve(self: &Arc<Self>) -> anyhow::Result<PageServer> {
        let router = Router::new()
            .route("/v1/scopes", get(scopes))
            .route("/v1/snapshot", get(snapshot))
            .route("/v1/feed", get(feed))
            .with_state(Arc::clone(self));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let serving = tokio::spawn(async move {
            // It ends when the measuring does.
            let _ = axum::serve(listener, router).await;
        });
        Ok(PageServer { url, serving })
    }
}

#[derive(Deserialize)]
struct Asked {
    seq: Option<i64>,
    after: Option<Uuid>,
}

async fn scopes(State(pages): State<Arc<Pages>>) -> Response {
    json(serde_json::to_vec(&Scopes { scopes: vec![Scope::User(pages.user)] }).map(Bytes::from))
}

async fn snapshot(State(pages): State<Arc<Pages>>, Query(asked): Query<Asked>) -> Response {
    if pages.way == Way::Feed {
        return json(serde_json::to_vec(&pages.snapshot(vec![pages.profile()], None)).map(Bytes::from));
    }
    let number = asked.after.map_or(0, |after| (after.as_u128() as usize) / PAGE);
    json(pages.page(number))
}

async fn feed(State(pages): State<Arc<Pages>>, Query(asked): Query<Asked>) -> Response {
    let seen = usize::try_from(asked.seq.unwrap_or_default()).unwrap_or_default();
    if pages.way == Way::Snapshot || seen >= pages.rows {
        let through = asked.seq.unwrap_or_default();
        let page = Page { rows: Vec::new(), through, name: Uuid::from_u128(9), more: false, backed_up: 0 };
        return json(serde_json::to_vec(&page).map(Bytes::from));
    }
    json(pages.page(seen / PAGE))
}

fn json(bytes: serde_json::Result<Bytes>) -> Response {
    match bytes {
        Ok(bytes) => ([(CONTENT_TYPE, "application/json")], bytes).into_response(),
        Err(_) => axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The position of a row: row 0 stands at 1.
fn seq(number: usize) -> i64 {
    number as i64 + 1
}

/// Ids ascend with the rows, so that a page can be found by the last id of the page before.
fn id(number: usize) -> Uuid {
    Uuid::from_u128(number as u128 + 1)
}

fn reading(number: usize) -> Entity {
    Entity::Reading(Reading {
        id: ReadingId::new(id(number)),
        meter: MeterId::new(Uuid::from_u128(number as u128 / 12 + 1)),
        account: AccountId::new(Uuid::from_u128(number as u128 / 48 + 1)),
        period: Period::new(2026, u8::try_from(number % 12).unwrap_or(0) + 1)
            .unwrap_or_else(|_| unreachable!("a month")),
        values: vec![MeterValue::from_steps(4_531_180 + number as i64 * 10)],
        taken_on: chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap_or_default(),
        captured_ms: 1_800_000_000_000 + number as i64,
        captured_sure: true,
        received_ms: 1_800_000_000_500 + number as i64,
        source: Source::ResidentApp,
        verdict: Verdict::Accepted,
        current: true,
    })
}
