//! Toasts of the person's own payments: credited, declined, given back. None is told twice, and none of the payment whose
//! state is in front of the person.

use super::{read, write};
use crate::core::Core;
use crate::overlay::money::gather;
use crate::report::Fault;
use crate::session::Person;
use crate::view::{Toast, ToastPayment};
use domain::payment::PaymentStatus;
use domain::{Kopecks, PaymentId, UserId};
use std::collections::BTreeMap;
use wire::money::{Payment, PaymentPart};

/// Where each payment stood when it was told of, in the encrypted file.
const TOLD: &str = "told_payments";

/// What was told of.
type Told = BTreeMap<PaymentId, Stand>;

/// Where a payment stands, as far as people are told.
type Stand = (PaymentStatus, Kopecks);

/// Tells of what became of payments and was not told of yet.
pub(crate) async fn news(core: &Core, person: &Person) {
    if let Err(fault) = try_news(core, person).await {
        tracing::warn!(?fault, "a toast was not shown");
    }
}

/// The person knows that a payment stands so: they did it themselves, or read it in front of them.
pub(crate) async fn known(person: &Person, payment: &Payment) -> Result<(), Fault> {
    let mut told: Told = read(person, TOLD).await?.unwrap_or_default();
    told.insert(payment.id, stand(&payment.parts.iter().collect::<Vec<_>>()));
    write(person, TOLD, &told).await
}

async fn try_news(core: &Core, person: &Person) -> Result<(), Fault> {
    let before: Option<Told> = read(person, TOLD).await?;
    let (now, toast) = {
        let (purse, mirror) = gather::purse(&person.engine, core.zone(), person.user, None)?;
        if mirror.cursor().is_none() {
            return Ok(());
        }
        let own = own_payments(&purse.parts, person.user);
        let mut now: Told = own.iter().map(|(id, parts)| (*id, stand(parts))).collect();
        for (id, told) in before.iter().flatten().filter(|(_, told)| !told.0.is_live()) {
            // The person knows more than the feed has brought so far.
            now.entry(*id).and_modify(|stand| *stand = if stand.0.is_live() { *told } else { *stand });
        }
        let address = |part: &PaymentPart| purse.account(part.account).map(|account| account.short_address.clone());
        let toast = before.as_ref().map(|told| news_of(&own, told, person.payments.front(), address));
        // On a computer that shows payments for the first time, what came before is no news.
        (now, toast.unwrap_or_default())
    };
    if before.as_ref() != Some(&now) {
        write(person, TOLD, &now).await?;
    }
    if !toast.is_empty() {
        core.toast(Toast::PaymentsMoved { payments: toast });
    }
    Ok(())
}

fn own_payments(parts: &[PaymentPart], user: UserId) -> BTreeMap<PaymentId, Vec<&PaymentPart>> {
    let mut own: BTreeMap<PaymentId, Vec<&PaymentPart>> = BTreeMap::new();
    for part in parts.iter().filter(|part| part.payer == Some(user)) {
        own.entry(part.payment).or_default().push(part);
    }
    own
}

/// Parts of a payment move together, but the feed may bring them one by one: it stands where its last part does.
fn stand(parts: &[&PaymentPart]) -> Stand {
    let status = parts.iter().map(|part| part.status).min().unwrap_or(PaymentStatus::Created);
    (status, sum(parts, |part| part.refunded))
}

fn news_of(
    own: &BTreeMap<PaymentId, Vec<&PaymentPart>>,
    told: &Told,
    front: Option<PaymentId>,
    address: impl Fn(&PaymentPart) -> Option<String>,
) -> Vec<ToastPayment> {
    let mut news = Vec::new();
    for (id, parts) in own.iter().filter(|(id, _)| Some(**id) != front) {
        let (status, refunded) = stand(parts);
        let is_news = match told.get(id) {
            Some((was, was_refunded)) => {
                *was != status || (*was == PaymentStatus::Refunded && refunded > *was_refunded)
            }
            None => true,
        };
        let is_told = matches!(status, PaymentStatus::Credited | PaymentStatus::Declined | PaymentStatus::Refunded);
        if is_news && is_told {
            news.push(ToastPayment {
                payment: id.to_string(),
                status,
                sum: if status == PaymentStatus::Refunded { refunded } else { sum(parts, |part| part.sum) },
                addresses: parts.iter().filter_map(|part| address(part)).collect(),
                why: parts.iter().map(|part| part.why.clone()).find(|why| !why.is_empty()).unwrap_or_default(),
            });
        }
    }
    news
}

fn sum(parts: &[&PaymentPart], of: impl Fn(&PaymentPart) -> Kopecks) -> Kopecks {
    Kopecks(parts.iter().fold(0, |sum: i64, part| sum.saturating_add(of(part).0)))
}
