//! A private PostgreSQL for tests: the distribution's own programs, a fresh folder, a free port of this computer, and
//! nothing left behind.
//!
//! [`database()`] gives an empty database in the cluster that `ZHKH_POSTGRES` names, as `cargo xtask test` does, or else
//! in one that this process starts once. Whoever stops, restarts and kills the server takes a [`Cluster`] of its own.
//! The program `private-postgres` lends a cluster to other programs.

mod cluster;
mod database;
mod folder;
mod keeper;
mod owner;
mod programs;
mod stop;

pub use cluster::{Cluster, Options, session};
pub use database::{Database, SUPERUSER_URL, database};
pub use postgres::{Client, SimpleQueryMessage};
pub use programs::are_installed;
pub use stop::Stop;
