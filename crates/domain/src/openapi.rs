//! How types with a text form of their own look in the server's OpenAPI document.

use crate::{
    AccountId, AccountNumber, DepartmentId, DeviceId, Els, Epoch, FileId, FileName, HouseId, Incarnation, IncidentId,
    MessageId, MessageText, MeterId, MeterValue, OperationId, Period, QuestionId, ReadingId, StaffId, SubtypeId,
    TicketId, TicketTypeId, UserId,
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
    MessageText: "At most 4000 characters",
    AccountNumber: "4 to 13 digits",
    Els: "The account's number in the state's system, 70АА123456",
    MeterValue: "An exact decimal with a point, 460.604",
    Period: "A calendar month, 2026-10",
}
