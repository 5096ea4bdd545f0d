//! Who may see a content: whoever uploaded it, and those who see what it is attached to.

use super::Folder;
use super::media::Media;
use crate::feed;
use crate::params;
use crate::storage::{Row, Sql, StoreError, Tx};
use domain::{FileId, FileName, UserId};
use wire::feed::Scope;

/// A content as one person sees it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The content.
    pub file: FileId,
    /// Under which name it may be saved.
    pub name: FileName,
    /// What it is.
    pub media: Media,
    /// How large.
    pub bytes: u64,
    /// How wide and high, of a picture.
    pub size: Option<(u32, u32)>,
}

/// A content that an operation names.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// The content.
    pub file: FileId,
    /// What its sender calls it.
    pub name: FileName,
}

/// What became of [`attach`].
#[derive(Debug, Clone)]
pub enum Attached {
    /// All are attached; how they are to be shown, in the order in which they were named.
    All(Vec<Seen>),
    /// These have not come, or not from this person, or were lost since. Nothing was attached.
    Missing(Vec<FileId>),
}

/// A content, if the person may see it. One that is not there and one that is another's are not told apart.
pub fn seen(sql: &mut dyn Sql, user: UserId, file: FileId) -> Result<Option<Seen>, StoreError> {
    let Some(row) = sql.first("SELECT bytes, media, width, height FROM files WHERE id = $1", params![file])? else {
        return Ok(None);
    };
    let own = sql.first("SELECT name FROM file_uploaders WHERE file = $1 AND user_id = $2", params![file, user])?;
    if let Some(own) = own {
        return content(file, &row, &own).map(Some);
    }
    for scope in feed::scopes(sql, user)? {
        let right = sql.first("SELECT name FROM file_rights WHERE file = $1 AND scope = $2", params![file, scope])?;
        if let Some(right) = right {
            return content(file, &row, &right).map(Some);
        }
    }
    Ok(None)
}

/// Lets those who see one of the scopes see contents that the actor uploaded. Asks the disk too, so that one that was lost is
/// named and sent again.
pub fn attach(
    tx: &mut Tx<'_>,
    folder: &Folder,
    actor: UserId,
    scopes: &[Scope],
    attachments: &[Attachment],
) -> Result<Attached, StoreError> {
    let mut found = Vec::with_capacity(attachments.len());
    let mut missing = Vec::new();
    for attachment in attachments {
        match uploaded(tx, folder, actor, attachment)? {
            Some(seen) => found.push(seen),
            None => missing.push(attachment.file),
        }
    }
    if !missing.is_empty() {
        return Ok(Attached::Missing(missing));
    }
    let now = tx.now_ms();
    for seen in &found {
        for scope in scopes {
            tx.execute(
                "INSERT INTO file_rights (file, scope, name, attached_ms) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (file, scope) DO NOTHING",
                params![seen.file, *scope, seen.name.as_str(), now],
            )?;
        }
        tx.execute("UPDATE files SET attached = 1 WHERE id = $1", params![seen.file])?;
    }
    Ok(Attached::All(found))
}

/// Lets those who see a scope see what was attached before.
pub fn share(tx: &mut Tx<'_>, scope: Scope, attachments: &[wire::ticket::Attachment]) -> Result<(), StoreError> {
    let now = tx.now_ms();
    for attachment in attachments {
        tx.execute(
            "INSERT INTO file_rights (file, scope, name, attached_ms) VALUES ($1, $2, $3, $4)
             ON CONFLICT (file, scope) DO NOTHING",
            params![attachment.file, scope, attachment.name.as_str(), now],
        )?;
    }
    Ok(())
}

/// A person is not for sure any more who uploaded and saw all this: their phone changed hands. What others see stays; what
/// nobody else sees, and what was still coming, goes with the next sweep.
pub fn forget(tx: &mut Tx<'_>, user: UserId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM file_rights WHERE scope = $1", params![Scope::User(user)])?;
    tx.execute("DELETE FROM file_uploaders WHERE user_id = $1", params![user])?;
    let now = tx.now_ms();
    tx.execute("UPDATE uploads SET until_ms = $2 WHERE user_id = $1 AND until_ms > $2", params![user, now])?;
    Ok(())
}

fn uploaded(
    sql: &mut dyn Sql,
    folder: &Folder,
    actor: UserId,
    attachment: &Attachment,
) -> Result<Option<Seen>, StoreError> {
    let row = sql.first(
        "SELECT bytes, media, width, height FROM files JOIN file_uploaders ON file_uploaders.file = files.id
         WHERE files.id = $1 AND file_uploaders.user_id = $2",
        params![attachment.file, actor],
    )?;
    let Some(row) = row else { return Ok(None) };
    let seen = named(attachment.file, &row, &attachment.name)?;
    Ok(folder.holds(seen.file, seen.bytes).then_some(seen))
}

fn content(file: FileId, row: &Row, name: &Row) -> Result<Seen, StoreError> {
    let name: String = name.get(0)?;
    named(file, row, &FileName::new(&name))
}

fn named(file: FileId, row: &Row, name: &FileName) -> Result<Seen, StoreError> {
    let media: String = row.get(1)?;
    let media = Media::named(&media).ok_or(StoreError::Column(1))?;
    let (width, height): (Option<u32>, Option<u32>) = (row.get(2)?, row.get(3)?);
    Ok(Seen { file, name: media.truly_named(name), media, bytes: row.get(0)?, size: width.zip(height) })
}
