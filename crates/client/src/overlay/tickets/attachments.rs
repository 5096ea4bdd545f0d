//! Files as the window shows them.

use crate::view::AttachmentView;
use domain::{FileId, FileName};
use wire::ticket::{Attachment, Enclosure};

/// What is known of a content that is on this computer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// `image/jpeg`.
    pub(crate) media: String,
    /// Bytes.
    pub(crate) bytes: u64,
    /// Width and height of a picture.
    pub(crate) size: Option<(u32, u32)>,
    /// How much of it the server has, in per cent.
    pub(crate) sent: u8,
}

/// What is on this computer.
pub(crate) type Shelf<'a> = dyn Fn(FileId) -> Option<Facts> + 'a;

/// A file that the server knows.
pub(crate) fn mirrored(attachment: &Attachment, shelf: &Shelf<'_>) -> AttachmentView {
    let file = attachment.file.to_string();
    AttachmentView {
        name: attachment.name.to_string(),
        media: attachment.media.clone(),
        bytes: attachment.bytes,
        size: attachment.size,
        thumbnail: thumbnail(attachment.file, &attachment.media),
        blob: shelf(attachment.file).map(|_| file.clone()),
        sent: None,
        file,
    }
}

/// A file that goes with something that was entered here.
pub(crate) fn entered(enclosure: &Enclosure, shelf: &Shelf<'_>, waits: bool) -> AttachmentView {
    let sent = |facts: &Facts| waits.then_some(facts.sent);
    of_this_computer(enclosure.file, &enclosure.name, shelf(enclosure.file), sent)
}

/// A file that was added and not sent.
pub(crate) fn added(file: FileId, name: &FileName, facts: Facts) -> AttachmentView {
    of_this_computer(file, name, Some(facts), |_| None)
}

fn of_this_computer(
    file: FileId,
    name: &FileName,
    facts: Option<Facts>,
    sent: impl Fn(&Facts) -> Option<u8>,
) -> AttachmentView {
    let here = facts.is_some();
    let facts = facts.unwrap_or_default();
    AttachmentView {
        name: name.to_string(),
        thumbnail: thumbnail(file, &facts.media),
        blob: here.then(|| file.to_string()),
        sent: sent(&facts),
        media: facts.media,
        bytes: facts.bytes,
        size: facts.size,
        file: file.to_string(),
    }
}

/// The name of the small picture; whether one can be made is found out when somebody looks at it.
fn thumbnail(file: FileId, media: &str) -> Option<String> {
    let picture = matches!(media, "image/jpeg" | "image/png" | "image/gif" | "image/webp");
    picture.then(|| format!("{THUMB}{file}"))
}

/// What the names of small pictures begin with.
pub(crate) const THUMB: &str = "thumb/";
