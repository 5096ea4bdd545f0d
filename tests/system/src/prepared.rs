//! The imported demo town, made once and copied: reading the registry files takes longer than most tests.

use crate::billing;
use crate::folder;
use crate::town::{Plan, Town};
use anyhow::Context;
use rusqlite::Connection;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// Puts a copy of the database into the folder `data`.
pub fn copy_to(data: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(data)?;
    std::fs::copy(database()?, data.join("zhkh.db"))?;
    Ok(())
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
    let town = Town::start(&Plan::under(folder.path()))?;
    let imported = town.database();
    drop(town);
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
