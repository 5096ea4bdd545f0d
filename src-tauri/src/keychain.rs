//! The OS keyring behind the core's port.
//!
//! A keyring may ask the person to unlock it and block for as long as nobody answers. So one thread of its own
//! talks to it, and the core waits for a limited time. While that thread is blocked, the keyring counts as absent.

use client::ports::{Keychain, KeychainError};
use domain::UserId;
use keyring::{Entry, Error};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

/// The longest wait for one answer. A start without the keyring is better than a start that waits.
const PATIENCE: Duration = Duration::from_secs(5);

type Job = Box<dyn FnOnce() + Send>;

/// The keyring of the operating system.
pub struct OsKeychain {
    jobs: Sender<Job>,
    /// Jobs given to the thread and not done.
    open: Arc<AtomicUsize>,
    /// What is added to a person's id, so that data folders apart do not share an entry.
    suffix: String,
}

impl OsKeychain {
    /// Starts the thread. `suffix` tells data folders apart; it is empty for the usual one.
    pub fn start(suffix: String) -> std::io::Result<Self> {
        let (jobs, inbox): (Sender<Job>, Receiver<Job>) = channel();
        std::thread::Builder::new().name("keyring".into()).spawn(move || {
            for job in inbox {
                job();
            }
        })?;
        Ok(Self { jobs, open: Arc::new(AtomicUsize::new(0)), suffix })
    }

    fn ask<T, F>(&self, question: F) -> Result<T, KeychainError>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, Error> + Send + 'static,
    {
        if self.open.load(Ordering::Acquire) > 0 && self.blocked() {
            return Err(KeychainError("an earlier question is not answered".into()));
        }
        let (answer, wait) = channel();
        let open = Arc::clone(&self.open);
        open.fetch_add(1, Ordering::AcqRel);
        let job: Job = Box::new(move || {
            let result = question();
            open.fetch_sub(1, Ordering::AcqRel);
            // Nobody waits any more if it took too long.
            let _ = answer.send(result);
        });
        self.jobs.send(job).map_err(|_| KeychainError("its thread is gone".into()))?;
        match wait.recv_timeout(PATIENCE) {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(KeychainError(words_without_content(&error))),
            Err(_) => Err(KeychainError("no answer in time".into())),
        }
    }

    /// Whether the thread does not come back within the time of an ordinary answer.
    fn blocked(&self) -> bool {
        let (answer, wait) = channel::<()>();
        let ping: Job = Box::new(move || {
            let _ = answer.send(());
        });
        self.jobs.send(ping).is_err() || wait.recv_timeout(Duration::from_millis(300)).is_err()
    }

    fn name(&self, user: UserId) -> String {
        format!("{}{}", user.uuid(), self.suffix)
    }
}

impl Keychain for OsKeychain {
    fn available(&self) -> bool {
        self.ask(|| match Entry::store_status() {
            Ok(()) => Ok(true),
            Err(error) => {
                tracing::info!(reason = words_without_content(error), "no keyring here");
                Ok(false)
            }
        })
        .unwrap_or(false)
    }

    fn get(&self, user: UserId) -> Result<Option<Vec<u8>>, KeychainError> {
        let name = self.name(user);
        self.ask(move || match entry(&name)?.get_secret() {
            Ok(secret) => Ok(Some(secret)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
    }

    fn set(&self, user: UserId, secret: &[u8]) -> Result<(), KeychainError> {
        let (name, secret) = (self.name(user), secret.to_vec());
        self.ask(move || entry(&name)?.set_secret(&secret))
    }

    fn delete(&self, user: UserId) -> Result<(), KeychainError> {
        let name = self.name(user);
        self.ask(move || match entry(&name)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
    }
}

fn entry(name: &str) -> Result<Entry, Error> {
    Entry::new(crate::place::IDENTIFIER, name)
}

/// Some of the library's errors carry the secret itself.
fn words_without_content(error: &Error) -> String {
    match error {
        Error::BadEncoding(_) => "the secret is not readable".into(),
        Error::BadDataFormat(_, cause) => format!("the secret is not readable: {cause}"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::OsKeychain;
    use std::time::{Duration, Instant};

    #[test]
    fn a_question_that_is_never_answered_does_not_hold_the_next_one() {
        let keychain = OsKeychain::start(String::new()).expect("a thread can be started");
        let (release, blocked) = std::sync::mpsc::channel::<()>();
        let began = Instant::now();
        let first = keychain.ask(move || {
            let _ = blocked.recv();
            Ok(())
        });
        assert!(first.is_err(), "a blocked keyring must not look like one that answered");
        let after_first = Instant::now();
        assert!(keychain.ask(|| Ok(())).is_err());
        assert!(after_first.elapsed() < Duration::from_secs(2), "the second question must fail at once");
        assert!(began.elapsed() < Duration::from_secs(9));
        drop(release);
    }
    /// Under a name of its own, which is gone afterwards.
    #[cfg(windows)]
    #[test]
    fn the_credential_manager_gives_back_what_it_was_given_and_then_forgets_it() {
        use client::ports::Keychain as _;
        let user = serde_json::from_str("\"00000000-0000-7000-8000-000000000007\"").expect("a person's id");
        let keychain =
            |suffix: &str| OsKeychain::start(format!("-test-{}{suffix}", std::process::id())).expect("a thread");
        let (one, other) = (keychain("-one"), keychain("-other"));
        assert!(one.available());
        assert_eq!(one.get(user).expect("an answer"), None);
        // Bytes that are no text: two of them would be half a character in UTF-16.
        let key: Vec<u8> = (0..32).map(|n| 0xD7_u8.wrapping_add(n)).collect();
        one.set(user, &key).expect("kept");
        assert_eq!(one.get(user).expect("an answer"), Some(key.clone()));
        assert_eq!(other.get(user).expect("an answer"), None, "data folders do not share a key");
        let again = keychain("-one");
        assert_eq!(again.get(user).expect("an answer"), Some(key), "the next start finds it");
        again.delete(user).expect("forgotten");
        assert_eq!(one.get(user).expect("an answer"), None);
        again.delete(user).expect("what is gone can be forgotten once more");
    }
}
