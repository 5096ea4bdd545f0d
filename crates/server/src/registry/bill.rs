//! Bills with their lines (docs/domain.md): B1 is JSON, one bill a line; B2 is text with `;`; B3 a spreadsheet.
//!
//! Files of a whole town are large, so a file is read bill by bill and never held as a whole; only a spreadsheet is, and
//! it cannot have more than a million rows.

pub mod json;
pub mod lines;
mod row;
pub mod table;
pub mod write;

pub use row::BillRow;

use super::row::{Broken, Numbered, Rejected};
use domain::Kopecks;

/// A bill, or why the rows of one cannot be read.
pub type Read = Result<Numbered<BillRow>, Vec<Rejected>>;

/// A file of bills, from its beginning to its end.
pub trait Reading {
    /// The next bill; `None` at the end.
    fn next(&mut self) -> Result<Option<Read>, Broken>;
    /// What the file itself states of its totals. Whole only at the end.
    fn stated(&self) -> &Stated;
    /// Rows of data so far.
    fn rows(&self) -> usize;
    /// The encoding of a text.
    fn encoding(&self) -> Option<&'static str>;
}

/// Control totals as they stand in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stated {
    /// How many bills.
    pub bills: Option<String>,
    /// How many lines.
    pub lines: Option<String>,
    /// «К оплате» of all, roubles.
    pub to_pay: Option<String>,
}

/// The same, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// How many bills, unreadable ones too.
    pub bills: usize,
    /// How many lines.
    pub lines: usize,
    /// «К оплате» of all.
    pub to_pay: Kopecks,
    /// Bills that could not be read: their sums are not known.
    pub unread: usize,
}

impl Stated {
    /// Compares; what agrees, for the protocol. Sums cannot be compared where a bill could not be read: then its row
    /// is named anyway.
    pub fn compare(&self, counted: &Counted) -> Result<Vec<String>, Broken> {
        let mut agree = Vec::new();
        let mut same = |what: &'static str, stated: &Option<String>, counted: String, is_same: bool| match stated {
            Some(stated) if !is_same => Err(Broken::Totals { what, stated: stated.clone(), counted }),
            Some(stated) => {
                agree.push(format!("{what} {stated}"));
                Ok(())
            }
            None => Ok(()),
        };
        let number = |stated: &Option<String>, counted: usize| stated.as_deref() == Some(counted.to_string().as_str());
        same("квитанций", &self.bills, counted.bills.to_string(), number(&self.bills, counted.bills))?;
        if counted.unread == 0 {
            same("строк", &self.lines, counted.lines.to_string(), number(&self.lines, counted.lines))?;
            let sum = self.to_pay.as_deref().and_then(|sum| Kopecks::parse_roubles(sum).ok());
            same("сумма", &self.to_pay, counted.to_pay.to_registry(), sum == Some(counted.to_pay))?;
        }
        Ok(agree)
    }
}

#[cfg(test)]
mod tests;
