//! The seam: statements in, rows out.

use super::value::read_word;
use super::{FromValue, Value};
use serde::de::DeserializeOwned;

/// A connection, inside a transaction.
pub trait Sql {
    /// Runs a statement; how many rows it touched.
    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError>;

    /// Runs a query; all its rows.
    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError>;

    /// Whether the transaction is still there: on a full disk or a failing one the database may undo all of it by
    /// itself, and every later statement would then commit on its own.
    fn in_transaction(&self) -> bool;

    /// Marks the place to which [`Sql::undo_to`] goes back; `depth` names it.
    fn mark(&mut self, depth: u32) -> Result<(), StoreError>;

    /// Forgets a mark; what was written since stays.
    fn release(&mut self, depth: u32) -> Result<(), StoreError>;

    /// Undoes what was written since a mark, and forgets it.
    fn undo_to(&mut self, depth: u32) -> Result<(), StoreError>;

    /// Runs a statement once for every `width` of the values, in their order. Where the database is another process
    /// they all travel at once.
    fn execute_each(&mut self, sql: &str, width: usize, values: &[Value]) -> Result<(), StoreError> {
        values.chunks_exact(width).try_for_each(|params| self.execute(sql, params).map(|_| ()))
    }

    /// The first row of a query, if there is one.
    fn first(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>, StoreError> {
        Ok(self.query(sql, params)?.into_iter().next())
    }
}

/// A connection of its own, on which transactions begin and end.
pub trait Connection: Sql + Send {
    /// Begins a transaction that will write; waits for other writers.
    fn begin_writing(&mut self) -> Result<(), StoreError>;
    /// Begins a transaction that sees one consistent state.
    fn begin_reading(&mut self) -> Result<(), StoreError>;
    /// Tells other processes of the rows of the feed after one position up to another, as soon as they are committed.
    fn announce(&mut self, after: i64, last: i64) -> Result<(), StoreError>;
    /// Ends the transaction; what it wrote is on the disk when this returns.
    fn commit(&mut self) -> Result<(), StoreError>;
    /// Ends the transaction without a trace.
    fn roll_back(&mut self) -> Result<(), StoreError>;
}

/// One row of an answer.
#[derive(Debug, Clone)]
pub struct Row(pub(super) Vec<Value>);

/// What can go wrong between the program and its database.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The database refused a statement.
    #[error("the database refused: {0}")]
    Sql(String),
    /// The database itself does not work now: disk full, file locked, input or output failing, connection lost. Nobody's statement is at fault.
    #[error("the database does not work now: {0}")]
    Down(String),
    /// A row does not have what the program expects there.
    #[error("column {0} does not hold what is expected")]
    Column(usize),
    /// A stored JSON text cannot be read, or a value not written.
    #[error("stored JSON cannot be read or written: {0}")]
    Json(String),
    /// The job panicked; its changes were undone.
    #[error("a job panicked")]
    Panicked,
    /// The group that the job was in could not be committed; nothing of it is stored.
    #[error("the commit failed: {0}")]
    Commit(String),
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// A newer server has used the database; nothing of it was changed.
    #[error(
        "с этой базой уже работала более новая программа. В ней ничего не изменено: поставьте новую программу или восстановите копию базы, сделанную до обновления"
    )]
    Newer,
    /// The file or its tables cannot be brought up to date.
    #[error("the database cannot be opened: {0}")]
    Open(String),
}

impl StoreError {
    /// Whether it is the database that fails, and not what was asked of it: then nothing else would go better.
    pub fn is_everybodys(&self) -> bool {
        matches!(self, Self::Down(_) | Self::Closed)
    }

    /// The database undid the whole transaction by itself.
    pub(super) fn lost() -> Self {
        Self::Down("the transaction was undone by the database".into())
    }
}

impl Row {
    /// The column at `place`, from 0.
    pub fn get<T: FromValue>(&self, place: usize) -> Result<T, StoreError> {
        self.0.get(place).and_then(T::from_value).ok_or(StoreError::Column(place))
    }

    /// The column at `place`, which holds JSON text.
    pub fn json<T: DeserializeOwned>(&self, place: usize) -> Result<T, StoreError> {
        let text: String = self.get(place)?;
        serde_json::from_str(&text).map_err(|error| StoreError::Json(error.to_string()))
    }

    /// The column at `place`, which holds one word of an enum, as [`Value::word`] wrote it.
    pub fn word<T: DeserializeOwned>(&self, place: usize) -> Result<T, StoreError> {
        let word: String = self.get(place)?;
        read_word(&word).ok_or(StoreError::Column(place))
    }
}
