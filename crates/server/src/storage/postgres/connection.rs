//! A connection that comes back, and its transactions.

use super::super::{Connection, Row, Sql, StoreError, Value};
use super::WRITERS;
use super::link::{Link, Refusal};
use super::queue::{Queue, Step};
use super::retry::Retry;
use super::settings::PostgresSettings;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use tokio::runtime::{Builder, Runtime};

/// One connection. Must not be used on a thread that drives a runtime: it has its own.
pub struct Postgres {
    /// Taken only when it is dropped.
    runtime: Option<Runtime>,
    settings: Arc<PostgresSettings>,
    link: Option<Link>,
    queue: Queue,
    transaction: Transaction,
    /// The server's number of the session, for whoever wants to know who announced a commit.
    session: Arc<AtomicI32>,
    retry: Retry,
}

/// How the transaction stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Transaction {
    /// There is none.
    None,
    /// It reads, and nothing of it was sent yet.
    ToBegin,
    /// It runs.
    Runs,
    /// A statement was refused: PostgreSQL takes no other before the savepoint is undone.
    Refused,
}

impl Postgres {
    /// Connects.
    pub fn open(settings: Arc<PostgresSettings>) -> Result<Self, StoreError> {
        let runtime =
            Builder::new_current_thread().enable_all().build().map_err(|error| StoreError::Open(error.to_string()))?;
        let mut postgres = Self {
            runtime: Some(runtime),
            settings,
            link: None,
            queue: Queue::default(),
            transaction: Transaction::None,
            session: Arc::default(),
            retry: Retry::default(),
        };
        postgres.connect()?;
        Ok(postgres)
    }

    /// The number of its session, as the server knows it; changes when it connects anew.
    pub fn session(&self) -> Arc<AtomicI32> {
        Arc::clone(&self.session)
    }

    fn connect(&mut self) -> Result<(), StoreError> {
        if !self.retry.is_due() {
            return Err(StoreError::Down("no connection; the next try follows soon".into()));
        }
        match Link::open(self.runtime()?, &self.settings) {
            Ok(link) => {
                self.session.store(link.session, Ordering::Release);
                self.link = Some(link);
                self.retry = Retry::default();
                Ok(())
            }
            Err(error) => {
                self.retry.failed();
                Err(error)
            }
        }
    }

    fn runtime(&self) -> Result<&Runtime, StoreError> {
        self.runtime.as_ref().ok_or(StoreError::Closed)
    }

    /// The connection and the runtime that drives it.
    fn live(&mut self) -> Result<(&Runtime, &mut Link), StoreError> {
        self.runtime.as_ref().zip(self.link.as_mut()).ok_or_else(StoreError::lost)
    }

    /// Begins, on a new connection if the old one turns out to be gone.
    fn begin(&mut self, text: &str) -> Result<(), StoreError> {
        let was_open = self.link.is_some();
        match self.try_begin(text) {
            Err(_) if was_open && self.link.is_none() => self.try_begin(text),
            done => done,
        }
    }

    fn try_begin(&mut self, text: &str) -> Result<(), StoreError> {
        self.queue.clear();
        self.transaction = Transaction::None;
        if self.link.is_none() {
            self.connect()?;
        }
        // Also when it is refused, a lock that did not come in time for instance, the transaction is there.
        self.transaction = Transaction::Runs;
        self.command(text)
    }

    fn command(&mut self, text: &str) -> Result<(), StoreError> {
        let (runtime, link) = self.live()?;
        let done = link.command(runtime, text);
        self.note(done)
    }

    /// What an answer means for the transaction.
    fn note<T>(&mut self, answer: Result<T, Refusal>) -> Result<T, StoreError> {
        match &answer {
            Err(Refusal::Gone(_)) => {
                self.link = None;
                self.transaction = Transaction::None;
                self.queue.clear();
            }
            Err(Refusal::Answered(_)) => self.transaction = Transaction::Refused,
            Err(Refusal::Unsent(_)) => {}
            Ok(_) if self.transaction == Transaction::ToBegin => self.transaction = Transaction::Runs,
            Ok(_) => {}
        }
        answer.map_err(Refusal::error)
    }

    /// Runs `work` with its statement prepared and all that waits sent before it or with it.
    fn with_statement<T>(
        &mut self,
        sql: &str,
        work: impl Fn(&Runtime, &Link, &str) -> Result<T, Refusal>,
    ) -> Result<T, StoreError> {
        match self.transaction {
            Transaction::None => return Err(StoreError::lost()),
            // Nothing of it was seen by anybody: it may begin on another connection.
            Transaction::ToBegin => {
                let had = self.link.is_some();
                let done = self.try_statement(sql, &work);
                if had && self.link.is_none() {
                    self.begin_reading()?;
                    return self.try_statement(sql, &work);
                }
                return done;
            }
            Transaction::Runs | Transaction::Refused => {}
        }
        self.try_statement(sql, &work)
    }

    fn try_statement<T>(
        &mut self,
        sql: &str,
        work: &impl Fn(&Runtime, &Link, &str) -> Result<T, Refusal>,
    ) -> Result<T, StoreError> {
        if self.link.is_none() {
            self.connect()?;
        }
        let prepared = self.link.as_ref().is_some_and(|link| link.is_prepared(sql));
        if !prepared {
            self.flush()?;
            let (runtime, link) = self.live()?;
            let done = link.prepare(runtime, sql);
            self.note(done)?;
        }
        let before = self.queue.take();
        let (runtime, link) = self.live()?;
        let done = work(runtime, link, &before);
        self.note(done)
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        if self.queue.is_empty() {
            return Ok(());
        }
        let text = self.queue.take();
        self.command(&text)
    }

    /// Ends the transaction by one word, with what waits before it.
    fn end(&mut self, word: &str) -> Result<(), StoreError> {
        let text = self.queue.take() + word;
        let done = self.command(&text);
        // Refused or not, it is over.
        self.transaction = Transaction::None;
        done
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Closed before the runtime that reads from it. Waiting for the runtime is not allowed everywhere.
        self.link = None;
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Sql for Postgres {
    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
        self.with_statement(sql, |runtime, link, before| link.ask(runtime, before, sql, params)).map(|answer| answer.1)
    }

    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.with_statement(sql, |runtime, link, before| link.ask(runtime, before, sql, params)).map(|answer| answer.0)
    }

    fn execute_each(&mut self, sql: &str, width: usize, values: &[Value]) -> Result<(), StoreError> {
        if values.is_empty() {
            return Ok(());
        }
        self.with_statement(sql, |runtime, link, before| link.each(runtime, before, sql, width, values))
    }

    fn in_transaction(&self) -> bool {
        self.transaction != Transaction::None
    }

    fn mark(&mut self, depth: u32) -> Result<(), StoreError> {
        if self.transaction == Transaction::Refused {
            return Err(refused_before());
        }
        self.queue.push(Step::Mark(depth));
        Ok(())
    }

    fn release(&mut self, depth: u32) -> Result<(), StoreError> {
        if self.transaction == Transaction::Refused {
            return Err(refused_before());
        }
        self.queue.release(depth);
        Ok(())
    }

    fn undo_to(&mut self, depth: u32) -> Result<(), StoreError> {
        if !self.queue.forget_from(depth) {
            self.queue.push(Step::UndoTo(depth));
            self.transaction = Transaction::Runs;
        }
        Ok(())
    }
}

/// PostgreSQL's own words for it come with the next statement only.
fn refused_before() -> StoreError {
    StoreError::Sql("a statement was refused before, and nothing was undone".into())
}

impl Connection for Postgres {
    fn begin_writing(&mut self) -> Result<(), StoreError> {
        self.begin(&format!("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_advisory_xact_lock({WRITERS})"))
    }

    fn begin_reading(&mut self) -> Result<(), StoreError> {
        self.queue.clear();
        self.queue.push(Step::BeginReading);
        self.transaction = Transaction::ToBegin;
        Ok(())
    }

    fn announce(&mut self, after: i64, last: i64) -> Result<(), StoreError> {
        self.queue.push(Step::Announce(after, last));
        Ok(())
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        match self.transaction {
            Transaction::None => Err(StoreError::lost()),
            Transaction::ToBegin => {
                self.queue.clear();
                self.transaction = Transaction::None;
                Ok(())
            }
            Transaction::Runs => self.end("COMMIT"),
            // PostgreSQL would answer COMMIT with a rollback and call it a success.
            Transaction::Refused => {
                self.roll_back()?;
                Err(refused_before())
            }
        }
    }

    fn roll_back(&mut self) -> Result<(), StoreError> {
        self.queue.clear();
        match self.transaction {
            Transaction::None => Err(StoreError::lost()),
            Transaction::ToBegin => {
                self.transaction = Transaction::None;
                Ok(())
            }
            Transaction::Runs | Transaction::Refused => self.end("ROLLBACK"),
        }
    }
}
