//! A server with a bank beside it, and what tests look at there.

use crate::common::town::{Flat, NUMBER, OTHER_NUMBER};
use crate::common::*;
use domain::payment::PaymentWay;
use domain::{AccountId, Kopecks, PaymentId};
use reqwest::{Method, Response};
use sandbox::bank::{Bank, BankKnobs, GOOD_CARD, Order, Stage};
use std::sync::Arc;
use uuid::Uuid;
use wire::entity::{Account, Entity};
use wire::feed::Scope;
use wire::money::{PartSum, Payment, PaymentPart, StartPayment};
use zhkh_server::params;
use zhkh_server::payments::by_hand::{self, NotDecided};
use zhkh_server::payments::refund::{Refund, Unwanted};
use zhkh_server::payments::verdict::Ruling;
use zhkh_server::storage::StoreError;

pub const DEBT: i64 = 345_678;

/// The cart of 54-ФЗ, before the section of the bank.
pub const FISCAL: &str = r#"[payments.fiscal]
email = "kassa@ks.example"
sno = "osn"
payment_address = "https://lk.ks.example"
vat = [{ from = "2026-01-01", rate = "22" }]
tax_types = { "22" = 11 }
[bank]
"#;

pub struct Till {
    pub world: World,
    pub outer: sandbox::Running,
    pub owner: Person,
    pub flat: Flat,
}

/// The settings of a server whose bank is at `base_url`. It asks by itself only when a test says so.
pub fn settings(base_url: &str) -> String {
    let payments = include_str!("../../../../tests/settings/payments.toml");
    format!(
        "{SETTINGS}{payments}[bank]\nbase_url = \"{base_url}\"\nuser = \"ks-api\"\npassword = \"demo\"\ncallback_key = \"demo\"\ntimeout_ms = 1000\nlook_ms = 3600000\n"
    )
}

impl Till {
    pub async fn new() -> Self {
        Self::with(|text| text).await
    }

    pub async fn with(change: impl FnOnce(String) -> String) -> Self {
        let outer = sandbox::start("127.0.0.1:0").await.expect("a sandbox");
        // A callback would ask at a moment of its own.
        outer.bank.with_knobs(|knobs| knobs.callbacks = false);
        let world = World::with(&change(settings(&outer.base_url()))).await;
        let (owner, flat) = world.resident().await;
        Self { world, outer, owner, flat }
    }

    pub fn bank(&self) -> &Arc<Bank> {
        &self.outer.bank
    }

    pub fn turn(&self, act: impl FnOnce(&mut BankKnobs)) {
        self.bank().with_knobs(act);
    }

    /// Somebody else of the same flat.
    pub async fn relative(&self) -> Person {
        let person = self.world.register("+79000000005").await;
        self.world.attach(&person, NUMBER).await;
        person
    }

    /// A second flat of the owner.
    pub async fn second_flat(&self) -> Flat {
        let flat = self.world.flat(OTHER_NUMBER).await;
        self.world.attach(&self.owner, OTHER_NUMBER).await;
        flat
    }

    pub async fn start(&self, wanted: &StartPayment) -> Response {
        self.start_as(&self.owner, wanted).await
    }

    pub async fn start_as(&self, person: &Person, wanted: &StartPayment) -> Response {
        self.world.post_as(person, "/v1/payments", wanted).await
    }

    pub async fn begun(&self, wanted: &StartPayment) -> Payment {
        read(self.start(wanted).await).await
    }

    pub async fn state(&self, id: PaymentId) -> Payment {
        read(self.world.get_as(&self.owner, &format!("/v1/payments/{id}")).await).await
    }

    pub async fn cancel(&self, id: PaymentId) -> Response {
        self.world
            .request(Method::POST, &format!("/v1/payments/{id}/cancel"))
            .bearer_auth(&self.owner.token)
            .send()
            .await
            .expect("answered")
    }

    /// The order of a payment at the bank.
    pub fn order(&self, payment: &Payment) -> Order {
        self.bank().by_number(&payment.number).expect("an order")
    }

    /// A person pays on the bank's page.
    pub fn pay(&self, payment: &Payment) {
        self.bank().pay(&self.order(payment).id, GOOD_CARD).expect("paid");
    }

    /// The staff give money back.
    pub async fn give_back(&self, payment: &Payment, sum: Option<i64>) -> Result<Refund, Unwanted> {
        let (app, why) = (self.world.running().app(), "заплачено дважды".to_owned());
        by_hand::refund(app, payment.id, sum.map(Kopecks), why, false).await.expect("written")
    }

    /// The staff decide about another sum.
    pub async fn decide(&self, payment: &Payment, ruling: Ruling) -> Result<Kopecks, NotDecided> {
        let why = "сверено с банком".to_owned();
        by_hand::decide(self.world.running().app(), payment.id, ruling, why).await.expect("written")
    }

    /// Asks the bank about everything whose time comes in the next so many seconds.
    pub async fn ask_after(&self, seconds: i64) {
        self.world.clock.advance(seconds * 1000);
        self.world.running().ask_bank().await.expect("asked");
    }

    /// The same, with a session for whoever looks afterwards.
    pub async fn later(&mut self, seconds: i64) {
        self.ask_after(seconds).await;
        self.owner = self.world.sign_in(&self.owner).await;
    }

    /// The bank's clock goes on too.
    pub async fn both_later(&mut self, seconds: i64) {
        self.turn(|knobs| knobs.clock_ahead_s += seconds);
        self.later(seconds).await;
    }

    pub fn open_orders(&self) -> usize {
        self.bank().orders().iter().filter(|order| order.stage == Stage::Registered).count()
    }

    pub async fn account(&self) -> Account {
        let entities = self.entities().await;
        entities
            .into_iter()
            .find_map(|entity| if let Entity::Account(account) = entity { Some(account) } else { None })
            .expect("the account")
    }

    pub async fn parts(&self) -> Vec<PaymentPart> {
        let entities = self.entities().await;
        entities
            .into_iter()
            .filter_map(|entity| if let Entity::PaymentPart(part) = entity { Some(part) } else { None })
            .collect()
    }

    async fn entities(&self) -> Vec<Entity> {
        let snapshot = self.world.snapshot(&self.owner, Scope::Account(self.flat.account)).await;
        snapshot.entities.into_iter().map(|it| it.entity).collect()
    }

    /// All rows of credits: account, kind, sum.
    pub async fn credits(&self) -> Vec<(AccountId, String, i64)> {
        let read = self.world.store().read(|sql| {
            let rows = sql.query("SELECT account_id, kind, sum FROM credits ORDER BY at_ms, kind, sum", &[])?;
            rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect::<Result<_, StoreError>>()
        });
        read.await.expect("read")
    }

    pub async fn holds(&self) -> i64 {
        self.number("SELECT COUNT(*) FROM payment_parts WHERE holds IS NOT NULL").await
    }

    pub async fn number(&self, sql: &'static str) -> i64 {
        let read = self.world.store().read(move |it| {
            let row = it.first(sql, params![])?;
            row.ok_or(StoreError::Column(0))?.get::<i64>(0)
        });
        read.await.expect("a number")
    }

    pub fn wanted(&self, sum: i64) -> StartPayment {
        wanted(&[(self.flat.account, sum)], PaymentWay::Card)
    }
}

pub fn wanted(parts: &[(AccountId, i64)], way: PaymentWay) -> StartPayment {
    let sum: i64 = parts.iter().map(|(_, sum)| sum).sum();
    let commission = if way == PaymentWay::Card { ((sum * 120 + 5_000) / 10_000).max(1_000) } else { 0 };
    StartPayment {
        id: PaymentId::new(Uuid::now_v7()),
        parts: parts
            .iter()
            .map(|(account, sum)| PartSum { account: *account, sum: Kopecks(*sum), services: Vec::new() })
            .collect(),
        way,
        total: Kopecks(sum + commission),
        email: "ivanov@mail.example".into(),
    }
}
