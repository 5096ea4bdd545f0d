//! Contents: as much of tus as an upload needs, and ranges.

use super::State;
use crate::ports::{Request, Response, UploadStep, UploadTold};
use bytes::Bytes;
use domain::FileId;
use sha2::{Digest, Sha256};

/// An upload that is not over.
pub(in super::super) struct Upload {
    bytes: Vec<u8>,
    length: u64,
}

impl State {
    /// The answer to a request about files; `None` for any other.
    pub(super) fn file(&mut self, request: &Request) -> Option<Response> {
        let name = request.path.strip_prefix("/v1/files")?;
        if let Some(step) = &request.upload {
            return Some(self.upload(name, step));
        }
        self.fetched += 1;
        let file: Option<FileId> = name.trim_start_matches('/').parse().ok();
        let Some(content) = file.and_then(|file| self.files.get(&file)) else { return Some(plain(404, None)) };
        let length = content.len() as u64;
        let range = request.range.clone().unwrap_or(0..length);
        if range.start >= length {
            return Some(plain(416, None));
        }
        let part = usize::try_from(range.start).expect("small")..usize::try_from(range.end.min(length)).expect("small");
        Some(Response { bytes: Bytes::copy_from_slice(&content[part]), ..plain(206, None) })
    }

    fn upload(&mut self, name: &str, step: &UploadStep) -> Response {
        let told = |offset: u64, location: Option<String>| Some(UploadTold { offset: Some(offset), location });
        match step {
            UploadStep::Begin { length, .. } => {
                self.uploads.push(Upload { bytes: Vec::new(), length: *length });
                plain(201, told(0, Some(format!("/v1/files/{}", self.uploads.len() - 1))))
            }
            UploadStep::Standing => {
                let upload = &self.uploads[number(name)];
                plain(200, told(upload.bytes.len() as u64, None))
            }
            UploadStep::Write { bytes, .. } => {
                let upload = &mut self.uploads[number(name)];
                upload.bytes.extend_from_slice(bytes);
                let offset = upload.bytes.len() as u64;
                if offset == upload.length {
                    let content = upload.bytes.clone();
                    self.files.insert(FileId::of(Sha256::digest(&content).into()), content);
                }
                plain(204, told(offset, None))
            }
        }
    }
}

fn number(name: &str) -> usize {
    name.trim_start_matches('/').parse().expect("an upload")
}

fn plain(status: u16, upload: Option<UploadTold>) -> Response {
    let (content_type, bytes) = ("application/octet-stream".to_owned(), Bytes::new());
    Response { status, content_type, retry_after: None, server_ms: None, upload, bytes }
}
