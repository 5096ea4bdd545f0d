//! A person's computer: the real core on files and clocks of its own, which is started, killed, put to sleep, restored.

use crate::clocks::{ComputerClock, TrueTime};
use crate::dice::Dice;
use crate::folders;
use crate::life::Life;
use crate::line::{Line, Network};
use client::core::PasswordCost;
use client::engine::{Engine, NewOperation, Reading, Storage};
use client::platform::SystemBlobDisk;
use client::ports::{Keychain, KeychainError, Ports, Spawn};
use client::view::Failure;
use client::{Core, CoreConfig};
use domain::UserId;
use outbox::BlobName;
use power_cut::Disk;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// No command may take longer.
const PATIENCE: Duration = Duration::from_secs(600);

/// A keyring in memory; it outlives the program.
#[derive(Default)]
pub struct Keyring(Mutex<BTreeMap<UserId, Vec<u8>>>);

impl Keyring {
    fn any(&self) -> Option<(UserId, Vec<u8>)> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.iter().next().map(|(user, key)| (*user, key.clone()))
    }
}

impl Keychain for Keyring {
    fn available(&self) -> bool {
        true
    }
    fn get(&self, user: UserId) -> Result<Option<Vec<u8>>, KeychainError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&user).cloned())
    }
    fn set(&self, user: UserId, secret: &[u8]) -> Result<(), KeychainError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(user, secret.to_vec());
        Ok(())
    }
    fn delete(&self, user: UserId) -> Result<(), KeychainError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&user);
        Ok(())
    }
}

/// Tasks of one run of the program, on the one runtime of the simulation.
struct Tasks(Arc<Life>);

impl Spawn for Tasks {
    fn spawn(&self, task: Pin<Box<dyn Future<Output = ()> + Send>>) {
        tokio::spawn(self.0.of(task));
    }
    fn apart(&self, work: Box<dyn FnOnce() + Send>) -> io::Result<()> {
        work();
        Ok(())
    }
}

/// What became of a command.
#[derive(Debug)]
pub enum Told {
    /// It was done.
    Done(Value),
    /// It was not.
    Failed(Failure),
    /// The program died over it.
    Died,
}

struct Running {
    core: Arc<Core>,
    life: Arc<Life>,
    asleep: bool,
}

/// A computer.
pub struct Computer {
    /// Its number.
    pub name: usize,
    /// Whose it is, by index.
    pub owner: usize,
    /// Its clocks.
    pub clock: Arc<ComputerClock>,
    /// Its line.
    pub line: Arc<Line>,
    keyring: Arc<Keyring>,
    random: Arc<Dice>,
    root: PathBuf,
    folder: PathBuf,
    folders: u32,
    disk: Option<Disk>,
    full: bool,
    running: Option<Running>,
}

impl Computer {
    /// A new one, switched off.
    pub fn new(root: &Path, name: usize, owner: usize, seed: u64, network: &Arc<Network>, time: Arc<TrueTime>) -> Self {
        let root = root.join(format!("computer-{name}"));
        Self {
            name,
            owner,
            clock: Arc::new(ComputerClock::new(time, name)),
            line: Line::new(Arc::clone(network), name),
            keyring: Arc::default(),
            random: Arc::new(Dice::of(seed, 100 + u64::try_from(name).unwrap_or(0))),
            folder: root.join("0"),
            root,
            folders: 0,
            disk: None,
            full: false,
            running: None,
        }
    }

    /// Starts the program.
    pub fn start(&mut self) -> anyhow::Result<()> {
        if self.is_on() {
            return Ok(());
        }
        if self.disk.is_none() {
            std::fs::create_dir_all(&self.folder)?;
            self.disk = Some(Disk::watch(&self.folder)?);
        }
        let life = Arc::<Life>::default();
        let ports = Ports {
            transport: Arc::new(self.line.plug(Arc::clone(&life))),
            clock: self.clock.clone(),
            random: self.random.clone(),
            keychain: self.keyring.clone(),
            spawn: Arc::new(Tasks(Arc::clone(&life))),
            blobs: Arc::new(SystemBlobDisk),
        };
        let mut config = CoreConfig::new(self.folder.join("data"));
        config.documents = self.folder.join("documents");
        config.version = "1".into();
        config.system = "simulated".into();
        config.storage = Storage::Inline;
        config.password_cost = PasswordCost::NEXT_TO_NOTHING;
        self.running = Some(Running { core: Core::open(config, ports), life, asleep: false });
        Ok(())
    }

    /// Whether the program runs.
    pub fn is_on(&self) -> bool {
        self.running.as_ref().is_some_and(|running| !running.life.is_dead())
    }

    /// Whether the program runs and the computer does not sleep.
    pub fn is_awake(&self) -> bool {
        self.running.as_ref().is_some_and(|running| !running.life.is_dead() && !running.asleep)
    }

    /// Whether the program died by itself and nobody has looked yet.
    pub fn has_died(&self) -> bool {
        self.running.as_ref().is_some_and(|running| running.life.is_dead())
    }

    /// Ends the program in peace.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        self.set_asleep(false);
        let Some(running) = self.running.take() else { return Ok(()) };
        let closing = tokio::time::timeout(PATIENCE, running.life.of(running.core.close())).await;
        anyhow::ensure!(closing.is_ok(), "computer {}: the program does not end", self.name);
        running.life.kill();
        Ok(())
    }

    /// Kills the program: what lies on the disk at this moment is what the next run finds.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        let copy = self.copy_aside()?;
        self.put(copy);
        Ok(())
    }

    /// The power fails: of what was not synced anything may be there.
    pub fn cut_power(&mut self) -> anyhow::Result<()> {
        let Some(disk) = &self.disk else { return Ok(()) };
        let image = disk.crash(self.random.between(0, u64::MAX));
        let to = self.new_folder();
        std::fs::create_dir_all(&to)?;
        image.write_to(&to)?;
        self.put(to);
        self.clock.reboot();
        Ok(())
    }

    /// The disk is full, or has room again.
    pub fn set_full(&mut self, full: bool) {
        self.full = full;
        if let Some(disk) = &self.disk {
            if full { disk.fill_up() } else { disk.mend() }
        }
    }

    /// Whether its disk is full.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// The database of the queue of whoever signed in here last, and its key. The program must not run.
    pub fn queue_file(&self) -> Option<(PathBuf, UserId, Vec<u8>)> {
        let (user, key) = self.keyring.any()?;
        Some((self.folder.join("data/people").join(user.to_string()).join("outbox.db"), user, key))
    }

    /// Lets the program die after so many more steps.
    pub fn kill_after(&self, steps: u64) {
        if let Some(running) = &self.running {
            running.life.kill_after(steps);
        }
    }

    /// It does not die after all.
    pub fn spare(&self) {
        if let Some(running) = &self.running {
            running.life.spare();
        }
    }

    /// Closes or opens the lid.
    pub fn set_asleep(&mut self, asleep: bool) {
        if let Some(running) = &mut self.running {
            running.asleep = asleep;
            running.life.set_asleep(asleep);
        }
    }

    /// A copy of its disk.
    pub fn copy_aside(&mut self) -> anyhow::Result<PathBuf> {
        let to = self.new_folder();
        if self.folder.is_dir() {
            folders::copy(&self.folder, &to)?;
        }
        Ok(to)
    }

    /// Kills the program and puts a copy of the disk in the place of the disk.
    pub fn restore(&mut self, copy: &Path) -> anyhow::Result<()> {
        let to = self.new_folder();
        folders::copy(copy, &to)?;
        self.put(to);
        Ok(())
    }

    fn put(&mut self, folder: PathBuf) {
        if let Some(running) = self.running.take() {
            running.life.kill();
        }
        self.disk = None;
        self.full = false;
        self.folder = folder;
    }

    fn new_folder(&mut self) -> PathBuf {
        self.folders += 1;
        self.root.join(self.folders.to_string())
    }

    /// Gives a command to the program.
    pub async fn call(&self, command: &str, args: Value) -> anyhow::Result<Told> {
        let Some(running) = &self.running else { return Ok(Told::Died) };
        let done = tokio::time::timeout(PATIENCE, running.life.of(running.core.call(command, args))).await;
        let done = done.map_err(|_| anyhow::anyhow!("computer {}: the command {command} never ends", self.name))?;
        Ok(match done {
            None => Told::Died,
            Some(Ok(value)) => Told::Done(value),
            Some(Err(Failure::Defect { .. })) => anyhow::bail!("computer {}: {command} met a defect", self.name),
            Some(Err(failure)) => Told::Failed(failure),
        })
    }

    /// Enters something as the commands do.
    pub async fn enter(&self, new: NewOperation) -> anyhow::Result<Told> {
        let (Some(running), Some(engine)) = (&self.running, self.engine()) else { return Ok(Told::Died) };
        let done = tokio::time::timeout(PATIENCE, running.life.of(engine.enqueue(new, None))).await;
        Ok(match done.map_err(|_| anyhow::anyhow!("computer {}: an entry never ends", self.name))? {
            None => Told::Died,
            Some(Ok(entered)) => Told::Done(json!({ "operation": entered.id.to_string(), "replaced": false })),
            Some(Err(_)) => Told::Failed(Failure::Gone),
        })
    }

    /// Puts a content aside that an entry will need. `None` when it could not, or died over it.
    pub async fn add_blob(&self, content: Vec<u8>) -> anyhow::Result<Option<BlobName>> {
        let (Some(running), Some(engine)) = (&self.running, self.engine()) else { return Ok(None) };
        let adding = engine.add_blob(std::io::Cursor::new(content));
        let done = tokio::time::timeout(PATIENCE, running.life.of(adding)).await;
        let done = done.map_err(|_| anyhow::anyhow!("computer {}: a file is never stored", self.name))?;
        Ok(done.and_then(Result::ok))
    }

    /// What its window is built from, when it is awake and somebody is signed in. What cannot be opened for want of room
    /// shows nothing.
    pub fn look(&self) -> anyhow::Result<Option<Reading>> {
        match self.engine().map(|engine| engine.read()) {
            None => Ok(None),
            Some(Err(_)) if self.full => Ok(None),
            Some(reading) => Ok(Some(reading?)),
        }
    }

    /// The engine of whoever is signed in on it, when it is awake.
    pub fn engine(&self) -> Option<Arc<Engine>> {
        self.running.as_ref().filter(|_| self.is_awake())?.core.engine()
    }
}
