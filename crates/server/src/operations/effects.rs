//! What an operation's effect may lean on beside the database.

use super::{Actor, Refused, invalid};
use crate::config::Config;
use crate::files::{self, Attached, Folder};
use crate::storage::Tx;
use domain::UserId;
use wire::feed::Scope;
use wire::operation::Operation;
use wire::ticket::{Attachment, Enclosure};

/// The settings, and the files that came.
#[derive(Clone, Copy)]
pub struct Effects<'a> {
    /// The settings.
    pub config: &'a Config,
    /// The contents of files.
    pub files: &'a Folder,
}

/// An operation that is about to take effect, with who entered it.
#[derive(Clone, Copy)]
pub struct Deed<'a> {
    /// What is asked.
    pub operation: &'a Operation,
    /// By whom.
    pub actor: &'a Actor,
    /// What its effect may lean on.
    pub effects: Effects<'a>,
}

impl Deed<'_> {
    /// When it was entered, as the server believes, milliseconds since 1970 UTC.
    pub fn entered_ms(&self, received_ms: i64) -> i64 {
        self.operation.captured.believed(received_ms).at_ms
    }
}

impl Effects<'_> {
    /// Lets those who see one of the scopes see files that the actor uploaded, and tells how they are shown.
    ///
    /// # Errors
    /// There are more than one message may carry; or they are not here, and have to come first.
    pub fn attach(
        &self,
        tx: &mut Tx<'_>,
        actor: UserId,
        scopes: &[Scope],
        enclosed: &[Enclosure],
    ) -> Result<Vec<Attachment>, Refused> {
        if enclosed.is_empty() {
            return Ok(Vec::new());
        }
        let rules = self.config.files.on(self.config.day(tx.now_ms()));
        if enclosed.len() > usize::from(rules.limits.files) {
            return Err(invalid("attachments"));
        }
        let named: Vec<_> =
            enclosed.iter().map(|file| files::Attachment { file: file.file, name: file.name.clone() }).collect();
        match files::attach(tx, self.files, actor, scopes, &named)? {
            Attached::Missing(files) => Err(Refused::FilesMissing(files)),
            Attached::All(seen) => Ok(seen
                .into_iter()
                .map(|seen| Attachment {
                    file: seen.file,
                    name: seen.name,
                    media: seen.media.name().to_owned(),
                    bytes: seen.bytes,
                    size: seen.size,
                })
                .collect()),
        }
    }
}
