//! Argon2id, away from the async threads and only so many at once: each takes tens of megabytes.

use crate::config::SecuritySettings;
use crate::failure::Failure;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    at_once: Arc<Semaphore>,
    /// Checked when there is no such person, so that the answer takes as long.
    nobody: Arc<str>,
}

impl Passwords {
    /// With the settings' parameters, which were checked.
    pub fn new(settings: &SecuritySettings) -> Result<Self, Failure> {
        let params = Params::new(settings.argon2_memory_kib, settings.argon2_passes, settings.argon2_lanes, None)
            .map_err(|error| Failure::Internal(error.to_string()))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = hash(&argon2, &crate::secret::token())?.into();
        Ok(Self { argon2, at_once: Arc::new(Semaphore::new(settings.argon2_at_once)), nobody })
    }

    /// The hash of a new password, in the PHC form.
    pub async fn hash(&self, password: String) -> Result<String, Failure> {
        let argon2 = self.argon2.clone();
        self.apart(move || hash(&argon2, &password)).await?
    }

    /// [`Passwords::hash`] for the command line.
    pub fn hash_here(&self, password: &str) -> Result<String, Failure> {
        hash(&self.argon2, password)
    }

    /// Whether the password fits. Takes as long when there is no hash to compare with.
    pub async fn fits(&self, password: String, stored: Option<String>) -> Result<bool, Failure> {
        let argon2 = self.argon2.clone();
        let nobody = Arc::clone(&self.nobody);
        self.apart(move || {
            let known = stored.is_some();
            let stored = stored.as_deref().unwrap_or(&nobody);
            let parsed = PasswordHash::new(stored)
                .map_err(|_| Failure::Internal("a stored password hash cannot be read".into()))?;
            Ok(argon2.verify_password(password.as_bytes(), &parsed).is_ok() && known)
        })
        .await?
    }

    async fn apart<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        let stopped = |_| Failure::Internal("the hashing stopped".into());
        let _permit = self.at_once.acquire().await.map_err(|_| Failure::Internal("the hashing is closed".into()))?;
        tokio::task::spawn_blocking(work).await.map_err(stopped)
    }
}

fn hash(argon2: &Argon2<'_>, password: &str) -> Result<String, Failure> {
    let failed = |error: argon2::password_hash::Error| Failure::Internal(error.to_string());
    let salt = SaltString::encode_b64(&crate::secret::random()[..16]).map_err(failed)?;
    argon2.hash_password(password.as_bytes(), &salt).map(|hash| hash.to_string()).map_err(failed)
}
