//! Money is conserved: random lives of many payments against the sandbox's bank, which alone knows what was paid.

use crate::common::*;
use crate::till::{DEBT, Till, wanted};
use domain::payment::PaymentWay;
use domain::{Kopecks, PaymentId};
use proptest::prelude::*;
use proptest::test_runner::{Config as Runs, RngAlgorithm, TestRng, TestRunner};
use sandbox::bank::{EMPTY_CARD, GOOD_CARD, Operation, Order, Stage};
use std::collections::BTreeMap;
use wire::money::StartPayment;
use zhkh_server::payments::by_hand;
use zhkh_server::payments::verdict::Ruling;
use zhkh_server::storage::StoreError;

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    /// Somebody begins a payment of the first account, the second or both.
    Begin { who: usize, flats: usize, sum: i64, way: PaymentWay },
    /// The last request again, by a second click.
    Again,
    /// A person on the bank's page.
    Pay { order: usize, card: bool },
    /// A person leaves it.
    Refuse { order: usize },
    /// A person cancels in the program.
    Cancel { payment: usize },
    /// The utility or the bank gives money back.
    Refund { order: usize, percent: i64 },
    /// All of it.
    Reverse { order: usize },
    /// The staff give money back by command.
    GiveBack { payment: usize, sum: Option<i64> },
    /// The bank takes another sum than it was asked to, from now on.
    Other { less: i64 },
    /// The staff decide about a payment, whether there is something to decide or not.
    Decide { payment: usize, accept: bool },
    /// The bank calls; or somebody else does.
    Call { order: usize, operation: usize, forged: bool },
    /// Time goes on, and the server asks.
    Wait { seconds: i64 },
    /// The next answers of the bank are lost.
    Lose { answers: u32 },
    /// The bank does not answer, or answers with a page of HTML.
    Down { down: bool, html: bool },
    /// The bank keeps orders that it is asked to end.
    Keep { keeps: bool },
    /// The server ends and starts.
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let way = prop_oneof![Just(PaymentWay::Card), Just(PaymentWay::Sbp)];
    let step = prop_oneof![
        8 => (0..2_usize, 0..3_usize, 500..400_000_i64, way)
            .prop_map(|(who, flats, sum, way)| Step::Begin { who, flats, sum, way }),
        2 => Just(Step::Again),
        16 => (0..2_usize, prop::bool::weighted(0.8)).prop_map(|(order, card)| Step::Pay { order, card }),
        1 => (0..6_usize).prop_map(|order| Step::Refuse { order }),
        2 => (0..6_usize).prop_map(|payment| Step::Cancel { payment }),
        3 => (0..4_usize, 1..101_i64).prop_map(|(order, percent)| Step::Refund { order, percent }),
        1 => (0..6_usize).prop_map(|order| Step::Reverse { order }),
        5 => (0..4_usize, prop::option::of(1..60_000_i64))
            .prop_map(|(payment, sum)| Step::GiveBack { payment, sum }),
        3 => prop_oneof![2 => Just(0_i64), 1 => Just(1_000), 1 => Just(-700)].prop_map(|less| Step::Other { less }),
        2 => (0..4_usize, any::<bool>()).prop_map(|(payment, accept)| Step::Decide { payment, accept }),
        4 => (0..3_usize, 0..3_usize, prop::bool::weighted(0.3))
            .prop_map(|(order, operation, forged)| Step::Call { order, operation, forged }),
        7 => prop_oneof![4 => Just(5_i64), 4 => Just(60), 1 => Just(1_300), 1 => Just(4_000)].prop_map(|seconds| Step::Wait { seconds }),
        2 => (1..4_u32).prop_map(|answers| Step::Lose { answers }),
        2 => (prop::bool::weighted(0.2), prop::bool::weighted(0.2)).prop_map(|(down, html)| Step::Down { down, html }),
        1 => any::<bool>().prop_map(|keeps| Step::Keep { keeps }),
        1 => Just(Step::Restart),
    ];
    prop::collection::vec(step, 8..40)
}

/// The world in which all histories take place, one behind another: what one left over is the next one's past.
struct Street {
    till: Till,
    people: [Person; 2],
    flats: [domain::AccountId; 2],
    payments: Vec<PaymentId>,
    last: Option<(usize, StartPayment)>,
}

/// So many histories, each with the books checked at its end; the same ones at every run, unless more are wished for.
fn histories() -> (u32, TestRng) {
    match std::env::var("ZHKH_PAYMENTS").ok().and_then(|number| number.parse().ok()) {
        Some(number) => {
            (number, TestRng::from_seed(RngAlgorithm::ChaCha, uuid::Uuid::new_v4().as_bytes().repeat(2).as_slice()))
        }
        None => (40, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    }
}

#[test]
fn whatever_happens_on_the_way_the_accounts_get_what_the_bank_has_taken_and_each_kopeck_once() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let street = runtime.block_on(Street::new());
    let street = std::cell::RefCell::new(street);
    let (cases, random) = histories();
    let config = Runs { cases, max_shrink_iters: 200, failure_persistence: None, ..Runs::default() };
    let ran = TestRunner::new_with_rng(config, random).run(&steps(), |steps| {
        let mut street = street.borrow_mut();
        runtime.block_on(async {
            for step in &steps {
                street.live(step).await;
                street.is_sound().await?;
            }
            street.heal().await;
            street.is_even().await
        })
    });
    let (paid, back) = runtime.block_on(street.borrow().happened());
    let (given, accepted, rejected) = runtime.block_on(street.borrow().decided());
    println!(
        "» {cases} histories: {paid} payments credited, {back} refunds, {given} by command, {accepted} other sums accepted, {rejected} rejected"
    );
    ran.expect("the books are even");
    assert!(paid > 10 && back > 3, "the histories came to nothing: {paid} payments, {back} refunds");
    assert!(given > 3 && accepted > 1 && rejected > 1, "nobody decided: {given}, {accepted}, {rejected}");
}

impl Street {
    async fn new() -> Self {
        let till = Till::with(|text| {
            // Histories are one another's past, and each takes a day: what was paid in one may be given back some later.
            let text = text.replace("[payments]\n", "[payments]\nask_again_days = 12\n");
            text.replace("[limits]", "[limits]\npayments_per_hour = 100000")
        })
        .await;
        let second = till.second_flat().await;
        let relative = till.relative().await;
        let (people, flats) = ([till.owner.clone(), relative], [till.flat.account, second.account]);
        Self { till, people, flats, payments: Vec::new(), last: None }
    }

    fn order(&self, place: usize) -> Option<Order> {
        // The latest are the interesting ones.
        self.till.bank().orders().into_iter().rev().nth(place)
    }

    async fn live(&mut self, step: &Step) {
        let bank = std::sync::Arc::clone(self.till.bank());
        match step {
            Step::Begin { who, flats, sum, way } => {
                let parts = match flats {
                    0 => vec![(self.flats[0], *sum)],
                    1 => vec![(self.flats[1], *sum)],
                    _ => vec![(self.flats[0], *sum), (self.flats[1], sum / 3 + 1)],
                };
                // The relative has the first flat only.
                let who = if *flats == 0 { *who } else { 0 };
                let wanted = wanted(&parts, *way);
                self.payments.push(wanted.id);
                self.last = Some((who, wanted));
                self.begin().await;
            }
            Step::Again => self.begin().await,
            Step::Pay { order, card } => {
                let Some(order) = self.order(*order) else { return };
                // Whoever has no page and no code cannot pay.
                if !self.is_given_out(&order.id).await {
                    return;
                }
                // Over already, or out of money: nothing changes then.
                let _ = if order.code.is_some() {
                    bank.pay_by_code(&order.id)
                } else {
                    bank.pay(&order.id, if *card { GOOD_CARD } else { EMPTY_CARD })
                };
            }
            Step::Refuse { order } => drop(self.order(*order).map(|order| bank.refuse(&order.id))),
            Step::Cancel { payment } => {
                let Some(id) = self.payments.iter().rev().nth(*payment) else { return };
                let path = format!("/v1/payments/{id}/cancel");
                let answer = self.till.world.post_as(&self.people[0], &path, &()).await;
                assert!(answer.status().as_u16() != 500, "{}", answer.status());
            }
            Step::Refund { order, percent } => {
                let Some(order) = self.order(*order) else { return };
                let _ = bank.refund(&order.id, order.kept() * percent / 100);
            }
            Step::Reverse { order } => drop(self.order(*order).map(|order| bank.reverse(&order.id))),
            Step::GiveBack { payment, sum } => {
                let Some(id) = self.payments.iter().rev().nth(*payment) else { return };
                let (app, why) = (self.till.world.running().app(), "по заявлению".to_owned());
                // Never paid, more than there is, the same again: nothing changes then.
                let _ = by_hand::refund(app, *id, sum.map(Kopecks), why, false).await.expect("written");
            }
            Step::Other { less } => self.till.turn(|knobs| knobs.takes_less = *less),
            Step::Decide { payment, accept } => {
                let Some(id) = self.payments.iter().rev().nth(*payment).copied() else { return };
                self.decide(id, *accept).await;
            }
            Step::Call { order, operation, forged } => {
                let Some(order) = self.order(*order) else { return };
                self.till.turn(|knobs| knobs.wrong_checksum = *forged);
                let operation = [Operation::Deposited, Operation::Refunded, Operation::Declined][*operation];
                let params = bank.callback_of(&order, operation);
                self.till.turn(|knobs| knobs.wrong_checksum = false);
                let url = self.till.world.url("/v1/bank/callback");
                let answer = self.till.world.http.get(url).query(&params).send().await.expect("answered");
                assert_eq!(answer.status().as_u16(), if *forged { 403 } else { 200 });
            }
            Step::Wait { seconds } => self.wait(*seconds).await,
            Step::Lose { answers } => self.till.turn(|knobs| knobs.lose_answers = *answers),
            Step::Down { down, html } => self.till.turn(|knobs| (knobs.down, knobs.html) = (*down, *html)),
            Step::Keep { keeps } => self.till.turn(|knobs| knobs.keeps_orders = *keeps),
            Step::Restart => {
                self.till.world.stop().await;
                self.till.world.start().await;
            }
        }
    }

    async fn decide(&self, id: PaymentId, accept: bool) {
        let ruling = if accept { Ruling::Accepted } else { Ruling::Rejected };
        let (app, why) = (self.till.world.running().app(), "сверено".to_owned());
        // Nothing differs, the bank is down: nothing changes then.
        let _ = by_hand::decide(app, id, ruling, why).await.expect("written");
    }

    async fn begin(&mut self) {
        let Some((who, wanted)) = &self.last else { return };
        let answer = self.till.start_as(&self.people[*who], wanted).await;
        // Begun, or somebody else's turn, or no bank, or too many in this hour.
        let status = answer.status().as_u16();
        assert!([200, 409, 429, 503].contains(&status), "{status} {}", answer.text().await.unwrap_or_default());
    }

    async fn wait(&mut self, seconds: i64) {
        self.till.turn(|knobs| knobs.clock_ahead_s += seconds);
        self.till.ask_after(seconds).await;
        for person in &mut self.people {
            *person = self.till.world.sign_in(person).await;
        }
        self.till.owner = self.people[0].clone();
    }

    /// Everything works again, and time goes on until nothing is waited for. No callback comes: what was given back in the
    /// bank's cabinet is found by asking.
    async fn heal(&mut self) {
        self.till.turn(|knobs| {
            (knobs.lose_answers, knobs.down, knobs.html) = (0, false, false);
            (knobs.keeps_orders, knobs.takes_less) = (false, 0);
        });
        // What is to be decided is decided, one way or the other, whenever it is heard of.
        for round in 0..16 {
            self.wait(if round == 0 { 60 } else { 600 }).await;
            let undecided = self.undecided().await;
            let (nothing, open) = (undecided.is_empty(), self.number_open().await);
            for (place, id) in undecided.into_iter().enumerate() {
                self.decide(id, place % 2 == 0).await;
                self.decide(id, false).await;
            }
            if round > 0 && nothing && open == 0 {
                break;
            }
        }
        // Whatever the bank began to give back by itself it gives back wholly, where nobody is to get it here.
        for (_, order, sums) in self.books().await {
            if let Some(order) = order.filter(|order| sums.rejected && order.kept() > 0) {
                self.till.bank().refund(&order.id, order.kept()).expect("given back");
            }
        }
        self.wait(25 * 3_600).await;
        while self.till.world.running().ask_bank().await.expect("asked") > 0 {}
    }

    /// How many payments and refunds have an end that is not known.
    async fn number_open(&self) -> i64 {
        let open = "SELECT (SELECT COUNT(*) FROM payments WHERE next_ms IS NOT NULL AND paid_ms IS NULL)
            + (SELECT COUNT(*) FROM payment_refunds WHERE holds IS NOT NULL)";
        self.till.number(open).await
    }

    /// Payments that hold their accounts until a person looks.
    async fn undecided(&self) -> Vec<PaymentId> {
        let read = self.till.world.store().read(|sql| {
            let rows = sql.query(
                "SELECT DISTINCT payments.id, payments.number FROM payments
                 JOIN payment_events ON payment_events.payment_id = payments.id
                 WHERE payment_events.what = 'sum_differs' AND payments.paid_ms IS NULL ORDER BY payments.number",
                &[],
            )?;
            rows.iter().map(|row| row.get(0)).collect::<Result<_, StoreError>>()
        });
        read.await.expect("read")
    }

    /// Whether anybody was given the page of an order.
    async fn is_given_out(&self, order: &str) -> bool {
        let order = order.to_owned();
        let read = self.till.world.store().read(move |sql| {
            let row = sql.first(
                "SELECT form_url FROM payments WHERE bank_order = $1 AND form_url IS NOT NULL",
                zhkh_server::params![order],
            )?;
            Ok::<_, StoreError>(row.is_some())
        });
        read.await.expect("read")
    }

    /// What holds at every moment: nothing is credited twice, and nothing that the bank has not taken.
    async fn is_sound(&self) -> Result<(), TestCaseError> {
        for (_, had, sum) in self.books().await {
            let taken = had.as_ref().map_or(0, |order| order.deposited);
            prop_assert!(sum.credited <= taken && sum.rows <= sum.parts, "{sum:?} {had:?}");
            prop_assert!(!sum.rejected || sum.credited == 0, "rejected, and credited: {sum:?}");
        }
        Ok(())
    }

    /// What holds in the end.
    async fn is_even(&self) -> Result<(), TestCaseError> {
        let (mut credited, mut all) = (0, 0);
        for (number, order, sum) in self.books().await {
            let order = order.filter(|order| order.deposited_ms.is_some());
            let (mut taken, mut back) = (0, 0);
            if let Some(order) = order.as_ref().filter(|_| !sum.rejected) {
                (taken, back) = (sum.whole, order.refunded().min(sum.whole));
                // Another sum that went back before anybody had decided about it stays the bank's alone.
                if sum.rows > 0 || order.kept() > 0 {
                    prop_assert_eq!(sum.total, order.deposited, "{}: it is not what the bank took", number);
                }
            }
            let kept = order.as_ref().map_or(0, Order::kept);
            prop_assert!(!sum.rejected || kept == 0, "{number}: nobody gets what the bank has, {kept}");
            prop_assert_eq!(sum.credited, taken - back, "{}: {:?} {:?}", number, sum, order);
            prop_assert!(!sum.holds, "{number} holds its account for ever");
            prop_assert!(!sum.waits, "{number} is asked about for ever");
            credited += sum.credited;
            all += taken - back;
        }
        prop_assert_eq!(credited, all);
        // Money that the bank has of an order that nobody here knows would be lost.
        let known: Vec<_> = self.books().await.into_iter().filter_map(|(_, order, _)| order.map(|it| it.id)).collect();
        for order in self.till.bank().orders() {
            prop_assert!(known.contains(&order.id) || order.stage == Stage::Declined, "nobody knows {order:?}");
        }
        let mine = self.till.credits().await;
        let sum: i64 = mine.iter().filter(|(account, ..)| *account == self.flats[0]).map(|(_, _, sum)| sum).sum();
        prop_assert_eq!(self.till.account().await.debt.0, DEBT - sum);
        Ok(())
    }

    /// Each payment with its order and its rows.
    async fn books(&self) -> Vec<(String, Option<Order>, Sums)> {
        let read = self.till.world.store().read(|sql| {
            let mut books: BTreeMap<String, (Option<String>, Sums)> = BTreeMap::new();
            let rows = sql.query(
                "SELECT payments.number, payments.bank_order, payment_parts.id, payment_parts.sum, payment_parts.holds,
                     CASE WHEN payments.paid_ms IS NULL THEN payments.next_ms END,
                     payments.sum + payments.commission, payment_verdicts.verdict
                 FROM payments LEFT JOIN payment_verdicts ON payment_verdicts.payment_id = payments.id
                     JOIN payment_parts ON payment_parts.payment_id = payments.id",
                &[],
            )?;
            for row in rows {
                let part: String = row.get(2)?;
                let credits =
                    sql.query("SELECT kind, sum FROM credits WHERE part_id = $1", zhkh_server::params![part])?;
                let (_, sums) = books.entry(row.get(0)?).or_insert((row.get(1)?, Sums::default()));
                sums.parts += 1;
                sums.whole += row.get::<i64>(3)?;
                sums.holds |= row.get::<Option<String>>(4)?.is_some();
                sums.waits |= row.get::<Option<i64>>(5)?.is_some();
                sums.total = row.get(6)?;
                sums.rejected = row.get::<Option<String>>(7)?.is_some_and(|verdict| verdict == "rejected");
                for credit in credits {
                    sums.rows += usize::from(credit.get::<String>(0)? == "payment");
                    sums.credited += credit.get::<i64>(1)?;
                }
            }
            Ok::<_, StoreError>(books)
        });
        let orders = self.till.bank().orders();
        let find = |id: Option<String>| orders.iter().find(|order| Some(&order.id) == id.as_ref()).cloned();
        let books = read.await.expect("read");
        books.into_iter().map(|(number, (order, sums))| (number, find(order), sums)).collect()
    }

    async fn happened(&self) -> (usize, usize) {
        let credits = self.till.credits().await;
        let of = |wanted: &str| credits.iter().filter(|(_, kind, _)| kind == wanted).count();
        (of("payment"), of("refund"))
    }

    async fn decided(&self) -> (i64, i64, i64) {
        let till = &self.till;
        (
            till.number("SELECT COUNT(*) FROM payment_refunds WHERE outcome = 'given_back'").await,
            till.number("SELECT COUNT(*) FROM payment_verdicts WHERE verdict = 'accepted'").await,
            till.number("SELECT COUNT(*) FROM payment_verdicts WHERE verdict = 'rejected'").await,
        )
    }
}

/// What the rows of a payment come to.
#[derive(Debug, Default)]
struct Sums {
    parts: usize,
    rows: usize,
    whole: i64,
    credited: i64,
    holds: bool,
    waits: bool,
    /// All that is taken from the person.
    total: i64,
    rejected: bool,
}
