//! The numbers of the law, by the day from which they count.

use crate::dated::Dated;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// From which day of being overdue a day costs which fraction of the rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PenaltyStep {
    /// The day, counted from 1 on the day after the last day to pay. Days before the first step are free.
    pub from_day: u32,
    /// The day costs the rate divided by this: 300, later 130.
    pub one_in: u32,
}

/// A version of the numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PenaltyRules {
    /// The first day it counts.
    pub from: NaiveDate,
    /// The central bank's key rate in hundredths of a percent: 2100 is 21 %.
    pub key_rate: u32,
    /// The most the law lets the rate be here, in hundredths of a percent: 950 is 9.5 % (ПП РФ 474). None: no limit.
    pub cap: Option<u32>,
    /// What the days cost, by their number.
    pub steps: Vec<PenaltyStep>,
}

/// All versions, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "Vec<PenaltyRules>", into = "Vec<PenaltyRules>")]
pub struct PenaltyTable(Vec<PenaltyRules>);

/// Why versions are no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PenaltyTableError {
    /// Two versions begin on one day, or a later one stands before.
    #[error("the versions from {0} on are out of order")]
    Order(NaiveDate),
    /// The steps of a version are out of order, begin before day 1 or divide by nothing.
    #[error("the steps of the version from {0} are wrong")]
    Steps(NaiveDate),
    /// A rate beyond 1000 % is a slip of the pen: 950 is 9.5 %.
    #[error("the rate of the version from {0} is over 1000 %")]
    Rate(NaiveDate),
}

/// 1000 % in hundredths of a percent.
const MOST_RATE: u32 = 100_000;

impl Dated for PenaltyRules {
    fn from(&self) -> NaiveDate {
        self.from
    }
}

impl PenaltyRules {
    /// The yearly rate that counts, in hundredths of a percent.
    pub fn rate(&self) -> u32 {
        self.cap.map_or(self.key_rate, |cap| self.key_rate.min(cap))
    }

    fn check(&self) -> Result<(), PenaltyTableError> {
        let ordered = self.steps.is_sorted_by(|one, next| one.from_day < next.from_day);
        if !ordered || self.steps.iter().any(|step| step.from_day == 0 || step.one_in == 0) {
            return Err(PenaltyTableError::Steps(self.from));
        }
        if self.rate() > MOST_RATE { Err(PenaltyTableError::Rate(self.from)) } else { Ok(()) }
    }
}

impl PenaltyTable {
    /// Takes versions in the order of their first days.
    pub fn new(versions: Vec<PenaltyRules>) -> Result<Self, PenaltyTableError> {
        versions.iter().try_for_each(PenaltyRules::check)?;
        match versions.windows(2).find(|pair| pair[0].from >= pair[1].from) {
            Some(pair) => Err(PenaltyTableError::Order(pair[1].from)),
            None => Ok(Self(versions)),
        }
    }

    /// The versions, oldest first.
    pub fn versions(&self) -> &[PenaltyRules] {
        &self.0
    }
}

impl TryFrom<Vec<PenaltyRules>> for PenaltyTable {
    type Error = PenaltyTableError;
    fn try_from(versions: Vec<PenaltyRules>) -> Result<Self, PenaltyTableError> {
        Self::new(versions)
    }
}

impl From<PenaltyTable> for Vec<PenaltyRules> {
    fn from(table: PenaltyTable) -> Self {
        table.0
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a day")
    }

    /// The law of 2026: free until day 31, 1/300 until day 91, then 1/130; 9.5 % at most.
    pub fn version(from: NaiveDate, key_rate: u32) -> PenaltyRules {
        let steps = vec![PenaltyStep { from_day: 31, one_in: 300 }, PenaltyStep { from_day: 91, one_in: 130 }];
        PenaltyRules { from, key_rate, cap: Some(950), steps }
    }

    #[test]
    fn the_rate_is_the_key_rate_up_to_the_limit() {
        assert_eq!(version(day(2026, 1, 1), 1_600).rate(), 950);
        assert_eq!(version(day(2026, 1, 1), 750).rate(), 750);
        assert_eq!(PenaltyRules { cap: None, ..version(day(2027, 1, 1), 1_600) }.rate(), 1_600);
    }

    #[test]
    fn a_wrong_table_is_refused_also_out_of_the_settings() {
        let (first, second) = (version(day(2026, 1, 1), 950), version(day(2026, 7, 1), 950));
        assert!(PenaltyTable::new(vec![first.clone(), second.clone()]).is_ok());
        let order = PenaltyTableError::Order(first.from);
        assert_eq!(PenaltyTable::new(vec![second.clone(), first.clone()]), Err(order));
        assert_eq!(PenaltyTable::new(vec![first.clone(), first.clone()]), Err(order));
        for steps in [[(31, 0), (91, 130)], [(0, 300), (91, 130)], [(91, 130), (31, 300)], [(31, 300), (31, 130)]] {
            let steps = steps.map(|(from_day, one_in)| PenaltyStep { from_day, one_in }).to_vec();
            let wrong = PenaltyRules { steps, ..first.clone() };
            assert_eq!(PenaltyTable::new(vec![wrong.clone()]), Err(PenaltyTableError::Steps(first.from)));
            let json = serde_json::to_string(&[wrong]).expect("written");
            assert!(serde_json::from_str::<PenaltyTable>(&json).is_err());
        }
        let slip = PenaltyRules { cap: None, ..version(first.from, 100_001) };
        assert_eq!(PenaltyTable::new(vec![slip]), Err(PenaltyTableError::Rate(first.from)));
    }
}
