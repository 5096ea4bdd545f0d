use super::Nothing;
use crate::core::Core;
use crate::report::Fault;
use crate::view::BootView;
use std::sync::Arc;
use wire::utility::Utility;

/// Everything the first paint needs; no network is waited for.
pub(super) async fn boot(core: &Arc<Core>, _: Nothing) -> Result<BootView, Fault> {
    let session = core.person().map(|person| person.session(core.zone())).transpose()?;
    Ok(BootView {
        version: core.config.version.clone(),
        utility: core.utility(),
        people_here: session.is_some() || !core.people.vaults().is_empty(),
        session,
        settings: core.settings(),
        keyring: core.keyring().await,
    })
}

/// The utility as last heard. If it was never heard, it is asked for.
pub(super) async fn utility(core: &Arc<Core>, _: Nothing) -> Result<Option<Utility>, Fault> {
    let utility = core.utility();
    if utility.is_none() {
        core.person_back.notify_one();
    }
    Ok(utility)
}

/// The person looks at the window again.
pub(super) async fn person_back(core: &Arc<Core>, _: Nothing) -> Result<Nothing, Fault> {
    core.person_back.notify_one();
    if let Some(person) = core.person() {
        person.engine.person_back();
    }
    Ok(Nothing {})
}
