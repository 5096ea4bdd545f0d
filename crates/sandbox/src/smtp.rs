//! A mail server (RFC 5321) as small as it can be: it takes letters and keeps them, and fails as it is told to.

use crate::postbox::Postbox;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Takes connections until it is dropped.
pub(crate) async fn serve(listener: TcpListener, postbox: Arc<Postbox>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { return };
        let postbox = Arc::clone(&postbox);
        tokio::spawn(async move {
            if let Err(error) = talk(stream, &postbox).await {
                tracing::debug!(%error, "a mail connection broke");
            }
        });
    }
}

/// What came of the letter so far.
#[derive(Default)]
struct Envelope {
    from: Option<String>,
    to: Vec<String>,
}

async fn talk(stream: TcpStream, postbox: &Postbox) -> std::io::Result<()> {
    postbox.connected();
    let mut stream = BufReader::new(stream);
    if postbox.with_knobs(|knobs| knobs.down) {
        return say(&mut stream, "421 sandbox closes").await;
    }
    say(&mut stream, "220 sandbox ESMTP").await?;
    let mut envelope = Envelope::default();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let line = line.trim_end();
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => say(&mut stream, "250-sandbox\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH PLAIN LOGIN").await?,
            "AUTH" if postbox.with_knobs(|knobs| knobs.locked) => say(&mut stream, "535 who are you").await?,
            "AUTH" => say(&mut stream, "235 welcome").await?,
            "MAIL" => {
                envelope = Envelope { from: Some(address(line)), to: Vec::new() };
                say(&mut stream, "250 ok").await?;
            }
            "RCPT" if envelope.from.is_none() => say(&mut stream, "503 MAIL first").await?,
            "RCPT" => {
                let to = address(line);
                if postbox.with_knobs(|knobs| knobs.unknown.contains(&to)) {
                    say(&mut stream, "550 no such user").await?;
                } else {
                    envelope.to.push(to);
                    say(&mut stream, "250 ok").await?;
                }
            }
            "DATA" if envelope.to.is_empty() => say(&mut stream, "503 RCPT first").await?,
            "DATA" if postbox.with_knobs(|knobs| knobs.busy) => say(&mut stream, "451 later, please").await?,
            "DATA" => {
                say(&mut stream, "354 go on").await?;
                let data = read_data(&mut stream).await?;
                let Envelope { from, to } = std::mem::take(&mut envelope);
                postbox.keep(from.unwrap_or_default(), to, &data, chrono::Utc::now().timestamp_millis());
                if postbox.with_knobs(|knobs| knobs.silent) {
                    return Ok(());
                }
                say(&mut stream, "250 kept").await?;
            }
            "HELO" | "RSET" | "NOOP" => {
                envelope = Envelope::default();
                say(&mut stream, "250 ok").await?;
            }
            "QUIT" => return say(&mut stream, "221 bye").await,
            _ => say(&mut stream, "502 unknown").await?,
        }
    }
}

async fn say(stream: &mut BufReader<TcpStream>, words: &str) -> std::io::Result<()> {
    stream.get_mut().write_all(format!("{words}\r\n").as_bytes()).await
}

/// Up to the line with a single dot; a dot that was doubled becomes one again.
async fn read_data(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut data = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line.trim_end() == "." {
            return Ok(data);
        }
        data.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

/// What stands between the angle brackets.
fn address(line: &str) -> String {
    let inner = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map_or(String::new(), |(address, _)| address.to_owned())
}
