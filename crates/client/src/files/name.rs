//! Under which names contents and what was made of them are here. The window uses the first two as addresses.

use super::BillPdf;
use crate::overlay::tickets::attachments::THUMB;
use domain::FileId;
use std::fmt;
use std::str::FromStr;

const PART: &str = "part/";
const BILL: &str = "bill/";

/// What something on this computer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Name {
    /// A whole content.
    Whole(FileId),
    /// A small picture of it.
    Small(FileId),
    /// A piece of a content that was not fetched to its end: which one.
    Piece(FileId, u32),
    /// The printed form of a bill.
    Bill(BillPdf),
}

/// The text names nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoName;

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(file) => write!(f, "{file}"),
            Self::Small(file) => write!(f, "{THUMB}{file}"),
            Self::Piece(file, number) => write!(f, "{PART}{number}/{file}"),
            Self::Bill(pdf) => write!(f, "{BILL}{pdf}"),
        }
    }
}

impl FromStr for Name {
    type Err = NoName;

    fn from_str(text: &str) -> Result<Self, NoName> {
        let file = |text: &str| text.parse().map_err(|_| NoName);
        if let Some(rest) = text.strip_prefix(THUMB) {
            return file(rest).map(Self::Small);
        }
        if let Some((number, rest)) = text.strip_prefix(PART).and_then(|rest| rest.split_once('/')) {
            return Ok(Self::Piece(file(rest)?, number.parse().map_err(|_| NoName)?));
        }
        if let Some(rest) = text.strip_prefix(BILL) {
            return rest.parse().map(Self::Bill);
        }
        file(text).map(Self::Whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_is_written_and_a_path_is_none() {
        let file = FileId::of([7; 32]);
        let form = "00000000-0000-0000-0000-000000000007/00000000000000ff".parse().map(Name::Bill).expect("a form");
        for name in [Name::Whole(file), Name::Small(file), Name::Piece(file, 12), form] {
            assert_eq!(name.to_string().parse(), Ok(name));
        }
        for bad in ["", "thumb/", "../outbox.db", "part/x/y", "thumb/../../a", "bill/../outbox.db", "bill/7/ff"] {
            assert_eq!(bad.parse::<Name>(), Err(NoName), "{bad}");
        }
    }
}
