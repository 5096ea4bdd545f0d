//! Random bytes, hashes of tokens and codes.

use crate::random::Random;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use std::io::{self, Write};
use std::path::Path;
use subtle::ConstantTimeEq;

/// Writes a secret file beside its place and gives it its name when the disk has it: after a power cut it is whole or not
/// there. A half one would keep the server from ever starting again. One that is there by now stays: of two servers that
/// start in one folder both go on with the same.
fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension(format!("{}.new", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    match std::fs::hard_link(&beside, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => std::fs::remove_file(&beside)?,
        Ok(()) => std::fs::remove_file(&beside)?,
        // A file system without links: whoever is last is right.
        Err(_) => std::fs::rename(&beside, path)?,
    }
    // Windows has no flush of a folder, and needs none: the key is made again when its name is lost.
    if let Some(folder) = path.parent().filter(|_| cfg!(unix)) {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// The server's own key for HMACs of codes. It lies beside the database, not in it: a copied database alone does
/// not tell the codes.
#[derive(Clone)]
pub struct ServerKey([u8; 32]);

impl std::fmt::Debug for ServerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServerKey(…)")
    }
}

/// 32 random bytes.
pub fn draw(random: &dyn Random) -> [u8; 32] {
    let mut bytes = [0; 32];
    random.fill(&mut bytes);
    bytes
}

/// A new token for the wire: 64 hex digits.
pub fn token(random: &dyn Random) -> String {
    hex::encode(draw(random))
}

/// What is kept of a token. It is random, so one hash is enough.
pub fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// A code of `digits` decimal digits.
pub fn code(random: &dyn Random, digits: u8) -> String {
    (0..digits).map(|_| digit(random)).collect()
}

/// The 250 lower values of a byte are 25 for each digit; the rest would favour some.
fn digit(random: &dyn Random) -> char {
    let mut byte = [u8::MAX];
    while byte[0] >= 250 {
        random.fill(&mut byte);
    }
    char::from(b'0' + byte[0] % 10)
}

impl ServerKey {
    /// Reads the key file, or makes it.
    pub fn load(path: &Path, random: &dyn Random) -> io::Result<Self> {
        match std::fs::read(path) {
            Ok(bytes) => <[u8; 32]>::try_from(bytes)
                .map(Self)
                .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "the key file does not hold 32 bytes")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                write_durably(path, &draw(random))?;
                std::fs::read(path)?.try_into().map(Self).map_err(|_| io::ErrorKind::InvalidData.into())
            }
            Err(error) => Err(error),
        }
    }

    /// Tells two keys apart, and nothing else of them.
    pub fn fingerprint(&self) -> String {
        hex::encode(self.code_mac("fingerprint", ""))
    }

    /// The HMAC of a code, bound to what it is for.
    pub fn code_mac(&self, purpose: &str, code: &str) -> Vec<u8> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(code.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }
}

/// Equality that takes the same time wherever the difference is.
pub fn same(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}
