//! Files of an independent client of tus (tus-js-client, as its makers ship it), through kills of the real server.

use super::*;
use anyhow::Context;
use futures_util::StreamExt as _;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use zhkh_system_tests::until::until;
use zhkh_system_tests::{folder, robot};

/// The client's own folder, with its packages.
const CLIENT: &str = "tests/tus";
const LENGTH: usize = 12_000_000;
const CHUNK: usize = 100_000;
/// At which chunks the server is killed.
const KILLS: [usize; 4] = [1, 30, 31, 90];

/// Somebody signed in, with a photo of 12 MB on their computer.
struct Sender {
    town: Town,
    token: String,
    photo: PathBuf,
    hash: String,
    _folder: TempDir,
}

impl Sender {
    async fn new(plan: Plan, folder: TempDir) -> anyhow::Result<Self> {
        let town = Town::start(&plan)?;
        let token = sign_in(&town).await?;
        // What makes it a photo stands at its start; the rest is never the same twice within it.
        let noise = (0_u64..).flat_map(|line| line.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        let photo: Vec<u8> = [PHOTO.to_vec(), noise.take(LENGTH - PHOTO.len()).collect()].concat();
        let path = folder.path().join("photo.jpg");
        std::fs::write(&path, &photo)?;
        let hash = hex::encode(Sha256::digest(&photo));
        Ok(Self { town, token, photo: path, hash, _folder: folder })
    }

    fn request(&self, method: Method, url: &str) -> RequestBuilder {
        let request = reqwest::Client::new().request(method, url).bearer_auth(&self.token);
        request.header("tus-resumable", "1.0.0")
    }

    /// The independent client. `resumed` is an upload that was begun before.
    fn client(&self, chunk: usize, resumed: Option<&str>) -> anyhow::Result<(Child, Lines<BufReader<ChildStdout>>)> {
        let home = folder::root().join(CLIENT);
        anyhow::ensure!(
            home.join("node_modules/tus-js-client").is_dir(),
            "the packages of {CLIENT} are not there; `cargo xtask setup` installs them"
        );
        let mut node = Command::new("node");
        node.arg("upload.mjs").arg(self.town.url()).arg(&self.token).arg(&self.photo).arg("Фото протечки.jpg");
        node.arg(chunk.to_string()).args(resumed).current_dir(home);
        let mut child = node.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let told = BufReader::new(child.stdout.take().context("its output is piped")?).lines();
        Ok((child, told))
    }

    /// The content is on the server once, whole, under the name it was given.
    async fn assert_stored(&self, data: &Path) -> anyhow::Result<()> {
        let got = self.request(Method::GET, &format!("{}/v1/files/{}", self.town.url(), self.hash)).send().await?;
        let got = got.error_for_status()?;
        let name = got.headers()["content-disposition"].to_str()?.to_owned();
        anyhow::ensure!(name.contains("%D0%A4%D0%BE%D1%82%D0%BE"), "its name is {name}");
        anyhow::ensure!(got.bytes().await? == std::fs::read(&self.photo)?, "other bytes came back");
        let mut files = Vec::new();
        for entry in std::fs::read_dir(data.join("files"))? {
            for file in std::fs::read_dir(entry?.path())? {
                files.push(file?.file_name());
            }
        }
        anyhow::ensure!(files == [self.hash.as_str()], "not exactly one file: {files:?}");
        Ok(())
    }
}

/// The start of a JPEG with its size; what follows is not looked at before somebody wants a small picture.
const PHOTO: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x11\x08\x0b\xb8\x0f\xa0\x03\x01\x22\0\x02\x11\x01\x03\x11\x01\xff\xda\0\x0c\x03\x01\0\x02\x11\x03\x11\0\x3f\0";

/// Registers over HTTP, as the core does.
async fn sign_in(town: &Town) -> anyhow::Result<String> {
    let phone = "79001112233";
    let consent: Value = reqwest::get(format!("{}/v1/consent", town.url())).await?.json().await?;
    let post = async |path: String, body: Value| -> anyhow::Result<Value> {
        let answer = reqwest::Client::new().post(format!("{}/v1/registration{path}", town.url())).json(&body).send();
        Ok(answer.await?.error_for_status()?.json().await?)
    };
    let consent = json!({"version": consent["version"], "sha256": consent["sha256"]});
    let name = "Смирнова Валентина Петровна";
    let begun = post(String::new(), json!({"phone": format!("+{phone}"), "name": name, "consent": consent})).await?;
    let id = begun["registration"].as_str().context("an id")?.to_owned();
    post(format!("/{id}/call"), Value::Null).await?;
    let code = robot::hear(&town.sandbox, phone, 0).await?;
    post(format!("/{id}/code"), json!({"code": code})).await?;
    let device = json!({"id": null, "system": "Debian 12", "version": "0.1.0"});
    let session = post(format!("/{id}/password"), json!({"password": "Печка7Окно", "device": device})).await?;
    Ok(session["access_token"].as_str().context("a token")?.to_owned())
}

fn header(answer: &Response, name: &str) -> anyhow::Result<String> {
    Ok(answer.headers().get(name).with_context(|| format!("no {name}"))?.to_str()?.to_owned())
}

#[tokio::test]
async fn an_independent_client_sends_a_file_through_kills_of_the_server() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let plan = Plan::prepared(folder.path())?;
    let data = plan.data.clone();
    let mut sender = Sender::new(plan, folder).await?;
    let (mut client, mut told) = sender.client(CHUNK, None)?;
    let (mut chunks, mut killed) = (0, 0);
    let done = loop {
        let line = told.next_line().await?.context("the client ended without a word")?;
        let line: Value = serde_json::from_str(&line)?;
        anyhow::ensure!(line.get("failed").is_none(), "the client gave up: {line}");
        if line.get("done").is_some() {
            break line;
        }
        if line.get("at").is_some() {
            chunks += 1;
            if KILLS.contains(&chunks) {
                killed += usize::from(sender.town.server.kill_9()?);
                sender.town.server.start()?;
            }
        }
    };
    anyhow::ensure!(client.wait().await?.success(), "the client failed");
    anyhow::ensure!(done["file"] == sender.hash.as_str(), "the server took it for {}", done["file"]);
    anyhow::ensure!(killed == KILLS.len(), "the server was killed {killed} times");
    println!("» tus-js-client: {LENGTH} bytes in {chunks} requests, {killed} kills of the server");
    sender.assert_stored(&data).await
}

#[tokio::test]
async fn an_independent_client_goes_on_at_the_byte_at_which_a_killed_server_had_stood() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let plan = Plan::prepared(folder.path())?;
    let data = plan.data.clone();
    let mut sender = Sender::new(plan, folder).await?;
    let begun = sender.request(Method::POST, &format!("{}/v1/files", sender.town.url()));
    let metadata = "filename 0KTQvtGC0L4uanBn";
    let begun = begun.header("upload-length", LENGTH).header("upload-metadata", metadata).send().await?;
    let url = format!("{}{}", sender.town.url(), header(&begun.error_for_status()?, "location")?);
    // One request for all of it, which stops in the middle without ending.
    let half = std::fs::read(&sender.photo)?[..LENGTH / 2].to_vec();
    let sent = futures_util::stream::iter([Ok::<_, std::io::Error>(half)]).chain(futures_util::stream::pending());
    let request = sender.request(Method::PATCH, &url).header("upload-offset", 0);
    let request =
        request.header("content-type", "application/offset+octet-stream").body(reqwest::Body::wrap_stream(sent));
    let hanging = tokio::spawn(request.send());
    let stands = async || {
        let told = sender.request(Method::HEAD, &url).send().await?;
        let offset: usize = header(&told, "upload-offset")?.parse()?;
        anyhow::ensure!(offset == LENGTH / 2, "it stands at {offset}");
        Ok(())
    };
    // A request that goes on is kept on its way, or a kill would cost all of it.
    until("the half that came", Duration::from_secs(20), &stands).await?;
    anyhow::ensure!(sender.town.server.kill_9()?, "the server ran");
    hanging.abort();
    sender.town.server.start()?;
    let stands_again = sender.request(Method::HEAD, &url).send().await?;
    anyhow::ensure!(header(&stands_again, "upload-offset")? == (LENGTH / 2).to_string(), "bytes were lost");
    let (mut client, mut told) = sender.client(LENGTH, Some(&url))?;
    let mut lines = Vec::new();
    while let Some(line) = told.next_line().await? {
        lines.push(line);
    }
    anyhow::ensure!(client.wait().await?.success(), "{lines:?}");
    let last: Value = serde_json::from_str(lines.last().context("the client said something")?)?;
    anyhow::ensure!(last["file"] == sender.hash.as_str(), "{last}");
    sender.assert_stored(&data).await
}
