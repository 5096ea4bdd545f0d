//! tus 1.0, clause by clause.

use crate::common::*;
use crate::uploads::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use reqwest::{Method, StatusCode};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use wire::problem::{Code, FileRefusal};

const PHONE: &str = "+79000000001";

#[tokio::test]
async fn options_tell_what_is_spoken_to_anybody() {
    let world = World::new().await;
    let told = world.request(Method::OPTIONS, "/v1/files").send().await.expect("answered");
    assert_eq!(told.status(), StatusCode::NO_CONTENT);
    assert_eq!(text(&told, "tus-version"), "1.0.0");
    assert_eq!(text(&told, "tus-resumable"), "1.0.0");
    assert_eq!(number(&told, "tus-max-size"), 25_000_000);
    assert_eq!(text(&told, "tus-checksum-algorithm"), "sha1,sha256");
    let extensions = text(&told, "tus-extension");
    for extension in ["creation", "creation-with-upload", "checksum", "termination", "expiration"] {
        assert!(extensions.split(',').any(|told| told == extension), "{extension}: {extensions}");
    }
}

#[tokio::test]
async fn a_file_comes_in_whole_and_is_named_by_its_content() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let bytes = paper(300_000);
    let described = metadata("акт.pdf", name_of(&bytes));
    let created = world.create(&person, bytes.len(), &described).await;
    assert_eq!(created.status(), StatusCode::CREATED);
    assert_eq!(text(&created, "tus-resumable"), "1.0.0");
    assert!(created.headers().contains_key("upload-expires") && !created.headers().contains_key("upload-offset"));
    let upload = text(&created, "location");
    let head = world.head(&person, &upload).await;
    assert_eq!(head.status(), StatusCode::OK);
    assert_eq!((number(&head, "upload-offset"), number(&head, "upload-length")), (0, 300_000));
    assert_eq!(text(&head, "upload-metadata"), described);
    assert_eq!(text(&head, "cache-control"), "no-store");
    let half = world.patched(&person, &upload, 0, &bytes[..100_000]).await;
    assert_eq!(half.status(), StatusCode::NO_CONTENT);
    assert_eq!(number(&half, "upload-offset"), 100_000);
    assert!(half.headers().contains_key("upload-expires") && !half.headers().contains_key("zhkh-file"));
    let rest = world.patched(&person, &upload, 100_000, &bytes[100_000..]).await;
    assert_eq!(number(&rest, "upload-offset"), 300_000);
    assert_eq!(text(&rest, "zhkh-file"), name_of(&bytes).to_string());
    assert!(!rest.headers().contains_key("upload-expires"), "it is not given up any more");
    assert_eq!(std::fs::read(world.place(name_of(&bytes))).expect("in its place"), bytes);
    assert_eq!(world.parts(), 0);
    let head = world.head(&person, &upload).await;
    assert_eq!((number(&head, "upload-offset"), text(&head, "zhkh-file")), (300_000, name_of(&bytes).to_string()));
}

#[tokio::test]
async fn another_version_of_tus_is_answered_412_and_nothing_is_done() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let bytes = paper(100);
    let upload = world.begun(&person, "a.pdf", &bytes).await;
    for version in [None, Some("0.2.2")] {
        for (method, path) in [
            (Method::POST, "/v1/files"),
            (Method::HEAD, upload.as_str()),
            (Method::PATCH, &upload),
            (Method::DELETE, &upload),
            (Method::POST, &upload),
        ] {
            let mut request = world.request(method.clone(), path).bearer_auth(&person.token);
            request = request.header("upload-length", 100).header("upload-offset", 0).header("content-type", BYTES);
            if let Some(version) = version {
                request = request.header("tus-resumable", version);
            }
            let refused = request.body(bytes.clone()).send().await.expect("answered");
            assert_eq!(refused.status(), StatusCode::PRECONDITION_FAILED, "{method} {path}");
            assert_eq!(text(&refused, "tus-version"), "1.0.0");
        }
    }
    assert_eq!(world.offset(&person, &upload).await, 0);
    assert!(world.on_disk().is_empty());
}

#[tokio::test]
async fn bytes_for_another_place_or_of_another_type_are_not_taken() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let bytes = paper(100);
    let upload = world.begun(&person, "a.pdf", &bytes).await;
    world.patched(&person, &upload, 0, &bytes[..40]).await;
    for offset in [0, 39, 41, 100] {
        let refused = world.patched(&person, &upload, offset, &bytes[40..]).await;
        assert_eq!(refused.status(), StatusCode::CONFLICT, "{offset}");
    }
    let typed = world.tus(&person, Method::PATCH, &upload).header("upload-offset", 40);
    let typed = typed.header("content-type", "application/octet-stream").body(bytes[40..].to_vec()).send().await;
    assert_eq!(typed.expect("answered").status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let nowhere = world.tus(&person, Method::PATCH, &upload).header("content-type", BYTES).body(vec![1]).send().await;
    let unreadable = Code::Unreadable { field: Some("upload-offset".into()) };
    assert_eq!(problem(nowhere.expect("answered")).await, unreadable);
    let more = world.patched(&person, &upload, 40, &paper(61)).await;
    assert_eq!(problem(more).await, Code::TooLarge);
    assert_eq!(world.offset(&person, &upload).await, 40);
    world.finished(&person, &upload, 40, &bytes).await;
    assert_eq!(world.patched(&person, &upload, 0, &bytes).await.status(), StatusCode::CONFLICT, "it has all");
    assert_eq!(world.patched(&person, &upload, 100, b"").await.status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn an_upload_without_a_length_or_a_readable_description_does_not_begin() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    for (header, value, field) in [
        ("upload-length", "-1", "upload-length"),
        ("upload-length", "1e3", "upload-length"),
        ("upload-length", "99999999999999999999", "upload-length"),
        ("upload-defer-length", "1", "upload-length"),
    ] {
        let refused = world.tus(&person, Method::POST, "/v1/files").header(header, value).send().await;
        assert_eq!(
            problem(refused.expect("answered")).await,
            Code::Unreadable { field: Some(field.into()) },
            "{value}"
        );
    }
    let refused = world.create(&person, 5, "filename !").await;
    assert_eq!(problem(refused).await, Code::Unreadable { field: Some("Upload-Metadata".into()) });
    assert_eq!(problem(world.create(&person, 0, "").await).await, Code::FileRefused { why: FileRefusal::Empty });
    assert_eq!(problem(world.create(&person, 25_000_001, "").await).await, Code::TooLarge);
    let stranger = world.request(Method::POST, "/v1/files").header("tus-resumable", "1.0.0");
    let refused = stranger.header("upload-length", 5).send().await.expect("answered");
    assert_eq!(problem(refused).await, Code::SignInNeeded);
}

#[tokio::test]
async fn a_file_of_the_largest_size_is_taken_and_more_bytes_than_were_announced_are_not() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let bytes = paper(25_000_000);
    let upload = world.begun(&person, "большой.pdf", &bytes).await;
    // Without a length of its own, so that only counting shows that it is too long.
    let pieces = bytes.chunks(1 << 20).map(<[u8]>::to_vec).chain([vec![0]]).map(Ok::<_, std::io::Error>);
    let endless = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces.collect::<Vec<_>>()));
    let request = world.tus(&person, Method::PATCH, &upload).header("upload-offset", 0).header("content-type", BYTES);
    assert_eq!(problem(request.body(endless).send().await.expect("answered")).await, Code::TooLarge);
    let offset = usize::try_from(world.offset(&person, &upload).await).expect("small");
    world.finished(&person, &upload, offset, &bytes).await;
}

#[tokio::test]
async fn bytes_that_do_not_add_up_to_their_checksum_are_thrown_away() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let bytes = paper(1000);
    let upload = world.begun(&person, "a.pdf", &bytes).await;
    let sums = [
        format!("sha1 {}", BASE64.encode(Sha1::digest(&bytes[..500]))),
        format!("sha256 {}", BASE64.encode(Sha256::digest(&bytes[500..]))),
    ];
    for (half, sum) in sums.iter().enumerate() {
        let (from, to) = (half * 500, half * 500 + 500);
        let mut wrong = bytes[from..to].to_vec();
        wrong[250] ^= 1;
        let refused = world.patch(&person, &upload, from, &wrong).header("upload-checksum", sum).send().await;
        assert_eq!(refused.expect("answered").status().as_u16(), 460);
        assert_eq!(world.offset(&person, &upload).await, from as u64);
        let unknown =
            world.patch(&person, &upload, from, &bytes[from..to]).header("upload-checksum", "md5 AA==").send();
        assert_eq!(unknown.await.expect("answered").status(), StatusCode::BAD_REQUEST);
        assert_eq!(world.offset(&person, &upload).await, from as u64);
        let taken = world.patch(&person, &upload, from, &bytes[from..to]).header("upload-checksum", sum).send().await;
        assert_eq!(taken.expect("answered").status(), StatusCode::NO_CONTENT);
    }
    assert_eq!(std::fs::read(world.place(name_of(&bytes))).expect("in its place"), bytes);
}

#[tokio::test]
async fn a_whole_that_is_not_what_was_promised_is_thrown_away() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let upload = world.begun(&person, "a.pdf", &paper(1000)).await;
    let mut wrong = paper(1000);
    wrong[999] ^= 1;
    assert_eq!(world.patched(&person, &upload, 0, &wrong).await.status().as_u16(), 460);
    assert_eq!(world.head(&person, &upload).await.status(), StatusCode::NOT_FOUND, "another has to begin");
    assert!(world.on_disk().is_empty(), "{:?}", world.on_disk());
    assert_eq!(world.sent(&person, "a.pdf", &paper(1000)).await, name_of(&paper(1000)));
}

#[tokio::test]
async fn bytes_may_come_with_the_creation() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let bytes = paper(1000);
    for count in [400, 1000] {
        let request = world.tus(&person, Method::POST, "/v1/files").header("upload-length", 1000);
        let created =
            request.header("content-type", BYTES).body(bytes[..count].to_vec()).send().await.expect("answered");
        assert_eq!(created.status(), StatusCode::CREATED);
        assert_eq!(number(&created, "upload-offset"), count as u64);
        let upload = text(&created, "location");
        // Nothing was promised: the server says what it is.
        world.finished(&person, &upload, count, &bytes).await;
    }
}

#[tokio::test]
async fn an_upload_that_is_ended_is_gone_with_its_bytes_and_a_finished_ones_content_stays() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let bytes = paper(1000);
    let upload = world.begun(&person, "a.pdf", &bytes).await;
    world.patched(&person, &upload, 0, &bytes[..10]).await;
    assert_eq!(world.parts(), 1);
    let ended = world.tus(&person, Method::DELETE, &upload).send().await.expect("answered");
    assert_eq!(ended.status(), StatusCode::NO_CONTENT);
    assert_eq!(world.parts(), 0);
    assert_eq!(world.head(&person, &upload).await.status(), StatusCode::NOT_FOUND);
    let again = world.tus(&person, Method::DELETE, &upload).send().await.expect("answered");
    assert_eq!(problem(again).await, Code::FileUnknown);
    assert_eq!(problem(world.patched(&person, &upload, 10, &bytes[10..]).await).await, Code::FileUnknown);
    let upload = world.begun(&person, "a.pdf", &bytes).await;
    world.patched(&person, &upload, 0, &bytes).await;
    world.tus(&person, Method::DELETE, &upload).send().await.expect("answered");
    assert!(world.place(name_of(&bytes)).exists());
}

#[tokio::test]
async fn the_method_may_stand_in_a_header_where_a_network_lets_only_post_through() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let bytes = paper(100);
    let upload = world.begun(&person, "a.pdf", &bytes).await;
    let as_post = |method: &str| world.tus(&person, Method::POST, &upload).header("x-http-method-override", method);
    let head = as_post("HEAD").send().await.expect("answered");
    assert_eq!(number(&head, "upload-offset"), 0);
    let patch = as_post("PATCH").header("upload-offset", 0).header("content-type", BYTES).body(bytes[..60].to_vec());
    assert_eq!(number(&patch.send().await.expect("answered"), "upload-offset"), 60);
    assert_eq!(as_post("PUT").send().await.expect("answered").status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(as_post("DELETE").send().await.expect("answered").status(), StatusCode::NO_CONTENT);
    assert_eq!(world.head(&person, &upload).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_upload_belongs_to_its_person() {
    let world = World::new().await;
    let owner = world.register(PHONE).await;
    let stranger = world.register("+79000000002").await;
    let bytes = paper(100);
    let upload = world.begun(&owner, "a.pdf", &bytes).await;
    world.patched(&owner, &upload, 0, &bytes[..50]).await;
    let nobodys = format!("/v1/files/uploads/{}", uuid::Uuid::nil());
    for path in [upload.as_str(), &nobodys, "/v1/files/uploads/..%2f..%2fcode.key"] {
        assert_eq!(world.head(&stranger, path).await.status(), StatusCode::NOT_FOUND, "{path}");
        let written = world.patched(&stranger, path, 50, &bytes[50..]).await;
        assert_eq!(problem(written).await, Code::FileUnknown, "{path}");
        let ended = world.tus(&stranger, Method::DELETE, path).send().await.expect("answered");
        assert_eq!(problem(ended).await, Code::FileUnknown, "{path}");
    }
    assert_eq!(world.offset(&owner, &upload).await, 50);
}
