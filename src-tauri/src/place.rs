//! Folders of the operating system.

use anyhow::Context;
use std::path::PathBuf;

/// The program's name among folders, D-Bus names, keyring entries and toasts.
pub const IDENTIFIER: &str = "ru.zhkh.desktop";

/// Where data live if nobody says otherwise: the same folder that Tauri calls `app_local_data_dir`, needed before
/// Tauri runs, because the log begins first.
pub fn data_folder() -> anyhow::Result<PathBuf> {
    let base = if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        variable("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        variable("XDG_DATA_HOME").or_else(|| variable("HOME").map(|home| home.join(".local/share")))
    };
    Ok(base.context("the system names no folder for data; set ZHKH_DATA_DIR")?.join(IDENTIFIER))
}

/// Where `zhkh.toml` is looked for, the person's own first.
pub fn settings_files() -> Vec<PathBuf> {
    let own = if cfg!(windows) {
        variable("APPDATA")
    } else if cfg!(target_os = "macos") {
        variable("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        variable("XDG_CONFIG_HOME").or_else(|| variable("HOME").map(|home| home.join(".config")))
    };
    let own = own.map(|folder| folder.join(IDENTIFIER).join("zhkh.toml"));
    let beside = std::env::current_exe().ok().and_then(|exe| exe.parent().map(|folder| folder.join("zhkh.toml")));
    own.into_iter().chain(beside).collect()
}

fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from).filter(|path| path.is_absolute())
}
