//! A bill (платёжный документ, приказ Минстроя 43/пр): its lines, whether they add up, and why it is more than before.

mod balance;
mod explain;
mod line;

pub use crate::decimal::{DecimalError, LineRate, Volume};
pub use balance::{BillFault, BillSums, check};
pub use explain::{Change, Steps, changes, explain};
pub use line::{BillLine, LineFault, VolumeMethod};
