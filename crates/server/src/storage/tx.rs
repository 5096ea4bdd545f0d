//! What a writing job works with: statements, savepoints, rows for the feed.

use super::{Row, Sql, StoreError, Value};
use crate::random::{Ids, Random};
use domain::OperationId;
use std::panic::{AssertUnwindSafe, catch_unwind};
use uuid::Uuid;
use wire::entity::Entity;
use wire::feed::{Change, Scope};

/// A row of the feed that gets its position when the group commits.
pub(super) struct Pending {
    pub(super) scope: Scope,
    pub(super) operation: Option<OperationId>,
    pub(super) said: Said,
}

/// What a row of the feed says.
pub(super) enum Said {
    /// This. Boxed: rows that only name an entity stay small.
    Now(Box<Change>),
    /// What the entity is when the group is written.
    Later(Stored, Uuid),
}

/// How an entity that stands in tables of its own is read.
#[derive(Debug, Clone, Copy)]
pub struct Stored {
    /// Its kind, as [`Entity::kind`] gives it.
    pub kind: &'static str,
    /// Reads it.
    pub read: fn(&mut dyn Sql, Uuid) -> Result<Option<Entity>, StoreError>,
}

/// The place of a row among those of the group; [`super::Committed::position`] turns it into a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket(pub(super) usize);

/// Whether an error undoes what the job wrote. A problem that is an answer (a wrong code) does not: the counted
/// try must stay.
pub trait Undo {
    /// True unless said otherwise.
    fn undoes(&self) -> bool {
        true
    }
}

impl Undo for StoreError {}

/// The transaction as one job sees it.
pub struct Tx<'a> {
    sql: &'a mut dyn Sql,
    pending: &'a mut Vec<Pending>,
    now_ms: i64,
    ids: &'a Ids,
    depth: u32,
}

impl<'a> Tx<'a> {
    pub(super) fn new(sql: &'a mut dyn Sql, pending: &'a mut Vec<Pending>, now_ms: i64, ids: &'a Ids) -> Self {
        Self { sql, pending, now_ms, ids, depth: 0 }
    }

    /// The time of the job, milliseconds since 1970 UTC; the same for all its statements.
    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// A new id that tells nothing.
    pub fn id_v4(&self) -> Uuid {
        self.ids.v4()
    }

    /// A new id that sorts by the time of the job; those of one process always grow.
    pub fn id_v7(&self) -> Uuid {
        self.ids.v7(self.now_ms)
    }

    /// Randomness.
    pub fn random(&self) -> &dyn Random {
        self.ids.random()
    }

    /// Adds a row to the feed. A [`Change::Put`] also becomes the entity's state in snapshots of the scope.
    pub fn emit(&mut self, scope: Scope, operation: Option<OperationId>, change: Change) -> Ticket {
        self.pending.push(Pending { scope, operation, said: Said::Now(Box::new(change)) });
        Ticket(self.pending.len() - 1)
    }

    /// Adds a row for an entity that is read when the group is written, with what later jobs of the group made of it; if
    /// it is gone by then, the row says so. An import of a whole town holds ids in this way, and not entities.
    pub fn emit_stored(&mut self, scope: Scope, stored: Stored, id: Uuid) -> Ticket {
        self.pending.push(Pending { scope, operation: None, said: Said::Later(stored, id) });
        Ticket(self.pending.len() - 1)
    }

    /// The row that an operation of this very group will get, when its position is not known yet.
    pub fn ticket_of(&self, operation: OperationId) -> Option<Ticket> {
        self.pending.iter().rposition(|row| row.operation == Some(operation)).map(Ticket)
    }

    /// Runs `work` so that an error that undoes, or a panic, leaves no trace of it. When the whole transaction went
    /// meanwhile, the answer is [`StoreError::Down`], whatever `work` made of it.
    pub fn savepoint<T, E: From<StoreError> + Undo>(
        &mut self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let depth = self.depth + 1;
        let mark = self.pending.len();
        self.mark(depth)?;
        let mut inner =
            Tx { sql: &mut *self.sql, pending: &mut *self.pending, now_ms: self.now_ms, ids: self.ids, depth };
        let result = catch_unwind(AssertUnwindSafe(|| work(&mut inner)));
        let result = result.unwrap_or_else(|_| Err(E::from(StoreError::Panicked)));
        if !self.sql.in_transaction() {
            self.pending.truncate(mark);
            return Err(StoreError::lost().into());
        }
        let undoes = result.as_ref().is_err_and(Undo::undoes);
        // PostgreSQL keeps nothing of a savepoint in which a statement failed, though `work` made nothing of that.
        let released = if undoes { Ok(()) } else { self.release(depth) };
        if undoes || released.is_err() {
            self.pending.truncate(mark);
            self.undo_to(depth)?;
        }
        released?;
        result
    }

    /// Outside the transaction a statement would commit by itself: then none may run.
    fn inside(&self) -> Result<(), StoreError> {
        if self.sql.in_transaction() { Ok(()) } else { Err(StoreError::lost()) }
    }
}

impl Sql for Tx<'_> {
    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
        self.inside()?;
        self.sql.execute(sql, params)
    }

    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.inside()?;
        self.sql.query(sql, params)
    }

    fn execute_each(&mut self, sql: &str, width: usize, values: &[Value]) -> Result<(), StoreError> {
        self.inside()?;
        self.sql.execute_each(sql, width, values)
    }

    fn in_transaction(&self) -> bool {
        self.sql.in_transaction()
    }

    fn mark(&mut self, depth: u32) -> Result<(), StoreError> {
        self.inside()?;
        self.sql.mark(depth)
    }

    fn release(&mut self, depth: u32) -> Result<(), StoreError> {
        self.inside()?;
        self.sql.release(depth)
    }

    fn undo_to(&mut self, depth: u32) -> Result<(), StoreError> {
        self.inside()?;
        self.sql.undo_to(depth)
    }
}
