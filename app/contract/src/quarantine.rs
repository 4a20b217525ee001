//! What is kept apart, what staff decide about it, and what became of a receipt.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Something kept apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuarantineLine {
    /// The entry, or the second one of a conflict.
    pub id: Uuid,
    /// The entry's own id.
    pub entry: Uuid,
    /// The entry's kind, if it could be read.
    pub kind: Option<String>,
    /// Why, as a code.
    pub reason: String,
    /// The person's code, if known.
    pub person_code: Option<String>,
    /// The person, if known.
    pub person: Option<Uuid>,
    /// The project's code, if known.
    pub project_code: Option<String>,
    /// When it arrived.
    pub received_at: DateTime<Utc>,
    /// Its receipt; empty if it cannot be told any more.
    pub receipt: String,
    /// Something of it cannot be read; what can be is shown.
    #[serde(default)]
    pub damaged: bool,
}

/// `GET /api/v1/staff/quarantine`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Quarantine {
    /// Oldest first, at most 200.
    pub entries: Vec<QuarantineLine>,
    /// How many there are in all.
    pub total: u64,
    /// Of those that would stand here, how many cannot be read at all.
    #[serde(default)]
    pub damaged: u64,
}

/// What to do with something kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ResolutionAction {
    /// Try to apply it again, for example after an edition was imported.
    Retry,
    /// Take in answers that were given before their measurement opened (`occasion.not_open`). For any other reason as `retry`.
    Accept,
    /// Leave it out for good; the bytes stay.
    Dismiss,
}

/// `POST /api/v1/staff/quarantine/{entry}/resolution`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Resolution {
    /// What to do.
    pub action: ResolutionAction,
}

/// What became of a resolution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Resolved {
    /// Nothing is kept apart any more under this id.
    pub settled: bool,
    /// The reason that still holds, if it is not.
    pub reason: Option<String>,
}

/// `GET /api/v1/staff/receipts/{receipt}`. Receipts of nine characters, from before they were longer, may be of two entries of a
/// busy minute. What stands here outside `entries` is about the first of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReceiptStatus {
    /// The receipt.
    pub receipt: String,
    /// `stored`, `quarantined`, `conflict` or `gone`.
    pub outcome: String,
    /// Why, where it is not `stored`.
    pub reason: Option<String>,
    /// The entry's kind, if it could be read.
    pub kind: Option<String>,
    /// When it arrived.
    pub received_at: DateTime<Utc>,
    /// The person's code, where the account may see it.
    pub person_code: Option<String>,
    /// All entries with this receipt that the account may see, the first one among them.
    #[serde(default)]
    pub entries: Vec<ReceiptEntry>,
}

/// One entry of a receipt; the fields as in [`ReceiptStatus`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReceiptEntry {
    /// `stored`, `quarantined`, `conflict` or `gone`.
    pub outcome: String,
    /// Why, where it is not `stored`.
    pub reason: Option<String>,
    /// The entry's kind, if it could be read.
    pub kind: Option<String>,
    /// When it arrived.
    pub received_at: DateTime<Utc>,
    /// The person's code, where the account may see it.
    pub person_code: Option<String>,
}
