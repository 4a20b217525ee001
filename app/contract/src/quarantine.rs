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
    /// Goes into `?after=` for the next page, if there is one.
    #[serde(default)]
    pub next: Option<String>,
}

/// Whose entries: in paths the person's id, or `unknown` for those of whom nobody is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Whose {
    /// A person's.
    Person(Uuid),
    /// Nobody knows: staff or a rescue file named somebody who is not found.
    Unknown,
}

/// How nobody is named in paths.
const UNKNOWN: &str = "unknown";

impl Whose {
    /// The person, if one is known.
    #[must_use]
    pub const fn person(self) -> Option<Uuid> {
        match self {
            Self::Person(id) => Some(id),
            Self::Unknown => None,
        }
    }
}

impl From<Option<Uuid>> for Whose {
    fn from(person: Option<Uuid>) -> Self {
        person.map_or(Self::Unknown, Self::Person)
    }
}

impl std::fmt::Display for Whose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Person(id) => id.fmt(f),
            Self::Unknown => f.write_str(UNKNOWN),
        }
    }
}

impl From<Whose> for String {
    fn from(whose: Whose) -> Self {
        whose.to_string()
    }
}

impl TryFrom<String> for Whose {
    type Error = uuid::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text == UNKNOWN {
            return Ok(Self::Unknown);
        }
        Uuid::parse_str(&text).map(Self::Person)
    }
}

/// How many are kept apart for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReasonCount {
    /// Why, as a code.
    pub reason: String,
    /// How many.
    pub count: u64,
}

/// What is kept apart of one person, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuarantinePerson {
    /// The person; nobody for all whom nobody knows together.
    pub person: Option<Uuid>,
    /// The person's code, if known.
    pub person_code: Option<String>,
    /// The project's code, if known.
    pub project_code: Option<String>,
    /// How many entries, conflicts among them.
    pub entries: u64,
    /// How many for each reason, most first.
    pub reasons: Vec<ReasonCount>,
    /// When the first of them arrived; missing where that cannot be read.
    pub oldest: Option<DateTime<Utc>>,
    /// When the last of them arrived; missing where that cannot be read.
    pub newest: Option<DateTime<Utc>>,
    /// Something of it cannot be read; what can be is shown.
    #[serde(default)]
    pub damaged: bool,
}

/// `GET /api/v1/staff/quarantine/people`: `next` goes into `?after=`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuarantinePeople {
    /// Whoever has waited longest first.
    pub people: Vec<QuarantinePerson>,
    /// How many entries there are in all, those of other pages among them.
    pub total: u64,
    /// The next page, if there is one.
    pub next: Option<String>,
}

/// `GET /api/v1/staff/quarantine/people/{whose}`: `next` goes into `?after=`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuarantineOf {
    /// All that is kept apart of that person, in numbers.
    pub of: QuarantinePerson,
    /// Those asked for, oldest first, a page of them.
    pub entries: Vec<QuarantineLine>,
    /// Of those that would stand on this page, how many cannot be read at all.
    #[serde(default)]
    pub damaged: u64,
    /// The next page, if there is one.
    pub next: Option<String>,
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
    /// Leave it out for good. Its content is deleted; its receipt, reason and times stay.
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

/// What to do with all that is kept apart of one person. What somebody has to vouch for (`accept`, and entries that nothing proves) is
/// decided one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ManyAction {
    /// Try to apply them again, at most 50 in one request. Conflicts and `entry.unsigned` are left as they are.
    Retry,
    /// Leave them out for good, at most 500 in one request. Their content is deleted; receipts, reasons and times stay.
    Dismiss,
}

/// `POST /api/v1/staff/quarantine/people/{whose}/resolution`. One request settles a part of it; the next one carries `next` of the answer
/// as `after`, until nothing is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResolveMany {
    /// What to do.
    pub action: ManyAction,
    /// Of this reason only; all if left out.
    #[serde(default)]
    pub reason: Option<String>,
    /// Nothing that arrived after this moment: what nobody has seen in the list is not decided with it.
    pub seen_until: DateTime<Utc>,
    /// `next` of the answer before.
    #[serde(default)]
    pub after: Option<String>,
}

/// What became of a part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResolvedMany {
    /// How many of this request wait no more.
    pub settled: u64,
    /// How many were tried again and are still kept apart.
    pub kept: u64,
    /// How many have not had their turn yet.
    pub left: u64,
    /// Goes into `after` of the next request, where something is left.
    pub next: Option<String>,
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
    /// When somebody set it aside for good and its content was deleted.
    #[serde(default)]
    pub set_aside_at: Option<DateTime<Utc>>,
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
    /// When somebody set it aside for good and its content was deleted.
    #[serde(default)]
    pub set_aside_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_it_is_survives_the_path() {
        for whose in [Whose::Unknown, Whose::Person(Uuid::from_u128(7))] {
            assert_eq!(Whose::try_from(whose.to_string()), Ok(whose));
        }
        assert!(Whose::try_from("nobody".to_owned()).is_err());
    }
}
