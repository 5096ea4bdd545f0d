//! The keyring of the system, called on threads of its own: a locked one asks the person and blocks meanwhile.

use super::DataKey;
use crate::ports::Keychain;
use domain::UserId;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// How long an answer is waited for. After that the program goes on without the keyring.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether there is a keyring.
pub(crate) async fn available(keychain: &Arc<dyn Keychain>) -> bool {
    ask(keychain, |keychain| keychain.available()).await.unwrap_or(false)
}

/// The key of a person, if the keyring has it and answers.
pub(crate) async fn get(keychain: &Arc<dyn Keychain>, user: UserId) -> Option<DataKey> {
    let answer =
        ask(keychain, move |keychain| if keychain.available() { keychain.get(user) } else { Ok(None) }).await?;
    match answer {
        Ok(secret) => secret.map(zeroize::Zeroizing::new).and_then(|secret| DataKey::from_slice(&secret)),
        Err(error) => {
            tracing::warn!(%error, "the keyring did not give the key");
            None
        }
    }
}

/// Keeps the key of a person; whether it is kept.
pub(crate) async fn set(keychain: &Arc<dyn Keychain>, user: UserId, key: &DataKey) -> bool {
    let key = key.clone();
    let kept = ask(keychain, move |keychain| keychain.available() && keychain.set(user, key.bytes()).is_ok()).await;
    kept.unwrap_or(false)
}

/// Forgets the key of a person; whether it is certainly gone.
pub(crate) async fn delete(keychain: &Arc<dyn Keychain>, user: UserId) -> bool {
    ask(keychain, move |keychain| !keychain.available() || keychain.delete(user).is_ok()).await.unwrap_or(false)
}

async fn ask<T: Send + 'static>(
    keychain: &Arc<dyn Keychain>,
    question: impl FnOnce(&dyn Keychain) -> T + Send + 'static,
) -> Option<T> {
    let (tell, answer) = oneshot::channel();
    let keychain = keychain.clone();
    std::thread::Builder::new()
        .name("keyring".into())
        .spawn(move || {
            // Nobody waits any more when the time limit has passed; the answer is dropped then.
            let _ = tell.send(question(keychain.as_ref()));
        })
        .ok()?;
    let answer = tokio::time::timeout(PATIENCE, answer).await;
    if answer.is_err() {
        tracing::warn!("the keyring does not answer");
    }
    answer.ok()?.ok()
}
