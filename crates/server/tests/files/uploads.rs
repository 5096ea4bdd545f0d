//! A sender that speaks tus.

use crate::common::{Person, World};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::FileId;
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

pub const BYTES: &str = "application/offset+octet-stream";

/// A paper of this length; the same every time.
pub fn paper(length: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.extend((0_u64..).flat_map(|line| line.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()).take(length));
    bytes.truncate(length);
    bytes
}

pub fn name_of(bytes: &[u8]) -> FileId {
    FileId::of(Sha256::digest(bytes).into())
}

/// `Upload-Metadata` of a file with this name and this content.
pub fn metadata(name: &str, file: FileId) -> String {
    format!("filename {},sha256 {}", BASE64.encode(name), BASE64.encode(file.to_string()))
}

pub fn number(response: &Response, header: &str) -> u64 {
    text(response, header).parse().expect(header)
}

pub fn text(response: &Response, header: &str) -> String {
    let value = response.headers().get(header).unwrap_or_else(|| panic!("{header}: {:?}", response.headers()));
    value.to_str().expect(header).to_owned()
}

impl World {
    /// A request of tus.
    pub fn tus(&self, person: &Person, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).bearer_auth(&person.token).header("tus-resumable", "1.0.0")
    }

    pub async fn create(&self, person: &Person, length: usize, metadata: &str) -> Response {
        let request = self.tus(person, Method::POST, "/v1/files").header("upload-length", length);
        request.header("upload-metadata", metadata).send().await.expect("answered")
    }

    /// A new upload; its path.
    pub async fn begun(&self, person: &Person, name: &str, bytes: &[u8]) -> String {
        let created = self.create(person, bytes.len(), &metadata(name, name_of(bytes))).await;
        assert_eq!(created.status(), StatusCode::CREATED, "{:?}", created.text().await);
        text(&created, "location")
    }

    pub fn patch(&self, person: &Person, upload: &str, offset: usize, bytes: &[u8]) -> RequestBuilder {
        let request = self.tus(person, Method::PATCH, upload).header("upload-offset", offset);
        request.header("content-type", BYTES).body(bytes.to_vec())
    }

    /// Sends the rest; the server says that all of it came as it was.
    pub async fn finished(&self, person: &Person, upload: &str, offset: usize, bytes: &[u8]) {
        let done = self.patched(person, upload, offset, &bytes[offset..]).await;
        assert_eq!(text(&done, "zhkh-file"), name_of(bytes).to_string());
    }

    pub async fn patched(&self, person: &Person, upload: &str, offset: usize, bytes: &[u8]) -> Response {
        self.patch(person, upload, offset, bytes).send().await.expect("answered")
    }

    pub async fn head(&self, person: &Person, upload: &str) -> Response {
        self.tus(person, Method::HEAD, upload).send().await.expect("answered")
    }

    pub async fn offset(&self, person: &Person, upload: &str) -> u64 {
        number(&self.head(person, upload).await, "upload-offset")
    }

    /// Sends a whole file under a promise; what was answered to its bytes.
    pub async fn send(&self, person: &Person, name: &str, bytes: &[u8]) -> Response {
        let upload = self.begun(person, name, bytes).await;
        self.patched(person, &upload, 0, bytes).await
    }

    /// Sends a file that is taken.
    pub async fn sent(&self, person: &Person, name: &str, bytes: &[u8]) -> FileId {
        let answer = self.send(person, name, bytes).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT, "{name}");
        assert_eq!(number(&answer, "upload-offset"), bytes.len() as u64);
        text(&answer, "zhkh-file").parse().expect("a name")
    }

    /// All files under the folder of files, as paths from there.
    pub fn on_disk(&self) -> Vec<String> {
        let root = self.folder.path().join("data/files");
        let mut found = Vec::new();
        let paths = |folder: &Path| {
            let entries = std::fs::read_dir(folder).expect("a folder");
            entries.map(|entry| entry.expect("an entry").path()).collect::<Vec<_>>()
        };
        // The mark of the folder lies beside its folders.
        for folder in paths(&root).into_iter().filter(|path| path.is_dir()) {
            for file in paths(&folder) {
                let path = file.strip_prefix(&root).expect("under it");
                found.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
        found.sort();
        found
    }

    /// What is coming in.
    pub fn parts(&self) -> usize {
        self.on_disk().iter().filter(|path| path.starts_with("uploads/")).count()
    }

    /// Where an upload comes in.
    pub fn part(&self, upload: &str) -> PathBuf {
        self.folder.path().join("data/files").join(upload.replace("/v1/files/", ""))
    }

    /// Where a content lies.
    pub fn place(&self, file: FileId) -> PathBuf {
        let name = file.to_string();
        self.folder.path().join("data/files").join(&name[..2]).join(name)
    }
}
