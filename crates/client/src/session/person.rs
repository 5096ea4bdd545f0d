//! The person who is signed in.

use super::tokens::Tokens;
use crate::calls::{Call, CallError};
use crate::conversations::Conversations;
use crate::desk::Desk;
use crate::drafts::Drafts;
use crate::engine::{Auth, AuthPause, Engine};
use crate::files::{Bringer, Files};
use crate::overlay::profile::profile;
use crate::overlay::tickets::gather::Beside;
use crate::overlay::{gather, picture::Picture};
use crate::payments::Payments;
use crate::ports::Transport;
use crate::report::Fault;
use crate::vault::DataKey;
use crate::view::{SessionView, Workplace};
use async_trait::async_trait;
use bytes::Bytes;
use chrono_tz::Tz;
use domain::ticket::Party;
use domain::{Phone, Source, UserId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::Arc;
use wire::problem::Code;

/// The name of [`Known`] in the encrypted file.
const KNOWN: &str = "person";

/// What was known of the person at sign-in, until the mirror tells it.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Known {
    /// The login.
    pub(crate) phone: String,
    /// ФИО, after a registration.
    #[serde(default)]
    pub(crate) name: String,
}

/// The person who is signed in.
pub(crate) struct Person {
    /// The id.
    pub(crate) user: UserId,
    /// Queue and mirror.
    pub(crate) engine: Arc<Engine>,
    /// The right to speak to the server.
    pub(crate) tokens: Arc<Tokens>,
    /// For the keyring, when the person wants to be remembered.
    pub(crate) key: DataKey,
    /// What is written and not sent.
    pub(crate) drafts: Drafts,
    /// What is kept of conversations.
    pub(crate) conversations: Conversations,
    /// What a desk keeps in memory; empty for a resident.
    pub(crate) desk: Desk,
    /// Photos and files that are here.
    pub(crate) files: Files,
    /// What is kept of paying.
    pub(crate) payments: Payments,
    /// Held while pictures are fetched that nobody asked for yet.
    pub(crate) fetching_ahead: tokio::sync::Mutex<()>,
    known: Known,
}

impl Person {
    /// A person whose data are open. `known` is kept for the next start; what was kept before is taken otherwise.
    pub(crate) async fn new(
        user: UserId,
        engine: Arc<Engine>,
        tokens: Arc<Tokens>,
        key: DataKey,
        known: Option<Known>,
    ) -> Result<Self, Fault> {
        let kept = engine.secret(KNOWN).await?.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let mut kept: Known = kept.unwrap_or_default();
        if let Some(known) = known {
            let name = if known.name.is_empty() { kept.name } else { known.name };
            kept = Known { phone: known.phone, name };
            let bytes = serde_json::to_vec(&kept).map_err(|error| Fault::Defect(error.to_string()))?;
            engine.set_secret(KNOWN, Some(&bytes)).await?;
        }
        let (drafts, conversations) = (Drafts::open(&engine).await?, Conversations::open(&engine).await?);
        let (files, payments) = (Files::open(&engine).await?, Payments::open(&engine).await?);
        let (desk, fetching_ahead) = (Desk::default(), tokio::sync::Mutex::default());
        Ok(Self {
            user,
            engine,
            tokens,
            key,
            drafts,
            conversations,
            desk,
            files,
            payments,
            fetching_ahead,
            known: kept,
        })
    }

    /// What they enter from now on is entered on that side.
    pub(crate) fn stands(&self, side: Party) {
        if side == Party::Staff {
            self.engine.set_source(Source::Desk);
        }
    }

    /// What the pictures of tickets need beside the engine.
    pub(crate) fn beside(&self, zone: Tz) -> Beside {
        let (seen, drafts) = (self.conversations.seen(), self.drafts.written());
        Beside { user: self.user, zone, seen, drafts }
    }

    /// Who it is, as the window shows it.
    pub(crate) fn session(&self, zone: Tz) -> Result<SessionView, Fault> {
        let picture = gather::queue(&self.engine, zone)?;
        let shown = profile(&picture);
        let works = picture.profile.is_some_and(|(_, profile)| profile.work.is_some());
        let or = |mirrored: String, known: &str| if mirrored.is_empty() { known.to_owned() } else { mirrored };
        Ok(SessionView {
            user: self.user.to_string(),
            name: or(shown.name, &self.known.name),
            phone: or(shown.phone, &self.known.phone),
            online: self.tokens.online(),
            workplace: if works { Workplace::Desk } else { Workplace::Resident },
        })
    }

    /// The login, for people.
    pub(crate) fn pretty_phone(&self, mirrored: &str) -> String {
        let phone = if mirrored.is_empty() { &self.known.phone } else { mirrored };
        Phone::parse(phone).map_or_else(|_| phone.to_owned(), |phone| phone.pretty())
    }

    /// ФИО as known at sign-in.
    pub(crate) fn known_name(&self) -> &str {
        &self.known.name
    }

    /// Everything of this moment.
    pub(crate) fn picture(&self, zone: Tz) -> Result<Picture, Fault> {
        Ok(gather::everything(&self.engine, zone)?)
    }

    /// Makes a call in the person's name; a token that ran out meanwhile is renewed once.
    pub(crate) async fn call<T: DeserializeOwned>(
        &self,
        transport: &dyn Transport,
        method: &'static str,
        path: &str,
        body: Option<&(impl Serialize + Sync)>,
    ) -> Result<T, CallError> {
        let mut renewed = false;
        loop {
            let token = self.tokens.access_token().await.map_err(paused)?;
            let call = Call { method, path: path.to_owned(), bearer: None }.by(&token);
            let answer = match body {
                Some(body) => call.tell(transport, body).await,
                None => call.ask(transport).await,
            };
            match answer {
                Err(CallError::Problem(Code::SignInNeeded)) if !renewed => self.tokens.refused(&token).await,
                answer => return answer,
            }
            renewed = true;
        }
    }
}

/// Brings files in the person's name.
pub(crate) struct PersonBringer<'a> {
    pub(crate) person: &'a Person,
    pub(crate) transport: &'a dyn Transport,
}

#[async_trait]
impl Bringer for PersonBringer<'_> {
    async fn bring(&self, path: &str, range: Option<Range<u64>>) -> Result<Bytes, CallError> {
        let mut renewed = false;
        loop {
            let token = self.person.tokens.access_token().await.map_err(paused)?;
            let call = Call { method: "GET", path: path.to_owned(), bearer: None }.by(&token);
            match call.bytes(self.transport, range.clone()).await {
                Err(CallError::Problem(Code::SignInNeeded)) if !renewed => self.person.tokens.refused(&token).await,
                answer => return answer,
            }
            renewed = true;
        }
    }
}

const fn paused(pause: AuthPause) -> CallError {
    match pause {
        AuthPause::SignIn => CallError::Problem(Code::SignInNeeded),
        AuthPause::Offline => CallError::Offline,
        AuthPause::Portal => CallError::Portal,
        AuthPause::Busy { retry_after_ms } => CallError::Busy { retry_after_ms },
        AuthPause::Upgrade => CallError::Problem(Code::UpgradeNeeded),
    }
}
