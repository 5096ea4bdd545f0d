//! What changed on the server, in one order for everybody, each seeing only their scopes.

use crate::entity::Entity;
use domain::{AccountId, Epoch, HouseId, OperationId, UserId};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// Who sees a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Everybody, signed in or not.
    Public,
    /// One person.
    User(UserId),
    /// All who have attached the account.
    Account(AccountId),
    /// All who have an account in the house.
    House(HouseId),
    /// The dispatchers.
    Desk,
    /// The support.
    SupportDesk,
    /// Those who write news, polls and offers.
    Editors,
}

/// Where a desktop stands in the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Cursor {
    /// The life of the server's database.
    pub epoch: Epoch,
    /// All rows up to and including this position have been seen.
    pub seq: i64,
    /// The name of the row at `seq` ([`Page::name`]); another name there means a restored database. Nil before the first row.
    pub name: Uuid,
}

/// `GET /v1/feed?epoch=…&seq=…&name=…&limit=…`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page {
    /// The rows of the caller's scopes, ascending.
    pub rows: Vec<Row>,
    /// The position up to which this page is complete. The cursor moves here.
    pub through: i64,
    /// The name of the row at `through`.
    pub name: Uuid,
    /// Whether there is more above `through` right now.
    pub more: bool,
    /// The position up to which the server's data are in a backup: results and bodies up to here may be forgotten by the device.
    #[serde(default)]
    pub backed_up: i64,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Row {
    /// The position.
    pub seq: i64,
    /// Who sees it.
    pub scope: Scope,
    /// The operation that made it. Seeing one's own acknowledges it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<OperationId>,
    /// What changed.
    pub change: Change,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// The entity is now this. Its version is the row's position.
    Put {
        /// The entity.
        entity: Entity,
    },
    /// The entity is gone.
    Gone {
        /// Its kind, as [`Entity::kind`] gives it.
        kind: String,
        /// Its id.
        id: Uuid,
    },
    /// The caller now sees this scope: fetch its snapshot.
    Granted {
        /// The scope.
        scope: Scope,
    },
    /// The caller no longer sees this scope: drop its entities.
    Revoked {
        /// The scope.
        scope: Scope,
    },
    /// An operation was decided without an effect (rejected or withdrawn).
    Decided,
}

/// `GET /v1/snapshot?scope=…&after=…&limit=…`: all entities of one scope, in pages, each page at its own `through`.
///
/// Entities come in the order of their ids; a change that is made between two pages also comes through the feed,
/// because the cursor that follows is the `through` of the *first* page.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Snapshot {
    /// The database's life.
    pub epoch: Epoch,
    /// Entities with the position of their last change.
    pub entities: Vec<Versioned>,
    /// Ask on after this id; `None` when this was the last page.
    pub next: Option<Uuid>,
    /// The position at which this page was read.
    pub through: i64,
    /// The name of the row at `through`.
    pub name: Uuid,
}

/// An entity with the position of its last change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Versioned {
    /// The position of the row that last changed it.
    pub version: i64,
    /// The entity.
    pub entity: Entity,
}

/// `GET /v1/scopes`: every scope the caller sees, for a first synchronisation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Scopes {
    /// The scopes.
    pub scopes: Vec<Scope>,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public => f.write_str("public"),
            Self::User(id) => write!(f, "user:{id}"),
            Self::Account(id) => write!(f, "account:{id}"),
            Self::House(id) => write!(f, "house:{id}"),
            Self::Desk => f.write_str("desk"),
            Self::SupportDesk => f.write_str("support_desk"),
            Self::Editors => f.write_str("editors"),
        }
    }
}

/// The text names no scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a scope")]
pub struct ScopeError;

impl FromStr for Scope {
    type Err = ScopeError;
    fn from_str(text: &str) -> Result<Self, ScopeError> {
        let Some((kind, id)) = text.split_once(':') else {
            return match text {
                "public" => Ok(Self::Public),
                "desk" => Ok(Self::Desk),
                "support_desk" => Ok(Self::SupportDesk),
                "editors" => Ok(Self::Editors),
                _ => Err(ScopeError),
            };
        };
        let id = Uuid::parse_str(id).map_err(|_| ScopeError)?;
        match kind {
            "user" => Ok(Self::User(UserId::new(id))),
            "account" => Ok(Self::Account(AccountId::new(id))),
            "house" => Ok(Self::House(HouseId::new(id))),
            _ => Err(ScopeError),
        }
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Scope {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::{ObjectBuilder, schema::Type};
        let means = "Who sees it: public, user:UUID, account:UUID, house:UUID, desk, support_desk or editors";
        ObjectBuilder::new().schema_type(Type::String).description(Some(means)).into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Scope {
    fn name() -> std::borrow::Cow<'static, str> {
        "Scope".into()
    }
}

impl Serialize for Scope {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
