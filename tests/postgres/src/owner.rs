//! Under whose name PostgreSQL runs: it refuses to run as root, so root lends it the system user of its package.

use anyhow::Context;
use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

/// The system user that the packages of every distribution make.
const SYSTEM_USER: &str = "postgres";

/// The command-line program that changes users and ties a program to the life of its parent.
const SETPRIV: &str = "setpriv";

/// Whose folder and whose processes they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// Whoever runs the tests.
    Ourselves,
    /// We are root: the system user of the package.
    SystemUser {
        /// Its number.
        user: u32,
        /// The number of its group.
        group: u32,
    },
}

impl Owner {
    /// Who it has to be here.
    pub fn find() -> anyhow::Result<Self> {
        if !cfg!(unix) || number(&["-u"])? != 0 {
            return Ok(Self::Ourselves);
        }
        let about = "root cannot run PostgreSQL, and its system user is not there";
        let user = number(&["-u", SYSTEM_USER]).context(about)?;
        let group = number(&["-g", SYSTEM_USER]).context(about)?;
        Ok(Self::SystemUser { user, group })
    }

    /// Gives a folder of ours to the owner.
    pub fn take(self, folder: &Path) -> anyhow::Result<()> {
        let Self::SystemUser { user, group } = self else { return Ok(()) };
        #[cfg(unix)]
        std::os::unix::fs::chown(folder, Some(user), Some(group))
            .with_context(|| format!("{} cannot be given to {SYSTEM_USER}", folder.display()))?;
        #[cfg(not(unix))]
        let _ = (folder, user, group);
        Ok(())
    }

    /// A program that runs under the owner's name to its end.
    pub fn command(self, program: impl AsRef<OsStr>) -> Command {
        match self {
            Self::Ourselves => Command::new(program),
            Self::SystemUser { user, group } => {
                let mut command = Command::new(SETPRIV);
                command.args(as_user(user, group)).arg(program);
                command
            }
        }
    }

    /// A program that runs under the owner's name and is told to end (SIGQUIT, which PostgreSQL takes as «at once»)
    /// when the thread that started it is no more, whatever that died of. `setpriv` becomes the program: its process
    /// id is the program's.
    pub fn mortal_command(self, program: impl AsRef<OsStr>) -> Command {
        if cfg!(not(target_os = "linux")) {
            return self.command(program);
        }
        let mut command = Command::new(SETPRIV);
        if let Self::SystemUser { user, group } = self {
            command.args(as_user(user, group));
        }
        command.args(["--pdeathsig", "QUIT"]).arg(program);
        command
    }
}

fn as_user(user: u32, group: u32) -> [String; 3] {
    [format!("--reuid={user}"), format!("--regid={group}"), "--clear-groups".into()]
}

fn number(args: &[&str]) -> anyhow::Result<u32> {
    let output = Command::new("id").args(args).output()?;
    anyhow::ensure!(output.status.success(), "id {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).trim().parse()?)
}
