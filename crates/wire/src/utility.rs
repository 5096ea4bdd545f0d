//! The utility as everybody sees it, signed in or not.

use domain::AttachmentLimits;
use serde::{Deserialize, Serialize};

/// `GET /v1/utility`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Utility {
    /// «МУП «КС г. Новочебоксарска»».
    pub name: String,
    /// Two letters for the logo's square, «КС».
    pub initials: String,
    /// The accent hue of the window, 0–360.
    pub accent_hue: u16,
    /// The IANA name of the zone in which days begin, «Europe/Moscow».
    pub zone: String,
    /// The emergency service's phone, round the clock.
    pub emergency_phone: String,
    /// The support.
    pub support: Office,
    /// «Абонентская служба».
    pub subscriber_office: Office,
    /// How many digits the robot's code has.
    pub code_digits: u8,
    /// What may be attached to a ticket or a message today. The window hears of it beside what it can attach to.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(skip))]
    pub attachments: AttachmentRules,
}

/// What may be attached.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttachmentRules {
    /// How large, and how many in one message.
    pub limits: AttachmentLimits,
    /// The kinds, by their contents: `image/jpeg`. None named: not told, the server decides.
    #[serde(default)]
    pub media: Vec<String>,
}

/// Where to turn to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Office {
    /// The phone, as people read it.
    pub phone: String,
    /// «пн–пт, 8:00–17:00».
    pub hours: String,
    /// The e-mail.
    pub email: String,
    /// The address; may be empty.
    pub address: String,
}

/// `GET /v1/consent`: the document in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Consent {
    /// Its version.
    pub version: String,
    /// SHA-256 of `text`, hex.
    pub sha256: String,
    /// The heading.
    pub title: String,
    /// The exact text; paragraphs are separated by blank lines.
    pub text: String,
}
