//! A server small enough to be wrong on purpose: a ledger, a feed, and a list of faults.

use crate::ports::{Request, Response, Transport, TransportError, UploadStep, UploadTold};
use async_trait::async_trait;
use bytes::Bytes;
use domain::{AccountId, Epoch, OperationId, UserId};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use wire::entity::{Entity, Profile};
use wire::feed::{Change, Page, Row, Scope, Scopes, Snapshot, Versioned};
use wire::operation::Operation;
use wire::problem::{Code, Problem, Rejection};
use wire::push::{Batch, BatchAnswer, Item, ItemResult, Outcome};

/// What the client sends in one request of an upload.
const PIECE: u64 = 512 << 10;

/// What goes wrong with the next push.
#[derive(Debug, Clone)]
pub enum Fault {
    /// Done, and the answer is lost.
    AnswerLost,
    /// Done twice, and the second answer comes back.
    Twice,
    /// A captive portal answers.
    Portal,
    /// The token is not taken.
    Unauthorised,
    /// Come later.
    Later(&'static str),
    /// The device was restored from a copy.
    IncarnationConflict,
    /// Never answers.
    Silence,
}

pub struct Town {
    state: Mutex<State>,
    pub happened: Notify,
}

pub struct State {
    pub online: bool,
    pub epoch: Epoch,
    pub feed: Vec<Row>,
    names: BTreeMap<i64, Uuid>,
    pub ledger: BTreeMap<OperationId, Outcome>,
    pub scopes: Vec<Scope>,
    pub faults: VecDeque<Fault>,
    pub arrived: Vec<Batch>,
    pub reject: Vec<OperationId>,
    pub bad_tokens: Vec<String>,
    pub feed_held_at: Option<i64>,
    /// How long a batch is on its way.
    pub slow: Duration,
    pub backed_up: i64,
    pub server_ms: i64,
    pub snapshots: u32,
    /// Answers to those who ask for more of them are lost.
    pub most_snapshots: u32,
    /// How many pages of the feed were asked for.
    pub pages: u32,
    /// Uploads: how long each is to be, and what has come of it.
    pub uploads: Vec<(u64, Vec<u8>)>,
    /// So many of the first uploads are over by time: asked for, they are not there, and HEAD has no body to say why.
    pub swept: usize,
    /// How many pieces of files came, kept or not.
    pub pieces: u32,
    /// Pieces after these are lost on their way.
    pub most_pieces: u32,
    /// Why no upload is taken to its end, if so.
    pub refuse_files: Option<Code>,
    /// The next push is answered so: files of it are missing.
    pub lose_files: bool,
    /// Granted right behind the next answer that lists the scopes.
    pub grant_next: Option<(UserId, AccountId)>,
    /// How many streams of events were opened.
    pub streams: u32,
    /// Ends all of them.
    pub cut: CancellationToken,
}

impl Town {
    pub fn new(user: UserId) -> Arc<Self> {
        let me = Scope::User(user);
        let mut state = State {
            online: true,
            epoch: Epoch::new(Uuid::from_u128(1)),
            feed: Vec::new(),
            names: BTreeMap::new(),
            ledger: BTreeMap::new(),
            scopes: vec![me],
            faults: VecDeque::new(),
            arrived: Vec::new(),
            reject: Vec::new(),
            bad_tokens: Vec::new(),
            feed_held_at: None,
            slow: Duration::ZERO,
            backed_up: 0,
            server_ms: 1_800_000_000_000,
            snapshots: 0,
            most_snapshots: u32::MAX,
            pages: 0,
            uploads: Vec::new(),
            swept: 0,
            pieces: 0,
            most_pieces: u32::MAX,
            refuse_files: None,
            lose_files: false,
            grant_next: None,
            streams: 0,
            cut: CancellationToken::new(),
        };
        state.add(me, None, Change::Put { entity: profile(user.uuid(), "Первая") });
        Arc::new(Self { state: Mutex::new(state), happened: Notify::new() })
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panicked in here")
    }

    fn serve(&self, request: &Request) -> Result<Response, TransportError> {
        let mut state = self.state();
        if !state.online {
            return Err(TransportError::NoConnection("cut".into()));
        }
        if request.bearer.as_ref().is_some_and(|token| state.bad_tokens.contains(token)) {
            return Ok(state.problem(Code::SignInNeeded));
        }
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let field = |name: &str| {
            query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value)
        };
        match path {
            "/v1/operations" => state.push(request),
            "/v1/scopes" => {
                let listed = state.json(&Scopes { scopes: state.scopes.clone() });
                if let Some((user, account)) = state.grant_next.take() {
                    state.grant(user, account);
                }
                Ok(listed)
            }
            "/v1/snapshot" => {
                state.snapshots += 1;
                if state.snapshots > state.most_snapshots {
                    return Err(TransportError::AnswerLost("cut".into()));
                }
                let scope: Scope = field("scope").expect("a scope").parse().expect("a scope");
                let page = state.snapshot(scope);
                Ok(state.json(&page))
            }
            "/v1/feed" => {
                state.pages += 1;
                let seq: i64 = field("seq").expect("a position").parse().expect("a number");
                let name: Uuid = field("name").expect("a name").parse().expect("an id");
                Ok(state.page(seq, name))
            }
            _ if path.starts_with("/v1/files") => state.upload(request),
            other => panic!("no such call: {other}"),
        }
    }
}

#[async_trait]
impl Transport for Town {
    async fn call(&self, request: Request) -> Result<Response, TransportError> {
        let silent = request.path == "/v1/operations" && matches!(self.state().faults.front(), Some(Fault::Silence));
        if silent {
            std::future::pending::<()>().await;
        }
        let slow = if request.path == "/v1/operations" { self.state().slow } else { Duration::ZERO };
        if !slow.is_zero() {
            tokio::time::sleep(slow).await;
        }
        let answer = self.serve(&request);
        self.happened.notify_waiters();
        answer
    }

    async fn events(&self, _: Request) -> Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError> {
        let mut state = self.state();
        if state.online {
            state.streams += 1;
            let cut = state.cut.clone();
            let end = async move {
                cut.cancelled().await;
                Err(TransportError::AnswerLost("cut".into()))
            };
            Ok(futures_util::stream::once(end).boxed())
        } else {
            Err(TransportError::NoConnection("cut".into()))
        }
    }
}

pub fn profile(id: Uuid, name: &str) -> Entity {
    Entity::Profile(Profile {
        id: UserId::new(id),
        name: name.into(),
        phone: "+79990000000".into(),
        email: String::new(),
        work: None,
    })
}

impl State {
    /// Every row is named by the life in which it was made.
    fn name(&self, seq: i64) -> Uuid {
        self.names.get(&seq).copied().unwrap_or(Uuid::nil())
    }

    pub fn head(&self) -> i64 {
        self.feed.last().map_or(0, |row| row.seq)
    }

    pub fn add(&mut self, scope: Scope, operation: Option<OperationId>, change: Change) -> i64 {
        let seq = self.head() + 1;
        self.feed.push(Row { seq, scope, operation, change });
        self.names.insert(seq, Uuid::from_u128(self.epoch.uuid().as_u128() << 64 | u128::from(seq.unsigned_abs())));
        seq
    }

    /// Comes back from its backup as another life.
    pub fn restore(&mut self) {
        let safe = self.backed_up;
        self.feed.retain(|row| row.seq <= safe);
        self.names.retain(|seq, _| *seq <= safe);
        self.ledger.retain(|_, outcome| matches!(outcome, Outcome::Applied { position } if *position <= safe));
        self.epoch = Epoch::new(Uuid::from_u128(self.epoch.uuid().as_u128() + 1));
    }

    pub fn grant(&mut self, user: UserId, account: AccountId) -> Scope {
        let scope = Scope::Account(account);
        self.scopes.push(scope);
        self.add(scope, None, Change::Put { entity: profile(account.uuid(), "Счёт") });
        self.add(Scope::User(user), None, Change::Granted { scope });
        scope
    }

    fn answer(&self, status: u16, content_type: &str, bytes: Vec<u8>) -> Response {
        let bytes = Bytes::from(bytes);
        Response {
            status,
            content_type: content_type.into(),
            retry_after: None,
            server_ms: Some(self.server_ms),
            upload: None,
            bytes,
        }
    }

    fn json(&self, body: &impl serde::Serialize) -> Response {
        self.answer(200, "application/json", serde_json::to_vec(body).expect("JSON"))
    }

    fn problem(&self, code: Code) -> Response {
        let problem = Problem::from(code);
        self.answer(problem.status, wire::PROBLEM_JSON, serde_json::to_vec(&problem).expect("JSON"))
    }

    fn push(&mut self, request: &Request) -> Result<Response, TransportError> {
        let body = request.body.as_ref().expect("a body");
        let plain = if body.zstd { zstd::decode_all(&body.bytes[..]).expect("zstd") } else { body.bytes.to_vec() };
        let batch: Batch = serde_json::from_slice(&plain).expect("a batch");
        self.arrived.push(batch.clone());
        match self.faults.pop_front() {
            None | Some(Fault::Silence) => Ok(self.take(&batch)),
            Some(Fault::AnswerLost) => {
                self.take(&batch);
                Err(TransportError::AnswerLost("cut".into()))
            }
            Some(Fault::Twice) => {
                self.take(&batch);
                Ok(self.take(&batch))
            }
            Some(Fault::Portal) => Ok(self.answer(200, "text/html", b"<html>".to_vec())),
            Some(Fault::Unauthorised) => Ok(self.problem(Code::SignInNeeded)),
            Some(Fault::Later(when)) => {
                Ok(Response { retry_after: Some(when.into()), ..self.answer(503, "text/plain", Vec::new()) })
            }
            Some(Fault::IncarnationConflict) => Ok(self.problem(Code::IncarnationConflict)),
        }
    }

    fn upload(&mut self, request: &Request) -> Result<Response, TransportError> {
        // What is too large is refused before a byte came, what is of a kind that is not taken when all of it is there.
        match self.refuse_files.clone() {
            Some(Code::TooLarge) => return Ok(self.problem(Code::TooLarge)),
            Some(code) if self.uploads.last().is_some_and(|(length, come)| come.len() as u64 + PIECE > *length) => {
                return Ok(self.problem(code));
            }
            _ => {}
        }
        let number = request.path.strip_prefix("/v1/files/uploads/").map(|number| number.parse().expect("a number"));
        let number = match (request.upload.as_ref().expect("a step"), number) {
            (UploadStep::Begin { length, .. }, None) => {
                self.uploads.push((*length, Vec::new()));
                self.uploads.len() - 1
            }
            (UploadStep::Standing, Some(number)) if number < self.swept => {
                let told = UploadTold { offset: None, location: None };
                return Ok(Response { upload: Some(told), ..self.answer(404, "", Vec::new()) });
            }
            (UploadStep::Standing, Some(number)) => number,
            (UploadStep::Write { offset, bytes }, Some(number)) => {
                self.pieces += 1;
                if self.pieces > self.most_pieces {
                    return Err(TransportError::AnswerLost("cut".into()));
                }
                let come: &mut Vec<u8> = &mut self.uploads[number].1;
                assert_eq!(*offset, come.len() as u64, "a byte twice, or one left out");
                come.extend_from_slice(bytes);
                number
            }
            _ => panic!("{} {}", request.method, request.path),
        };
        let told = UploadTold {
            offset: Some(self.uploads[number].1.len() as u64),
            location: Some(format!("/v1/files/uploads/{number}")),
        };
        Ok(Response { upload: Some(told), ..self.answer(204, "", Vec::new()) })
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
                    let position = self.head();
                    (*id, self.ledger.entry(*id).or_insert(Outcome::Withdrawn { position }).clone())
                }
            };
            results.push(ItemResult { id, outcome });
        }
        self.json(&BatchAnswer { results })
    }

    fn apply(&mut self, operation: &Operation, after: Option<OperationId>) -> Outcome {
        if let Some(known) = self.ledger.get(&operation.id) {
            return known.clone();
        }
        if std::mem::take(&mut self.lose_files) {
            return Outcome::FilesMissing { files: Vec::new() };
        }
        if let Some(after) = after {
            match self.ledger.get(&after) {
                None => return Outcome::OutOfOrder,
                Some(Outcome::Rejected { .. }) => return Outcome::Held { by: after },
                Some(_) => {}
            }
        }
        let me = Scope::User(operation.actor);
        let outcome = if self.reject.contains(&operation.id) {
            let position = self.add(me, Some(operation.id), Change::Decided);
            Outcome::Rejected { rejection: Rejection::NotYours, position }
        } else {
            let entity = profile(operation.actor.uuid(), &operation.id.to_string());
            Outcome::Applied { position: self.add(me, Some(operation.id), Change::Put { entity }) }
        };
        self.ledger.insert(operation.id, outcome.clone());
        outcome
    }

    fn snapshot(&self, scope: Scope) -> Snapshot {
        let mut entities = BTreeMap::new();
        for row in self.feed.iter().filter(|row| row.scope == scope) {
            match &row.change {
                Change::Put { entity } => {
                    entities.insert(entity.id(), Versioned { version: row.seq, entity: entity.clone() });
                }
                Change::Gone { id, .. } => drop(entities.remove(id)),
                _ => {}
            }
        }
        let (through, name) = (self.head(), self.name(self.head()));
        Snapshot { epoch: self.epoch, entities: entities.into_values().collect(), next: None, through, name }
    }

    fn page(&self, seq: i64, name: Uuid) -> Response {
        if seq > self.head() || name != self.name(seq) {
            return self.problem(Code::EpochChanged);
        }
        let until = self.feed_held_at.unwrap_or(i64::MAX).max(seq);
        let seen = |row: &&Row| row.seq > seq && row.seq <= until && self.scopes.contains(&row.scope);
        let rows: Vec<_> = self.feed.iter().filter(seen).take(2).cloned().collect();
        let end = self.head().min(until);
        let through = if rows.len() == 2 { rows[1].seq } else { end };
        let more = through < end;
        self.json(&Page { rows, through, name: self.name(through), more, backed_up: self.backed_up })
    }
}
