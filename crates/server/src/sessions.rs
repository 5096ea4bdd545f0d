//! Who is calling: passwords, tokens, devices.
//!
//! An access token is short-lived. A refresh token is good once; but an answer can be lost, so the token before the
//! current one stays good until the current one was used. A token older than that is a copy in somebody's hands: the
//! device is signed out everywhere.

mod device;
mod passwords;
mod refresh;
mod sign_in;
mod tokens;

pub(crate) use device::cut;
pub use device::{Device, enrol};
pub use passwords::Passwords;
pub use refresh::refresh;
pub use sign_in::{Login, SignInTry, admit, finish};
pub use tokens::{caller, end, end_all, open, sweep};

use domain::{DeviceId, UserId};
use uuid::Uuid;

/// A person who showed a good access token.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The person.
    pub user: UserId,
    /// Their device.
    pub device: DeviceId,
    /// The sign-in.
    pub session: Uuid,
    /// The network address, for the access log.
    pub origin: String,
}
