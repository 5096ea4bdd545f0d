//! The imported demo town, made once and copied: reading the registry files takes longer than most tests.

use crate::billing;
use crate::folder;
use crate::town::{Plan, Town};
use anyhow::Context;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Puts a copy of the database into the folder `data`.
pub fn copy_to(data: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(data)?;
    std::fs::copy(database()?, data.join("zhkh.db"))?;
    Ok(())
}

/// Fills a database of PostgreSQL, whose tables are there, with the same rows. What is there is replaced.
pub fn copy_into(url: &str) -> anyhow::Result<()> {
    let file = Connection::open(database()?)?;
    let mut names = file.prepare(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'refinery_%'",
    )?;
    let names: Vec<String> = names.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let tables: Vec<(String, Vec<u8>)> = names
        .into_iter()
        .map(|name| {
            let (columns, rows) = rows_as_copy(&file, &name)?;
            Ok((format!("TRUNCATE {name}; COPY {name} ({columns}) FROM STDIN"), rows))
        })
        .collect::<anyhow::Result<_>>()?;
    test_postgres::session(url, |client| {
        for (commands, rows) in &tables {
            let (truncate, copy) = commands.split_once("; ").context("two commands")?;
            client.batch_execute(truncate)?;
            let mut into = client.copy_in(copy)?;
            into.write_all(rows)?;
            into.finish()?;
        }
        Ok(client.batch_execute("ANALYZE")?)
    })
}

/// A table's columns, and its rows in the text format of COPY.
fn rows_as_copy(file: &Connection, table: &str) -> anyhow::Result<(String, Vec<u8>)> {
    let mut all = file.prepare(&format!("SELECT * FROM {table}"))?;
    let columns = all.column_names().collect::<Vec<_>>().join(", ");
    let count = all.column_count();
    let (mut rows, mut text) = (all.query([])?, Vec::new());
    while let Some(row) = rows.next()? {
        for column in 0..count {
            match row.get_ref(column)? {
                ValueRef::Null => text.extend(b"\\N"),
                ValueRef::Integer(number) => text.extend(number.to_string().bytes()),
                ValueRef::Real(number) => text.extend(number.to_string().bytes()),
                ValueRef::Blob(bytes) => text.extend(format!("\\\\x{}", hex::encode(bytes)).bytes()),
                ValueRef::Text(words) => {
                    for byte in words {
                        match byte {
                            b'\\' => text.extend(b"\\\\"),
                            b'\n' => text.extend(b"\\n"),
                            b'\r' => text.extend(b"\\r"),
                            b'\t' => text.extend(b"\\t"),
                            other => text.push(*other),
                        }
                    }
                }
            }
            text.push(if column + 1 == count { b'\n' } else { b'\t' });
        }
    }
    Ok((columns, text))
}

/// The database; made by whoever comes first, while the other test processes wait.
fn database() -> anyhow::Result<PathBuf> {
    let folder = folder::built()?.join("town");
    std::fs::create_dir_all(&folder)?;
    let one_at_a_time = File::create(folder.join("lock"))?;
    one_at_a_time.lock()?;
    let path = folder.join(format!("{:016x}.db", fingerprint()?));
    if !path.is_file() {
        for old in std::fs::read_dir(&folder)?.flatten().filter(|old| old.path().extension().is_some_and(|e| e == "db"))
        {
            std::fs::remove_file(old.path())?;
        }
        make(&path)?;
    }
    Ok(path)
}

fn make(path: &Path) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let plan = Plan::under(folder.path());
    drop(Town::start(&plan)?);
    let imported = plan.data.join("zhkh.db");
    let part = path.with_extension("part");
    // What an earlier run left when it was ended in the middle.
    let _ = std::fs::remove_file(&part);
    let copied = Connection::open(imported)?;
    copied.execute("VACUUM INTO ?1", [part.to_str().context("the path of the checkout is text")?])?;
    Ok(std::fs::rename(part, path)?)
}

/// Tells whether the server, its registry files or the month of the bills are others than when the copy was made.
fn fingerprint() -> anyhow::Result<u64> {
    let mut files = vec![folder::program("zhkh-server")?];
    for entry in std::fs::read_dir(folder::root().join("demo"))? {
        files.push(entry?.path());
    }
    files.sort();
    let mut hash = DefaultHasher::new();
    billing::last_month()?.hash(&mut hash);
    for file in files {
        let about = file.metadata()?;
        (file, about.len(), about.modified()?).hash(&mut hash);
    }
    Ok(hash.finish())
}
