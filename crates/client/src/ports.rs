//! The outer world, passed in: what a simulation replaces.
//!
//! The engine reads no clock, draws no random number, opens no socket and spawns no task by itself. `src-tauri`
//! and the tests hand in [`Ports`].

use async_trait::async_trait;
use bytes::Bytes;
use domain::capture::ClockReading;
use domain::{FileId, UserId};
use futures_util::stream::BoxStream;
use std::future::Future;
use std::io::{self, Read, Seek, Write};
use std::ops::Range;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

/// Everything outside.
#[derive(Clone)]
pub struct Ports {
    /// The way to the server.
    pub transport: Arc<dyn Transport>,
    /// The clocks of this computer.
    pub clock: Arc<dyn Clock>,
    /// Randomness: keys, nonces, ids, jitter.
    pub random: Arc<dyn Random>,
    /// The OS keyring, if there is one.
    pub keychain: Arc<dyn Keychain>,
    /// Starts background tasks.
    pub spawn: Arc<dyn Spawn>,
    /// The disk under the encrypted blobs.
    pub blobs: Arc<dyn BlobDisk>,
}

/// One request to the server.
#[derive(Clone)]
pub struct Request {
    /// `GET`, `POST`, `DELETE`.
    pub method: &'static str,
    /// Path and query, beginning with `/v1/`.
    pub path: String,
    /// The access token for `authorization: Bearer`.
    pub bearer: Option<String>,
    /// The body, if any.
    pub body: Option<Body>,
    /// What of an upload it is, if it is one: then there is no other body.
    pub upload: Option<UploadStep>,
    /// Which bytes of the whole are asked for, if not all.
    pub range: Option<Range<u64>>,
}

/// One step of an upload by tus 1.0.
#[derive(Clone)]
pub enum UploadStep {
    /// `POST`: begins one, or hears that the content is known.
    Begin {
        /// Its size in bytes.
        length: u64,
        /// What its content is.
        content: FileId,
    },
    /// `HEAD`: asks how much has come.
    Standing,
    /// `PATCH`: brings more.
    Write {
        /// From where on.
        offset: u64,
        /// The bytes.
        bytes: Bytes,
    },
}

/// What an answer to a step of an upload tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadTold {
    /// How much has come.
    pub offset: Option<u64>,
    /// Where the upload goes on: a path that begins with `/`.
    pub location: Option<String>,
}

/// The body of a request.
#[derive(Clone)]
pub struct Body {
    /// JSON text, perhaps compressed.
    pub bytes: Bytes,
    /// Whether `bytes` are zstd of the JSON text.
    pub zstd: bool,
}

/// An answer, from whoever gave it: a proxy or a captive portal may have.
#[derive(Clone)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// `content-type`, lower case, without parameters.
    pub content_type: String,
    /// `retry-after` as it stands.
    pub retry_after: Option<String>,
    /// `zhkh-time`, milliseconds since 1970 UTC.
    pub server_ms: Option<i64>,
    /// What it tells of an upload, if it speaks tus: a proxy does not.
    pub upload: Option<UploadTold>,
    /// The body.
    pub bytes: Bytes,
}

/// No answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TransportError {
    /// Certainly nothing was sent: no route, refused, name not found.
    #[error("no connection: {0}")]
    NoConnection(String),
    /// Something may have been sent: cut, timed out.
    #[error("the answer was lost: {0}")]
    AnswerLost(String),
}

/// The way to the server.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends one request and reads the whole answer.
    async fn call(&self, request: Request) -> Result<Response, TransportError>;
    /// Opens a stream of server-sent events and yields its bytes as they come.
    async fn events(
        &self,
        request: Request,
    ) -> Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>;
}

/// The clocks.
pub trait Clock: Send + Sync {
    /// All clocks at one moment.
    fn read(&self) -> ClockReading;
}

/// Randomness.
pub trait Random: Send + Sync {
    /// Fills `bytes`. A real implementation asks the operating system.
    fn fill(&self, bytes: &mut [u8]);
}

/// The OS keyring. Calls may block; the engine makes them off its tasks, with a time limit.
pub trait Keychain: Send + Sync {
    /// Whether there is a keyring that keeps secrets across restarts.
    fn available(&self) -> bool;
    /// The key of a person.
    fn get(&self, user: UserId) -> Result<Option<Vec<u8>>, KeychainError>;
    /// Keeps the key of a person.
    fn set(&self, user: UserId, secret: &[u8]) -> Result<(), KeychainError>;
    /// Forgets it; nothing kept is no error.
    fn delete(&self, user: UserId) -> Result<(), KeychainError>;
}

/// The keyring did not do it.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the keyring of the system is not usable: {0}")]
pub struct KeychainError(pub String);

/// A keyring that is not there: people sign in by password at every start.
pub struct NoKeychain;

impl Keychain for NoKeychain {
    fn available(&self) -> bool {
        false
    }
    fn get(&self, _: UserId) -> Result<Option<Vec<u8>>, KeychainError> {
        Ok(None)
    }
    fn set(&self, _: UserId, _: &[u8]) -> Result<(), KeychainError> {
        Err(KeychainError("there is none".into()))
    }
    fn delete(&self, _: UserId) -> Result<(), KeychainError> {
        Ok(())
    }
}

/// The disk under the encrypted blobs. What was not synced may be gone after a power cut, file or name; a simulation loses
/// it. The databases have a disk of their own, SQLite's.
pub trait BlobDisk: Send + Sync {
    /// Makes a folder, durably; one that is there is no error.
    fn make_folder(&self, folder: &Path) -> io::Result<()>;
    /// The names of the files in a folder.
    fn names(&self, folder: &Path) -> io::Result<Vec<String>>;
    /// Makes an empty file, in place of one of that name.
    fn create(&self, file: &Path) -> io::Result<Box<dyn BlobSink>>;
    /// Opens a file for reading.
    fn open(&self, file: &Path) -> io::Result<Box<dyn BlobSource>>;
    /// Gives a file another name, in place of a file of that name.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, file: &Path) -> io::Result<()>;
    /// Makes the names in a folder survive a power cut.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
}

/// A file that is being written.
pub trait BlobSink: Write + Send {
    /// Makes what was written survive a power cut.
    fn sync(&mut self) -> io::Result<()>;
}

/// A file that is being read, from any place.
pub trait BlobSource: Read + Seek + Send {}

impl<T: Read + Seek + Send> BlobSource for T {}

/// Opens files and pages in the system's programs.
pub trait Opener: std::fmt::Debug + Send + Sync {
    /// Hands a file over; does not wait for whoever looks at it.
    fn open(&self, file: &Path) -> io::Result<()>;
    /// Opens a page in the person's browser. The address was looked at by whoever calls.
    fn browse(&self, url: &str) -> io::Result<()>;
}

/// Starts background tasks.
pub trait Spawn: Send + Sync {
    /// Starts one.
    fn spawn(&self, task: Pin<Box<dyn Future<Output = ()> + Send>>);
    /// Does work that blocks, or is slow on purpose, where it holds up no task. A simulation does it on the spot.
    fn apart(&self, work: Box<dyn FnOnce() + Send>) -> io::Result<()> {
        std::thread::Builder::new().name("apart".into()).spawn(work).map(drop)
    }
}
