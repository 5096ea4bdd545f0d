//! What the shell is told from outside: where the server is, where data live, how to draw.

use crate::place;
use anyhow::Context;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The server of a build that names none.
const LOCAL_SERVER: &str = "http://127.0.0.1:8080";

/// Everything the shell is told.
#[derive(Debug, Clone)]
pub struct Options {
    /// The server's address, without a slash at the end.
    pub server: String,
    /// The folder of all data of this person on this computer.
    pub data: PathBuf,
    /// Whether `data` is not the usual folder: then nothing may be shared with the program in the usual one.
    pub apart: bool,
    /// How to draw.
    pub rendering: Rendering,
}

/// How WebKit draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rendering {
    /// As WebKit likes.
    Usual,
    /// `--safe-rendering`: for graphics cards on which the window stays empty.
    Safe,
}

/// `zhkh.toml`: written by the utility's installer or an administrator.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsFile {
    /// The server's address.
    server_url: Option<String>,
}

impl Options {
    /// Reads environment, `zhkh.toml` and command line. Fails with what to correct.
    pub fn read() -> anyhow::Result<Self> {
        let own_folder = std::env::var_os("ZHKH_DATA_DIR").filter(|value| !value.is_empty()).map(PathBuf::from);
        let apart = own_folder.is_some();
        let data = match own_folder {
            Some(folder) => std::path::absolute(folder)?,
            None => place::data_folder()?,
        };
        std::fs::create_dir_all(&data).with_context(|| format!("the data folder {} cannot be made", data.display()))?;
        let from_env = std::env::var("ZHKH_SERVER_URL").ok().filter(|value| !value.is_empty());
        let server = match from_env {
            Some(url) => url,
            None => from_files(&place::settings_files())?.unwrap_or_else(built_in),
        };
        let rendering =
            if std::env::args().any(|word| word == "--safe-rendering") { Rendering::Safe } else { Rendering::Usual };
        Ok(Self { server: server.trim_end_matches('/').to_owned(), data, apart, rendering })
    }
}

impl Rendering {
    /// Must come before the first thread that reads the environment: at the very start.
    pub fn apply(self) {
        if self == Self::Usual || !cfg!(target_os = "linux") || std::env::var_os("ZHKH_SAFE_RENDERING").is_some() {
            return;
        }
        // WebKit reads these from the environment of its process; `set_var` is unsafe, so the program starts itself
        // once more with them.
        let mut again = std::process::Command::new("/proc/self/exe");
        again.args(std::env::args_os().skip(1)).env("ZHKH_SAFE_RENDERING", "1");
        let wayland = std::env::var_os("WAYLAND_DISPLAY").is_some();
        let wanted: &[(&str, &str)] = if wayland {
            &[("__NV_DISABLE_EXPLICIT_SYNC", "1")]
        } else {
            &[
                ("WEBKIT_DMABUF_RENDERER_FORCE_SHM", "1"),
                ("WEBKIT_FORCE_DMABUF_RENDERER", "1"),
                ("WEBKIT_DISABLE_COMPOSITING_MODE", "1"),
            ]
        };
        for (name, value) in wanted {
            if std::env::var_os(name).is_none() {
                again.env(name, value);
            }
        }
        match again.status() {
            Ok(status) => std::process::exit(status.code().unwrap_or(1)),
            Err(error) => tracing::warn!(%error, "safe rendering is not possible here"),
        }
    }
}

fn from_files(files: &[PathBuf]) -> anyhow::Result<Option<String>> {
    for file in files {
        if let Some(url) = from_file(file)? {
            return Ok(Some(url));
        }
    }
    Ok(None)
}

fn from_file(file: &Path) -> anyhow::Result<Option<String>> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("{} cannot be read", file.display())),
    };
    let settings: SettingsFile =
        toml::from_str(&text).with_context(|| format!("{}: write server_url = \"https://…\"", file.display()))?;
    Ok(settings.server_url)
}

fn built_in() -> String {
    option_env!("ZHKH_DEFAULT_SERVER_URL").unwrap_or(LOCAL_SERVER).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{from_file, from_files};

    fn file(name: &str, text: &str) -> std::path::PathBuf {
        let file = std::env::temp_dir().join(format!("zhkh-options-{}-{name}", std::process::id()));
        std::fs::write(&file, text).expect("the temporary folder can be written");
        file
    }

    #[test]
    fn the_first_file_that_names_a_server_is_taken() {
        let empty = file("empty.toml", "");
        let named = file("named.toml", "server_url = \"https://zhkh.example\"");
        let missing = std::env::temp_dir().join("zhkh-options-no-such-file.toml");
        let found = from_files(&[missing, empty.clone(), named.clone()]).expect("all are well-formed");
        assert_eq!(found.as_deref(), Some("https://zhkh.example"));
        let _ = (std::fs::remove_file(empty), std::fs::remove_file(named));
    }

    #[test]
    fn a_misspelt_setting_is_not_passed_over() {
        let misspelt = file("misspelt.toml", "server_uri = \"https://zhkh.example\"");
        assert!(from_file(&misspelt).is_err());
        let _ = std::fs::remove_file(misspelt);
    }
}
