//! A town with accounts and nothing else, and files with its bills, ten lines each.

use crate::server::ops::Base;
use crate::stage::Stage;
use anyhow::Context;
use chrono::NaiveDate;
use domain::bill::{BillLine, VolumeMethod};
use domain::{AccountId, AccountNumber, Kopecks, LineRate, Period, UserId, Volume};
use server::params;
use server::registry::bill::{BillRow, write};
use server::registry::import::{BillOrder, import_bills};
use server::registry::protocol::Outcome;
use server::storage::postgres::PostgresSettings;
use server::storage::{Database, Sql as _, Store, StoreError, StorePorts};
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use uuid::Uuid;

/// Lines of a bill.
pub const LINES: usize = 10;

/// Somebody has attached every so many accounts.
const ATTACHED: usize = 10;

/// What a town pays for: the service, its unit, a volume, a tariff.
const SERVICES: [(&str, &str, &str, &str); LINES] = [
    ("Отопление", "Гкал", "0.198", "2412.60"),
    ("Горячая вода: подача", "м³", "4.215", "48.12"),
    ("Горячая вода: подогрев", "Гкал", "0.274", "2412.60"),
    ("Холодная вода", "м³", "6.398", "32.85"),
    ("Водоотведение", "м³", "10.613", "29.47"),
    ("Электроэнергия, день", "кВт·ч", "128", "5.86"),
    ("Электроэнергия, ночь", "кВт·ч", "61", "3.04"),
    ("Содержание жилья", "м²", "54.3", "27.64"),
    ("Капитальный ремонт", "м²", "54.3", "11.72"),
    ("Обращение с ТКО", "чел.", "2", "118.90"),
];

/// An open database with accounts, a tenth of them attached.
pub struct Town {
    /// The database.
    pub store: Store,
    /// Its accounts in the order of their numbers.
    pub accounts: Vec<(AccountId, AccountNumber)>,
    /// Where it is: a file, or an address.
    pub place: String,
    folder: TempDir,
    // Gone after the store.
    _lent: Option<test_postgres::Database>,
}

impl Town {
    /// One of so many accounts.
    pub fn make(stage: &Stage, base: Base, accounts: usize) -> anyhow::Result<Self> {
        let folder = stage.fresh()?;
        let lent = if base == Base::Postgres { Some(test_postgres::database()?) } else { None };
        let file = folder.path().join("zhkh.db");
        let place = lent.as_ref().map_or_else(|| file.display().to_string(), test_postgres::Database::url);
        let store = open(&place)?;
        let numbers: Vec<usize> = (0..accounts).collect();
        let mut all = Vec::with_capacity(accounts);
        for some in numbers.chunks(10_000) {
            let some: Vec<(usize, AccountId, AccountNumber)> = some
                .iter()
                .map(|number| {
                    let text = format!("{:010}", 2_140_000_000 + number);
                    Ok((*number, AccountId::new(Uuid::new_v4()), AccountNumber::parse(&text)?))
                })
                .collect::<anyhow::Result<_>>()?;
            all.extend(some.iter().map(|(_, id, number)| (*id, number.clone())));
            store.write_blocking(move |tx| {
                let (mut rows, mut attached) = (Vec::new(), Vec::new());
                for (at, id, number) in some {
                    let flat = format!("г. Новочебоксарск, ул. Винокурова, д. {}, кв. {at}", at / 100);
                    let house = Uuid::from_u128(at as u128 / 100 + 1);
                    let short = format!("Винокурова, {}-{at}", at / 100);
                    rows.extend(params![id, number.as_str(), house, flat, short].iter().cloned());
                    if at % ATTACHED == 0 {
                        attached.extend(params![UserId::new(Uuid::new_v4()), id].iter().cloned());
                    }
                }
                tx.execute_each(
                    "INSERT INTO accounts (id, number, house_id, address, short_address, payer, debt, debt_on)
                     VALUES ($1, $2, $3, $4, $5, 'Иванов Иван Иванович', 0, '2020-01-01')",
                    5,
                    &rows,
                )?;
                tx.execute_each(
                    "INSERT INTO attachments (user_id, account_id, attached_ms, proof) VALUES ($1, $2, 0, 'sum')",
                    2,
                    &attached,
                )?;
                Ok::<_, StoreError>(())
            })?;
        }
        Ok(Self { store, accounts: all, place, folder, _lent: lent })
    }

    /// The bills of a month for the first accounts.
    pub fn bills(&self, month: Period, accounts: usize) -> anyhow::Result<Vec<(AccountId, BillRow)>> {
        let some = self.accounts.iter().take(accounts).enumerate();
        some.map(|(at, (id, number))| Ok((*id, bill(number, month, at)?))).collect()
    }

    /// A file with bills, as B2 is written.
    pub fn file(&self, name: &str, bills: &[(AccountId, BillRow)]) -> anyhow::Result<PathBuf> {
        let path = self.folder.path().join(format!("{name}.csv"));
        let mut file = BufWriter::new(File::create(&path)?);
        file.write_all(write::heading().as_bytes())?;
        for (_, bill) in bills {
            file.write_all(write::text(bill).as_bytes())?;
        }
        file.into_inner()?.sync_all()?;
        Ok(path)
    }
}

/// Opens a database by its file or its address.
pub fn open(place: &str) -> anyhow::Result<Store> {
    let database = if place.starts_with("postgres") {
        let settings = PostgresSettings::parse(place, None).map_err(|error| anyhow::anyhow!("{error}"))?;
        Database::Postgres(Arc::new(settings))
    } else {
        Database::File(PathBuf::from(place))
    };
    Ok(Store::open(&database, StorePorts::default())?)
}

/// Imports a file as `zhkh-server import bills` does. Everything in it has to be new.
pub fn import(store: &Store, path: &Path, bills: usize) -> anyhow::Result<()> {
    let order = BillOrder {
        file: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        accept_partial: false,
        dry_run: false,
        today: NaiveDate::from_ymd_opt(2026, 11, 24).context("a day")?,
        zone: chrono_tz::Europe::Moscow,
        most_bytes: u64::MAX,
    };
    let protocol = import_bills(store, order, File::open(path)?)?;
    let Outcome::Applied { changes } = &protocol.outcome else { anyhow::bail!("not applied:\n{protocol}") };
    anyhow::ensure!(changes.first().is_some_and(|(_, new)| *new == bills), "not all are new: {changes:?}");
    Ok(())
}

/// A bill whose lines and sums agree.
pub fn bill(account: &AccountNumber, month: Period, at: usize) -> anyhow::Result<BillRow> {
    let mut lines = Vec::with_capacity(LINES);
    for (service, unit, volume, rate) in SERVICES {
        let (volume, rate) = (Volume::parse(volume)?, LineRate::parse(rate)?);
        let accrued = rate.cost(volume);
        lines.push(BillLine {
            service: service.to_owned(),
            unit: unit.to_owned(),
            method: Some(VolumeMethod::Meter),
            volume: Some(volume),
            rate: Some(rate),
            accrued,
            excess: Kopecks(0),
            recalculated: Kopecks(0),
            discount: Kopecks(0),
            total: accrued,
        });
    }
    let accrued: Kopecks = lines.iter().map(|line| line.total).sum();
    let after = month.next();
    Ok(BillRow {
        account: account.clone(),
        period: month,
        number: format!("{account}-{at}"),
        issued_on: Some(after.day_clamped(1)),
        due_on: Some(after.day_clamped(15)),
        opening: Some(Kopecks(0)),
        paid: Some(Kopecks(0)),
        paid_on: Some(month.day_clamped(11)),
        accrued: Some(accrued),
        penalty: Some(Kopecks(0)),
        to_pay: accrued,
        area: Some("54,3".to_owned()),
        residents: Some(2),
        lines,
        recalculations: Vec::new(),
        note: String::new(),
    })
}
