//! What a power cut leaves: chosen by a seed among all that it may leave.
//!
//! * What was synced is there.
//! * Of what was written since, each sector is as it was at any moment since: before all of it, after some, after all.
//!   The sectors of a file are independent of each other: a disk writes in any order.
//! * One sector may be torn: half of the next write is in it, or rubbish. On a disk with powersafe overwrite only bytes
//!   that were being written suffer, else the whole sector.
//! * The length of a file is that of any moment since; what was never written of it is zeros.
//! * Names that were changed since their folder was synced are the old ones or the new ones, each change for itself.

use crate::device::Device;
use crate::event::Event;
use crate::history::{Durable, Pending, apply, rename};
use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A folder after a power cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// The files.
    pub files: BTreeMap<PathBuf, Vec<u8>>,
    /// The folders.
    pub folders: BTreeSet<PathBuf>,
    /// How many sectors are torn.
    pub torn: usize,
    /// How many sectors are older than what was written last.
    pub stale: usize,
}

impl Image {
    /// Puts the files into an empty folder.
    pub fn write_to(&self, folder: &Path) -> io::Result<()> {
        for name in &self.folders {
            std::fs::create_dir_all(folder.join(name))?;
        }
        for (name, bytes) in &self.files {
            std::fs::write(folder.join(name), bytes)?;
        }
        Ok(())
    }
}

/// How much of what was not synced is there.
#[derive(Clone, Copy)]
enum Luck {
    Nothing,
    Everything,
    /// What was done first.
    First(usize),
    /// Each thing for itself.
    Mixed,
}

struct Dice(StdRng);

impl Dice {
    fn luck(&mut self, things: usize) -> Luck {
        match self.0.random_range(0..10) {
            0..3 => Luck::Nothing,
            3 => Luck::Everything,
            4..6 => Luck::First(self.0.random_range(0..=things)),
            _ => Luck::Mixed,
        }
    }

    /// How many of these changes are there.
    fn kept(&mut self, luck: Luck, changes: &[usize]) -> usize {
        match luck {
            Luck::Nothing => 0,
            Luck::Everything => changes.len(),
            Luck::First(first) => changes.iter().filter(|change| **change < first).count(),
            Luck::Mixed => self.0.random_range(0..=changes.len()),
        }
    }
}

/// Makes the image of a seed.
pub(crate) fn make(durable: &Durable, events: &[Event], device: Device, seed: u64) -> Image {
    let mut dice = Dice(StdRng::seed_from_u64(seed));
    let (mut names, mut folders) = (durable.names.clone(), durable.folders.clone());
    let luck = dice.luck(durable.renamings.len());
    for (place, number) in durable.renamings.iter().enumerate() {
        if dice.kept(luck, &[place]) == 1 {
            rename(&mut names, &mut folders, &events[*number]);
        }
    }
    // In a folder that is gone nothing is left.
    names.retain(|name, _| name.parent().is_none_or(|folder| folder == Path::new("") || folders.contains(folder)));
    let mut image = Image { files: BTreeMap::new(), folders, torn: 0, stale: 0 };
    for (name, file) in names {
        let content = content(&durable.files[file], events, device, &mut dice, &mut image);
        image.files.insert(name, content);
    }
    image
}

/// What a pending change does: the bytes it touches, and the length of the file after it.
struct Change<'a> {
    range: Range<u64>,
    bytes: &'a [u8],
    length: u64,
}

fn content(file: &Pending, events: &[Event], device: Device, dice: &mut Dice, image: &mut Image) -> Vec<u8> {
    let luck = dice.luck(file.changes.len());
    match luck {
        _ if file.changes.is_empty() => return file.content.clone(),
        Luck::Everything => {
            let mut content = file.content.clone();
            file.changes.iter().for_each(|change| apply(&mut content, &events[*change]));
            return content;
        }
        _ => {}
    }
    let changes = changes(file, events);
    let mut sectors: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (place, change) in changes.iter().enumerate() {
        for sector in change.range.start / device.sector..change.range.end.div_ceil(device.sector) {
            sectors.entry(sector).or_default().push(place);
        }
    }
    let longest = changes.iter().map(|change| change.range.end).max().unwrap_or(0).max(file.content.len() as u64);
    let mut content = file.content.clone();
    content.resize(size(longest), 0);
    for (sector, touching) in sectors {
        let begin = sector * device.sector;
        let whole = begin..(begin + device.sector).min(longest);
        let kept = dice.kept(luck, &touching);
        for place in &touching[..kept] {
            lay(&mut content, &changes[*place], &whole);
        }
        image.stale += usize::from(kept < touching.len());
        if let Some(next) = touching.get(kept).filter(|_| dice.0.random_range(0..8) == 0) {
            tear(&mut content, &changes[*next], &whole, device, dice);
            image.torn += 1;
        }
    }
    let places: Vec<usize> = (0..changes.len()).collect();
    let length = match dice.kept(luck, &places) {
        0 => file.content.len() as u64,
        kept => changes[kept - 1].length,
    };
    content.resize(size(length), 0);
    content
}

fn changes<'a>(file: &Pending, events: &'a [Event]) -> Vec<Change<'a>> {
    let mut length = file.content.len() as u64;
    let change = |number: &usize| {
        let (range, bytes) = match &events[*number] {
            Event::Write { offset, bytes, .. } => (*offset..offset + bytes.len() as u64, &bytes[..]),
            // Cutting changes the length alone. What is written again behind it may still find the old bytes there.
            _ => (0..0, &[][..]),
        };
        length = if let Event::Resize { size, .. } = &events[*number] { *size } else { length.max(range.end) };
        Change { range, bytes, length }
    };
    file.changes.iter().map(change).collect()
}

/// The part of a change that lies in a sector.
fn part(change: &Change<'_>, sector: &Range<u64>) -> Range<u64> {
    change.range.start.max(sector.start)..change.range.end.min(sector.end)
}

fn lay(content: &mut [u8], change: &Change<'_>, sector: &Range<u64>) {
    let part = part(change, sector);
    let from = size(part.start - change.range.start)..size(part.end - change.range.start);
    content[size(part.start)..size(part.end)].copy_from_slice(&change.bytes[from]);
}

fn tear(content: &mut [u8], change: &Change<'_>, sector: &Range<u64>, device: Device, dice: &mut Dice) {
    let part = part(change, sector);
    if dice.0.random() {
        let middle = part.start + (part.end - part.start) / 2;
        lay(content, change, &(sector.start..middle.max(sector.start)));
        if device.powersafe_overwrite {
            return;
        }
    }
    let spoilt = if device.powersafe_overwrite { part } else { sector.clone() };
    dice.0.fill_bytes(&mut content[size(spoilt.start)..size(spoilt.end)]);
}

fn size(bytes: u64) -> usize {
    usize::try_from(bytes).expect("test files fit into memory")
}
