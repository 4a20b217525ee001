//! What staff screens say and do about one person's course: what happens next, what was done, pauses, a contact, and who takes a call.

mod history;

pub use history::{Actor, Happening, History, HistoryLine, Measurement, Said};

use bedring_domain::course::{OccasionKind, OccasionState};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::correct::seen;
use crate::followup::{CourseKnown, WorkOwner};
use crate::staff::Role;

/// `GET /api/v1/persons/{person}/course`: what happens next, or why nothing does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonCourse {
    /// The day in Denmark for which it holds.
    pub today: NaiveDate,
    /// What is known of the end.
    pub end: CourseKnown,
    /// One for each measurement that is not finished, those due first come first.
    pub steps: Vec<CourseStep>,
    /// Why there is no step; `None` where there is one.
    pub why_none: Option<WhyNoStep>,
    /// How the person is reminded.
    pub reminders: PersonReminders,
    /// How many rows about the person cannot be read any more.
    #[serde(default)]
    pub damaged: u64,
}

/// What happens next about one measurement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CourseStep {
    /// The occasion.
    pub occasion: Uuid,
    /// Which measurement.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub kind: OccasionKind,
    /// Its number among those of its kind.
    pub number: u32,
    /// What became of it so far.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub state: OccasionState,
    /// The first day on which it can be answered.
    pub opens: Option<NaiveDate>,
    /// The day by which it should be answered.
    pub due: Option<NaiveDate>,
    /// The last day on which mails about it go.
    pub closes: Option<NaiveDate>,
    /// How many reminders went and did not come back.
    pub mails_sent: u32,
    /// How many were given up: no mail server took them.
    #[serde(default)]
    pub mails_failed: u32,
    /// How many went and came back.
    #[serde(default)]
    pub mails_returned: u32,
    /// The day of the last of those that went.
    pub last_mail: Option<NaiveDate>,
    /// What happens next.
    pub next: NextStep,
}

/// What happens next, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum NextStep {
    /// The server reminds by mail.
    Mail {
        /// Which mail, from 1.
        number: u32,
        /// On which day, if nothing happens before.
        on: NaiveDate,
    },
    /// No more mails go; on that day somebody is asked to call.
    CallPlanned {
        /// The day.
        on: NaiveDate,
    },
    /// Somebody calls.
    CallOpen {
        /// The call task.
        call: Uuid,
        /// Who has taken it.
        owner: Option<WorkOwner>,
        /// The day of the next try.
        next_try: NaiveDate,
        /// How often somebody has tried.
        attempts: u64,
    },
    /// Reminders pause.
    Paused {
        /// Until that day; `None` is until somebody says so.
        until: Option<NaiveDate>,
    },
    /// The server looks at it again.
    Wait {
        /// The day.
        on: NaiveDate,
    },
    /// Its day follows from the end of the course, which nobody has told.
    WaitsForEnd {
        /// The day on which staff are asked, or since when they are.
        ask_on: NaiveDate,
    },
    /// Its day follows from another measurement, or from a day that is not known.
    WaitsForOther,
    /// It stands in the worklist: staff speak with the person, or give a reason.
    Staff,
}

/// Why nothing happens about a person any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum WhyNoStep {
    /// The person said no.
    SaidNo,
    /// The person withdrew.
    Withdrawn,
    /// The person has erased everything.
    Erased,
    /// The person was registered by mistake.
    Discarded,
    /// The project does not take part, or not any more.
    ProjectNotActive,
    /// All measurements are answered or have a reason.
    Finished,
    /// The person is not measured.
    NotMeasured,
}

/// How a person is reminded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonReminders {
    /// Whether mails go, or why not.
    pub mail: MailWay,
    /// `never_again` was said by somebody else who is reminded at the same address, and not by the person.
    #[serde(default)]
    pub stopped_by_other: bool,
    /// The person said "later": not before this.
    pub later_until: Option<DateTime<Utc>>,
    /// They pause.
    pub pause: Option<Pause>,
    /// Somebody else who may be reminded instead.
    pub contact: Option<NamedContact>,
}

/// Whether mails go to a person, or why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MailWay {
    /// They do.
    Goes,
    /// The person has not said yes to them.
    NoConsent,
    /// The person said "never again".
    NeverAgain,
    /// There is no address.
    NoAddress,
    /// Mails to the address come back.
    Bounced,
    /// There is no mail server.
    NoServer,
}

/// Reminders pause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pause {
    /// They go on on that day; `None` is once somebody says so.
    pub until: Option<NaiveDate>,
    /// Who paused them.
    pub by: Option<WorkOwner>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Somebody whom a person named to be reminded instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamedContact {
    /// The address.
    pub email: String,
    /// What the person calls them, where they said so.
    #[serde(default)]
    pub name: Option<String>,
    /// Reminders go there instead of to the person.
    pub instead: bool,
    /// Mails to it come back.
    pub bounced: bool,
    /// When it was written down.
    pub at: Option<DateTime<Utc>>,
    /// Who wrote it down; nobody if the person said it on the phone.
    pub by: Option<WorkOwner>,
}

/// `POST /api/v1/persons/{person}/pause`: no reminders and no new calls. `DELETE` ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPause {
    /// The day on which they go on: tomorrow or later, at most a year ahead. Left out, once somebody says so.
    #[serde(default)]
    pub until: Option<NaiveDate>,
    /// `at` of the pause that was seen, `null` for none; if there is another by now, nothing is changed. Left out: whatever it was.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "seen"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<DateTime<Utc>>))]
    pub seen: Option<Option<DateTime<Utc>>>,
}

/// `POST /api/v1/persons/{person}/contact`: whom the person named. `DELETE` removes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewContact {
    /// The address.
    pub email: String,
    /// Remind the contact instead of the person.
    #[serde(default)]
    pub instead: bool,
    /// The person named the contact and has told them; without it nothing is kept.
    #[serde(default)]
    pub named_by_person: bool,
    /// The address that was seen, `null` for none; if there is another by now, nothing is changed. Left out: whatever it was.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "seen"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub seen: Option<Option<String>>,
}

/// `GET /api/v1/projects/{project}/colleagues`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Colleagues {
    /// In the order of their addresses.
    pub accounts: Vec<Colleague>,
}

/// Somebody who may take calls in a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Colleague {
    /// The account.
    pub id: Uuid,
    /// Its address, which is its name.
    pub email: String,
    /// What it may do.
    pub role: Role,
}
