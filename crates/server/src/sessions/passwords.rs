//! Argon2id, away from the async threads and only so many at once: each takes tens of megabytes.

use crate::config::SecuritySettings;
use crate::failure::Failure;
use crate::random::Random;
use crate::secret;
use crate::storage::Work;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    at_once: Arc<Semaphore>,
    random: Arc<dyn Random>,
    /// Checked when there is no such person, so that the answer takes as long.
    nobody: Arc<str>,
    work: Work,
}

impl Passwords {
    /// With the settings' parameters, which were checked.
    pub fn new(settings: &SecuritySettings, random: Arc<dyn Random>) -> Result<Self, Failure> {
        let params = Params::new(settings.argon2_memory_kib, settings.argon2_passes, settings.argon2_lanes, None)
            .map_err(|error| Failure::Internal(error.to_string()))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = hash(&argon2, &secret::token(&*random), salt(&*random))?.into();
        Ok(Self {
            argon2,
            at_once: Arc::new(Semaphore::new(settings.argon2_at_once)),
            random,
            nobody,
            work: Work::Threads,
        })
    }

    /// The same, hashing where the storage's jobs run.
    #[must_use]
    pub fn where_jobs_run(self, work: Work) -> Self {
        Self { work, ..self }
    }

    /// The hash of a new password, in the PHC form.
    pub async fn hash(&self, password: String) -> Result<String, Failure> {
        let (argon2, salt) = (self.argon2.clone(), salt(&*self.random));
        self.apart(move || hash(&argon2, &password, salt)).await?
    }

    /// [`Passwords::hash`] for the command line.
    pub fn hash_here(&self, password: &str) -> Result<String, Failure> {
        hash(&self.argon2, password, salt(&*self.random))
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
        let permit = Arc::clone(&self.at_once).acquire_owned().await;
        let permit = permit.map_err(|_| Failure::Internal("the hashing is closed".into()))?;
        // The permit goes with the work, which goes on when the one who asked for it is gone.
        let work = move || {
            let done = work();
            drop(permit);
            done
        };
        match self.work {
            Work::Inline => Ok(work()),
            Work::Threads => tokio::task::spawn_blocking(work).await.map_err(stopped),
        }
    }
}

fn salt(random: &dyn Random) -> [u8; 16] {
    let mut salt = [0; 16];
    random.fill(&mut salt);
    salt
}

fn hash(argon2: &Argon2<'_>, password: &str, salt: [u8; 16]) -> Result<String, Failure> {
    let failed = |error: argon2::password_hash::Error| Failure::Internal(error.to_string());
    let salt = SaltString::encode_b64(&salt).map_err(failed)?;
    argon2.hash_password(password.as_bytes(), &salt).map(|hash| hash.to_string()).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    #[tokio::test]
    async fn whoever_hangs_up_frees_no_place_while_the_hashing_goes_on() {
        let settings =
            SecuritySettings { argon2_memory_kib: 64, argon2_passes: 1, argon2_at_once: 1, ..Default::default() };
        let passwords = Passwords::new(&settings, Arc::new(SystemRandom)).expect("parameters");
        let (began, has_begun) = tokio::sync::oneshot::channel();
        let (finish, may_finish) = std::sync::mpsc::channel::<()>();
        let busy = passwords.clone();
        let asking = tokio::spawn(async move {
            let work = move || {
                began.send(()).expect("awaited");
                may_finish.recv().expect("told to finish");
            };
            busy.apart(work).await
        });
        has_begun.await.expect("begun");
        asking.abort();
        assert!(asking.await.expect_err("hung up").is_cancelled());
        assert_eq!(passwords.at_once.available_permits(), 0);
        finish.send(()).expect("still at work");
        passwords.hash("вода2026тепло".into()).await.expect("the place is free again");
    }
}
