//! Invented people for the demo: a resident, two at the desk, one in the support, one who is sent out. And what they did
//! in the last days, entered through the same door as everything else, so that nothing of it is different from real.

use super::{days, news};
use crate::accounts::attach::grant;
use crate::clock::{Clock as _, SetClock, SystemClock};
use crate::config::Config;
use crate::operations::{Fate, push};
use crate::server::App;
use crate::sessions::{Caller, Passwords};
use crate::staff::{self, Newcomer};
use crate::storage::{Sql as _, StoreError};
use crate::{ServerPorts, params, people};
use anyhow::{Context as _, bail};
use domain::{
    AccountId, Capture, DeviceId, HouseId, Incarnation, OperationId, PersonName, Source, StaffId, SubtypeId, UserId,
};
use std::sync::Arc;
use uuid::Uuid;
use wire::operation::{Body, Operation, Sealed};
use wire::push::{Batch, Item};

/// As whom somebody signs in at the demo.
#[derive(Debug, Clone)]
pub struct Character {
    /// Phone or login.
    pub login: &'static str,
    /// The password.
    pub password: &'static str,
    /// What is worth seeing there.
    pub about: &'static str,
}

/// The resident's account, which every town has.
const NUMBER: &str = "2140183572";

const RESIDENT: Character = Character {
    login: "+79000000100",
    password: "demo2026dom",
    about: "житель, лицевой счёт 2140183572, заявки во всех состояниях",
};
const DISPATCHER: Character =
    Character { login: "ilina", password: "demo2026ads", about: "диспетчер аварийной службы" };
const COLLEAGUE: Character =
    Character { login: "petrov", password: "demo2026ads", about: "второй диспетчер" };
const SUPPORT: Character =
    Character { login: "orlova", password: "demo2026pomosh", about: "сотрудник поддержки" };

const EDITOR: Character =
    Character {
        login: "lebedeva", password: "demo2026novosti", about: "редактор новостей, опросов и предложений"
    };

/// Who can sign in after [`populate`].
pub const CHARACTERS: [Character; 5] = [RESIDENT, DISPATCHER, COLLEAGUE, SUPPORT, EDITOR];

/// Somebody in the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    Resident,
    Ilina,
    Petrov,
    Orlova,
    Lebedeva,
}

/// What the story is about.
pub(super) struct Props {
    pub(super) resident: UserId,
    pub(super) account: AccountId,
    pub(super) house: HouseId,
    pub(super) ilina: StaffId,
    pub(super) petrov: StaffId,
    /// Who is sent out.
    pub(super) stepanov: StaffId,
    subtypes: Vec<SubtypeId>,
    /// The beginning of the story, milliseconds.
    pub(super) now_ms: i64,
}

impl Props {
    /// A kind of trouble by its place in the classifier, whatever that is.
    pub(super) fn subtype(&self, place: usize) -> SubtypeId {
        self.subtypes[place % self.subtypes.len()]
    }
}

struct Stage {
    app: Arc<App>,
    clock: Arc<SetClock>,
    entered: u64,
}

/// Puts people and tickets into an imported town; once.
pub fn populate(config: Config) -> anyhow::Result<()> {
    let now_ms = SystemClock.now_ms();
    let clock = Arc::new(SetClock::new(now_ms));
    let ports = ServerPorts { clock: Arc::clone(&clock) as Arc<_>, ..ServerPorts::default() };
    let app = Arc::new(App::open(config, ports)?);
    let mut stage = Stage { app, clock, entered: 0 };
    let props = stage.people(now_ms)?;
    let mut steps = days::of(&props);
    steps.extend(news::of(&props));
    steps.sort_by(|one, other| other.0.total_cmp(&one.0));
    for (hours_ago, who, body) in steps {
        stage.enter(&props, hours_ago, who, body)?;
    }
    stage.app.store.clone().close();
    Ok(())
}

impl Stage {
    fn people(&self, now_ms: i64) -> anyhow::Result<Props> {
        let store = &self.app.store;
        let found = store.read_blocking(|sql| {
            let row = sql.first("SELECT id, house_id FROM accounts WHERE number = $1", params![NUMBER])?;
            let known = sql.first("SELECT id FROM users WHERE phone = $1", params![RESIDENT.login])?.is_some();
            Ok::<_, StoreError>((row.map(|row| Ok::<_, StoreError>((row.get(0)?, row.get(1)?))).transpose()?, known))
        })?;
        let (place, known): (Option<(AccountId, HouseId)>, bool) = found;
        if known {
            bail!("Выдуманные люди уже есть.");
        }
        let (account, house) = place.context("Сначала загрузите реестры города: лицевого счёта 2140183572 нет")?;
        let resident = self.resident(account)?;
        let config = &self.app.config;
        let department = config.tickets.departments.first().map(|of| of.id);
        let hire = |character: &Character, name: &str, post: &str, roles: &str| {
            let password = if character.password.is_empty() { String::new() } else { self.hash(character.password)? };
            let name = PersonName::parse(name).map_err(|_| anyhow::anyhow!("имя"))?;
            let (login, post, roles) = (character.login.to_owned(), post.to_owned(), roles.to_owned());
            let newcomer = Newcomer { login, name, post, department, roles, password };
            let added = store.write_blocking(move |tx| staff::add(tx, &newcomer))?.value;
            added.map(|member| member.id).context("Сотрудник с таким именем для входа уже есть")
        };
        let master = Character { login: "stepanov", password: "", about: "" };
        let ilina = hire(&DISPATCHER, "Ильина Светлана Викторовна", "диспетчер", "dispatcher")?;
        let petrov = hire(&COLLEAGUE, "Петров Николай Андреевич", "диспетчер", "dispatcher")?;
        hire(&EDITOR, "Лебедева Ольга Павловна", "редактор", "editor")?;
        hire(&SUPPORT, "Орлова Инна Игоревна", "поддержка", "support")?;
        let stepanov = hire(&master, "Степанов Иван Васильевич", "слесарь-сантехник", "worker")?;
        let subtypes = config.tickets.types.iter().flat_map(|kind| kind.subtypes.iter().map(|of| of.id)).collect();
        Ok(Props { resident, account, house, ilina, petrov, stepanov, subtypes, now_ms })
    }

    /// A person with an account, as registration leaves one.
    fn resident(&self, account: AccountId) -> anyhow::Result<UserId> {
        let hash = self.hash(RESIDENT.password)?;
        let consent = self.app.config.consent.clone();
        let done = self.app.store.write_blocking(move |tx| {
            let (user, now) = (UserId::new(tx.id_v7()), tx.now_ms());
            tx.execute(
                "INSERT INTO users (id, phone, name, email, password, created_ms, password_ms)
                 VALUES ($1, $2, 'Смирнова Валентина Петровна', 'smirnova@mail.example', $3, $4, $4)",
                params![user, RESIDENT.login, hash, now],
            )?;
            tx.execute(
                "INSERT INTO consents (id, user_id, phone, purpose, version, sha256, given_ms, channel, app_version, device_id, proven_by)
                 VALUES ($1, $2, $3, 'app', $4, $5, $6, 'demo', '', $7, 'demo')",
                params![tx.id_v7(), user, RESIDENT.login, consent.version, consent.sha256, now, Uuid::nil()],
            )?;
            people::publish(tx, user, None)?;
            grant(tx, user, account, "demo")?;
            Ok::<_, StoreError>(user)
        })?;
        Ok(done.value)
    }

    fn hash(&self, password: &str) -> anyhow::Result<String> {
        let random = Arc::new(crate::random::SystemRandom);
        Ok(Passwords::new(&self.app.config.security, random)?.hash_here(password)?)
    }

    /// Lets somebody enter something some hours ago.
    fn enter(&mut self, props: &Props, hours_ago: f64, who: Who, body: Body) -> anyhow::Result<()> {
        self.entered += 1;
        #[allow(clippy::cast_possible_truncation)]
        let at_ms = props.now_ms - (hours_ago * 3_600_000.0) as i64;
        self.clock.set(at_ms);
        let (source, user) = match who {
            Who::Resident => (Source::ResidentApp, props.resident),
            Who::Ilina => (Source::Desk, UserId::new(props.ilina.uuid())),
            Who::Petrov => (Source::Desk, UserId::new(props.petrov.uuid())),
            Who::Orlova => (Source::Desk, self.member(SUPPORT.login)?),
            Who::Lebedeva => (Source::Desk, self.member(EDITOR.login)?),
        };
        let source = if matches!(body, Body::RegisterTicket(_)) { Source::Phone } else { source };
        let incarnation = Incarnation::new(Uuid::from_u128(1));
        let operation = Operation {
            id: OperationId::new(self.app.store.ids().v4()),
            actor: user,
            on_behalf_of: None,
            source,
            incarnation,
            device_seq: self.entered,
            lane: body.lane(user),
            captured: Capture {
                wall_ms: at_ms,
                server_offset_ms: Some(0),
                boot_ms: 1,
                boot_id: String::new(),
                anchored: true,
            },
            base_version: None,
            replaces: None,
            body,
        };
        let batch =
            Batch { incarnation, items: vec![Item::Apply { operation: Sealed::seal(&operation)?, after: None }] };
        let (device, session) = (DeviceId::new(Uuid::nil()), Uuid::nil());
        let caller = Caller { user, device, session, origin: "demo".into() };
        let app = Arc::clone(&self.app);
        let done = self.app.store.write_blocking(move |tx| push(tx, app.effects(), &caller, &batch))?;
        match done.value.as_slice() {
            [(_, Fate::Applied(_))] => Ok(()),
            other => bail!("Шаг {} показа не принят: {other:?}", self.entered),
        }
    }

    fn member(&self, login: &'static str) -> anyhow::Result<UserId> {
        let found = self.app.store.read_blocking(move |sql| staff::by_login(sql, login))?;
        Ok(found.context("Такого сотрудника нет")?.user())
    }
}
