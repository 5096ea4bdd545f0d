//! Exchange with the billing: registry files in and out (docs/domain.md).
//!
//! A file goes through four steps, each of its own:
//! 1. a parser ([`p1`], [`p4`], [`r1`], [`r3`]) turns bytes into rows, and names every row it cannot read. It knows
//!    the format and nothing else;
//! 2. [`import`] compares the rows with each other and with what the server holds, and writes the [`protocol`];
//! 3. if the file is whole and nothing was rejected (or the operator accepted a partial load), everything is applied
//!    in one transaction; otherwise nothing is;
//! 4. the file's SHA-256 is remembered in that transaction: the same file again changes nothing.
//!
//! Back goes [`export`]: the readings of a period in R1.

pub mod address;
pub mod cell;
pub mod cli;
#[cfg(test)]
mod damage;
pub mod dbf;
pub mod encoding;
pub mod export;
pub mod import;
pub mod p1;
pub mod p4;
pub mod protocol;
pub mod r1;
pub mod r3;
pub mod resource;
pub mod row;
#[cfg(test)]
mod testing;
pub mod writing;
pub mod xlsx;

use clap::ValueEnum;

/// The built-in formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// «Сбер начисления (новый)»: accounts and sums, text.
    P1,
    /// «BEZPByymmdd»: accounts and sums, DBF, maybe zipped.
    P4,
    /// Meters and readings, XLSX.
    R3,
    /// «Сбер показания»: meters and readings, text.
    R1,
}

impl Format {
    /// The name in the protocol and in the list of loaded files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::P1 => "P1",
            Self::P4 => "P4",
            Self::R3 => "R3",
            Self::R1 => "R1",
        }
    }

    /// What it carries, for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::P1 => "P1, начисления для банка, текст",
            Self::P4 => "P4, начисления для банка, DBF",
            Self::R3 => "R3, приборы и показания, таблица XLSX",
            Self::R1 => "R1, приборы и показания, текст банка",
        }
    }

    /// Endings of file names, lower case.
    pub const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::P1 | Self::R1 => &["txt", "csv"],
            Self::P4 => &["dbf", "zip"],
            Self::R3 => &["xlsx"],
        }
    }
}
