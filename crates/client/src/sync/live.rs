//! Server-sent events. They carry no content: they only wake.

use crate::engine::heart::Heart;
use crate::ports::{Request, TransportError};
use bytes::Bytes;
use futures_util::StreamExt;
use outbox::Backoff;
use std::sync::Arc;
use std::time::Duration;

/// A stream that says nothing for so long is opened anew: a cut connection does not tell.
const SILENCE: Duration = Duration::from_secs(120);

/// Listens until the engine closes.
pub(crate) async fn run(heart: Arc<Heart>) {
    let mut backoff = Backoff::new();
    loop {
        tokio::select! {
            biased;
            () = heart.stop.cancelled() => return,
            heard = listen(&heart) => if heard { backoff.reset() },
        }
        let now = heart.now();
        backoff.fail(now.ms, now.jitter, None);
        let wait = backoff.until(now.ms).unwrap_or(now.ms) - now.ms;
        tokio::select! {
            biased;
            () = heart.stop.cancelled() => return,
            () = heart.live_wake.notified() => backoff.reset(),
            () = tokio::time::sleep(Duration::from_millis(wait.unsigned_abs())) => {}
        }
    }
}

/// Listens to one stream until it ends. Returns whether anything was heard.
async fn listen(heart: &Heart) -> bool {
    let Ok(token) = heart.link.token().await else { return false };
    let request =
        Request { method: "GET", path: "/v1/live".into(), bearer: Some(token), body: None, upload: None, range: None };
    // A connection that was taken and is never answered does not tell either.
    let opening = heart.link.ports.transport.events(request);
    let Ok(Ok(mut stream)) = tokio::time::timeout(SILENCE, opening).await else { return false };
    // Whatever happened while nobody listened is asked for now.
    heart.pull_wake.notify_one();
    let mut lines = Lines::default();
    let mut heard = false;
    while let Ok(Some(Ok(bytes))) = next(&mut stream).await {
        heard = true;
        if lines.wakes(&bytes) {
            heart.pull_wake.notify_one();
        }
    }
    // A stream that broke may mean that the network is gone: asking tells, and the window says so at once.
    heart.pull_wake.notify_one();
    heard
}

async fn next(
    stream: &mut (impl futures_util::Stream<Item = Result<Bytes, TransportError>> + Unpin),
) -> Result<Option<Result<Bytes, TransportError>>, tokio::time::error::Elapsed> {
    tokio::time::timeout(SILENCE, stream.next()).await
}

/// Finds the lines of events in pieces that end anywhere.
#[derive(Default)]
pub(crate) struct Lines {
    begun: Vec<u8>,
}

impl Lines {
    /// Whether these bytes complete a line of data. Comments only show that the stream lives.
    pub(crate) fn wakes(&mut self, bytes: &[u8]) -> bool {
        let mut wakes = false;
        for byte in bytes {
            if matches!(byte, b'\n' | b'\r') {
                wakes |= self.begun.starts_with(b"data:");
                self.begun.clear();
            } else if self.begun.len() < 4_096 {
                self.begun.push(*byte);
            }
        }
        wakes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_cut_anywhere_wakes_once_and_a_comment_never() {
        let text = b": still here\n\nevent: position\ndata: {\"seq\":7}\n\n";
        for cut in 0..text.len() {
            let mut lines = Lines::default();
            let woken = [lines.wakes(&text[..cut]), lines.wakes(&text[cut..])];
            assert_eq!(woken.iter().filter(|woken| **woken).count(), 1, "cut at {cut}");
        }
        assert!(!Lines::default().wakes(b": data: no\n\n"));
    }
}
