//! Registration in three steps (manual §1): who, the code of the robot's call, the password.

use crate::session::DeviceInfo;
use domain::consent::ConsentRef;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `POST /v1/registration`, step 1.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = RegistrationStart))]
pub struct Start {
    /// The phone as typed.
    pub phone: String,
    /// ФИО.
    pub name: String,
    /// The consent given, with the document's version and hash.
    pub consent: ConsentRef,
}

/// The answer to step 1. The same for a known and an unknown phone.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Started {
    /// Names the registration in the next steps. A secret of this computer.
    pub registration: Uuid,
}

/// The answer to `POST /v1/registration/{registration}/call`, step 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Calling {
    /// How many digits the code has.
    pub digits: u8,
    /// For how many seconds the code is good.
    pub valid_s: u64,
    /// After how many seconds another call may be asked for.
    pub again_s: u64,
}

/// `POST /v1/registration/{registration}/code`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = PhoneCode))]
pub struct Code {
    /// What the robot said.
    pub code: String,
}

/// The answer to a right code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhoneProven {
    /// Whether this phone was registered before: then the new password replaces the old one.
    pub known: bool,
}

/// `POST /v1/registration/{registration}/password`, step 3; answered by a [`crate::session::Session`].
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = NewPassword))]
pub struct Password {
    /// The password.
    pub password: String,
    /// The computer.
    pub device: DeviceInfo,
}
