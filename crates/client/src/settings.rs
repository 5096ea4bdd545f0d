//! `settings.json`: settings of this computer, and nothing about a person but the id of who was here last.

use crate::durable_file;
use crate::view::{Language, SettingsView, Theme};
use domain::UserId;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;

const FILE: &str = "settings.json";

/// What the file holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Settings {
    /// What the window shows of it.
    #[serde(flatten)]
    pub(crate) view: SettingsView,
    /// Whose data are opened at the start.
    #[serde(default)]
    pub(crate) last_user: Option<UserId>,
}

impl Default for Settings {
    fn default() -> Self {
        let view = SettingsView { theme: Theme::Auto, text_percent: 100, language: Language::Ru, toasts: true };
        Self { view, last_user: None }
    }
}

impl Settings {
    /// Reads them; a missing or damaged file means the defaults, because nothing in it is worth a stop.
    pub(crate) fn read(folder: &Path) -> Self {
        let bytes = std::fs::read(folder.join(FILE)).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// Writes them durably.
    pub(crate) fn save(&self, folder: &Path) -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        durable_file::replace(&folder.join(FILE), &serde_json::to_vec_pretty(self).map_err(io::Error::from)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_and_a_damaged_file_means_the_defaults() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = Settings::read(folder.path());
        settings.view.text_percent = 150;
        settings.last_user = Some(UserId::new(uuid::Uuid::from_u128(3)));
        settings.save(folder.path()).expect("saved");
        let read = Settings::read(folder.path());
        assert_eq!((read.view.text_percent, read.last_user), (150, settings.last_user));
        std::fs::write(folder.path().join(FILE), b"{").expect("damaged");
        assert_eq!(Settings::read(folder.path()).view.text_percent, 100);
    }
}
