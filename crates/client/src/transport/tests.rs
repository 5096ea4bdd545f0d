//! HTTP against sockets that answer with bytes written by hand.

use super::HttpTransport;
use crate::ports::{Body, Request, Transport, TransportError};
use bytes::Bytes;
use futures_util::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A server that reads one request, answers with these bytes and closes. Gives its address and what it read.
async fn saying(answer: &'static str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("bound"));
    let heard = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.expect("a caller");
        let mut heard = Vec::new();
        let mut piece = [0; 4_096];
        while !heard.windows(4).any(|window| window == b"\r\n\r\n") {
            let count = socket.read(&mut piece).await.expect("read");
            heard.extend_from_slice(&piece[..count]);
        }
        socket.write_all(answer.as_bytes()).await.expect("said");
        String::from_utf8_lossy(&heard).into_owned()
    });
    (address, heard)
}

fn get(path: &str) -> Request {
    Request { method: "GET", path: path.into(), bearer: Some("token".into()), body: None, upload: None, range: None }
}

#[tokio::test]
async fn a_call_carries_the_protocol_and_the_token_and_brings_what_decides_back() {
    let (address, heard) = saying(
        "HTTP/1.1 503 Busy\r\ncontent-type: Application/Problem+JSON; charset=utf-8\r\nretry-after: 7\r\n\
         zhkh-time: 1800000000000\r\ncontent-length: 2\r\n\r\n{}",
    )
    .await;
    let transport = HttpTransport::new(&format!("{address}/")).expect("an address");
    let body = Some(Body { bytes: Bytes::from_static(b"packed"), zstd: true });
    let request = Request { method: "POST", body, ..get("/v1/operations") };
    let response = transport.call(request).await.expect("answered");
    assert_eq!((response.status, response.content_type.as_str()), (503, "application/problem+json"));
    assert_eq!((response.retry_after.as_deref(), response.server_ms), (Some("7"), Some(1_800_000_000_000)));
    assert_eq!(&response.bytes[..], b"{}");
    let heard = heard.await.expect("served").to_ascii_lowercase();
    for part in ["post /v1/operations ", "zhkh-protocol: 1", "authorization: bearer token", "content-encoding: zstd"] {
        assert!(heard.contains(part), "{part} in {heard}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (address, _) =
        saying("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:9/login\r\ncontent-length: 0\r\n\r\n").await;
    let transport = HttpTransport::new(&address).expect("an address");
    assert_eq!(transport.call(get("/v1/feed")).await.expect("answered").status, 302);
}

#[tokio::test]
async fn certainly_nothing_sent_is_told_from_an_answer_that_was_lost() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let nobody = format!("http://{}", listener.local_addr().expect("bound"));
    drop(listener);
    let refused = HttpTransport::new(&nobody).expect("an address").call(get("/v1/feed")).await;
    assert!(matches!(refused, Err(TransportError::NoConnection(_))), "{:?}", refused.err());

    for cut in ["", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"rows\""] {
        let (address, _) = saying(cut).await;
        let lost = HttpTransport::new(&address).expect("an address").call(get("/v1/feed")).await;
        assert!(matches!(lost, Err(TransportError::AnswerLost(_))), "{:?}", lost.err());
    }
}

#[tokio::test]
async fn events_come_as_a_stream_and_anything_else_is_none() {
    let (address, _) =
        saying("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\nevent: position\ndata: {\"seq\":1}\n\n")
            .await;
    let transport = HttpTransport::new(&address).expect("an address");
    let mut stream = transport.events(get("/v1/live")).await.expect("a stream");
    let first = stream.next().await.expect("something").expect("whole");
    assert!(first.starts_with(b"event: position"));

    let (address, _) = saying("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>").await;
    assert!(HttpTransport::new(&address).expect("an address").events(get("/v1/live")).await.is_err());
}

#[test]
fn what_is_no_address_is_said() {
    assert!(HttpTransport::new("zhkh.example.ru").is_err());
    assert!(HttpTransport::new("https://zhkh.example.ru").is_ok());
}
