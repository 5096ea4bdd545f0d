//! Accounts and houses for which a ticket can be registered.

use super::kept::Compact;
use super::look::Look;
use super::tickets::Desk;
use crate::report::Fault;
use crate::store::{Indexed, StoreError, folded, words_of};
use crate::view::DeskPlaceView;
use domain::{AccountId, AccountNumber, HouseId};
use std::cmp::Ordering;
use wire::entity::Entity;

/// More places than this would not be read.
const SHOWN: usize = 30;

/// What is kept in memory of an account.
#[derive(Debug, Clone)]
pub(crate) struct Spot {
    id: AccountId,
    house: HouseId,
    number: AccountNumber,
    address: Box<str>,
    words: Box<str>,
}

impl Compact for Spot {
    const KIND: Indexed = Indexed::DeskAccount;
    const NAME: &'static str = "desk_account";

    fn of(entity: Entity) -> Option<Self> {
        let Entity::DeskAccount(account) = entity else { return None };
        let words = folded(&format!("{}\n{}\n{}", account.number, account.address, account.short_address));
        Some(Self {
            id: account.id,
            house: account.house,
            number: account.number,
            address: account.short_address.into(),
            words: words.into(),
        })
    }
}

/// Houses, then accounts, in which all of the words stand.
pub(crate) fn find(look: &Look, desk: &Desk, text: &str) -> Result<Vec<DeskPlaceView>, Fault> {
    let words = words_of(text);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = houses(look, &words)?;
    found.truncate(SHOWN / 3);
    found.extend(accounts(look, desk, &words)?);
    found.truncate(SHOWN);
    Ok(found)
}

fn houses(look: &Look, words: &[String]) -> Result<Vec<DeskPlaceView>, StoreError> {
    let houses = look.all("desk_house", |entity| match entity {
        Entity::DeskHouse(house) => Some(house),
        _ => None,
    })?;
    let mut houses: Vec<_> = houses.into_iter().filter(|house| has(&folded(&house.address), words)).collect();
    houses.sort_by(|a, b| by_numbers(&a.address, &b.address));
    let view = |house: wire::desk::DeskHouse| DeskPlaceView {
        account: None,
        house: house.id.to_string(),
        number: String::new(),
        address: house.address,
    };
    Ok(houses.into_iter().map(view).collect())
}

fn accounts(look: &Look, desk: &Desk, words: &[String]) -> Result<Vec<DeskPlaceView>, StoreError> {
    let kept = desk.accounts(&look.mirror)?;
    let mut found: Vec<&Spot> = kept.all().filter(|spot| has(&spot.words, words)).collect();
    let order = |a: &&Spot, b: &&Spot| by_numbers(&a.address, &b.address).then_with(|| a.id.cmp(&b.id));
    if found.len() > SHOWN {
        found.select_nth_unstable_by(SHOWN, order);
        found.truncate(SHOWN);
    }
    found.sort_by(order);
    let view = |spot: &Spot| DeskPlaceView {
        account: Some(spot.id.to_string()),
        house: spot.house.to_string(),
        number: spot.number.to_string(),
        address: spot.address.to_string(),
    };
    Ok(found.into_iter().map(view).collect())
}

fn has(text: &str, words: &[String]) -> bool {
    words.iter().all(|word| text.contains(word))
}

/// As people count: flat 9 stands before flat 10.
fn by_numbers(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.chars().peekable(), b.chars().peekable());
    loop {
        match (number(&mut a), number(&mut b)) {
            (Some(here), Some(there)) if here != there => return here.cmp(&there),
            (Some(_), Some(_)) => {}
            (Some(_), None) => return Ordering::Less,
            (None, Some(_)) => return Ordering::Greater,
            (None, None) => match (a.next(), b.next()) {
                (None, None) => return Ordering::Equal,
                (here, there) if here != there => return here.cmp(&there),
                _ => {}
            },
        }
    }
}

/// The number that stands here, if one does.
fn number(text: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<u64> {
    let mut number = None;
    while let Some(digit) = text.peek().and_then(|c| c.to_digit(10)) {
        number = Some(number.unwrap_or(0_u64).saturating_mul(10).saturating_add(u64::from(digit)));
        text.next();
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flats_stand_in_the_order_in_which_people_count() {
        let mut flats = ["Мира, 10-2", "Мира, 9-11", "Мира, 9-2", "Ленина, 100-1"];
        flats.sort_by(|a, b| by_numbers(a, b));
        assert_eq!(flats, ["Ленина, 100-1", "Мира, 9-2", "Мира, 9-11", "Мира, 10-2"]);
        assert_eq!(by_numbers("Мира, 9", "Мира, 9"), Ordering::Equal);
    }
}
