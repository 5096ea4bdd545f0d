//! Toasts of what the utility tells everybody.

use super::Worded;
use super::talk::LINES;
use client::view::{Target, ToastAnnouncement};

/// Something urgent: a click opens the first.
pub fn told(announcements: &[ToastAnnouncement], russian: bool) -> Worded {
    let title = match (announcements, russian) {
        ([only], true) => format!("Срочно: {}", only.headline),
        ([only], false) => format!("Urgent: {}", only.headline),
        (several, true) => format!("Срочные новости: {}", several.len()),
        (several, false) => format!("Urgent news: {}", several.len()),
    };
    let text = match announcements {
        [only] => only.text.clone(),
        several => several.iter().take(LINES).map(|one| one.headline.as_str()).collect::<Vec<_>>().join("\n"),
    };
    let target =
        announcements.first().map_or(Target::Queue, |first| Target::Announcement { id: first.announcement.clone() });
    Worded { title, text, target }
}
