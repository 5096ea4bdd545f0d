//! Asking the bank about a payment. One server at a time, and everything that was learned is written down before the next
//! question: whoever goes on after a power cut finds out from the bank what was done.

use super::cart::{self, Goods};
use super::events::{self, What};
use super::pace::{self, Around};
use super::refund::{self, Due, Outcome};
use super::table::{self, Payment};
use super::{settle, shown};
use crate::bank::{BankError, NewOrder, OrderState, PaymentGateway, Registered, Stage};
use crate::config::{AskAgain, BankSettings, PaymentSettings};
use crate::letters;
use crate::params;
use crate::server::App;
use crate::storage::{Row, Sql, StoreError, Tx};
use domain::payment::PaymentWay;
use domain::{Kopecks, PaymentId};
use futures_util::StreamExt as _;
use std::sync::Arc;

/// So many payments are asked about side by side.
const AT_ONCE: usize = 8;
/// So many that people wait for are looked up at once, and so many of those that were paid: a day's questions about refunds
/// keep nobody waiting who is at the bank's page.
const MOST: i64 = 64;
const MOST_PAID: i64 = 16;
/// More questions than one payment needs in a row: who goes round in a circle goes on the next time.
const MOST_STEPS: usize = 8;

/// Until when a server that begins to ask now is the one that asks: longer than all its questions can take.
pub fn busy_until(settings: &BankSettings, now_ms: i64) -> i64 {
    let steps = i64::try_from(MOST_STEPS).unwrap_or(i64::MAX) * 2;
    let timeout_ms = i64::try_from(settings.timeout_ms).unwrap_or(i64::MAX / 64);
    now_ms + steps * timeout_ms + 30_000
}

/// What the bank said to whoever waits for it.
pub type Heard = Result<(), BankError>;

/// Asks about all payments whose time has come; how many.
pub async fn ask_due(app: &Arc<App>) -> Result<usize, StoreError> {
    if app.bank.is_none() {
        return Ok(0);
    }
    let now = app.clock.now_ms();
    let due: Vec<PaymentId> = app
        .store
        .read(move |sql| {
            let due = |paid: &str| {
                format!(
                    "SELECT id FROM payments WHERE next_ms <= $1 AND busy_ms <= $1 AND paid_ms IS {paid}
                     ORDER BY next_ms, id LIMIT $2"
                )
            };
            let mut rows = sql.query(&due("NULL"), params![now, MOST])?;
            rows.extend(sql.query(&due("NOT NULL"), params![now, MOST_PAID])?);
            rows.iter().map(|row| row.get(0)).collect::<Result<_, StoreError>>()
        })
        .await?;
    let count = due.len();
    let mut asked = futures_util::stream::iter(due.into_iter().map(|id| ask(app, id))).buffer_unordered(AT_ONCE);
    while let Some(heard) = asked.next().await {
        heard?;
    }
    Ok(count)
}

/// Asks about one payment, unless another does just now; `None` then.
pub async fn ask(app: &Arc<App>, id: PaymentId) -> Result<Option<Heard>, StoreError> {
    match claim(app, id).await? {
        Some(busy_ms) => finish(app, id, busy_ms, false).await.map(Some),
        None => Ok(None),
    }
}

/// Makes this server the one that asks about a payment, until the time that is answered; `None` when another is.
pub(super) async fn claim(app: &Arc<App>, id: PaymentId) -> Result<Option<i64>, StoreError> {
    let Some(settings) = app.config.bank.as_ref() else { return Ok(None) };
    let now = app.clock.now_ms();
    let busy_ms = busy_until(settings, now);
    let claimed = app.store.write(move |tx| {
        let claim = "UPDATE payments SET busy_ms = $2, next_ms = $2 WHERE id = $1 AND busy_ms <= $3";
        Ok::<_, StoreError>(tx.execute(claim, params![id, busy_ms, now])? > 0)
    });
    Ok(claimed.await?.value.then_some(busy_ms))
}

/// Asks about a payment that the caller has claimed until `busy_ms`. `is_new`: the bank has never been asked.
///
/// It goes on to its end although whoever waits for it goes.
pub async fn finish(app: &Arc<App>, id: PaymentId, busy_ms: i64, is_new: bool) -> Result<Heard, StoreError> {
    let shared = Arc::clone(app);
    let asking = tokio::spawn(async move {
        let heard = match (&shared.bank, &shared.config.payments) {
            (Some(bank), Some(settings)) => Asking { app: &shared, bank: &**bank, settings, id }.run(is_new).await,
            _ => Ok(Ok(())),
        };
        let answered = heard.as_ref().is_ok_and(Result::is_ok);
        let again = shared.config.payments.as_ref().map(|settings| settings.again);
        let released = shared.store.write(move |tx| release(tx, id, busy_ms, again, answered)).await;
        let heard = heard?;
        released?;
        Ok(heard)
    });
    asking.await.unwrap_or(Err(StoreError::Panicked))
}

/// Others may ask again. A reason to ask that came meanwhile (a callback) has set another time, which stays.
pub(super) fn release(
    tx: &mut Tx<'_>,
    id: PaymentId,
    claimed_ms: i64,
    again: Option<AskAgain>,
    answered: bool,
) -> Result<(), StoreError> {
    let Some(mut payment) = table::load(tx, id)? else { return Ok(()) };
    let now = tx.now_ms();
    let mut next_ms = payment.next_ms;
    if next_ms == Some(claimed_ms) {
        // A server whose settings name no payments any more asks for none.
        let around = match again {
            Some(again) => Some(Around { again, refund_waits: refund::open(tx, id)?.is_some(), answered }),
            None => None,
        };
        next_ms = around.and_then(|around| pace::next(&payment, around, now));
    }
    payment.asked = payment.asked.saturating_add(1);
    tx.execute(
        "UPDATE payments SET busy_ms = 0, asked = $2, next_ms = $3 WHERE id = $1",
        params![id, payment.asked, next_ms],
    )?;
    Ok(())
}

/// One server at work on one payment.
struct Asking<'a> {
    app: &'a Arc<App>,
    bank: &'a dyn PaymentGateway,
    settings: &'a PaymentSettings,
    id: PaymentId,
}

/// What is to be done after a step.
enum Next {
    /// There is more to ask.
    Again,
    /// That was all for now.
    Done,
}

impl Asking<'_> {
    async fn run(&self, mut is_new: bool) -> Result<Heard, StoreError> {
        let mut declined = false;
        for _ in 0..MOST_STEPS {
            let Some(payment) = self.load().await? else { return Ok(Ok(())) };
            let next = match payment.bank_order.clone() {
                Some(order) => self.follow(&payment, &order, &mut declined).await?,
                None if std::mem::take(&mut is_new) => self.register(&payment, true).await?,
                None => self.find(&payment, &mut declined).await?,
            };
            match next {
                Ok(Next::Again) => {}
                Ok(Next::Done) => return Ok(Ok(())),
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(()))
    }

    /// The bank's number is known.
    async fn follow(
        &self,
        payment: &Payment,
        order: &str,
        declined: &mut bool,
    ) -> Result<Result<Next, BankError>, StoreError> {
        let state = match self.bank.by_order(order).await {
            Ok(Some(state)) => state,
            // A bank that has forgotten an order it gave a number to: nothing is known of the money.
            Ok(None) => {
                tracing::error!(number = payment.number, "the bank does not know its own order");
                return Ok(Err(BankError::Unsure));
            }
            Err(error) => return Ok(Err(error)),
        };
        let stage = state.stage;
        // A bank may count what it took back wholly apart from the refunds.
        let refunded = if stage == Stage::Reversed { state.amount } else { state.refunded };
        self.settle(state).await?;
        let Some(payment) = self.load().await? else { return Ok(Ok(Next::Done)) };
        if stage == Stage::Open && self.is_to_end(&payment) {
            return Ok(self.decline(order, declined).await);
        }
        if stage == Stage::Open && payment.way == PaymentWay::Sbp && payment.sbp_payload.is_none() {
            return self.fetch_code(order).await;
        }
        if !matches!(stage, Stage::Deposited | Stage::Refunded | Stage::Reversed) {
            return Ok(Ok(Next::Done));
        }
        let id = self.id;
        if let Some(wish) = self.app.store.read(move |sql| refund::open(sql, id)).await? {
            match wish.due(refunded, self.app.clock.now_ms()) {
                Due::Ask => return self.give_back(order, wish, refunded).await,
                Due::Wait => return Ok(Ok(Next::Done)),
                Due::End(outcome) => self.write(move |tx, _| refund::end(tx, id, wish.id, outcome, "")).await?,
            }
        }
        if payment.paid_ms.is_some() && payment.receipt_url.is_none() {
            return self.fetch_receipt(order).await;
        }
        Ok(Ok(Next::Done))
    }

    /// Asks the bank to give money back: once for each wish, whatever becomes of the answer. What became of it the next
    /// question about the order tells.
    async fn give_back(
        &self,
        order: &str,
        wish: refund::Refund,
        had_back: Kopecks,
    ) -> Result<Result<Next, BankError>, StoreError> {
        let (id, refund) = (self.id, wish.id);
        let sent = self.app.store.write(move |tx| refund::send(tx, id, refund, had_back)).await?;
        if !sent.value {
            return Ok(Ok(Next::Done));
        }
        match self.bank.refund(order, wish.sum).await {
            Ok(()) | Err(BankError::Unsure | BankError::NumberTaken) => Ok(Ok(Next::Again)),
            Err(BankError::NotAsked) => {
                self.write(move |tx, _| refund::not_sent(tx, refund)).await?;
                Ok(Err(BankError::NotAsked))
            }
            Err(BankError::Refused { code }) => {
                self.write(move |tx, _| refund::end(tx, id, refund, Outcome::Refused, &code.to_string())).await?;
                Ok(Ok(Next::Done))
            }
        }
    }

    /// Nothing is known of an order: the answer to the registration did not come, or it never was sent.
    async fn find(&self, payment: &Payment, declined: &mut bool) -> Result<Result<Next, BankError>, StoreError> {
        let state = match self.bank.by_number(&payment.number).await {
            Ok(state) => state,
            Err(error) => return Ok(Err(error)),
        };
        let Some(state) = state else {
            if payment.status.is_live() && !self.is_to_end(payment) {
                return self.register(payment, false).await;
            }
            self.write(|tx, payment| settle::over(tx, payment, "")).await?;
            return Ok(Ok(Next::Done));
        };
        // A database restored from a backup gives numbers again that the bank has seen.
        if state.payment.is_some_and(|other| other != payment.id) {
            return self.renumber(payment).await;
        }
        match (state.stage, state.order.clone()) {
            // Nobody was given its page, so nobody can pay it: it is ended, and another takes its place.
            (Stage::Open, Some(order)) => Ok(self.decline(&order, declined).await),
            (Stage::Declined | Stage::Lapsed, _) if payment.status.is_live() && !self.is_to_end(payment) => {
                self.renumber(payment).await
            }
            (Stage::Open, None) => Ok(Err(BankError::Unsure)),
            _ => {
                self.settle(state).await?;
                Ok(Ok(Next::Done))
            }
        }
    }

    async fn register(&self, payment: &Payment, is_new: bool) -> Result<Result<Next, BankError>, StoreError> {
        let order = self.order(payment).await?;
        match self.bank.register(&order).await {
            Ok(registered) => {
                let way = payment.way;
                self.write(move |tx, payment| registered_now(tx, payment, registered)).await?;
                let again = match self.load().await? {
                    Some(payment) => way == PaymentWay::Sbp || self.is_to_end(&payment),
                    None => false,
                };
                Ok(Ok(if again { Next::Again } else { Next::Done }))
            }
            // Both lead to the question by our number.
            Err(BankError::NumberTaken) => Ok(Ok(Next::Again)),
            Err(BankError::Unsure) if is_new => Ok(Ok(Next::Again)),
            // It was never asked for this order, so there is none.
            Err(BankError::NotAsked) if is_new => {
                self.write(|tx, payment| settle::over(tx, payment, "Банк не отвечает")).await?;
                Ok(Err(BankError::NotAsked))
            }
            Err(BankError::Refused { code }) => {
                tracing::error!(number = payment.number, code, "the bank refuses the order");
                self.write(move |tx, payment| {
                    events::note(tx, payment.id, What::OrderRefused, &code.to_string())?;
                    settle::over(tx, payment, "Банк не принял заказ")
                })
                .await?;
                Ok(Ok(Next::Done))
            }
            Err(error) => Ok(Err(error)),
        }
    }

    /// Another number for the order; written down before the bank hears it.
    async fn renumber(&self, payment: &Payment) -> Result<Result<Next, BankError>, StoreError> {
        let prefix = self.settings.prefix.clone();
        let was = payment.number.clone();
        self.write(move |tx, payment| {
            payment.number = table::take_number(tx, &prefix)?;
            events::note(tx, payment.id, What::Renumbered, &format!("{was} {}", payment.number))?;
            table::update(tx, payment)
        })
        .await?;
        Ok(Ok(Next::Again))
    }

    /// Ends an order that nobody paid; what came of it is asked afterwards. Once: a bank that keeps it is asked later.
    async fn decline(&self, order: &str, declined: &mut bool) -> Result<Next, BankError> {
        if std::mem::replace(declined, true) {
            return Ok(Next::Done);
        }
        match self.bank.decline(order).await {
            Ok(()) | Err(BankError::Refused { .. } | BankError::Unsure) => Ok(Next::Again),
            Err(error) => Err(error),
        }
    }

    async fn fetch_code(&self, order: &str) -> Result<Result<Next, BankError>, StoreError> {
        match self.bank.sbp_code(order).await {
            Ok(payload) => {
                self.write(move |tx, payment| {
                    payment.sbp_payload = Some(payload);
                    table::update(tx, payment)
                })
                .await?;
                Ok(Ok(Next::Done))
            }
            // The page can be paid on meanwhile.
            Err(error) => Ok(Err(error)),
        }
    }

    async fn fetch_receipt(&self, order: &str) -> Result<Result<Next, BankError>, StoreError> {
        // That there is none yet, or that the bank makes none, is no trouble.
        if let Ok(Some(url)) = self.bank.receipt(order).await {
            self.write(move |tx, payment| {
                payment.receipt_url = Some(url);
                table::update(tx, payment)?;
                shown::publish(tx, payment)
            })
            .await?;
        }
        Ok(Ok(Next::Done))
    }

    /// Whether an order that nobody paid is to be ended.
    fn is_to_end(&self, payment: &Payment) -> bool {
        payment.unwanted || !payment.status.is_live() || self.app.clock.now_ms() >= payment.until_ms
    }

    async fn order(&self, payment: &Payment) -> Result<NewOrder, StoreError> {
        let id = self.id;
        let accounts: Vec<Goods> = self
            .app
            .store
            .read(move |sql| {
                let rows = sql.query(
                    "SELECT accounts.number, payment_parts.sum, payment_parts.services FROM payment_parts
                     JOIN accounts ON accounts.id = payment_parts.account_id
                     WHERE payment_parts.payment_id = $1 ORDER BY payment_parts.id",
                    params![id],
                )?;
                let goods = |row: &Row| Ok(Goods { number: row.get(0)?, sum: row.get(1)?, services: row.json(2)? });
                rows.iter().map(goods).collect::<Result<_, StoreError>>()
            })
            .await?;
        let now = self.app.clock.now_ms();
        let numbers = accounts.iter().map(|goods| goods.number.as_str()).collect::<Vec<_>>().join(", ");
        let base = self.app.public_url();
        Ok(NewOrder {
            payment: payment.id,
            number: payment.number.clone(),
            amount: payment.total(),
            // The bank's form takes 99 characters.
            description: format!("{}, ЛС {numbers}", self.settings.purpose).chars().take(99).collect(),
            email: payment.email.clone(),
            accounts: numbers.chars().take(200).collect(),
            return_url: format!("{base}/pay/return/{}", payment.number),
            callback_url: format!("{base}/v1/bank/callback"),
            session_s: ((payment.until_ms - now) / 1000).max(1),
            cart: cart::cart(self.settings, self.app.config.day(now), &accounts, payment.commission),
        })
    }

    async fn load(&self) -> Result<Option<Payment>, StoreError> {
        let id = self.id;
        self.app.store.read(move |sql| table::load(sql, id)).await
    }

    async fn settle(&self, state: OrderState) -> Result<(), StoreError> {
        let by = self.settings.credit;
        self.write(move |tx, payment| settle::settle(tx, by, payment.id, &state)).await
    }

    async fn write(
        &self,
        act: impl FnOnce(&mut Tx<'_>, &mut Payment) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        let (id, app) = (self.id, Arc::clone(self.app));
        let done = self.app.store.write(move |tx| {
            let Some(mut payment) = table::load(tx, id)? else { return Ok(()) };
            let before = letters::payments::Stand::of(tx, &payment)?;
            act(tx, &mut payment)?;
            letters::payments::about(tx, &app.config, &before, id)
        });
        done.await.map(|_| ())
    }
}

/// The bank has the order, and the person can pay.
fn registered_now(tx: &mut Tx<'_>, payment: &mut Payment, registered: Registered) -> Result<(), StoreError> {
    payment.bank_order = Some(registered.order);
    payment.form_url = Some(registered.form_url);
    payment.asked = 0;
    if payment.status == domain::payment::PaymentStatus::Created {
        payment.status = domain::payment::PaymentStatus::Awaiting;
    }
    table::update(tx, payment)?;
    events::note(tx, payment.id, What::Registered, &payment.number)?;
    shown::publish(tx, payment)
}
