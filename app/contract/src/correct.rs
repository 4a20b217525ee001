//! Putting right what was typed wrongly about a person: single facts, the project, a registration that was a mistake, and two of one.

use bedring_domain::course::RespondentType;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use crate::staff::PersonLine;

/// A change of one thing by somebody who has seen what it was. If it is something else by now, nothing is changed and the answer
/// (`changed_meanwhile`) says what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change<T> {
    /// What it was when it was looked at; `null` for nothing.
    pub seen: Option<T>,
    /// What it is to be; `null` removes it.
    pub to: Option<T>,
}

/// [`Change`] of a text, as the OpenAPI document says that either may be nothing.
#[cfg(feature = "openapi")]
#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "it stands for the generic type in the document")]
pub struct ChangeOfText {
    /// What it was when it was looked at; `null` for nothing.
    seen: Option<String>,
    /// What it is to be; `null` removes it.
    to: Option<String>,
}

/// [`Change`] of a role, as the OpenAPI document names its values.
#[cfg(feature = "openapi")]
#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "it stands for the generic type in the document")]
pub struct ChangeOfRole {
    /// What it was when it was looked at; `null` for nothing.
    seen: Option<String>,
    /// What it is to be; `null` removes it.
    to: Option<String>,
}

/// [`Change`] of a day, as the OpenAPI document names its form.
#[cfg(feature = "openapi")]
#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "it stands for the generic type in the document")]
pub struct ChangeOfDay {
    /// What it was when it was looked at; `null` for nothing.
    seen: Option<NaiveDate>,
    /// What it is to be.
    to: Option<NaiveDate>,
}

/// `POST /api/v1/staff/persons/{person}/facts`. What is left out stays. All of it is done, or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonCorrection {
    /// The pseudonymous code; always something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<ChangeOfText>))]
    pub code: Option<Change<String>>,
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<ChangeOfText>))]
    pub name: Option<Change<String>>,
    /// The address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<ChangeOfText>))]
    pub email: Option<Change<String>>,
    /// The telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<ChangeOfText>))]
    pub phone: Option<Change<String>>,
    /// What the person is in the project; `null` is not stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<ChangeOfRole>))]
    pub respondent_type: Option<Change<RespondentType>>,
    /// The language of mails and pages: `da` or `en`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<ChangeOfText>))]
    pub language: Option<Change<String>>,
    /// The first day; always one. What was not made yet has its days from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<ChangeOfDay>))]
    pub start: Option<Change<NaiveDate>>,
}

/// `POST /api/v1/staff/persons/{person}/project`: the person belongs to another project of the same programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MovePerson {
    /// The project to which the person belonged when it was looked at.
    pub seen: Uuid,
    /// The project to which the person belongs.
    pub to: Uuid,
    /// Another code, where somebody in that project has the person's.
    #[serde(default)]
    pub code: Option<String>,
}

/// Why a registration was discarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DiscardReason {
    /// The person never came, or is in no project.
    NotEnrolled,
    /// The person is registered already.
    Twice,
    /// Somebody tried the screens out.
    Trial,
    /// Another mistake.
    Mistake,
    /// Merged with another registration; not to be chosen.
    Merged,
}

impl DiscardReason {
    /// Those that somebody chooses among.
    pub const CHOICES: [Self; 4] = [Self::NotEnrolled, Self::Twice, Self::Trial, Self::Mistake];

    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotEnrolled => "not_enrolled",
            Self::Twice => "twice",
            Self::Trial => "trial",
            Self::Mistake => "mistake",
            Self::Merged => "merged",
        }
    }

    /// The reason of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let merged = std::iter::once(Self::Merged);
        let mut all = Self::CHOICES.into_iter().chain(merged);
        all.find(|r| r.as_str() == name)
    }
}

/// `POST /api/v1/staff/persons/{person}/discard`; `DELETE` takes it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DiscardPerson {
    /// Why: not `merged`.
    pub why: DiscardReason,
}

/// That a person was discarded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Discarded {
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub why: Option<DiscardReason>,
    /// The registration that it was merged with.
    pub merged_into: Option<Uuid>,
    /// The code that it had.
    pub code: String,
}

/// `POST /api/v1/staff/persons/{person}/merge`: another registration, of the same programme, is the same person. This one stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MergePersons {
    /// The other registration: its answers, consents and links belong to this one from now on, and it is discarded.
    pub other: Uuid,
    /// `false` only says what would happen.
    pub save: bool,
}

/// What merging does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MergeEffect {
    /// It was done.
    pub saved: bool,
    /// The registration that stays, as it is then.
    pub person: PersonLine,
    /// What the two say differently; what stands in `kept` stays.
    pub differences: Vec<Difference>,
    /// Questionnaires of the other one.
    pub responses: u64,
    /// Measurements that both have answered: both answers stay, and somebody says which counts.
    pub answered_twice: u64,
    /// Lines of the consent ledger of the other one.
    pub consents: u64,
    /// Ways in of the other one, which go on working.
    pub ways_in: u64,
    /// Requests to erase one of the two, which end: about both together somebody asks again.
    #[serde(default)]
    pub requests_ended: u64,
}

/// What two registrations say differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Difference {
    /// `name`, `email`, `phone`, `respondent_type`, `start`, `end` or `language`.
    pub field: String,
    /// What stays.
    pub kept: String,
    /// What the other one says.
    pub other: String,
}

/// Reads a field that may be left out, be nothing, or be something: `None`, `Some(None)`, `Some(Some(…))`. With `default`.
///
/// # Errors
/// As the value's own.
pub fn seen<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}
