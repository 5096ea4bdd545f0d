//! The name of somebody else's file, made safe to show and to save under on any of the three systems.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How many bytes of UTF-8 a name has at most; every file system of ours takes 255.
const MAX_BYTES: usize = 200;

/// Names that Windows takes for devices, whatever extension follows.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// A name without folders, without signs that any system forbids, and without signs that make it read as another
/// one (a sign that turns the text around shows «актfdp.exe» as «актexe.pdf»). Reading one never fails: what cannot stay is left out.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
#[serde(from = "String", into = "String")]
pub struct FileName(String);

impl FileName {
    /// Makes a name safe. An empty one becomes «файл».
    pub fn new(raw: &str) -> Self {
        let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
        let visible: String = last.chars().filter(|c| !is_treacherous(*c)).map(replaced).collect();
        let mut name = visible.split_whitespace().collect::<Vec<_>>().join(" ");
        // Windows drops dots at the end, so «акт.pdf.» would become another name; dots at the start hide a file.
        name = name.trim_matches(['.', ' ']).to_owned();
        if name.is_empty() {
            return Self("файл".to_owned());
        }
        let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
        if DEVICES.contains(&stem.as_str()) {
            name.insert(0, '_');
        }
        Self(shortened(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What follows the last dot, in lower case; empty when nothing does.
    pub fn extension(&self) -> String {
        self.0.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default()
    }
}

/// Control signs, and those that turn the direction of the text or take no place in it.
fn is_treacherous(c: char) -> bool {
    matches!(
        c,
        '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    ) || (c.is_control() && !c.is_whitespace())
}

/// A sign that some system forbids in names becomes an underscore.
fn replaced(c: char) -> char {
    if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c }
}

/// Cuts the stem, never the extension, at the border of a sign.
fn shortened(name: String) -> String {
    if name.len() <= MAX_BYTES {
        return name;
    }
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 20 => (stem, format!(".{extension}")),
        _ => (name.as_str(), String::new()),
    };
    let mut end = MAX_BYTES - extension.len();
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", stem[..end].trim_end())
}

impl From<String> for FileName {
    fn from(raw: String) -> Self {
        Self::new(&raw)
    }
}

impl From<FileName> for String {
    fn from(name: FileName) -> Self {
        name.0
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A file's name may tell about a person; logs do not show it.
impl fmt::Debug for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileName(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name(raw: &str) -> String {
        FileName::new(raw).as_str().to_owned()
    }

    #[test]
    fn ordinary_names_stay() {
        for raw in ["акт-2024.pdf", "IMG 0001.JPG", "Счёт за октябрь (2).xlsx", "архив.tar.gz", "без расширения"]
        {
            assert_eq!(name(raw), raw);
        }
    }

    #[test]
    fn folders_are_left_out() {
        assert_eq!(name("../../etc/passwd"), "passwd");
        assert_eq!(name(r"C:\Users\Public\акт.pdf"), "акт.pdf");
        assert_eq!(name(r"..\..\"), "файл");
    }

    #[test]
    fn signs_that_turn_the_text_around_are_left_out() {
        assert_eq!(name("акт\u{202e}fdp.exe"), "актfdp.exe");
        assert_eq!(name("a\u{200b}k\u{2066}t\u{feff}.pdf"), "akt.pdf");
        assert_eq!(FileName::new("фото.jpg\u{202e}.exe").extension(), "exe");
    }

    #[test]
    fn names_that_a_system_forbids_are_changed() {
        assert_eq!(name("что?.txt"), "что_.txt");
        assert_eq!(name("nul.txt"), "_nul.txt");
        assert_eq!(name("COM1"), "_COM1");
        assert_eq!(name("con .txt"), "_con .txt");
        assert_eq!(name(" акт.pdf. . "), "акт.pdf");
        assert_eq!(name(".bashrc"), "bashrc");
        assert_eq!(name("a\0b\r\nc.txt"), "ab c.txt");
        assert_eq!(name(""), "файл");
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let long = name(&format!("{}.jpeg", "я".repeat(300)));
        assert!(long.ends_with("я.jpeg"));
        assert!(long.len() <= MAX_BYTES);
    }

    proptest! {
        #[test]
        fn every_name_is_safe_and_made_safe_only_once(raw in "\\PC{0,80}|[./\\\\a:\u{202e}\0 ]{0,40}") {
            let safe = name(&raw);
            prop_assert!(!safe.is_empty() && safe.len() <= MAX_BYTES);
            let forbidden = safe.contains(['/', '\\', ':', '\0', '\n', '\u{202e}']);
            prop_assert!(!forbidden);
            prop_assert!(!safe.starts_with('.') && !safe.ends_with('.') && !safe.ends_with(' '));
            prop_assert_eq!(name(&safe), safe);
        }
    }
}
