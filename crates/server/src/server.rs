//! The running server.

mod ticks;

use crate::announcements::telling;
use crate::bank::{PaymentGateway, Rbs};
use crate::calls::{CodeCaller, Smsc};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::files::Files;
use crate::letters::Mailer;
use crate::operations::Effects;
use crate::random::{Random, SystemRandom};
use crate::secret::ServerKey;
use crate::sessions::Passwords;
use crate::storage::{Database, Head, Sql as _, Store, StoreError, StorePorts, Work};
use crate::{http, letters, params, payments, places, publication, registration, staff};
use axum::serve::ListenerExt as _;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The outer world of a server.
pub struct ServerPorts {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where tokens, codes, salts and ids come from.
    pub random: Arc<dyn Random>,
    /// The robot that calls; `None` takes the one of the settings.
    pub caller: Option<Arc<dyn CodeCaller>>,
    /// The bank; `None` takes the one of the settings.
    pub bank: Option<Arc<dyn PaymentGateway>>,
    /// Who runs the jobs of the storage.
    pub work: Work,
}

impl Default for ServerPorts {
    fn default() -> Self {
        let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
        Self { clock, random, caller: None, bank: None, work: Work::default() }
    }
}

/// What all requests share.
pub struct App {
    /// The settings.
    pub config: Config,
    /// The database.
    pub store: Store,
    /// What people sent.
    pub files: Files,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The robot that calls.
    pub caller: Option<Arc<dyn CodeCaller>>,
    /// The bank through which residents pay.
    pub bank: Option<Arc<dyn PaymentGateway>>,
    /// The address under which this server is reached, where the settings name none.
    address: OnceLock<String>,
    /// Who sends letters.
    pub mailer: Option<Mailer>,
    /// The end of the feed when the desk knew all places.
    places_known_at: AtomicI64,
    /// The key of codes.
    pub key: ServerKey,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// Cancelled when the server stops; ends live streams.
    pub stopping: CancellationToken,
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The folder of the database, or the key in it.
    #[error("папка данных {folder}: {error}")]
    Folder {
        /// The folder.
        folder: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// The database.
    #[error("база данных: {0}")]
    Store(#[from] StoreError),
    /// The address.
    #[error("адрес {listen}: {error}")]
    Listen {
        /// The address.
        listen: SocketAddr,
        /// What the system says.
        error: std::io::Error,
    },
    /// Something else.
    #[error("{0}")]
    Other(String),
}

/// Starts servers.
pub struct Server;

/// A server that runs.
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    app: Arc<App>,
    serving: JoinHandle<()>,
    ticking: JoinHandle<()>,
    posting: JoinHandle<()>,
    asking: JoinHandle<()>,
}

impl Server {
    /// Opens the database, publishes the settings, listens.
    pub async fn start(config: Config, ports: ServerPorts) -> Result<Running, StartError> {
        let app = Arc::new(App::open(config, ports)?);
        app.share_neighbours().await?;
        app.publish_settings().await?;
        app.publish_places().await?;
        app.store.write(staff::publish_unknown).await?;
        let listen = app.config.listen;
        let failed = |error| StartError::Listen { listen, error };
        let listener = TcpListener::bind(listen).await.map_err(failed)?;
        let addr = listener.local_addr().map_err(failed)?;
        // Set once: a server listens at one address.
        let _ = app.address.set(format!("http://{addr}"));
        // An answer is not held back until the desktop has confirmed its first piece, which systems delay by 40 ms.
        let listener = listener.tap_io(|connection| {
            if let Err(error) = connection.set_nodelay(true) {
                tracing::debug!(%error, "a connection keeps its delay");
            }
        });
        let router = http::router(Arc::clone(&app)).into_make_service_with_connect_info::<SocketAddr>();
        let stopping = app.stopping.clone();
        let serving = tokio::spawn(async move {
            let stop = async move { stopping.cancelled().await };
            if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stop).await {
                tracing::error!(%error, "serving ended");
            }
        });
        let ticking = tokio::spawn(ticks::run(Arc::clone(&app)));
        let posting = tokio::spawn(ticks::post(Arc::clone(&app)));
        let asking = tokio::spawn(ticks::ask_bank(Arc::clone(&app)));
        Ok(Running { addr, app, serving, ticking, posting, asking })
    }
}

impl App {
    /// Opens what a server or a command needs.
    pub fn open(config: Config, ports: ServerPorts) -> Result<Self, StartError> {
        let failed = |error| StartError::Folder { folder: config.data.display().to_string(), error };
        config.make_data_folder().map_err(failed)?;
        let key = ServerKey::load(&config.data.join("code.key"), &*ports.random).map_err(failed)?;
        let files = Files::open(&config.files, ports.work)
            .map_err(|error| StartError::Folder { folder: config.files.folder.display().to_string(), error })?;
        let store = {
            let ServerPorts { clock, random, work, .. } = &ports;
            let ports = StorePorts {
                clock: Arc::clone(clock),
                random: Arc::clone(random),
                work: *work,
                ..StorePorts::default()
            };
            Store::open(&config.database(), ports)?
        };
        let passwords =
            Passwords::new(&config.security, ports.random).map_err(|error| StartError::Other(error.to_string()))?;
        let passwords = passwords.where_jobs_run(ports.work);
        let caller = match (ports.caller, &config.calls) {
            (Some(caller), _) => Some(caller),
            (None, Some(settings)) => {
                let robot = Smsc::new(settings.clone()).map_err(|error| StartError::Other(error.to_string()))?;
                Some(Arc::new(robot) as Arc<dyn CodeCaller>)
            }
            (None, None) => None,
        };
        let bank = match (ports.bank, &config.bank) {
            (Some(bank), _) => Some(bank),
            (None, Some(settings)) => {
                let bank = Rbs::new(settings.clone()).map_err(|error| StartError::Other(error.to_string()))?;
                Some(Arc::new(bank) as Arc<dyn PaymentGateway>)
            }
            (None, None) => None,
        };
        let mailer = config.mail.as_ref().map(|settings| Mailer::new(settings, &config.utility.name));
        let mailer = mailer.transpose().map_err(|error| StartError::Other(error.to_string()))?;
        let stopping = CancellationToken::new();
        let places_known_at = AtomicI64::new(-1);
        let (clock, address) = (ports.clock, OnceLock::new());
        Ok(Self {
            config,
            store,
            files,
            clock,
            caller,
            bank,
            address,
            mailer,
            places_known_at,
            key,
            passwords,
            stopping,
        })
    }

    /// Servers that share a database must share what lies beside it too: a code that one had dictated would be wrong at
    /// another, and a file that came to one would be lost at another.
    async fn share_neighbours(&self) -> Result<(), StartError> {
        if matches!(self.config.database(), Database::File(_)) {
            return Ok(());
        }
        if !self.is_shared("code", self.key.fingerprint()).await? {
            let folder = self.config.data.display();
            return Err(StartError::Other(format!(
                "файл code.key в папке {folder} не тот, с которым с этой базой работают другие серверы. Скопируйте сюда их файл. Если прежний утерян, остановите все серверы и выполните в базе: DELETE FROM server_keys WHERE name = 'code'"
            )));
        }
        let folder = &self.config.files.folder;
        // Not a secret: it only tells one folder from another.
        let mark = ServerKey::load(&folder.join("folder.key"), self.store.ids().random())
            .map_err(|error| StartError::Folder { folder: folder.display().to_string(), error })?;
        if !self.is_shared("files", mark.fingerprint()).await? {
            return Err(StartError::Other(format!(
                "папка файлов {} не та, с которой с этой базой работают другие серверы. Все они должны видеть одну папку: назовите её в разделе [files], folder = \"…\". Если прежняя утеряна, остановите все серверы и выполните в базе: DELETE FROM server_keys WHERE name = 'files'",
                folder.display()
            )));
        }
        Ok(())
    }

    /// Whether all servers of the database have the same under this name. Whoever is first is right.
    async fn is_shared(&self, name: &'static str, mine: String) -> Result<bool, StoreError> {
        let kept = self.store.write(move |tx| {
            let keep = "INSERT INTO server_keys (name, fingerprint) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
            tx.execute(keep, params![name, &mine])?;
            let row = tx.first("SELECT fingerprint FROM server_keys WHERE name = $1", params![name])?;
            let kept: String = row.ok_or(StoreError::Column(0))?.get(0)?;
            Ok::<_, StoreError>(kept == mine)
        });
        Ok(kept.await?.value)
    }

    /// The address under which residents and the bank reach this server.
    pub fn public_url(&self) -> &str {
        let named = self.config.bank.as_ref().and_then(|bank| bank.public_url.as_deref());
        named.or(self.address.get().map(String::as_str)).unwrap_or("http://localhost")
    }

    /// What the effects of operations lean on.
    pub fn effects(&self) -> Effects<'_> {
        Effects { config: &self.config, files: self.files.folder() }
    }

    /// Rules, prices and the consent's text, as far as they changed.
    pub async fn publish_settings(self: &Arc<Self>) -> Result<(), StoreError> {
        let app = Arc::clone(self);
        let done = self.store.write(move |tx| {
            registration::keep_document(tx, &app.config)?;
            publication::publish(tx, &app.config, app.config.day(tx.now_ms()))
        });
        done.await.map(|_| ())
    }

    /// Tells the desk of accounts and houses that it does not know yet. Nothing is looked up while nothing changed.
    pub async fn publish_places(self: &Arc<Self>) -> Result<(), StoreError> {
        loop {
            let before = self.store.read(|sql| Ok(Head::read(sql)?.seq)).await?;
            if self.places_known_at.load(Ordering::Relaxed) == before {
                return Ok(());
            }
            if self.store.read(places::is_due).await? {
                self.store.write(places::publish_some).await?;
            } else {
                self.places_known_at.store(before, Ordering::Relaxed);
            }
        }
    }

    /// Announcements turn when their moment comes, and those they are for hear of it.
    pub async fn tell_announcements(self: &Arc<Self>) -> Result<(), StoreError> {
        let now_ms = self.clock.now_ms();
        while self.store.read(move |sql| telling::is_due(sql, now_ms)).await? {
            let app = Arc::clone(self);
            self.store.write(move |tx| telling::tell_due(tx, &app.config)).await?;
        }
        Ok(())
    }

    /// What is done every minute, once.
    pub async fn tick(self: &Arc<Self>) -> Result<(), StoreError> {
        ticks::tick(self).await
    }
}

impl Running {
    /// What its requests share.
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// Does at once what else is done every minute.
    pub async fn tick(&self) -> Result<(), StoreError> {
        ticks::tick(&self.app).await
    }

    /// Sends at once the letters whose time has come, which else is done every few seconds; how many were taken.
    pub async fn send_letters(&self) -> Result<usize, StoreError> {
        letters::send_due(&self.app).await
    }

    /// Asks the bank at once about the payments whose time has come, which else is done every second; how many.
    pub async fn ask_bank(&self) -> Result<usize, StoreError> {
        payments::asking::ask_due(&self.app).await
    }

    /// Waits until it stops.
    pub async fn wait(self) {
        let _ = self.serving.await;
        self.ticking.abort();
        self.posting.abort();
        self.asking.abort();
    }

    /// Takes no more requests, finishes those that run, closes the database.
    pub async fn stop(self) {
        self.app.stopping.cancel();
        let _ = self.serving.await;
        let _ = self.ticking.await;
        let _ = self.posting.await;
        let _ = self.asking.await;
        // A connection's last breath may still hold the store; the file shall be whole when this returns.
        let store = self.app.store.clone();
        let _ = tokio::task::spawn_blocking(move || store.close()).await;
    }

    /// Stops when the token is cancelled or the person presses Ctrl+C.
    pub fn stopper(&self) -> CancellationToken {
        self.app.stopping.clone()
    }
}
