//! Signing in and staying signed in.

use domain::{DeviceId, UserId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// `POST /v1/session`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignIn {
    /// What the person typed; the server parses it.
    pub phone: String,
    /// The password.
    pub password: String,
    /// The computer.
    pub device: DeviceInfo,
}

/// What the server learns about a computer.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceInfo {
    /// The device, if it is known for this person already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<DeviceId>,
    /// «Windows 11», «Debian 12»: for the list of devices in the profile.
    pub system: String,
    /// The program's version.
    pub version: String,
}

/// The answer to a sign-in, a refresh, and the last step of registration.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// The person.
    pub user: UserId,
    /// The device under which this session runs.
    pub device: DeviceId,
    /// For `authorization: Bearer`, short-lived.
    pub access_token: String,
    /// Seconds for which it is good.
    pub access_expires_s: u64,
    /// Good once; a second use signs the device out everywhere.
    pub refresh_token: String,
    /// 32 bytes in base64, the same at every sign-in of this person on this device: a third wrapping of the local key.
    pub device_secret: String,
}

/// `POST /v1/session/refresh`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refresh {
    /// The token of the last answer.
    pub refresh_token: String,
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignIn(…)")
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Session({:?}, {:?})", self.user, self.device)
    }
}

impl fmt::Debug for Refresh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Refresh(…)")
    }
}
