//! Houses, flats and who pays for them.

use super::dice::Dice;
use super::words::{MEN, PATRONYMICS, STREETS, SURNAMES, WOMEN};
use super::{Wish, fleet, story};
use crate::registry::writing::AccountCells;
use chrono::NaiveDate;
use domain::{Dial, Kopecks, MeterKind, MeterValue, Period};
use std::collections::BTreeSet;

/// The town.
#[derive(Debug, Clone)]
pub struct Town {
    /// The month of the bills.
    pub month: Period,
    /// Its accounts, the three of the story first.
    pub accounts: Vec<Account>,
}

/// An account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Number, payer, address and the codes of the state's systems.
    pub cells: AccountCells,
    /// The house's part of the address, as R3 has it apart from the flat.
    pub house: String,
    /// The flat.
    pub flat: String,
    /// To pay.
    pub sum: Kopecks,
    /// Its meters, those out of use included.
    pub meters: Vec<Meter>,
}

/// A meter with all its readings.
#[derive(Debug, Clone)]
pub struct Meter {
    /// The resource.
    pub kind: MeterKind,
    /// The factory number, one of its kind in the town.
    pub serial: String,
    /// «кухня»; may be empty.
    pub place: String,
    /// The face.
    pub dial: Dial,
    /// How many tariffs.
    pub tariffs: u8,
    /// When it was put in.
    pub installed_on: NaiveDate,
    /// «Дата поверки».
    pub verified_on: NaiveDate,
    /// «Дата следующей поверки».
    pub verified_until: NaiveDate,
    /// «Межповерочный интервал», years.
    pub interval_years: u8,
    /// Reports by itself.
    pub automatic: bool,
    /// Out of use since.
    pub archived_on: Option<NaiveDate>,
    /// Oldest first.
    pub readings: Vec<Taken>,
}

/// A reading.
#[derive(Debug, Clone)]
pub struct Taken {
    /// When.
    pub on: NaiveDate,
    /// One value per tariff.
    pub values: Vec<MeterValue>,
}

struct House {
    address: String,
    fias: String,
    flats: i64,
}

impl Town {
    /// Builds it from the seed.
    pub fn build(wish: Wish) -> Self {
        let mut accounts = story::accounts(wish.month);
        let mut taken: BTreeSet<String> = accounts.iter().map(|account| account.cells.number.clone()).collect();
        let lived_in: BTreeSet<String> = accounts.iter().map(|account| account.cells.address.clone()).collect();
        let mut places = Dice::new(wish.seed, "houses");
        let mut people = Dice::new(wish.seed, "people");
        let mut bills = Dice::new(wish.seed, "bills");
        let mut fleet = fleet::Fleet::new(wish);
        let mut houses = BTreeSet::new();
        let mut number_of_house = 0;
        while accounts.len() < wish.accounts {
            let house = house(&mut places, number_of_house, &accounts);
            number_of_house += 1;
            if !houses.insert(house.address.clone()) {
                continue;
            }
            for flat in 1..=house.flats {
                let address = format!("{}, кв. {flat}", house.address);
                if accounts.len() >= wish.accounts || lived_in.contains(&address) {
                    continue;
                }
                let number = loop {
                    let number = format!("2140{:06}", people.between(100_000, 999_999));
                    if taken.insert(number.clone()) {
                        break number;
                    }
                };
                let els = format!("70АА{:06}", accounts.len() + 100_001);
                let payer = payer(&mut people);
                let cells = AccountCells { number, payer, els, fias: format!("{},{flat}", house.fias), address };
                let with_history = accounts.len() < HISTORIES;
                let (house, flat) = (house.address.clone(), flat.to_string());
                let meters = fleet.meters(with_history);
                accounts.push(Account { cells, house, flat, sum: sum(&mut bills), meters });
            }
        }
        accounts.truncate(wish.accounts);
        Self { month: wish.month, accounts }
    }
}

/// So many accounts have thirteen months of readings; the others have the last one.
const HISTORIES: usize = 240;

fn house(dice: &mut Dice, place: usize, accounts: &[Account]) -> House {
    let street = STREETS[place % STREETS.len()];
    // The first round of streets has the houses of the story among its numbers.
    let number = 1 + 3 * (place / STREETS.len()) + usize::try_from(dice.between(0, 2)).unwrap_or(0);
    let number = if place == 0 { 10 } else { number };
    let block = if dice.percent(15) { format!(", корп. {}", dice.between(1, 3)) } else { String::new() };
    let block = if place == 0 { String::new() } else { block };
    let address = format!("г. Новочебоксарск, {street}, д. {number}{block}");
    let random = dice.guid().to_string();
    let known = accounts.iter().find(|account| account.house == address);
    let fias = known.map_or(random, |account| account.cells.fias.split(',').next().unwrap_or_default().to_owned());
    House { address, fias, flats: dice.between(24, 96) }
}

fn payer(dice: &mut Dice) -> String {
    let (surname, patronymic) = (dice.pick(&SURNAMES), dice.pick(&PATRONYMICS));
    if dice.percent(54) {
        format!("{surname}а {} {patronymic}на", dice.pick(&WOMEN))
    } else {
        format!("{surname} {} {patronymic}ич", dice.pick(&MEN))
    }
}

fn sum(dice: &mut Dice) -> Kopecks {
    Kopecks(match dice.between(1, 100) {
        1..=4 => 0,
        5..=9 => -dice.between(1_000, 90_000),
        10..=16 => dice.between(1_200_000, 9_000_000),
        _ => dice.between(140_000, 890_000),
    })
}
