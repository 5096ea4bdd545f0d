//! Пени for what was not paid in time (ч. 14 ст. 155 ЖК РФ).
//!
//! The first thirty days cost nothing, then each day costs a fraction of a yearly rate, later a larger one. Every number
//! is of a version with a first day, see [`PenaltyRules`]. A day is counted by the version in force on that day; the day
//! of the payment is counted, too («по день фактической оплаты»).

mod accruing;
mod count;
mod rules;

pub use accruing::{Accruing, Stated, accruing};
pub use count::{Debt, Paid, PenaltyShare, penalty, penalty_shares};
pub use rules::{PenaltyRules, PenaltyStep, PenaltyTable, PenaltyTableError};
