//! The utility's name, phones and colour: public, so kept in plain `utility.json`. The sign-in screen shows them
//! without a connection.

use crate::calls::{Call, CallError};
use crate::core::Core;
use crate::durable_file;
use crate::view::Topic;
use chrono_tz::Tz;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use wire::utility::Utility;

const FILE: &str = "utility.json";
/// The zone that most of the country's utilities live in, until the server tells.
const ZONE: Tz = chrono_tz::Europe::Moscow;
/// After the server was not heard.
const AGAIN: Duration = Duration::from_secs(15);
/// After it was.
const REFRESH: Duration = Duration::from_secs(6 * 60 * 60);

/// As last heard.
pub(crate) fn read(data: &Path) -> Option<Utility> {
    serde_json::from_slice(&std::fs::read(data.join(FILE)).ok()?).ok()
}

/// The zone in which days begin.
pub(crate) fn zone(utility: Option<&Utility>) -> Tz {
    utility.and_then(|utility| utility.zone.parse().ok()).unwrap_or(ZONE)
}

/// Asks for the record as long as the program runs.
pub(crate) fn follow(core: &Arc<Core>) {
    let core_there = Arc::downgrade(core);
    core.ports.spawn.spawn(Box::pin(async move {
        loop {
            let Some(core) = core_there.upgrade() else { return };
            let heard = ask(&core).await.is_ok();
            let come_back = core.person_back.clone();
            drop(core);
            // The person looking at the window is a good moment to ask again.
            let pause = if heard { REFRESH } else { AGAIN };
            let _ = tokio::time::timeout(pause, come_back.notified()).await;
        }
    }));
}

/// Asks the server once.
pub(crate) async fn ask(core: &Core) -> Result<(), CallError> {
    let utility: Utility = Call::get("/v1/utility").ask(core.ports.transport.as_ref()).await?;
    if core.utility().as_ref() == Some(&utility) {
        return Ok(());
    }
    let written = serde_json::to_vec_pretty(&utility).map_err(std::io::Error::from).and_then(|bytes| {
        std::fs::create_dir_all(&core.config.data)?;
        durable_file::replace(&core.config.data.join(FILE), &bytes)
    });
    if let Err(error) = written {
        // It is known in memory; the next start asks again.
        tracing::warn!(kind = %error.kind(), "the utility's record was not kept");
    }
    core.set_utility(utility);
    core.tell(&[Topic::Utility, Topic::Readings]);
    Ok(())
}
