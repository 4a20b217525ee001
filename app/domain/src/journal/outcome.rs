//! What became of an entry, and why: the words that the server answers with and the database keeps.

use serde::{Deserialize, Serialize};

/// What became of an entry that was delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Taken in for the first time.
    Stored,
    /// Was taken in before, with the same bytes.
    Repeated,
    /// Another entry with this id was taken in before; both are kept.
    Conflict,
    /// Kept apart for a reason until a person or a later entry resolves it.
    Quarantined,
    /// Its person has erased everything: removed here, and to be removed on the device.
    Gone,
    /// Not kept: the device must keep it. The only outcome of that kind.
    NotStored,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Self; 6] = [
        Self::Stored,
        Self::Repeated,
        Self::Conflict,
        Self::Quarantined,
        Self::Gone,
        Self::NotStored,
    ];

    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Repeated => "repeated",
            Self::Conflict => "conflict",
            Self::Quarantined => "quarantined",
            Self::Gone => "gone",
            Self::NotStored => "not_stored",
        }
    }
}

/// Why an entry was kept apart, is gone, or was not stored. Codes may be added, never removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Reason {
    /// No yes to the evaluation has arrived yet; applied by itself when it does.
    #[serde(rename = "consent.missing")]
    ConsentMissing,
    /// Other bytes stand under the same id.
    #[serde(rename = "entry.conflict")]
    EntryConflict,
    /// The opened body is no entry.
    #[serde(rename = "entry.malformed")]
    EntryMalformed,
    /// An entry of a kind that this version does not know.
    #[serde(rename = "entry.unknown_kind")]
    EntryUnknownKind,
    /// Sealed for a key that this server does not have.
    #[serde(rename = "seal.unknown_key")]
    SealUnknownKey,
    /// The seal cannot be opened.
    #[serde(rename = "seal.broken")]
    SealBroken,
    /// The occasion does not exist.
    #[serde(rename = "occasion.unknown")]
    OccasionUnknown,
    /// The occasion is another person's.
    #[serde(rename = "occasion.other_person")]
    OccasionOtherPerson,
    /// Answered before the day on which the occasion opens, or while that day is not known: kept until staff take it in or set it aside.
    #[serde(rename = "occasion.not_open")]
    OccasionNotOpen,
    /// No such edition of the instrument was ever published here.
    #[serde(rename = "instrument.unknown_edition")]
    InstrumentUnknownEdition,
    /// The occasion does not ask this instrument.
    #[serde(rename = "instrument.not_asked")]
    InstrumentNotAsked,
    /// The edition does not have the language that the questionnaire is said to have been answered in.
    #[serde(rename = "instrument.unknown_language")]
    InstrumentUnknownLanguage,
    /// A yes after a letter that was never published for the person's programme. A no or a withdrawal is never held back for that.
    #[serde(rename = "letter.unknown_edition")]
    LetterUnknownEdition,
    /// An item or an answer that the edition does not have.
    #[serde(rename = "answers.invalid")]
    AnswersInvalid,
    /// The address cannot be one.
    #[serde(rename = "contact.invalid")]
    ContactInvalid,
    /// The person has erased everything.
    #[serde(rename = "person.erased")]
    PersonErased,
    /// Written by staff about nobody, or about somebody they may not write about.
    #[serde(rename = "person.unknown")]
    PersonUnknown,
    /// Staff wrote that the person decided on a screen: only the person's own phone can say so.
    #[serde(rename = "consent.screen_by_staff")]
    ScreenByStaff,
    /// Said aloud or signed on paper, but it does not name who heard it or holds the sheet.
    #[serde(rename = "consent.witness_missing")]
    WitnessMissing,
    /// Staff alone cannot erase: one asks for it with a reason, and another confirms.
    #[serde(rename = "erasure.by_staff")]
    ErasureByStaff,
    /// From a rescue file, and nothing proves that the person's phone wrote it.
    #[serde(rename = "entry.unsigned")]
    EntryUnsigned,
    /// The occasion was answered so often already that nobody can have meant it.
    #[serde(rename = "response.too_many")]
    ResponseTooMany,
    /// The person was registered by mistake and discarded: somebody decides what becomes of it.
    #[serde(rename = "person.discarded")]
    PersonDiscarded,
    /// The hash does not fit the bytes: damaged on the way.
    #[serde(rename = "hash.mismatch")]
    HashMismatch,
    /// The entry is larger than allowed.
    #[serde(rename = "entry.too_large")]
    EntryTooLarge,
    /// The id is no UUIDv7.
    #[serde(rename = "id.invalid")]
    IdInvalid,
    /// The person has delivered as much as a day takes: only a no or a stop still came in. Deliver the rest tomorrow.
    #[serde(rename = "day.full")]
    DayFull,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Self; 27] = [
        Self::ConsentMissing,
        Self::EntryConflict,
        Self::EntryMalformed,
        Self::EntryUnknownKind,
        Self::SealUnknownKey,
        Self::SealBroken,
        Self::OccasionUnknown,
        Self::OccasionOtherPerson,
        Self::OccasionNotOpen,
        Self::InstrumentUnknownEdition,
        Self::InstrumentNotAsked,
        Self::InstrumentUnknownLanguage,
        Self::LetterUnknownEdition,
        Self::AnswersInvalid,
        Self::ContactInvalid,
        Self::PersonErased,
        Self::PersonUnknown,
        Self::ScreenByStaff,
        Self::WitnessMissing,
        Self::ErasureByStaff,
        Self::EntryUnsigned,
        Self::ResponseTooMany,
        Self::PersonDiscarded,
        Self::HashMismatch,
        Self::EntryTooLarge,
        Self::IdInvalid,
        Self::DayFull,
    ];

    /// The code on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConsentMissing => "consent.missing",
            Self::EntryConflict => "entry.conflict",
            Self::EntryMalformed => "entry.malformed",
            Self::EntryUnknownKind => "entry.unknown_kind",
            Self::SealUnknownKey => "seal.unknown_key",
            Self::SealBroken => "seal.broken",
            Self::OccasionUnknown => "occasion.unknown",
            Self::OccasionOtherPerson => "occasion.other_person",
            Self::OccasionNotOpen => "occasion.not_open",
            Self::InstrumentUnknownEdition => "instrument.unknown_edition",
            Self::InstrumentNotAsked => "instrument.not_asked",
            Self::InstrumentUnknownLanguage => "instrument.unknown_language",
            Self::LetterUnknownEdition => "letter.unknown_edition",
            Self::AnswersInvalid => "answers.invalid",
            Self::ContactInvalid => "contact.invalid",
            Self::PersonErased => "person.erased",
            Self::PersonUnknown => "person.unknown",
            Self::ScreenByStaff => "consent.screen_by_staff",
            Self::WitnessMissing => "consent.witness_missing",
            Self::ErasureByStaff => "erasure.by_staff",
            Self::EntryUnsigned => "entry.unsigned",
            Self::ResponseTooMany => "response.too_many",
            Self::PersonDiscarded => "person.discarded",
            Self::HashMismatch => "hash.mismatch",
            Self::EntryTooLarge => "entry.too_large",
            Self::IdInvalid => "id.invalid",
            Self::DayFull => "day.full",
        }
    }

    /// The reason of that code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_survive_the_wire_under_the_name_the_database_uses() {
        for reason in Reason::ALL {
            assert_eq!(
                serde_json::to_string(&reason).unwrap(),
                format!("\"{}\"", reason.as_str())
            );
            assert_eq!(Reason::parse(reason.as_str()), Some(reason));
        }
    }
}
