//! Sending letters over SMTP.

use super::queue::{self, Letter};
use crate::config::{MailSecurity, MailSettings};
use crate::server::App;
use crate::storage::StoreError;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, SinglePart};
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{self, authentication::Credentials};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use std::error::Error as _;
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// So many letters are looked up at once.
const AT_ONCE: i64 = 50;

/// Why a letter was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// The mail server refuses this letter, and will refuse it again: a receiver that is none.
    #[error("the mail server refuses the letter: {0}")]
    Refused(String),
    /// This time: no connection, a greylisting, a wrong password that somebody will correct.
    #[error("the mail server does not take it now: {0}")]
    Later(String),
}

/// Why the mail server would take no letter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreachable {
    /// Nobody listens there.
    #[error("no connection")]
    Down,
    /// It said nothing in time.
    #[error("no answer in time")]
    Silent,
    /// Not encrypted as the settings say, or by somebody who is not trusted.
    #[error("no trusted encryption")]
    Encryption,
    /// It has no such encryption, or no way to sign in.
    #[error("the encryption or the sign-in is not offered")]
    NotOffered,
    /// It does not know the login or the password.
    #[error("the credentials are refused")]
    Credentials,
    /// It refuses, with this code.
    #[error("the mail server answers {0}")]
    Answers(String),
}

impl From<smtp::Error> for Unreachable {
    fn from(error: smtp::Error) -> Self {
        if let Some(code) = error.status() {
            let code = code.to_string();
            // 530, 534, 535: RFC 4954.
            return if code.starts_with("53") { Self::Credentials } else { Self::Answers(code) };
        }
        if error.is_timeout() {
            return Self::Silent;
        }
        if error.is_client() {
            return Self::NotOffered;
        }
        // What is no encryption, or a bad one, comes as data that cannot be read.
        if error.is_tls() || io_kind(&error) == Some(io::ErrorKind::InvalidData) {
            return Self::Encryption;
        }
        Self::Down
    }
}

fn io_kind(error: &smtp::Error) -> Option<io::ErrorKind> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<io::Error>() {
            return Some(found.kind());
        }
        cause = error.source();
    }
    None
}

/// Sends letters to one mail server.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    domain: String,
}

impl Mailer {
    /// With the settings, which were checked.
    pub fn new(settings: &MailSettings, utility: &str) -> Result<Self, MailError> {
        let later = |error: smtp::Error| MailError::Later(error.to_string());
        let encrypted = || TlsParameters::new(settings.host.clone()).map_err(later);
        let tls = match settings.security {
            MailSecurity::None => Tls::None,
            MailSecurity::Starttls => Tls::Required(encrypted()?),
            MailSecurity::Tls => Tls::Wrapper(encrypted()?),
        };
        let address: Address = settings.from.parse().map_err(|_| MailError::Refused("from".into()))?;
        let domain = address.domain().to_owned();
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(tls)
            .hello_name(ClientId::Domain(domain.clone()))
            .timeout(Some(Duration::from_secs(settings.timeout_s.into())));
        if let Some(user) = &settings.user {
            builder = builder.credentials(Credentials::new(user.clone(), settings.password.clone()));
        }
        Ok(Self { transport: builder.build(), from: Mailbox::new(Some(utility.to_owned()), address), domain })
    }

    /// Goes as far as a letter would: connects, encrypts, signs in, and leaves.
    pub async fn reach(&self) -> Result<(), Unreachable> {
        match self.transport.test_connection().await? {
            true => Ok(()),
            false => Err(Unreachable::Down),
        }
    }

    /// Sends one letter. Returns when the mail server has taken it.
    pub async fn send(&self, letter: &Letter) -> Result<(), MailError> {
        let refused = |error: String| MailError::Refused(error);
        let to: Address = letter.receiver.parse().map_err(|_| refused("no address".into()))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(&letter.subject)
            .message_id(Some(format!("<{}@{}>", letter.event, self.domain)))
            .header(lettre::message::header::ContentTransferEncoding::Base64)
            .singlepart(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(letter.body.clone()))
            .map_err(|error| refused(error.to_string()))?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            // 550 for a receiver that is none. A refused sender or password is the settings' fault and may be mended.
            Err(error)
                if error.is_permanent() && error.status().is_some_and(|code| code.to_string().starts_with("55")) =>
            {
                Err(MailError::Refused(code(&error)))
            }
            Err(error) => Err(MailError::Later(code(&error))),
        }
    }
}

/// The server's code. Its words may hold the receiver's address, which does not belong into a log.
fn code(error: &smtp::Error) -> String {
    error.status().map_or_else(|| "no answer".to_owned(), |code| code.to_string())
}

/// Sends all letters whose time has come; how many the mail server took. A mail server that takes nothing now is left
/// alone until the next time.
pub async fn send_due(app: &Arc<App>) -> Result<usize, StoreError> {
    let Some(mailer) = &app.mailer else { return Ok(0) };
    let mut taken = 0;
    loop {
        let now_ms = app.clock.now_ms();
        let letters = app.store.read(move |sql| queue::due(sql, now_ms, AT_ONCE)).await?;
        if letters.is_empty() {
            return Ok(taken);
        }
        for letter in letters {
            let (event, wanted) = (letter.event, letter.clone());
            if !app.store.write(move |tx| queue::take(tx, &wanted)).await?.value {
                continue;
            }
            match mailer.send(&letter).await {
                Ok(()) => {
                    app.store.write(move |tx| queue::sent(tx, event)).await?;
                    taken += 1;
                }
                Err(error @ MailError::Refused(_)) => {
                    tracing::warn!(%event, %error, "a letter is given up");
                    app.store.write(move |tx| queue::give_up(tx, event)).await?;
                }
                Err(error) => {
                    tracing::warn!(%event, %error, "letters wait");
                    return Ok(taken);
                }
            }
        }
    }
}
