//! Coming in: with the server's word, with the password alone when there is no connection, or by the key that the
//! keyring kept.

use super::person::{Known, Person};
use super::tokens::Tokens;
use super::unlock::unlock;
use super::watch;
use crate::calls::{Call, CallError};
use crate::core::Core;
use crate::engine::{Engine, EngineConfig};
use crate::login::Login;
use crate::report::Fault;
use crate::vault::{DataKey, Vault, keyring};
use crate::view::{Event, Failure, SessionView, Topic};
use domain::{DeviceId, UserId};
use std::sync::Arc;
use tokio::sync::oneshot;
use wire::session::{DeviceInfo, Session, SignIn};
use zeroize::Zeroizing;

/// What the person typed.
#[derive(Clone)]
pub(crate) struct Credentials {
    /// The login.
    pub(crate) login: Login,
    /// The password.
    pub(crate) password: Zeroizing<String>,
    /// ФИО, after a registration; else empty.
    pub(crate) name: String,
    /// «Не сохранять пароль».
    pub(crate) forget_password: bool,
}

/// What a password opened on this computer.
pub(super) type Opened = Option<(Vault, DataKey)>;

/// Signs in at the server; what cannot be asked there is decided by what this computer knows.
pub(crate) async fn sign_in_online(core: &Arc<Core>, credentials: Credentials) -> Result<SessionView, Fault> {
    let opened = open_here(core, &credentials).await?;
    let device = match &opened {
        Some((vault, _)) => vault.device(),
        None => only_device(core),
    };
    match ask_for_session(core, &credentials, device).await {
        Ok(session) => enter(core, session, credentials, opened).await,
        Err(error) if error.undecided() && opened.is_some() => sign_in_offline(core, credentials, opened).await,
        Err(CallError::Offline) if !core.people.vaults().is_empty() => Err(Failure::UnknownHere.into()),
        Err(error) => Err(error.into()),
    }
}

/// The device of the one person of this computer. If it is somebody else who signs in, the server makes a new one.
fn only_device(core: &Core) -> Option<DeviceId> {
    match core.people.vaults().as_slice() {
        [only] => only.device(),
        _ => None,
    }
}

async fn open_here(core: &Arc<Core>, credentials: &Credentials) -> Result<Opened, Fault> {
    let (people, credentials) = (core.people.clone(), credentials.clone());
    off_the_tasks(core, move || people.with_password(&credentials.login, &credentials.password)).await
}

async fn ask_for_session(
    core: &Core,
    credentials: &Credentials,
    device: Option<DeviceId>,
) -> Result<Session, CallError> {
    let body = SignIn {
        phone: credentials.login.as_str().to_owned(),
        password: credentials.password.as_str().to_owned(),
        device: core.device_info(device),
    };
    Call::post("/v1/session").tell(core.ports.transport.as_ref(), &body).await
}

/// Comes in without the server: the queue can be used, and goes when the server agrees.
async fn sign_in_offline(core: &Arc<Core>, credentials: Credentials, opened: Opened) -> Result<SessionView, Fault> {
    let (mut vault, key) = opened.ok_or(Failure::UnknownHere)?;
    let _door = core.door.lock().await;
    vault.set_forget_password(credentials.forget_password);
    vault.save()?;
    let user = vault.user();
    remember(core, user, &key, credentials.forget_password).await;
    // Signed in already, and the server wants the password: there is nothing more to do without it.
    if core.person().is_none_or(|person| person.user != user) {
        close_whoever_is_here(core).await;
        let known = Known { phone: credentials.login.as_str().to_owned(), name: String::new() };
        open(core, user, key, None, Some(known)).await?;
    }
    core.require_person()?.session(core.zone())
}

/// Comes in with a session that the server opened just now.
pub(crate) async fn enter(
    core: &Arc<Core>,
    session: Session,
    credentials: Credentials,
    opened: Opened,
) -> Result<SessionView, Fault> {
    let _door = core.door.lock().await;
    let opened = opened.filter(|(vault, _)| vault.user() == session.user);
    let session = on_the_device_of_the_vault(core, session, &credentials, opened.is_some()).await?;
    let key = unlock(core, &session, &credentials, opened).await?;
    remember(core, session.user, &key, credentials.forget_password).await;
    let person = match core.person().filter(|person| person.user == session.user) {
        Some(person) => {
            person.tokens.take(&session).await;
            person.engine.signed_in();
            person
        }
        None => {
            close_whoever_is_here(core).await;
            let known = Known { phone: credentials.login.as_str().to_owned(), name: credentials.name.clone() };
            let person = open(core, session.user, key, Some(&session), Some(known)).await?;
            person.tokens.take(&session).await;
            person
        }
    };
    core.tell(&[Topic::Session, Topic::Queue]);
    person.session(core.zone())
}

/// The server releases the secret of a device only to a sign-in under that device. Whose device it is, is known
/// only after the answer, because nothing here tells the phones of people who signed in before.
async fn on_the_device_of_the_vault(
    core: &Core,
    session: Session,
    credentials: &Credentials,
    opened: bool,
) -> Result<Session, Fault> {
    let device = core.people.vault_of(session.user)?.and_then(|vault| vault.device());
    let Some(device) = device.filter(|device| !opened && *device != session.device) else {
        return Ok(session);
    };
    let again = ask_for_session(core, credentials, Some(device)).await?;
    if again.device != device {
        return Ok(session);
    }
    // The session under the new device is of no use; if this is not heard, it runs out by itself.
    let _: Result<(), _> =
        Call::delete("/v1/session").by(&session.access_token).ask(core.ports.transport.as_ref()).await;
    Ok(again)
}

/// Opens the data of whoever was here last, if the keyring has the key. Asks no network.
pub(crate) async fn open_last(core: &Arc<Core>) -> Result<(), Fault> {
    let Some(user) = core.last_user() else { return Ok(()) };
    let Some(vault) = core.people.vault_of(user)?.filter(|vault| !vault.forget_password()) else { return Ok(()) };
    let Some(key) = keyring::get(&core.ports, vault.user()).await else { return Ok(()) };
    let _door = core.door.lock().await;
    if core.person().is_some() {
        return Ok(());
    }
    let person = open(core, user, key, None, None).await?;
    let saved = person.tokens.saved().await;
    person.tokens.set_online(saved);
    Ok(())
}

async fn open(
    core: &Arc<Core>,
    user: UserId,
    key: DataKey,
    session: Option<&Session>,
    known: Option<Known>,
) -> Result<Arc<Person>, Fault> {
    let tokens = Arc::new(Tokens::new(core.ports.transport.clone(), core.ports.clock.clone(), session));
    let config = EngineConfig {
        dir: core.people.folder_of(user),
        key: key.array(),
        user,
        source: core.config.source,
        storage: core.config.storage,
    };
    let (ports, auth) = (core.ports.clone(), tokens.clone());
    let engine = off_the_tasks(core, move || Engine::open(config, ports, auth)).await??;
    tokens.attach(&engine);
    let person = Arc::new(Person::new(user, engine, tokens, key, known).await?);
    person.files.tidy(&person.engine, &person.drafts.files(), core.files_budget()).await?;
    core.set_person(Some(person.clone()));
    core.set_last_user(Some(user))?;
    watch::start(core, &person);
    core.tell(&Topic::ALL);
    Ok(person)
}

/// Another person signed in over the one who is here: their queue stays encrypted in their folder.
async fn close_whoever_is_here(core: &Core) {
    if let Some(person) = core.set_person(None) {
        person.engine.close().await;
    }
}

/// Puts the key into the keyring, or takes it out. Before the window hears that somebody is signed in: what it shows
/// then, the next start finds, though the program ends right after.
async fn remember(core: &Core, user: UserId, key: &DataKey, forget: bool) {
    let ports = &core.ports;
    let done = if forget { keyring::delete(ports, user).await } else { keyring::set(ports, user, key).await };
    if !done {
        tracing::info!(forget, "the keyring did not change; the password opens the data");
    }
}

/// Runs what is slow on purpose, or waits for the disk, off the asynchronous threads.
pub(super) async fn off_the_tasks<T: Send + 'static>(
    core: &Core,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Fault> {
    let (tell, done) = oneshot::channel();
    // Whoever asked may have gone; the work is done all the same.
    core.ports.spawn.apart(Box::new(move || drop(tell.send(work()))))?;
    done.await.map_err(|_| Fault::Defect("work apart from the tasks did not end".into()))
}

impl Core {
    fn device_info(&self, id: Option<DeviceId>) -> DeviceInfo {
        DeviceInfo { id, system: self.config.system.clone(), version: self.config.version.clone() }
    }

    /// What the server learns about this computer at a registration: the device is known only where one person is.
    pub(crate) fn device_of_this_computer(&self) -> DeviceInfo {
        self.device_info(only_device(self))
    }

    /// Says what changed.
    pub(crate) fn tell(&self, topics: &[Topic]) {
        // Nobody listening is no error: the window may not be there yet.
        let _ = self.events.send(Event::Changed { topics: topics.to_vec() });
    }
}
