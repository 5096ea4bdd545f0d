//! The person's Documents folder.

use std::path::PathBuf;

/// `~/Documents`, or what the desktop of Linux calls it; `None` when there is no home.
pub(crate) fn folder() -> Option<PathBuf> {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE")).map(PathBuf::from)?;
    let config = std::env::var_os("XDG_CONFIG_HOME").map_or_else(|| home.join(".config"), PathBuf::from);
    let named = std::fs::read_to_string(config.join("user-dirs.dirs")).ok().and_then(|text| named_in(&text));
    Some(match named {
        Some(Named::UnderHome(name)) => home.join(name),
        Some(Named::Absolute(path)) => path,
        None => home.join("Documents"),
    })
}

#[derive(Debug, PartialEq)]
enum Named {
    UnderHome(String),
    Absolute(PathBuf),
}

/// The folder in the file of the XDG user directories: `XDG_DOCUMENTS_DIR="$HOME/Документы"`.
fn named_in(text: &str) -> Option<Named> {
    let line = text.lines().find_map(|line| line.trim().strip_prefix("XDG_DOCUMENTS_DIR="))?;
    let value = line.trim().trim_matches('"');
    match value.strip_prefix("$HOME/") {
        Some(name) => Some(Named::UnderHome(name.to_owned())),
        None if value.starts_with('/') => Some(Named::Absolute(PathBuf::from(value))),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_russian_desktop_keeps_documents_under_a_russian_name() {
        let text = "# comment\nXDG_DESKTOP_DIR=\"$HOME/Стол\"\nXDG_DOCUMENTS_DIR=\"$HOME/Документы\"\n";
        assert_eq!(named_in(text), Some(Named::UnderHome("Документы".into())));
        assert_eq!(named_in("XDG_DOCUMENTS_DIR=\"/srv/docs\""), Some(Named::Absolute("/srv/docs".into())));
        assert_eq!(named_in("XDG_DESKTOP_DIR=\"$HOME/x\""), None);
    }
}
