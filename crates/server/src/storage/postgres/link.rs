//! One live connection and its prepared statements.

use super::super::{Row, StoreError, Value, WAIT};
use super::settings::PostgresSettings;
use super::value::{Column, Parameter, misfit};
use super::{refused, trouble};
use futures_util::{StreamExt as _, TryStreamExt as _, poll};
use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use std::task::Poll;
use tokio::runtime::Runtime;
use tokio_postgres::{Client, Error, RowStream, Statement};

/// How many statements are kept prepared; the program has fewer.
const PREPARED: usize = 512;
/// How many rows of [`Link::each`] are on their way at once: their answers wait in memory.
const AT_ONCE: usize = 512;

/// Every session of ours. Whatever the administrator set: an answer is given after the commit is on the disk; a lock that
/// another process holds is waited for as long as SQLite's; a process that fell silent in the middle of a transaction
/// does not hold up the others for ever.
const SESSION: &str =
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
    SET idle_in_transaction_session_timeout = '60s'; SET statement_timeout = 0;
    SET tcp_keepalives_idle = 15; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;";

pub(super) struct Link {
    client: Client,
    statements: HashMap<String, Statement>,
    /// The server's number of this session.
    pub(super) session: i32,
}

/// Why a statement has no answer.
pub(super) enum Refusal {
    /// It was not sent.
    Unsent(StoreError),
    /// The server refused it: what follows in the transaction is refused too, up to a savepoint.
    Answered(StoreError),
    /// The connection is gone, and the transaction with it.
    Gone(StoreError),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        if trouble::ends_connection(&error) { Self::Gone(refused(&error)) } else { Self::Answered(refused(&error)) }
    }
}

impl Refusal {
    /// The error, whatever it means for the transaction.
    pub(super) fn error(self) -> StoreError {
        match self {
            Self::Unsent(error) | Self::Answered(error) | Self::Gone(error) => error,
        }
    }
}

impl Link {
    pub(super) fn open(runtime: &Runtime, settings: &PostgresSettings) -> Result<Self, StoreError> {
        runtime.block_on(async {
            let (client, mut messages) = settings.connect().await?;
            tokio::spawn(async move { while let Some(Ok(_)) = messages.next().await {} });
            let session = format!("{SESSION} SET lock_timeout = {}", WAIT.as_millis());
            client.batch_execute(&session).await.map_err(|error| refused(&error))?;
            let row = client.query_one("SELECT pg_backend_pid()", &[]).await.map_err(|error| refused(&error))?;
            let session = row.try_get(0).map_err(|error| refused(&error))?;
            Ok(Self { client, statements: HashMap::new(), session })
        })
    }

    /// Commands without parameters.
    pub(super) fn command(&self, runtime: &Runtime, text: &str) -> Result<(), Refusal> {
        Ok(runtime.block_on(self.client.batch_execute(text))?)
    }

    pub(super) fn is_prepared(&self, sql: &str) -> bool {
        self.statements.contains_key(sql)
    }

    pub(super) fn prepare(&mut self, runtime: &Runtime, sql: &str) -> Result<(), Refusal> {
        let statement = runtime.block_on(self.client.prepare(sql))?;
        if self.statements.len() >= PREPARED {
            self.statements.clear();
        }
        self.statements.insert(sql.to_owned(), statement);
        Ok(())
    }

    /// Runs a prepared statement, with the commands before it on the same way; its rows, and how many it touched.
    pub(super) fn ask(
        &self,
        runtime: &Runtime,
        before: &str,
        sql: &str,
        params: &[Value],
    ) -> Result<(Vec<Row>, u64), Refusal> {
        let statement = self.statement(sql, params)?;
        runtime.block_on(async {
            let mut ahead = pin!(self.client.batch_execute(before));
            // Polled once, it is sent: the statement goes after it without waiting for the answer.
            let ahead_done = if before.is_empty() { Poll::Ready(Ok(())) } else { poll!(ahead.as_mut()) };
            let rows = self.send(statement, params).await;
            match ahead_done {
                Poll::Ready(done) => done?,
                Poll::Pending => ahead.await?,
            }
            collect(rows?).await
        })
    }

    /// Runs a prepared statement for every `width` of the values, with the commands before it on the same way.
    pub(super) fn each(
        &self,
        runtime: &Runtime,
        before: &str,
        sql: &str,
        width: usize,
        values: &[Value],
    ) -> Result<(), Refusal> {
        let statement = self.statement(sql, &values[..width.min(values.len())])?;
        for params in values.chunks_exact(width) {
            check(statement, params)?;
        }
        let mut before = before;
        for chunk in values.chunks(width * AT_ONCE) {
            runtime.block_on(self.chunk(std::mem::take(&mut before), statement, width, chunk))?;
        }
        Ok(())
    }

    async fn chunk(&self, before: &str, statement: &Statement, width: usize, chunk: &[Value]) -> Result<(), Refusal> {
        let mut ahead = pin!(self.client.batch_execute(before));
        let ahead_done = if before.is_empty() { Poll::Ready(Ok(())) } else { poll!(ahead.as_mut()) };
        let mut sent = Vec::with_capacity(chunk.len() / width);
        for params in chunk.chunks_exact(width) {
            let mut one = Box::pin(self.send(statement, params));
            let done = poll!(one.as_mut());
            sent.push((one, done));
        }
        match ahead_done {
            Poll::Ready(done) => done?,
            Poll::Pending => ahead.await?,
        }
        for (one, done) in sent {
            let rows = match done {
                Poll::Ready(rows) => rows?,
                Poll::Pending => one.await?,
            };
            collect(rows).await?;
        }
        Ok(())
    }

    fn send<'a>(
        &'a self,
        statement: &'a Statement,
        params: &'a [Value],
    ) -> impl Future<Output = Result<RowStream, Error>> + 'a {
        self.client.query_raw(statement, params.iter().map(Parameter))
    }

    fn statement(&self, sql: &str, params: &[Value]) -> Result<&Statement, Refusal> {
        let missing = || Refusal::Unsent(StoreError::Sql("the statement is not prepared".into()));
        let statement = self.statements.get(sql).ok_or_else(missing)?;
        check(statement, params)?;
        Ok(statement)
    }
}

fn check(statement: &Statement, params: &[Value]) -> Result<(), Refusal> {
    let kinds = statement.params();
    if kinds.len() != params.len() {
        let why = format!("{} parameters for {} places", params.len(), kinds.len());
        return Err(Refusal::Unsent(StoreError::Sql(why)));
    }
    let misfit = params.iter().zip(kinds).find_map(|(value, kind)| misfit(value, kind));
    misfit.map_or(Ok(()), |why| Err(Refusal::Unsent(StoreError::Sql(why))))
}

async fn collect(rows: RowStream) -> Result<(Vec<Row>, u64), Refusal> {
    let mut rows = pin!(rows);
    let mut answer = Vec::new();
    let mut strange = None;
    // To the end, whatever it holds: the answers of later statements come behind it.
    while let Some(row) = rows.try_next().await? {
        let mut values = Vec::with_capacity(row.len());
        for place in 0..row.len() {
            match row.try_get::<_, Column>(place) {
                Ok(column) => values.push(column.0),
                Err(_) => strange = Some(place),
            }
        }
        answer.push(Row(values));
    }
    match strange {
        Some(place) => Err(Refusal::Unsent(StoreError::Column(place))),
        None => Ok((answer, rows.rows_affected().unwrap_or(0))),
    }
}
