//! A person's course through a project: who they are in it, the occasions on which they are measured, and what became of each.

mod calendar;
mod changes;
mod end;
mod holds;
mod plan;
mod plan_check;
mod state;
mod windows;

use serde::{Deserialize, Serialize};

pub use calendar::Offset;
pub(crate) use calendar::days_later;
pub use changes::{
    Change, Existing, HeldBack, PersonChanges, PersonCourse, Progress, What, changes, changes_for,
};
pub use end::{ASK_END_AFTER_DAYS, CourseFacts, EndOfCourse, end_question};
pub use holds::{Holds, Place};
pub use plan::{Anchor, Anchors, CoursePlan, PlannedOccasion, Repeat};
pub use plan_check::{
    FURTHEST_DAYS, FURTHEST_MONTHS, LONGEST_KEY, MOST_OCCASIONS, MOST_REPEATS, PlanError,
};
pub use state::{OccasionFacts, OccasionState, days_over, occasion_state};
pub use windows::{PlannedWindow, Window};

/// What a person is in the project. "Not stated" is the absence of a value and is shown as a group of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RespondentType {
    /// Takes part as a citizen.
    Participant,
    /// Volunteers, and has lived experience of mental-health difficulties.
    VolunteerLivedExperience,
    /// Both of these.
    Both,
    /// Volunteers without lived experience: takes part but is not measured.
    VolunteerNoLivedExperience,
    /// Was asked and would rather not say.
    RatherNotSay,
}

impl RespondentType {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 5] = [
        Self::Participant,
        Self::VolunteerLivedExperience,
        Self::Both,
        Self::VolunteerNoLivedExperience,
        Self::RatherNotSay,
    ];

    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Participant => "participant",
            Self::VolunteerLivedExperience => "volunteer_lived_experience",
            Self::Both => "both",
            Self::VolunteerNoLivedExperience => "volunteer_no_lived_experience",
            Self::RatherNotSay => "rather_not_say",
        }
    }

    /// The type of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.as_str() == name)
    }
}

/// Which measurement an occasion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OccasionKind {
    /// At the start.
    Intake,
    /// At the end.
    Exit,
    /// Later than the end.
    FollowUp,
}

impl OccasionKind {
    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Exit => "exit",
            Self::FollowUp => "follow_up",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Intake, Self::Exit, Self::FollowUp]
            .into_iter()
            .find(|k| k.as_str() == name)
    }
}

/// Why a measurement was never made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissedReason {
    /// Is still enrolled; the end has not come.
    StillEnrolled,
    /// Went on to another offer.
    MovedToOtherOffer,
    /// Did not want to make this measurement; a no to the whole stands in the consent ledger instead.
    Declined,
    /// Could no longer be reached.
    StoppedContact,
    /// Nobody can say when the course ended.
    EndCannotBeTold,
    /// Was too ill.
    Illness,
    /// Has died.
    Died,
    /// Anything else.
    Other,
}

impl MissedReason {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::StillEnrolled,
        Self::MovedToOtherOffer,
        Self::Declined,
        Self::StoppedContact,
        Self::EndCannotBeTold,
        Self::Illness,
        Self::Died,
        Self::Other,
    ];

    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StillEnrolled => "still_enrolled",
            Self::MovedToOtherOffer => "moved_to_other_offer",
            Self::Declined => "declined",
            Self::StoppedContact => "stopped_contact",
            Self::EndCannotBeTold => "end_cannot_be_told",
            Self::Illness => "illness",
            Self::Died => "died",
            Self::Other => "other",
        }
    }

    /// The reason of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == name)
    }
}

/// How an answer came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// On the person's own phone or computer.
    OwnDevice,
    /// On a device of the project's, alone.
    SharedDevice,
    /// With somebody helping.
    WithHelp,
    /// Asked and typed by somebody else.
    Interview,
    /// On paper, typed in later.
    Paper,
}

impl Mode {
    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OwnDevice => "own_device",
            Self::SharedDevice => "shared_device",
            Self::WithHelp => "with_help",
            Self::Interview => "interview",
            Self::Paper => "paper",
        }
    }

    /// The mode of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [
            Self::OwnDevice,
            Self::SharedDevice,
            Self::WithHelp,
            Self::Interview,
            Self::Paper,
        ]
        .into_iter()
        .find(|m| m.as_str() == name)
    }
}
