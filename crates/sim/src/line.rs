//! The network: a line for each computer, with the weather on it. What left a computer goes on without it: a program
//! that dies does not call its requests back.

use crate::clocks::TrueTime;
use crate::dice::Dice;
use crate::life::Life;
use crate::room::Room;
use crate::tally::Tally;
use crate::trace::{Trace, short_hash};
use crate::weather::{self, Between, Way, Weather};
use async_trait::async_trait;
use bytes::Bytes;
use client::ports::{Request, Response, Transport, TransportError, UploadStep};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// After this long without an answer the program gives a request up, as the real transport does.
const PATIENCE: Duration = Duration::from_secs(30);

/// What all lines share.
pub struct Network {
    /// The server's room.
    pub room: Arc<Room>,
    /// The trace.
    pub trace: Arc<Trace>,
    /// What occurred.
    pub tally: Arc<Tally>,
    /// The time.
    pub time: Arc<TrueTime>,
    /// The network's own dice.
    pub dice: Dice,
    /// How many late copies are on their way.
    pub late: AtomicU64,
}

/// The line of one computer.
pub struct Line {
    network: Arc<Network>,
    name: usize,
    weather: Mutex<Weather>,
    pushes: AtomicU64,
}

/// The line as one run of a program holds it.
pub struct Plug {
    line: Arc<Line>,
    life: Arc<Life>,
}

impl Line {
    /// A line in good weather.
    pub fn new(network: Arc<Network>, name: usize) -> Arc<Self> {
        Arc::new(Self { network, name, weather: Mutex::default(), pushes: AtomicU64::new(0) })
    }

    /// The weather now.
    pub fn weather(&self) -> Weather {
        *self.weather.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the weather.
    pub fn set(&self, weather: Weather) {
        self.network.trace.note(format!("line {}: {weather:?}", self.name));
        *self.weather.lock().unwrap_or_else(PoisonError::into_inner) = weather;
    }

    /// How many batches were pushed over it.
    pub fn pushes(&self) -> u64 {
        self.pushes.load(Ordering::Relaxed)
    }

    /// Gives it to a run of a program.
    pub fn plug(self: &Arc<Self>, life: Arc<Life>) -> Plug {
        Plug { line: Arc::clone(self), life }
    }

    fn from(&self) -> SocketAddr {
        SocketAddr::from(([10, 0, 0, u8::try_from(self.name).unwrap_or(250)], 40_000))
    }

    fn count(&self, what: &'static str) {
        self.network.tally.count(what);
    }

    fn draws(&self, percent: u32) -> bool {
        percent > 0 && self.network.dice.percent(percent)
    }

    /// Takes a request there and brings the answer back.
    async fn carry(self: Arc<Self>, request: Request) -> Result<Response, TransportError> {
        let dice = &self.network.dice;
        let weather = self.weather();
        match weather.way {
            Way::NoRoute => {
                self.count("no_route");
                tokio::time::sleep(Duration::from_millis(dice.between(1, 400))).await;
                return Err(TransportError::NoConnection("no route".into()));
            }
            Way::Hole => return self.swallowed("request_lost").await,
            Way::Open => {}
        }
        let push = request.path == "/v1/operations";
        if push && weather.swallow_pushes {
            return self.swallowed("push_swallowed").await;
        }
        let slow = self.draws(weather.slow);
        if slow {
            self.count("answer_slow");
        }
        tokio::time::sleep(weather::delay(dice, slow)).await;
        if weather.between == Between::Portal {
            let (page, kind) = weather::portal(dice);
            self.count(kind);
            return Ok(page);
        }
        if self.draws(weather.lose_requests) {
            return self.swallowed("request_lost").await;
        }
        let proxied = weather.between == Between::Proxy && dice.percent(60);
        // A proxy may give up before the server has heard of anything, or after it has done everything.
        let before = proxied && dice.percent(50);
        if before {
            return Ok(self.proxy("bad_gateway_before_the_effect"));
        }
        if let Some(UploadStep::Write { bytes, .. }) = &request.upload
            && self.draws(weather.lose_requests.max(weather.truncate))
        {
            // The server keeps what came of it.
            self.count("upload_cut");
            let whole = u64::try_from(bytes.len()).unwrap_or(0);
            let cut = usize::try_from(dice.between(0, whole)).unwrap_or(0);
            self.deliver(request, Some(cut)).await;
            return self.swallowed("request_lost").await;
        }
        if self.draws(weather.double) {
            self.count("request_doubled");
            self.clone().send_copy(request.clone(), weather::delay(dice, slow));
        }
        if self.draws(weather.late_copies) {
            self.clone().send_copy(request.clone(), weather::much_later(dice));
        }
        let Some(answer) = self.deliver(request, None).await else {
            self.count("server_down");
            if dice.percent(30) {
                return Ok(self.proxy("bad_gateway_before_the_effect"));
            }
            return Err(TransportError::AnswerLost("the server hung up".into()));
        };
        if proxied {
            return Ok(self.proxy("bad_gateway_after_the_effect"));
        }
        tokio::time::sleep(weather::delay(dice, slow && dice.percent(50))).await;
        if self.weather().way != Way::Open || self.draws(weather.lose_answers) {
            return self.swallowed("answer_lost").await;
        }
        if self.draws(weather.truncate) && !answer.bytes.is_empty() {
            self.count("answer_truncated");
            if dice.percent(50) {
                return Err(TransportError::AnswerLost("cut".into()));
            }
            let whole = u64::try_from(answer.bytes.len()).unwrap_or(1);
            let kept = usize::try_from(dice.between(0, whole)).unwrap_or(0);
            return Ok(Response { bytes: answer.bytes.slice(..kept), ..answer });
        }
        Ok(answer)
    }

    fn proxy(&self, what: &'static str) -> Response {
        let (page, kind) = weather::proxy(&self.network.dice, self.network.time.ms());
        self.count(if kind == "bad_gateway" { what } else { kind });
        page
    }

    /// No answer comes: at once with a reset, or never.
    async fn swallowed(&self, what: &'static str) -> Result<Response, TransportError> {
        self.count(what);
        if self.network.dice.percent(50) {
            tokio::time::sleep(PATIENCE * 2).await;
        }
        Err(TransportError::AnswerLost("reset".into()))
    }

    /// A copy of a request arrives by itself; nobody waits for its answer.
    fn send_copy(self: Arc<Self>, request: Request, after: Duration) {
        self.network.late.fetch_add(1, Ordering::Relaxed);
        tokio::spawn(async move {
            tokio::time::sleep(after).await;
            self.network.late.fetch_sub(1, Ordering::Relaxed);
            if after > Duration::from_secs(60) {
                self.count("copy_came_late");
            }
            self.network.trace.note(format!("line {}: a copy of {} {}", self.name, request.method, request.path));
            self.deliver(request, None).await;
        });
    }

    async fn deliver(&self, request: Request, cut: Option<usize>) -> Option<Response> {
        let body = request.body.as_ref().map_or_else(String::new, |body| short_hash(&body.bytes));
        let what = format!("line {}: {} {} {body}", self.name, request.method, request.path);
        if request.path == "/v1/session/refresh" {
            self.count("access_token_ran_out");
        }
        let request_path = request.path.clone();
        let answer = self.network.room.answer(request, cut, self.from()).await;
        match (request_path.as_str(), answer.as_ref().map(|answer| answer.status)) {
            ("/v1/session/refresh", Some(401)) => self.count("refresh_refused"),
            ("/v1/operations", Some(409)) => self.count("new_life_of_a_computer"),
            _ => {}
        }
        let told = match &answer {
            Some(answer) => format!("{} {}", answer.status, short_hash(&answer.bytes)),
            None => "no server".to_owned(),
        };
        self.network.trace.note(format!("{what} -> {told}"));
        answer
    }

    /// Carries a stream of events until it is cut, or falls silent.
    async fn stream(self: Arc<Self>, request: Request, out: mpsc::UnboundedSender<Result<Bytes, TransportError>>) {
        let Some((mut body, server)) = self.network.room.listen(request, self.from()).await else { return };
        let weather = self.weather();
        let until = Duration::from_millis(self.network.dice.between(1_000, 300_000));
        let spoilt = tokio::time::Instant::now() + until;
        let mut muted = false;
        loop {
            let next = if weather.cut_live {
                match tokio::time::timeout_at(spoilt, server.of(body.next())).await {
                    Ok(next) => next,
                    Err(_) => {
                        self.count("live_cut");
                        let _ = out.send(Err(TransportError::AnswerLost("cut".into())));
                        return;
                    }
                }
            } else {
                server.of(body.next()).await
            };
            let Some(Some(Ok(bytes))) = next else { return };
            tokio::time::sleep(weather::delay(&self.network.dice, false)).await;
            let silent = self.weather().way != Way::Open || (weather.mute_live && tokio::time::Instant::now() > spoilt);
            if silent && !muted {
                self.count("live_silent");
            }
            // What fell silent once stays so: nobody says that the stream is over.
            muted |= silent;
            if !muted && out.send(Ok(bytes)).is_err() {
                return;
            }
            if out.is_closed() {
                return;
            }
        }
    }
}

#[async_trait]
impl Transport for Plug {
    async fn call(&self, request: Request) -> Result<Response, TransportError> {
        if self.life.is_dead() {
            return std::future::pending().await;
        }
        if request.path == "/v1/operations" {
            self.line.pushes.fetch_add(1, Ordering::Relaxed);
        }
        let (tell, told) = oneshot::channel();
        let line = Arc::clone(&self.line);
        tokio::spawn(async move {
            // The program may have given up, or be gone.
            let _ = tell.send(line.carry(request).await);
        });
        match tokio::time::timeout(PATIENCE, told).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) | Err(_) => Err(TransportError::AnswerLost("no answer in time".into())),
        }
    }

    async fn events(
        &self,
        request: Request,
    ) -> Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError> {
        if self.life.is_dead() {
            return std::future::pending().await;
        }
        let weather = self.line.weather();
        let dice = &self.line.network.dice;
        tokio::time::sleep(weather::delay(dice, false)).await;
        match weather.way {
            Way::NoRoute => return Err(TransportError::NoConnection("no route".into())),
            // A connection that was taken and never answered.
            Way::Hole => return std::future::pending().await,
            Way::Open => {}
        }
        let proxied = weather.between == Between::Proxy && dice.percent(60);
        if weather.between == Between::Portal || proxied || self.line.draws(weather.lose_requests) {
            return Err(TransportError::AnswerLost("no stream of events".into()));
        }
        let (out, events) = mpsc::unbounded_channel();
        tokio::spawn(Arc::clone(&self.line).stream(request, out));
        Ok(futures_util::stream::unfold(events, |mut events| async move {
            let next = events.recv().await?;
            Some((next, events))
        })
        .boxed())
    }
}
