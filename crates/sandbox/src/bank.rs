//! A bank that speaks «register.do», the dialect of most Russian banks (RBS), with a page to pay on.
//!
//! The verbs are under `/payment/rest/`, the page under `/payment/merchants/`; `/bank` lists the orders for people,
//! `GET /bank/orders` for programs. What a person does is also in [`Bank`], for tests that would rather not go over HTTP.
//! `POST /bank/control` turns the [knobs], `GET /bank/registry?day=2026-11-23` is the day's registry as the bank sends it.

mod callback;
pub mod knobs;
mod order;
mod page;
mod registry;
mod verbs;

pub use callback::Operation;
pub use knobs::{BankKnobs, Signature};
pub use order::{Order, Refusal, Stage};

use axum::Router;
use axum::routing::{get, post};
use callback::Signing;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::time::Duration;

/// A card that pays; so does every other number that adds up, but for [`EMPTY_CARD`].
pub const GOOD_CARD: &str = "2200000000000004";
/// A card without money on it.
pub const EMPTY_CARD: &str = "2200000000000012";

/// The bank behind the socket.
#[derive(Debug)]
pub struct Bank {
    base: String,
    state: Mutex<State>,
    http: reqwest::Client,
    signing: OnceLock<Signing>,
}

#[derive(Debug, Default)]
struct State {
    knobs: BankKnobs,
    /// By the bank's own number.
    orders: BTreeMap<String, Order>,
}

impl Bank {
    /// A bank whose pages are at `base`.
    pub fn new(base: String) -> Self {
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build().unwrap_or_default();
        Self { base, state: Mutex::default(), http, signing: OnceLock::new() }
    }

    /// Reads or turns the knobs.
    pub fn with_knobs<T>(&self, act: impl FnOnce(&mut BankKnobs) -> T) -> T {
        act(&mut self.lock().knobs)
    }

    /// All orders, in the order in which they came.
    pub fn orders(&self) -> Vec<Order> {
        let mut orders: Vec<Order> = self.lock().orders.values().cloned().collect();
        orders.sort_by(|one, other| (one.created_ms, &one.number).cmp(&(other.created_ms, &other.number)));
        orders
    }

    /// The order with the merchant's number.
    pub fn by_number(&self, number: &str) -> Option<Order> {
        self.lock().orders.values().find(|order| order.number == number).cloned()
    }

    /// A person pays with a card.
    pub fn pay(self: &Arc<Self>, id: &str, card: &str) -> Result<Order, Refusal> {
        let digits: String = card.chars().filter(char::is_ascii_digit).collect();
        self.change(id, |order, knobs, now| order.pay_by_card(&digits, knobs, now))
    }

    /// A person pays in the program of their own bank, by the code of СБП.
    pub fn pay_by_code(self: &Arc<Self>, id: &str) -> Result<Order, Refusal> {
        self.change(id, |order, knobs, now| order.pay_by_code(knobs, now))
    }

    /// A person leaves the page by «Отказаться».
    pub fn refuse(self: &Arc<Self>, id: &str) -> Result<Order, Refusal> {
        self.change(id, |order, _, now| order.decline(2003, "Плательщик отказался от оплаты", now))
    }

    /// Gives `sum` kopecks back, as somebody does in the cabinet of the bank.
    pub fn refund(self: &Arc<Self>, id: &str, sum: i64) -> Result<Order, Refusal> {
        self.change(id, |order, _, now| order.refund(sum, now))
    }

    /// Takes a whole payment back on the day it was made.
    pub fn reverse(self: &Arc<Self>, id: &str) -> Result<Order, Refusal> {
        self.change(id, |order, _, now| order.reverse(now))
    }

    /// What the bank would tell the merchant about an order, signed.
    pub fn callback_of(&self, order: &Order, operation: Operation) -> Vec<(String, String)> {
        let knobs = self.with_knobs(|knobs| knobs.clone());
        callback::signed(order, operation, &knobs, self.signing())
    }

    /// The key by which the RSA signatures are checked, PEM.
    pub fn public_key_pem(&self) -> String {
        self.signing().public_key_pem()
    }

    fn signing(&self) -> &Signing {
        self.signing.get_or_init(Signing::new)
    }

    /// Changes an order and tells the merchant.
    fn change(
        self: &Arc<Self>,
        id: &str,
        act: impl FnOnce(&mut Order, &BankKnobs, i64) -> Result<Option<Operation>, Refusal>,
    ) -> Result<Order, Refusal> {
        let (order, operation) = {
            let mut state = self.lock();
            let state = &mut *state;
            let now = now_ms(&state.knobs);
            let order = state.orders.get_mut(id).ok_or(Refusal::Unknown)?;
            let late = order.run_down(now);
            let operation = act(order, &state.knobs, now)?;
            (order.clone(), operation.or(late))
        };
        if let Some(operation) = operation {
            callback::send(self, &order, operation);
        }
        Ok(order)
    }

    /// Ends sessions that nobody paid in.
    fn run_down(self: &Arc<Self>) {
        let told: Vec<_> = {
            let mut state = self.lock();
            let now = now_ms(&state.knobs);
            let late = |order: &mut Order| order.run_down(now).map(|operation| (order.clone(), operation));
            state.orders.values_mut().filter_map(late).collect()
        };
        for (order, operation) in told {
            callback::send(self, &order, operation);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic in another handler leaves the orders whole: each change is made or refused before it is stored.
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The bank's clock, which a knob sets ahead.
fn now_ms(knobs: &BankKnobs) -> i64 {
    chrono::Utc::now().timestamp_millis() + knobs.clock_ahead_s * 1000
}

/// Ends sessions while the sandbox runs.
pub(crate) async fn watch(bank: Arc<Bank>) {
    let mut interval = tokio::time::interval(Duration::from_secs(1));
    loop {
        interval.tick().await;
        bank.run_down();
    }
}

pub(crate) fn routes(bank: Arc<Bank>) -> Router {
    let verbs = Router::new()
        .route("/register.do", post(verbs::register))
        .route("/getOrderStatusExtended.do", post(verbs::status))
        .route("/decline.do", post(verbs::decline))
        .route("/refund.do", post(verbs::refund))
        .route("/getReceiptStatus.do", post(verbs::receipt))
        .route("/sbp/c2b/qr/dynamic/get.do", post(verbs::sbp_code))
        .route("/sbp/c2b/qr/status.do", post(verbs::sbp_status));
    Router::new()
        .nest("/payment/rest", verbs)
        .route("/payment/merchants/sandbox/payment_ru.html", get(page::card).post(page::pay))
        .route("/bank", get(page::orders))
        .route("/bank/orders", get(page::list))
        .route("/bank/refuse", post(page::refuse))
        .route("/bank/sbp/{code}", get(page::code).post(page::pay_code))
        .route("/bank/receipt/{order}", get(page::receipt))
        .route("/bank/refund", post(page::refund))
        .route("/bank/registry", get(registry::day))
        .route("/bank/control", get(knobs::show).post(knobs::control))
        .with_state(bank)
}
