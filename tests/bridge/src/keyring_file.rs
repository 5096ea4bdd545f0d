//! A keyring for tests: keys of people in a file, in plain text. A test says explicitly that it wants one.

use client::ports::{Keychain, KeychainError};
use domain::UserId;
use serde_json::{Map, Value};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Keys in a JSON file.
pub struct KeyringFile {
    path: PathBuf,
    /// One change at a time: the file is read, changed and written as a whole.
    changing: Mutex<()>,
}

impl KeyringFile {
    /// The keyring in this file, which need not exist yet.
    pub fn new(path: PathBuf) -> Self {
        Self { path, changing: Mutex::new(()) }
    }

    fn read(&self) -> Result<Map<String, Value>, KeychainError> {
        match std::fs::read(&self.path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| KeychainError(error.to_string())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Map::new()),
            Err(error) => Err(KeychainError(error.to_string())),
        }
    }

    fn change(&self, change: impl FnOnce(&mut Map<String, Value>)) -> Result<(), KeychainError> {
        let _one = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut keys = self.read()?;
        change(&mut keys);
        std::fs::write(&self.path, Value::Object(keys).to_string()).map_err(|error| KeychainError(error.to_string()))
    }
}

impl Keychain for KeyringFile {
    fn available(&self) -> bool {
        true
    }

    fn get(&self, user: UserId) -> Result<Option<Vec<u8>>, KeychainError> {
        let keys = self.read()?;
        let Some(key) = keys.get(&user.to_string()).and_then(Value::as_str) else { return Ok(None) };
        hex::decode(key).map(Some).map_err(|error| KeychainError(error.to_string()))
    }

    fn set(&self, user: UserId, secret: &[u8]) -> Result<(), KeychainError> {
        self.change(|keys| {
            keys.insert(user.to_string(), Value::String(hex::encode(secret)));
        })
    }

    fn delete(&self, user: UserId) -> Result<(), KeychainError> {
        self.change(|keys| {
            keys.remove(&user.to_string());
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_a_restart_until_it_is_deleted() {
        let folder = tempfile::tempdir().expect("a folder");
        let open = || KeyringFile::new(folder.path().join("keyring.json"));
        let user: UserId = "00000000-0000-0000-0000-000000000007".parse().expect("an id");
        assert_eq!(open().get(user).expect("read"), None);
        open().set(user, &[7; 32]).expect("kept");
        assert_eq!(open().get(user).expect("read"), Some(vec![7; 32]));
        open().delete(user).expect("deleted");
        assert_eq!(open().get(user).expect("read"), None);
    }
}
