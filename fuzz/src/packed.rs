//! Bodies of requests, packed by anybody: read as if they had been sent plain, and never unpacked beyond the limit.
//!
//! Input: the bytes of a body.

use serde_json::Value;
use server::failure::Failure;
use server::outside::body;
use wire::problem::Code;

const LIMIT: usize = 64 << 10;

pub fn run(input: &[u8]) {
    let plain = body::<Value>(input, None, LIMIT);
    known(&plain);
    known(&body::<Value>(input, Some(b"gzip"), LIMIT));
    let as_it_is = body::<Value>(input, Some(b"zstd"), LIMIT);
    known(&as_it_is);
    let packed = zstd::bulk::compress(input, 1).expect("packed");
    let unpacked = body::<Value>(&packed, Some(b"zstd"), LIMIT);
    known(&unpacked);
    if input.len() <= LIMIT {
        assert_eq!(unpacked.ok(), plain.ok(), "packed and plain are not read the same");
    } else {
        assert!(matches!(unpacked, Err(Failure::Problem(Code::TooLarge))), "{unpacked:?}");
    }
    known(&body::<wire::push::Batch>(input, None, LIMIT));
    known(&body::<wire::session::SignIn>(input, None, LIMIT));
}

/// A body that cannot be read is the sender's fault, and the answer quotes nothing of it but a name of ours.
fn known<T>(read: &Result<T, Failure>) {
    match read {
        Ok(_) | Err(Failure::Problem(Code::TooLarge | Code::Unreadable { field: None })) => {}
        Err(Failure::Problem(Code::Unreadable { field: Some(field) })) => {
            let ours = !field.is_empty() && field.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            assert!(ours, "the answer quotes what was sent: {field}");
        }
        Err(other) => panic!("a body cannot be {other}"),
    }
}
