//! As much of the server as the commands need, in memory. Its answers can be lost and its line cut.

mod conversations;
mod desk;
mod files;
mod money;

use crate::ports::{Clock, Request, Response, Transport, TransportError};
use async_trait::async_trait;
use base64::Engine as _;
use bytes::Bytes;
use domain::{AccountId, DeviceId, Epoch, FileId, OperationId, UserId};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use uuid::Uuid;
use wire::entity::{Entity, Reading, Verdict};
use wire::feed::{Change, Page, Row, Scope, Scopes, Snapshot, Versioned};
use wire::operation::{Body, Operation};
use wire::problem::{Code, Problem, Rejection};
use wire::push::{Batch, BatchAnswer, Item, ItemResult, Outcome};
use wire::session::{Refresh, Session, SignIn};

pub(super) const VERA: UserId = UserId::new(Uuid::from_u128(0x7));
const EPOCH: Epoch = Epoch::new(Uuid::from_u128(0xe));

pub(super) struct FakeServer {
    state: Mutex<State>,
    clock: Arc<dyn Clock>,
}

#[derive(Default)]
pub(super) struct State {
    /// Nobody answers.
    pub(super) cut: bool,
    /// The next refresh is done and its answer lost.
    pub(super) lose_refresh: bool,
    /// How often a refresh was asked for.
    pub(super) refreshes: u32,
    /// The next operation is rejected for this reason.
    pub(super) reject: Option<Rejection>,
    /// What the utility tells of itself.
    pub(super) utility: Option<wire::utility::Utility>,
    /// What was asked by people who are not signed in.
    pub(super) questions: Vec<wire::support::AskSupport>,
    /// The contents it has.
    pub(super) files: BTreeMap<FileId, Vec<u8>>,
    /// The line is cut after so many pieces of contents.
    pub(super) cut_after: Option<u32>,
    /// How often a content was asked for.
    pub(super) fetched: u32,
    /// What is paid here.
    pub(super) bank: money::Bank,
    uploads: Vec<files::Upload>,
    rejected: BTreeSet<OperationId>,
    /// Operations that took effect.
    pub(super) applied: Vec<Operation>,
    /// Phone to person and password.
    people: BTreeMap<String, (UserId, String)>,
    devices: BTreeMap<DeviceId, UserId>,
    access: BTreeMap<String, UserId>,
    /// The current refresh token and the one before it.
    refresh: BTreeMap<UserId, (String, String)>,
    entities: Vec<(Scope, Entity)>,
    rows: Vec<Row>,
    counter: u128,
}

impl FakeServer {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { state: Mutex::default(), clock }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic in it")
    }

    pub(super) fn register(&self, phone: &str, user: UserId, password: &str) {
        self.state().people.insert(phone.into(), (user, password.into()));
    }

    /// What a server restored from an old copy does not know any more.
    pub(super) fn forget_devices(&self) {
        self.state().devices.clear();
    }

    pub(super) fn put(&self, scope: Scope, entity: Entity) {
        self.state().entities.push((scope, entity));
    }

    fn answer(&self, request: &Request) -> Result<Value, Code> {
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let body = request.body.as_ref().map(plain).unwrap_or_default();
        let mut state = self.state();
        match (request.method, path) {
            ("GET", "/v1/utility") => state.utility.as_ref().map(to_json).ok_or(Code::NotYours),
            ("POST", "/v1/support/questions") => {
                state.questions.push(serde_json::from_slice(&body).expect("a question"));
                Ok(Value::Null)
            }
            ("POST", "/v1/session") => state.sign_in(&serde_json::from_slice(&body).expect("a sign-in")),
            ("POST", "/v1/session/refresh") => state.refresh(&serde_json::from_slice(&body).expect("a refresh")),
            _ => {
                let user =
                    *request.bearer.as_ref().and_then(|token| state.access.get(token)).ok_or(Code::SignInNeeded)?;
                match (request.method, path) {
                    ("DELETE", "/v1/session") => Ok(state.end(user)),
                    ("GET", "/v1/scopes") => Ok(to_json(&Scopes { scopes: state.scopes(user) })),
                    ("GET", "/v1/snapshot") => Ok(state.snapshot(query)),
                    ("GET", "/v1/feed") => Ok(state.feed(query, user)),
                    ("POST", "/v1/operations") => {
                        let now_ms = self.clock.read().wall_ms;
                        Ok(state.push(serde_json::from_slice(&body).expect("a batch"), now_ms))
                    }
                    _ => {
                        let now_ms = self.clock.read().wall_ms;
                        state.money(request.method, path, &body, user, now_ms).unwrap_or(Err(Code::NotYours))
                    }
                }
            }
        }
    }
}

fn plain(body: &crate::ports::Body) -> Vec<u8> {
    if body.zstd { zstd::decode_all(body.bytes.as_ref()).expect("zstd") } else { body.bytes.to_vec() }
}

fn to_json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("JSON")
}

impl State {
    fn next(&mut self) -> u128 {
        self.counter += 1;
        self.counter
    }

    fn sign_in(&mut self, wanted: &SignIn) -> Result<Value, Code> {
        let known = self.people.get(&wanted.phone).filter(|(_, password)| *password == wanted.password);
        let (user, _) = known.cloned().ok_or(Code::WrongPassword { tries_left: 4 })?;
        let device = wanted.device.id.filter(|device| self.devices.get(device) == Some(&user));
        let device = device.unwrap_or_else(|| DeviceId::new(Uuid::from_u128(0xd000 + self.next())));
        self.devices.insert(device, user);
        let token = format!("refresh-{}", self.next());
        self.refresh.insert(user, (token.clone(), String::new()));
        Ok(self.session(user, device, token))
    }

    fn refresh(&mut self, wanted: &Refresh) -> Result<Value, Code> {
        self.refreshes += 1;
        let shown = &wanted.refresh_token;
        let found = self.refresh.iter().find(|(_, (now, before))| now == shown || before == shown);
        let user = *found.ok_or(Code::SignInNeeded)?.0;
        let next = format!("refresh-{}", self.next());
        self.refresh.insert(user, (next.clone(), shown.clone()));
        let device = *self.devices.iter().find(|(_, of)| **of == user).expect("a device").0;
        Ok(self.session(user, device, next))
    }

    fn session(&mut self, user: UserId, device: DeviceId, refresh_token: String) -> Value {
        let access_token = format!("access-{}", self.next());
        self.access.insert(access_token.clone(), user);
        let secret = [device.uuid().as_bytes().as_slice(), device.uuid().as_bytes()].concat();
        to_json(&Session {
            user,
            device,
            access_token,
            access_expires_s: 900,
            refresh_token,
            device_secret: base64::engine::general_purpose::STANDARD.encode(secret),
        })
    }

    fn end(&mut self, user: UserId) -> Value {
        self.access.retain(|_, of| *of != user);
        self.refresh.remove(&user);
        Value::Null
    }

    fn scopes(&self, user: UserId) -> Vec<Scope> {
        let all = self.entities.iter().map(|(scope, _)| *scope);
        let mut scopes: Vec<Scope> = all.filter(|scope| self.may_see(*scope, user)).collect();
        scopes.sort_unstable();
        scopes.dedup();
        scopes
    }

    fn head(&self) -> i64 {
        i64::try_from(self.rows.len()).expect("few") + 100
    }

    fn snapshot(&self, query: &str) -> Value {
        let scope = parameter(query, "scope").expect("a scope").replace("%3A", ":");
        let scope: Scope = scope.parse().expect("a scope");
        let of_scope = self.entities.iter().filter(|(of, _)| *of == scope);
        let mut entities: Vec<Versioned> =
            of_scope.map(|(_, entity)| Versioned { version: 1, entity: entity.clone() }).collect();
        entities.sort_by_key(|versioned| versioned.entity.id());
        let through = self.head();
        to_json(&Snapshot { epoch: EPOCH, entities, next: None, through, name: name_of(through) })
    }

    fn feed(&self, query: &str, user: UserId) -> Value {
        let seq: i64 = parameter(query, "seq").and_then(|seq| seq.parse().ok()).unwrap_or(0);
        let seen = |row: &&Row| row.seq > seq && self.may_see(row.scope, user);
        let rows = self.rows.iter().filter(seen).cloned().collect();
        let through = self.head();
        to_json(&Page { rows, through, name: name_of(through), more: false, backed_up: 0 })
    }

    fn push(&mut self, batch: Batch, now_ms: i64) -> Value {
        let results = batch.items.into_iter().map(|item| match item {
            Item::Withdraw { id } => ItemResult { id, outcome: Outcome::Withdrawn { position: self.head() } },
            Item::Apply { operation, after: Some(by) } if self.rejected.contains(&by) => {
                let id = operation.open().expect("an operation").id;
                ItemResult { id, outcome: Outcome::Held { by } }
            }
            Item::Apply { operation, .. } => self.apply(operation.open().expect("an operation"), now_ms),
        });
        let results = results.collect();
        to_json(&BatchAnswer { results })
    }

    fn apply(&mut self, operation: Operation, now_ms: i64) -> ItemResult {
        let id: OperationId = operation.id;
        if let Some(row) = self.rows.iter().find(|row| row.operation == Some(id)) {
            return ItemResult { id, outcome: Outcome::Applied { position: row.seq } };
        }
        let position = self.head() + 1;
        if let Some(rejection) = self.reject.take() {
            let scope = Scope::User(operation.actor);
            self.rejected.insert(id);
            self.rows.push(Row { seq: position, scope, operation: Some(id), change: Change::Decided });
            return ItemResult { id, outcome: Outcome::Rejected { rejection, position } };
        }
        let at_desk = self.at_desk(&operation, now_ms);
        let of_resident =
            |changes: Vec<Entity>| changes.into_iter().map(|entity| (Scope::User(operation.actor), entity)).collect();
        if let Some(changes) = at_desk.or_else(|| self.conversation(&operation, now_ms).map(of_resident)) {
            for (seq, (scope, entity)) in (position..).zip(changes) {
                self.rows.push(Row { seq, scope, operation: Some(id), change: Change::Put { entity: entity.clone() } });
                self.entities.push((scope, entity));
            }
            self.applied.push(operation);
            return ItemResult { id, outcome: Outcome::Applied { position: self.head() } };
        }
        let change = match &operation.body {
            Body::SubmitReading(body) => {
                let meter = self.entities.iter().find_map(|(_, entity)| match entity {
                    Entity::Meter(meter) if meter.id == body.meter => Some(meter.clone()),
                    _ => None,
                });
                let meter = meter.expect("a meter");
                let taken_on = chrono::DateTime::from_timestamp_millis(now_ms).expect("a time").date_naive();
                let reading = Reading {
                    id: body.reading,
                    meter: body.meter,
                    account: meter.account,
                    period: domain::Period::of(taken_on),
                    values: body.values.clone(),
                    taken_on,
                    captured_ms: now_ms,
                    captured_sure: true,
                    received_ms: now_ms,
                    source: operation.source,
                    verdict: Verdict::Accepted,
                    current: true,
                };
                (Scope::Account(meter.account), Change::Put { entity: Entity::Reading(reading) })
            }
            _ => (Scope::User(operation.actor), Change::Decided),
        };
        self.rows.push(Row { seq: position, scope: change.0, operation: Some(id), change: change.1 });
        self.applied.push(operation);
        ItemResult { id, outcome: Outcome::Applied { position } }
    }
}

fn name_of(seq: i64) -> Uuid {
    Uuid::from_u128(u128::try_from(seq).expect("positive"))
}

fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

#[async_trait]
impl Transport for FakeServer {
    async fn call(&self, request: Request) -> Result<Response, TransportError> {
        if self.state().cut {
            return Err(TransportError::NoConnection("cut".into()));
        }
        let cut_off = {
            let state = self.state();
            state.cut_after == Some(state.fetched)
        };
        if request.range.is_some() && cut_off {
            return Err(TransportError::AnswerLost("cut".into()));
        }
        if let Some(response) = self.state().file(&request) {
            return Ok(response);
        }
        if let Some(response) = self.state().form(&request) {
            return Ok(response);
        }
        let answer = self.answer(&request);
        if request.path == "/v1/session/refresh" && std::mem::take(&mut self.state().lose_refresh) {
            return Err(TransportError::AnswerLost("lost".into()));
        }
        if request.path == "/v1/payments" && std::mem::take(&mut self.state().bank.lose_answer) {
            return Err(TransportError::AnswerLost("lost".into()));
        }
        if request.path == "/v1/payments" && std::mem::take(&mut self.state().bank.answer_never) {
            return std::future::pending().await;
        }
        let (status, content_type, body) = match answer {
            Ok(body) => (200, "application/json", body),
            Err(code) => (code.status(), wire::PROBLEM_JSON, to_json(&Problem::from(code))),
        };
        let bytes = if body == json!(null) { Bytes::new() } else { Bytes::from(body.to_string()) };
        let server_ms = Some(self.clock.read().wall_ms);
        Ok(Response { status, content_type: content_type.into(), retry_after: None, server_ms, upload: None, bytes })
    }

    async fn events(&self, _: Request) -> Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError> {
        if self.state().cut {
            return Err(TransportError::NoConnection("cut".into()));
        }
        Ok(futures_util::stream::pending().boxed())
    }
}

/// The account of the tests' flat.
pub(super) const FLAT: AccountId = AccountId::new(Uuid::from_u128(0x1));
