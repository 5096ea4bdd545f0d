//! Pictures of the newest announcements are fetched before anybody looks, so that they are there without a line.

use super::Person;
use crate::core::Core;
use crate::overlay::announcements::Board;
use crate::report::Fault;
use crate::view::Topic;
use domain::FileId;
use std::sync::Arc;

/// Pictures of so many announcements are fetched.
const NEWEST: usize = 10;
/// They take at most one part in this many of what files may take: the rest is for what a person opens.
const PART: u64 = 4;

/// Begins to fetch what is missing, unless that goes on already.
pub(crate) fn start(core: &Arc<Core>, person: &Arc<Person>) {
    let (core, person) = (core.clone(), person.clone());
    let task = core.clone();
    task.ports.spawn.spawn(Box::pin(async move {
        let Ok(_turn) = person.fetching_ahead.try_lock() else { return };
        if let Err(fault) = fetch(&core, &person).await {
            tracing::debug!(?fault, "pictures of announcements wait for the next synchronisation");
        }
    }));
}

async fn fetch(core: &Core, person: &Person) -> Result<(), Fault> {
    let missing = missing(&Board::now(&person.engine)?, core.files_budget() / PART);
    let missing: Vec<FileId> =
        missing.into_iter().filter(|file| person.files.facts(&person.engine, *file).is_none()).collect();
    for file in &missing {
        person.files.fetch(&person.engine, &core.bringer(person), *file).await?;
        core.tell(&[Topic::Events]);
    }
    if !missing.is_empty() {
        person.files.evict(&person.engine, &person.drafts.files(), core.files_budget()).await?;
    }
    Ok(())
}

/// The pictures that fit into `room` bytes, those of the newest first.
fn missing(board: &Board, mut room: u64) -> Vec<FileId> {
    let mut newest: Vec<_> = board.shown.iter().collect();
    newest.sort_by_key(|one| std::cmp::Reverse(one.since_ms));
    let pictures = newest.into_iter().take(NEWEST).flat_map(|one| &one.attachments);
    let fits = |picture: &&wire::ticket::Attachment| {
        let fits = picture.media.starts_with("image/") && picture.bytes <= room;
        room -= if fits { picture.bytes } else { 0 };
        fits
    };
    pictures.filter(fits).map(|picture| picture.file).collect()
}
