//! What the program keeps of a person's paying beside the mirror: payments that were meant and whose end is not known,
//! where receipts go, and which payment is in front of the person now.
//!
//! A payment has its id before the server hears of it, and keeps it until its end is known: a lost answer, a second click, a
//! kill and a restart all lead to the same payment.

use crate::engine::Engine;
use crate::locked::locked;
use crate::report::Fault;
use crate::store::StoreError;
use crate::view::PaymentStateView;
use domain::payment::{PaymentWay, ServiceSum};
use domain::{AccountId, Kopecks, PaymentId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};
use tokio::sync::MutexGuard as TurnGuard;

/// The name of what is kept, in the encrypted file.
const KEPT: &str = "payments";
/// How many payments without a known end are kept: nobody has more of them than a few.
const MOST: usize = 32;

/// What somebody wants to pay. The same sums the same way are the same payment, wherever the receipt goes: who corrects its
/// address and tries again pays once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wish {
    /// What goes where, in the order of the accounts' ids.
    pub(crate) sums: Vec<(AccountId, Kopecks)>,
    /// The same by services, of the accounts whose sums the person divided.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) services: BTreeMap<AccountId, Vec<ServiceSum>>,
    /// How.
    pub(crate) way: PaymentWay,
    /// «ИТОГ» as it was shown.
    pub(crate) total: Kopecks,
    /// Where the receipt goes; may be empty.
    pub(crate) email: String,
}

impl Wish {
    fn is_same_payment(&self, other: &Self) -> bool {
        (&self.sums, &self.services, self.way, self.total) == (&other.sums, &other.services, other.way, other.total)
    }
}

/// A payment that was meant and whose end is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Meant {
    id: PaymentId,
    wish: Wish,
}

/// What is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    meant: Vec<Meant>,
    receipts_to: Option<String>,
}

/// What is kept of a person's paying.
pub(crate) struct Payments {
    kept: Mutex<Kept>,
    front: Mutex<Option<PaymentId>>,
    /// Held while a payment is begun: what it came to last, for whoever clicked while it was.
    turn: tokio::sync::Mutex<Last>,
    begun: Mutex<u64>,
}

/// The payment that was begun last.
#[derive(Default)]
pub(crate) struct Last {
    number: u64,
    answer: Option<(Wish, PaymentStateView)>,
}

/// The right to begin a payment.
pub(crate) struct Turn<'a> {
    last: TurnGuard<'a, Last>,
    payments: &'a Payments,
    asked: u64,
}

impl Payments {
    /// Reads what was kept.
    pub(crate) async fn open(engine: &Engine) -> Result<Self, StoreError> {
        let kept = engine.secret(KEPT).await?.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let kept = Mutex::new(kept.unwrap_or_default());
        Ok(Self { kept, front: Mutex::default(), turn: tokio::sync::Mutex::default(), begun: Mutex::default() })
    }

    /// Waits until nobody else begins a payment.
    pub(crate) async fn turn(&self) -> Turn<'_> {
        let asked = *locked(&self.begun);
        Turn { last: self.turn.lock().await, payments: self, asked }
    }

    /// Where the last receipt went.
    pub(crate) fn receipts_to(&self) -> Option<String> {
        self.kept().receipts_to.clone()
    }

    /// The end of a payment is known, or it never began: the same wish is another payment from now on.
    pub(crate) async fn forget(&self, engine: &Engine, ended: impl Fn(PaymentId) -> bool) -> Result<(), Fault> {
        let mut kept = self.kept().clone();
        kept.meant.retain(|meant| !ended(meant.id));
        self.keep(engine, kept).await
    }

    /// The payment whose state the window shows.
    pub(crate) fn front(&self) -> Option<PaymentId> {
        *locked(&self.front)
    }

    /// The window shows this one, or none.
    pub(crate) fn set_front(&self, front: Option<PaymentId>) {
        *locked(&self.front) = front;
    }

    async fn keep(&self, engine: &Engine, kept: Kept) -> Result<(), Fault> {
        if *self.kept() != kept {
            let bytes = serde_json::to_vec(&kept).map_err(|error| Fault::Defect(error.to_string()))?;
            engine.set_secret(KEPT, Some(&bytes)).await?;
            *self.kept() = kept;
        }
        Ok(())
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        locked(&self.kept)
    }
}

impl Turn<'_> {
    /// What the same wish came to while this one waited for its turn: a double click is one payment and one page.
    pub(crate) fn answered_meanwhile(&self, wish: &Wish) -> Option<PaymentStateView> {
        let (of, answer) = self.last.answer.as_ref().filter(|_| self.last.number > self.asked)?;
        of.is_same_payment(wish).then(|| answer.clone())
    }

    /// The id of the payment that is wished for, and whether it was meant before. When this returns the id survives a power
    /// cut.
    pub(crate) async fn id_of(
        &self,
        engine: &Engine,
        wish: &Wish,
        mint: impl FnOnce() -> PaymentId,
    ) -> Result<(PaymentId, bool), Fault> {
        let mut kept = self.payments.kept().clone();
        kept.receipts_to = Some(wish.email.clone());
        let known = kept.meant.iter().find(|meant| meant.wish.is_same_payment(wish)).map(|meant| meant.id);
        let id = known.unwrap_or_else(|| {
            let id = mint();
            kept.meant.push(Meant { id, wish: wish.clone() });
            id
        });
        let surplus = kept.meant.len().saturating_sub(MOST);
        kept.meant.drain(..surplus);
        self.payments.keep(engine, kept).await?;
        Ok((id, known.is_some()))
    }

    /// It was begun.
    pub(crate) fn answered(mut self, wish: Wish, answer: PaymentStateView) {
        let mut begun = locked(&self.payments.begun);
        *begun += 1;
        self.last.number = *begun;
        self.last.answer = Some((wish, answer));
    }
}
