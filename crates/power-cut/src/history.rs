//! A log that can be cut at every point.

use crate::device::Device;
use crate::event::{Base, Event, FileId};
use crate::image::{self, Image};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// All that was done to a folder, from which an image for every point can be made.
pub struct History {
    pub(crate) base: Base,
    pub(crate) events: Vec<Event>,
    pub(crate) device: Device,
}

impl History {
    pub(crate) fn new(base: Base, events: Vec<Event>, device: Device) -> Self {
        Self { base, events, device }
    }

    /// How many points there are behind the beginning.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether nothing was done.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The folder as it might be after a cut when `point` things had been done.
    pub fn image_at(&self, point: usize, seed: u64) -> Image {
        self.replay().image_at(point, seed)
    }

    /// For images at many points: cheap as long as the points rise.
    pub fn replay(&self) -> Replay<'_> {
        Replay { history: self, at: 0, durable: Durable::new(&self.base) }
    }
}

/// A walk along a history.
pub struct Replay<'a> {
    history: &'a History,
    at: usize,
    durable: Durable,
}

/// What is durable at a point, and what was done since.
pub(crate) struct Durable {
    pub(crate) files: Vec<Pending>,
    pub(crate) names: BTreeMap<PathBuf, FileId>,
    pub(crate) folders: BTreeSet<PathBuf>,
    /// The numbers of the events that changed names since.
    pub(crate) renamings: Vec<usize>,
}

/// A file's durable content, and the numbers of the events that changed it since.
#[derive(Default)]
pub(crate) struct Pending {
    pub(crate) content: Vec<u8>,
    pub(crate) changes: Vec<usize>,
}

impl Replay<'_> {
    /// The folder as it might be after a cut when `point` things had been done.
    pub fn image_at(&mut self, point: usize, seed: u64) -> Image {
        let history = self.history;
        assert!(point <= history.len(), "the history ends at {}", history.len());
        if point < self.at {
            *self = history.replay();
        }
        while self.at < point {
            self.durable.step(self.at, &history.events);
            self.at += 1;
        }
        image::make(&self.durable, &history.events, history.device, seed ^ (point as u64).rotate_left(32))
    }
}

impl Durable {
    fn new(base: &Base) -> Self {
        let files = base.files.iter().map(|bytes| Pending { content: bytes.to_vec(), changes: Vec::new() });
        Self { files: files.collect(), names: base.names.clone(), folders: base.folders.clone(), renamings: Vec::new() }
    }

    /// A file, which comes into being when it is heard of first: what came into the folder past us has a content before
    /// it has a name.
    fn file(&mut self, file: FileId) -> &mut Pending {
        if file == self.files.len() {
            self.files.push(Pending::default());
        }
        &mut self.files[file]
    }

    fn step(&mut self, number: usize, events: &[Event]) {
        match &events[number] {
            Event::Link { file, .. } => {
                self.file(*file);
                self.renamings.push(number);
            }
            Event::Rename { .. } | Event::Unlink { .. } | Event::MakeFolder { .. } => self.renamings.push(number),
            Event::Write { file, .. } | Event::Resize { file, .. } => self.file(*file).changes.push(number),
            Event::Sync { file } => {
                let file = self.file(*file);
                for change in std::mem::take(&mut file.changes) {
                    apply(&mut file.content, &events[change]);
                }
            }
            Event::SyncFolder { folder } => {
                let (synced, rest): (Vec<_>, Vec<_>) =
                    self.renamings.iter().partition(|number| concerns(&events[**number], folder));
                for number in synced {
                    rename(&mut self.names, &mut self.folders, &events[number]);
                }
                self.renamings = rest;
            }
        }
    }
}

/// Does to a content what an event did.
pub(crate) fn apply(content: &mut Vec<u8>, event: &Event) {
    match event {
        Event::Write { offset, bytes, .. } => {
            let begin = usize::try_from(*offset).expect("test files fit into memory");
            let end = begin + bytes.len();
            if content.len() < end {
                content.resize(end, 0);
            }
            content[begin..end].copy_from_slice(bytes);
        }
        Event::Resize { size, .. } => content.resize(usize::try_from(*size).expect("test files fit into memory"), 0),
        _ => {}
    }
}

/// Does to the names what an event did.
pub(crate) fn rename(names: &mut BTreeMap<PathBuf, FileId>, folders: &mut BTreeSet<PathBuf>, event: &Event) {
    match event {
        Event::Link { name, file } => drop(names.insert(name.clone(), *file)),
        Event::Rename { from, to, file } => {
            // The name it came from may belong to another file by now, or never have become durable.
            if names.get(from) == Some(file) {
                names.remove(from);
            }
            names.insert(to.clone(), *file);
        }
        Event::Unlink { name } => drop(names.remove(name)),
        Event::MakeFolder { name } => drop(folders.insert(name.clone())),
        _ => {}
    }
}

fn concerns(event: &Event, folder: &Path) -> bool {
    let lies = |name: &PathBuf| name.parent() == Some(folder);
    match event {
        Event::Link { name, .. } | Event::Unlink { name } | Event::MakeFolder { name } => lies(name),
        Event::Rename { from, to, .. } => lies(from) || lies(to),
        _ => false,
    }
}
