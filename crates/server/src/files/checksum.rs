//! `Upload-Checksum`: what one request of an upload must add up to.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// The algorithms, as `Tus-Checksum-Algorithm` lists them.
pub const ALGORITHMS: &str = "sha1,sha256";

/// A sum that was promised, and the one that is being made.
pub struct Checksum {
    promised: Vec<u8>,
    made: Sum,
}

enum Sum {
    Sha1(Sha1),
    Sha256(Sha256),
}

/// Why a header names no sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoChecksum {
    /// It is not «algorithm, space, Base64».
    Unreadable,
    /// The algorithm is none of [`ALGORITHMS`].
    UnknownAlgorithm,
}

impl Checksum {
    /// Reads the header.
    pub fn read(header: &str) -> Result<Self, NoChecksum> {
        let (algorithm, sum) = header.trim().split_once(' ').ok_or(NoChecksum::Unreadable)?;
        let made = match algorithm {
            "sha1" => Sum::Sha1(Sha1::new()),
            "sha256" => Sum::Sha256(Sha256::new()),
            _ => return Err(NoChecksum::UnknownAlgorithm),
        };
        let promised = BASE64.decode(sum.trim()).map_err(|_| NoChecksum::Unreadable)?;
        Ok(Self { promised, made })
    }

    /// Adds what came.
    pub fn add(&mut self, bytes: &[u8]) {
        match &mut self.made {
            Sum::Sha1(sum) => sum.update(bytes),
            Sum::Sha256(sum) => sum.update(bytes),
        }
    }

    /// Whether what came is what was promised.
    pub fn holds(self) -> bool {
        match self.made {
            Sum::Sha1(sum) => sum.finalize().as_slice() == self.promised,
            Sum::Sha256(sum) => sum.finalize().as_slice() == self.promised,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_of_the_protocols_own_example_holds_and_that_of_anything_else_does_not() {
        // tus 1.0, Checksum: «hello world».
        for (sent, holds) in [("hello world", true), ("hello worle", false)] {
            let mut sum = Checksum::read("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=").expect("read");
            sum.add(&sent.as_bytes()[..3]);
            sum.add(&sent.as_bytes()[3..]);
            assert_eq!(sum.holds(), holds);
        }
        let header = format!("sha256 {}", BASE64.encode(Sha256::digest(b"")));
        assert!(Checksum::read(&header).expect("read").holds());
    }

    #[test]
    fn an_algorithm_that_is_not_known_is_told_from_a_header_that_cannot_be_read() {
        let why = |header: &str| Checksum::read(header).err();
        assert_eq!(why("md5 1B2M2Y8AsgTpgAmY7PhCfg=="), Some(NoChecksum::UnknownAlgorithm));
        assert_eq!(why("sha1"), Some(NoChecksum::Unreadable));
        assert_eq!(why("sha1 !"), Some(NoChecksum::Unreadable));
    }
}
