//! Three accounts that every town has, whatever its seed: the plays and the handbook know them.

use super::fleet::{MONTHS, back, years_later};
use super::town::{Account, Meter, Taken};
use crate::registry::resource::usual_dial;
use crate::registry::writing::AccountCells;
use chrono::NaiveDate;
use domain::{Kopecks, MeterKind, MeterValue, Period};
use serde::Serialize;

/// What a person needs to attach an account of the story.
#[derive(Debug, Clone, Serialize)]
pub struct SignIn {
    /// The account's number.
    pub number: String,
    /// Its address.
    pub address: String,
    /// Who pays.
    pub payer: String,
    /// «Итого к оплате» of the bill.
    pub sum: Kopecks,
    /// The bill's month.
    pub period: Period,
    /// What is worth seeing there.
    pub about: &'static str,
}

/// The three accounts, for `zhkh-server demo sign-ins`.
pub fn sign_ins(month: Period) -> Vec<SignIn> {
    let abouts = [
        "четыре прибора с историей за 13 месяцев; с этого счёта начинают",
        "просроченная поверка, прибор, который передаёт сам, и заменённый прибор",
        "приборы всех видов; газовый счётчик вот-вот пройдёт через ноль; долг с пенями",
    ];
    let sign_in = |(account, about): (Account, &'static str)| SignIn {
        number: account.cells.number,
        address: account.cells.address,
        payer: account.cells.payer,
        sum: account.sum,
        period: month,
        about,
    };
    accounts(month).into_iter().zip(abouts).map(sign_in).collect()
}

pub(super) fn accounts(month: Period) -> Vec<Account> {
    vec![vinokurova(month), solnechnaya(month), gidrostroiteley(month)]
}

/// The account of the design's picture of the readings.
fn vinokurova(month: Period) -> Account {
    let kitchen = [6_900, 7_900, 8_400, 7_300, 6_300, 7_100, 7_900, 6_400, 6_200, 8_870, 7_416, 7_098];
    let bath = [4_120, 4_560, 3_980, 4_330, 4_010, 4_470, 4_820, 4_150, 3_760, 4_290, 4_404, 4_201];
    let hot = [3_710, 4_020, 4_350, 4_110, 3_900, 3_640, 3_580, 3_120, 2_970, 3_330, 3_815, 3_902];
    let day =
        [142_000, 151_000, 163_000, 149_000, 138_000, 127_000, 121_000, 109_000, 112_000, 118_000, 131_000, 139_000];
    let night = [71_000, 74_000, 79_000, 76_000, 70_000, 66_000, 61_000, 58_000, 57_000, 60_000, 64_000, 69_000];
    let electricity = Made { tariffs: 2, ..Made::new(MeterKind::Electricity, "011204883", "", 16, (2018, 4, 20)) };
    let meters = vec![
        Made::new(MeterKind::HotWater, "0218644-20", "ванная", 6, (2023, 6, 17)).history(month, &[(218_402, &hot)]),
        Made::new(MeterKind::ColdWater, "0453817-21", "кухня", 6, (2023, 3, 14)).history(month, &[(453_118, &kitchen)]),
        Made::soon(MeterKind::ColdWater, "0453820-21", "ванная", 6, month).history(month, &[(311_877, &bath)]),
        electricity.history(month, &[(14_208_000, &day), (6_911_000, &night)]),
    ];
    account(
        "2140183572",
        "Смирнова Валентина Петровна",
        "70АА100001",
        0,
        ("ул. Винокурова, д. 10", "25"),
        345_678,
        meters,
    )
}

/// What can be wrong with a meter.
fn solnechnaya(month: Period) -> Account {
    let steady = [3_000; 12];
    let power = [182_000; 12];
    let replaced_on = back(month, 3).day_clamped(17);
    let mut old =
        Made::new(MeterKind::HotWater, "0311902-16", "кухня", 6, (2018, 2, 8)).history(month, &[(402_115, &steady)]);
    old.readings.retain(|taken| taken.on < replaced_on);
    old.archived_on = Some(replaced_on);
    let verified = (replaced_on.format("%Y").to_string().parse().unwrap_or(2026), 7, 17);
    let mut new =
        Made::new(MeterKind::HotWater, "0877410-26", "кухня", 6, verified).history(month, &[(11_206, &steady)]);
    new.readings.retain(|taken| taken.on >= replaced_on);
    new.installed_on = replaced_on;
    new.verified_on = replaced_on;
    new.verified_until = years_later(replaced_on, 6);
    let mut overdue =
        Made::new(MeterKind::ColdWater, "0266075-18", "кухня", 6, (2018, 1, 1)).history(month, &[(288_431, &steady)]);
    overdue.verified_until = back(month, 2).day_clamped(9);
    overdue.verified_on =
        overdue.verified_until.checked_sub_months(chrono::Months::new(72)).unwrap_or(overdue.verified_on);
    let mut automatic =
        Made::new(MeterKind::Heat, "Т-118402", "", 4, (2025, 9, 1)).history(month, &[(31_448, &[1_250; 12])]);
    automatic.automatic = true;
    let electricity =
        Made::new(MeterKind::Electricity, "011398127", "", 16, (2021, 5, 11)).history(month, &[(27_904_000, &power)]);
    let meters = vec![overdue, old, new, electricity, automatic];
    account("2140207419", "Игнатьев Олег Николаевич", "70АА100002", 1, ("ул. Солнечная, д. 7", "12"), 512_345, meters)
}

/// Every kind of meter.
fn gidrostroiteley(month: Period) -> Account {
    let water = [5_200; 12];
    let gas = [12_340; 12];
    let zone = [64_000; 12];
    let electricity = Made { tariffs: 3, ..Made::new(MeterKind::Electricity, "011450066", "", 16, (2022, 10, 3)) };
    let meters = vec![
        Made::new(MeterKind::ColdWater, "0690412-24", "кухня", 6, (2024, 2, 19)).history(month, &[(128_306, &water)]),
        Made::new(MeterKind::HotWater, "0690418-24", "кухня", 6, (2024, 2, 19))
            .history(month, &[(90_554, &[3_100; 12])]),
        Made::new(MeterKind::Sewage, "0690425-24", "", 6, (2024, 2, 19)).history(month, &[(218_860, &[8_300; 12])]),
        electricity.history(month, &[(9_310_000, &zone), (5_127_000, &zone), (7_744_000, &zone)]),
        Made::new(MeterKind::Gas, "G077310", "", 10, (2020, 8, 25)).history(month, &[(99_991_402, &gas)]),
        Made::new(MeterKind::Heat, "Т-140077", "", 4, (2025, 6, 30)).history(month, &[(18_209, &[820; 12])]),
    ];
    let house = ("б-р Гидростроителей, д. 4, корп. 2", "7");
    account("2140311658", "Кузьмина Анна Сергеевна", "70АА100003", 2, house, 687_019, meters)
}

fn account(
    number: &str,
    payer: &str,
    els: &str,
    place: usize,
    (street_and_house, flat): (&str, &str),
    sum: i64,
    meters: Vec<Meter>,
) -> Account {
    const HOUSES: [&str; 3] = [
        "5d1f0a7e-3c94-4e0b-9a61-7b2f4c8d1035",
        "b86e2c41-97d5-4f3a-8c0e-1d5a9f604b27",
        "0f94d7b3-6a18-4c52-b7e9-82c3a5e1f640",
    ];
    let house = format!("г. Новочебоксарск, {street_and_house}");
    let cells = AccountCells {
        number: number.to_owned(),
        payer: payer.to_owned(),
        els: els.to_owned(),
        fias: format!("{},{flat}", HOUSES[place]),
        address: format!("{house}, кв. {flat}"),
    };
    Account { cells, house, flat: flat.to_owned(), sum: Kopecks(sum), meters }
}

struct Made {
    kind: MeterKind,
    serial: &'static str,
    place: &'static str,
    interval_years: u8,
    tariffs: u8,
    verified_on: NaiveDate,
}

impl Made {
    fn new(
        kind: MeterKind,
        serial: &'static str,
        place: &'static str,
        interval_years: u8,
        (year, month, day): (i32, u32, u32),
    ) -> Self {
        let verified_on = NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
        Self { kind, serial, place, interval_years, tariffs: 1, verified_on }
    }

    /// A meter whose verification ends on the 12th of the second month after the bills.
    fn soon(kind: MeterKind, serial: &'static str, place: &'static str, interval_years: u8, month: Period) -> Self {
        let until = month.next().next().day_clamped(12);
        let months = chrono::Months::new(12 * u32::from(interval_years));
        let verified_on = until.checked_sub_months(months).unwrap_or(until);
        Self { kind, serial, place, interval_years, tariffs: 1, verified_on }
    }

    /// Readings at the ends of thirteen months. Per tariff: the last value and the months' volumes, oldest first, in
    /// thousandths of the unit.
    fn history(self, month: Period, tariffs: &[(i64, &[i64; MONTHS - 1])]) -> Meter {
        let value = |last: i64, volumes: &[i64], ago: usize| {
            MeterValue::from_steps((last - volumes[volumes.len() - ago..].iter().sum::<i64>()) * 10)
        };
        let at = |ago: usize| Taken {
            on: back(month, ago).day_clamped(31),
            values: tariffs.iter().map(|(last, volumes)| value(*last, *volumes, ago)).collect(),
        };
        Meter {
            kind: self.kind,
            serial: self.serial.to_owned(),
            place: self.place.to_owned(),
            dial: usual_dial(self.kind),
            tariffs: self.tariffs,
            installed_on: self.verified_on,
            verified_on: self.verified_on,
            verified_until: years_later(self.verified_on, self.interval_years),
            interval_years: self.interval_years,
            automatic: false,
            archived_on: None,
            readings: (0..MONTHS).rev().map(at).collect(),
        }
    }
}
