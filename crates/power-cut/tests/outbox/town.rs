//! A server that remembers everything, behind a line that loses answers.

use crate::facts::{Fact, Facts};
use async_trait::async_trait;
use bytes::Bytes;
use client::ports::{Request, Response, Transport, TransportError};
use domain::{Epoch, OperationId, UserId};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use power_cut::Disk;
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use uuid::Uuid;
use wire::entity::{Entity, Profile};
use wire::feed::{Change, Page, Row, Scope, Scopes, Snapshot, Versioned};
use wire::operation::Operation;
use wire::problem::Rejection;
use wire::push::{Batch, BatchAnswer, Item, ItemResult, Outcome};

pub struct Town {
    state: Mutex<State>,
    facts: Arc<Facts>,
    disk: Arc<Disk>,
}

pub struct State {
    pub online: bool,
    /// How often in ten a batch brings no answer.
    pub losses: u32,
    /// How often in ten an operation is rejected.
    pub rejections: u32,
    pub dice: StdRng,
    user: UserId,
    feed: Vec<Row>,
    pub ledger: BTreeMap<OperationId, Outcome>,
}

impl Town {
    pub fn new(user: UserId, facts: Arc<Facts>, disk: Arc<Disk>) -> Self {
        let dice = StdRng::seed_from_u64(0);
        let mut state =
            State { online: false, losses: 0, rejections: 0, dice, user, feed: Vec::new(), ledger: BTreeMap::new() };
        state.add(None, Change::Put { entity: profile(user, "Первая") });
        Self { state: Mutex::new(state), facts, disk }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("whole")
    }

    fn push(&self, state: &mut State, request: &Request) -> Result<Response, TransportError> {
        let lost = || TransportError::AnswerLost("cut".into());
        let body = request.body.as_ref().expect("a body");
        let plain = if body.zstd { zstd::decode_all(&body.bytes[..]).expect("zstd") } else { body.bytes.to_vec() };
        let batch: Batch = serde_json::from_slice(&plain).expect("a batch");
        let point = self.disk.point();
        for item in &batch.items {
            match item {
                Item::Apply { operation, .. } => {
                    let operation = operation.open().expect("readable");
                    self.facts.tell(point, Fact::Left(operation.id));
                    let (life, number, id) = (operation.incarnation, operation.device_seq, operation.id);
                    self.facts.tell(point, Fact::Numbered { life, number, id });
                }
                Item::Withdraw { id } => self.facts.tell(point, Fact::Left(*id)),
            }
        }
        if state.dice.random_range(0..10) < state.losses {
            if state.dice.random() {
                state.take(&batch);
            }
            return Err(lost());
        }
        Ok(state.take(&batch))
    }

    fn serve(&self, request: &Request) -> Result<Response, TransportError> {
        let mut state = self.state();
        if !state.online {
            return Err(TransportError::NoConnection("cut".into()));
        }
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        match path {
            "/v1/operations" => self.push(&mut state, request),
            "/v1/scopes" => Ok(json(&Scopes { scopes: vec![Scope::User(state.user)] })),
            "/v1/snapshot" => Ok(json(&state.snapshot())),
            "/v1/feed" => {
                let mut fields = query.split('&').filter_map(|pair| pair.split_once('='));
                let seq = fields.find(|(key, _)| *key == "seq").expect("a position").1;
                Ok(json(&state.page(seq.parse().expect("a number"))))
            }
            // Their files stay here: what needs them waits, and that is what is looked at.
            "/v1/files" => Err(TransportError::NoConnection("no files today".into())),
            other => panic!("no such call: {other}"),
        }
    }
}

#[async_trait]
impl Transport for Town {
    async fn call(&self, request: Request) -> Result<Response, TransportError> {
        self.serve(&request)
    }

    async fn events(&self, _: Request) -> Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError> {
        if self.state().online {
            Ok(futures_util::stream::pending().boxed())
        } else {
            Err(TransportError::NoConnection("cut".into()))
        }
    }
}

fn profile(id: UserId, name: &str) -> Entity {
    Entity::Profile(Profile { id, name: name.into(), phone: "+79990000000".into(), email: String::new(), work: None })
}

fn json(body: &impl serde::Serialize) -> Response {
    Response {
        status: 200,
        content_type: "application/json".into(),
        retry_after: None,
        server_ms: Some(1_800_000_000_000),
        upload: None,
        bytes: serde_json::to_vec(body).expect("JSON").into(),
    }
}

fn name(seq: i64) -> Uuid {
    Uuid::from_u128(u128::from(seq.unsigned_abs()))
}

impl State {
    fn head(&self) -> i64 {
        self.feed.len() as i64
    }

    fn add(&mut self, operation: Option<OperationId>, change: Change) -> i64 {
        let seq = self.head() + 1;
        self.feed.push(Row { seq, scope: Scope::User(self.user), operation, change });
        seq
    }

    fn take(&mut self, batch: &Batch) -> Response {
        let mut results = Vec::new();
        for item in &batch.items {
            let (id, outcome) = match item {
                Item::Apply { operation, after } => {
                    let operation = operation.open().expect("readable");
                    (operation.id, self.apply(&operation, *after))
                }
                Item::Withdraw { id } => {
                    if !self.ledger.contains_key(id) {
                        let position = self.add(Some(*id), Change::Decided);
                        self.ledger.insert(*id, Outcome::Withdrawn { position });
                    }
                    (*id, self.ledger[id].clone())
                }
            };
            results.push(ItemResult { id, outcome });
        }
        json(&BatchAnswer { results })
    }

    fn apply(&mut self, operation: &Operation, after: Option<OperationId>) -> Outcome {
        if let Some(known) = self.ledger.get(&operation.id) {
            return known.clone();
        }
        match after.and_then(|after| self.ledger.get(&after).map(|outcome| (after, outcome))) {
            Some((by, Outcome::Rejected { .. })) => return Outcome::Held { by },
            None if after.is_some() => return Outcome::OutOfOrder,
            _ => {}
        }
        let outcome = if self.dice.random_range(0..10) < self.rejections {
            let position = self.add(Some(operation.id), Change::Decided);
            Outcome::Rejected { rejection: Rejection::NotYours, position }
        } else {
            let entity = profile(operation.actor, &operation.id.to_string());
            Outcome::Applied { position: self.add(Some(operation.id), Change::Put { entity }) }
        };
        self.ledger.insert(operation.id, outcome.clone());
        outcome
    }

    fn snapshot(&self) -> Snapshot {
        let last = self.feed.iter().rev().find_map(|row| match &row.change {
            Change::Put { entity } => Some(Versioned { version: row.seq, entity: entity.clone() }),
            _ => None,
        });
        let through = self.head();
        let epoch = Epoch::new(Uuid::from_u128(1));
        Snapshot { epoch, entities: last.into_iter().collect(), next: None, through, name: name(through) }
    }

    fn page(&self, seq: i64) -> Page {
        let rows: Vec<_> = self.feed.iter().filter(|row| row.seq > seq).take(5).cloned().collect();
        let through = rows.last().map_or(seq, |row| row.seq);
        Page { rows, through, name: name(through), more: through < self.head(), backed_up: 0 }
    }
}
