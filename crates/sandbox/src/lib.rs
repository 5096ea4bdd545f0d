//! The outer world, played over real sockets: the call robot of SMSC.ru, a mail server, and a [bank].
//!
//! The server talks to the sandbox exactly as to the real service; only the base address in its settings differs.
//! What a person would do with the telephone is done on the page at `/`: it shows whom the robot called and what
//! it said. `POST /control` turns the knobs of the service's failures ([`knobs::Knobs`]), `GET /said?phone=79…`
//! gives the calls as JSON, newest first; `GET /letters?to=…` gives the letters that came over SMTP, and
//! `POST /mail/control` turns the knobs of the mail server ([`postbox::MailKnobs`]).

pub mod bank;
pub mod knobs;
mod page;
pub mod postbox;
pub mod robot;
mod smsc;
mod smtp;

use axum::Router;
use axum::routing::{get, post};
use bank::Bank;
use postbox::Postbox;
use robot::Robot;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A sandbox that listens. It stops when it is dropped or when [`Running::stop`] is called.
#[derive(Debug)]
pub struct Running {
    /// Where it listens; with port 0 asked for, the port that was free.
    pub addr: SocketAddr,
    /// The robot, for tests that would rather not go over HTTP.
    pub robot: Arc<Robot>,
    /// The bank, likewise.
    pub bank: Arc<Bank>,
    /// Where the mail server listens.
    pub smtp: SocketAddr,
    /// The letters, likewise.
    pub postbox: Arc<Postbox>,
    mail: JoinHandle<()>,
    sessions: JoinHandle<()>,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<std::io::Result<()>>>,
}

impl Running {
    /// The address for the server's setting, `http://127.0.0.1:PORT`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Lets the calls in progress end, then stops.
    pub async fn stop(mut self) -> std::io::Result<()> {
        drop(self.stop.take());
        match self.task.take() {
            Some(task) => task.await.map_err(std::io::Error::other)?,
            None => Ok(()),
        }
    }

    /// Waits until it ends by itself, which it does only when the socket breaks.
    pub async fn wait(mut self) -> std::io::Result<()> {
        match self.task.take() {
            Some(task) => task.await.map_err(std::io::Error::other)?,
            None => Ok(()),
        }
    }
}

/// The mail server and the bank's clock go with the rest.
impl Drop for Running {
    fn drop(&mut self) {
        self.mail.abort();
        self.sessions.abort();
    }
}

/// Starts to listen at `listen`, for example `127.0.0.1:0`, and for mail at any free port of this computer.
pub async fn start(listen: &str) -> std::io::Result<Running> {
    start_with_mail(listen, "127.0.0.1:0").await
}

/// Starts to listen at `listen`, and for mail at `smtp`.
pub async fn start_with_mail(listen: &str, smtp: &str) -> std::io::Result<Running> {
    let robot = Arc::new(Robot::default());
    let postbox = Arc::new(Postbox::default());
    let mail_listener = tokio::net::TcpListener::bind(smtp).await?;
    let smtp = mail_listener.local_addr()?;
    let mail = tokio::spawn(smtp::serve(mail_listener, Arc::clone(&postbox)));
    let listener = tokio::net::TcpListener::bind(listen).await?;
    let addr = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let bank = Arc::new(Bank::new(format!("http://{addr}")));
    let sessions = tokio::spawn(bank::watch(Arc::clone(&bank)));
    let app =
        routes(robot.clone()).merge(page::mail_routes(Arc::clone(&postbox))).merge(bank::routes(Arc::clone(&bank)));
    let task = tokio::spawn(async move {
        // Dropping the sender is the signal: a sandbox that went out of scope must not keep its port.
        axum::serve(listener, app).with_graceful_shutdown(async { drop(stopped.await) }).await
    });
    Ok(Running { addr, robot, bank, smtp, postbox, mail, sessions, stop: Some(stop), task: Some(task) })
}

fn routes(robot: Arc<Robot>) -> Router {
    Router::new()
        .route("/", get(page::page))
        .route("/said", get(page::said))
        .route("/control", post(knobs::control).get(knobs::show))
        .route("/sys/send.php", get(smsc::send).post(smsc::send))
        .route("/sys/status.php", get(smsc::status).post(smsc::status))
        .route("/sys/balance.php", get(smsc::balance).post(smsc::balance))
        .with_state(robot)
}
