//! The form of a blob's file and the keys it is sealed with.
//!
//! ```text
//! zhkhblb1                      8 bytes: what this is
//! salt                         32 bytes, random for every file
//! piece, piece, …              64 KiB of content and 16 bytes of tag each; the last one is shorter, or full
//! ```
//!
//! Every file has a key of its own, derived from the person's data key, the blob's name and the salt: a file under
//! another blob's name does not open. The nonce of a piece is its number and whether it is the last: a piece in another
//! place, a missing tail and a tail that was added do not open. This is the construction STREAM; no nonce comes twice
//! under one key, because no two files share a salt.

use super::{BlobError, BlobName};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::io::{self, Read};
use zeroize::Zeroizing;

/// How much plain content a piece holds.
pub(super) const CHUNK: usize = 64 * 1024;
/// How much longer a sealed piece is.
pub(super) const TAG: usize = 16;
/// The length of the salt.
pub(super) const SALT: usize = 32;
/// The length of what stands before the first piece.
pub(super) const HEADER: usize = MAGIC.len() + SALT;

const MAGIC: &[u8; 8] = b"zhkhblb1";

/// What stands before the first piece.
pub(super) fn header(salt: &[u8; SALT]) -> Vec<u8> {
    [MAGIC.as_slice(), salt].concat()
}

/// The salt in a header.
pub(super) fn salt_in(header: &[u8; HEADER]) -> Result<[u8; SALT], BlobError> {
    let salt = header.strip_prefix(MAGIC).and_then(|salt| salt.try_into().ok());
    salt.ok_or(BlobError::Damaged)
}

/// The keys of one person's blobs.
pub(super) struct Keys {
    root: Hkdf<Sha256>,
    naming: Hmac<Sha256>,
}

impl Keys {
    pub(super) fn of(data_key: &[u8; 32]) -> Self {
        let root = Hkdf::<Sha256>::new(Some(b"zhkh blobs"), data_key);
        let key = derive(&root, &[b"name"]);
        let naming = <Hmac<Sha256> as Mac>::new_from_slice(key.as_slice()).expect("HMAC takes keys of any length");
        Self { root, naming }
    }

    /// The name of what is left to read.
    pub(super) fn name_of(&self, content: &mut impl Read) -> io::Result<BlobName> {
        let mut naming = self.naming();
        loop {
            let piece = super::next_piece(content)?;
            if piece.is_empty() {
                return Ok(naming.name());
            }
            naming.take(&piece);
        }
    }

    pub(super) fn naming(&self) -> Naming {
        Naming(self.naming.clone())
    }

    /// What seals and opens the file of this blob that has this salt.
    pub(super) fn seal_of(&self, name: BlobName, salt: &[u8; SALT]) -> Seal {
        let key = derive(&self.root, &[b"content", &name.0, salt]);
        Seal(XChaCha20Poly1305::new(key.as_slice().into()))
    }
}

fn derive(root: &Hkdf<Sha256>, of: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    root.expand_multi_info(of, key.as_mut_slice()).expect("HKDF gives 32 bytes");
    key
}

/// Content on its way to its name.
pub(super) struct Naming(Hmac<Sha256>);

impl Naming {
    pub(super) fn take(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    pub(super) fn name(self) -> BlobName {
        BlobName(self.0.finalize().into_bytes().into())
    }
}

/// Seals and opens the pieces of one file.
pub(super) struct Seal(XChaCha20Poly1305);

impl Seal {
    pub(super) fn close(&self, number: u64, last: bool, piece: &[u8]) -> Result<Vec<u8>, BlobError> {
        let payload = Payload { msg: piece, aad: MAGIC };
        self.0.encrypt(&nonce(number, last), payload).map_err(|_| BlobError::Damaged)
    }

    pub(super) fn open(&self, number: u64, last: bool, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, BlobError> {
        let payload = Payload { msg: sealed, aad: MAGIC };
        let opened = self.0.decrypt(&nonce(number, last), payload);
        opened.map(Zeroizing::new).map_err(|_| BlobError::Damaged)
    }
}

fn nonce(number: u64, last: bool) -> XNonce {
    let mut nonce = [0; 24];
    nonce[..8].copy_from_slice(&number.to_be_bytes());
    nonce[8] = u8::from(last);
    nonce.into()
}
