//! Announcements that Ctrl K finds.

use super::board::Board;
use crate::store::folded;
use crate::view::{HitView, Target};
use domain::ticket::short_name;

/// Announcements with all of the words in the heading or the story.
pub(crate) fn hits(board: &Board, words: &[String]) -> Vec<HitView> {
    if words.is_empty() {
        return Vec::new();
    }
    let fits = |text: String| words.iter().all(|word| text.contains(word));
    let found =
        board.shown.iter().filter(|one| fits(folded(&format!("{} {}", one.headline.as_str(), one.story.as_str()))));
    let hit = |one: &wire::announcement::Announcement| HitView {
        target: Target::Announcement { id: one.announcement.to_string() },
        title: one.headline.as_str().to_owned(),
        detail: short_name("", one.story.as_str()),
        mark: None,
    };
    found.map(hit).collect()
}
