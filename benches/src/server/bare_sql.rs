//! The statements of one reading, sent bare: no HTTP, no JSON, no savepoints, no rules.

use super::town::Person;
use anyhow::Context;
use domain::MeterId;
use postgres::types::ToSql;
use rusqlite::types::{ToSqlOutput, ValueRef};
use std::path::Path;
use uuid::Uuid;

/// A value of a statement.
enum Param {
    Text(String),
    Int(i64),
    Bytes(Vec<u8>),
    Null,
}

/// A database that takes statements by their number in [`STATEMENTS`].
pub enum Bare {
    /// SQLite inside the process, as the server opens it.
    Sqlite(rusqlite::Connection),
    /// A session of PostgreSQL, with all statements prepared.
    Postgres(Box<postgres::Client>, Vec<postgres::Statement>),
}

/// In the order in which one reading needs them. Numbers of parameters ascend, so both databases number them alike.
const STATEMENTS: [&str; 16] = [
    "SELECT sessions.user_id, sessions.device_id, sessions.id FROM access_tokens \
     JOIN sessions ON sessions.id = access_tokens.session_id \
     WHERE access_tokens.hash = $1 AND access_tokens.expires_ms > $2 AND sessions.ended_ms IS NULL",
    "SELECT operation FROM device_order WHERE actor = $1 AND incarnation = $2 AND device_seq = $3",
    "INSERT INTO device_order (actor, incarnation, device_seq, operation) VALUES ($1, $2, $3, $4)",
    "SELECT actor, hash, outcome, rejection, position FROM ledger WHERE id = $1",
    "SELECT * FROM meters WHERE id = $1",
    "SELECT account_id FROM attachments WHERE user_id = $1 AND account_id = $2",
    "SELECT * FROM readings WHERE id = $1",
    "SELECT houses.id, houses.address FROM accounts JOIN houses ON houses.id = accounts.house_id WHERE accounts.id = $1",
    "SELECT id FROM exports WHERE period = $1 AND locks = 1 LIMIT 1",
    "SELECT period, steps FROM readings WHERE meter_id = $1 AND is_current = 1 AND period < $2 AND verdict <> 'refused' \
     ORDER BY period DESC LIMIT 7",
    "SELECT id, captured_ms FROM readings WHERE meter_id = $1 AND period = $2 AND is_current = 1",
    "INSERT INTO readings (id, meter_id, account_id, period, steps, taken_on, captured_ms, captured_sure, received_ms, \
     source, late, verdict, is_current, actor, operation) \
     VALUES ($1, $2, $3, $4, '[4561180]', '2026-11-20', $5, 1, $6, 'resident_app', 0, 'accepted', 1, $7, $8)",
    "INSERT INTO ledger (id, actor, hash, outcome, rejection, replaces, decided_ms) VALUES ($1, $2, $3, 'applied', $4, $5, $6)",
    "UPDATE head SET seq = seq + $1, name = $2 WHERE one = 1",
    "INSERT INTO feed (seq, name, scope, operation, change, at_ms) \
     SELECT seq, $1, $2, $3, $4, $5 FROM head WHERE one = 1",
    "INSERT INTO mirror (scope, id, kind, version, entity) SELECT $1, $2, 'reading', seq, $3 FROM head WHERE one = 1",
];
/// The ledger's row learns its position.
const SETTLE: &str = "UPDATE ledger SET position = (SELECT seq FROM head WHERE one = 1) WHERE id = $1";

/// A change as long as a real one.
const CHANGE: &str = r#"{"change":"put","entity":{"is":"reading","id":"00000000-0000-7000-8000-000000000000","meter":"00000000-0000-4000-8000-000000000000","account":"00000000-0000-4000-8000-000000000000","period":"2026-11","values":["456,118"],"taken_on":"2026-11-20","captured_ms":1800000000000,"captured_sure":true,"received_ms":1800000000000,"source":"resident_app","verdict":{"verdict":"accepted"},"current":true}}"#;

impl Bare {
    /// A second connection to the server's own file.
    pub fn sqlite(file: &Path) -> anyhow::Result<Self> {
        let connection = rusqlite::Connection::open(file)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        connection.set_prepared_statement_cache_capacity(32);
        Ok(Self::Sqlite(connection))
    }

    /// A second session of the server's own database.
    pub fn postgres(url: &str) -> anyhow::Result<Self> {
        let mut client = postgres::Client::connect(url, postgres::NoTls)?;
        let statements = STATEMENTS.iter().chain([&SETTLE]).map(|sql| client.prepare(sql)).collect::<Result<_, _>>()?;
        Ok(Self::Postgres(Box::new(client), statements))
    }

    /// One transaction with one reading for each of these.
    pub fn take(&mut self, readings: &[(&Person, MeterId, usize)]) -> anyhow::Result<()> {
        self.batch("BEGIN")?;
        for (person, meter, number) in readings {
            self.reading(person, *meter, *number)?;
        }
        self.batch("COMMIT")
    }

    fn reading(&mut self, person: &Person, meter: MeterId, number: usize) -> anyhow::Result<()> {
        use Param::{Bytes, Int, Null, Text};
        let text = |id: &dyn ToString| Text(id.to_string());
        let (operation, reading) = (Uuid::now_v7(), Uuid::now_v7());
        let now = 1_800_000_000_000;
        let (user, account) = (person.user, person.account);
        let scope = || Text(format!("account:{account}"));
        let period = || Text("2026-11".into());
        // A life of the outbox of its own, so that numbers do not meet those of the other side.
        let life = || text(&account);
        let values: [&[Param]; 17] = [
            &[Bytes(vec![7; 32]), Int(now)],
            &[text(&user), life(), Int(number as i64)],
            &[text(&user), life(), Int(number as i64), text(&operation)],
            &[text(&operation)],
            &[text(&meter)],
            &[text(&user), text(&account)],
            &[text(&reading)],
            &[text(&account)],
            &[period()],
            &[text(&meter), period()],
            &[text(&meter), period()],
            &[
                text(&reading),
                text(&meter),
                text(&account),
                period(),
                Int(now),
                Int(now),
                text(&user),
                text(&operation),
            ],
            &[text(&operation), text(&user), Bytes(vec![7; 32]), Null, Null, Int(now)],
            &[Int(1), text(&Uuid::new_v4())],
            &[text(&Uuid::new_v4()), scope(), text(&operation), Text(CHANGE.into()), Int(now)],
            &[scope(), text(&reading), Text(CHANGE.into())],
            &[text(&operation)],
        ];
        values.iter().enumerate().try_for_each(|(number, values)| self.run(number, values))
    }

    fn batch(&mut self, sql: &str) -> anyhow::Result<()> {
        match self {
            Self::Sqlite(connection) => {
                Ok(connection.execute_batch(if sql == "BEGIN" { "BEGIN IMMEDIATE" } else { sql })?)
            }
            Self::Postgres(client, _) => Ok(client.batch_execute(sql)?),
        }
    }

    fn run(&mut self, number: usize, values: &[Param]) -> anyhow::Result<()> {
        match self {
            Self::Sqlite(connection) => {
                let sql = STATEMENTS.get(number).copied().unwrap_or(SETTLE);
                let mut statement = connection.prepare_cached(sql)?;
                let mut rows = statement.query(rusqlite::params_from_iter(values))?;
                while rows.next()?.is_some() {}
            }
            Self::Postgres(client, statements) => {
                let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(Param::for_postgres).collect();
                client.query(statements.get(number).context("a statement")?, &values)?;
            }
        }
        Ok(())
    }
}

impl Param {
    fn for_postgres(&self) -> &(dyn ToSql + Sync) {
        match self {
            Self::Text(text) => text,
            Self::Int(number) => number,
            Self::Bytes(bytes) => bytes,
            Self::Null => &None::<String>,
        }
    }
}

impl rusqlite::ToSql for Param {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
            Self::Null => ValueRef::Null,
        }))
    }
}
