//! What something is found by.

use wire::entity::Entity;

/// Small letters; ё is typed as е.
pub(crate) fn folded(text: &str) -> String {
    text.to_lowercase().replace('ё', "е")
}

/// The words of a query, all of which have to be found.
pub(crate) fn words_of(query: &str) -> Vec<String> {
    folded(query).split_whitespace().map(str::to_owned).collect()
}

/// What an entity is found by; `None` for those that are found in other ways.
pub(super) fn of(entity: &Entity) -> Option<String> {
    match entity {
        Entity::Message(message) => {
            let mut words = folded(message.text.as_str());
            for attachment in &message.attachments {
                words.push('\n');
                words.push_str(&folded(attachment.name.as_str()));
            }
            Some(words)
        }
        _ => None,
    }
}

/// The place of an entity among its like; `None` for those that have none.
pub(super) const fn place_of(entity: &Entity) -> Option<i64> {
    match entity {
        Entity::Message(message) => Some(message.number),
        _ => None,
    }
}
