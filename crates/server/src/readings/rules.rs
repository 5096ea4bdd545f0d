//! Which rules hold for a house on a day.

use crate::config::{Config, RuleSettings};
use chrono::NaiveDate;
use domain::HouseId;

/// The house's own rules, else the general ones; of several the latest that is in force.
pub fn in_force<'a>(config: &'a Config, house: Option<(HouseId, &str)>, day: NaiveDate) -> &'a RuleSettings {
    let is_of = |rule: &RuleSettings| match (&rule.house, house) {
        (Some(named), Some((id, address))) => named == address || *named == id.to_string(),
        _ => false,
    };
    let latest = |wanted: &dyn Fn(&RuleSettings) -> bool| {
        config.rules.iter().filter(|rule| wanted(rule) && rule.from <= day).max_by_key(|rule| rule.from)
    };
    latest(&is_of)
        .or_else(|| latest(&|rule| rule.house.is_none()))
        .or_else(|| config.rules.iter().filter(|rule| rule.house.is_none()).min_by_key(|rule| rule.from))
        .expect("the check of the settings leaves at least one general rule")
}
