//! What a disk refuses while the power is still on.

/// What the disk answers instead of doing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No room: `ENOSPC`, `SQLITE_FULL`.
    NoRoom,
    /// The device does not answer as it should: `EIO`, `SQLITE_IOERR_*`.
    Broken,
}

/// What is asked of the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Writing bytes.
    Write,
    /// Making bytes or names durable.
    Sync,
    /// Making, renaming or removing a name, or changing a length.
    Name,
}

/// Refuses some calls. See [`crate::Disk::refuse`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Calls of which kind; `None` counts all of them.
    pub on: Option<Deed>,
    /// How many of them still go through.
    pub after: u64,
    /// How many are refused then; `u64::MAX` for all until [`crate::Disk::mend`].
    pub times: u64,
    /// With which answer.
    pub refusal: Refusal,
}

/// What is wrong with the disk now.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    fault: Option<Fault>,
    room: Option<u64>,
    refused: u64,
}

impl Faults {
    pub(crate) fn set(&mut self, fault: Option<Fault>) {
        self.fault = fault;
    }

    pub(crate) fn set_room(&mut self, bytes: Option<u64>) {
        self.room = bytes;
    }

    pub(crate) fn refused(&self) -> u64 {
        self.refused
    }

    /// Lets a call through that makes files longer by `growth` bytes, or not.
    pub(crate) fn pass(&mut self, deed: Deed, growth: u64) -> Result<(), Refusal> {
        let refusal = self.strike(deed).or_else(|| self.fill(growth));
        self.refused += u64::from(refusal.is_some());
        refusal.map_or(Ok(()), Err)
    }

    fn strike(&mut self, deed: Deed) -> Option<Refusal> {
        let fault = self.fault.as_mut().filter(|fault| fault.on.is_none_or(|on| on == deed))?;
        if fault.after > 0 {
            fault.after -= 1;
            return None;
        }
        let refusal = fault.refusal;
        fault.times = fault.times.saturating_sub(1);
        if fault.times == 0 {
            self.fault = None;
        }
        Some(refusal)
    }

    fn fill(&mut self, growth: u64) -> Option<Refusal> {
        let room = self.room.as_mut()?;
        if growth > *room {
            return Some(Refusal::NoRoom);
        }
        *room -= growth;
        None
    }
}
