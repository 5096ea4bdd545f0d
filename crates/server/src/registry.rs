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
//! Back go [`export`]s: the readings of a period in R1, credited payments in E1 and E2. [`reconcile`] compares the bank's
//! registry of operations with our payments. A file of another form is read by its [`profile`].

pub mod address;
pub mod bill;
pub mod cell;
pub mod cli;
#[cfg(test)]
mod damage;
pub mod dbf;
pub mod encoding;
pub mod export;
pub mod import;
pub mod p1;
pub mod p2;
pub mod p4;
pub mod profile;
pub mod protocol;
pub mod r1;
pub mod r3;
pub mod reconcile;
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
    /// «Система «Город»»: accounts and sums, text with a header.
    P2,
    /// «BEZPByymmdd»: accounts and sums, DBF, maybe zipped.
    P4,
    /// Meters and readings, XLSX.
    R3,
    /// «Сбер показания»: meters and readings, text.
    R1,
    /// Bills with lines, JSON.
    B1,
    /// Bills with lines, text.
    B2,
    /// Bills with lines, XLSX.
    B3,
    /// Accounts and sums in a file that the utility describes itself.
    Described,
}

impl Format {
    /// The name in the protocol and in the list of loaded files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::P1 => "P1",
            Self::P2 => "P2",
            Self::P4 => "P4",
            Self::R3 => "R3",
            Self::R1 => "R1",
            Self::B1 => "B1",
            Self::B2 => "B2",
            Self::B3 => "B3",
            Self::Described => "profile",
        }
    }

    /// What it carries, for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::P1 => "P1, начисления для банка, текст",
            Self::P2 => "P2, начисления системы «Город», текст",
            Self::P4 => "P4, начисления для банка, DBF",
            Self::R3 => "R3, приборы и показания, таблица XLSX",
            Self::R1 => "R1, приборы и показания, текст банка",
            Self::B1 => "B1, квитанции со строками, JSON",
            Self::B2 => "B2, квитанции со строками, текст",
            Self::Described => "по описанию: счета и начисления",
            Self::B3 => "B3, квитанции со строками, таблица XLSX",
        }
    }

    /// Endings of file names, lower case.
    pub const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::P1 | Self::P2 | Self::R1 => &["txt", "csv"],
            Self::B1 => &["json", "jsonl"],
            Self::B2 => &["csv", "txt"],
            Self::P4 => &["dbf", "zip"],
            Self::R3 | Self::B3 => &["xlsx"],
            Self::Described => &["txt", "csv", "dbf", "xlsx"],
        }
    }
}
