//! Penalties that have grown since the newest bill.

use super::purse::Purse;
use crate::view::{PenaltyShareView, PenaltyView};
use domain::Kopecks;
use domain::payment::PaymentStatus;
use domain::penalty::{Paid, PenaltyShare, Stated, accruing};
use wire::entity::Account;
use wire::money::{Bill, PaymentPart};

/// The penalties of an account today; `None` when there are none, or nothing to find them by. `bills` are all of the
/// account, oldest first.
pub(crate) fn penalty_view(purse: &Purse, account: &Account, bills: &[Bill]) -> Option<PenaltyView> {
    let today = purse.picture.today();
    let parts = || purse.parts.iter().filter(|part| part.account == account.id);
    let stated: Vec<Stated> = bills.iter().map(Bill::stated).collect();
    let paid: Vec<Paid> = parts().filter_map(|part| paid(purse, part)).collect();
    // What the bank has confirmed is not owed, though the account does not have it yet.
    let confirmed = parts().filter(|part| part.status == PaymentStatus::Paid);
    let owed = confirmed.fold(account.debt.0, |owed, part| owed.saturating_sub(remains(part).0));
    let found = accruing(&stated, &paid, Kopecks(owed), today, &purse.terms.as_ref()?.penalties)?;
    Some(PenaltyView {
        account: account.id.to_string(),
        on: today,
        total: found.total,
        overdue: found.overdue,
        shares: found.shares.iter().map(|share| share_view(share, bills)).collect(),
    })
}

/// What reached the bank, on the day when it did.
fn paid(purse: &Purse, part: &PaymentPart) -> Option<Paid> {
    use PaymentStatus::{Credited, Paid as Confirmed, Refunded};
    let sum = remains(part);
    let has_money = matches!(part.status, Confirmed | Credited | Refunded) && sum > Kopecks(0);
    has_money.then_some(Paid { on: purse.picture.day_of(part.paid_ms?), sum })
}

fn remains(part: &PaymentPart) -> Kopecks {
    Kopecks(part.sum.0.saturating_sub(part.refunded.0).max(0))
}

fn share_view(share: &PenaltyShare, bills: &[Bill]) -> PenaltyShareView {
    PenaltyShareView {
        period: bills.iter().find(|bill| bill.due_on == Some(share.due)).map(|bill| bill.period),
        due: share.due,
        sum: share.sum,
        days: share.days,
        rate: printed(share.rate),
        one_in: share.one_in,
        cost: share.cost,
    }
}

/// Hundredths with a comma and without zeros behind: «9,5», «16».
fn printed(hundredths: u32) -> String {
    let text = format!("{},{:02}", hundredths / 100, hundredths % 100);
    text.trim_end_matches('0').trim_end_matches(',').to_owned()
}
