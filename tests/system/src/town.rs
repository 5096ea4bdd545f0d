//! The demo town, alive: sandbox, server, and its registry files imported into a fresh database.

use crate::billing;
use crate::books::Books;
use crate::folder;
use crate::ledger::Held;
use crate::prepared;
use crate::program::{self, Program};
use crate::server_program::ServerProgram;
use serde::Deserialize;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Sandbox and server. Dropping it ends both.
#[derive(Debug)]
pub struct Town {
    /// The server.
    pub server: ServerProgram,
    _sandbox: Program,
    /// The sandbox's page, `http://…`.
    pub sandbox: String,
    /// What the server knows.
    pub books: Books,
    data: PathBuf,
    /// The month of its bills, `YYYY-MM`.
    month: String,
}

/// What is to stand where.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The folder of the database.
    pub data: PathBuf,
    /// A database of PostgreSQL instead of one in that folder.
    pub postgres: Option<String>,
    /// Where output goes.
    pub logs: PathBuf,
    /// Where the server listens.
    pub server: SocketAddr,
    /// Where the sandbox listens.
    pub sandbox: SocketAddr,
    /// Where the sandbox takes letters; `None` means that the server sends none.
    pub mail: Option<SocketAddr>,
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

    /// [`Plan::prepared`] in an empty database of PostgreSQL.
    pub fn prepared_in(url: String, folder: &Path) -> anyhow::Result<Self> {
        let plan = Self { postgres: Some(url.clone()), ..Self::under(folder) };
        let environment = plan.environment(None)?;
        let program = folder::program("zhkh-server")?;
        let mut makes_the_tables = ServerProgram::new("tables", program, environment, plan.logs.clone());
        makes_the_tables.start()?;
        makes_the_tables.kill_9()?;
        prepared::copy_into(&url)?;
        Ok(plan)
    }

    fn environment(&self, sandbox: Option<&str>) -> anyhow::Result<Vec<(String, String)>> {
        let mut environment = vec![("ZHKH_DATA".into(), std::path::absolute(&self.data)?.display().to_string())];
        environment.extend(
            ["CALLS", "BANK"]
                .into_iter()
                .filter_map(|who| Some((format!("ZHKH_{who}__BASE_URL"), sandbox?.to_owned()))),
        );
        environment.extend(self.postgres.iter().map(|url| ("ZHKH_DATABASE__URL".into(), url.clone())));
        environment.extend(self.server_program.iter().map(|_| ("ZHKH_SABOTAGE".into(), "no-ledger".into())));
        if let Some(mail) = self.mail {
            let settings =
                [("HOST", mail.ip().to_string()), ("PORT", mail.port().to_string()), ("SECURITY", "none".into())];
            environment.extend(settings.map(|(name, value)| (format!("ZHKH_MAIL__{name}"), value)));
            environment.push(("ZHKH_MAIL__FROM".into(), "zayavki@ks.example".into()));
        }
        environment.extend(self.settings.iter().cloned());
        Ok(environment)
    }

    /// Everything under one folder, on free ports.
    pub fn under(folder: &Path) -> Self {
        let free = SocketAddr::from(([127, 0, 0, 1], 0));
        let (data, logs) = (folder.join("server"), folder.join("logs"));
        Self {
            data,
            postgres: None,
            logs,
            server: free,
            sandbox: free,
            mail: None,
            server_program: None,
            settings: vec![],
        }
    }
}

impl Town {
    /// Starts everything; imports the registry files unless the database is there already.
    pub fn start(plan: &Plan) -> anyhow::Result<Self> {
        let mut sandbox = Command::new(folder::program("zhkh-sandbox")?);
        sandbox.arg("--listen").arg(plan.sandbox.to_string());
        if let Some(mail) = plan.mail {
            sandbox.arg("--smtp").arg(mail.to_string());
        }
        let (sandbox, sandbox_address) = Program::serve("sandbox", sandbox, &plan.logs)?;
        let sandbox_url = format!("http://{sandbox_address}");
        let environment = plan.environment(Some(&sandbox_url))?;
        let data = std::path::absolute(&plan.data)?;
        let books = match &plan.postgres {
            Some(url) => Books::Postgres(url.clone()),
            None => Books::File(data.join("zhkh.db")),
        };
        let program = match &plan.server_program {
            Some(program) => program.clone(),
            None => folder::program("zhkh-server")?,
        };
        let mut server = ServerProgram::new("server", program, environment, plan.logs.clone());
        server.address = plan.server;
        let mut town =
            Self { server, _sandbox: sandbox, sandbox: sandbox_url, books, data, month: billing::last_month()? };
        if !town.is_imported() {
            town.import()?;
        }
        town.server.start()?;
        Ok(town)
    }

    /// The address of the server for clients.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The month of its bills, `YYYY-MM`.
    pub fn month(&self) -> &str {
        &self.month
    }

    /// What the server holds, as another process reads it.
    pub fn inspect(&self) -> anyhow::Result<Held> {
        let mut inspect = Command::new(folder::program("inspect")?);
        inspect.arg(OsString::from(&self.books));
        Ok(serde_json::from_str(&program::run(inspect)?)?)
    }

    /// `zhkh-server export r1` for a month; gives the file's text.
    pub fn export(&self, period: &str, file: &Path) -> anyhow::Result<String> {
        let mut export = self.server.command(&["export", "r1", "--period", period, "--out"]);
        export.arg(file);
        program::run(export)?;
        Ok(encoding_rs::WINDOWS_1251.decode(&std::fs::read(file)?).0.into_owned())
    }

    /// The accounts of the story.
    pub fn sign_ins(&self) -> anyhow::Result<Vec<SignIn>> {
        let text = program::run(self.server.command(&["demo", "sign-ins", "--json", "--month", &self.month]))?;
        text.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
    }

    /// Puts the invented people of the demo into the town; how they sign in, a line each.
    pub fn people(&self) -> anyhow::Result<String> {
        program::run(self.server.command(&["demo", "people"]))
    }

    /// Whether the database is a copy of one that was imported.
    fn is_imported(&self) -> bool {
        self.books.rows("SELECT id FROM meters LIMIT 1").is_ok_and(|rows| !rows.is_empty())
    }

    fn import(&self) -> anyhow::Result<()> {
        for (format, file) in billing::registries(&self.month, &self.server.program, &self.data)? {
            let mut import = self.server.command(&["import", format]);
            import.arg(file).arg("--protocol").arg(self.server.logs.join(format!("import-{format}.txt")));
            program::run(import)?;
        }
        Ok(())
    }
}

impl SignIn {
    /// The sum as a person types it from the bill.
    pub fn sum_typed(&self) -> String {
        format!("{},{:02}", self.sum / 100, self.sum % 100)
    }
}
