//! Files that people send: how they come in, where they lie, who may have them.
//!
//! A content is kept once, under its SHA-256. It comes in by tus 1.0 ([`receiving`]), byte by byte, so that a broken line
//! costs nothing that has come; what the database says has come is on the disk. When all of it came, it is looked at
//! ([`media`], [`picture`]) and put in its place ([`storing`]). From then on its uploader sees it; others do when it is
//! attached to something that they see ([`rights`]). What nothing refers to goes after a while ([`sweeping`]).

pub mod checksum;
mod folder;
mod incoming;
pub mod media;
mod part;
pub(crate) mod picture;
pub mod receiving;
pub mod rights;
pub mod storing;
pub mod sweeping;
mod thumbnail;
pub mod upload;

pub use folder::Folder;
pub use media::Media;
pub use rights::{Attached, Attachment, Seen, attach, forget, seen, share};
pub use thumbnail::thumbnail;

use crate::config::FileSettings;
use crate::failure::Failure;
use crate::storage::Work;
use std::future::Future;
use std::io;
use std::sync::Arc;
use tokio::sync::Semaphore;
use wire::problem::Code;

/// The folder of files, and those who work in it.
#[derive(Debug, Clone)]
pub struct Files {
    folder: Arc<Folder>,
    work: Work,
    /// Pictures need much memory for a moment; so many may be worked on at once.
    pictures: Arc<Semaphore>,
}

impl Files {
    /// Opens the folder; makes it if it is not there.
    pub fn open(settings: &FileSettings, work: Work) -> io::Result<Self> {
        let folder = Arc::new(Folder::open(&settings.folder)?);
        Ok(Self { folder, work, pictures: Arc::new(Semaphore::new(settings.images_at_once)) })
    }

    /// The folder.
    pub fn folder(&self) -> &Arc<Folder> {
        &self.folder
    }

    /// Does what waits for the disk or takes long, where it holds up nobody.
    pub async fn run<T: Send + 'static>(&self, job: impl FnOnce(&Folder) -> T + Send + 'static) -> Result<T, Failure> {
        match self.work {
            Work::Inline => Ok(job(&self.folder)),
            Work::Threads => {
                let folder = Arc::clone(&self.folder);
                tokio::task::spawn_blocking(move || job(&folder)).await.map_err(panicked)
            }
        }
    }

    /// Does to its end what must not stop half way when whoever asked for it goes away.
    pub async fn see_through<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Failure> {
        match self.work {
            Work::Inline => Ok(work.await),
            Work::Threads => tokio::spawn(work).await.map_err(panicked),
        }
    }
}

fn panicked(_: tokio::task::JoinError) -> Failure {
    Failure::Internal("work on a file panicked".into())
}

/// What the disk says, as an answer. Names of files and folders are not told.
fn trouble(error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Code::StorageFull.into(),
        kind => Failure::Internal(format!("the folder of files: {kind}")),
    }
}
