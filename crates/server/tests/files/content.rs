//! What is taken, under which name it is kept and given out, whole or in parts.

use crate::common::*;
use crate::uploads::*;
use domain::FileId;
use reqwest::StatusCode;
use wire::problem::{Code, FileRefusal};

const PHONE: &str = "+79000000001";

fn path(file: FileId) -> String {
    format!("/v1/files/{file}")
}

#[tokio::test]
async fn programs_and_archives_are_refused_under_whatever_name_and_leave_nothing() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let refused = Code::FileRefused { why: FileRefusal::Kind };
    let program = [b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0".as_slice(), &[0; 200]].concat();
    let archive = [b"PK\x03\x04\x14\0\0\0\x08\0".as_slice(), &[0; 20], b"run.exe"].concat();
    let page = b"<!DOCTYPE html ><script>alert(1)</script>".to_vec();
    let drawing = b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>".to_vec();
    let half_a_picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIH".to_vec();
    for bytes in [program, archive, page, drawing, half_a_picture, b"#!/bin/sh\ntrue\n".to_vec()] {
        for name in ["фото.jpg", "акт.pdf", "фото\u{202e}gpj.exe"] {
            assert_eq!(problem(world.send(&person, name, &bytes).await).await, refused);
        }
    }
    assert!(world.on_disk().is_empty(), "{:?}", world.on_disk());
}

#[tokio::test]
async fn only_the_kinds_that_the_utility_takes_are_taken_from_the_day_on_on_which_it_takes_them() {
    let settings = format!(
        "{SETTINGS}\n[[files.rules]]\nfrom = 2026-11-01\nmedia = [\"image/jpeg\"]\n[[files.rules]]\nfrom = 2026-11-21\nfile_bytes = 100\n"
    );
    let world = World::with(&settings).await;
    let person = world.register(PHONE).await;
    let refused = problem(world.send(&person, "a.pdf", &paper(200)).await).await;
    assert_eq!(refused, Code::FileRefused { why: FileRefusal::Kind });
    world.clock.set(november(21));
    let person = world.sign_in(&person).await;
    assert_eq!(problem(world.create(&person, 101, "").await).await, Code::TooLarge);
    world.sent(&person, "a.pdf", &paper(100)).await;
}

#[tokio::test]
async fn a_content_is_given_out_as_what_it_is_to_be_saved_and_never_run() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let bytes = paper(2000);
    let file = world.sent(&person, "../../C:\\акт\u{202e}fdp.exe", &bytes).await;
    let got = world.get_as(&person, &path(file)).await;
    assert_eq!(got.status(), StatusCode::OK);
    assert_eq!(text(&got, "content-type"), "application/pdf");
    assert_eq!(
        text(&got, "content-disposition"),
        "attachment; filename=\"___fdp.exe.pdf\"; filename*=UTF-8''%D0%B0%D0%BA%D1%82fdp.exe.pdf"
    );
    assert_eq!(text(&got, "x-content-type-options"), "nosniff");
    assert_eq!(text(&got, "content-security-policy"), "default-src 'none'; sandbox");
    let cache = text(&got, "cache-control");
    assert!(cache.contains("private") && cache.contains("immutable"), "{cache}");
    assert_eq!(number(&got, "content-length"), 2000);
    assert_eq!(got.bytes().await.expect("a body"), bytes);
}

#[tokio::test]
async fn parts_of_a_content_are_given_and_what_the_caller_has_is_not_sent_again() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let bytes = paper(600_000);
    let file = world.sent(&person, "a.pdf", &bytes).await;
    let ask = |header: &'static str, value: String| {
        world.request(reqwest::Method::GET, &path(file)).bearer_auth(&person.token).header(header, value).send()
    };
    let part = ask("range", "bytes=299999-300000".into()).await.expect("answered");
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(text(&part, "content-range"), "bytes 299999-300000/600000");
    assert_eq!(part.bytes().await.expect("a body"), bytes[299_999..=300_000]);
    let rest = ask("range", "bytes=1000-".into()).await.expect("answered");
    assert_eq!(rest.bytes().await.expect("a body"), bytes[1000..]);
    let last = ask("range", "bytes=-7".into()).await.expect("answered");
    assert_eq!(text(&last, "content-range"), "bytes 599993-599999/600000");
    let beyond = ask("range", "bytes=600000-".into()).await.expect("answered");
    assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(text(&beyond, "content-range"), "bytes */600000");
    let tag = format!("\"{file}\"");
    let known = ask("if-none-match", format!("\"other\", {tag}")).await.expect("answered");
    assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(text(&known, "etag"), tag);
    for (condition, status) in [(tag, StatusCode::PARTIAL_CONTENT), ("\"other\"".into(), StatusCode::OK)] {
        let request = world.request(reqwest::Method::GET, &path(file)).bearer_auth(&person.token);
        let request = request.header("range", "bytes=0-1").header("if-range", condition);
        assert_eq!(request.send().await.expect("answered").status(), status);
    }
}

#[tokio::test]
async fn a_text_is_taken_whatever_its_ending_and_saved_as_a_text() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let file = world.sent(&person, "запуск.bat", "format c:\r\n".as_bytes()).await;
    let got = world.get_as(&person, &path(file)).await;
    assert_eq!(text(&got, "content-type"), "text/plain");
    assert!(text(&got, "content-disposition").ends_with(".bat.txt"), "{:?}", got.headers());
}

#[tokio::test]
async fn a_content_that_the_disk_has_lost_is_no_final_answer_and_comes_back_with_the_next_upload() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let file = world.sent(&person, "a.pdf", &paper(500)).await;
    for half in [false, true] {
        let place = world.place(file);
        if half { std::fs::write(place, "half") } else { std::fs::remove_file(place) }.expect("damaged");
        let lost = world.get_as(&person, &path(file)).await;
        assert!(lost.status().is_server_error(), "{}", lost.status());
        world.sent(&person, "a.pdf", &paper(500)).await;
        let got = world.get_as(&person, &path(file)).await;
        assert_eq!(got.bytes().await.expect("a body"), paper(500));
    }
}

#[tokio::test]
async fn a_person_cannot_fill_the_disk_with_what_is_attached_to_nothing() {
    let settings = format!("{SETTINGS}\n[files]\nperson_bytes = 1000\n[[files.rules]]\nfile_bytes = 600\n");
    let settings = settings.replace("[limits]\n", "[limits]\nuploads_per_hour = 5\n");
    let world = World::with(&settings).await;
    let person = world.register(PHONE).await;
    let first = world.begun(&person, "a.pdf", &paper(600)).await;
    assert_eq!(problem(world.create(&person, 401, "").await).await, Code::StorageFull, "what is to come counts");
    world.patched(&person, &first, 0, &paper(600)).await;
    assert_eq!(problem(world.create(&person, 401, "").await).await, Code::StorageFull, "and what lies there");
    assert_eq!(world.create(&person, 400, "").await.status(), StatusCode::CREATED);
    let other = world.register("+79000000002").await;
    assert_eq!(world.create(&other, 600, "").await.status(), StatusCode::CREATED, "each for themselves");
    let answers = [world.create(&person, 1, "").await, world.create(&person, 1, "").await];
    let [_, locked] = answers;
    assert!(matches!(problem(locked).await, Code::LockedOut { .. }));
}
