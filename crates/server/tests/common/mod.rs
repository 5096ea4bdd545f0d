//! A whole server over loopback, with a clock that tests set and a robot that remembers what it said.
#![allow(dead_code)]

pub mod database;
pub mod staff;
pub mod town;

use async_trait::async_trait;
use domain::consent::ConsentRef;
use domain::{Capture, Incarnation, MeterId, MeterValue, OperationId, Phone, ReadingId, Source, UserId};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use uuid::Uuid;
use wire::feed::{Page, Scope, Snapshot};
use wire::operation::{Body, Operation, Sealed, SubmitReading};
use wire::problem::{Code, Problem};
use wire::push::{Batch, BatchAnswer, Item, Outcome};
use wire::registration::{PhoneProven, Started};
use wire::session::{DeviceInfo, Session};
use zhkh_server::bank::PaymentGateway;
use zhkh_server::calls::{CallError, CallStatus, CodeCaller, Delivery};
use zhkh_server::clock::SetClock;
use zhkh_server::server::StartError;
use zhkh_server::{Config, Running, Server, ServerPorts};

pub const PASSWORD: &str = "вода2026тепло";

/// Noon of a day in November 2026 in Moscow, milliseconds.
pub fn november(day: u32) -> i64 {
    moscow(2026, 11, day)
}

pub fn moscow(year: i32, month: u32, day: u32) -> i64 {
    let noon = chrono::NaiveDate::from_ymd_opt(year, month, day).and_then(|day| day.and_hms_opt(9, 0, 0));
    noon.expect("a day").and_utc().timestamp_millis()
}

#[derive(Default)]
pub struct Robot {
    pub said: Mutex<HashMap<String, String>>,
    pub fails: Mutex<Option<CallError>>,
    /// Told when it is asked to call.
    pub asked: tokio::sync::Notify,
    /// Whoever holds it keeps the robot from answering.
    pub line: tokio::sync::Mutex<()>,
}

#[async_trait]
impl CodeCaller for Robot {
    async fn deliver(&self, phone: &Phone, code: &str) -> Result<Delivery, CallError> {
        self.asked.notify_one();
        let _line = self.line.lock().await;
        if let Some(error) = self.fails.lock().expect("not poisoned").clone() {
            return Err(error);
        }
        self.said.lock().expect("not poisoned").insert(phone.as_str().to_owned(), code.to_owned());
        Ok(Delivery { provider_id: "1".into() })
    }
    async fn status(&self, _: &Phone, _: &str) -> Result<CallStatus, CallError> {
        Ok(CallStatus::Delivered)
    }
    async fn balance(&self) -> Result<String, CallError> {
        Ok("1.00".into())
    }
}

pub struct World {
    pub running: Option<Running>,
    pub clock: Arc<SetClock>,
    pub robot: Arc<Robot>,
    /// A bank that a test plays itself; else the one of the settings.
    pub bank: Option<Arc<dyn PaymentGateway>>,
    pub folder: tempfile::TempDir,
    /// With `ZHKH_TEST_DATABASE=postgres` the server runs over a database of a private PostgreSQL.
    postgres: Option<Arc<test_postgres::Database>>,
    pub http: reqwest::Client,
    settings: String,
}

/// Somebody with a session.
#[derive(Clone)]
pub struct Person {
    pub user: UserId,
    pub token: String,
    pub session: Session,
    pub phone: String,
}

pub const SETTINGS: &str = concat!(
    include_str!("../../../../tests/settings/utility.toml"),
    r#"[limits]
calls_per_ip_day = 1000
[[readings.rules]]
start_day = 15
end_day = 25
[[tariffs]]
kind = "cold_water"
rates = ["35,12"]
from = 2026-07-01
"#
);

impl World {
    /// On the 20th of November 2026, when readings are taken.
    pub async fn new() -> Self {
        Self::with(SETTINGS).await
    }

    pub async fn with(settings: &str) -> Self {
        let postgres = database::on_postgres().then(|| test_postgres::database().expect("a PostgreSQL"));
        Self::over(settings, postgres.map(Arc::new)).await
    }

    /// A world of its own over a database that others may share.
    pub async fn over(settings: &str, postgres: Option<Arc<test_postgres::Database>>) -> Self {
        let mut world = Self::stopped(settings, postgres);
        world.start().await;
        world
    }

    /// Everything but a running server.
    pub fn stopped(settings: &str, postgres: Option<Arc<test_postgres::Database>>) -> Self {
        // Whoever was first has set it up.
        let _ = tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).with_test_writer().try_init();
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("consent.txt"), "Даю согласие на обработку.").expect("written");
        Self {
            running: None,
            clock: Arc::new(SetClock::new(november(20))),
            robot: Arc::default(),
            bank: None,
            folder,
            postgres,
            http: reqwest::Client::builder().no_proxy().build().expect("a client"),
            settings: settings.to_owned(),
        }
    }

    pub fn config(&self) -> Config {
        let url = self.postgres.as_ref().map(|postgres| ("ZHKH_DATABASE__URL".to_owned(), postgres.url()));
        Config::parse(&self.settings, self.folder.path(), url).expect("settings")
    }

    pub async fn start(&mut self) {
        self.running = Some(self.try_start().await.expect("started"));
    }

    pub async fn try_start(&self) -> Result<Running, StartError> {
        let ports = ServerPorts {
            clock: Arc::clone(&self.clock) as Arc<dyn zhkh_server::clock::Clock>,
            caller: Some(Arc::clone(&self.robot) as Arc<dyn CodeCaller>),
            bank: self.bank.clone(),
            ..ServerPorts::default()
        };
        Server::start(self.config(), ports).await
    }

    pub async fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }

    pub fn clock_now(&self) -> i64 {
        zhkh_server::clock::Clock::now_ms(&*self.clock)
    }

    pub fn running(&self) -> &Running {
        self.running.as_ref().expect("it runs")
    }

    pub fn store(&self) -> &zhkh_server::storage::Store {
        &self.running().app().store
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running().addr)
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, self.url(path)).header(wire::PROTOCOL_HEADER, wire::PROTOCOL)
    }

    pub async fn post<T: Serialize>(&self, path: &str, body: &T) -> Response {
        self.request(Method::POST, path).json(body).send().await.expect("answered")
    }

    pub async fn post_as<T: Serialize>(&self, person: &Person, path: &str, body: &T) -> Response {
        self.request(Method::POST, path).bearer_auth(&person.token).json(body).send().await.expect("answered")
    }

    pub async fn get_as(&self, person: &Person, path: &str) -> Response {
        self.request(Method::GET, path).bearer_auth(&person.token).send().await.expect("answered")
    }

    pub fn consent(&self) -> ConsentRef {
        let consent = self.config().consent;
        ConsentRef { version: consent.version, sha256: consent.sha256 }
    }

    pub async fn begin(&self, phone: &str) -> Uuid {
        let start = serde_json::json!({"phone": phone, "name": "Иванов Иван Иванович", "consent": self.consent()});
        read::<Started>(self.post("/v1/registration", &start).await).await.registration
    }

    pub fn heard(&self, phone: &str) -> String {
        self.robot.said.lock().expect("not poisoned").get(phone).expect("a call").clone()
    }

    pub async fn prove_phone(&self, phone: &str) -> (Uuid, PhoneProven) {
        let id = self.begin(phone).await;
        let call = self.post(&format!("/v1/registration/{id}/call"), &()).await;
        assert_eq!(call.status(), StatusCode::OK, "{:?}", call.text().await);
        let code = serde_json::json!({"code": self.heard(phone)});
        (id, read(self.post(&format!("/v1/registration/{id}/code"), &code).await).await)
    }

    pub async fn register(&self, phone: &str) -> Person {
        let (id, _) = self.prove_phone(phone).await;
        let body = serde_json::json!({"password": PASSWORD, "device": device()});
        let session: Session = read(self.post(&format!("/v1/registration/{id}/password"), &body).await).await;
        Person { user: session.user, token: session.access_token.clone(), session, phone: phone.to_owned() }
    }

    /// A new session of a person: access tokens do not outlive a set clock.
    pub async fn sign_in(&self, person: &Person) -> Person {
        let body = serde_json::json!({"phone": person.phone, "password": PASSWORD, "device": device()});
        let session: Session = read(self.post("/v1/session", &body).await).await;
        Person { user: session.user, token: session.access_token.clone(), session, phone: person.phone.clone() }
    }

    /// The settings, for a program beside the running one.
    pub fn settings_text(&self) -> &str {
        &self.settings
    }

    /// The database of the PostgreSQL, where it is one.
    pub fn postgres_url(&self) -> Option<String> {
        self.postgres.as_ref().map(|postgres| postgres.url())
    }

    pub fn change_settings(&mut self, was: &str, now: &str) {
        assert!(self.settings.contains(was));
        self.settings = self.settings.replace(was, now);
    }

    pub async fn push(&self, person: &Person, batch: &Batch) -> Vec<Outcome> {
        let answer: BatchAnswer = read(self.post_as(person, "/v1/operations", batch).await).await;
        answer.results.into_iter().map(|result| result.outcome).collect()
    }

    pub async fn push_one(&self, person: &Person, item: Item) -> Outcome {
        let incarnation = Incarnation::new(Uuid::from_u128(1));
        self.push(person, &Batch { incarnation, items: vec![item] }).await.remove(0)
    }

    pub async fn snapshot(&self, person: &Person, scope: Scope) -> Snapshot {
        read(self.get_as(person, &format!("/v1/snapshot?scope={scope}")).await).await
    }

    pub async fn feed_after(&self, person: &Person, from: &Snapshot) -> Page {
        let query = format!("/v1/feed?epoch={}&seq={}&name={}", from.epoch, from.through, from.name);
        read(self.get_as(person, &query).await).await
    }
}

pub fn device() -> DeviceInfo {
    DeviceInfo { id: None, system: "Debian 12".into(), version: "0.1.0".into() }
}

pub async fn read<T: DeserializeOwned>(response: Response) -> T {
    let status = response.status();
    let text = response.text().await.expect("a body");
    assert!(status.is_success(), "{status}: {text}");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

pub async fn problem(response: Response) -> Code {
    assert_eq!(response.headers()["content-type"], wire::PROBLEM_JSON, "{}", response.status());
    assert!(response.headers().contains_key(wire::TIME_HEADER));
    let status = response.status().as_u16();
    let problem: Problem = response.json().await.expect("a problem");
    assert_eq!(problem.status, status);
    problem.code
}

/// Entered in front of the server's own clock.
pub fn captured(at_ms: i64) -> Capture {
    Capture { wall_ms: at_ms, server_offset_ms: Some(0), boot_ms: 1, boot_id: "b".into(), anchored: true }
}

pub fn operation(person: &Person, device_seq: u64, at_ms: i64, body: Body) -> Operation {
    Operation {
        id: OperationId::new(Uuid::now_v7()),
        actor: person.user,
        on_behalf_of: None,
        source: Source::ResidentApp,
        incarnation: Incarnation::new(Uuid::from_u128(1)),
        device_seq,
        lane: body.lane(person.user),
        captured: captured(at_ms),
        base_version: None,
        replaces: None,
        body,
    }
}

pub fn reading(meter: MeterId, text: &str) -> Body {
    Body::SubmitReading(SubmitReading {
        reading: ReadingId::new(Uuid::now_v7()),
        meter,
        values: vec![MeterValue::parse(text).expect(text)],
        confirmed: vec![],
        early: false,
    })
}

pub fn item(operation: &Operation) -> Item {
    Item::Apply { operation: Sealed::seal(operation).expect("sealed"), after: None }
}

pub fn item_after(operation: &Operation, after: OperationId) -> Item {
    Item::Apply { operation: Sealed::seal(operation).expect("sealed"), after: Some(after) }
}
