//! What goes by itself: uploads that were given up, contents that nothing refers to, and what a killed server left.

use super::{Folder, upload};
use crate::params;
use crate::server::App;
use crate::storage::{Sql, StoreError, Tx};
use domain::FileId;
use std::fs;
use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use uuid::Uuid;

const DAY_MS: i64 = 24 * 3_600_000;
/// At most so many of a kind in one transaction.
const AT_ONCE: i64 = 200;
/// What comes in has a row before it has a file; what is made from a content is made in less.
const STRAY: Duration = Duration::from_secs(3600);

/// Done every minute.
pub async fn sweep(app: &Arc<App>) -> Result<(), StoreError> {
    give_up(app).await?;
    let before_ms = app.clock.now_ms() - i64::from(app.config.files.unattached_days) * DAY_MS;
    let unneeded = app.store.read(move |sql| unneeded(sql, before_ms)).await?;
    if !unneeded.is_empty() {
        let folder = Arc::clone(app.files.folder());
        let gone = app.store.write(move |tx| remove(tx, &folder, &unneeded, before_ms)).await?.value;
        tracing::info!(count = gone, "files that nothing referred to were removed");
    }
    remove_strays(app).await
}

/// Ends uploads that got nothing for too long, and those whose end was long ago.
async fn give_up(app: &Arc<App>) -> Result<(), StoreError> {
    let now = app.clock.now_ms();
    if app.store.read(move |sql| upload::over(sql, now, 1)).await?.is_empty() {
        return Ok(());
    }
    let folder = Arc::clone(app.files.folder());
    let over = app.store.write(move |tx| {
        let over = upload::over(tx, now, AT_ONCE)?;
        for upload in &over {
            upload::forget(tx, upload.id)?;
            // Its content may have its place already, without anybody knowing.
            if let Some(hash) = upload.hash.filter(|_| !upload.stored)
                && tx.first("SELECT id FROM files WHERE id = $1", params![hash])?.is_none()
            {
                warn_of(folder.remove(hash));
            }
        }
        Ok::<_, StoreError>(over.into_iter().map(|upload| upload.id).collect::<Vec<_>>())
    });
    let over = over.await?.value;
    let _ = app.files.run(move |folder| over.iter().for_each(|id| warn_of(folder.remove_part(*id)))).await;
    Ok(())
}

fn unneeded(sql: &mut dyn Sql, before_ms: i64) -> Result<Vec<FileId>, StoreError> {
    let rows = sql.query(
        "SELECT id FROM files WHERE attached = 0 AND uploaded_ms < $1 ORDER BY uploaded_ms LIMIT $2",
        params![before_ms, AT_ONCE],
    )?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Asks once more, where nobody attaches or uploads meanwhile: the contents go inside the one writing transaction.
fn remove(tx: &mut Tx<'_>, folder: &Folder, files: &[FileId], before_ms: i64) -> Result<u64, StoreError> {
    let mut gone = 0;
    for file in files {
        let removed = tx.execute(
            "DELETE FROM files WHERE id = $1 AND attached = 0 AND uploaded_ms < $2
             AND NOT EXISTS (SELECT 1 FROM file_rights WHERE file = $1)",
            params![*file, before_ms],
        )?;
        if removed == 1 {
            tx.execute("DELETE FROM file_uploaders WHERE file = $1", params![*file])?;
            warn_of(folder.remove(*file));
            gone += 1;
        }
    }
    Ok(gone)
}

/// Files of uploads that are over, as a kill at the wrong moment leaves them.
async fn remove_strays(app: &Arc<App>) -> Result<(), StoreError> {
    let old = app.files.run(|folder| old_parts(folder).unwrap_or_default()).await.unwrap_or_default();
    if old.is_empty() {
        return Ok(());
    }
    let strays = app.store.read(move |sql| {
        let mut strays = Vec::new();
        for id in old {
            if sql.first("SELECT id FROM uploads WHERE id = $1 AND stored = 0", params![id])?.is_none() {
                strays.push(id);
            }
        }
        Ok::<_, StoreError>(strays)
    });
    let strays = strays.await?;
    let _ = app.files.run(move |folder| strays.iter().for_each(|id| warn_of(folder.remove_part(*id)))).await;
    Ok(())
}

fn old_parts(folder: &Folder) -> io::Result<Vec<Uuid>> {
    let now = SystemTime::now();
    let is_old = |id: &Uuid| {
        let written = fs::metadata(folder.part(*id)).and_then(|found| found.modified());
        written.is_ok_and(|written| now.duration_since(written).is_ok_and(|age| age > STRAY))
    };
    Ok(folder.parts()?.into_iter().filter(is_old).collect())
}

/// What cannot be removed takes room and harms nobody.
fn warn_of(removed: io::Result<()>) {
    if let Err(error) = removed {
        tracing::warn!(kind = %error.kind(), "a file cannot be removed");
    }
}
