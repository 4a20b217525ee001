//! What was done and said about one person.

use bedring_domain::consent::Purpose;
use bedring_domain::course::{MissedReason, OccasionKind, RespondentType};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::correct::DiscardReason;
use crate::erasure::{ErasureBecame, ErasureReason};
use crate::followup::CallOutcome;

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
