//! The rows of bills inserted bare: two tables beside the server's in the same database, one transaction, no file to read,
//! nothing checked, nobody told.

use anyhow::Context;
use domain::AccountId;
use rusqlite::params;
use server::registry::bill::BillRow;
use std::io::Write as _;

const TABLES: &str = "
    CREATE TABLE bare_bills (account TEXT NOT NULL, period TEXT NOT NULL, number TEXT NOT NULL, opening BIGINT, paid BIGINT,
        accrued BIGINT, penalty BIGINT, to_pay BIGINT NOT NULL, area TEXT, residents BIGINT, PRIMARY KEY (account, period));
    CREATE TABLE bare_lines (account TEXT NOT NULL, period TEXT NOT NULL, place BIGINT NOT NULL, service TEXT NOT NULL,
        unit TEXT NOT NULL, volume BIGINT, rate BIGINT, accrued BIGINT NOT NULL, excess BIGINT NOT NULL,
        recalculated BIGINT NOT NULL, discount BIGINT NOT NULL, total BIGINT NOT NULL, PRIMARY KEY (account, period, place));";

/// A second connection to a town's database.
pub enum Bare {
    /// SQLite, as the server opens it: one prepared statement for each table.
    Sqlite(rusqlite::Connection),
    /// PostgreSQL: `COPY`, the fastest way it has.
    Postgres(Box<postgres::Client>),
}

impl Bare {
    /// Connects and makes the tables.
    pub fn open(place: &str) -> anyhow::Result<Self> {
        if place.starts_with("postgres") {
            let mut client = postgres::Client::connect(place, postgres::NoTls)?;
            client.batch_execute(TABLES)?;
            return Ok(Self::Postgres(Box::new(client)));
        }
        let connection = rusqlite::Connection::open(place)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        connection.execute_batch(TABLES)?;
        Ok(Self::Sqlite(connection))
    }

    /// Inserts bills and their lines.
    pub fn insert(&mut self, bills: &[(AccountId, BillRow)]) -> anyhow::Result<()> {
        match self {
            Self::Sqlite(connection) => sqlite(connection, bills),
            Self::Postgres(client) => copy(client, bills),
        }
    }
}

fn sqlite(connection: &rusqlite::Connection, bills: &[(AccountId, BillRow)]) -> anyhow::Result<()> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let mut whole = connection.prepare("INSERT INTO bare_bills VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")?;
    let mut line =
        connection.prepare("INSERT INTO bare_lines VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")?;
    for (account, bill) in bills {
        let (account, period) = (account.to_string(), bill.period.to_string());
        let sum = |sum: Option<domain::Kopecks>| sum.map(|sum| sum.0);
        let (opening, paid) = (sum(bill.opening), sum(bill.paid));
        let (accrued, penalty, to_pay) = (sum(bill.accrued), sum(bill.penalty), bill.to_pay.0);
        let Some(residents) = bill.residents else { anyhow::bail!("every bill of this town has residents") };
        whole.execute(params![
            account,
            period,
            bill.number,
            opening,
            paid,
            accrued,
            penalty,
            to_pay,
            bill.area,
            residents
        ])?;
        for (place, one) in bill.lines.iter().enumerate() {
            line.execute(params![
                account,
                period,
                place as i64,
                one.service,
                one.unit,
                one.volume.map(|volume| volume.steps()),
                one.rate.map(|rate| rate.steps()),
                one.accrued.0,
                one.excess.0,
                one.recalculated.0,
                one.discount.0,
                one.total.0,
            ])?;
        }
    }
    Ok(connection.execute_batch("COMMIT")?)
}

/// None of the texts of this town has a tabulator or a backslash.
fn copy(client: &mut postgres::Client, bills: &[(AccountId, BillRow)]) -> anyhow::Result<()> {
    let mut transaction = client.transaction()?;
    let mut into = transaction.copy_in("COPY bare_bills FROM STDIN")?;
    for (account, bill) in bills {
        let BillRow { period, number, .. } = bill;
        let sum = |sum: Option<domain::Kopecks>| sum.map_or_else(|| "\\N".to_owned(), |sum| sum.0.to_string());
        let (opening, paid) = (sum(bill.opening), sum(bill.paid));
        let (accrued, penalty, to_pay) = (sum(bill.accrued), sum(bill.penalty), bill.to_pay.0);
        let area = bill.area.as_deref().unwrap_or("\\N");
        let residents = bill.residents.context("every bill of this town has residents")?;
        writeln!(
            into,
            "{account}\t{period}\t{number}\t{opening}\t{paid}\t{accrued}\t{penalty}\t{to_pay}\t{area}\t{residents}"
        )?;
    }
    into.finish()?;
    let mut into = transaction.copy_in("COPY bare_lines FROM STDIN")?;
    for (account, bill) in bills {
        let period = bill.period;
        for (place, line) in bill.lines.iter().enumerate() {
            let volume = line.volume.context("every line has a volume")?.steps();
            let rate = line.rate.context("every line has a tariff")?.steps();
            let (service, unit, accrued, excess) = (&line.service, &line.unit, line.accrued.0, line.excess.0);
            let (recalculated, discount, total) = (line.recalculated.0, line.discount.0, line.total.0);
            writeln!(
                into,
                "{account}\t{period}\t{place}\t{service}\t{unit}\t{volume}\t{rate}\t{accrued}\t{excess}\t{recalculated}\t{discount}\t{total}"
            )?;
        }
    }
    into.finish()?;
    Ok(transaction.commit()?)
}
