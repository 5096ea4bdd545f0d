//! The answers without a window.

use super::*;

const PNG: [u8; 8] = [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A];

fn photo() -> Vec<u8> {
    PNG.into_iter().chain((0..3 * MOST).map(|at| (at % 251) as u8)).collect()
}

fn ask(name: &str, range: Option<&str>) -> Response<Vec<u8>> {
    let mut request = Request::get(format!("attachment://localhost/{name}"));
    if let Some(range) = range {
        request = request.header(RANGE, range);
    }
    answered(&request.body(Vec::new()).expect("a request"))
}

/// One person with one photo, named «photo»; nobody is signed in for «out», and «torn» is damaged.
fn answered(request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let read = |name: String, range: Range<u64>| async move {
        let all = match name.as_str() {
            "photo" => photo(),
            "page" => b"<html><script>".to_vec(),
            "empty" => Vec::new(),
            "out" => return Err(BlobError::Closed),
            "torn" => return Err(BlobError::Damaged),
            _ => return Err(BlobError::Missing),
        };
        let at = |place: u64| usize::try_from(place).expect("small").min(all.len());
        let bytes = all[at(range.start)..at(range.end)].to_vec();
        Ok(BlobPart { total: all.len() as u64, bytes })
    };
    tauri::async_runtime::block_on(answer(request, read))
}

fn header(answer: &Response<Vec<u8>>, name: &str) -> String {
    answer.headers().get(name).map(|value| value.to_str().expect("text").to_owned()).unwrap_or_default()
}

#[test]
fn a_picture_is_given_whole_as_what_it_is_and_nothing_of_it_may_be_kept() {
    let answer = ask("photo", None);
    assert_eq!((answer.status(), answer.body().len()), (StatusCode::OK, photo().len()));
    assert_eq!(header(&answer, "content-type"), "image/png");
    assert_eq!(header(&answer, "cache-control"), "no-store");
    assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
}

#[test]
fn a_range_is_given_as_a_part_and_says_of_what() {
    let total = photo().len() as u64;
    for (range, from, to) in [
        ("bytes=5-9", 5, 10),
        ("bytes=100-", 100, 100 + MOST),
        ("bytes=-7", total - 7, total),
        ("bytes=5-99999999", 5, 5 + MOST),
    ] {
        let answer = ask("photo", Some(range));
        assert_eq!(answer.status(), StatusCode::PARTIAL_CONTENT, "{range}");
        assert_eq!(header(&answer, "content-range"), format!("bytes {from}-{}/{total}", to - 1));
        assert_eq!(header(&answer, "content-type"), "image/png", "also in the middle");
        let place = |at: u64| usize::try_from(at).expect("small");
        assert!(answer.body() == &photo()[place(from)..place(to)], "{range}");
    }
}

#[test]
fn a_range_behind_the_end_is_refused_and_one_not_understood_passed_over() {
    let total = photo().len();
    for range in ["bytes=99999999-", "bytes=99999999-999999999", "bytes=-0"] {
        let answer = ask("photo", Some(range));
        assert_eq!(answer.status(), StatusCode::RANGE_NOT_SATISFIABLE, "{range}");
        assert_eq!(header(&answer, "content-range"), format!("bytes */{total}"));
    }
    for range in ["bytes=9-5", "bytes=1-2,4-5", "lines=1-2", "bytes=a-b", "bytes=-"] {
        assert_eq!(ask("photo", Some(range)).status(), StatusCode::OK, "{range}");
    }
    assert_eq!(ask("empty", None).status(), StatusCode::OK);
}

#[test]
fn only_pictures_are_told_as_what_they_are() {
    assert_eq!(header(&ask("page", None), "content-type"), "application/octet-stream");
    assert_eq!(shown_as(&[0xFF, 0xD8, 0xFF, 0xE0, 0, 16]), "image/jpeg");
    assert_eq!(shown_as(b"RIFF\x10\0\0\0WEBPVP8 "), "image/webp");
    assert_eq!(shown_as(b"RIFF\x10\0\0\0WAVEfmt "), "application/octet-stream");
    assert_eq!(shown_as(b""), "application/octet-stream");
}

#[test]
fn what_is_not_here_and_who_is_signed_out_get_the_same_answer() {
    for name in ["nothing", "out", "../vault.json", ""] {
        assert_eq!(ask(name, None).status(), StatusCode::NOT_FOUND, "{name}");
    }
    assert_eq!(ask("torn", None).status(), StatusCode::INTERNAL_SERVER_ERROR);
    let post = Request::post("attachment://localhost/photo").body(Vec::new()).expect("a request");
    assert_eq!(answered(&post).status(), StatusCode::METHOD_NOT_ALLOWED);
}
