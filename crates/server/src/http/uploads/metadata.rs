//! `Upload-Metadata`: pairs of a key and a value in Base64, with commas between.

use crate::failure::{Failure, unreadable};
use axum::http::HeaderValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::{FileId, FileName};

const HEADER: &str = "Upload-Metadata";
/// It is kept as long as the upload and given back as it came.
const MOST: usize = 4096;

/// What a sender says about a file.
pub(super) struct Metadata {
    pub(super) name: FileName,
    pub(super) promised: Option<FileId>,
    /// As it was sent.
    pub(super) text: String,
}

impl Metadata {
    pub(super) fn read(header: Option<&HeaderValue>) -> Result<Self, Failure> {
        let text = match header.map(HeaderValue::to_str) {
            None => "",
            Some(Ok(text)) if text.len() <= MOST => text,
            Some(_) => return Err(unreadable(HEADER)),
        };
        let (mut name, mut promised, mut keys) = (None, None, Vec::new());
        for pair in text.split(',').map(str::trim).filter(|_| !text.trim().is_empty()) {
            let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
            let value = BASE64.decode(value.trim()).map_err(|_| unreadable(HEADER))?;
            if key.is_empty() || keys.contains(&key) {
                return Err(unreadable(HEADER));
            }
            keys.push(key);
            match key {
                "filename" => name = Some(FileName::new(&String::from_utf8_lossy(&value))),
                "sha256" => {
                    let digits = String::from_utf8(value).map_err(|_| unreadable("sha256"))?;
                    promised = Some(digits.parse().map_err(|_| unreadable("sha256"))?);
                }
                _ => {}
            }
        }
        Ok(Self { name: name.unwrap_or_else(|| FileName::new("")), promised, text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Metadata> {
        Metadata::read(Some(&HeaderValue::from_str(text).expect("a header"))).ok()
    }

    #[test]
    fn a_name_comes_without_its_folders_and_a_hash_is_read() {
        let hash = "0a".repeat(32);
        let pair = |key: &str, value: &str| format!("{key} {}", BASE64.encode(value));
        let sent =
            [pair("filename", "../../фото\u{202e}gpj.exe"), pair("sha256", &hash), "is_private".into()].join(",");
        let read = read(&sent).expect("read");
        assert_eq!(read.name.as_str(), "фотоgpj.exe");
        assert_eq!(read.promised.map(|hash| hash.to_string()), Some(hash));
        assert_eq!(read.text, sent);
    }

    #[test]
    fn nothing_said_is_a_file_without_a_name() {
        assert_eq!(Metadata::read(None).ok().map(|read| read.name.as_str().to_owned()).as_deref(), Some("файл"));
        assert!(read("").is_some());
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        let short = format!("sha256 {}", BASE64.encode("0a0a"));
        for sent in ["filename !", "filename YQ==,filename YQ==", "a,,b", &short, &"k".repeat(MOST + 1)] {
            assert!(read(sent).is_none(), "{sent}");
        }
    }
}
