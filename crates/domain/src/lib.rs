//! The rules of a municipal utility, without I/O and without a clock.
//!
//! Everything here is a pure function of its arguments: the time, the utility's settings and the
//! meter's past are passed in. The desktop and the server ask the same functions, so a person
//! hears the same answer before sending as after.

pub mod account_number;
pub mod address;
pub mod announcement;
pub mod attachment;
pub mod bill;
pub mod capture;
pub mod consent;
pub mod consumption;
pub mod dated;
pub mod decimal;
pub mod dial;
pub mod els;
pub mod email;
pub mod ids;
pub mod kopecks;
pub mod message_text;
pub mod meter_kind;
pub mod meter_value;
#[cfg(feature = "openapi")]
mod openapi;
pub mod password;
pub mod payee;
pub mod payment;
pub mod payment_qr;
pub mod penalty;
pub mod period;
pub mod person_name;
pub mod phone;
pub mod qr_code;
pub mod rate;
pub mod reading_check;
pub mod reading_delivery;
pub mod reading_window;
pub mod source;
pub mod ticket;
pub mod working_time;

pub use account_number::AccountNumber;
pub use attachment::{AttachmentLimits, FileId, FileName, Media};
pub use bill::{BillLine, BillSums};
pub use capture::Capture;
pub use decimal::{LineRate, Volume};
pub use dial::Dial;
pub use els::Els;
pub use email::Email;
pub use ids::*;
pub use kopecks::Kopecks;
pub use message_text::MessageText;
pub use meter_kind::{MeterKind, Unit};
pub use meter_value::MeterValue;
pub use payee::{Payee, PayeeText};
pub use payment::{PaymentRules, PaymentStatus, PaymentWay};
pub use period::Period;
pub use person_name::PersonName;
pub use phone::Phone;
pub use rate::Rate;
pub use reading_window::{ReadingWindow, WindowState};
pub use source::Source;
