//! The keyring of the system, called apart from all tasks: a locked one asks the person and blocks meanwhile.

use super::DataKey;
use crate::ports::{Keychain, Ports};
use domain::UserId;
use std::time::Duration;
use tokio::sync::oneshot;

/// How long an answer is waited for. After that the program goes on without the keyring.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether there is a keyring.
pub(crate) async fn available(ports: &Ports) -> bool {
    ask(ports, |keychain| keychain.available()).await.unwrap_or(false)
}

/// The key of a person, if the keyring has it and answers.
pub(crate) async fn get(ports: &Ports, user: UserId) -> Option<DataKey> {
    let answer = ask(ports, move |keychain| if keychain.available() { keychain.get(user) } else { Ok(None) }).await?;
    match answer {
        Ok(secret) => secret.map(zeroize::Zeroizing::new).and_then(|secret| DataKey::from_slice(&secret)),
        Err(error) => {
            tracing::warn!(%error, "the keyring did not give the key");
            None
        }
    }
}

/// Keeps the key of a person; whether it is kept.
pub(crate) async fn set(ports: &Ports, user: UserId, key: &DataKey) -> bool {
    let key = key.clone();
    let kept = ask(ports, move |keychain| keychain.available() && keychain.set(user, key.bytes()).is_ok()).await;
    kept.unwrap_or(false)
}

/// Forgets the key of a person; whether it is certainly gone.
pub(crate) async fn delete(ports: &Ports, user: UserId) -> bool {
    ask(ports, move |keychain| !keychain.available() || keychain.delete(user).is_ok()).await.unwrap_or(false)
}

async fn ask<T: Send + 'static>(
    ports: &Ports,
    question: impl FnOnce(&dyn Keychain) -> T + Send + 'static,
) -> Option<T> {
    let (tell, answer) = oneshot::channel();
    let keychain = ports.keychain.clone();
    let asking = ports.spawn.apart(Box::new(move || {
        // Nobody waits any more when the time limit has passed; the answer is dropped then.
        let _ = tell.send(question(keychain.as_ref()));
    }));
    asking.ok()?;
    let answer = tokio::time::timeout(PATIENCE, answer).await;
    if answer.is_err() {
        tracing::warn!("the keyring does not answer");
    }
    answer.ok()?.ok()
}
