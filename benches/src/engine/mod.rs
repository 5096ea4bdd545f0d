//! The desktop's engine beside the bare work of the same kind.

pub(crate) mod bare_file;
mod bare_http;
pub(crate) mod desk;
pub mod drain;
pub mod enqueue;
pub mod pages;
pub mod pull;

/// What survives what while the engine sends and receives.
pub const DURABLE: &str = "шифрованные файлы; отправленное и ответ на диске (FULL) до следующего шага, сервер FULL до ответа; зеркало WAL NORMAL";
