//! Through whom something reached the utility.

use serde::{Deserialize, Serialize};

/// The source of a reading or another record (docs/domain.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The resident's own program.
    ResidentApp,
    /// A terminal at the utility's office.
    Kiosk,
    /// The cashier at the window.
    Cashier,
    /// The dispatcher, or an operator by telephone.
    Phone,
    /// The workplace of a dispatcher or of the support.
    Desk,
    /// A controller's visit.
    ControllerVisit,
    /// A paper slip.
    Paper,
    /// A registry file.
    Import,
    /// The meter itself.
    Remote,
}
