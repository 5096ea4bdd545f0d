//! A program of the same resident that speaks the protocol by hand: it sends what it is told, where it is told, as often
//! as it is told.

use crate::drill::Drill;
use crate::job::now_ms;
use anyhow::Context;
use domain::{Capture, Incarnation, MeterId, MeterValue, OperationId, ReadingId, Source, UserId};
use futures_util::{Stream, StreamExt};
use rand::rngs::StdRng;
use reqwest::{Method, RequestBuilder, StatusCode};
use std::pin::Pin;
use uuid::Uuid;
use wire::live::Wake;
use wire::operation::{Body, Operation, RenameMeter, Sealed, SubmitReading};
use wire::push::{Batch, BatchAnswer, Item, Outcome};
use wire::session::{DeviceInfo, Session, SignIn};
use zhkh_system_tests::bridge::PATIENCE;
use zhkh_system_tests::entries::{Entered, Kind};
use zhkh_system_tests::resident::Resident;
use zhkh_system_tests::until::until;

/// Signed in, with a life of an outbox of its own.
pub struct Hand {
    http: reqwest::Client,
    token: String,
    user: UserId,
    /// Its number among devices.
    device: usize,
    incarnation: Incarnation,
    device_seq: u64,
}

/// A batch, and what it is to be compared with.
pub struct Sent {
    pub batch: Batch,
    pub entered: Vec<(OperationId, Entered)>,
}

/// What a server said to a batch.
#[derive(Debug)]
pub enum Said {
    /// What became of every operation.
    Done(Vec<Outcome>),
    /// It cannot now. Nothing is final: a program of ours tries again.
    NotNow(StatusCode),
}

impl Hand {
    /// Another device of a resident who is registered.
    pub async fn sign_in(url: &str, resident: &Resident, device: usize) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        let info = DeviceInfo { id: None, system: "Debian 12".into(), version: "0.1.0".into() };
        let body = SignIn { phone: resident.phone.clone(), password: resident.password.clone(), device: info };
        let request = http.post(format!("{url}/v1/session")).header(wire::PROTOCOL_HEADER, wire::PROTOCOL);
        let session: Session = request.json(&body).send().await?.error_for_status()?.json().await?;
        let (token, user) = (session.access_token, session.user);
        Ok(Self { http, token, user, device, incarnation: Incarnation::new(Uuid::new_v4()), device_seq: 0 })
    }

    /// Something to send: entries about these meters in turn, each naming the one before it in its lane.
    pub fn batch(
        &mut self,
        drill: &mut Drill,
        meters: &[usize],
        count: usize,
        dice: &mut StdRng,
    ) -> anyhow::Result<Sent> {
        let mut sent =
            Sent { batch: Batch { incarnation: self.incarnation, items: vec![] }, entered: Vec::with_capacity(count) };
        let mut last = vec![None; meters.len()];
        for number in 0..count {
            let wanted = drill.next_of(meters[number % meters.len()], dice);
            let entered = drill.entered(self.device, &wanted);
            let operation = self.operation(&entered)?;
            let after = last[number % meters.len()].replace(operation.id);
            sent.batch.items.push(Item::Apply { operation: Sealed::seal(&operation)?, after });
            sent.entered.push((operation.id, entered));
        }
        Ok(sent)
    }

    fn operation(&mut self, entered: &Entered) -> anyhow::Result<Operation> {
        let meter = MeterId::new(entered.meter.parse().context("the id of a meter")?);
        let body = match entered.kind {
            Kind::Name => Body::RenameMeter(RenameMeter { meter, name: entered.text.clone() }),
            Kind::Reading => Body::SubmitReading(SubmitReading {
                reading: ReadingId::new(Uuid::now_v7()),
                meter,
                values: vec![MeterValue::parse(&entered.text).ok().context("a value")?],
                confirmed: vec![],
                early: false,
            }),
        };
        self.device_seq += 1;
        Ok(Operation {
            id: OperationId::new(Uuid::now_v7()),
            actor: self.user,
            on_behalf_of: None,
            source: Source::ResidentApp,
            incarnation: self.incarnation,
            device_seq: self.device_seq,
            lane: body.lane(self.user),
            captured: Capture {
                wall_ms: now_ms()?,
                server_offset_ms: Some(0),
                boot_ms: 1,
                boot_id: "by hand".into(),
                anchored: true,
            },
            base_version: None,
            replaces: None,
            body,
        })
    }

    fn request(&self, method: Method, url: String) -> RequestBuilder {
        self.http.request(method, url).header(wire::PROTOCOL_HEADER, wire::PROTOCOL).bearer_auth(&self.token)
    }

    /// Sends a batch to a server. An error means that there was no answer.
    pub async fn push(&self, url: &str, sent: &Sent) -> anyhow::Result<Said> {
        let request = self.request(Method::POST, format!("{url}/v1/operations"));
        let answer = request.json(&sent.batch).timeout(PATIENCE).send().await?;
        let status = answer.status();
        if status.is_success() {
            let answer: BatchAnswer = answer.json().await?;
            return Ok(Said::Done(answer.results.into_iter().map(|result| result.outcome).collect()));
        }
        anyhow::ensure!(status.is_server_error(), "a final answer: {status}: {}", answer.text().await?);
        Ok(Said::NotNow(status))
    }

    /// Sends a batch until it is answered, wherever it has got to before, and writes it down. Gives the positions.
    pub async fn deliver(&self, url: &str, sent: Sent, drill: &mut Drill) -> anyhow::Result<Vec<i64>> {
        let outcomes = until("an answer to a batch", PATIENCE, || async {
            match self.push(url, &sent).await? {
                Said::Done(outcomes) => Ok(outcomes),
                Said::NotNow(status) => anyhow::bail!("the server answers {status}"),
            }
        })
        .await?;
        let positions = positions(&outcomes)?;
        for (operation, entered) in sent.entered {
            drill.entries.add(&operation.to_string(), entered, Some(false));
        }
        Ok(positions)
    }

    /// The positions that a server's live stream tells from now on; the first is where the feed stands.
    pub async fn live(&self, url: &str) -> anyhow::Result<Pin<Box<dyn Stream<Item = anyhow::Result<i64>> + Send>>> {
        let answer = self.request(Method::GET, format!("{url}/v1/live")).send().await?.error_for_status()?;
        let events = answer.bytes_stream().filter_map(|bytes| async {
            let text = match bytes {
                Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
                Err(error) => return Some(Err(error.into())),
            };
            // An event is written whole; between events come empty comments. Only the highest position counts.
            let data = text.lines().rev().find_map(|line| line.strip_prefix("data:"))?;
            Some(serde_json::from_str::<Wake>(data).map(|wake| wake.seq).map_err(Into::into))
        });
        Ok(Box::pin(events))
    }
}

/// All were applied; where.
pub fn positions(outcomes: &[Outcome]) -> anyhow::Result<Vec<i64>> {
    let position = |outcome: &Outcome| match outcome {
        Outcome::Applied { position } => Ok(*position),
        other => anyhow::bail!("not applied: {other:?}"),
    };
    outcomes.iter().map(position).collect()
}

/// Waits until a stream has told a position at or above this one.
pub async fn is_woken(
    live: &mut (impl Stream<Item = anyhow::Result<i64>> + Unpin),
    position: i64,
) -> anyhow::Result<()> {
    let woken = async {
        while let Some(told) = live.next().await {
            if told? >= position {
                return Ok(());
            }
        }
        anyhow::bail!("the stream ended")
    };
    tokio::time::timeout(PATIENCE, woken).await.with_context(|| format!("nobody was woken for position {position}"))?
}
