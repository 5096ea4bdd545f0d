//! Everything the views are made from, at one moment: the mirror, the queue, the clock.

use super::entry::Entry;
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use domain::reading_check::Limits;
use domain::reading_delivery::DeliveryPolicy;
use domain::{AccountId, AnnouncementId, MeterId, MeterKind, MeterValue, ReadingWindow};
use std::collections::BTreeMap;
use wire::entity::{Account, Meter, Profile, Reading, ReadingRules, Tariff};

/// The mirror with the queue beside it.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    /// The server's time now, as far as this computer knows.
    pub(crate) now_ms: i64,
    /// The zone of the utility, in which days begin.
    pub(crate) zone: Tz,
    /// The position of the mirror; `None` before the first synchronisation.
    pub(crate) seq: Option<i64>,
    /// When the mirror was last equal to the server.
    pub(crate) as_of_ms: Option<i64>,
    /// The person, with the version that they saw.
    pub(crate) profile: Option<(i64, Profile)>,
    /// Accounts.
    pub(crate) accounts: Vec<Account>,
    /// Meters, with the versions a person saw.
    pub(crate) meters: Vec<(i64, Meter)>,
    /// Readings by meter.
    pub(crate) readings: BTreeMap<MeterId, Vec<Reading>>,
    /// Rules, general and of houses.
    pub(crate) rules: Vec<ReadingRules>,
    /// Prices.
    pub(crate) tariffs: Vec<Tariff>,
    /// The headings of announcements, for what was answered.
    pub(crate) headlines: BTreeMap<AnnouncementId, String>,
    /// The queue in the order of entry.
    pub(crate) entries: Vec<Entry>,
}

/// What applies where no rules were received yet: the law's 25th, nothing refused that the server might take.
pub(crate) const UNKNOWN_LIMITS: Limits = Limits {
    ask_above: MeterValue::from_steps(i64::MAX),
    refuse_above: MeterValue::from_steps(i64::MAX),
    ask_above_usual_times: 3,
    refuse_overdue: false,
};

/// The rules that apply to one meter.
#[derive(Debug, Clone)]
pub(crate) struct RulesOf<'a> {
    /// The window.
    pub(crate) window: ReadingWindow,
    /// The policy.
    pub(crate) policy: DeliveryPolicy,
    /// The utility's words.
    pub(crate) notice: &'a str,
    /// The limits for the meter's kind.
    pub(crate) limits: Limits,
}

impl Picture {
    /// The day of an instant, in the utility's zone.
    pub(crate) fn day_of(&self, at_ms: i64) -> NaiveDate {
        day_in(self.zone, at_ms)
    }

    /// Today, in the utility's zone.
    pub(crate) fn today(&self) -> NaiveDate {
        self.day_of(self.now_ms)
    }

    /// Operations that the mirror does not contain yet, in the order of entry.
    pub(crate) fn overlaid(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.overlays(self.seq))
    }

    /// An account.
    pub(crate) fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    /// A meter.
    pub(crate) fn meter(&self, id: MeterId) -> Option<&Meter> {
        self.meters.iter().map(|(_, meter)| meter).find(|meter| meter.id == id)
    }

    /// The rules of the house override the general ones.
    pub(crate) fn rules_of(&self, meter: &Meter) -> RulesOf<'_> {
        let house = self.account(meter.account).map(|account| account.house);
        let own = self.rules.iter().find(|rules| rules.house.is_some() && rules.house == house);
        let general = self.rules.iter().find(|rules| rules.house.is_none());
        let Some(rules) = own.or(general) else {
            return RulesOf {
                window: ReadingWindow::new(1, 31).expect("both days are between 1 and 31"),
                policy: DeliveryPolicy { strict: false, early_entry: false, late_days: 0 },
                notice: "",
                limits: UNKNOWN_LIMITS,
            };
        };
        // A house that changes only its days keeps the utility's limits.
        let limits = [own, general].into_iter().flatten().find_map(|rules| limits_in(rules, meter.kind));
        RulesOf {
            window: rules.window,
            policy: rules.policy,
            notice: &rules.notice,
            limits: limits.unwrap_or(UNKNOWN_LIMITS),
        }
    }

    /// The tariff in force on `day` for a meter of this kind and number of tariffs.
    pub(crate) fn tariff_for(&self, meter: &Meter, day: NaiveDate) -> Option<&Tariff> {
        self.tariffs
            .iter()
            .filter(|tariff| tariff.kind == meter.kind && tariff.tariffs == meter.tariffs && tariff.from <= day)
            .max_by_key(|tariff| (tariff.from, tariff.id))
    }

    /// The name that a person sees: a new name that is still on its way goes before the mirror's.
    pub(crate) fn name_of(&self, meter: &Meter) -> (String, Option<&Entry>) {
        let renamed = self.overlaid().rev().find_map(|entry| match entry.body()? {
            wire::operation::Body::RenameMeter(rename) if rename.meter == meter.id => Some((entry, &rename.name)),
            _ => None,
        });
        match renamed {
            // The utility's own name is not known here until the server tells it again.
            Some((entry, name)) if name.is_empty() => (meter.name.clone(), Some(entry)),
            Some((entry, name)) => (name.clone(), Some(entry)),
            None => (meter.name.clone(), None),
        }
    }
}

/// The day of an instant in a zone.
pub(crate) fn day_in(zone: Tz, at_ms: i64) -> NaiveDate {
    DateTime::from_timestamp_millis(at_ms).unwrap_or_default().with_timezone(&zone).date_naive()
}

fn limits_in(rules: &ReadingRules, kind: MeterKind) -> Option<Limits> {
    rules.limits.iter().find(|limits| limits.kind == kind).map(|limits| limits.limits)
}
