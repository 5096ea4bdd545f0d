//! The list beside a naive one that reads everything anew.

use super::card::{Card, phone_digits};
use super::query::Query;
use super::shelf::{Looking, Wanted};
use crate::store::folded;
use crate::view::DeskShelf;
use domain::ticket::{Status, TicketNumber};
use domain::{DepartmentId, HouseId, IncidentId, StaffId, TicketId};
use proptest::prelude::*;
use std::collections::HashSet;
use uuid::Uuid;

const NOW_MS: i64 = 1_000;
const WORDS: [&str; 6] = ["Течь", "кран", "ёлка", "Винокурова, 10-25", "Не греет", "лифт"];

/// What a card is drawn from: status, word, executor, department, incident, registered, due, urgent.
type Seed = (usize, usize, Option<u8>, Option<u8>, Option<u8>, i64, Option<i64>, bool);

fn card(number: u32, seed: Seed) -> Card {
    let (status, word, executor, department, incident, registered_ms, due_ms, emergency) = seed;
    let status = Status::ALL[status];
    let phone = format!("+7900000{number:04}");
    Card {
        id: TicketId::new(Uuid::from_u128(u128::from(number))),
        number: Some(TicketNumber { year: 2026, number }),
        emergency,
        status,
        executor: executor.map(|id| StaffId::new(Uuid::from_u128(id.into()))),
        department: department.map(|id| DepartmentId::new(Uuid::from_u128(id.into()))),
        house: HouseId::new(Uuid::nil()),
        incident: incident.map(|id| IncidentId::new(Uuid::from_u128(id.into()))),
        registered_ms,
        due_ms: due_ms.filter(|_| status.is_open()),
        finish: None,
        rating: None,
        words: folded(&format!("{number}/2026\n{}", WORDS[word])).into(),
        phone: phone_digits(&phone).into(),
    }
}

prop_compose! {
    fn cards()(seeds in prop::collection::btree_map(
        1_u32..9_999,
        (0..8_usize, 0..6_usize, prop::option::of(1..3_u8), prop::option::of(1..3_u8), prop::option::of(1..3_u8),
            0..2_000_i64, prop::option::of(0..2_000_i64), any::<bool>()),
        0..60,
    )) -> Vec<Card> {
        seeds.into_iter().map(|(number, seed)| card(number, seed)).collect()
    }
}

/// Whether a ticket is wanted, said in the plainest way.
fn naive(card: &Card, shelf: DeskShelf, text: &str) -> bool {
    if !text.is_empty() {
        let words = folded(text);
        let digits = phone_digits(text);
        return words.split_whitespace().all(|word| card.words.contains(word))
            || (digits.len() >= 4 && text.chars().all(|c| c.is_ascii_digit()) && card.phone.contains(&digits));
    }
    let me = Some(StaffId::new(Uuid::from_u128(1)));
    match shelf {
        DeskShelf::New => card.status == Status::New,
        DeskShelf::Open => card.status.is_open(),
        DeskShelf::Mine => card.status.is_open() && card.executor == me,
        DeskShelf::Emergency => card.status.is_open() && card.emergency,
        DeskShelf::Overdue => card.due_ms.is_some_and(|due| due < NOW_MS),
        DeskShelf::Awaiting => card.status == Status::AwaitingResident,
        DeskShelf::Deferred => card.status == Status::Deferred,
        DeskShelf::Finished => !card.status.is_open(),
    }
}

proptest! {
    #[test]
    fn a_part_of_the_list_is_that_part_of_the_whole_in_its_order(
        cards in cards(), shelf in 0..8_usize, text in 0..9_usize, urgent_first: bool, from in 0..40_usize,
        count in 1..40_usize,
    ) {
        let looking = Looking {
            me: Some(StaffId::new(Uuid::from_u128(1))),
            now_ms: NOW_MS,
            incidents: HashSet::from([IncidentId::new(Uuid::from_u128(1))]),
        };
        let text = ["", "", "", "кран", "ЕЛКА", "греет не", "9000001234", "12", "10-25 винокурова"][text];
        let counts = looking.count(cards.iter());
        let shelf = counts[shelf].shelf;
        for of in &counts {
            let plain = cards.iter().filter(|card| naive(card, of.shelf, "")).count();
            prop_assert_eq!(of.count as usize, plain, "{:?}", of.shelf);
        }
        let wanted =
            Wanted { shelf, department: None, executor: None, query: Query::parse(text, 2026), urgent_first };
        let going_on = |card: &Card| card.incident.filter(|incident| looking.incidents.contains(incident));
        let mut whole: Vec<&Card> = cards.iter().filter(|card| naive(card, shelf, text)).collect();
        whole.sort_by(|a, b| {
            let named = |card: &Card| text == "12" && card.number == Some(TicketNumber { year: 2026, number: 12 });
            let soon = |card: &Card| if urgent_first { card.due_ms.unwrap_or(i64::MAX) } else { i64::MAX };
            let urgent = |card: &Card| urgent_first && card.emergency && card.status.is_open();
            named(b).cmp(&named(a))
                .then(going_on(b).is_some().cmp(&going_on(a).is_some()))
                .then(urgent(b).cmp(&urgent(a)))
                .then(soon(a).cmp(&soon(b)))
                .then(b.registered_ms.cmp(&a.registered_ms))
                .then(b.number.cmp(&a.number))
        });
        let part: Vec<TicketId> = whole.iter().skip(from).take(count).map(|card| card.id).collect();
        let (total, shown) = looking.part(&wanted, cards.iter(), from, count);
        prop_assert_eq!(total, whole.len());
        prop_assert_eq!(shown, part);
    }
}
