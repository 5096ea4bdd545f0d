//! The bytes of an upload, from the network to the disk.

use super::checksum::Checksum;
use super::incoming::{End, Incoming, KEEP_EVERY, Piece};
use super::part::{self, Part};
use super::storing::{self, Stored};
use super::trouble;
use super::upload::{self, Upload};
use crate::failure::Failure;
use crate::server::App;
use crate::storage::StoreError;
use axum::body::{Body, Bytes};
use domain::UserId;
use std::io;
use std::sync::Arc;
use tokio::time::Instant;
use uuid::Uuid;
use wire::problem::Code;

/// Why a request of an upload has not done what it should.
#[derive(Debug)]
pub enum Stop {
    /// There is no such upload, for this person.
    Unknown,
    /// Another request writes it now.
    Busy,
    /// It stands elsewhere.
    Conflict,
    /// The bytes are not those that were promised; none of them stay.
    Differs,
    /// The line broke or fell silent. What came is kept.
    Interrupted,
    /// The server stops. What came is kept.
    Closing,
    /// Something else.
    Failure(Failure),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failure(error.into())
    }
}

impl From<Code> for Stop {
    fn from(code: Code) -> Self {
        Self::Failure(code.into())
    }
}

/// A request that writes on.
pub struct Writing {
    /// Whose.
    pub user: UserId,
    /// Which upload.
    pub upload: Uuid,
    /// Where the sender believes it stands.
    pub offset: u64,
    /// How many bytes the request says it brings.
    pub declared: Option<u64>,
    /// What the bytes of this request are to add up to.
    pub checksum: Option<Checksum>,
    /// The bytes.
    pub body: Body,
}

/// An upload of a person as it stands; one that all came for is put in its place first.
pub async fn standing(app: &Arc<App>, user: UserId, id: Uuid) -> Result<Upload, Stop> {
    let upload = find(app, user, id).await?;
    if upload.hash.is_some() { finish(app, upload).await } else { Ok(upload) }
}

async fn find(app: &Arc<App>, user: UserId, id: Uuid) -> Result<Upload, Stop> {
    let now = app.clock.now_ms();
    let found: Option<Upload> = app.store.read(move |sql| upload::find(sql, user, id)).await?;
    found.filter(|upload| upload.until_ms > now).ok_or(Stop::Unknown)
}

async fn finish(app: &Arc<App>, upload: Upload) -> Result<Upload, Stop> {
    match storing::store(app, &upload).await? {
        Stored::Yes => Ok(Upload { stored: true, ..upload }),
        Stored::Differs => Err(Stop::Differs),
        Stored::Lost => Err(Stop::Unknown),
    }
}

/// Writes on, and puts the content in its place when that was all.
pub async fn receive(app: &Arc<App>, writing: Writing) -> Result<Upload, Stop> {
    let (user, id) = (writing.user, writing.upload);
    let Some((receiving, body)) = Receiving::begin(app, writing).await? else { return standing(app, user, id).await };
    let upload = receiving.take_all(&mut Incoming::new(body, app)).await?;
    if upload.hash.is_some() { finish(app, upload).await } else { Ok(upload) }
}

/// An upload that is being written.
struct Receiving {
    app: Arc<App>,
    upload: Upload,
    part: Part,
    has_checksum: bool,
    /// How much came, kept or not.
    end: u64,
    kept_at: Instant,
}

impl Receiving {
    /// `None` when all of it has come before.
    async fn begin(app: &Arc<App>, writing: Writing) -> Result<Option<(Self, Body)>, Stop> {
        let Writing { user, upload: id, offset, declared, checksum, body } = writing;
        let upload = find(app, user, id).await?;
        if offset != upload.received {
            return Err(Stop::Conflict);
        }
        if declared.is_some_and(|bytes| bytes > upload.length - offset) {
            return Err(Code::TooLarge.into());
        }
        if upload.hash.is_some() {
            return Ok(None);
        }
        let part = app.files.run(move |folder| Part::hold(folder, id)).await?.map_err(|error| trouble(&error))?;
        let mut part = part.ok_or(Stop::Busy)?;
        // Whoever held it before may have written meanwhile.
        let upload = find(app, user, id).await?;
        if offset != upload.received || upload.hash.is_some() {
            return Err(Stop::Conflict);
        }
        let has_checksum = checksum.is_some();
        let begun = app.files.run(move |_| part.begin(offset, checksum).map(|whole| (part, whole)));
        let (part, is_whole) = begun.await?.map_err(|error| trouble(&error))?;
        if !is_whole {
            tracing::error!("the disk has lost what it had confirmed of an upload; it has to begin anew");
            storing::discard(app, &upload).await?;
            return Err(Stop::Unknown);
        }
        let (end, kept_at) = (upload.received, Instant::now());
        Ok(Some((Self { app: Arc::clone(app), upload, part, has_checksum, end, kept_at }, body)))
    }

    async fn take_all(mut self, incoming: &mut Incoming) -> Result<Upload, Stop> {
        let mut piece = incoming.next().await;
        loop {
            let Piece { chunks, count, end } = piece;
            self.end += count as u64;
            if self.end > self.upload.length {
                self.take_back().await?;
                return Err(Code::TooLarge.into());
            }
            // The next piece comes in while this one is written.
            let (writing, next) = tokio::join!(self.write(chunks), async {
                if end.is_none() { Some(incoming.next().await) } else { None }
            });
            self = writing?;
            match (next, end) {
                (Some(next), _) => piece = next,
                (None, Some(End::Whole)) => return self.end_whole().await,
                (None, _) => return self.end_broken().await,
            }
            if !self.has_checksum && self.end > self.upload.received && self.kept_at.elapsed() >= KEEP_EVERY {
                self = self.keep().await?;
            }
        }
    }

    async fn end_whole(self) -> Result<Upload, Stop> {
        let mut receiving = self;
        if !receiving.part.adds_up() {
            receiving.take_back().await?;
            return Err(Stop::Differs);
        }
        if receiving.end > receiving.upload.received {
            receiving = receiving.keep().await?;
        }
        Ok(receiving.upload)
    }

    /// Bytes whose sum is not known to be right are none.
    async fn end_broken(self) -> Result<Upload, Stop> {
        let stop = if self.app.stopping.is_cancelled() { Stop::Closing } else { Stop::Interrupted };
        if self.has_checksum {
            self.take_back().await?;
        } else if self.end > self.upload.received {
            self.keep().await?;
        }
        Err(stop)
    }

    async fn write(self, chunks: Vec<Bytes>) -> Result<Self, Stop> {
        if chunks.is_empty() {
            return Ok(self);
        }
        let written = self.with(move |part| chunks.iter().try_for_each(|chunk| part.write(chunk)));
        written.await.map(|(receiving, ())| receiving)
    }

    /// What was written is on the disk before the database says so, and the database says so before the sender hears it.
    async fn keep(self) -> Result<Self, Stop> {
        let (received, app) = (self.end, Arc::clone(&self.app));
        // While nothing was acknowledged the file may be new, and its name on no disk.
        let is_new = self.upload.received == 0;
        let whole = if received == self.upload.length { Some(self.part.twin()) } else { None };
        // The disk is waited for, and what it writes is hashed, at the same time.
        let (kept, named, hashed) = tokio::join!(
            self.with(|part| part.keep()),
            app.files.run(move |folder| if is_new { folder.keep_parts() } else { Ok(()) }),
            app.files.run(move |_| whole.map(|twin| twin.and_then(part::name_of)).transpose()),
        );
        let (mut receiving, ()) = kept?;
        named?.map_err(|error| trouble(&error))?;
        let hash = hashed?.map_err(|error| trouble(&error))?;
        let was = receiving.upload.clone();
        let until_ms = storing::until_ms(&app.config.files, app.clock.now_ms());
        let noted = app.store.write(move |tx| upload::advance(tx, &was, received, hash, until_ms)).await?;
        if !noted.value {
            return Err(Stop::Unknown);
        }
        receiving.upload = Upload { received, hash, until_ms, ..receiving.upload };
        receiving.kept_at = Instant::now();
        Ok(receiving)
    }

    /// Forgets what came and was not kept.
    async fn take_back(self) -> Result<(), Stop> {
        let received = self.upload.received;
        self.with(move |part| part.cut_to(received)).await.map(drop)
    }

    async fn with<T: Send + 'static>(
        self,
        job: impl FnOnce(&mut Part) -> io::Result<T> + Send + 'static,
    ) -> Result<(Self, T), Stop> {
        let Self { app, upload, mut part, has_checksum, end, kept_at } = self;
        let done = app.files.run(move |_| job(&mut part).map(|done| (part, done))).await?;
        let (part, done) = done.map_err(|error| trouble(&error))?;
        Ok((Self { app, upload, part, has_checksum, end, kept_at }, done))
    }
}
