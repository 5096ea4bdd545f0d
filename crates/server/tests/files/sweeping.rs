//! What goes by itself, and what never does.

use crate::common::*;
use crate::uploads::*;
use reqwest::{Method, StatusCode};
use std::time::{Duration, SystemTime};
use wire::feed::Scope;
use wire::problem::Code;

const PHONE: &str = "+79000000001";
const DAY_MS: i64 = 24 * 3_600_000;

#[tokio::test]
async fn an_unfinished_upload_is_given_up_when_it_was_said_and_every_byte_puts_that_off() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let bytes = paper(1000);
    let created = world.create(&person, 1000, &metadata("a.pdf", name_of(&bytes))).await;
    let upload = text(&created, "location");
    // The 27th of November, a week later.
    assert_eq!(text(&created, "upload-expires"), "Fri, 27 Nov 2026 09:00:00 GMT");
    world.clock.advance(6 * DAY_MS);
    let person = world.sign_in(&person).await;
    let more = world.patched(&person, &upload, 0, &bytes[..10]).await;
    assert_eq!(text(&more, "upload-expires"), "Thu, 03 Dec 2026 09:00:00 GMT");
    world.clock.advance(6 * DAY_MS);
    world.running().tick().await.expect("done");
    let person = world.sign_in(&person).await;
    assert_eq!(world.offset(&person, &upload).await, 10);
    world.clock.advance(DAY_MS);
    let person = world.sign_in(&person).await;
    assert_eq!(world.head(&person, &upload).await.status(), StatusCode::NOT_FOUND, "also before it is swept out");
    assert_eq!(problem(world.patched(&person, &upload, 10, &bytes[10..]).await).await, Code::FileUnknown);
    assert_eq!(world.parts(), 1);
    world.running().tick().await.expect("done");
    assert_eq!(world.parts(), 0);
}

#[tokio::test]
async fn what_nothing_refers_to_goes_after_two_months_and_what_something_refers_to_stays() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let [kept, dropped] = [1000, 1001].map(paper);
    let kept = world.sent(&person, "a.pdf", &kept).await;
    let dropped = world.sent(&person, "b.pdf", &dropped).await;
    world.attach_files(&person, Scope::User(person.user), &[(kept, "a.pdf")]).await;
    world.clock.advance(59 * DAY_MS);
    world.running().tick().await.expect("done");
    assert!(world.place(dropped).exists());
    world.clock.advance(2 * DAY_MS);
    world.running().tick().await.expect("done");
    assert!(!world.place(dropped).exists());
    assert!(world.place(kept).exists());
    let person = world.sign_in(&person).await;
    assert_eq!(problem(world.get_as(&person, &format!("/v1/files/{dropped}")).await).await, Code::FileUnknown);
    assert_eq!(world.get_as(&person, &format!("/v1/files/{kept}")).await.status(), StatusCode::OK);
    // It may come again.
    assert_eq!(world.sent(&person, "b.pdf", &paper(1001)).await, dropped);
}

#[tokio::test]
async fn what_was_uploaded_again_waits_anew() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let file = world.sent(&person, "a.pdf", &paper(1000)).await;
    world.clock.advance(59 * DAY_MS);
    let person = world.sign_in(&person).await;
    let request = world.tus(&person, Method::POST, "/v1/files").header("upload-length", 1000);
    let known = request.header("upload-metadata", metadata("a.pdf", file)).header("content-type", BYTES).send().await;
    assert_eq!(number(&known.expect("answered"), "upload-offset"), 1000);
    world.clock.advance(59 * DAY_MS);
    world.running().tick().await.expect("done");
    assert!(world.place(file).exists());
}

#[tokio::test]
async fn a_small_picture_goes_with_its_content() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(8, 8).write_to(&mut bytes, image::ImageFormat::Png).expect("encoded");
    let file = world.sent(&person, "a.png", bytes.get_ref()).await;
    world.get_as(&person, &format!("/v1/files/{file}/thumbnail")).await;
    assert_eq!(world.on_disk().len(), 2, "{:?}", world.on_disk());
    world.clock.advance(61 * DAY_MS);
    world.running().tick().await.expect("done");
    assert!(world.on_disk().is_empty(), "{:?}", world.on_disk());
}

#[tokio::test]
async fn what_a_killed_server_left_is_removed_and_what_is_coming_in_is_not() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let upload = world.begun(&person, "a.pdf", &paper(1000)).await;
    world.patched(&person, &upload, 0, &paper(1000)[..10]).await;
    let stray = world.part(&format!("/v1/files/uploads/{}", uuid::Uuid::new_v4()));
    let young = world.part(&format!("/v1/files/uploads/{}", uuid::Uuid::new_v4()));
    for path in [&stray, &young] {
        std::fs::write(path, "left").expect("written");
    }
    let old = SystemTime::now() - Duration::from_secs(2 * 3600);
    for path in [&stray, &world.part(&upload)] {
        std::fs::File::options().write(true).open(path).and_then(|file| file.set_modified(old)).expect("set");
    }
    world.running().tick().await.expect("done");
    assert!(!stray.exists());
    assert!(young.exists() && world.part(&upload).exists());
    assert_eq!(world.offset(&person, &upload).await, 10);
}
