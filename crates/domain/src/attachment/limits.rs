//! How large and how many files may be. The utility's settings; the desktop asks before it copies anything.

use serde::{Deserialize, Serialize};

/// The limits of one message or ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AttachmentLimits {
    /// The largest file, in bytes.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub file_bytes: u64,
    /// How many files one message or ticket carries.
    pub files: u8,
}

/// Why a file cannot be attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AttachmentRefusal {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is larger than the utility takes.
    #[error("the file is larger than {limit} bytes")]
    TooLarge {
        /// The largest size, in bytes.
        limit: u64,
    },
    /// There are as many as there may be.
    #[error("more than {limit} files")]
    TooMany {
        /// How many there may be.
        limit: u8,
    },
}

/// 25 MB and 10 files.
impl Default for AttachmentLimits {
    fn default() -> Self {
        Self { file_bytes: 25_000_000, files: 10 }
    }
}

impl AttachmentLimits {
    /// Whether a file of so many bytes may join `attached` others.
    pub fn check(self, bytes: u64, attached: usize) -> Result<(), AttachmentRefusal> {
        if bytes == 0 {
            Err(AttachmentRefusal::Empty)
        } else if bytes > self.file_bytes {
            Err(AttachmentRefusal::TooLarge { limit: self.file_bytes })
        } else if attached >= usize::from(self.files) {
            Err(AttachmentRefusal::TooMany { limit: self.files })
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_largest_size_is_taken_and_one_byte_more_is_not() {
        let limits = AttachmentLimits::default();
        assert_eq!(limits.check(25_000_000, 9), Ok(()));
        assert_eq!(limits.check(25_000_001, 0), Err(AttachmentRefusal::TooLarge { limit: 25_000_000 }));
        assert_eq!(limits.check(0, 0), Err(AttachmentRefusal::Empty));
        assert_eq!(limits.check(1, 10), Err(AttachmentRefusal::TooMany { limit: 10 }));
    }
}
