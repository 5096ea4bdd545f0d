//! [`Value`] as PostgreSQL wants it: by the type of the parameter, by the type of the column. Never a float.

use super::super::Value;
use bytes::{BufMut as _, BytesMut};
use std::error::Error;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

type Refusal = Box<dyn Error + Sync + Send>;

/// A parameter that [fits](misfit).
#[derive(Debug)]
pub(super) struct Parameter<'a>(pub(super) &'a Value);

/// A column.
pub(super) struct Column(pub(super) Value);

/// Why a value cannot be bound to a parameter of this type, if it cannot.
pub(super) fn misfit(value: &Value, kind: &Type) -> Option<String> {
    let fits = match (value, kind) {
        (Value::Null, _) | (Value::Int(_), &Type::INT8 | &Type::BOOL) | (Value::Blob(_), &Type::BYTEA) => true,
        (Value::Int(number), &Type::INT4) => i32::try_from(*number).is_ok(),
        (Value::Int(number), &Type::INT2) => i16::try_from(*number).is_ok(),
        (Value::Text(_), &Type::TEXT | &Type::VARCHAR | &Type::NAME) => true,
        _ => false,
    };
    (!fits).then(|| format!("{} for a parameter of type {kind}", name_of(value)))
}

impl ToSql for Parameter<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Refusal> {
        match (self.0, kind) {
            (Value::Null, _) => return Ok(IsNull::Yes),
            (Value::Int(number), &Type::INT4) => out.put_i32(i32::try_from(*number)?),
            (Value::Int(number), &Type::INT2) => out.put_i16(i16::try_from(*number)?),
            (Value::Int(number), &Type::BOOL) => out.put_u8(u8::from(*number != 0)),
            (Value::Int(number), _) => out.put_i64(*number),
            (Value::Text(text), _) => out.put_slice(text.as_bytes()),
            (Value::Blob(bytes), _) => out.put_slice(bytes),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Column {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Refusal> {
        Ok(Self(match *kind {
            Type::INT8 => Value::Int(i64::from_sql(kind, raw)?),
            Type::INT4 => Value::Int(i64::from(i32::from_sql(kind, raw)?)),
            Type::INT2 => Value::Int(i64::from(i16::from_sql(kind, raw)?)),
            Type::BOOL => Value::from(bool::from_sql(kind, raw)?),
            Type::TEXT | Type::VARCHAR | Type::NAME => Value::Text(String::from_sql(kind, raw)?),
            Type::BYTEA => Value::Blob(raw.to_vec()),
            _ => return Err(format!("a column of type {kind}").into()),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Refusal> {
        Ok(Self(Value::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

const fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "no value",
        Value::Int(_) => "a number",
        Value::Text(_) => "a text",
        Value::Blob(_) => "bytes",
    }
}
