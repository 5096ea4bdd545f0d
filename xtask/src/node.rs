//! Node.js, which builds the window.

use anyhow::Context;
use std::process::Command;

const WORDS: &str = "Нужен Node.js 20.19 или новее из двадцатых, либо 22.12 или новее, вместе с npm.";

/// Fails with words when it is not there or too old.
pub fn check() -> anyhow::Result<()> {
    let output = Command::new("node").arg("--version").output().context(WORDS)?;
    let version = String::from_utf8_lossy(&output.stdout).trim().trim_start_matches('v').to_owned();
    anyhow::ensure!(is_good(&version), "{WORDS} Сейчас стоит {version}.");
    Ok(())
}

/// `^20.19 || >=22.12`: what Vite asks for.
fn is_good(version: &str) -> bool {
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    match major {
        20 => minor >= 19,
        22 => minor >= 12,
        newer => newer > 22,
    }
}

#[cfg(test)]
mod tests {
    use super::is_good;

    #[test]
    fn a_node_that_cannot_build_the_window_is_refused_before_the_build() {
        for good in ["20.19.0", "20.20.1", "22.12.0", "22.13.0-nightly", "23.0.0", "24.1.0"] {
            assert!(is_good(good), "{good}");
        }
        for bad in ["18.20.4", "20.18.9", "21.7.3", "22.11.0", "", "nonsense"] {
            assert!(!is_good(bad), "{bad}");
        }
    }
}
