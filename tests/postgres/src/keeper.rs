//! The thread that starts the servers.
//!
//! Linux sends «your parent died» when the *thread* dies that started a process. A test's thread ends with its test,
//! and a cluster that a whole process shares must outlive it; so all are started by one thread that ends with the process.

use anyhow::Context;
use std::process::{Child, Command};
use std::sync::mpsc::{Sender, channel};
use std::sync::{LazyLock, Mutex, PoisonError};

type Job = (Command, Sender<std::io::Result<Child>>);

static KEEPER: LazyLock<Mutex<Sender<Job>>> = LazyLock::new(|| {
    let (jobs, wanted) = channel::<Job>();
    std::thread::spawn(move || {
        for (mut command, answer) in wanted {
            // Whoever asked waits for the answer.
            let _ = answer.send(command.spawn());
        }
    });
    Mutex::new(jobs)
});

/// Starts a program that lives as long as this process.
pub fn spawn(command: Command) -> anyhow::Result<Child> {
    let (answer, started) = channel();
    let jobs = KEEPER.lock().unwrap_or_else(PoisonError::into_inner).clone();
    jobs.send((command, answer)).ok().context("the thread that starts servers ended")?;
    started.recv()?.context("PostgreSQL cannot be started")
}
