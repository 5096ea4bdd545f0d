//! The beginning of an upload, and its end: a content in its place.

use super::media::{HEAD, Media};
use super::upload::{self, Upload};
use super::{Folder, picture, rights, trouble};
use crate::config::{Config, FileSettings};
use crate::failure::Failure;
use crate::limits::{self, Limit, Try};
use crate::params;
use crate::server::App;
use crate::storage::{Sql, StoreError, Tx};
use domain::attachment::limits::AttachmentRefusal;
use domain::{FileId, FileName, UserId};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;
use std::sync::Arc;
use uuid::Uuid;
use wire::problem::{Code, FileRefusal};

const HOUR_MS: i64 = 3_600_000;

/// What somebody wants to send.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What they call it.
    pub name: FileName,
    /// `Upload-Metadata` as it was sent.
    pub metadata: String,
    /// Its size.
    pub length: u64,
    /// What its content is to be.
    pub promised: Option<FileId>,
    /// Whether the sender understands that nothing more is needed when the content is known.
    pub may_be_known: bool,
}

/// Begins an upload. A content that the person sees already is theirs at once; about others nothing is told.
pub fn begin(
    tx: &mut Tx<'_>,
    config: &Config,
    folder: &Folder,
    user: UserId,
    wanted: Wanted,
) -> Result<Upload, Failure> {
    let limit = Limit { thing: "upload", most: config.limits.uploads_per_hour, window_ms: HOUR_MS };
    if let Try::Locked { retry_after_s } = limits::count(tx, limit, &user.to_string())? {
        return Err(Code::LockedOut { retry_after_s }.into());
    }
    let rules = config.files.on(config.day(tx.now_ms()));
    rules.limits.check(wanted.length, 0).map_err(|refusal| match refusal {
        AttachmentRefusal::Empty => Code::FileRefused { why: FileRefusal::Empty },
        AttachmentRefusal::TooLarge { .. } | AttachmentRefusal::TooMany { .. } => Code::TooLarge,
    })?;
    if unattached(tx, user)?.saturating_add(wanted.length) > config.files.person_bytes {
        return Err(Code::StorageFull.into());
    }
    let known = match wanted.promised.filter(|_| wanted.may_be_known) {
        Some(promised) => rights::seen(tx, user, promised)?,
        None => None,
    };
    let known = known.filter(|seen| seen.bytes == wanted.length && folder.holds(seen.file, seen.bytes));
    let upload = Upload {
        id: tx.id_v4(),
        user,
        name: wanted.name,
        metadata: wanted.metadata,
        length: wanted.length,
        received: known.as_ref().map_or(0, |seen| seen.bytes),
        promised: wanted.promised,
        hash: known.as_ref().map(|seen| seen.file),
        stored: known.is_some(),
        until_ms: until_ms(&config.files, tx.now_ms()),
    };
    upload::add(tx, &upload)?;
    if let Some(seen) = known {
        keep(tx, &upload, seen.file, seen.media, seen.size)?;
    }
    Ok(upload)
}

/// When an upload is given up that got its last byte now.
pub fn until_ms(settings: &FileSettings, now_ms: i64) -> i64 {
    now_ms.saturating_add(i64::from(settings.unfinished_hours) * HOUR_MS)
}

/// The bytes of a person that are not attached to anything.
fn unattached(sql: &mut dyn Sql, user: UserId) -> Result<u64, StoreError> {
    let coming = "SELECT CAST(COALESCE(SUM(length), 0) AS BIGINT) FROM uploads WHERE user_id = $1 AND stored = 0";
    let lying = "SELECT CAST(COALESCE(SUM(files.bytes), 0) AS BIGINT) FROM file_uploaders
                 JOIN files ON files.id = file_uploaders.file
                 WHERE file_uploaders.user_id = $1 AND files.attached = 0";
    let mut sum = 0_u64;
    for query in [coming, lying] {
        let row = sql.first(query, params![user])?;
        sum = sum.saturating_add(row.map(|row| row.get(0)).transpose()?.unwrap_or(0));
    }
    Ok(sum)
}

/// What was found in a content.
struct Found {
    media: Option<Media>,
    size: Option<(u32, u32)>,
}

/// What became of an upload of which all bytes came.
#[derive(Debug)]
pub enum Stored {
    /// It is in its place.
    Yes,
    /// It is not what was promised. The upload is over; another has to begin.
    Differs,
    /// It is not there any more. The upload is over.
    Lost,
}

/// Puts a content, all of which came, in its place, or refuses it. Can be asked again at any time.
pub async fn store(app: &Arc<App>, upload: &Upload) -> Result<Stored, Failure> {
    let Some(hash) = upload.hash else { return Ok(Stored::Lost) };
    if upload.stored {
        return Ok(Stored::Yes);
    }
    if upload.promised.is_some_and(|promised| promised != hash) {
        discard(app, upload).await?;
        return Ok(Stored::Differs);
    }
    let id = upload.id;
    let found = app.files.run(move |folder| look(folder, id, hash)).await?.map_err(|error| trouble(&error))?;
    let Some(found) = found else {
        discard(app, upload).await?;
        return Ok(Stored::Lost);
    };
    match judge(&app.config, app.clock.now_ms(), &found) {
        Ok(media) => settle(app, upload, hash, media, found.size).await,
        Err(why) => {
            tracing::info!(?why, kind = ?found.media, bytes = upload.length, "a file was refused");
            discard(app, upload).await?;
            Err(Code::FileRefused { why }.into())
        }
    }
}

fn judge(config: &Config, now_ms: i64, found: &Found) -> Result<Media, FileRefusal> {
    let rules = config.files.on(config.day(now_ms));
    let media = found.media.filter(|media| rules.media.contains(media)).ok_or(FileRefusal::Kind)?;
    match found.size {
        Some((width, height)) if u64::from(width) * u64::from(height) > config.files.image_pixels => {
            Err(FileRefusal::TooManyPixels)
        }
        // What begins like a picture and does not tell its size is none.
        None if media.is_picture() => Err(FileRefusal::Kind),
        _ => Ok(media),
    }
}

fn look(folder: &Folder, upload: Uuid, hash: FileId) -> io::Result<Option<Found>> {
    // A server that was killed here before may have given it its place and not have told the database.
    for place in [folder.part(upload), folder.content(hash)] {
        match look_at(&place) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            found => return found.map(Some),
        }
    }
    Ok(None)
}

fn look_at(place: &Path) -> io::Result<Found> {
    let mut file = BufReader::new(File::open(place)?);
    let mut head = Vec::new();
    file.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    file.rewind()?;
    let media = Media::of(&head);
    let size = media.and_then(|media| picture::size(file, media));
    Ok(Found { media, size })
}

/// The renaming stands inside the one writing transaction, so that no sweep on any server removes the content between
/// the two.
async fn settle(
    app: &Arc<App>,
    upload: &Upload,
    hash: FileId,
    media: Media,
    size: Option<(u32, u32)>,
) -> Result<Stored, Failure> {
    let (folder, upload) = (Arc::clone(app.files.folder()), upload.clone());
    let done = app.store.write(move |tx| {
        let Some(now) = upload::find(tx, upload.user, upload.id)? else { return Ok(Stored::Lost) };
        if now.stored {
            return Ok(Stored::Yes);
        }
        let placed = folder.place(upload.id, hash).map_err(|error| trouble(&error))?;
        if !placed && !folder.holds(hash, upload.length) {
            return Err(Failure::Internal("an upload that had come is not there".into()));
        }
        keep(tx, &now, hash, media, size)?;
        upload::mark_stored(tx, upload.id)?;
        tracing::info!(kind = media.name(), bytes = upload.length, "a file was stored");
        Ok(Stored::Yes)
    });
    Ok(done.await?.value)
}

/// The rows of a content that a person uploaded.
fn keep(
    tx: &mut Tx<'_>,
    upload: &Upload,
    file: FileId,
    media: Media,
    size: Option<(u32, u32)>,
) -> Result<(), StoreError> {
    let now = tx.now_ms();
    let (width, height) = size.unzip();
    tx.execute(
        "INSERT INTO files (id, bytes, media, width, height, attached, uploaded_ms) VALUES ($1, $2, $3, $4, $5, 0, $6)
         ON CONFLICT (id) DO UPDATE SET uploaded_ms = $6",
        params![file, upload.length, media.name(), width, height, now],
    )?;
    tx.execute(
        "INSERT INTO file_uploaders (file, user_id, name, uploaded_ms) VALUES ($1, $2, $3, $4)
         ON CONFLICT (file, user_id) DO UPDATE SET name = $3, uploaded_ms = $4",
        params![file, upload.user, upload.name.as_str(), now],
    )?;
    Ok(())
}

/// Ends an upload; what came of it goes.
pub async fn discard(app: &Arc<App>, upload: &Upload) -> Result<(), Failure> {
    let id = upload.id;
    app.store.write(move |tx| upload::forget(tx, id)).await?;
    app.files.run(move |folder| folder.remove_part(id)).await?.map_err(|error| trouble(&error))
}
