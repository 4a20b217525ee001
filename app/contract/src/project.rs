//! Whether a project takes part: set by whoever runs the programme, with the day from which it holds.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Whether a project takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProjectStatus {
    /// Its people are asked.
    Active,
    /// It need not measure.
    Exempt,
    /// It has left the programme.
    Withdrawn,
}

impl ProjectStatus {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Active, Self::Exempt, Self::Withdrawn];

    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Exempt => "exempt",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The status of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == name)
    }
}

/// `POST /api/v1/projects/{project}/status`; answered with the same. Nobody leaves the figures by it: people stay among those who started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TakingPart {
    /// Whether it takes part.
    pub status: ProjectStatus,
    /// The first day on which that holds. A day to come only for a project that takes part until then.
    pub on: NaiveDate,
}
