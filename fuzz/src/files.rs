//! What people send as files: their content, and what stands in the headers around it.
//!
//! Input: the beginning of a file, or the text of a header.

use axum::http::HeaderValue;
use domain::FileName;

/// A content of this length is asked for in parts.
const LENGTH: u64 = 1_000;

pub fn run(input: &[u8]) {
    if let Some((media, size)) = server::outside::file(input) {
        assert!(!input.starts_with(b"MZ") && !input.starts_with(b"\x7fELF"), "a program is {media:?}");
        assert!(size.is_none() || media.is_picture(), "{media:?} has pixels");
        let name = media.truly_named(&FileName::new(&String::from_utf8_lossy(input)));
        assert!(!matches!(name.extension().as_str(), "exe" | "bat" | "cmd" | "js" | "html" | ""), "{media:?}: run");
        assert_eq!(media.truly_named(&name).as_str(), name.as_str(), "a true name stays");
    }
    let Ok(header) = HeaderValue::from_bytes(input) else { return };
    if let Some((name, _)) = server::outside::upload_metadata(&header) {
        assert!(!name.as_str().is_empty() && !name.as_str().contains(['/', '\\', '\0', '\u{202e}']), "not safe");
    }
    if let Some((first, count)) = server::outside::range(&header, LENGTH) {
        assert!(count > 0 && first + count <= LENGTH, "{count} bytes from {first} on");
    }
    if let Ok(text) = header.to_str() {
        let (some, other) =
            (server::outside::upload_checksum(text, b"a"), server::outside::upload_checksum(text, b"b"));
        assert_eq!(some.is_some(), other.is_some());
        assert_ne!((some, other), (Some(true), Some(true)), "two contents add up to one sum");
    }
}
