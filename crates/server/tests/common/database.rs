//! The database of a world, of whichever kind: copied, restored, filled up, searched.

use super::World;
use postgres::{Client, NoTls};
use std::path::PathBuf;
use zhkh_server::storage::{Sql as _, StoreError};

/// Whether the suite runs over PostgreSQL this time.
pub fn on_postgres() -> bool {
    std::env::var_os("ZHKH_TEST_DATABASE").is_some_and(|name| name == "postgres")
}

/// A copy of a database, as an operator makes it while the server stands.
pub struct Copy {
    file: PathBuf,
    postgres: Option<String>,
}

impl World {
    /// Copies the database of a stopped server.
    pub async fn copy(&self) -> Copy {
        let copy =
            Copy { file: self.folder.path().join("copy.db"), postgres: self.name().map(|it| format!("{it}_copy")) };
        match (&copy.postgres, self.name()) {
            (Some(copy), Some(name)) => self.administer(vec![format!("CREATE DATABASE {copy} TEMPLATE {name}")]).await,
            _ => drop(std::fs::copy(self.file(), &copy.file).expect("copied")),
        }
        copy
    }

    /// Puts the copy in the place of the stopped server's database.
    pub async fn restore(&self, copy: Copy) {
        if let (Some(copy), Some(name)) = (copy.postgres, self.name()) {
            let drop_it = format!("DROP DATABASE {name} WITH (FORCE)");
            self.administer(vec![drop_it, format!("ALTER DATABASE {copy} RENAME TO {name}")]).await;
            return;
        }
        std::fs::copy(&copy.file, self.file()).expect("restored");
        for leftover in ["data/zhkh.db-wal", "data/zhkh.db-shm"] {
            let _ = std::fs::remove_file(self.folder.path().join(leftover));
        }
    }

    /// From now on there is no room for a hundred readings more.
    pub async fn fill_the_disk(&self) {
        if self.postgres.is_none() {
            // SQLite lowers this no further than the pages it has.
            return self.run("PRAGMA max_page_count = 1").await;
        }
        let full = "IF (SELECT COUNT(*) FROM readings) > 50 THEN
                        RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full';
                    END IF; RETURN NEW;";
        self.run(&format!("CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {full} END $$"))
            .await;
        self.run("CREATE TRIGGER full_disk BEFORE INSERT ON readings FOR EACH ROW EXECUTE FUNCTION full_disk()").await;
    }

    /// There is room again.
    pub async fn free_the_disk(&self) {
        let free = if self.postgres.is_none() {
            "PRAGMA max_page_count = 1000000"
        } else {
            "DROP TRIGGER full_disk ON readings"
        };
        self.run(free).await;
    }

    /// Everything that the database holds, as text: its files as they are, or every row of every table.
    pub async fn whole_text(&self) -> String {
        if self.postgres.is_none() {
            let data = self.folder.path().join("data");
            let bytes = ["zhkh.db", "zhkh.db-wal"].map(|file| std::fs::read(data.join(file)).expect(file)).concat();
            return String::from_utf8_lossy(&bytes).into_owned();
        }
        let read = self.store().read(|sql| {
            let tables = sql.query(
                "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema()",
                &[],
            )?;
            let mut text = String::new();
            for table in tables {
                let table: String = table.get(0)?;
                // Bytes are shown as they are, where they are letters.
                let rows = sql.query(&format!("SELECT t::text FROM {table} AS t"), &[])?;
                for row in rows {
                    text.push_str(&row.get::<String>(0)?);
                }
            }
            Ok::<_, StoreError>(text)
        });
        read.await.expect("read")
    }

    async fn run(&self, sql: &str) {
        let sql = sql.to_owned();
        let done = self.store().write(move |tx| tx.query(&sql, &[]));
        done.await.expect("done");
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("data/zhkh.db")
    }

    /// The name of the PostgreSQL database.
    fn name(&self) -> Option<String> {
        let url = self.postgres.as_ref()?.url();
        url.rsplit_once('/').map(|(_, name)| name.to_owned())
    }

    /// Commands to the database beside the world's own.
    async fn administer(&self, commands: Vec<String>) {
        let url = self.postgres.as_ref().expect("a PostgreSQL").url();
        let (server, _) = url.rsplit_once('/').expect("a database in the address");
        let beside = format!("{server}/postgres");
        let work = move || {
            let mut client = Client::connect(&beside, NoTls).expect("connected");
            commands.iter().for_each(|command| client.batch_execute(command).expect("done"));
        };
        tokio::task::spawn_blocking(work).await.expect("no panic");
    }
}
