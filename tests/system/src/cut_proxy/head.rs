//! The head of one HTTP/1.1 request.

use std::io::{Error, ErrorKind};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

/// No head of ours is longer.
const LONGEST: usize = 64 * 1024;

/// The request line and the headers, without the empty line.
#[derive(Debug)]
pub struct Head {
    lines: Vec<String>,
}

/// Reads a head, and what of the body came with it.
pub async fn read(client: &mut TcpStream) -> std::io::Result<(Head, Vec<u8>)> {
    let mut bytes = Vec::with_capacity(4096);
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let body = bytes.split_off(end + 4);
            let text = String::from_utf8_lossy(&bytes);
            let lines = text.trim_end().split("\r\n").map(str::to_owned).collect();
            return Ok((Head { lines }, body));
        }
        if bytes.len() > LONGEST {
            return Err(Error::new(ErrorKind::InvalidData, "no end of the head"));
        }
        if client.read_buf(&mut bytes).await? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
    }
}

impl Head {
    /// Whether something is sent.
    pub fn is_post(&self) -> bool {
        self.lines.first().is_some_and(|line| line.starts_with("POST "))
    }

    /// The path and the query.
    pub fn path(&self) -> &str {
        self.lines.first().and_then(|line| line.split(' ').nth(1)).unwrap_or_default()
    }

    /// How many bytes the body has. Clients of ours always tell.
    pub fn body_length(&self) -> usize {
        self.header("content-length").and_then(|value| value.parse().ok()).unwrap_or(0)
    }

    /// The same head, asking for the connection to end after the answer.
    pub fn closing(&self) -> Vec<u8> {
        let mut text = String::new();
        for line in self.lines.iter().filter(|line| !is_header(line, "connection")) {
            text.push_str(line);
            text.push_str("\r\n");
        }
        text.push_str("connection: close\r\n\r\n");
        text.into_bytes()
    }

    fn header(&self, name: &str) -> Option<&str> {
        let line = self.lines.iter().skip(1).find(|line| is_header(line, name))?;
        line.split_once(':').map(|(_, value)| value.trim())
    }
}

fn is_header(line: &str, name: &str) -> bool {
    line.split_once(':').is_some_and(|(found, _)| found.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::Head;

    #[test]
    fn a_head_is_passed_on_with_a_closing_connection() {
        let lines = ["POST /v1/operations HTTP/1.1", "Content-Length: 12", "Connection: keep-alive"];
        let head = Head { lines: lines.map(str::to_owned).to_vec() };
        assert!(head.is_post());
        assert_eq!((head.path(), head.body_length()), ("/v1/operations", 12));
        let text = String::from_utf8(head.closing()).expect("it was text");
        assert_eq!(text, "POST /v1/operations HTTP/1.1\r\nContent-Length: 12\r\nconnection: close\r\n\r\n");
    }
}
