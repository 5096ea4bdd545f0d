//! How types with a text form of their own look in the server's OpenAPI document.

use crate::{
    AccountId, AccountNumber, DeviceId, Els, Epoch, FileId, HouseId, Incarnation, MeterId, MeterValue, OperationId,
    Period, ReadingId, UserId,
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
    DeviceId: "UUID of a device",
    Epoch: "UUID of one life of the server's database",
    FileId: "The SHA-256 of a file's content: 64 hex digits in lower case",
    HouseId: "UUID of a house",
    Incarnation: "UUID of one life of a device's outbox",
    MeterId: "UUID of a meter",
    OperationId: "UUIDv7 of an operation, minted on the device",
    ReadingId: "UUID of a reading, minted on the device",
    UserId: "UUID of a person",
    AccountNumber: "4 to 13 digits",
    Els: "The account's number in the state's system, 70АА123456",
    MeterValue: "An exact decimal with a point, 460.604",
    Period: "A calendar month, 2026-10",
}
