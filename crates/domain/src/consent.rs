//! Consent to the processing of personal data (152-ФЗ ст. 9; a document of its own since 01.09.2025).

use serde::{Deserialize, Serialize};

/// Which document was agreed to: its version and the SHA-256 of its exact text, in hex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ConsentRef {
    /// The document's version, as the utility counts them.
    pub version: String,
    /// SHA-256 of the document's UTF-8 text, 64 hex digits.
    pub sha256: String,
}
