//! What the queue knows of a blob: its name, its size, and whether it is here or on the server.
//!
//! Whoever uploads asks [`Outbox::wanted_blobs`] and tells [`Outbox::uploaded`], or [`Outbox::unsendable`]; when the server
//! misses files of an operation, all of it are wanted again.

use crate::effects::Effects;
use crate::needs::Need;
use crate::outbox::Outbox;
use crate::person::NotPossible;
use crate::state::State;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use wire::operation::Lane;

/// The name of a blob: a keyed hash of its content, so the same content has the same name and the name tells nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobName(pub [u8; 32]);

impl fmt::Display for BlobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The text is not 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not the name of a blob")]
pub struct NotAName;

impl FromStr for BlobName {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<Self, NotAName> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Ok(byte - b'0'),
            b'a'..=b'f' => Ok(byte - b'a' + 10),
            _ => Err(NotAName),
        };
        let digits: &[u8; 64] = text.as_bytes().try_into().map_err(|_| NotAName)?;
        let mut name = [0; 32];
        for (byte, pair) in name.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = (digit(pair[0])? << 4) | digit(pair[1])?;
        }
        Ok(Self(name))
    }
}

/// A blob that operations need: a row of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blob {
    /// Its name.
    pub name: BlobName,
    /// The length of its plain content in bytes.
    pub bytes: u64,
    /// Where it is.
    pub state: BlobState,
}

/// Where a blob is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlobState {
    /// On this computer only.
    Here,
    /// On the server too.
    OnServer,
}

impl Outbox {
    /// A blob, if an operation needs it.
    pub fn blob(&self, name: BlobName) -> Option<&Blob> {
        self.blobs.get(&name)
    }

    /// All blobs that operations need.
    pub fn blobs(&self) -> impl Iterator<Item = &Blob> {
        self.blobs.values()
    }

    /// Whether there is a blob that is not on the server.
    pub fn has_blobs_here(&self) -> bool {
        self.blobs.values().any(|blob| blob.state == BlobState::Here)
    }

    /// The blobs to be uploaded, in order: those of closing windows first, then the small before the large. None as long
    /// as operations are ready to go: a hundred of them weigh less than one photo.
    pub fn wanted_blobs(&self) -> Vec<BlobName> {
        if self.ready.len() > 0 {
            return Vec::new();
        }
        let here = self.blobs.values().filter(|blob| blob.state == BlobState::Here);
        let mut wanted: Vec<_> =
            here.filter_map(|blob| Some((self.urgency_of_blob(blob.name)?, blob.bytes, blob.name))).collect();
        wanted.sort_unstable();
        wanted.into_iter().map(|(_, _, name)| name).collect()
    }

    /// The server has this blob now.
    pub fn uploaded(&mut self, name: BlobName) -> Effects {
        self.set_blob(name, BlobState::OnServer)
    }

    /// The server misses this blob: it is wanted again, and what needs it and is not applied waits.
    pub fn missed(&mut self, name: BlobName) -> Effects {
        self.set_blob(name, BlobState::Here)
    }

    /// Lets go of a blob that no operation needs, so that its file may be removed.
    ///
    /// # Errors
    /// An operation needs it; also a settled one, because a restored server may have to be told again.
    pub fn forget_blob(&mut self, name: BlobName) -> Result<Effects, NotPossible> {
        if self.is_needed(name) {
            return Err(NotPossible);
        }
        let known = self.blobs.remove(&name);
        Ok(Effects { forgotten_blobs: known.map(|blob| blob.name).into_iter().collect(), ..Effects::default() })
    }

    /// Lets go of all blobs that no operation needs any more.
    pub(crate) fn forget_blobs(&mut self, effects: &mut Effects) {
        let idle: Vec<_> = self.blobs.keys().copied().filter(|name| !self.is_needed(*name)).collect();
        for name in &idle {
            self.blobs.remove(name);
        }
        effects.forgotten_blobs = idle;
    }

    /// Which blobs the server still has is not known: whoever uploads asks it first.
    pub(crate) fn miss_all(&mut self, effects: &mut Effects) {
        for blob in self.blobs.values_mut().filter(|blob| blob.state == BlobState::OnServer) {
            blob.state = BlobState::Here;
            effects.blobs.insert(blob.name);
        }
        for name in &effects.blobs {
            let mut lanes = self.lanes_needing(Need::Blob(*name));
            self.stale.append(&mut lanes);
        }
    }

    fn is_needed(&self, name: BlobName) -> bool {
        self.needed_by.of(Need::Blob(name)).next().is_some()
    }

    /// The urgency of a blob; `None` when nothing that can go on waits for it.
    fn urgency_of_blob(&self, name: BlobName) -> Option<i64> {
        let needing = self.needed_by.of(Need::Blob(name)).filter_map(|id| self.records.get(&id));
        let going =
            needing.filter(|record| record.state == State::Queued && !record.withdrawing && self.awaits(record, name));
        let with_those_behind = going.flat_map(|record| {
            let behind = self.lanes.behind(record.lane, record.place, record.id);
            behind.filter_map(|id| self.records.get(&id)).chain(std::iter::once(record))
        });
        with_those_behind.map(|record| self.urgency(record)).min()
    }

    /// A blob that the server was thought to have is wanted again. Returns the lanes in which something needs it.
    pub(crate) fn lost(&mut self, name: BlobName, effects: &mut Effects) -> BTreeSet<Lane> {
        match self.blobs.get_mut(&name).filter(|blob| blob.state != BlobState::Here) {
            Some(blob) => blob.state = BlobState::Here,
            None => return BTreeSet::new(),
        }
        effects.blobs.insert(name);
        self.lanes_needing(Need::Blob(name))
    }

    fn set_blob(&mut self, name: BlobName, state: BlobState) -> Effects {
        let mut effects = Effects::default();
        if let Some(blob) = self.blobs.get_mut(&name).filter(|blob| blob.state != state) {
            blob.state = state;
            effects.blobs.insert(name);
            let lanes = self.lanes_needing(Need::Blob(name));
            self.refresh_all(lanes, &mut effects);
        }
        effects
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_is_written_and_nothing_else_is_a_name() {
        let name = BlobName(std::array::from_fn(|at| u8::try_from(at * 7).expect("small")));
        let text = name.to_string();
        assert_eq!(text.parse(), Ok(name));
        for bad in ["", "..", &text[1..], &text.to_uppercase(), &text.replace('0', "/"), &format!("{text}0")] {
            assert_eq!(bad.parse::<BlobName>(), Err(NotAName), "{bad}");
        }
    }
}
