//! Where a PostgreSQL is and how it is reached: personal data never cross a network in the clear.

use super::super::StoreError;
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::tls::TlsStream;
use tokio_postgres::{AsyncMessage, Client, Config, Connection, NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

/// A checked address.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresSettings {
    config: Config,
    ca_file: Option<PathBuf>,
}

/// Why an address is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It does not read as one.
    #[error("the address of the database cannot be read")]
    Unreadable,
    /// It names no host.
    #[error("the address of the database names no host")]
    NoHost,
    /// It asks for a connection in the clear to another computer.
    #[error("a connection to {0} in the clear")]
    InTheClear(String),
}

/// How long a host that does not answer is waited for.
const CONNECT: Duration = Duration::from_secs(5);
/// How soon a dead network is noticed.
const SILENCE: Duration = Duration::from_secs(15);

impl fmt::Debug for PostgresSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresSettings({self})")
    }
}

/// Where it is, without the password.
impl fmt::Display for PostgresSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.config.get_hosts().first().map(name_of).unwrap_or_default();
        write!(f, "{host}/{}", self.config.get_dbname().unwrap_or_default())
    }
}

impl PostgresSettings {
    /// Reads `postgres://user:password@host/database`. On another computer the connection is encrypted, and the server
    /// shows a certificate that `ca_file`, or else the system, trusts.
    pub fn parse(url: &str, ca_file: Option<&Path>) -> Result<Self, AddressError> {
        let mut config: Config = url.parse().map_err(|_| AddressError::Unreadable)?;
        if config.get_hosts().is_empty() {
            return Err(AddressError::NoHost);
        }
        let far = config.get_hosts().iter().find(|host| !is_here(host)).map(name_of);
        match (far, config.get_ssl_mode()) {
            (Some(host), SslMode::Disable) => return Err(AddressError::InTheClear(host)),
            (Some(_), _) | (None, SslMode::Require) => config.ssl_mode(SslMode::Require),
            (None, _) => config.ssl_mode(SslMode::Disable),
        };
        config.application_name("zhkh-server");
        config.connect_timeout(CONNECT);
        config.keepalives_idle(SILENCE).keepalives_interval(SILENCE / 3).keepalives_retries(3);
        config.tcp_user_timeout(SILENCE);
        Ok(Self { config, ca_file: ca_file.map(Path::to_owned) })
    }

    /// Connects. Whoever holds the client has to read the messages too.
    pub(super) async fn connect(&self) -> Result<(Client, Messages), StoreError> {
        match self.tls()? {
            None => {
                let (client, connection) = self.config.connect(NoTls).await.map_err(|error| super::refused(&error))?;
                Ok((client, messages(connection)))
            }
            Some(tls) => {
                let (client, connection) = self.config.connect(tls).await.map_err(|error| super::refused(&error))?;
                Ok((client, messages(connection)))
            }
        }
    }

    /// The synchronous client, which refinery needs.
    pub(super) fn connect_blocking(&self) -> Result<::postgres::Client, StoreError> {
        let config = ::postgres::Config::from(self.config.clone());
        match self.tls()? {
            None => config.connect(NoTls),
            Some(tls) => config.connect(tls),
        }
        .map_err(|error| super::refused(&error))
    }

    fn tls(&self) -> Result<Option<MakeRustlsConnect>, StoreError> {
        if self.config.get_ssl_mode() != SslMode::Require {
            return Ok(None);
        }
        let failed = |why: String| StoreError::Open(why);
        let mut roots = RootCertStore::empty();
        match &self.ca_file {
            Some(file) => {
                let unreadable = |error: rustls::pki_types::pem::Error| failed(format!("{}: {error}", file.display()));
                for certificate in CertificateDer::pem_file_iter(file).map_err(unreadable)? {
                    let added = roots.add(certificate.map_err(unreadable)?);
                    added.map_err(|error| failed(format!("{}: {error}", file.display())))?;
                }
            }
            None => {
                roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            }
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| failed(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Some(MakeRustlsConnect::new(config)))
    }
}

/// What a server sends by itself. The connection lives as long as somebody reads them.
pub(super) type Messages = BoxStream<'static, Result<AsyncMessage, tokio_postgres::Error>>;

fn messages<T: TlsStream + Send + Unpin + 'static>(mut connection: Connection<Socket, T>) -> Messages {
    stream::poll_fn(move |context| connection.poll_message(context)).boxed()
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

fn name_of(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(url: &str) -> Result<SslMode, AddressError> {
        PostgresSettings::parse(url, None).map(|settings| settings.config.get_ssl_mode())
    }

    #[test]
    fn a_connection_to_another_computer_is_never_in_the_clear() {
        assert_eq!(mode("postgres://zhkh:secret@db.example/zhkh"), Ok(SslMode::Require));
        assert_eq!(mode("postgres://zhkh:secret@10.0.0.7/zhkh?sslmode=prefer"), Ok(SslMode::Require));
        assert_eq!(mode("postgres://zhkh:secret@127.0.0.1,10.0.0.7/zhkh"), Ok(SslMode::Require));
        let clear = mode("postgres://zhkh:secret@10.0.0.7/zhkh?sslmode=disable");
        assert_eq!(clear, Err(AddressError::InTheClear("10.0.0.7".into())));
        assert_eq!(mode("postgres://zhkh:secret@127.0.0.1/zhkh"), Ok(SslMode::Disable));
        assert_eq!(mode("postgres://zhkh:secret@127.0.0.1/zhkh?sslmode=require"), Ok(SslMode::Require));
        // Windows has no sockets among files.
        #[cfg(unix)]
        assert_eq!(mode("postgres:///zhkh?host=/run/postgresql"), Ok(SslMode::Disable));
    }

    #[test]
    fn an_address_that_leads_nowhere_is_not_taken() {
        assert_eq!(mode("zhkh"), Err(AddressError::Unreadable));
        assert_eq!(mode("postgres:///zhkh"), Err(AddressError::NoHost));
    }

    #[test]
    fn a_password_is_never_shown() {
        let settings = PostgresSettings::parse("postgres://zhkh:secret@db.example/zhkh", None).expect("an address");
        assert_eq!(format!("{settings:?} {settings}"), "PostgresSettings(db.example/zhkh) db.example/zhkh");
    }
}
