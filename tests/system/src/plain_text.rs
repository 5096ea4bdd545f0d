//! Looks for plain text on the disk: a secret may not be there in any of the usual disguises.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use std::path::{Path, PathBuf};

/// A place where something was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// The file.
    pub file: PathBuf,
    /// What was found in it.
    pub marker: String,
    /// In what disguise.
    pub form: &'static str,
}

/// Searches every file under `folder` for `markers` as UTF-8, UTF-16 in both orders, base64 in all three alignments
/// and hex in both cases.
pub fn search(folder: &Path, markers: &[&str]) -> anyhow::Result<Vec<Leak>> {
    let wanted: Vec<Wanted> = markers.iter().flat_map(|marker| disguises(marker)).collect();
    let mut leaks = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                search_file(&entry.path(), &wanted, &mut leaks)?;
            }
        }
    }
    Ok(leaks)
}

/// A marker in one disguise.
struct Wanted {
    marker: String,
    form: &'static str,
    bytes: Vec<u8>,
}

fn search_file(file: &Path, wanted: &[Wanted], leaks: &mut Vec<Leak>) -> anyhow::Result<()> {
    let bytes = std::fs::read(file)?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    for Wanted { marker, form, bytes: disguise } in wanted {
        if contains(&bytes, disguise) || contains(name.as_bytes(), disguise) {
            leaks.push(Leak { file: file.to_owned(), marker: marker.clone(), form });
        }
    }
    Ok(())
}

fn disguises(marker: &str) -> Vec<Wanted> {
    let utf8 = marker.as_bytes();
    let hex = hex::encode(utf8);
    let wanted = |form, bytes| Wanted { marker: marker.to_owned(), form, bytes };
    let mut forms = vec![
        wanted("UTF-8", utf8.to_vec()),
        wanted("UTF-16LE", marker.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        wanted("UTF-16BE", marker.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        wanted("hex", hex.clone().into_bytes()),
        wanted("HEX", hex.to_uppercase().into_bytes()),
    ];
    forms.extend((0..3).map(|shift| wanted("base64", in_base64(utf8, shift))));
    forms
}

/// The characters of base64 that depend on the marker alone when `shift` bytes stand before it.
fn in_base64(marker: &[u8], shift: usize) -> Vec<u8> {
    let padded: Vec<u8> = std::iter::repeat_n(0, shift).chain(marker.iter().copied()).collect();
    let text = STANDARD_NO_PAD.encode(&padded);
    let begin = (shift * 8).div_ceil(6);
    let end = padded.len() * 8 / 6;
    text.as_bytes()[begin..end].to_vec()
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    let Some(first) = wanted.first() else { return false };
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| byte == first) {
        if bytes[from + at..].starts_with(wanted) {
            return true;
        }
        from += at + 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::search;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    const MARKER: &str = "Мркр7Qx9Zk2w";

    fn found(content: &[u8]) -> usize {
        let folder = tempfile::tempdir().expect("there is a temporary folder");
        std::fs::create_dir(folder.path().join("deep")).expect("a folder can be made");
        std::fs::write(folder.path().join("deep/file"), content).expect("a file can be written");
        search(folder.path(), &[MARKER]).expect("the folder can be read").len()
    }

    #[test]
    fn every_disguise_is_seen_through() {
        assert_eq!(found(format!("before {MARKER} after").as_bytes()), 1);
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            let utf16: Vec<u8> = format!("x{MARKER}y").encode_utf16().flat_map(order).collect();
            assert_eq!(found(&utf16), 1);
        }
        for before in ["", "a", "ab", "abc"] {
            let text = STANDARD.encode(format!("{before}{MARKER}zz"));
            assert_eq!(found(text.as_bytes()), 1, "after {} bytes", before.len());
        }
        assert_eq!(found(hex::encode(MARKER).as_bytes()), 1);
    }

    #[test]
    fn innocent_bytes_are_not_accused() {
        assert_eq!(found("Мркр7Qx9Zk2 w and much else".as_bytes()), 0);
    }
}
