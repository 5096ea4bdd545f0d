//! The bills of the town: a month of everybody with lines (B2), and two years of the three of the story (B1).
//!
//! «Итого к оплате» of the month is the sum that the bank's files have: people prove with it that an account is theirs.

use super::dice::Dice;
use super::fleet::back;
use super::town::{Account, Town};
use crate::registry::bill::{BillRow, write};
use domain::bill::{BillLine, VolumeMethod};
use domain::decimal::{LineRate, Volume};
use domain::{AccountNumber, Kopecks, MeterKind, Period};
use wire::money::Recalculation;

/// So many months of bills an account of the story has, the month of the town among them.
const STORY_MONTHS: usize = 24;

/// The three of the story stand first.
const STORY: usize = 3;

/// Volumes in ten-millionths of the unit, as [`Volume`] counts them.
const UNIT: i64 = 10_000_000;

/// The month's bills of all accounts, B2.
pub(super) fn month(town: &Town) -> Vec<u8> {
    let mut text = write::heading();
    let (mut bills, mut lines, mut sum) = (0, 0, Kopecks(0));
    for (place, account) in town.accounts.iter().enumerate() {
        let Some(bill) = chain(account, place, town.month).pop() else { continue };
        (bills, lines, sum) = (bills + 1, lines + bill.lines.len(), sum + bill.to_pay);
        text.push_str(&write::text(&bill));
    }
    text.push_str(&format!("={bills};{lines};{}\r\n", sum.to_registry()));
    // Windows-1251 has neither «м²» nor «м³».
    format!("\u{feff}{text}").into_bytes()
}

/// The earlier months of the story, B1.
pub(super) fn history(town: &Town) -> Vec<u8> {
    let mut text = String::new();
    for (place, account) in town.accounts.iter().enumerate().take(STORY) {
        let mut bills = chain(account, place, town.month);
        bills.pop();
        text.extend(bills.iter().map(write::json));
    }
    text.into_bytes()
}

/// The bills of an account up to the month of the town, oldest first: what is owed goes from one to the next.
fn chain(account: &Account, place: usize, month: Period) -> Vec<BillRow> {
    let Ok(number) = AccountNumber::parse(&account.cells.number) else { return Vec::new() };
    let mut dice = Dice::new(number.as_str().parse().unwrap_or(0), "flat");
    let flat = Flat { area: dice.between(290, 860), residents: u16::try_from(dice.between(1, 4)).unwrap_or(2), place };
    let months = if place < STORY { STORY_MONTHS } else { 2 };
    let mut bills: Vec<BillRow> = Vec::with_capacity(months);
    for ago in (0..months).rev() {
        let period = back(month, ago);
        // Prices changed in the last July.
        let dear = ago <= usize::from((month.month() + 5) % 12);
        let mut lines = flat.lines(account, period, ago, dear, &mut dice);
        let accrued: Kopecks = lines.iter().map(|line| line.total).sum();
        let opening = bills.last().map_or(Kopecks(accrued.0 - accrued.0 % 100), |before| before.to_pay);
        let penalty = Kopecks(if place == 1 && ago == 4 { 1_874 } else { 0 });
        let (paid, to_pay) = if ago == 0 {
            // What the bank's files say. Nobody pays less than nothing: then the debt was there before.
            (opening + accrued + penalty - account.sum, account.sum)
        } else if place == 1 && ago == 5 {
            (Kopecks(0), opening + accrued)
        } else {
            (opening, accrued + penalty)
        };
        let (opening, paid) = if paid < Kopecks(0) { (opening - paid, Kopecks(0)) } else { (opening, paid) };
        // One bill of the town does not sum: the window warns of it.
        if place == 1
            && ago == 2
            && let Some(line) = lines.first_mut()
        {
            line.total = line.total + Kopecks(1_000);
        }
        let recalculated = lines.iter().filter(|line| line.recalculated != Kopecks(0));
        let ground = "Горячей воды не было 3 дня";
        let recalculations = recalculated.map(|line| Recalculation {
            service: line.service.clone(),
            ground: ground.to_owned(),
            sum: line.recalculated,
        });
        bills.push(BillRow {
            account: number.clone(),
            period,
            number: format!("{}-{}", number.as_str(), period.to_mmyy()),
            issued_on: Some(period.next().day_clamped(3)),
            due_on: Some(period.next().day_clamped(15)),
            opening: Some(opening),
            paid: Some(paid),
            paid_on: (paid > Kopecks(0)).then(|| period.day_clamped(12)),
            accrued: Some(accrued),
            penalty: Some(penalty),
            to_pay,
            area: Some(format!("{},{}", flat.area / 10, flat.area % 10)),
            residents: Some(flat.residents),
            recalculations: recalculations.collect(),
            lines,
            note: String::new(),
        });
    }
    // Only the story has earlier months.
    if place >= STORY {
        bills.drain(..bills.len() - 1);
    }
    bills
}

struct Flat {
    /// Tenths of a square metre.
    area: i64,
    residents: u16,
    place: usize,
}

impl Flat {
    fn lines(&self, account: &Account, period: Period, ago: usize, dear: bool, dice: &mut Dice) -> Vec<BillLine> {
        let area = self.area * UNIT / 10;
        let price = |old: &'static str, new: &'static str| if dear { new } else { old };
        let mut lines =
            vec![line("Содержание жилого помещения", "м²", Some(VolumeMethod::Other), area, price("11.37", "12.48"))];
        if !(5..=9).contains(&period.month()) {
            let heat = area / 10_000 * dice.between(90, 130);
            lines.push(line("Отопление", "Гкал", Some(VolumeMethod::Other), heat, "1984.52"));
        }
        let mut drained = 0;
        let water = [
            (MeterKind::ColdWater, "Холодное водоснабжение", price("30.12", "32.85")),
            (MeterKind::HotWater, "Горячее водоснабжение", price("171.06", "186.40")),
        ];
        for (kind, service, rate) in water {
            let (volume, method) = match used(account, kind, ago).first() {
                Some(volume) => (*volume, VolumeMethod::Meter),
                None => (i64::from(self.residents) * dice.between(18, 46) * UNIT / 10, VolumeMethod::Norm),
            };
            drained += volume;
            let mut line = line(service, "м³", Some(method), volume, rate);
            if self.place == 0 && ago == 3 && kind == MeterKind::HotWater {
                line.recalculated = Kopecks(-(line.accrued.0 / 10));
                line.total = line.accrued + line.recalculated;
            }
            lines.push(line);
        }
        lines.push(line("Водоотведение", "м³", Some(VolumeMethod::Other), drained, price("26.05", "28.40")));
        let power = used(account, MeterKind::Electricity, ago);
        let zones: &[(&str, &str)] = match power.len() {
            2 => &[("Электроэнергия, день", "5.60"), ("Электроэнергия, ночь", "3.05")],
            3 => &[
                ("Электроэнергия, пик", "6.30"),
                ("Электроэнергия, ночь", "3.05"),
                ("Электроэнергия, полупик", "4.87"),
            ],
            _ => &[("Электроэнергия", "4.87")],
        };
        let usual = [dice.between(60, 240) * UNIT];
        let (volumes, method): (&[i64], _) =
            if power.is_empty() { (&usual, VolumeMethod::Average) } else { (&power, VolumeMethod::Meter) };
        for ((service, rate), volume) in zones.iter().zip(volumes) {
            lines.push(line(service, "кВт·ч", Some(method), *volume, rate));
        }
        let residents = i64::from(self.residents) * UNIT;
        lines.push(line("Обращение с ТКО", "чел.", Some(VolumeMethod::Other), residents, price("118.40", "126.73")));
        lines.push(line("Взнос на капитальный ремонт", "м²", None, area, "8.45"));
        lines
    }
}

/// What the meters of a kind counted in a month, a volume for each tariff; nothing where there are no readings.
fn used(account: &Account, kind: MeterKind, ago: usize) -> Vec<i64> {
    let mut volumes: Vec<i64> = Vec::new();
    for meter in account.meters.iter().filter(|meter| meter.kind == kind && meter.archived_on.is_none()) {
        // Before the oldest readings a month is as the oldest one.
        let Some(last) = meter.readings.len().checked_sub(2).map(|last| last.saturating_sub(ago) + 1) else { continue };
        let pairs = meter.readings[last].values.iter().zip(&meter.readings[last - 1].values);
        for (place, (now, before)) in pairs.enumerate() {
            // A meter's steps are ten-thousandths.
            let volume = (now.steps() - before.steps()).max(0) * (UNIT / 10_000);
            match volumes.get_mut(place) {
                Some(sum) => *sum += volume,
                None => volumes.push(volume),
            }
        }
    }
    volumes
}

fn line(service: &str, unit: &str, method: Option<VolumeMethod>, volume: i64, rate: &str) -> BillLine {
    let volume = Volume::from_steps(volume).unwrap_or_default();
    let rate = LineRate::parse(rate).unwrap_or_default();
    let accrued = rate.cost(volume);
    BillLine {
        service: service.to_owned(),
        unit: unit.to_owned(),
        method,
        volume: Some(volume),
        rate: Some(rate),
        accrued,
        excess: Kopecks(0),
        recalculated: Kopecks(0),
        discount: Kopecks(0),
        total: accrued,
    }
}

#[cfg(test)]
mod tests {
    use super::super::story;
    use super::*;
    use domain::penalty::{PenaltyRules, PenaltyStep, PenaltyTable, Stated, accruing};

    /// Penalties of the account of the story on the 24th of the month behind the town's.
    fn penalties(place: usize) -> Option<Kopecks> {
        let month = Period::new(2026, 10).expect("a month");
        let account = &story::accounts(month)[place];
        let stated = |bill: &BillRow| Stated {
            period: bill.period,
            due_on: bill.due_on,
            opening: bill.opening,
            accrued: bill.accrued,
            paid: bill.paid,
            paid_on: bill.paid_on,
            penalty: bill.penalty,
            to_pay: bill.to_pay,
        };
        let bills: Vec<Stated> = chain(account, place, month).iter().map(stated).collect();
        let steps = vec![PenaltyStep { from_day: 31, one_in: 300 }, PenaltyStep { from_day: 91, one_in: 130 }];
        let law = PenaltyRules { from: month.day_clamped(1), key_rate: 950, cap: None, steps };
        let table = PenaltyTable::new(vec![law]).expect("a table");
        accruing(&bills, &[], account.sum, month.next().day_clamped(24), &table).map(|found| found.total)
    }

    #[test]
    fn one_of_the_story_is_late_and_another_is_not() {
        assert_eq!(penalties(0), None);
        assert!(penalties(2).is_some_and(|sum| sum > Kopecks(100)), "{:?}", penalties(2));
    }
}
