//! A bad network between a client and the server: cuts, delays, lost answers, requests that arrive twice.
//!
//! It stands on the TCP level and understands just enough of HTTP/1.1 to know which request an answer belongs to.
//! Every connection carries one request, so a fault hits exactly one.

mod head;

use head::Head;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// What is wrong with the network. Counts go down as they are used.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    /// So many answers to `POST /v1/operations` are lost after the server has given them.
    pub lose_answers: u32,
    /// So many requests of the same kind arrive twice, one after the other.
    pub duplicate: u32,
    /// So many of them are cut in the middle of the request.
    pub cut_requests: u32,
    /// Nothing of the feed gets through until so many requests with operations reached the server. Otherwise the feed
    /// tells a client what became of its operation before it has to send it again.
    pub feed_after: u32,
    /// Every answer comes later by this.
    pub delay: Duration,
    /// So many answers to `POST /v1/session/refresh` are lost after the server has given them.
    pub lose_refreshes: u32,
    /// So many answers to `POST /v1/payments` are lost after the server has given them.
    pub lose_payments: u32,
    /// Of everything that is uploaded from now on so many bytes reach the server; what is beyond waits until the cable is
    /// pulled.
    pub upload_limit: Option<usize>,
    /// Requests with operations get no further than here, and nobody answers them.
    pub hold_operations: bool,
    /// Somebody else answers everything: a network that wants a sign-in of its own.
    pub portal: bool,
}

/// The requests that faults are meant for.
const FAULTY: &str = "/v1/operations";

/// Where files are uploaded.
const FILES: &str = "/v1/files";

/// Where a client renews its session.
const REFRESH: &str = "/v1/session/refresh";

/// Where a payment is begun.
const PAYMENTS: &str = "/v1/payments";

/// What a captive portal answers.
const PAGE: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\nconnection: close\r\n\r\n<h1>Wi-Fi</h1";

/// Where a client hears of its own operations.
const FEED: [&str; 3] = ["/v1/feed", "/v1/snapshot", "/v1/live"];

/// The proxy. It ends when dropped.
#[derive(Debug)]
pub struct CutProxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug, Default)]
struct Shared {
    /// The servers; the next request goes to the second.
    upstreams: Mutex<VecDeque<SocketAddr>>,
    faults: Mutex<Faults>,
    /// How many requests with operations reached the server.
    delivered: Mutex<u32>,
}

impl CutProxy {
    /// Begins to stand between clients and `upstream`.
    pub async fn start(upstream: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let proxy = Self { address: listener.local_addr()?, shared: Arc::default(), accepting: Mutex::new(None) };
        proxy.lead_to(upstream);
        proxy.accept(listener);
        Ok(proxy)
    }

    /// The address for clients.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where the server is now, after it was started again.
    pub fn lead_to(&self, upstream: SocketAddr) {
        self.share_between(&[upstream]);
    }

    /// Every request goes to another of these, as behind a balancer. Those that do not listen are passed over.
    pub fn share_between(&self, upstreams: &[SocketAddr]) {
        *lock(&self.shared.upstreams) = upstreams.iter().copied().collect();
    }

    /// Sets what is wrong from now on.
    pub fn set(&self, faults: Faults) {
        *lock(&self.shared.faults) = faults;
    }

    /// What is left of the faults.
    pub fn faults(&self) -> Faults {
        lock(&self.shared.faults).clone()
    }

    /// How many requests with operations reached the server, repeated ones included.
    pub fn delivered(&self) -> u32 {
        *lock(&self.shared.delivered)
    }

    /// Pulls the cable: nobody listens any more, and every connection breaks.
    pub async fn cut(&self) {
        let accepting = lock(&self.accepting).take();
        if let Some(task) = accepting {
            task.abort();
            // It was aborted: the error is the wish.
            let _ = task.await;
        }
    }

    /// Puts the cable back.
    pub async fn restore(&self) -> anyhow::Result<()> {
        if lock(&self.accepting).is_none() {
            let listener = TcpListener::bind(self.address).await?;
            self.accept(listener);
        }
        Ok(())
    }

    fn accept(&self, listener: TcpListener) {
        let shared = Arc::clone(&self.shared);
        let task = tokio::spawn(async move {
            // In a set: aborting this task drops it, and with it every connection.
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let shared = Arc::clone(&shared);
                // A broken connection is what this program is for.
                connections.spawn(async move { drop(carry(client, &shared).await) });
                while connections.try_join_next().is_some() {}
            }
        });
        *lock(&self.accepting) = Some(task);
    }
}

impl Drop for CutProxy {
    fn drop(&mut self) {
        if let Some(task) = lock(&self.accepting).take() {
            task.abort();
        }
    }
}

/// What is to be done with one request.
enum Fate {
    Pass,
    LoseAnswer,
    Twice,
    CutRequest,
    /// So many bytes of the body reach the server, and nobody answers.
    Stall(usize),
    Hold,
    Portal,
}

impl Shared {
    /// A connection to the next server that listens.
    async fn connect(&self) -> std::io::Result<TcpStream> {
        let in_turn: Vec<SocketAddr> = {
            let mut upstreams = lock(&self.upstreams);
            let first = upstreams.pop_front();
            upstreams.extend(first);
            upstreams.iter().copied().collect()
        };
        TcpStream::connect(in_turn.as_slice()).await
    }

    fn fate(&self, head: &Head, body: usize) -> (Fate, Duration) {
        let mut faults = lock(&self.faults);
        let delay = faults.delay;
        if faults.portal {
            return (Fate::Portal, delay);
        }
        if head.path().starts_with(REFRESH) && take_one(&mut faults.lose_refreshes) {
            return (Fate::LoseAnswer, delay);
        }
        if head.is_post() && head.path() == PAYMENTS && take_one(&mut faults.lose_payments) {
            return (Fate::LoseAnswer, delay);
        }
        if FEED.iter().any(|feed| head.path().starts_with(feed)) && *lock(&self.delivered) < faults.feed_after {
            return (Fate::CutRequest, delay);
        }
        if let Some(left) = faults.upload_limit.as_mut().filter(|_| head.path().starts_with(FILES)) {
            let through = body.min(*left);
            *left -= through;
            return (if through < body { Fate::Stall(through) } else { Fate::Pass }, delay);
        }
        if !(head.is_post() && head.path().starts_with(FAULTY)) {
            return (Fate::Pass, delay);
        }
        if faults.hold_operations {
            return (Fate::Hold, delay);
        }
        let fate = if take_one(&mut faults.cut_requests) {
            Fate::CutRequest
        } else if take_one(&mut faults.lose_answers) {
            Fate::LoseAnswer
        } else if take_one(&mut faults.duplicate) {
            Fate::Twice
        } else {
            Fate::Pass
        };
        let times = match fate {
            Fate::Pass | Fate::LoseAnswer => 1,
            Fate::Twice => 2,
            Fate::CutRequest | Fate::Stall(_) | Fate::Hold | Fate::Portal => 0,
        };
        *lock(&self.delivered) += times;
        (fate, delay)
    }
}

fn take_one(count: &mut u32) -> bool {
    let some = *count > 0;
    *count = count.saturating_sub(1);
    some
}

async fn carry(mut client: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let (head, mut body) = head::read(&mut client).await?;
    let rest = head.body_length().saturating_sub(body.len());
    let had = body.len();
    body.resize(had + rest, 0);
    client.read_exact(&mut body[had..]).await?;
    let (fate, delay) = shared.fate(&head, body.len());
    if matches!(fate, Fate::Portal) {
        return client.write_all(PAGE).await;
    }
    if matches!(fate, Fate::Hold) {
        // Until the cable is pulled.
        return std::future::pending().await;
    }
    if let Fate::Stall(through) = fate {
        let mut upstream = shared.connect().await?;
        upstream.write_all(&head.closing()).await?;
        upstream.write_all(&body[..through]).await?;
        // Until the client has gone, and then the server hears of it.
        client.read_u8().await?;
        return Ok(());
    }
    if matches!(fate, Fate::CutRequest) {
        let mut upstream = shared.connect().await?;
        upstream.write_all(&head.closing()).await?;
        return upstream.write_all(&body[..body.len() / 2]).await;
    }
    if matches!(fate, Fate::Twice | Fate::LoseAnswer) {
        let mut lost = Vec::new();
        send(&head, &body, shared).await?.read_to_end(&mut lost).await?;
    }
    if matches!(fate, Fate::LoseAnswer) {
        return Ok(());
    }
    let mut upstream = send(&head, &body, shared).await?;
    tokio::time::sleep(delay).await;
    tokio::io::copy_bidirectional(&mut client, &mut upstream).await?;
    Ok(())
}

async fn send(head: &Head, body: &[u8], shared: &Shared) -> std::io::Result<TcpStream> {
    let mut upstream = shared.connect().await?;
    upstream.write_all(&head.closing()).await?;
    upstream.write_all(body).await?;
    Ok(upstream)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
