//! What staff screens need: log-in, projects, people.

use bedring_domain::consent::Purpose;
use bedring_domain::course::{Mode, OccasionKind, OccasionState, RespondentType};
use bedring_domain::instrument::{EditionRef, Role as ScaleRole, ScaleScore, Texts};
use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use crate::invitation::{Invitation, InvitationCard};

use crate::person::Occasion;

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything but single answers.
    Administrator,
    /// All projects, pseudonymous, no contact data.
    Evaluator,
    /// Own projects: people, states, and scores of those who said yes to that.
    ProjectLeader,
    /// Own projects: registers, invites, sees states; no scores.
    Helper,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 4] = [
        Self::Administrator,
        Self::Evaluator,
        Self::ProjectLeader,
        Self::Helper,
    ];

    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Evaluator => "evaluator",
            Self::ProjectLeader => "project_leader",
            Self::Helper => "helper",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == name)
    }
}

/// `POST /api/v1/session`; answered with [`Account`] and a cookie.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogIn {
    /// The account's address.
    pub email: String,
    /// Never logged.
    pub password: String,
    /// The language of the screens, if it was chosen; mails come in it from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<StaffLanguage>,
}

/// A language of the screens, and of mails to staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum StaffLanguage {
    /// Danish.
    Da,
    /// English.
    En,
}

impl StaffLanguage {
    /// The tag, as on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Da => "da",
            Self::En => "en",
        }
    }

    /// The language of a tag.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        [Self::Da, Self::En].into_iter().find(|l| l.as_str() == tag)
    }
}

/// `GET /api/v1/account/choices`: what the account chose for itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountChoices {
    /// The language of mails to it; none was chosen: that of most of its programmes.
    pub language: Option<StaffLanguage>,
    /// It wants the weekly mail.
    pub weekly_digest: bool,
}

/// `POST /api/v1/account/choices`. What is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeAccountChoices {
    /// Mails come in this language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<StaffLanguage>,
    /// The weekly mail comes, or does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weekly_digest: Option<bool>,
}

/// Who is logged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    /// The account.
    pub id: Uuid,
    /// Its address.
    pub email: String,
    /// What it may do.
    pub role: Role,
    /// The projects it may see; empty for administrators and evaluators, who see all.
    pub projects: Vec<Uuid>,
}

/// A programme with the projects that the account may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Programme {
    /// Its id.
    pub id: Uuid,
    /// Its code.
    pub code: String,
    /// Its name by language.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub name: Texts,
    /// In the order of their codes.
    pub projects: Vec<Project>,
}

/// A project and where its people are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Project {
    /// Its id.
    pub id: Uuid,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// `active`, `exempt` or `withdrawn`.
    pub status: String,
    /// The first day on which the status holds, where one was told.
    #[serde(default)]
    pub status_on: Option<NaiveDate>,
    /// People registered, without those who refused.
    pub persons: u64,
    /// People who said no, and nothing more about them.
    pub refusals: u64,
    /// Intakes completed.
    pub intakes: u64,
    /// Exits completed.
    pub exits: u64,
    /// Entries kept apart that wait for somebody.
    pub quarantined: u64,
}

/// A new person.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPerson {
    /// The pseudonymous code; made by the server if left out.
    #[serde(default)]
    pub code: Option<String>,
    /// Optional and stored encrypted.
    #[serde(default)]
    pub name: Option<String>,
    /// Optional and stored encrypted.
    #[serde(default)]
    pub email: Option<String>,
    /// A telephone number; optional and stored encrypted.
    #[serde(default)]
    pub phone: Option<String>,
    /// If known.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub respondent_type: Option<RespondentType>,
    /// The first day of the course; today if left out.
    #[serde(default)]
    pub start: Option<NaiveDate>,
}

/// A page of people: `next` goes into `?after=`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonPage {
    /// In the order of their codes.
    pub persons: Vec<PersonLine>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// A person in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonLine {
    /// The person.
    pub id: Uuid,
    /// The pseudonymous code.
    pub code: String,
    /// The name, where one is held and the account may see it.
    pub name: Option<String>,
    /// If known.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub respondent_type: Option<RespondentType>,
    /// The first day.
    pub start: Option<NaiveDate>,
    /// The last day, once confirmed.
    pub end: Option<NaiveDate>,
    /// What became of each occasion.
    pub occasions: Vec<OccasionLine>,
    /// Something about the person cannot be read; what can be is shown.
    #[serde(default)]
    pub damaged: bool,
}

/// An occasion in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OccasionLine {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub kind: OccasionKind,
    /// What became of it.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub state: OccasionState,
}

/// One person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonDetail {
    /// As in the list.
    #[serde(flatten)]
    pub line: PersonLine,
    /// The project.
    pub project: Uuid,
    /// The project's code.
    pub project_code: String,
    /// The address, where one is held and the account may see it.
    pub email: Option<String>,
    /// The telephone number, where one is held and the account may see it.
    #[serde(default)]
    pub phone: Option<String>,
    /// Why the person may not be asked, invited or reminded; `None` where they may.
    #[serde(default)]
    pub not_asked: Option<WhyNotAsked>,
    /// What the person said both yes and no to, and nobody can tell what was said last. The no holds until they say yes again.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub in_doubt: Vec<Purpose>,
    /// With states and instruments.
    pub occasion_details: Vec<Occasion>,
    /// Scores, or why there are none.
    pub scores: Scores,
}

/// `POST /api/v1/staff/persons/{person}/phone`: the number on which the person wants to be called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPhone {
    /// 6 to 15 digits, spaces, and perhaps a plus in front. `None` removes it.
    pub phone: Option<String>,
}

/// Why nobody may ask, invite or remind a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum WhyNotAsked {
    /// The person said no.
    SaidNo,
    /// The person withdrew; what is held stays until they erase it.
    Withdrawn,
    /// The person has erased everything.
    Erased,
}

/// Scores, where the account may see them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "visibility", rename_all = "snake_case")]
pub enum Scores {
    /// These.
    Shown {
        /// Latest last.
        responses: Vec<ResponseScores>,
    },
    /// The person has not said yes to it.
    NotConsented,
    /// The role does not see scores.
    NotForRole,
}

/// The scores of one response.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResponseScores {
    /// The entry's id.
    pub response: Uuid,
    /// Which occasion.
    pub occasion: Uuid,
    /// Which measurement.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub kind: OccasionKind,
    /// What was asked.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub edition: EditionRef,
    /// Its title by language.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub title: Texts,
    /// Demonstration wording: not for real measurement.
    pub demonstration: bool,
    /// How.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub mode: Mode,
    /// Device time of the end.
    pub finished_at: DateTime<FixedOffset>,
    /// The device's clock cannot have been right.
    pub clock_suspect: bool,
    /// The e-mail address of the account that typed it in, where it was not the person's own phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The one that counts for its occasion and instrument.
    pub primary: bool,
    /// There is another response for the same occasion and instrument.
    pub has_rival: bool,
    /// Has not been scored yet.
    pub pending: bool,
    /// Scores of the edition, and of instruments derived from it.
    pub scales: Vec<ScaleView>,
}

/// One scale with its score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScaleView {
    /// The instrument: the response's own or one derived from it.
    pub instrument: String,
    /// What it is called, by language.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub title: Texts,
    /// Total, domain or block.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub role: ScaleRole,
    /// Lowest score.
    pub minimum: i64,
    /// Highest score.
    pub maximum: i64,
    /// The score with what it is made of.
    #[serde(flatten)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub score: ScaleScore,
    /// What the cut-offs that hold are called, by language.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub cut_off_labels: Vec<Texts>,
}

/// `POST /api/v1/staff/persons/{person}/end`; answered with [`PersonLine`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CourseEnd {
    /// The last day of the course: from this day on the exit may be answered.
    pub end: NaiveDate,
}
