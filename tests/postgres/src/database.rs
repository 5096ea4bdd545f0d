//! A fresh database per test.

use crate::cluster::{Cluster, Options, session};
use std::sync::OnceLock;
use uuid::Uuid;

/// The environment variable with the address of a superuser in a private cluster that runs already.
pub const SUPERUSER_URL: &str = "ZHKH_POSTGRES";

/// The cluster of this process, when nobody lent one.
static OWN: OnceLock<Result<Cluster, String>> = OnceLock::new();

/// An empty database of its own. Dropping it removes it, whoever is still connected.
#[derive(Debug)]
pub struct Database {
    superuser: String,
    name: String,
}

/// A fresh database in the cluster that [`SUPERUSER_URL`] names, else in one that this process starts once.
pub fn database() -> anyhow::Result<Database> {
    let lent = std::env::var(SUPERUSER_URL).ok().filter(|url| !url.is_empty());
    let superuser = match lent {
        Some(url) => url,
        None => match OWN.get_or_init(|| Cluster::temporary(&Options::default()).map_err(|error| format!("{error:#}")))
        {
            Ok(cluster) => cluster.url(),
            Err(why) => anyhow::bail!("{why}"),
        },
    };
    Database::make(superuser)
}

impl Database {
    fn make(superuser: String) -> anyhow::Result<Self> {
        let name = format!("test_{}", Uuid::new_v4().simple());
        session(&superuser, |client| Ok(client.batch_execute(&format!("CREATE DATABASE {name}"))?))?;
        Ok(Self { superuser, name })
    }

    /// The superuser's address of this database.
    pub fn url(&self) -> String {
        let end = self.superuser.rfind('/').unwrap_or(self.superuser.len());
        format!("{}/{}", &self.superuser[..end], self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A cluster that is gone has taken the database with it.
        let _ = session(&self.superuser, |client| {
            Ok(client.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name))?)
        });
    }
}
