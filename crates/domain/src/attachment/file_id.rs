//! The name of a file's content.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// The SHA-256 of a file's plain content: 64 hex digits in lower case. The same content has the same name everywhere.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
pub struct FileId([u8; 32]);

/// The text is not a name of a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the SHA-256 of a file: 64 hex digits in lower case")]
pub struct FileIdError;

impl FileId {
    /// The name of a content with this SHA-256.
    pub const fn of(sha256: [u8; 32]) -> Self {
        Self(sha256)
    }

    /// The SHA-256.
    pub const fn sha256(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileId({self})")
    }
}

impl FromStr for FileId {
    type Err = FileIdError;

    fn from_str(text: &str) -> Result<Self, FileIdError> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(FileIdError);
        }
        let mut sha256 = [0; 32];
        for (byte, pair) in sha256.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Ok(Self(sha256))
    }
}

/// One content has one name, so capitals are no digits here.
const fn digit(sign: u8) -> Result<u8, FileIdError> {
    match sign {
        b'0'..=b'9' => Ok(sign - b'0'),
        b'a'..=b'f' => Ok(sign - b'a' + 10),
        _ => Err(FileIdError),
    }
}

impl Serialize for FileId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FileId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_64_digits_in_lower_case_and_nothing_else() {
        let name = "00ff".repeat(16);
        let read: FileId = name.parse().expect("a name");
        assert_eq!(read.to_string(), name);
        assert_eq!(serde_json::to_string(&read).expect("written"), format!("\"{name}\""));
        for other in [name.to_uppercase(), name[1..].to_owned(), format!("{name}0"), "../x".into(), "ж".repeat(32)] {
            assert_eq!(other.parse::<FileId>(), Err(FileIdError), "{other}");
        }
    }
}
