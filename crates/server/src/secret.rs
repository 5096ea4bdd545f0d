//! Random bytes, hashes of tokens and codes.

use hmac::{Hmac, Mac};
use rand::RngCore;
use sha2::{Digest, Sha256};
use std::io::{self, Write};
use std::path::Path;
use subtle::ConstantTimeEq;

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
pub fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// A new token for the wire: 64 hex digits.
pub fn token() -> String {
    hex::encode(random())
}

/// What is kept of a token. It is random, so one hash is enough.
pub fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// A code of `digits` decimal digits.
pub fn code(digits: u8) -> String {
    (0..digits).map(|_| char::from(b'0' + rand::random_range(0..10_u8))).collect()
}

impl ServerKey {
    /// Reads the key file, or makes it.
    pub fn load(path: &Path) -> io::Result<Self> {
        match std::fs::read(path) {
            Ok(bytes) => <[u8; 32]>::try_from(bytes)
                .map(Self)
                .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "the key file does not hold 32 bytes")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = random();
                let mut options = std::fs::OpenOptions::new();
                options.write(true).create_new(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let mut file = options.open(path)?;
                file.write_all(&key)?;
                file.sync_all()?;
                Ok(Self(key))
            }
            Err(error) => Err(error),
        }
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
