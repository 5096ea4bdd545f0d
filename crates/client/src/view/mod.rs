//! What the window is shown and what it may ask: the contract between the core and `ui/`.
//!
//! Every type here has a TypeScript twin under `ui/src/platform/bindings/`, written by a test of this crate.
//! Dates are `YYYY-MM-DD` in the utility's zone, instants are milliseconds since 1970 UTC, money is kopecks,
//! meter values are decimal strings with a point. The window formats them and judges nothing.

mod accounts;
mod announcements;
mod boot;
mod desk;
mod editing;
mod event;
mod failure;
mod money;
mod profile;
mod queue;
mod readings;
mod registration;
mod settings;
mod tickets;

pub use accounts::*;
pub use announcements::*;
pub use boot::*;
pub use desk::*;
pub use editing::*;
pub use event::*;
pub use failure::*;
pub use money::*;
pub use profile::*;
pub use queue::*;
pub use readings::*;
pub use registration::*;
pub use settings::*;
pub use tickets::*;

/// Derives what every view type needs, and exports its TypeScript twin.
macro_rules! view {
    ($($(#[$meta:meta])* pub $keyword:ident $name:ident $body:tt)+) => {$(
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
        #[ts(export)]
        $(#[$meta])*
        pub $keyword $name $body
    )+};
}
use view;
