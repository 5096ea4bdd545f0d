//! Several servers that share one PostgreSQL and one folder of files: an upload may come to any of them.

use crate::common::*;
use crate::unfinished::{Line, until_offset};
use crate::uploads::*;
use reqwest::StatusCode;
use std::sync::Arc;

/// Two servers over one database and one folder.
async fn two() -> (World, World) {
    let database = Some(Arc::new(test_postgres::database().expect("a PostgreSQL")));
    let one = World::over(SETTINGS, database.clone()).await;
    let shared = one.folder.path().join("data/files");
    let mut two = World::stopped(&format!("{SETTINGS}\n[files]\nfolder = '{}'\n", shared.display()), database);
    std::fs::create_dir_all(two.folder.path().join("data")).expect("made");
    let key = |world: &World| world.folder.path().join("data/code.key");
    std::fs::copy(key(&one), key(&two)).expect("copied");
    two.start().await;
    (one, two)
}

#[tokio::test]
async fn an_upload_goes_on_at_another_server_and_only_one_of_them_writes_it_at_a_time() {
    let (one, two) = two().await;
    let person = one.register("+79000000001").await;
    let bytes = paper(500_000);
    let upload = one.begun(&person, "a.pdf", &bytes).await;
    let mut line = Line::open(&one, &person, &upload, 0, bytes.len(), "").await;
    line.send(&bytes[..200_000]).await;
    until_offset(&two, &person, &upload, 200_000).await;
    assert_eq!(two.patched(&person, &upload, 200_000, &bytes[200_000..]).await.status(), StatusCode::LOCKED);
    line.send(&bytes[200_000..300_000]).await;
    drop(line);
    until_offset(&two, &person, &upload, 300_000).await;
    let done = loop {
        let answer = two.patched(&person, &upload, 300_000, &bytes[300_000..]).await;
        if answer.status() != StatusCode::LOCKED {
            break answer;
        }
    };
    assert_eq!(text(&done, "zhkh-file"), name_of(&bytes).to_string());
    let got = one.get_as(&person, &format!("/v1/files/{}", name_of(&bytes))).await;
    assert_eq!(got.bytes().await.expect("a body"), bytes);
}

#[tokio::test]
async fn the_same_content_that_comes_to_two_servers_at_once_is_one_file() {
    let (one, two) = two().await;
    let person = one.register("+79000000001").await;
    let bytes = paper(100_000);
    let (first, second) = tokio::join!(one.sent(&person, "a.pdf", &bytes), two.sent(&person, "b.pdf", &bytes));
    assert_eq!(first, second);
    assert_eq!(one.on_disk().len(), 1, "{:?}", one.on_disk());
}

#[tokio::test]
async fn a_server_with_another_folder_of_files_does_not_start_and_says_what_to_write() {
    let database = Some(Arc::new(test_postgres::database().expect("a PostgreSQL")));
    let one = World::over(SETTINGS, database.clone()).await;
    let two = World::stopped(SETTINGS, database);
    std::fs::create_dir_all(two.folder.path().join("data")).expect("made");
    std::fs::copy(one.folder.path().join("data/code.key"), two.folder.path().join("data/code.key")).expect("copied");
    let refused = two.try_start().await.err().expect("refused").to_string();
    assert!(refused.contains("[files]") && refused.contains("folder = "), "{refused}");
}
