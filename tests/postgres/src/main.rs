//! `private-postgres`: starts a private PostgreSQL, prints the address of its superuser and runs until its input ends.
//! `private-postgres PROGRAM ARG…`: runs the program with that address in `ZHKH_POSTGRES`.
//! `--no-fsync` as the first word: for work in which nothing is killed.

use std::io::{Read, Write};
use std::process::{Command, ExitCode};
use test_postgres::{Cluster, Options, SUPERUSER_URL};

fn main() -> anyhow::Result<ExitCode> {
    let mut words: Vec<_> = std::env::args_os().skip(1).collect();
    let fsync = words.first().is_none_or(|word| word != "--no-fsync");
    if !fsync {
        words.remove(0);
    }
    let cluster = Cluster::temporary(&Options { fsync, ..Options::default() })?;
    let Some((program, args)) = words.split_first() else {
        println!("{}", cluster.url());
        std::io::stdout().flush()?;
        // Whoever started this holds the other end: when it ends, however it ends, so does the cluster.
        std::io::stdin().read_to_end(&mut Vec::new())?;
        return Ok(ExitCode::SUCCESS);
    };
    let status = Command::new(program).args(args).env(SUPERUSER_URL, cluster.url()).status()?;
    Ok(ExitCode::from(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1)))
}
