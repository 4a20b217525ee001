//! An entry: what a device says happened. Kinds are added, never renamed or removed, and a new field of an old kind has a default.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Answers;
use crate::consent::{Channel, Purpose, Scope};
use crate::course::{Mode, RespondentType};
use crate::time::DeviceTime;

/// What every entry says of itself, whatever its kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Entry {
    /// When the device says it happened, with its offset from UTC. Never trusted for due dates.
    pub recorded_at: DeviceTime,
    /// The version of the program that wrote it.
    pub app_version: String,
    /// Whom it is about, where staff wrote it; a person's own entries leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Uuid>,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

/// What happened, by `kind`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// A letter was shown to its end.
    LetterRead {
        /// The letter's edition.
        letter: String,
        /// The language it was read in, such as `da`.
        language: String,
    },
    /// Yes to a purpose.
    ConsentGiven(ConsentWords),
    /// No to a purpose.
    ConsentDeclined(ConsentWords),
    /// A withdrawal of the whole.
    ConsentWithdrawn {
        /// How far it goes.
        scope: Scope,
    },
    /// What the person says they are.
    RespondentTypeStated {
        /// That.
        respondent_type: RespondentType,
    },
    /// An address to be reminded at.
    ContactGiven {
        /// E-mail address, as typed.
        email: String,
    },
    /// Somebody who is to be reminded instead of the person, until the person or anybody concerned says otherwise.
    ContactPersonNamed {
        /// That one's e-mail address, as typed.
        email: String,
        /// What the person calls them, at most 60 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// Nobody is to be reminded instead of the person any more.
    ContactPersonRemoved,
    /// A finished questionnaire.
    ResponseSubmitted(Box<Response>),
}

impl Event {
    /// The name on the wire and in the database.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::LetterRead { .. } => "letter_read",
            Self::ConsentGiven(_) => "consent_given",
            Self::ConsentDeclined(_) => "consent_declined",
            Self::ConsentWithdrawn { .. } => "consent_withdrawn",
            Self::RespondentTypeStated { .. } => "respondent_type_stated",
            Self::ContactGiven { .. } => "contact_given",
            Self::ContactPersonNamed { .. } => CONTACT_PERSON_NAMED,
            Self::ContactPersonRemoved => "contact_person_removed",
            Self::ResponseSubmitted(_) => "response_submitted",
        }
    }
}

/// The kind of [`Event::ContactPersonNamed`].
pub const CONTACT_PERSON_NAMED: &str = "contact_person_named";

/// All kinds of entries that this version understands.
pub const KINDS: [&str; 9] = [
    "letter_read",
    "consent_given",
    "consent_declined",
    "consent_withdrawn",
    "respondent_type_stated",
    "contact_given",
    CONTACT_PERSON_NAMED,
    "contact_person_removed",
    "response_submitted",
];

/// To which purpose, after which letter and in which language somebody said yes or no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConsentWords {
    /// What it is about.
    pub purpose: Purpose,
    /// The letter's edition.
    pub letter: String,
    /// The language it was read in.
    pub language: String,
    /// How it was said.
    #[serde(default = "on_screen")]
    pub channel: Channel,
    /// Who heard it, where it was said aloud or written on paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<String>,
}

const fn on_screen() -> Channel {
    Channel::Screen
}

/// A finished questionnaire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Response {
    /// The occasion it belongs to.
    pub occasion: Uuid,
    /// The instrument's id, such as `mhrm-30`.
    pub instrument: String,
    /// The edition whose wording was shown.
    pub edition: String,
    /// The language it was answered in.
    pub language: String,
    /// How it came about.
    pub mode: Mode,
    /// Who helped, as a role or initials, at most 60 characters; never a free text about the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub helped_by: Option<String>,
    /// Whether the person could answer unseen; `None` if not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private: Option<bool>,
    /// Device time of the first question.
    pub started_at: DeviceTime,
    /// Device time of the end.
    pub finished_at: DeviceTime,
    /// The answers by item code; an item that is not named was never reached.
    pub answers: Answers,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Answer;

    #[test]
    fn an_entry_has_one_flat_json_object() {
        let json = r#"{"recorded_at":"1970-01-01T00:03:00+01:00","app_version":"0.1.0","kind":"consent_withdrawn","scope":"erase"}"#;
        let entry: Entry = serde_json::from_str(json).unwrap();
        assert_eq!(
            entry.event,
            Event::ConsentWithdrawn {
                scope: Scope::Erase
            }
        );
        assert_eq!(serde_json::to_string(&entry).unwrap(), json);
    }

    #[test]
    fn a_contact_may_have_a_name_and_is_taken_back_without_saying_who() {
        let head = r#"{"recorded_at":"2026-01-02T10:00:00+01:00","app_version":"0.1.0","kind":"#;
        for (tail, event) in [
            (
                r#""contact_person_named","email":"mor@eksempel.dk"}"#,
                Event::ContactPersonNamed {
                    email: "mor@eksempel.dk".to_owned(),
                    name: None,
                },
            ),
            (
                r#""contact_person_named","email":"mor@eksempel.dk","name":"Mor"}"#,
                Event::ContactPersonNamed {
                    email: "mor@eksempel.dk".to_owned(),
                    name: Some("Mor".to_owned()),
                },
            ),
            (r#""contact_person_removed"}"#, Event::ContactPersonRemoved),
        ] {
            let json = [head, tail].concat();
            let entry: Entry = serde_json::from_str(&json).unwrap();
            assert_eq!(entry.event, event);
            assert!(KINDS.contains(&entry.event.kind()));
            assert_eq!(serde_json::to_string(&entry).unwrap(), json);
        }
        let nobody = [head, r#""contact_person_named","name":"Mor"}"#].concat();
        assert!(serde_json::from_str::<Entry>(&nobody).is_err());
    }

    #[test]
    fn a_response_keeps_skipped_not_relevant_and_numbers_apart() {
        let json = r#"{"recorded_at":"2026-01-02T10:00:00+01:00","app_version":"0.1.0","kind":"response_submitted",
            "occasion":"019367b0-0000-7000-8000-000000000001","instrument":"lsns-9","edition":"demo-1","language":"da","mode":"own_device",
            "started_at":"2026-01-02T09:50:00+01:00","finished_at":"2026-01-02T10:00:00+01:00",
            "answers":{"lsns1":3,"lsns2":"skipped","lsns3":"not_relevant"}}"#;
        let entry: Entry = serde_json::from_str(json).unwrap();
        let Event::ResponseSubmitted(response) = entry.event else {
            panic!("not a response")
        };
        assert_eq!(response.answers.get("lsns1"), Some(Answer::Code(3)));
        assert_eq!(response.answers.get("lsns2"), Some(Answer::Skipped));
        assert_eq!(response.answers.get("lsns3"), Some(Answer::NotRelevant));
        assert_eq!(response.answers.get("lsns4"), None);
    }
}
