//! A bank that says what a real one should not: other sums, money after the end.

use crate::common::database::on_postgres;
use crate::common::town::Flat;
use crate::common::*;
use crate::till::{settings, wanted};
use async_trait::async_trait;
use domain::payment::{PaymentStatus, PaymentWay};
use domain::{Kopecks, PaymentId};
use std::sync::{Arc, Mutex};
use wire::money::Payment;
use zhkh_server::bank::{BankError, NewOrder, OrderState, PaymentGateway, Registered, Stage};
use zhkh_server::payments::by_hand;
use zhkh_server::payments::verdict::Ruling;
use zhkh_server::storage::StoreError;

/// It has one order, and says of it what it is told to say.
#[derive(Default)]
struct Fake(Mutex<Option<OrderState>>);

impl Fake {
    fn say(&self, act: impl FnOnce(&mut OrderState)) {
        act(self.0.lock().expect("not poisoned").as_mut().expect("an order"));
    }

    fn said(&self) -> Option<OrderState> {
        self.0.lock().expect("not poisoned").clone()
    }
}

#[async_trait]
impl PaymentGateway for Fake {
    async fn register(&self, order: &NewOrder) -> Result<Registered, BankError> {
        *self.0.lock().expect("not poisoned") = Some(OrderState {
            order: Some("1".into()),
            payment: Some(order.payment),
            stage: Stage::Open,
            amount: order.amount,
            deposited: Kopecks(0),
            refunded: Kopecks(0),
            by: String::new(),
            why: String::new(),
        });
        Ok(Registered { order: "1".into(), form_url: "https://bank.example/1".into() })
    }
    async fn by_number(&self, _: &str) -> Result<Option<OrderState>, BankError> {
        Ok(self.said())
    }
    async fn by_order(&self, _: &str) -> Result<Option<OrderState>, BankError> {
        Ok(self.said())
    }
    async fn decline(&self, _: &str) -> Result<(), BankError> {
        self.say(|order| order.stage = Stage::Declined);
        Ok(())
    }
    async fn refund(&self, _: &str, _: Kopecks) -> Result<(), BankError> {
        Err(BankError::Unsure)
    }
    async fn sbp_code(&self, _: &str) -> Result<String, BankError> {
        Err(BankError::Unsure)
    }
    async fn receipt(&self, _: &str) -> Result<Option<String>, BankError> {
        Ok(None)
    }
}

struct Stall {
    world: World,
    bank: Arc<Fake>,
    owner: Person,
    flat: Flat,
}

impl Stall {
    async fn new() -> Self {
        let postgres = on_postgres().then(|| Arc::new(test_postgres::database().expect("a PostgreSQL")));
        let mut world = World::stopped(&settings("http://127.0.0.1:9"), postgres);
        let bank = Arc::new(Fake::default());
        world.bank = Some(Arc::clone(&bank) as Arc<dyn PaymentGateway>);
        world.start().await;
        let (owner, flat) = world.resident().await;
        Self { world, bank, owner, flat }
    }

    async fn begun(&self) -> Payment {
        let wanted = wanted(&[(self.flat.account, 100_000)], PaymentWay::Card);
        read(self.world.post_as(&self.owner, "/v1/payments", &wanted).await).await
    }

    async fn after(&mut self, seconds: i64, id: PaymentId) -> Payment {
        self.world.clock.advance(seconds * 1000);
        self.world.running().ask_bank().await.expect("asked");
        self.owner = self.world.sign_in(&self.owner).await;
        read(self.world.get_as(&self.owner, &format!("/v1/payments/{id}")).await).await
    }

    async fn credited(&self) -> Vec<i64> {
        let read = self.world.store().read(|sql| {
            let rows = sql.query("SELECT sum FROM credits ORDER BY at_ms", &[])?;
            rows.iter().map(|row| row.get(0)).collect::<Result<_, StoreError>>()
        });
        read.await.expect("read")
    }
}

#[tokio::test]
async fn a_sum_at_the_bank_that_is_not_ours_credits_nothing_and_is_told_once() {
    let mut stall = Stall::new().await;
    let payment = stall.begun().await;
    for (amount, deposited) in [(100_000, 100_000), (101_200, 100_000), (101_201, 101_201), (101_200, 0)] {
        stall.bank.say(|order| {
            (order.stage, order.amount, order.deposited) = (Stage::Deposited, Kopecks(amount), Kopecks(deposited));
        });
        for _ in 0..2 {
            assert_eq!(stall.after(60, payment.id).await.status, PaymentStatus::Awaiting);
        }
    }
    assert!(stall.credited().await.is_empty());
    let told = stall.world.store().read(|sql| zhkh_server::payments::events::with_other_sums(sql)).await;
    assert_eq!(told.expect("read"), [payment.number]);
    let events = stall.world.store().read(|sql| {
        let row = sql.first("SELECT COUNT(*) FROM payment_events WHERE what = 'sum_differs'", &[])?;
        row.ok_or(StoreError::Column(0))?.get::<i64>(0)
    });
    assert_eq!(events.await.expect("read"), 4, "each once");
    // Somebody put it right.
    stall.bank.say(|order| order.deposited = Kopecks(101_200));
    assert_eq!(stall.after(600, payment.id).await.status, PaymentStatus::Credited);
    assert_eq!(stall.credited().await, [100_000]);
}

#[tokio::test]
async fn money_that_comes_after_the_payment_was_given_up_is_credited_all_the_same() {
    let mut stall = Stall::new().await;
    let payment = stall.begun().await;
    assert_eq!(stall.after(21 * 60, payment.id).await.status, PaymentStatus::Expired);
    stall.bank.say(|order| (order.stage, order.deposited) = (Stage::Deposited, Kopecks(101_200)));
    // Without a callback: it is asked about once more an hour after its end.
    assert_eq!(stall.after(60 * 60, payment.id).await.status, PaymentStatus::Credited);
    assert_eq!(stall.credited().await, [100_000]);
    assert_eq!(stall.after(24 * 3600, payment.id).await.status, PaymentStatus::Credited);
    assert_eq!(stall.credited().await, [100_000]);
}

#[tokio::test]
async fn a_bank_that_counts_what_it_still_has_is_understood_too() {
    let mut stall = Stall::new().await;
    let payment = stall.begun().await;
    stall.bank.say(|order| {
        (order.stage, order.deposited, order.refunded) = (Stage::Refunded, Kopecks(71_200), Kopecks(30_000));
    });
    let state = stall.after(5, payment.id).await;
    assert_eq!((state.status, state.parts[0].refunded), (PaymentStatus::Refunded, Kopecks(30_000)));
    let mut credited = stall.credited().await;
    credited.sort_unstable();
    assert_eq!(credited, [-30_000, 100_000]);
}

#[tokio::test]
async fn a_sum_that_the_bank_holds_is_neither_credited_nor_let_go() {
    let mut stall = Stall::new().await;
    let payment = stall.begun().await;
    stall.bank.say(|order| order.stage = Stage::Held);
    assert_eq!(stall.after(21 * 60, payment.id).await.status, PaymentStatus::Held);
    assert!(stall.credited().await.is_empty());
    stall.bank.say(|order| order.stage = Stage::Reversed);
    assert_eq!(stall.after(600, payment.id).await.status, PaymentStatus::Declined);
}

#[tokio::test]
async fn what_was_rejected_is_never_credited_whatever_the_bank_says_of_it_later() {
    let mut stall = Stall::new().await;
    let payment = stall.begun().await;
    stall.bank.say(|order| (order.stage, order.deposited) = (Stage::Deposited, Kopecks(100_000)));
    assert_eq!(stall.after(5, payment.id).await.status, PaymentStatus::Awaiting);
    let (app, why) = (stall.world.running().app(), "сверено".to_owned());
    let decided = by_hand::decide(app, payment.id, Ruling::Rejected, why).await.expect("written");
    assert_eq!(decided, Ok(Kopecks(100_000)));
    stall.bank.say(|order| order.deposited = Kopecks(101_200));
    for _ in 0..3 {
        assert_eq!(stall.after(600, payment.id).await.status, PaymentStatus::Declined);
    }
    assert!(stall.credited().await.is_empty());
}
