//! Lines that break, servers that stop, senders that come twice.

use crate::common::*;
use crate::uploads::*;
use reqwest::StatusCode;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use wire::problem::Code;

const PHONE: &str = "+79000000001";

/// A PATCH whose bytes the test sends by hand.
pub struct Line(TcpStream);

impl Line {
    pub async fn open(world: &World, person: &Person, upload: &str, offset: usize, length: usize, more: &str) -> Self {
        let mut stream = TcpStream::connect(world.running().addr).await.expect("connected");
        let head = format!(
            "PATCH {upload} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ntus-resumable: 1.0.0\r\n\
             content-type: {BYTES}\r\nupload-offset: {offset}\r\ncontent-length: {length}\r\n{more}\r\n",
            person.token
        );
        stream.write_all(head.as_bytes()).await.expect("sent");
        Self(stream)
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.expect("sent");
    }

    async fn status(&mut self) -> String {
        let mut answer = [0; 12];
        self.0.read_exact(&mut answer).await.expect("an answer");
        String::from_utf8_lossy(&answer[9..]).into_owned()
    }
}

/// Waits until so much is acknowledged.
pub async fn until_offset(world: &World, person: &Person, upload: &str, wanted: u64) {
    while world.offset(person, upload).await != wanted {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_request_that_breaks_off_keeps_what_came_and_the_next_goes_on_at_that_byte() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let bytes = paper(700_001);
    let upload = world.begun(&person, "a.pdf", &bytes).await;
    let mut at = 0;
    for count in [1, 300_000, 99_999] {
        let mut line = Line::open(&world, &person, &upload, at, bytes.len() - at, "").await;
        line.send(&bytes[at..at + count]).await;
        drop(line);
        at += count;
        until_offset(&world, &person, &upload, at as u64).await;
    }
    // The lock of the broken request goes a moment after its bytes were kept.
    let done = loop {
        let answer = world.patched(&person, &upload, at, &bytes[at..]).await;
        if answer.status() != StatusCode::LOCKED {
            break answer;
        }
    };
    assert_eq!(text(&done, "zhkh-file"), name_of(&bytes).to_string());
    assert_eq!(std::fs::read(world.place(name_of(&bytes))).expect("in its place"), bytes);
}

#[tokio::test]
async fn a_request_with_a_checksum_that_breaks_off_leaves_nothing() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let bytes = paper(1000);
    let upload = world.begun(&person, "a.pdf", &bytes).await;
    let sum = "upload-checksum: sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=\r\n";
    let mut line = Line::open(&world, &person, &upload, 0, 1000, sum).await;
    line.send(&bytes[..500]).await;
    let part = world.part(&upload);
    while std::fs::metadata(&part).map_or(0, |part| part.len()) < 500 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    drop(line);
    assert_eq!(world.offset(&person, &upload).await, 0);
    let done = loop {
        let answer = world.patched(&person, &upload, 0, &bytes).await;
        if answer.status() != StatusCode::LOCKED {
            break answer;
        }
    };
    assert_eq!(text(&done, "zhkh-file"), name_of(&bytes).to_string());
}

#[tokio::test]
async fn of_two_requests_at_once_one_is_told_that_the_upload_is_being_written() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let bytes = paper(1000);
    let upload = world.begun(&person, "a.pdf", &bytes).await;
    let mut line = Line::open(&world, &person, &upload, 0, 1000, "").await;
    line.send(&bytes[..600]).await;
    // What came of a request that goes on is kept on its way: a killed server would cost no more than the rest.
    until_offset(&world, &person, &upload, 600).await;
    assert_eq!(world.patched(&person, &upload, 600, &bytes[600..]).await.status(), StatusCode::LOCKED);
    line.send(&bytes[600..]).await;
    assert_eq!(line.status().await, "204");
    assert_eq!(world.offset(&person, &upload).await, 1000);
}

#[tokio::test]
async fn a_sender_that_falls_silent_lets_another_go_on() {
    let settings = format!("{SETTINGS}\n[files]\nidle_s = 1\n");
    let world = World::with(&settings).await;
    let person = world.register(PHONE).await;
    let bytes = paper(1000);
    let upload = world.begun(&person, "a.pdf", &bytes).await;
    let mut line = Line::open(&world, &person, &upload, 0, 1000, "").await;
    line.send(&bytes[..600]).await;
    assert_eq!(line.status().await, "408");
    assert_eq!(world.offset(&person, &upload).await, 600);
    assert_eq!(world.patched(&person, &upload, 600, &bytes[600..]).await.status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_server_that_is_stopped_keeps_what_came_and_goes_on_after_its_start() {
    let mut world = World::new().await;
    let person = world.register(PHONE).await;
    let bytes = paper(1000);
    let upload = world.begun(&person, "a.pdf", &bytes).await;
    let mut line = Line::open(&world, &person, &upload, 0, 1000, "").await;
    line.send(&bytes[..600]).await;
    until_offset(&world, &person, &upload, 600).await;
    line.send(&bytes[600..700]).await;
    world.stop().await;
    assert_eq!(line.status().await, "503", "come again, and not: give up");
    world.start().await;
    let at = usize::try_from(world.offset(&person, &upload).await).expect("small");
    assert!((600..=700).contains(&at), "{at}");
    world.finished(&person, &upload, at, &bytes).await;
}

#[tokio::test]
async fn what_a_killed_server_had_written_and_not_acknowledged_is_written_again() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let bytes = paper(1000);
    let upload = world.begun(&person, "a.pdf", &bytes).await;
    world.patched(&person, &upload, 0, &bytes[..300]).await;
    let part = world.part(&upload);
    let mut longer = std::fs::read(&part).expect("coming in");
    assert_eq!(longer, bytes[..300]);
    longer.extend([0; 500]);
    std::fs::write(&part, longer).expect("written");
    assert_eq!(world.offset(&person, &upload).await, 300);
    world.finished(&person, &upload, 300, &bytes).await;
}

#[tokio::test]
async fn an_upload_whose_bytes_the_disk_lost_begins_anew() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let bytes = paper(1000);
    let upload = world.begun(&person, "a.pdf", &bytes).await;
    world.patched(&person, &upload, 0, &bytes[..300]).await;
    std::fs::write(world.part(&upload), "").expect("lost");
    assert_eq!(problem(world.patched(&person, &upload, 300, &bytes[300..]).await).await, Code::FileUnknown);
    assert_eq!(world.sent(&person, "a.pdf", &bytes).await, name_of(&bytes));
}

#[tokio::test]
async fn an_answer_that_needs_none_of_the_bytes_reaches_a_sender_who_still_sends_them() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let bytes = paper(20_000_000);
    let upload = world.begun(&person, "a.pdf", &bytes).await;
    let signed_out = Person { token: "0".repeat(64), ..person.clone() };
    assert_eq!(problem(world.patched(&signed_out, &upload, 0, &bytes).await).await, Code::SignInNeeded);
    assert_eq!(world.patched(&person, &upload, 5, &bytes).await.status(), StatusCode::CONFLICT);
    let longer = [bytes.as_slice(), b"0"].concat();
    assert_eq!(problem(world.patched(&person, &upload, 0, &longer).await).await, Code::TooLarge);
}
