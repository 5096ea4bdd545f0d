use super::*;
use crate::registry::{p1, p4, r1, r3, xlsx};
use std::collections::BTreeSet;

fn wish(seed: u64, accounts: usize) -> Wish {
    Wish { seed, accounts, month: Period::new(2026, 10).expect("October") }
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_another_town() {
    let bytes = |seed| files(&Town::build(wish(seed, 60))).into_iter().map(|file| file.bytes).collect::<Vec<_>>();
    assert_eq!(bytes(7), bytes(7));
    assert_ne!(bytes(7)[0], bytes(8)[0]);
}

#[test]
fn the_committed_town_is_the_one_that_the_generator_makes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
    for file in files(&Town::build(wish(1, 3000))) {
        let committed = std::fs::read(folder.join(&file.name)).expect("run `zhkh-server demo generate`");
        if file.name.ends_with(".xlsx") {
            // Another processor may pack the same sheet into other bytes.
            assert!(xlsx::first_sheet(&committed) == xlsx::first_sheet(&file.bytes), "{} differs", file.name);
        } else {
            assert!(committed == file.bytes, "{} differs", file.name);
        }
    }
}

#[test]
fn every_row_of_the_town_can_be_read_back() {
    let town = Town::build(wish(1, 400));
    let files = files(&town);
    let charges = p1::parse(&files[0].bytes, &files[0].name).expect("whole");
    let table = p4::parse(&files[1].bytes).expect("whole");
    assert_eq!((charges.rejected, table.rejected), (Vec::new(), Vec::new()));
    assert_eq!(charges.rows.len() + table.rows.len(), 400);
    let sheet = r3::parse(&files[2].bytes).expect("whole");
    let text = r1::parse(&files[3].bytes).expect("whole");
    assert_eq!((sheet.rejected, text.rejected), (Vec::new(), Vec::new()));
    let readings = sheet.rows.iter().chain(&text.rows).filter(|row| row.row.reading.is_some()).count();
    assert_eq!(readings, sheet.rows.len() + text.rows.len());
}

#[test]
fn no_two_meters_of_a_kind_share_a_number_and_no_two_accounts_an_address() {
    let town = Town::build(wish(1, 3000));
    assert_eq!(town.accounts.len(), 3000);
    let mut serials = BTreeSet::new();
    let mut addresses = BTreeSet::new();
    for account in &town.accounts {
        assert!(addresses.insert(&account.cells.address), "{}", account.cells.address);
        for meter in &account.meters {
            assert!(serials.insert((meter.kind, &meter.serial)), "{}", meter.serial);
            for pair in meter.readings.windows(2) {
                let grows = pair[0].values.iter().zip(&pair[1].values).all(|(was, is)| was <= is);
                assert!(pair[0].on < pair[1].on && grows, "{}", meter.serial);
            }
            assert!(meter.readings.iter().flat_map(|taken| &taken.values).all(|value| meter.dial.holds(*value)));
        }
    }
    let meters = || town.accounts.iter().flat_map(|account| &account.meters);
    assert!(meters().any(|meter| meter.automatic));
    assert!(meters().filter(|meter| meter.archived_on.is_some()).count() > 10);
    assert!(meters().filter(|meter| meter.verified_until < town.month.day_clamped(31)).count() > 50);
}

#[test]
fn the_story_is_the_same_in_every_town() {
    let month = Period::new(2026, 10).expect("October");
    let first = &sign_ins(month)[0];
    assert_eq!(first.number, "2140183572");
    assert_eq!(first.address, "г. Новочебоксарск, ул. Винокурова, д. 10, кв. 25");
    assert_eq!(first.sum, domain::Kopecks(345_678));
    for seed in [1, 99] {
        let town = Town::build(wish(seed, 50));
        let account = &town.accounts[0];
        assert_eq!(account.meters.len(), 4);
        let kitchen = &account.meters[1];
        let shown: Vec<String> =
            kitchen.readings.iter().rev().take(3).map(|taken| kitchen.dial.show(taken.values[0])).collect();
        assert_eq!(shown, ["00453,118", "00446,020", "00438,604"]);
        assert_eq!(kitchen.readings.len(), 13);
    }
}

#[test]
fn the_demo_settings_are_whole_and_take_readings_every_day() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
    let text = std::fs::read_to_string(folder.join("server.toml")).expect("the settings");
    let config = crate::Config::parse(&text, &folder, []).expect("settings without complaints");
    assert_eq!(config.utility.name, "МУП «КС г. Новочебоксарска»");
    assert_eq!((config.rules[0].window.start_day(), config.rules[0].window.end_day()), (1, 31));
    assert!(config.calls.is_some());
    for kind in domain::MeterKind::ALL {
        assert!(config.tariffs.iter().any(|tariff| tariff.kind == kind), "{kind:?} has no price");
    }
    // 152-ФЗ ст. 9 ч. 4: operator with address, purpose, data, deeds, processors, term, withdrawal.
    for part in [
        "Оператор: ",
        "адрес:",
        "Единственная цель",
        "Какие данные",
        "Что оператор делает",
        "Кому данные поручены",
        "Сколько действует",
        "Как отозвать",
    ] {
        assert!(config.consent.text.contains(part), "the consent does not say «{part}»");
    }
}
