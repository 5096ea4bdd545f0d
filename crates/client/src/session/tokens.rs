//! The right to speak to the server: a short access token in memory, a refresh token in the encrypted queue file.
//!
//! A refresh token is good once. The new one is on the disk before the access token that came with it is used; if
//! its answer is lost on the way, the old one is shown again, which the server takes while the new one is unused.

use crate::calls::{Call, CallError};
use crate::engine::{Auth, AuthPause, Engine};
use crate::ports::{Clock, Transport};
use async_trait::async_trait;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use tokio::sync::{Mutex, Notify, watch};
use wire::problem::Code;
use wire::session::{Refresh, Session};
use zeroize::Zeroizing;

/// The name of the refresh token in the encrypted file.
const REFRESH_TOKEN: &str = "refresh_token";
/// An access token is not used in its last half minute: the request would arrive too late.
const MARGIN_MS: i64 = 30_000;

/// The tokens of one person.
pub(crate) struct Tokens {
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    engine: watch::Sender<Option<Weak<Engine>>>,
    /// Held over a refresh: two at once would spend one token twice.
    held: Mutex<Held>,
    online: AtomicBool,
    /// Wakes whoever shows whether the server knows of this session.
    pub(crate) changed: Notify,
}

#[derive(Default)]
struct Held {
    access: Option<Access>,
    refresh: Saved,
}

struct Access {
    token: Zeroizing<String>,
    until_boot_ms: i64,
    boot_id: String,
}

/// What is known of the refresh token on the disk.
#[derive(Default)]
enum Saved {
    /// Not looked yet.
    #[default]
    Unread,
    /// There is none.
    None,
    /// This one.
    Token(Zeroizing<String>),
}

impl Held {
    fn of(session: &Session, clock: &dyn Clock) -> Self {
        let now = clock.read();
        let good_ms = i64::try_from(session.access_expires_s).unwrap_or(0).saturating_mul(1000);
        let access = Access {
            token: Zeroizing::new(session.access_token.clone()),
            until_boot_ms: now.boot_ms.saturating_add(good_ms),
            boot_id: now.boot_id,
        };
        Self { access: Some(access), refresh: Saved::Token(Zeroizing::new(session.refresh_token.clone())) }
    }
}

impl Tokens {
    /// Tokens of a session that the server opened just now, or of one that may be on the disk.
    pub(crate) fn new(transport: Arc<dyn Transport>, clock: Arc<dyn Clock>, session: Option<&Session>) -> Self {
        let held = session.map(|session| Held::of(session, clock.as_ref())).unwrap_or_default();
        Self {
            transport,
            clock,
            engine: watch::Sender::new(None),
            held: Mutex::new(held),
            online: AtomicBool::new(session.is_some()),
            changed: Notify::new(),
        }
    }

    /// The engine whose file keeps the refresh token. Before this the engine's questions wait.
    pub(crate) fn attach(&self, engine: &Arc<Engine>) {
        self.engine.send_replace(Some(Arc::downgrade(engine)));
    }

    /// Whether the server knows of this session.
    pub(crate) fn online(&self) -> bool {
        self.online.load(Ordering::Relaxed)
    }

    /// Takes a session that the server opened just now.
    pub(crate) async fn take(&self, session: &Session) {
        let mut held = self.held.lock().await;
        self.keep(&mut held, session).await;
    }

    /// Forgets both tokens; gives the access token, if it is still good, so that the server can be told.
    pub(crate) async fn forget(&self) -> Option<Zeroizing<String>> {
        let mut held = self.held.lock().await;
        let access = held.access.take().filter(|access| self.is_good(access));
        held.refresh = Saved::None;
        self.save(None).await;
        self.set_online(false);
        access.map(|access| access.token)
    }

    /// Takes the refresh token off the disk without waiting for a refresh that is on its way.
    pub(crate) async fn erase(&self) {
        self.save(None).await;
    }

    /// Whether a refresh token is saved.
    pub(crate) async fn saved(&self) -> bool {
        let mut held = self.held.lock().await;
        self.read(&mut held).await;
        matches!(held.refresh, Saved::Token(_))
    }

    async fn keep(&self, held: &mut Held, session: &Session) {
        self.save(Some(&session.refresh_token)).await;
        *held = Held::of(session, self.clock.as_ref());
        self.set_online(true);
    }

    /// Says whether the server knows of this session.
    pub(crate) fn set_online(&self, online: bool) {
        if self.online.swap(online, Ordering::Relaxed) != online {
            self.changed.notify_one();
        }
    }

    fn is_good(&self, access: &Access) -> bool {
        let now = self.clock.read();
        now.boot_id == access.boot_id && now.boot_ms + MARGIN_MS < access.until_boot_ms
    }

    async fn engine(&self) -> Option<Arc<Engine>> {
        let mut attached = self.engine.subscribe();
        let engine = attached.wait_for(Option::is_some).await.ok()?.clone();
        engine?.upgrade()
    }

    async fn save(&self, token: Option<&str>) {
        let Some(engine) = self.engine().await else { return };
        if let Err(error) = engine.set_secret(REFRESH_TOKEN, token.map(str::as_bytes)).await {
            // The session goes on in memory; after a restart the person signs in again, and the queue waits for it.
            tracing::error!(%error, "the refresh token was not saved");
        }
    }

    async fn read(&self, held: &mut Held) {
        if !matches!(held.refresh, Saved::Unread) {
            return;
        }
        let Some(engine) = self.engine().await else { return };
        match engine.secret(REFRESH_TOKEN).await {
            Ok(Some(bytes)) => {
                held.refresh = String::from_utf8(bytes).map_or(Saved::None, |text| Saved::Token(Zeroizing::new(text)));
            }
            Ok(None) => held.refresh = Saved::None,
            // Stays unread: the next try may succeed.
            Err(error) => tracing::error!(%error, "the refresh token was not read"),
        }
    }

    async fn refresh(&self, held: &mut Held) -> Result<String, AuthPause> {
        self.read(held).await;
        let token = match &held.refresh {
            Saved::Token(token) => token,
            Saved::None => return Err(AuthPause::SignIn),
            // The disk did not answer; that is no reason to ask a person for their password.
            Saved::Unread => return Err(AuthPause::Busy { retry_after_ms: None }),
        };
        let body = Refresh { refresh_token: token.as_str().to_owned() };
        let answer = Call::post("/v1/session/refresh").tell::<Session>(self.transport.as_ref(), &body).await;
        match answer {
            Ok(session) => {
                self.keep(held, &session).await;
                Ok(session.access_token)
            }
            Err(CallError::Offline) => Err(AuthPause::Offline),
            Err(CallError::Portal) => Err(AuthPause::Portal),
            Err(CallError::Busy { retry_after_ms }) => Err(AuthPause::Busy { retry_after_ms }),
            Err(CallError::Problem(Code::UpgradeNeeded)) => Err(AuthPause::Upgrade),
            Err(CallError::Problem(Code::LockedOut { retry_after_s })) => {
                let wait_ms = i64::try_from(retry_after_s).unwrap_or(i64::MAX).saturating_mul(1000);
                Err(AuthPause::Busy { retry_after_ms: Some(wait_ms) })
            }
            Err(CallError::Problem(_)) => {
                held.refresh = Saved::None;
                self.save(None).await;
                self.set_online(false);
                Err(AuthPause::SignIn)
            }
        }
    }
}

#[async_trait]
impl Auth for Tokens {
    async fn access_token(&self) -> Result<String, AuthPause> {
        let mut held = self.held.lock().await;
        if let Some(access) = held.access.as_ref().filter(|access| self.is_good(access)) {
            return Ok(access.token.as_str().to_owned());
        }
        self.refresh(&mut held).await
    }

    async fn refused(&self, token: &str) {
        let mut held = self.held.lock().await;
        // Another task may have refreshed meanwhile; its token is not the refused one.
        if held.access.as_ref().is_some_and(|access| access.token.as_str() == token) {
            held.access = None;
        }
    }
}
