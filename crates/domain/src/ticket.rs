//! Tickets (заявки): what a resident asks of the utility, and how the emergency service works on it.

pub mod deadline;
pub mod number;
pub mod rating;
pub mod short_name;
pub mod status;

pub use number::TicketNumber;
pub use rating::Rating;
pub use short_name::short_name;
pub use status::{Party, Refusal, Status};
