//! «Выход».

use crate::calls::Call;
use crate::core::Core;
use crate::files::remove_copies;
use crate::report::Fault;
use crate::vault::keyring;
use crate::view::{SignOutView, Topic};
use std::time::Duration;

/// How long the server is waited for. Leaving does not depend on it.
const PATIENCE: Duration = Duration::from_secs(3);

/// Signs out. With a queue the person is asked first; if they agree, it stays encrypted here and goes after the
/// next sign-in.
pub(crate) async fn leave(core: &Core, leave_queue: bool) -> Result<SignOutView, Fault> {
    let _door = core.door.lock().await;
    let Some(person) = core.person() else { return Ok(SignOutView::Done) };
    let count = person.engine.status().waiting;
    if count > 0 && !leave_queue {
        return Ok(SignOutView::QueueWaits { count });
    }
    match tokio::time::timeout(PATIENCE, person.tokens.forget()).await {
        Ok(Some(token)) => {
            let call = Call::delete("/v1/session").by(&token).ask::<()>(core.ports.transport.as_ref());
            // A session that the server did not hear the end of runs out by itself.
            let _ = tokio::time::timeout(PATIENCE, call).await;
        }
        Ok(None) => {}
        // A refresh is on its way and takes its time.
        Err(_) => person.tokens.erase().await,
    }
    if !keyring::delete(&core.ports, person.user).await {
        // Without this the next start would be signed in again; the id of the last person is forgotten below as well.
        tracing::warn!("the keyring did not forget the key");
    }
    core.set_last_user(None)?;
    core.set_person(None);
    person.engine.close().await;
    // Nothing that was looked at stays readable behind them.
    remove_copies(&core.config.data);
    core.tell(&Topic::ALL);
    Ok(SignOutView::Done)
}
