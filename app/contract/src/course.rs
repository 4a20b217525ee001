//! What staff screens say and do about one person's course: what happens next, what was done, pauses, a contact, and who takes a call.

use bedring_domain::consent::Purpose;
use bedring_domain::course::{MissedReason, OccasionKind, OccasionState, RespondentType};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::correct::{DiscardReason, seen};
use crate::erasure::{ErasureBecame, ErasureReason};
use crate::followup::{CallOutcome, CourseKnown, WorkOwner};
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

/// `GET /api/v1/persons/{person}/history`: what was done and said, latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct History {
    /// Lines that are held, but cannot be read any more; they are in no other number.
    #[serde(default)]
    pub damaged: u64,
    /// How many lines there are in all.
    pub total: u64,
    /// The latest of them.
    pub lines: Vec<HistoryLine>,
}

/// Something that was done or said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryLine {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Actor,
    /// About which measurement, if about one.
    pub about: Option<Measurement>,
    /// What.
    #[serde(flatten)]
    pub what: Happening,
}

/// Which measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Measurement {
    /// Its kind.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub kind: OccasionKind,
    /// Its number among those of its kind.
    pub number: u32,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "who", rename_all = "snake_case")]
pub enum Actor {
    /// A member of staff.
    Staff {
        /// The account's address; empty if there is no such account any more.
        email: String,
    },
    /// The person.
    Person,
    /// The contact that the person named.
    Contact,
    /// The server by itself, or whoever sits at it.
    Server,
}

/// What a person said in the consent ledger, without its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// Yes.
    Yes,
    /// No.
    No,
    /// A withdrawal of the whole.
    Withdrawn,
}

/// What was done or said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Happening {
    /// The person was registered.
    Registered,
    /// A link and a code were made.
    Invited,
    /// A line of the consent ledger.
    Consent {
        /// What for.
        #[cfg_attr(feature = "openapi", schema(value_type = String))]
        purpose: Purpose,
        /// What was said.
        said: Said,
        /// Of a no that holds: a yes may have been said later, nobody can tell.
        #[serde(default)]
        in_doubt: bool,
    },
    /// A measurement was answered.
    Answered,
    /// A reason was given why a measurement will never be made; `None` takes it back.
    Reason {
        /// The reason.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
        reason: Option<MissedReason>,
    },
    /// An edit of the plan moved a measurement.
    PlanMoved,
    /// Somebody is asked to call.
    CallOpened,
    /// Somebody called.
    CallTried {
        /// What became of it.
        #[cfg_attr(feature = "openapi", schema(value_type = String))]
        outcome: CallOutcome,
        /// The day that was agreed, or on which to try again.
        next: Option<NaiveDate>,
    },
    /// A call was taken, given to somebody, or given back.
    CallOwner {
        /// Who has it from then on.
        to: Option<String>,
    },
    /// A reminder went.
    MailSent {
        /// Which, from 1.
        number: u32,
        /// To the contact, not to the person.
        to_contact: bool,
        /// It came back.
        came_back: bool,
    },
    /// A reminder was given up: no mail server took it.
    MailFailed {
        /// Which, from 1.
        number: u32,
    },
    /// The person said "never again" in a mail.
    MailRefused {
        /// Somebody else said so who is reminded at the same address; the person has not.
        #[serde(default)]
        by_other: bool,
    },
    /// The last day was confirmed.
    EndConfirmed {
        /// The day.
        on: Option<NaiveDate>,
    },
    /// The end was planned; `None` takes that back.
    EndPlanned {
        /// The day.
        on: Option<NaiveDate>,
    },
    /// Somebody said that the person was still enrolled.
    StillEnrolled {
        /// On that day.
        on: Option<NaiveDate>,
    },
    /// Nobody can say when the course ended.
    EndCannotBeTold {
        /// `false` takes that back.
        holds: bool,
    },
    /// Reminders pause.
    Paused {
        /// Until that day; `None` is until somebody says so.
        until: Option<NaiveDate>,
    },
    /// Reminders go on.
    Resumed,
    /// A contact was written down.
    ContactNamed {
        /// Reminders go there instead of to the person.
        instead: bool,
    },
    /// The contact was removed.
    ContactRemoved,
    /// A telephone number was written down.
    PhoneChanged,
    /// The telephone number was removed.
    PhoneRemoved,
    /// Staff asked that everything be erased.
    ErasureRequested {
        /// Why.
        why: Option<ErasureReason>,
    },
    /// That was answered.
    ErasureAnswered {
        /// What became of it.
        became: Option<ErasureBecame>,
    },
    /// The code was corrected.
    CodeCorrected {
        /// What it was.
        from: Option<String>,
        /// What it is now.
        to: Option<String>,
    },
    /// The name was corrected; the line does not hold it.
    NameCorrected,
    /// The address was corrected; the line does not hold it.
    EmailCorrected,
    /// The role was corrected.
    RoleCorrected {
        /// What it was, where it was known.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
        from: Option<RespondentType>,
        /// What it is now.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
        to: Option<RespondentType>,
    },
    /// The first day was corrected, and the measurements have other days.
    StartCorrected {
        /// What it was.
        from: Option<NaiveDate>,
        /// What it is now.
        to: Option<NaiveDate>,
    },
    /// The language was corrected.
    LanguageCorrected {
        /// What it was.
        from: Option<String>,
        /// What it is now.
        to: Option<String>,
    },
    /// The person belongs to another project now.
    Moved {
        /// The code of the project before.
        from: Option<String>,
        /// The code of the project now.
        to: Option<String>,
    },
    /// The person was registered by mistake, and discarded.
    Discarded {
        /// Why.
        why: Option<DiscardReason>,
    },
    /// That was taken back.
    Restored,
    /// Another registration of the same person was merged with this one.
    Merged {
        /// The code of the other one.
        from: Option<String>,
    },
    /// What was written down about a call was taken back.
    CallTakenBack {
        /// What it had come to.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
        outcome: Option<CallOutcome>,
    },
}
