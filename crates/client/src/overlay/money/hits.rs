//! Bills that Ctrl K finds: «квитанция октябрь», «квитанция 2026 Винокурова».

use super::purse::Purse;
use crate::store::folded;
use crate::view::{HitView, Target};
use domain::Period;

/// Months as people call them, in both languages of the window.
const MONTHS: [&str; 12] = [
    "январь января january",
    "февраль февраля february",
    "март марта march",
    "апрель апреля april",
    "май мая may",
    "июнь июня june",
    "июль июля july",
    "август августа august",
    "сентябрь сентября september",
    "октябрь октября october",
    "ноябрь ноября november",
    "декабрь декабря december",
];
/// What bills are called.
const BILL: &str = "квитанция квитанции счет bill";

/// Bills that fit all words, newest first. Only queries that mean a bill find any: an address alone means the account.
pub(crate) fn hits(purse: &Purse, words: &[String]) -> Vec<HitView> {
    if !words.iter().any(|word| means_a_bill(word)) {
        return Vec::new();
    }
    let mut found: Vec<(Period, HitView)> = Vec::new();
    for account in &purse.picture.accounts {
        for (bill, period) in purse.bills_of(account.id) {
            let month = MONTHS[usize::from(period.month() - 1)];
            let text = folded(&format!("{BILL} за for {month} {period} {} {}", account.short_address, account.number));
            if words.iter().all(|word| text.contains(word)) {
                let target = Target::Bill { id: bill.to_string() };
                let (title, detail) = (account.short_address.clone(), period.to_string());
                found.push((*period, HitView { target, title, detail, mark: None }));
            }
        }
    }
    found.sort_by(|(one, a), (other, b)| other.cmp(one).then_with(|| a.title.cmp(&b.title)));
    found.into_iter().map(|(_, hit)| hit).collect()
}

/// Whether a word begins what a bill or a month is called: three letters are enough to tell.
fn means_a_bill(word: &str) -> bool {
    let names = BILL.split(' ').chain(MONTHS.iter().flat_map(|names| names.split(' ')));
    word.chars().count() >= 3 && names.into_iter().any(|name| name.starts_with(word))
}
