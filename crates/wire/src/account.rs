//! Attaching an account: number, masked address, a proof from the bill, confirmation. Online only.

use domain::{AccountId, Kopecks, Period};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `POST /v1/accounts/lookup`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lookup {
    /// The number as typed.
    pub number: String,
}

/// What a stranger may see of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Found {
    /// The canonical number.
    pub number: String,
    /// Town and street; house and flat are hidden.
    pub masked_address: String,
}

/// `POST /v1/accounts/prove`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Prove {
    /// The number as typed.
    pub number: String,
    /// Something only the bill tells.
    pub proof: Proof,
}

/// A proof from the bill.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Proof {
    /// The sum to pay and its month.
    Sum {
        /// «Итого к оплате».
        sum: Kopecks,
        /// The bill's month.
        period: Period,
    },
    /// The text of the payment QR code (ГОСТ Р 56042-2014).
    Qr {
        /// The decoded text.
        text: String,
    },
}

/// The answer to a right proof: now the address may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Proven {
    /// Confirms the attachment within ten minutes.
    pub token: Uuid,
    /// The number.
    pub number: String,
    /// The full address, for comparison.
    pub address: String,
}

/// `POST /v1/accounts/attach`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attach {
    /// From [`Proven`].
    pub token: Uuid,
}

/// The answer to an attachment; the account itself comes through the feed. `DELETE /v1/accounts/{account}` detaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attached {
    /// The account.
    pub account: AccountId,
    /// The feed position of the grant.
    pub position: i64,
}
