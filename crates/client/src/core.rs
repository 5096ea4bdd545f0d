//! The one door to everything: the window, the tray and the tests call commands by name and listen to events.

use crate::blobs::{BlobError, BlobPart};
use crate::commands;
use crate::engine::{Engine, Storage, SyncStatus};
use crate::files::{Name, remove_copies};
use crate::locked::locked;
use crate::overlay::pill::pill;
use crate::people::People;
use crate::platform::SystemOpener;
use crate::ports::{Opener, Ports};
use crate::registration::Registration;
use crate::report::Fault;
use crate::session::{self, Person, PersonBringer};
use crate::settings::{Settings, wants};
use crate::utility_record;
pub use crate::vault::PasswordCost;
use crate::view::{Event, Failure, PillView, SettingsView, Toast, Topic};
use chrono_tz::Tz;
use domain::{Source, UserId};
use serde_json::Value;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::{Notify, OnceCell, broadcast};
use wire::utility::{AttachmentRules, Utility};

/// How many events a slow listener may lag behind before it has to ask for everything again.
const EVENTS: usize = 256;

/// What this program is told about itself and its computer.
#[derive(Debug, Clone)]
pub struct CoreConfig {
    /// The program's folder in the application data of the OS user.
    pub data: PathBuf,
    /// Where «Сохранить в файл» writes; the person's Documents.
    pub documents: PathBuf,
    /// The program's version.
    pub version: String,
    /// «Windows 11», «Debian 12»: for the list of devices.
    pub system: String,
    /// Through what kind of workplace things are entered.
    pub source: Source,
    /// Where the databases run.
    pub storage: Storage,
    /// What opens files in the system's programs.
    pub opener: Arc<dyn Opener>,
    /// What a password costs whoever tries passwords.
    pub password_cost: PasswordCost,
}

impl CoreConfig {
    /// A resident's program with its data in `data`.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        let data = data.into();
        Self {
            documents: crate::documents::folder().unwrap_or_else(|| data.join("saved")),
            data,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            system: std::env::consts::OS.to_owned(),
            source: Source::ResidentApp,
            storage: Storage::default(),
            opener: Arc::new(SystemOpener),
            password_cost: PasswordCost::DEFAULT,
        }
    }
}

/// The core of the program. One holds one signed-in person.
pub struct Core {
    pub(crate) config: CoreConfig,
    pub(crate) ports: Ports,
    pub(crate) people: People,
    pub(crate) events: broadcast::Sender<Event>,
    /// Held while somebody comes in or leaves.
    pub(crate) door: tokio::sync::Mutex<()>,
    pub(crate) person_back: Arc<Notify>,
    toasts: broadcast::Sender<Toast>,
    unread: AtomicU32,
    settings: Mutex<Settings>,
    utility: Mutex<Option<Utility>>,
    registration: Mutex<Option<Registration>>,
    person: Mutex<Option<Arc<Person>>>,
    opened: OnceCell<()>,
    keyring: OnceCell<bool>,
}

impl Core {
    /// Begins: reads what lies on the disk, and starts opening the data of whoever was here last. Waits for nothing.
    pub fn open(config: CoreConfig, ports: Ports) -> Arc<Self> {
        // Of a program that was killed.
        remove_copies(&config.data);
        let core = Arc::new(Self {
            people: People::under(&config.data),
            settings: Mutex::new(Settings::read(&config.data)),
            utility: Mutex::new(utility_record::read(&config.data)),
            config,
            ports,
            events: broadcast::channel(EVENTS).0,
            toasts: broadcast::channel(EVENTS).0,
            unread: AtomicU32::new(0),
            door: tokio::sync::Mutex::default(),
            person_back: Arc::default(),
            registration: Mutex::default(),
            person: Mutex::default(),
            opened: OnceCell::new(),
            keyring: OnceCell::new(),
        });
        let opening = core.clone();
        core.ports.spawn.spawn(Box::pin(async move { opening.opened().await }));
        utility_record::follow(&core);
        core
    }

    /// Does a command of [`commands::NAMES`].
    ///
    /// # Errors
    /// What the person can be told, or the number under which a defect is in the log.
    pub async fn call(self: &Arc<Self>, command: &str, args: Value) -> Result<Value, Failure> {
        self.opened().await;
        let done = commands::dispatch(self, command, args).await;
        done.map_err(|fault| fault.told(command, self.ports.random.as_ref()))
    }

    /// A range of a photo or file of the person who is signed in, for the window to show: [`AttachmentView::blob`] or
    /// [`AttachmentView::thumbnail`].
    ///
    /// [`AttachmentView::blob`]: crate::view::AttachmentView::blob
    /// [`AttachmentView::thumbnail`]: crate::view::AttachmentView::thumbnail
    ///
    /// # Errors
    /// Nobody is signed in, there is nothing of this name, or it cannot be read.
    pub async fn read_blob(self: &Arc<Self>, name: &str, range: Range<u64>) -> Result<BlobPart, BlobError> {
        self.opened().await;
        let name = name.parse().map_err(|_| BlobError::Missing)?;
        let person = self.person().ok_or(BlobError::Closed)?;
        if let Name::Small(file) = name {
            person.files.make_small(&person.engine, &self.bringer(&person), file).await?;
        }
        person.files.read(&person.engine, name, range).await
    }

    /// What the window is told from now on. A receiver that lags asks for everything again.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// What the person is to be told outside the window.
    pub fn toasts(&self) -> broadcast::Receiver<Toast> {
        self.toasts.subscribe()
    }

    /// The sync pill; also for the tray.
    pub fn pill(&self) -> PillView {
        self.person().map_or(PillView::Sent, |person| pill(&person.engine.status()))
    }

    /// Queue and mirror of whoever is signed in, for those who have to look below the views.
    pub fn engine(&self) -> Option<Arc<Engine>> {
        self.person().map(|person| person.engine.clone())
    }

    /// How many entries wait on this computer, for the tray.
    pub fn waiting(&self) -> u32 {
        self.person().map_or(0, |person| person.engine.status().waiting)
    }

    /// Settings of this computer.
    pub fn settings(&self) -> SettingsView {
        self.lock_settings().view.clone()
    }

    /// The utility, as last heard.
    pub fn utility(&self) -> Option<Utility> {
        locked(&self.utility).clone()
    }

    /// Tells the window something that the shell knows: a toast was clicked, another start wants the window.
    pub fn announce(&self, event: Event) {
        // Nobody listening is no error: the window may not be there yet.
        let _ = self.events.send(event);
    }

    /// Stops: the databases are closed, everything entered is on the disk. The person stays signed in.
    pub async fn close(&self) {
        let _door = self.door.lock().await;
        if let Some(person) = self.set_person(None) {
            person.engine.close().await;
        }
        remove_copies(&self.config.data);
    }

    async fn opened(self: &Arc<Self>) {
        let open = || async {
            if let Err(fault) = session::open_last(self).await {
                // The sign-in screen is shown, and sign-in tells what is in the way.
                tracing::warn!(?fault, "the data of the last person did not open");
            }
        };
        self.opened.get_or_init(open).await;
    }

    /// Whether there is a keyring; asked once, because a locked one takes its time.
    pub(crate) async fn keyring(&self) -> bool {
        *self.keyring.get_or_init(|| crate::vault::keyring::available(&self.ports)).await
    }

    /// How many messages and statuses the person has not seen, for the tray.
    pub fn unread(&self) -> u32 {
        if self.person().is_some() { self.unread.load(Ordering::Relaxed) } else { 0 }
    }

    pub(crate) fn set_unread(&self, unread: u32) {
        if self.unread.swap(unread, Ordering::Relaxed) != unread {
            // The tray has it too.
            self.announce(Event::Changed { topics: vec![Topic::Tickets] });
        }
    }

    pub(crate) fn toast(&self, toast: Toast) {
        let now_ms = self.ports.clock.read().wall_ms;
        if wants(&self.settings(), &toast, now_ms, self.zone()) {
            // Without a shell there is nobody to show it.
            let _ = self.toasts.send(toast);
        }
    }

    /// Who is signed in.
    pub(crate) fn person(&self) -> Option<Arc<Person>> {
        locked(&self.person).clone()
    }

    /// Who is signed in, or the failure that says nobody is.
    pub(crate) fn require_person(&self) -> Result<Arc<Person>, Fault> {
        self.person().ok_or_else(|| Failure::SignedOut.into())
    }

    pub(crate) fn set_person(&self, person: Option<Arc<Person>>) -> Option<Arc<Person>> {
        std::mem::replace(&mut locked(&self.person), person)
    }

    pub(crate) fn status(&self) -> Result<SyncStatus, Fault> {
        Ok(self.require_person()?.engine.status())
    }

    /// Who brings files from the server for this person.
    pub(crate) fn bringer<'a>(&'a self, person: &'a Person) -> PersonBringer<'a> {
        PersonBringer { person, transport: self.ports.transport.as_ref() }
    }

    /// How many bytes what is only here to be looked at may take.
    pub(crate) fn files_budget(&self) -> u64 {
        u64::from(self.settings().files_megabytes) * 1_000_000
    }

    /// The zone in which the utility's days begin.
    pub(crate) fn zone(&self) -> Tz {
        utility_record::zone(locked(&self.utility).as_ref())
    }

    /// What may be attached, as last heard.
    pub(crate) fn attachment_rules(&self) -> AttachmentRules {
        locked(&self.utility).as_ref().map(|utility| utility.attachments.clone()).unwrap_or_default()
    }

    pub(crate) fn set_utility(&self, utility: Utility) {
        *locked(&self.utility) = Some(utility);
    }

    pub(crate) fn registration(&self) -> MutexGuard<'_, Option<Registration>> {
        locked(&self.registration)
    }

    pub(crate) fn last_user(&self) -> Option<UserId> {
        self.lock_settings().last_user
    }

    pub(crate) fn set_last_user(&self, user: Option<UserId>) -> std::io::Result<()> {
        self.change_settings(|settings| settings.last_user = user)
    }

    pub(crate) fn change_settings(&self, change: impl FnOnce(&mut Settings)) -> std::io::Result<()> {
        let mut settings = self.lock_settings();
        change(&mut settings);
        settings.save(&self.config.data)
    }

    fn lock_settings(&self) -> MutexGuard<'_, Settings> {
        locked(&self.settings)
    }
}
