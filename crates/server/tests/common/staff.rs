//! Dispatchers and the support, and what they enter.

use super::{PASSWORD, Person, World, captured, device, item, november, read};
use domain::{Incarnation, OperationId, PersonName, Source, StaffId};
use uuid::Uuid;
use wire::operation::{Body, Operation};
use wire::problem::Rejection;
use wire::push::{Item, Outcome};
use wire::session::Session;
use zhkh_server::staff::{self, Newcomer};

impl World {
    /// Somebody who works here, signed in. `roles` as the command line keeps them.
    pub async fn staff(&self, login: &'static str, name: &'static str, roles: &'static str) -> Person {
        let password = self.running().app().passwords.hash(PASSWORD.into()).await.expect("hashed");
        let newcomer = Newcomer {
            login: login.into(),
            name: PersonName::parse(name).expect("a name"),
            post: String::new(),
            department: None,
            roles: roles.into(),
            password,
        };
        self.store().write(move |tx| staff::add(tx, &newcomer)).await.expect("added").value.expect("a free login");
        self.sign_in_as(login).await
    }

    /// A session under a login.
    pub async fn sign_in_as(&self, login: &str) -> Person {
        let body = serde_json::json!({"phone": login, "password": PASSWORD, "device": device()});
        let session: Session = read(self.post("/v1/session", &body).await).await;
        Person { user: session.user, token: session.access_token.clone(), session, phone: login.to_owned() }
    }
}

/// Somebody who enters one thing after another, at whatever workplace.
pub struct Hand<'a> {
    pub world: &'a World,
    pub person: Person,
    pub source: Source,
    pub entered: u64,
}

impl<'a> Hand<'a> {
    pub fn new(world: &'a World, person: Person, source: Source) -> Self {
        Self { world, person, source, entered: 0 }
    }

    /// As whom somebody of the staff works.
    pub fn staff(&self) -> StaffId {
        StaffId::new(self.person.user.uuid())
    }

    /// Entered a second after the one before.
    pub fn operation(&mut self, body: Body) -> Operation {
        self.entered += 1;
        Operation {
            id: OperationId::new(Uuid::now_v7()),
            actor: self.person.user,
            on_behalf_of: None,
            source: if matches!(body, Body::RegisterTicket(_)) { Source::Phone } else { self.source },
            incarnation: Incarnation::new(Uuid::from_u128(1)),
            device_seq: self.entered,
            lane: body.lane(self.person.user),
            captured: captured(november(20) + self.entered as i64 * 1000),
            base_version: None,
            replaces: None,
            body,
        }
    }

    pub fn item(&mut self, body: Body) -> Item {
        item(&self.operation(body))
    }

    pub async fn enter(&mut self, body: Body) -> Outcome {
        let item = self.item(body);
        self.world.push_one(&self.person, item).await
    }

    pub async fn applied(&mut self, body: Body) {
        let outcome = self.enter(body).await;
        assert!(matches!(outcome, Outcome::Applied { .. }), "{outcome:?}");
    }

    pub async fn rejected(&mut self, body: Body) -> Rejection {
        match self.enter(body).await {
            Outcome::Rejected { rejection, .. } => rejection,
            other => panic!("{other:?}"),
        }
    }
}
