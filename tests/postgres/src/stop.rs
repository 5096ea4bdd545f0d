//! Ways to end a server.

use std::process::Child;

/// How a server ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Sessions are ended, everything is written down. What an administrator does.
    Fast,
    /// At once, without writing anything down: the next start recovers from the log.
    Immediate,
    /// kill -9 of the postmaster; its backends notice and end by themselves.
    Kill9,
}

impl Stop {
    /// Tells the process.
    pub fn tell(self, child: &mut Child) -> anyhow::Result<()> {
        #[cfg(unix)]
        {
            use anyhow::Context;
            use rustix::process::{Pid, Signal, kill_process};
            let signal = match self {
                Self::Fast => Signal::INT,
                Self::Immediate => Signal::QUIT,
                Self::Kill9 => Signal::KILL,
            };
            let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw).context("a process has an id")?;
            Ok(kill_process(id, signal)?)
        }
        // Nothing gentler is there; the next start recovers.
        #[cfg(not(unix))]
        Ok(child.kill()?)
    }
}
