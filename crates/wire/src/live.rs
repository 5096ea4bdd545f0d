//! `GET /v1/live`: server-sent events that only wake. They carry positions, never content.

use serde::{Deserialize, Serialize};

/// The data of one event named `position`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Wake {
    /// There is something for the caller at or below this position.
    pub seq: i64,
}
