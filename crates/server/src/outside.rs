//! What comes from outside, as the server reads it: the doors at which the fuzz targets (`fuzz/`) knock.

use crate::failure::Failure;
use crate::files::checksum::Checksum;
use crate::files::media::{HEAD, Media};
use crate::files::picture;
use crate::{http, operations};
use axum::http::HeaderValue;
use domain::{FileId, FileName, OperationId};
use serde::de::DeserializeOwned;
use wire::feed::Cursor;
use wire::push::Batch;

/// The body of a request, plain or packed, of at most `limit` plain bytes.
pub fn body<T: DeserializeOwned>(bytes: &[u8], encoding: Option<&[u8]>, limit: usize) -> Result<T, Failure> {
    http::read_body(bytes, encoding, limit)
}

/// The query of `/v1/feed`.
pub fn feed_query(query: &str) -> Option<Cursor> {
    http::read_feed_query(query)
}

/// The items of a batch: each id, and whether the operation itself can be read. A withdrawal has none.
pub fn batch(batch: &Batch) -> Result<Vec<(OperationId, bool)>, Failure> {
    operations::read_batch(batch)
}

/// What a file is, by its first bytes, and how many pixels it says it has.
pub fn file(bytes: &[u8]) -> Option<(Media, Option<(u32, u32)>)> {
    let media = Media::of(&bytes[..bytes.len().min(HEAD)])?;
    Some((media, picture::size(std::io::Cursor::new(bytes), media)))
}

/// `Upload-Metadata`: the name, and what was promised.
pub fn upload_metadata(header: &HeaderValue) -> Option<(FileName, Option<FileId>)> {
    http::read_metadata(header).ok()
}

/// `Upload-Checksum`: whether there is such a sum, and whether these bytes add up to it.
pub fn upload_checksum(header: &str, bytes: &[u8]) -> Option<bool> {
    let mut sum = Checksum::read(header).ok()?;
    sum.add(bytes);
    Some(sum.holds())
}

/// `Range`, for a content of so many bytes: the first one that is given and how many.
pub fn range(header: &HeaderValue, bytes: u64) -> Option<(u64, u64)> {
    http::read_range(header, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn golden(name: &str) -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../wire/golden").join(name)
    }

    #[test]
    fn a_batch_of_protocol_1_is_read_by_todays_server() {
        let calls = std::fs::read(golden("protocol-1/calls.json")).expect("read");
        let calls: serde_json::Value = serde_json::from_slice(&calls).expect("examples");
        let sent = calls["batch"].to_string();
        let packed = zstd::bulk::compress(sent.as_bytes(), 3).expect("packed");
        for (bytes, encoding) in [(sent.as_bytes(), None), (packed.as_slice(), Some(&b"zstd"[..]))] {
            let items = batch(&body::<Batch>(bytes, encoding, 1 << 20).expect("read")).expect("items");
            assert_eq!(items.iter().map(|(_, known)| *known).collect::<Vec<_>>(), [true, true, false]);
        }
    }

    #[test]
    fn an_operation_of_every_release_is_read_by_todays_server_and_an_unknown_one_by_its_envelope() {
        let files = std::fs::read_dir(golden("operations")).expect("listed").map(|file| file.expect("listed").path());
        for file in files.filter(|file| file.extension().is_some_and(|end| end == "json")) {
            let text = std::fs::read_to_string(&file).expect("read");
            let sent = format!(
                r#"{{"incarnation":"5b1f1d0e-7a4c-4f5e-9d3a-0b6a2f3c4d5e","items":[{{"do":"apply","operation":{text}}}]}}"#
            );
            let items = batch(&body::<Batch>(sent.as_bytes(), None, 1 << 20).expect("read")).expect("an envelope");
            assert_eq!(items[0].1, !file.to_string_lossy().contains(".unknown."), "{}", file.display());
        }
    }

    #[test]
    fn a_packed_body_cannot_ask_for_a_window_larger_than_a_body() {
        // A frame of a window of 128 MB with one raw block, «{}».
        let mut frame = vec![0x28, 0xB5, 0x2F, 0xFD, 0x00, (27 - 10) << 3, 0x11, 0, 0];
        frame.extend_from_slice(b"{}");
        let read = body::<serde_json::Value>(&frame, Some(b"zstd"), 1 << 20);
        assert!(matches!(read, Err(Failure::Problem(wire::problem::Code::Unreadable { .. }))), "{read:?}");
        frame[5] = (20 - 10) << 3;
        assert!(body::<serde_json::Value>(&frame, Some(b"zstd"), 1 << 20).is_ok(), "one of 1 MB is usual");
    }
}
