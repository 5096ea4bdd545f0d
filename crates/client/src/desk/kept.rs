//! Rows in memory of all entities of a kind, kept equal to the mirror.
//!
//! What changed since is found by its version. Three things escape that: what is gone, what a snapshot brought later than
//! the feed brought what is newer, and another life of the server. For the first two the count and the sum of all versions
//! tell, and then every version is compared; the third begins anew.

use crate::store::{Indexed, Mirror, StoreError};
use domain::Epoch;
use std::collections::HashMap;
use uuid::Uuid;
use wire::entity::Entity;
use wire::feed::Cursor;

/// What is kept of an entity.
pub(crate) trait Compact: Sized {
    /// How it is found by its version.
    const KIND: Indexed;
    /// What the mirror calls it.
    const NAME: &'static str;

    /// What is kept; `None` of another kind.
    fn of(entity: Entity) -> Option<Self>;
}

/// The rows.
pub(crate) struct Kept<T> {
    rows: Vec<Row<T>>,
    places: HashMap<Uuid, usize>,
    /// Up to where the mirror was looked at.
    at: Option<Cursor>,
    epoch: Option<Epoch>,
    newest: i64,
    sum: i64,
}

struct Row<T> {
    id: Uuid,
    version: i64,
    content: T,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), places: HashMap::new(), at: None, epoch: None, newest: 0, sum: 0 }
    }
}

impl<T: Compact> Kept<T> {
    /// Makes the rows equal to the mirror.
    pub(crate) fn refresh(&mut self, mirror: &Mirror) -> Result<(), StoreError> {
        let cursor = mirror.cursor();
        // Without a cursor the mirror is being filled, and may be another at every look.
        if cursor.is_some() && cursor == self.at {
            return Ok(());
        }
        if cursor.map(|cursor| cursor.epoch) != self.epoch {
            *self = Self { epoch: cursor.map(|cursor| cursor.epoch), ..Self::default() };
        }
        for found in mirror.changed(T::KIND, self.newest)? {
            self.put(found.version, found.entity);
        }
        if mirror.tally(T::KIND)? != (i64::try_from(self.rows.len()).unwrap_or(i64::MAX), self.sum) {
            self.compare(mirror)?;
        }
        self.at = cursor;
        Ok(())
    }

    /// All of them, in no order.
    pub(crate) fn all(&self) -> impl ExactSizeIterator<Item = &T> {
        self.rows.iter().map(|row| &row.content)
    }

    fn compare(&mut self, mirror: &Mirror) -> Result<(), StoreError> {
        let there: HashMap<Uuid, i64> = mirror.versions(T::KIND)?.into_iter().collect();
        let gone = |row: &&Row<T>| !there.contains_key(&row.id);
        let gone: Vec<Uuid> = self.rows.iter().filter(gone).map(|row| row.id).collect();
        for id in gone {
            self.remove(id);
        }
        let held = |id: &Uuid| self.places.get(id).map(|place| self.rows[*place].version);
        let other: Vec<Uuid> = there.iter().filter(|(id, at)| held(id) != Some(**at)).map(|(id, _)| *id).collect();
        for id in other {
            if let Some(found) = mirror.get(T::NAME, id)? {
                self.put(found.version, found.entity);
            }
        }
        Ok(())
    }

    fn put(&mut self, version: i64, entity: Entity) {
        let id = entity.id();
        let Some(content) = T::of(entity) else { return };
        self.newest = self.newest.max(version);
        let row = Row { id, version, content };
        match self.places.get(&id) {
            Some(place) => {
                self.sum += version - self.rows[*place].version;
                self.rows[*place] = row;
            }
            None => {
                self.sum += version;
                self.places.insert(id, self.rows.len());
                self.rows.push(row);
            }
        }
    }

    fn remove(&mut self, id: Uuid) {
        let Some(place) = self.places.remove(&id) else { return };
        let row = self.rows.swap_remove(place);
        self.sum -= row.version;
        if let Some(moved) = self.rows.get(place) {
            self.places.insert(moved.id, place);
        }
    }
}
