//! What staff are told about the editions of instruments.

use bedring_domain::instrument::{EditionRef, Texts};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// An edition that was published here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InstrumentLine {
    /// Which.
    #[serde(flatten)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub edition: EditionRef,
    /// Its title by language.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub title: Texts,
    /// `demonstration` or `licensed`.
    pub kind: String,
    /// Scored from another's answers, and never asked itself.
    #[serde(default)]
    pub derived: bool,
    /// Its languages.
    pub languages: Vec<String>,
    /// SHA-256 of its file.
    pub sha256: String,
    /// When it came in.
    pub imported_at: DateTime<Utc>,
}
