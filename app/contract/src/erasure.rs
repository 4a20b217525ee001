//! Erasing a person in two steps: one account asks and says why, another one confirms. The person's own way is another one, through the
//! journal.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Most letters of a note.
pub const NOTE_MOST: usize = 300;

/// Why everything about a person is to be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ErasureReason {
    /// The person asked for it: by telephone, in a letter, face to face.
    PersonAsked,
    /// Somebody who may speak for the person asked for it.
    RepresentativeAsked,
    /// It should never have been held: without a yes, or about somebody else.
    WronglyHeld,
    /// It is not needed any more.
    NotNeeded,
    /// Another one, which the note tells.
    Other,
}

impl ErasureReason {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 5] = [
        Self::PersonAsked,
        Self::RepresentativeAsked,
        Self::WronglyHeld,
        Self::NotNeeded,
        Self::Other,
    ];

    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PersonAsked => "person_asked",
            Self::RepresentativeAsked => "representative_asked",
            Self::WronglyHeld => "wrongly_held",
            Self::NotNeeded => "not_needed",
            Self::Other => "other",
        }
    }

    /// The reason of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == name)
    }
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ErasureBecame {
    /// A second account confirmed it, and everything was erased.
    Erased,
    /// Whoever asked, or somebody who might have confirmed, took it back.
    TakenBack,
    /// The person erased everything alone.
    ByPerson,
    /// The registration was discarded.
    Discarded,
    /// The registration was merged with another one.
    Merged,
}

impl ErasureBecame {
    const ALL: [Self; 5] = [
        Self::Erased,
        Self::TakenBack,
        Self::ByPerson,
        Self::Discarded,
        Self::Merged,
    ];

    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Erased => "erased",
            Self::TakenBack => "taken_back",
            Self::ByPerson => "by_person",
            Self::Discarded => "discarded",
            Self::Merged => "merged",
        }
    }

    /// What has that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|b| b.as_str() == name)
    }
}

/// `POST /api/v1/staff/persons/{person}/erasure`: everything about the person is to be erased. Nothing is, until another account confirms it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AskErasure {
    /// Why.
    pub why: ErasureReason,
    /// A few words for whoever confirms; needed for `other`. It is kept encrypted, and gone when the request is answered.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 300))]
    pub note: Option<String>,
}

/// `GET /api/v1/staff/persons/{person}/erasure`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Erasure {
    /// The request that waits for an answer.
    pub open: Option<ErasureRequest>,
    /// What an erasure would remove now.
    pub held: Held,
}

/// A request that waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErasureRequest {
    /// Names it.
    pub id: Uuid,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// The e-mail address of the account that asked.
    pub asked_by: String,
    /// Why; `None` for a reason that cannot be read.
    pub why: Option<ErasureReason>,
    /// The note.
    pub note: Option<String>,
    /// The account that looks may confirm it: not the one that asked.
    pub may_confirm: bool,
    /// The account that looks may take it back.
    pub may_take_back: bool,
}

/// What is held about a person, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Held {
    /// Questionnaires with their scores.
    pub responses: u64,
    /// Entries that are kept apart.
    pub kept_apart: u64,
    /// Name, address or telephone number.
    pub contact: bool,
    /// Phones and computers that have come in.
    pub devices: u64,
}
