//! The demo town, alive: sandbox, server, and its registry files imported into a fresh database.

use crate::billing;
use crate::folder;
use crate::ledger::Held;
use crate::prepared;
use crate::program::{self, Program};
use anyhow::Context;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Sandbox and server. Dropping it ends both.
#[derive(Debug)]
pub struct Town {
    server_program: PathBuf,
    environment: Vec<(String, String)>,
    server: Option<Program>,
    _sandbox: Program,
    /// Where the server listens.
    pub server_address: SocketAddr,
    /// The sandbox's page, `http://…`.
    pub sandbox: String,
    data: PathBuf,
    logs: PathBuf,
    /// The month of its bills, `YYYY-MM`.
    month: String,
}

/// What is to stand where.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The folder of the database.
    pub data: PathBuf,
    /// Where output goes.
    pub logs: PathBuf,
    /// Where the server listens.
    pub server: SocketAddr,
    /// Where the sandbox listens.
    pub sandbox: SocketAddr,
    /// Another server program, built to misbehave.
    pub server_program: Option<PathBuf>,
    /// Settings of the server beside those of `demo/server.toml`: `ZHKH_LIMITS__…`.
    pub settings: Vec<(String, String)>,
}

/// An account of the story that every demo town has, and what its bill says.
#[derive(Debug, Clone, Deserialize)]
pub struct SignIn {
    /// The account's number.
    pub number: String,
    /// Its address.
    pub address: String,
    /// «Итого к оплате», kopecks.
    pub sum: i64,
    /// The bill's month, `YYYY-MM`.
    pub period: String,
    /// What is worth seeing there.
    pub about: String,
}

impl Plan {
    /// [`Plan::under`], with the registry files imported already: a copy of one database that all tests share.
    pub fn prepared(folder: &Path) -> anyhow::Result<Self> {
        let plan = Self::under(folder);
        prepared::copy_to(&plan.data)?;
        Ok(plan)
    }

    /// Everything under one folder, on free ports.
    pub fn under(folder: &Path) -> Self {
        let free = SocketAddr::from(([127, 0, 0, 1], 0));
        let (data, logs) = (folder.join("server"), folder.join("logs"));
        Self { data, logs, server: free, sandbox: free, server_program: None, settings: vec![] }
    }
}

impl Town {
    /// Starts everything; imports the registry files unless the database is there already.
    pub fn start(plan: &Plan) -> anyhow::Result<Self> {
        let mut sandbox = Command::new(folder::program("zhkh-sandbox")?);
        sandbox.arg("--listen").arg(plan.sandbox.to_string());
        let (sandbox, sandbox_address) = Program::serve("sandbox", sandbox, &plan.logs)?;
        let sandbox_url = format!("http://{sandbox_address}");
        let server_program = match &plan.server_program {
            Some(program) => program.clone(),
            None => folder::program("zhkh-server")?,
        };
        let data = std::path::absolute(&plan.data)?;
        let mut town = Self {
            server_program,
            environment: vec![
                ("ZHKH_DATA".into(), data.display().to_string()),
                ("ZHKH_CALLS__BASE_URL".into(), sandbox_url.clone()),
            ],
            server: None,
            _sandbox: sandbox,
            server_address: plan.server,
            sandbox: sandbox_url,
            data,
            logs: plan.logs.clone(),
            month: billing::last_month()?,
        };
        town.environment.extend(plan.settings.iter().cloned());
        if town.server_program != folder::program("zhkh-server")? {
            town.environment.push(("ZHKH_SABOTAGE".into(), "no-ledger".into()));
        }
        if !town.database().is_file() {
            town.import()?;
        }
        town.start_server()?;
        Ok(town)
    }

    /// Starts the server, again where it listened before.
    pub fn start_server(&mut self) -> anyhow::Result<()> {
        let mut command = self.command(&["serve", "--listen"])?;
        command.arg(self.server_address.to_string());
        let (server, address) = Program::serve("server", command, &self.logs)?;
        self.server_address = address;
        self.server = Some(server);
        Ok(())
    }

    /// Kills the server as a power cut would.
    pub fn kill_server(&mut self) -> anyhow::Result<()> {
        self.server.take().context("the server runs")?.kill_9()
    }

    /// The address of the server for clients.
    pub fn url(&self) -> String {
        format!("http://{}", self.server_address)
    }

    /// The month of its bills, `YYYY-MM`.
    pub fn month(&self) -> &str {
        &self.month
    }

    /// The database file.
    pub fn database(&self) -> PathBuf {
        self.data.join("zhkh.db")
    }

    /// What the server holds, as another process reads it.
    pub fn inspect(&self) -> anyhow::Result<Held> {
        let mut inspect = Command::new(folder::program("inspect")?);
        inspect.arg(self.database());
        Ok(serde_json::from_str(&program::run(inspect)?)?)
    }

    /// `zhkh-server export r1` for a month; gives the file's text.
    pub fn export(&self, period: &str, file: &Path) -> anyhow::Result<String> {
        let mut export = self.command(&["export", "r1", "--period", period, "--out"])?;
        export.arg(file);
        program::run(export)?;
        Ok(encoding_rs::WINDOWS_1251.decode(&std::fs::read(file)?).0.into_owned())
    }

    /// The accounts of the story.
    pub fn sign_ins(&self) -> anyhow::Result<Vec<SignIn>> {
        let text = program::run(self.command(&["demo", "sign-ins", "--json", "--month", &self.month])?)?;
        text.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
    }

    fn import(&self) -> anyhow::Result<()> {
        for (format, file) in billing::registries(&self.month, &self.server_program, &self.data)? {
            let mut import = self.command(&["import", format])?;
            import.arg(file).arg("--protocol").arg(self.logs.join(format!("import-{format}.txt")));
            program::run(import)?;
        }
        Ok(())
    }

    fn command(&self, args: &[&str]) -> anyhow::Result<Command> {
        let mut command = Command::new(&self.server_program);
        command.arg("--config").arg(folder::root().join("demo/server.toml")).args(args);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        Ok(command)
    }
}

impl SignIn {
    /// The sum as a person types it from the bill.
    pub fn sum_typed(&self) -> String {
        format!("{},{:02}", self.sum / 100, self.sum % 100)
    }
}
