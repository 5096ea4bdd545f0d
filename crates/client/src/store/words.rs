//! What something is found by.

use domain::Period;
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

/// The place of a month's bill among the bills of its account: months since the year 0.
pub(crate) const fn place_of_month(month: Period) -> i64 {
    month.year() as i64 * 12 + month.month() as i64 - 1
}

/// The month of a place.
pub(crate) fn month_of_place(place: i64) -> Option<Period> {
    let month = u8::try_from(place.rem_euclid(12) + 1).ok()?;
    Period::new(i32::try_from(place.div_euclid(12)).ok()?, month).ok()
}

/// The place of an entity among its like; `None` for those that have none.
pub(super) const fn place_of(entity: &Entity) -> Option<i64> {
    match entity {
        Entity::Message(message) => Some(message.number),
        Entity::Bill(bill) => Some(place_of_month(bill.period)),
        _ => None,
    }
}
