//! Files that people send with tickets and messages.

pub mod file_id;
pub mod file_name;
pub mod limits;
pub mod media;

pub use file_id::FileId;
pub use file_name::FileName;
pub use limits::AttachmentLimits;
pub use media::Media;
