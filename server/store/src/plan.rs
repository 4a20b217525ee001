//! What stands as JSON inside rows: a programme's plan, its contacts, an occasion's instruments.

use bedring_domain::consent::Purpose;
use bedring_domain::course::CoursePlan;
use bedring_domain::instrument::EditionRef;
use bedring_domain::reminder::ReminderPolicy;
use serde::{Deserialize, Serialize};

/// A programme's plan, in `programmes.plan`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What every occasion asks, in order.
    pub instruments: Vec<EditionRef>,
    /// Which purposes are asked, in order; the evaluation first.
    pub purposes: Vec<Purpose>,
    /// About how many minutes the questions take, as the letter says it; for what is said of them elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u16>,
    /// When people are measured.
    #[serde(default)]
    pub course: CoursePlan,
    /// How they are reminded.
    #[serde(default)]
    pub reminders: ReminderPolicy,
}

/// Reads JSON that this program wrote into a row.
///
/// # Errors
/// [`crate::StoreError::Unreadable`] with the table's name.
pub fn from_json<T: serde::de::DeserializeOwned>(
    table: &'static str,
    json: &str,
) -> Result<T, crate::StoreError> {
    serde_json::from_str(json).map_err(|_| crate::StoreError::Unreadable { table })
}

/// JSON for a row. The types written have string keys only, so writing cannot fail; an empty string would be told when read.
#[must_use]
pub fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
