//! The handle of a test.

use crate::device::Device;
use crate::fault::{Fault, Refusal};
use crate::folder::{self, Folder};
use crate::history::History;
use crate::image::Image;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// A folder whose disk loses in a power cut what was not synced. Watched as long as this lives.
///
/// Everything is really written, by the system's own calls, so programs see what they always see. Only syncs are not
/// passed on: nothing needs to be durable here, and they would cost all the time there is.
pub struct Disk {
    folder: Arc<Folder>,
}

/// Syncs wait as long as this lives.
pub struct Held<'a> {
    folder: &'a Folder,
}

impl Disk {
    /// Watches a folder from now on. What is in it is durable. Files that are already open are not seen.
    pub fn watch(folder: &Path) -> io::Result<Self> {
        Self::watch_as(folder, Device::COMMON)
    }

    /// [`Disk::watch`], with a disk of some kind.
    pub fn watch_as(folder: &Path, device: Device) -> io::Result<Self> {
        Self::begin(Folder::new(folder, device, true)?)
    }

    /// Only leaves the syncs out, keeps no log: for folders where images are tried.
    pub fn hurried(folder: &Path) -> io::Result<Self> {
        Self::begin(Folder::new(folder, Device::COMMON, false)?)
    }

    fn begin(folder: Folder) -> io::Result<Self> {
        crate::install();
        let folder = Arc::new(folder);
        folder::watch(folder.clone());
        Ok(Self { folder })
    }

    /// How much has been done so far. A cut at this point, or at any later one, has what was durable here.
    pub fn point(&self) -> usize {
        self.folder.state().events.len()
    }

    /// All that was done so far.
    pub fn history(&self) -> History {
        let state = self.folder.state();
        History::new(state.base.clone(), state.events.clone(), self.folder.device)
    }

    /// The folder as it might be if the power failed now.
    pub fn crash(&self, seed: u64) -> Image {
        let history = self.history();
        history.image_at(history.len(), seed)
    }

    /// No file can grow any more. What is there can still be overwritten.
    pub fn fill_up(&self) {
        self.room(0);
    }

    /// So many bytes can still be added.
    pub fn room(&self, bytes: u64) {
        self.folder.state().faults.set_room(Some(bytes));
    }

    /// Refuses calls.
    pub fn refuse(&self, fault: Fault) {
        self.folder.state().faults.set(Some(fault));
    }

    /// From here on everything is refused, as it is for a program whose disk has gone.
    pub fn cut(&self) {
        self.refuse(Fault { on: None, after: 0, times: u64::MAX, refusal: Refusal::Broken });
    }

    /// There is room and nothing is refused any more.
    pub fn mend(&self) {
        let mut state = self.folder.state();
        state.faults.set(None);
        state.faults.set_room(None);
    }

    /// How many calls were refused so far.
    pub fn refused(&self) -> u64 {
        self.folder.state().faults.refused()
    }

    /// From now on whoever syncs waits.
    pub fn hold_syncs(&self) -> Held<'_> {
        self.folder.hold(true);
        Held { folder: &self.folder }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        folder::forget(&self.folder);
    }
}

impl Held<'_> {
    /// Whether somebody waits for a sync now.
    pub fn one_waits(&self) -> bool {
        self.folder.a_sync_waits()
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.folder.hold(false);
    }
}
