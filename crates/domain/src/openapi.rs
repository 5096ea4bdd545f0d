//! How types with a text form of their own look in the server's OpenAPI document.

use crate::announcement::{Headline, WebLink};
use crate::{
    AccountId, AccountNumber, AnnouncementId, BillId, DepartmentId, DeviceId, Els, Epoch, FileId, FileName, HouseId,
    Incarnation, IncidentId, LineRate, MessageId, MessageText, MeterId, MeterValue, OperationId, PaymentId,
    PaymentPartId, Period, QuestionId, ReadingId, StaffId, SubtypeId, TicketId, TicketTypeId, UserId, Volume,
};
use std::borrow::Cow;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};
use utoipa::{PartialSchema, ToSchema};

macro_rules! as_text {
    ($($type:ident: $means:literal),+ $(,)?) => {$(
        impl PartialSchema for $type {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new().schema_type(Type::String).description(Some($means)).into()
            }
        }
        impl ToSchema for $type {
            fn name() -> Cow<'static, str> { Cow::Borrowed(stringify!($type)) }
        }
    )+};
}

as_text! {
    AccountId: "UUID of a personal account",
    AnnouncementId: "UUID of a news item, a poll or an offer, minted on the device",
    BillId: "UUID of a bill",
    PaymentId: "UUID of a payment, minted on the device",
    PaymentPartId: "UUID of what one account gets of a payment",
    DepartmentId: "UUID of a department of the utility",
    DeviceId: "UUID of a device",
    Epoch: "UUID of one life of the server's database",
    FileId: "The SHA-256 of a file's content: 64 hex digits in lower case",
    HouseId: "UUID of a house",
    IncidentId: "UUID of a mass outage, minted on the device",
    Incarnation: "UUID of one life of a device's outbox",
    MessageId: "UUID of a message, minted on the device",
    MeterId: "UUID of a meter",
    OperationId: "UUIDv7 of an operation, minted on the device",
    QuestionId: "UUID of a question that was asked without signing in",
    ReadingId: "UUID of a reading, minted on the device",
    StaffId: "UUID of somebody who works for the utility",
    SubtypeId: "UUID of a kind of trouble",
    TicketId: "UUID of a ticket, minted on the device",
    TicketTypeId: "UUID of a type of tickets",
    UserId: "UUID of a person",
    FileName: "The name of a file without a path",
    Headline: "One line of at most 120 characters",
    WebLink: "An address that begins with https://",
    MessageText: "At most 4000 characters",
    AccountNumber: "4 to 13 digits",
    Els: "The account's number in the state's system, 70АА123456",
    LineRate: "Roubles for a unit with at most six decimals and a point, 32.85",
    MeterValue: "An exact decimal with a point, 460.604",
    Volume: "An exact decimal with at most seven decimals and a point, 4.215",
    Period: "A calendar month, 2026-10",
}

impl PartialSchema for crate::Payee {
    fn schema() -> RefOr<Schema> {
        crate::PayeeText::schema()
    }
}

impl ToSchema for crate::Payee {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Payee")
    }
}
