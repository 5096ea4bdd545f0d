//! The person's name and e-mail, with changes that are still on their way.

use super::entry::Entry;
use super::picture::Picture;
use crate::view::Mark;
use domain::OperationId;
use wire::operation::{Body, UpdateProfile};

/// The profile as the person left it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Profile {
    /// ФИО.
    pub(crate) name: String,
    /// `+79…`; empty before the first synchronisation.
    pub(crate) phone: String,
    /// E-mail; may be empty.
    pub(crate) email: String,
    /// Where the latest change is.
    pub(crate) mark: Option<Mark>,
}

/// The mirror's profile with the queue laid over it, but for the operation `without`.
pub(crate) fn profile_without(picture: &Picture, without: Option<OperationId>) -> Profile {
    let mirrored = picture.profile.as_ref().map(|(_, profile)| profile);
    let mut profile = mirrored.map_or_else(Profile::default, |profile| Profile {
        name: profile.name.clone(),
        phone: profile.phone.clone(),
        email: profile.email.clone(),
        mark: None,
    });
    for entry in picture.overlaid().filter(|entry| Some(entry.id) != without) {
        if let Some(update) = update_of(entry) {
            profile.name = update.name.clone().unwrap_or(profile.name);
            profile.email = update.email.clone().unwrap_or(profile.email);
            profile.mark = Some(entry.mark());
        }
    }
    profile
}

/// The profile as the person sees it. A rejected change is not laid over, but its mark is shown.
pub(crate) fn profile(picture: &Picture) -> Profile {
    let mut profile = profile_without(picture, None);
    let rejected = picture.entries.iter().rev().find(|entry| entry.needs_attention() && update_of(entry).is_some());
    profile.mark = profile.mark.or(rejected.map(Entry::mark));
    profile
}

/// The change of the profile that a new one may take the place of.
pub(crate) fn replaceable_update(picture: &Picture) -> Option<OperationId> {
    let updates = picture.entries.iter().rev().filter(|entry| update_of(entry).is_some());
    // Only the latest: taking an earlier one's place would put the new values before the later ones.
    updates.take(1).find(|entry| entry.replaceable()).map(|entry| entry.id)
}

/// What has to be asked of the server so that `before` becomes this name and e-mail.
pub(crate) fn difference(before: &Profile, name: &str, email: &str) -> Option<UpdateProfile> {
    let update = UpdateProfile {
        name: (before.name != name).then(|| name.to_owned()),
        email: (before.email != email).then(|| email.to_owned()),
    };
    (update.name.is_some() || update.email.is_some()).then_some(update)
}

fn update_of(entry: &Entry) -> Option<&UpdateProfile> {
    match entry.body()? {
        Body::UpdateProfile(update) => Some(update),
        _ => None,
    }
}
