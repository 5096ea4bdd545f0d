//! The one key under which everything of a person on this computer is encrypted, in three wrapped copies.
//!
//! * In the keyring of the system, as it is: the program starts signed in. Absent with «Не сохранять пароль».
//! * In `vault.json`, under a key derived from phone and password: sign-in works without a connection.
//! * In `vault.json`, under a secret that the server gives this device after a sign-in: a password changed
//!   elsewhere never locks the queue.
//!
//! The file holds no name, no phone and no secret in plain text; its folder is named by the person's id.

pub(crate) mod keyring;
mod wrap;

use crate::durable_file;
use crate::login::Login;
use crate::ports::Random;
use domain::{DeviceId, UserId};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
pub use wrap::Cost as PasswordCost;
use wrap::{Secret, Wrapped};
use zeroize::Zeroizing;

const FILE: &str = "vault.json";

/// The random key of a person's data on this computer.
#[derive(Clone)]
pub struct DataKey(Zeroizing<[u8; 32]>);

impl DataKey {
    fn mint(random: &dyn Random) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        random.fill(key.as_mut_slice());
        Self(key)
    }

    /// Takes 32 bytes, as the keyring keeps them.
    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        Some(Self(Zeroizing::new(bytes.try_into().ok()?)))
    }

    /// The bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The bytes, for the engine.
    pub(crate) fn array(&self) -> [u8; 32] {
        *self.0
    }
}

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey(…)")
    }
}

/// `vault.json`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Content {
    #[serde(default)]
    password: Option<Wrapped>,
    #[serde(default)]
    device_copy: Option<Wrapped>,
    /// The device as the server knows it; with it the server gives the same secret again.
    #[serde(default)]
    device: Option<DeviceId>,
    /// «Не сохранять пароль».
    #[serde(default)]
    forget_password: bool,
}

/// The wrapped copies of one person.
#[derive(Debug, Clone)]
pub(crate) struct Vault {
    user: UserId,
    path: PathBuf,
    content: Content,
}

impl Vault {
    /// Makes a vault with a new key. Nothing is written before [`Self::save`].
    pub(crate) fn create(user: UserId, folder: &Path, random: &dyn Random) -> (Self, DataKey) {
        (Self { user, path: folder.join(FILE), content: Content::default() }, DataKey::mint(random))
    }

    /// Reads the vault in `folder`; `None` when there is none.
    pub(crate) fn read(user: UserId, folder: &Path) -> io::Result<Option<Self>> {
        let path = folder.join(FILE);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let content = serde_json::from_slice(&bytes).map_err(io::Error::from)?;
        Ok(Some(Self { user, path, content }))
    }

    /// Writes it durably.
    pub(crate) fn save(&self) -> io::Result<()> {
        let bytes = serde_json::to_vec_pretty(&self.content).map_err(io::Error::from)?;
        durable_file::replace(&self.path, &bytes)
    }

    /// Whose it is.
    pub(crate) const fn user(&self) -> UserId {
        self.user
    }

    /// The device under which the server knows this person here.
    pub(crate) const fn device(&self) -> Option<DeviceId> {
        self.content.device
    }

    /// «Не сохранять пароль».
    pub(crate) const fn forget_password(&self) -> bool {
        self.content.forget_password
    }

    /// Sets «Не сохранять пароль».
    pub(crate) fn set_forget_password(&mut self, forget: bool) {
        self.content.forget_password = forget;
    }

    /// The key, if login and password are right. Slow on purpose: to be called off the async threads.
    pub(crate) fn open_with_password(&self, login: &Login, password: &str) -> Option<DataKey> {
        self.content.password.as_ref()?.open(self.user, &Secret::Password { login, password })
    }

    /// The key, if the server's device secret is the one it was wrapped under.
    pub(crate) fn open_with_device(&self, secret: &[u8]) -> Option<DataKey> {
        self.content.device_copy.as_ref()?.open(self.user, &Secret::Device(secret))
    }

    /// Wraps the key under a password, in place of the copy before. Slow on purpose.
    pub(crate) fn wrap_with_password(
        &mut self,
        key: &DataKey,
        login: &Login,
        password: &str,
        cost: PasswordCost,
        random: &dyn Random,
    ) {
        self.content.password = Wrapped::wrap(key, self.user, &Secret::Password { login, password }, cost, random);
    }

    /// Wraps the key under the server's device secret.
    pub(crate) fn wrap_with_device(&mut self, key: &DataKey, device: DeviceId, secret: &[u8], random: &dyn Random) {
        self.content.device = Some(device);
        self.content.device_copy =
            Wrapped::wrap(key, self.user, &Secret::Device(secret), PasswordCost::DEFAULT, random);
    }
}

#[cfg(test)]
mod tests;
