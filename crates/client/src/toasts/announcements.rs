//! Toasts of what is urgent: once on this computer, and not of what was read meanwhile.

use super::{read, write};
use crate::core::Core;
use crate::overlay::announcements::Board;
use crate::report::Fault;
use crate::session::Person;
use crate::view::{Toast, ToastAnnouncement};
use domain::AnnouncementId;
use domain::announcement::Importance;
use domain::ticket::short_name;
use std::collections::BTreeSet;

/// The announcements that were told of, in the encrypted file.
const TOLD: &str = "told_announcements";

/// Tells of urgent announcements that came and were not told of yet.
pub(crate) async fn news(core: &Core, person: &Person) {
    if let Err(fault) = try_news(core, person).await {
        tracing::warn!(?fault, "a toast was not shown");
    }
}

async fn try_news(core: &Core, person: &Person) -> Result<(), Fault> {
    let before: BTreeSet<AnnouncementId> = read(person, TOLD).await?.unwrap_or_default();
    let (now, announcements) = {
        let board = Board::now(&person.engine)?;
        let urgent = || board.shown.iter().filter(|one| one.importance == Importance::Urgent);
        let news = urgent().filter(|one| !before.contains(&one.announcement) && !board.told(one.announcement).read);
        let told = news.map(|one| ToastAnnouncement {
            announcement: one.announcement.to_string(),
            headline: one.headline.as_str().to_owned(),
            text: short_name("", one.story.as_str()),
        });
        // What is not shown any more needs no note.
        (urgent().map(|one| one.announcement).collect::<BTreeSet<_>>(), told.collect::<Vec<_>>())
    };
    if now != before {
        write(person, TOLD, &now).await?;
    }
    if !announcements.is_empty() {
        core.toast(Toast::Announced { announcements });
    }
    Ok(())
}
