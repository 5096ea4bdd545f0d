use super::{Nothing, fields};
use crate::core::Core;
use crate::engine::NewOperation;
use crate::overlay::gather;
use crate::overlay::profile::{difference, profile as overlaid, profile_without, replaceable_update};
use crate::report::Fault;
use crate::view::{EnqueuedView, ProfileSaveArgs, ProfileView};
use std::collections::BTreeSet;
use std::sync::Arc;
use wire::operation::Body;

/// «Профиль».
pub(super) async fn profile(core: &Arc<Core>, _: Nothing) -> Result<ProfileView, Fault> {
    let person = core.require_person()?;
    let shown = overlaid(&gather::queue(&person.engine, core.zone())?);
    let vault = core.people.vault_of(person.user)?;
    Ok(ProfileView {
        name: if shown.name.is_empty() { person.known_name().to_owned() } else { shown.name },
        phone: person.pretty_phone(&shown.phone),
        email: shown.email,
        mark: shown.mark,
        forget_password: vault.is_some_and(|vault| vault.forget_password()),
        keyring: core.keyring().await,
    })
}

/// «Сохранить»: only what changed is asked of the server.
pub(super) async fn save(core: &Arc<Core>, args: ProfileSaveArgs) -> Result<Option<EnqueuedView>, Fault> {
    let person = core.require_person()?;
    let (name, email) = (fields::name(&args.name)?, fields::email(&args.email)?);
    let picture = gather::queue(&person.engine, core.zone())?;
    let now = profile_without(&picture, None);
    if difference(&now, name.as_str(), &email).is_none() {
        return Ok(None);
    }
    // A change that never left is replaced by one that holds both: what it changed and what this changes.
    let replaces = replaceable_update(&picture);
    let Some(update) = difference(&profile_without(&picture, replaces), name.as_str(), &email) else {
        // Back to what the server has: the waiting change is all there was.
        if let Some(waiting) = replaces {
            person.engine.withdraw(waiting).await?;
        }
        return Ok(None);
    };
    let operation = NewOperation {
        body: Body::UpdateProfile(update),
        base_version: picture.profile.as_ref().map(|(version, _)| *version),
        on_behalf_of: None,
        priority: outbox::WHENEVER,
        needs: BTreeSet::new(),
    };
    let enqueued = person.engine.enqueue(operation, replaces).await?;
    Ok(Some(EnqueuedView { operation: enqueued.id.to_string(), replaced: enqueued.replaced.is_some() }))
}
