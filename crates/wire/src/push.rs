//! Batches of operations, and what became of each.

use crate::operation::Sealed;
use crate::problem::Rejection;
use domain::{FileId, Incarnation, OperationId};
use serde::{Deserialize, Serialize};

/// `POST /v1/operations`, JSON, usually `content-encoding: zstd`. At most [`crate::MAX_BATCH`] items.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Batch {
    /// The life of the outbox that sends. A server that has seen another operation under the same device
    /// sequence of this life answers 409 `incarnation_conflict`.
    pub incarnation: Incarnation,
    /// The items, lanes in order.
    pub items: Vec<Item>,
}

/// One thing to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "do", rename_all = "snake_case", try_from = "FlatItem")]
pub enum Item {
    /// Apply an operation, or say again what became of it.
    Apply {
        /// Its sealed bytes.
        operation: Sealed,
        /// The operation before it in its lane that the server has or will have before, as long as the device keeps it: a
        /// settled one too, because a server that was restored from a copy may have forgotten it.
        /// Not part of the sealed bytes: discarding a rejected operation moves what follows it up.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<OperationId>,
    },
    /// Take back an operation that may have arrived. Final either way.
    Withdraw {
        /// The operation.
        id: OperationId,
    },
}

/// How an [`Item`] is read: serde reads a tagged enum through a buffer, in which sealed bytes would not stay as they are.
#[derive(Deserialize)]
struct FlatItem {
    #[serde(rename = "do")]
    deed: Deed,
    #[serde(default, deserialize_with = "as_it_is")]
    operation: Option<Sealed>,
    after: Option<OperationId>,
    id: Option<OperationId>,
}

/// Bytes that say `null` are there all the same.
fn as_it_is<'de, D: serde::Deserializer<'de>>(bytes: D) -> Result<Option<Sealed>, D::Error> {
    Sealed::deserialize(bytes).map(Some)
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Deed {
    Apply,
    Withdraw,
}

impl TryFrom<FlatItem> for Item {
    type Error = &'static str;
    fn try_from(flat: FlatItem) -> Result<Self, Self::Error> {
        match flat.deed {
            Deed::Apply => {
                let operation = flat.operation.ok_or("missing field `operation`")?;
                Ok(Self::Apply { operation, after: flat.after })
            }
            Deed::Withdraw => flat.id.map(|id| Self::Withdraw { id }).ok_or("missing field `id`"),
        }
    }
}

/// The answer to a batch: one result per item, in the order of the items.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BatchAnswer {
    /// The results.
    pub results: Vec<ItemResult>,
}

/// What became of one item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemResult {
    /// The operation meant.
    pub id: OperationId,
    /// Its fate.
    pub outcome: Outcome,
}

/// The fate of an operation. All but `Held`, `OutOfOrder`, `FilesMissing` and `Failed` are final and in the ledger for ever.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Outcome {
    /// It took effect, now or at an earlier delivery.
    Applied {
        /// The feed position of its effect.
        position: i64,
    },
    /// It will never take effect.
    Rejected {
        /// Why.
        rejection: Rejection,
        /// The feed position at which this was decided.
        position: i64,
    },
    /// It was taken back before it took effect, and will never take effect.
    Withdrawn {
        /// The feed position at which this was decided.
        position: i64,
    },
    /// Not done: the operation named in `after` was rejected.
    Held {
        /// The operation it waits for.
        by: OperationId,
    },
    /// Not done: the operation named in `after` has not arrived.
    OutOfOrder,
    /// Not done: these files are not on the server, or were lost there. They have to be uploaded (again).
    FilesMissing {
        /// The contents.
        files: Vec<FileId>,
    },
    /// Not done: this one operation makes the server fail. To be tried alone, later.
    Failed,
    /// The same id with other content is in the ledger.
    IdTaken,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_bytes_are_the_same_after_a_batch_was_read() {
        for text in [r#"{"id":"00000000-0000-0000-0000-000000000001",  "body":1.50}"#, "null"] {
            let item = Item::Apply { operation: Sealed::from_text(text.into()).expect("JSON"), after: None };
            let sent = serde_json::to_string(&item).expect("written");
            let Item::Apply { operation, after: None } = serde_json::from_str(&sent).expect("read") else {
                panic!("{sent}")
            };
            assert_eq!(operation.text(), text);
        }
        assert!(serde_json::from_str::<Item>(r#"{"do":"apply"}"#).is_err(), "an item without an operation");
    }
}
