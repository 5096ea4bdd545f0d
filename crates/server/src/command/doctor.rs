//! `doctor`: what would keep the server from working, in words.

mod mail;

use crate::Config;
use crate::bank::{BankError, PaymentGateway as _, Rbs};
use crate::calls::{CallError, CodeCaller as _, Smsc};
use crate::clock::{Clock as _, SystemClock};
use crate::payments::{events, refund};
use crate::publication;
use crate::storage::postgres::{Care, care};
use crate::storage::{Database, Head, Sql, Store, StoreError, StorePorts, sqlite};
use chrono::Datelike as _;
use std::path::Path;
use std::process::ExitCode;

/// Below this much free space the database may soon be unable to commit.
const LITTLE_SPACE: u64 = 1 << 30;

/// Good, worth a look, or bad.
enum Finding {
    Good(String),
    Look(String),
    Bad(String),
}

pub(super) fn run(config: &Config) -> anyhow::Result<ExitCode> {
    // The settings were checked when they were read.
    let mut findings = vec![Finding::Good("Настройки читаются.".into())];
    findings.extend(database(config));
    findings.extend(privacy(config));
    findings.push(space(&config.data, "на диске"));
    // Files may lie on a disk of their own.
    if !config.files.folder.starts_with(&config.data) {
        findings.push(space(&config.files.folder, "на диске файлов жителей"));
    }
    findings.push(clock(config));
    findings.push(robot(config)?);
    findings.extend(bank(config)?);
    findings.push(mail::mail(config)?);
    let mut bad = false;
    for finding in findings {
        match finding {
            Finding::Good(words) => println!("хорошо     {words}"),
            Finding::Look(words) => println!("посмотрите {words}"),
            Finding::Bad(words) => {
                bad = true;
                println!("исправьте  {words}");
            }
        }
    }
    Ok(if bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn database(config: &Config) -> Vec<Finding> {
    let database = config.database();
    if let Database::File(path) = &database
        && !path.exists()
    {
        return vec![Finding::Look(format!("Базы {database} ещё нет: она появится при первом запуске."))];
    }
    let found = look_into(config, &database);
    found.unwrap_or_else(|error| {
        vec![Finding::Bad(format!("База {database} не открывается: {error}. {}", help(&database)))]
    })
}

/// What to do about a database that does not open.
const fn help(database: &Database) -> &'static str {
    match database {
        Database::File(_) => "Проверьте права на файл и свободное место.",
        Database::Postgres(_) => {
            "Проверьте, что PostgreSQL запущен, и url в разделе [database]; на другом компьютере нужен ещё сертификат, которому здесь доверяют (ca_file). Пользователь и база создаются так: createuser --pwprompt zhkh; createdb --owner zhkh zhkh."
        }
    }
}

fn look_into(config: &Config, database: &Database) -> Result<Vec<Finding>, StoreError> {
    let store = Store::open(database, StorePorts::default())?;
    // A write shows that the disk takes one.
    store.write_blocking(|tx| Head::read(tx).map(|_| ()))?;
    let (shared, is_file) = (config.clone(), matches!(database, Database::File(_)));
    store.read_blocking(move |sql| {
        let mut findings = if is_file { file(sql)? } else { postgres(sql)? };
        let houses = publication::unknown_houses(sql, &shared)?;
        findings.extend(houses.into_iter().map(|house| {
            Finding::Look(format!("Правила показаний названы для дома «{house}», но лицевых счетов в нём нет."))
        }));
        let odd = events::with_other_sums(sql)?;
        findings.extend((!odd.is_empty()).then(|| {
            Finding::Bad(format!(
                "Сумма в банке не та, что у нас, и платежи не зачислены: {}. Посмотрите их (payments show НОМЕР) и решите: payments accept или payments reject.",
                odd.join(", ")
            ))
        }));
        let stuck = refund::in_trouble(sql)?;
        findings.extend((!stuck.is_empty()).then(|| {
            Finding::Look(format!(
                "Возврат не сделан или не подтверждён банком: {}. Посмотрите (payments show НОМЕР), сверьте с банком и повторите: payments refund.",
                stuck.join(", ")
            ))
        }));
        Ok(findings)
    })
}

fn file(sql: &mut dyn Sql) -> Result<Vec<Finding>, StoreError> {
    let damage = sqlite::damage(sql)?;
    Ok(vec![if damage.is_empty() {
        Finding::Good(format!("База цела, событий в ней: {}.", Head::read(sql)?.seq))
    } else {
        Finding::Bad(format!("База повреждена, восстановите её из копии: {}", damage.join("; ")))
    }])
}

fn postgres(sql: &mut dyn Sql) -> Result<Vec<Finding>, StoreError> {
    let mut findings = vec![Finding::Good(format!("PostgreSQL отвечает, событий в базе: {}.", Head::read(sql)?.seq))];
    findings.extend(care(sql)?.into_iter().map(|care| match care {
        Care::NotDurable(setting) => Finding::Bad(format!(
            "В настройках PostgreSQL выключено {setting}: принятое пропадёт вместе с питанием. Напишите в postgresql.conf: {setting} = on"
        )),
        Care::Old(version) => Finding::Look(format!("PostgreSQL {version}: так давно вышедшие версии не проверялись.")),
    }));
    Ok(findings)
}

/// A folder that was there before the program is left as it is, so it may be open to everybody on the computer.
#[cfg(unix)]
fn privacy(config: &Config) -> Option<Finding> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(&config.data).ok()?.permissions().mode();
    let folder = config.data.display();
    (mode & 0o077 != 0).then(|| {
        Finding::Look(format!(
            "Папка данных {folder} открыта другим пользователям компьютера, а в ней данные жителей. Закройте её: chmod 700 {folder}"
        ))
    })
}

#[cfg(not(unix))]
fn privacy(_: &Config) -> Option<Finding> {
    None
}

#[cfg(unix)]
fn space(wanted: &Path, place: &str) -> Finding {
    let folder = wanted.ancestors().find(|folder| folder.exists()).unwrap_or(wanted);
    match rustix::fs::statvfs(folder) {
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let words = format!("Свободно {place}: {} МБ.", free >> 20);
            if free < LITTLE_SPACE { Finding::Bad(words) } else { Finding::Good(words) }
        }
        Err(error) => Finding::Look(format!("Свободное место не узнать: {error}.")),
    }
}

#[cfg(not(unix))]
fn space(_: &Path, place: &str) -> Finding {
    Finding::Look(format!("Проверьте, что {place} свободно больше {} МБ.", LITTLE_SPACE >> 20))
}

fn clock(config: &Config) -> Finding {
    let now_ms = SystemClock.now_ms();
    let here = chrono::DateTime::from_timestamp_millis(now_ms).unwrap_or_default().with_timezone(&config.zone);
    let words = format!("Часы: {} ({}).", here.format("%d.%m.%Y %H:%M:%S"), config.utility.zone);
    // No build of this program is older.
    if here.year() < 2026 {
        Finding::Bad(format!("{words} Переведите часы компьютера."))
    } else {
        Finding::Good(words)
    }
}

fn robot(config: &Config) -> anyhow::Result<Finding> {
    let Some(settings) = config.calls.clone() else {
        return Ok(Finding::Look(
            "Звонковый робот не настроен, никто не сможет зарегистрироваться. Добавьте раздел [calls].".into(),
        ));
    };
    let robot = Smsc::new(settings)?;
    let balance = tokio::runtime::Runtime::new()?.block_on(robot.balance());
    Ok(match balance {
        Ok(money) => Finding::Good(format!("Звонковый робот отвечает, на счёте: {money} ₽.")),
        Err(error) => Finding::Bad(format!("Звонковый робот: {}", words_for(&error))),
    })
}

/// A number that no payment has: the bank answers that it knows no such order.
const NOBODYS: &str = "PROVERKA-0";

fn bank(config: &Config) -> anyhow::Result<Option<Finding>> {
    let Some(settings) = config.bank.clone() else {
        let offline = config.payments.is_some();
        return Ok(offline.then(|| {
            Finding::Look("Банк не настроен: жители платят только по коду из квитанции. Добавьте раздел [bank].".into())
        }));
    };
    let calls = settings.callback.is_some();
    let bank = Rbs::new(settings)?;
    let asked = tokio::runtime::Runtime::new()?.block_on(bank.by_number(NOBODYS));
    Ok(Some(match asked {
        Ok(_) if calls => Finding::Good("Банк отвечает.".into()),
        Ok(_) => Finding::Look(
            "Банк отвечает, но о платежах сервер узнаёт, только спрашивая его. Добавьте в раздел [bank] callback_key или callback_public_key_file.".into(),
        ),
        Err(BankError::Refused { code }) => Finding::Bad(format!(
            "Банк отказывает (код {code}). Проверьте user и password или token в разделе [bank]."
        )),
        Err(_) => Finding::Bad("Банк не отвечает. Проверьте сеть и base_url в разделе [bank].".into()),
    }))
}

fn words_for(error: &CallError) -> String {
    match error {
        CallError::NoMoney => "на счёте нет денег, пополните его.".into(),
        CallError::Credentials => {
            "логин или пароль не подходят. Проверьте login и password в разделе [calls] и адрес сервера в кабинете робота.".into()
        }
        CallError::Blocked => "он временно не отвечает этому серверу из-за частых ошибок. Подождите и проверьте настройки.".into(),
        CallError::Timeout => "он не ответил вовремя. Проверьте сеть и base_url в разделе [calls].".into(),
        CallError::Down => "соединиться не удалось. Проверьте сеть и base_url в разделе [calls].".into(),
        other => format!("{other}."),
    }
}
