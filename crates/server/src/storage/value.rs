//! What travels between the statements and the program.

use super::StoreError;
use chrono::NaiveDate;
use domain::{
    AccountId, AnnouncementId, BillId, DepartmentId, DeviceId, Epoch, FileId, HouseId, Incarnation, IncidentId,
    Kopecks, MessageId, MeterId, OperationId, PaymentId, PaymentPartId, Period, QuestionId, ReadingId, StaffId,
    SubtypeId, TicketId, UserId,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use wire::feed::Scope;

/// A value of a column or a parameter: the few types that every database has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// No value.
    Null,
    /// A whole number.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// Reads a column as a type of the program.
pub trait FromValue: Sized {
    /// `None` when the column holds something else.
    fn from_value(value: &Value) -> Option<Self>;
}

impl Value {
    /// A value as JSON text. `Null` never happens for the types of this program, which all have a JSON form.
    pub fn json<T: Serialize>(value: &T) -> Result<Self, StoreError> {
        serde_json::to_string(value).map(Self::Text).map_err(|error| StoreError::Json(error.to_string()))
    }

    /// The text of an enum that is one word in JSON, without its quotes.
    pub fn word<T: Serialize>(value: &T) -> Result<Self, StoreError> {
        match serde_json::to_value(value) {
            Ok(serde_json::Value::String(word)) => Ok(Self::Text(word)),
            Ok(_) => Err(StoreError::Json("not one word".into())),
            Err(error) => Err(StoreError::Json(error.to_string())),
        }
    }
}

/// A word written by [`Value::word`].
pub(super) fn read_word<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Int(i64::from(flag))
    }
}

impl From<u8> for Value {
    fn from(number: u8) -> Self {
        Self::Int(i64::from(number))
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Int(i64::from(number))
    }
}

/// What is counted here in 64 bits (sizes of files) never comes near the half that an `i64` lacks.
impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Blob(bytes)
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Blob(bytes.to_vec())
    }
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(bytes: [u8; N]) -> Self {
        Self::Blob(bytes.to_vec())
    }
}

impl From<Kopecks> for Value {
    fn from(sum: Kopecks) -> Self {
        Self::Int(sum.0)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Int(number) = value { Some(*number) } else { None }
    }
}

impl FromValue for bool {
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).map(|number| number != 0)
    }
}

impl FromValue for u8 {
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).and_then(|number| Self::try_from(number).ok())
    }
}

impl FromValue for u64 {
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).and_then(|number| Self::try_from(number).ok())
    }
}

impl FromValue for u32 {
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).and_then(|number| Self::try_from(number).ok())
    }
}

impl FromValue for String {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Text(text) = value { Some(text.clone()) } else { None }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Blob(bytes) = value { Some(bytes.clone()) } else { None }
    }
}

impl FromValue for Kopecks {
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).map(Self)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        if *value == Value::Null { Some(None) } else { T::from_value(value).map(Some) }
    }
}

/// Types that are text in the database: written by `Display`, read by the given function.
macro_rules! as_text {
    ($($type:ty => $read:expr),+ $(,)?) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self { Self::Text(value.to_string()) }
        }
        impl FromValue for $type {
            fn from_value(value: &Value) -> Option<Self> {
                let Value::Text(text) = value else { return None };
                let read: fn(&str) -> Option<Self> = $read;
                read(text)
            }
        }
    )+};
}

as_text! {
    Uuid => |text| Uuid::parse_str(text).ok(),
    UserId => |text| text.parse().ok(),
    AccountId => |text| text.parse().ok(),
    HouseId => |text| text.parse().ok(),
    MeterId => |text| text.parse().ok(),
    ReadingId => |text| text.parse().ok(),
    TicketId => |text| text.parse().ok(),
    SubtypeId => |text| text.parse().ok(),
    StaffId => |text| text.parse().ok(),
    DepartmentId => |text| text.parse().ok(),
    AnnouncementId => |text| text.parse().ok(),
    IncidentId => |text| text.parse().ok(),
    QuestionId => |text| text.parse().ok(),
    PaymentId => |text| text.parse().ok(),
    PaymentPartId => |text| text.parse().ok(),
    MessageId => |text| text.parse().ok(),
    OperationId => |text| text.parse().ok(),
    DeviceId => |text| text.parse().ok(),
    Incarnation => |text| text.parse().ok(),
    Epoch => |text| text.parse().ok(),
    FileId => |text| text.parse().ok(),
    BillId => |text| text.parse().ok(),
    Scope => |text| text.parse().ok(),
    Period => |text| Period::try_from(text.to_owned()).ok(),
    NaiveDate => |text| text.parse().ok(),
}
