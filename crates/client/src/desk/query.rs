//! What somebody types into the search of the desk: a number, an address, an account, a telephone, words.

use super::card::{Card, phone_digits};
use crate::store::words_of;
use domain::ticket::TicketNumber;
use memchr::memmem::Finder;

/// Fewer digits are no part of a telephone.
const PHONE_DIGITS: usize = 4;

/// What is searched for.
pub(crate) struct Query {
    number: Option<TicketNumber>,
    phone: Option<Finder<'static>>,
    words: Vec<Finder<'static>>,
}

impl Query {
    /// Reads what was typed; `None` when there is nothing in it.
    pub(crate) fn parse(text: &str, this_year: i32) -> Option<Self> {
        // «№ 5107» is a number with a word before it that stands nowhere.
        let text = text.trim().trim_start_matches('№').trim_start();
        let words: Vec<_> = words_of(text).iter().map(|word| Finder::new(word).into_owned()).collect();
        if words.is_empty() {
            return None;
        }
        let of_a_phone = |c: char| c.is_ascii_digit() || c.is_whitespace() || "+-()".contains(c);
        let digits = if text.chars().all(of_a_phone) { phone_digits(text) } else { String::new() };
        let phone = (digits.len() >= PHONE_DIGITS).then(|| Finder::new(&digits).into_owned());
        Some(Self { number: TicketNumber::parse(text, this_year), phone, words })
    }

    /// Whether it is the very number of the ticket.
    pub(crate) fn names(&self, card: &Card) -> bool {
        self.number.is_some() && card.number == self.number
    }

    /// Whether the ticket is meant.
    pub(crate) fn fits(&self, card: &Card) -> bool {
        self.words.iter().all(|word| word.find(card.words.as_bytes()).is_some())
            || self.phone.as_ref().is_some_and(|phone| phone.find(card.phone.as_bytes()).is_some())
    }
}
