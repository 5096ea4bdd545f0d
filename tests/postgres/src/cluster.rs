//! One server with its data: starts, stops, dies and comes back at the same address.

use crate::folder::Temporary;
use crate::owner::Owner;
use crate::stop::Stop;
use crate::{keeper, programs};
use anyhow::Context;
use postgres::{Client, NoTls};
use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long a server may take to start or to end, recovery included.
const PATIENCE: Duration = Duration::from_secs(60);

/// Between two looks whether it has come that far.
const PAUSE: Duration = Duration::from_millis(10);

/// The one database that every cluster has, and the name of its superuser.
const POSTGRES: &str = "postgres";

/// What kind of server.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whether what is committed is on the disk. What the product promises rests on it; off only where nothing is killed.
    pub fsync: bool,
    /// How many sessions it lets in.
    pub connections: u32,
    /// Further settings: `("synchronous_commit", "off")`.
    pub settings: Vec<(String, String)>,
}

impl Default for Options {
    fn default() -> Self {
        Self { fsync: true, connections: 200, settings: vec![] }
    }
}

/// A private PostgreSQL. Dropping it ends it; it also ends when this process does, whatever that died of.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    owner: Owner,
    options: Options,
    port: u16,
    password: String,
    server: Option<Child>,
    _temporary: Option<Temporary>,
}

impl Cluster {
    /// A new one in a folder of its own that is removed with it.
    pub fn temporary(options: &Options) -> anyhow::Result<Self> {
        let temporary = Temporary::make()?;
        let mut cluster = Self::start(&temporary.cluster(), options)?;
        cluster._temporary = Some(temporary);
        Ok(cluster)
    }

    /// A new one in `folder`, which must not exist yet. As root: every folder above must let the system user through.
    pub fn start(folder: &Path, options: &Options) -> anyhow::Result<Self> {
        let folder = std::path::absolute(folder)?;
        let owner = Owner::find()?;
        std::fs::create_dir(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        owner.take(&folder)?;
        let password = Uuid::new_v4().simple().to_string();
        let mut cluster = Self {
            folder,
            owner,
            options: options.clone(),
            port: free_port()?,
            password,
            server: None,
            _temporary: None,
        };
        cluster.initialise()?;
        cluster.start_again()?;
        Ok(cluster)
    }

    /// The superuser's address of the database that every cluster has.
    pub fn url(&self) -> String {
        self.url_of(POSTGRES)
    }

    /// The superuser's address of a database.
    pub fn url_of(&self, database: &str) -> String {
        format!("postgres://{POSTGRES}:{}@{}/{database}", self.password, self.address())
    }

    /// Where it listens, also after a restart.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    /// What the server wrote about itself.
    pub fn log_text(&self) -> String {
        std::fs::read_to_string(self.log()).unwrap_or_default()
    }

    /// Ends it and waits until it is gone. Nothing to do when it does not run.
    pub fn stop(&mut self, how: Stop) -> anyhow::Result<()> {
        let Some(mut server) = self.server.take() else { return Ok(()) };
        how.tell(&mut server)?;
        let began = Instant::now();
        while server.try_wait()?.is_none() {
            if began.elapsed() > PATIENCE {
                server.kill()?;
                server.wait()?;
                anyhow::bail!("PostgreSQL did not end:\n{}", self.log_text());
            }
            std::thread::sleep(PAUSE);
        }
        Ok(())
    }

    /// Ends it and starts it again.
    pub fn restart(&mut self, how: Stop) -> anyhow::Result<()> {
        self.stop(how)?;
        self.start_again()
    }

    /// Starts it where it was, and waits until it takes statements.
    pub fn start_again(&mut self) -> anyhow::Result<()> {
        anyhow::ensure!(self.server.is_none(), "PostgreSQL runs already");
        let began = Instant::now();
        let mut server = self.launch()?;
        loop {
            if session(&self.url(), |client| Ok(client.batch_execute("SELECT 1")?)).is_ok() {
                self.server = Some(server);
                return Ok(());
            }
            if began.elapsed() > PATIENCE {
                server.kill()?;
                server.wait()?;
                anyhow::bail!("PostgreSQL did not start:\n{}", self.log_text());
            }
            std::thread::sleep(PAUSE);
            if server.try_wait()?.is_some() {
                // After a kill -9 the backends hold the memory until they notice; somebody may have the port.
                server = self.launch()?;
            }
        }
    }

    fn initialise(&self) -> anyhow::Result<()> {
        let password = self.folder.join("password");
        std::fs::write(&password, &self.password)?;
        self.owner.take(&password)?;
        let mut initdb = self.owner.command(programs::folder()?.join("initdb"));
        initdb.arg("--pgdata").arg(self.data()).arg("--pwfile").arg(&password);
        // Nobody else of this computer gets in; «password» costs the client no key stretching at every connection.
        initdb.args(["--username", POSTGRES, "--auth", "password", "--encoding", "UTF8", "--locale", "C"]);
        if !self.options.fsync {
            initdb.arg("--no-sync");
        }
        let output = initdb.current_dir(&self.folder).stdin(Stdio::null()).output().context("initdb")?;
        anyhow::ensure!(
            output.status.success(),
            "initdb failed ({}); the user that runs it must be able to reach {}:\n{}",
            output.status,
            self.folder.display(),
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(std::fs::remove_file(password)?)
    }

    fn launch(&self) -> anyhow::Result<Child> {
        let log = File::options().create(true).append(true).open(self.log())?;
        let mut command = self.owner.mortal_command(programs::folder()?.join("postgres"));
        command.arg("-D").arg(self.data());
        let settings = [
            ("listen_addresses", "127.0.0.1".to_owned()),
            ("port", self.port.to_string()),
            ("unix_socket_directories", self.folder.display().to_string()),
            ("fsync", if self.options.fsync { "on" } else { "off" }.to_owned()),
            ("max_connections", self.options.connections.to_string()),
            ("timezone", "UTC".to_owned()),
            ("log_timezone", "UTC".to_owned()),
        ];
        let further = self.options.settings.iter().map(|(name, value)| (name.as_str(), value.clone()));
        for (name, value) in settings.into_iter().chain(further) {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        command.current_dir(&self.folder).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        keeper::spawn(command)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Nobody needs its data any more.
        let _ = self.stop(Stop::Immediate);
    }
}

/// Runs statements in a session of their own, away from the caller's thread: the synchronous driver has a runtime of its own, and may not be used
/// on a thread that drives another one.
pub fn session<T: Send>(url: &str, work: impl FnOnce(&mut Client) -> anyhow::Result<T> + Send) -> anyhow::Result<T> {
    let session = || work(&mut Client::connect(url, NoTls)?);
    std::thread::scope(|scope| scope.spawn(session).join()).unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
