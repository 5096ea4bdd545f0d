//! One connection to a server, with as little around it as there can be: what is measured is the server.

use anyhow::Context;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection.
pub struct Line {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Line {
    /// Opens it.
    pub async fn open(to: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(to).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::new() })
    }

    /// Sends JSON and reads the answer to it; fails unless the server says 200.
    pub async fn post(&mut self, path: &str, token: &str, body: &[u8]) -> anyhow::Result<Vec<u8>> {
        let length = body.len();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {token}\r\nzhkh-protocol: {}\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n",
            wire::PROTOCOL
        );
        self.stream.write_all(&[head.as_bytes(), body].concat()).await?;
        self.answer().await
    }

    /// Asks for JSON.
    pub async fn get(&mut self, path: &str, token: &str) -> anyhow::Result<Vec<u8>> {
        self.ask(path, token).await?;
        self.answer().await
    }

    /// Opens a stream of events and waits for the first one; the line has to be kept as long as it shall last.
    pub async fn listen(&mut self, token: &str) -> anyhow::Result<()> {
        self.ask("/v1/live", token).await?;
        // An idle desktop holds nothing but the socket.
        self.hear().await
    }

    /// Waits for the next event of a stream that was opened.
    pub async fn hear(&mut self) -> anyhow::Result<()> {
        while !contains(&self.read, b"data:") {
            self.more().await?;
        }
        self.read = Vec::new();
        Ok(())
    }

    async fn ask(&mut self, path: &str, token: &str) -> anyhow::Result<()> {
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {token}\r\nzhkh-protocol: {}\r\n\r\n",
            wire::PROTOCOL
        );
        Ok(self.stream.write_all(head.as_bytes()).await?)
    }

    async fn answer(&mut self) -> anyhow::Result<Vec<u8>> {
        let head = loop {
            if let Some(end) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break self.read.drain(..end + 4).collect::<Vec<_>>();
            }
            self.more().await?;
        };
        let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
        let length =
            head.lines().find_map(|line| line.strip_prefix("content-length:")).context("an answer of no length")?;
        let length: usize = length.trim().parse()?;
        while self.read.len() < length {
            self.more().await?;
        }
        let body: Vec<u8> = self.read.drain(..length).collect();
        anyhow::ensure!(head.starts_with("http/1.1 200"), "{head}{}", String::from_utf8_lossy(&body));
        Ok(body)
    }

    async fn more(&mut self) -> anyhow::Result<()> {
        anyhow::ensure!(self.stream.read_buf(&mut self.read).await? > 0, "the server closed the line");
        Ok(())
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
