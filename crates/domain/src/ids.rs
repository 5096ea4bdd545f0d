//! Identifiers. Each is its own type, so that a meter's id can never stand where an account's is meant.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Takes an identifier that was minted elsewhere.
            pub const fn new(id: Uuid) -> Self { Self(id) }
            /// The identifier as the wire and the databases hold it.
            pub const fn uuid(self) -> Uuid { self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { Uuid::parse_str(text).map(Self) }
        }
    )+};
}

id! {
    /// A person who signs in: resident, cashier, dispatcher.
    UserId,
    /// A personal account of the utility (лицевой счёт).
    AccountId,
    /// A house with one postal address.
    HouseId,
    /// A metering device (прибор учёта).
    MeterId,
    /// One submitted set of values of one meter.
    ReadingId,
    /// A ticket (заявка).
    TicketId,
    /// One message of a conversation.
    MessageId,
    /// A bill of one account for one month (платёжный документ).
    BillId,
    /// A payment: one order at the bank, for one account or several.
    PaymentId,
    /// What one account gets of a payment.
    PaymentPartId,
    /// A type of tickets.
    TicketTypeId,
    /// A kind of trouble within a type.
    SubtypeId,
    /// Somebody who works for the utility, whether they sign in or are only sent out.
    StaffId,
    /// A department of the utility.
    DepartmentId,
    /// A mass outage.
    IncidentId,
    /// A question that somebody asked without signing in.
    QuestionId,
    /// A news item, a poll or an offer.
    AnnouncementId,
    /// One operation of the outbox; minted on the device, kept for ever by the server's ledger.
    OperationId,
    /// A registered program on one computer, as the server knows it for one user.
    DeviceId,
    /// One life of a device's outbox file; a restored copy takes a new one.
    Incarnation,
    /// One life of the server's database; a restored copy takes a new one.
    Epoch,
}
