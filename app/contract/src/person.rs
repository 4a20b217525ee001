//! What a person's phone gets: everything to answer without a network, and what the server holds about the person.

use bedring_domain::consent::{Channel, Decision, Purpose, Standing};
use bedring_domain::course::{Mode, OccasionKind, OccasionState, RespondentType};
use bedring_domain::instrument::{Definition, EditionRef, Texts};
use bedring_domain::journal::Answers;
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::device::Erasing;
use crate::meta::SealKey;

/// `GET /api/v1/occasion` with `Authorization: Bearer SECRET`: all that a phone needs for one person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonBundle {
    /// The person, by an id that means nothing elsewhere.
    pub person: Uuid,
    /// What the person is in the project, if known.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub respondent_type: Option<RespondentType>,
    /// The language to start in.
    pub language: String,
    /// The person has read or answered in it, or staff have set it since; otherwise it is that of the registration.
    #[serde(default)]
    pub language_said: bool,
    /// The programme.
    pub programme: ProgrammeCard,
    /// The project's name.
    pub project: String,
    /// The letter in force.
    pub letter: Letter,
    /// Which purposes are asked, in order; the evaluation always first.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub purposes: Vec<Purpose>,
    /// Where the person stands.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub standing: Standing,
    /// The last word on each purpose that was asked.
    pub consents: Vec<ConsentState>,
    /// The occasions, earliest first.
    pub occasions: Vec<Occasion>,
    /// The editions that open occasions ask, whole.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub definitions: Vec<Definition>,
    /// The key to seal finished entries to.
    pub seal_key: SealKey,
    /// An erasure that waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erasing: Option<Erasing>,
    /// The server's clock.
    pub time: DateTime<Utc>,
}

/// What a phone shows of a programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProgrammeCard {
    /// Its name by language.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub name: Texts,
    /// Whom to turn to; shown to everyone and always in the menu.
    pub contacts: Vec<Contact>,
    /// When somebody last checked the contacts.
    pub contacts_checked: Option<NaiveDate>,
    /// Who asks.
    #[serde(default)]
    pub senders: Vec<Sender>,
}

/// A municipality or an association that asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sender {
    /// As people know it.
    pub name: String,
    /// Its mark as a `data:` address of an SVG or PNG picture.
    #[serde(default)]
    pub logo: Option<String>,
}

/// After so many days the numbers of a programme should be called again: a phone shows the day of the last call no longer than that.
pub const CONTACTS_CALLED_AGAIN_DAYS: u64 = 365;

/// A place to turn to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contact {
    /// Who answers.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub name: Texts,
    /// A telephone number as written, or empty.
    #[serde(default)]
    pub phone: String,
    /// When and for what.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub note: Texts,
}

/// A letter that tells what this is, in all its languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Letter {
    /// Immutable; named in every consent.
    pub edition: String,
    /// SHA-256 of the letter's file.
    pub sha256: String,
    /// The heading by language.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub title: Texts,
    /// Paragraphs by language, separated by an empty line; a line that begins with `# ` is a heading, one with `- ` an item of a list.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub body: Texts,
    /// The letter in half a page by language, written like the body; empty where a letter has none.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub summary: Texts,
}

/// The last word on one purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConsentState {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub purpose: Purpose,
    /// Yes.
    pub given: bool,
    /// When it was said; of a no that holds although a yes may have been later, the moment after that yes.
    pub recorded_at: DateTime<FixedOffset>,
}

/// A time to be measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Occasion {
    /// Names it in every response.
    pub id: Uuid,
    /// Intake, exit or later.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub kind: OccasionKind,
    /// What became of it.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub state: OccasionState,
    /// The first day, if known.
    pub opens: Option<NaiveDate>,
    /// The day by which it should be answered, if known.
    pub due: Option<NaiveDate>,
    /// What it asks, in order.
    pub instruments: Vec<OccasionInstrument>,
}

/// One questionnaire of an occasion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OccasionInstrument {
    /// Which edition is asked.
    #[serde(flatten)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub edition: EditionRef,
    /// A response to it has arrived.
    pub answered: bool,
}

/// `POST /api/v1/exchange`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Exchange {
    /// As typed.
    pub code: String,
}

/// The secret that a short code stood for; from now on the code is used up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Exchanged {
    /// For `Authorization: Bearer` and the address `/s#SECRET`.
    pub secret: String,
}

/// `GET /api/v1/mine`: what the server holds about the person who asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mine {
    /// The pseudonymous code in the project.
    pub code: String,
    /// The project's name.
    pub project: String,
    /// What the person is in the project, if known.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub respondent_type: Option<RespondentType>,
    /// The address for reminders, if one is held.
    pub email: Option<String>,
    /// The telephone number on which staff call, if one is held.
    #[serde(default)]
    pub phone: Option<String>,
    /// Whom the person named to be reminded instead, if one is held.
    #[serde(default)]
    pub contact: Option<MyContact>,
    /// The name, if one is held.
    pub name: Option<String>,
    /// Where the person stands.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub standing: Standing,
    /// Every yes, no and withdrawal, earliest first; at most the latest 500.
    pub consents: Vec<ConsentLine>,
    /// Finished questionnaires: all that an honest person ever answers, at most thirty of each instrument at each occasion.
    pub responses: Vec<MyResponse>,
    /// How many are held in all; more than there are in `responses` only where somebody answered for ever.
    #[serde(default)]
    pub responses_held: u64,
    /// Who opened the person's page or answers, latest first.
    pub seen_by: Vec<Seen>,
    /// How many lines, answers or addresses are held, but cannot be read any more.
    #[serde(default)]
    pub damaged: u64,
}

/// Somebody whom a person named to be reminded instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyContact {
    /// The address.
    pub email: String,
    /// What the person calls them, where they said so.
    #[serde(default)]
    pub name: Option<String>,
    /// Reminders go there instead of to the person.
    pub instead: bool,
}

/// One line of the consent ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConsentLine {
    /// About what.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub purpose: Purpose,
    /// What was said.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub decision: Decision,
    /// The letter's edition; empty for a withdrawal.
    pub letter: String,
    /// How.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub channel: Channel,
    /// When, by the device's clock.
    pub recorded_at: DateTime<FixedOffset>,
    /// When it arrived.
    pub received_at: DateTime<Utc>,
    /// The e-mail address of the account that wrote it down, where it was not the person's own phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// A finished questionnaire as the server holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyResponse {
    /// The entry's id.
    pub id: Uuid,
    /// Which measurement.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub occasion: OccasionKind,
    /// What was asked.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub edition: EditionRef,
    /// In which language.
    pub language: String,
    /// How.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub mode: Mode,
    /// Device time of the end.
    pub finished_at: DateTime<FixedOffset>,
    /// What was answered.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub answers: Answers,
    /// The receipt.
    pub receipt: String,
    /// The e-mail address of the account that typed it in, where it was not the person's own phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// Somebody opened the person's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Seen {
    /// When.
    pub at: DateTime<Utc>,
    /// The account's role, such as `project_leader`; `device` for a device of the person.
    pub role: String,
    /// What was opened or done: `answers`, `person`, `invitation`, `mine_opened`, `device_known`, `device_ended`, `pin_chosen`, `ways_ended`,
    /// `erasure_asked`, `erasure_taken_back`, `erasure_requested`, `erasure_request_taken_back`.
    pub what: String,
}
