//! The plan of a programme: shown, tried out on the people there are, and saved.

use bedring_domain::course::{CoursePlan, OccasionKind, Window};
use bedring_domain::instrument::EditionRef;
use bedring_domain::reminder::ReminderPolicy;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `GET /api/v1/programmes/{programme}/plan`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanView {
    /// When people are measured.
    pub plan: CoursePlan,
    /// How they are reminded.
    pub reminders: ReminderPolicy,
    /// What an occasion asks of which the plan says nothing else.
    pub instruments: Vec<EditionRef>,
    /// Names this very plan; to be sent back with an edit of it.
    pub seen: String,
}

/// `POST /api/v1/programmes/{programme}/plan`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanEdit {
    /// When people are to be measured.
    pub plan: CoursePlan,
    /// How they are to be reminded.
    pub reminders: ReminderPolicy,
    /// Change what is due already, too, and make due at once what the new plan has in the past.
    #[serde(default)]
    pub retroactive: bool,
    /// Save it. Without, nothing is changed and the answer says what would be.
    #[serde(default)]
    pub apply: bool,
    /// `seen` of the plan that was edited. Saving takes no other than the one in force.
    pub seen: String,
}

/// What an edit does, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanEffect {
    /// It was saved.
    pub applied: bool,
    /// Names the plan that is now in force.
    pub seen: String,
    /// People for whom something changes.
    pub people: u64,
    /// People for whom something is held back.
    pub people_held_back: u64,
    /// What changes, by kind of change.
    pub changes: PlanCounts,
    /// What is held back, by reason.
    pub held_back: HeldBackCounts,
    /// The same for each occasion of either plan that it is about, by key.
    pub by_occasion: Vec<PlanOccasionEffect>,
    /// The first 200 of these people, by code.
    pub affected: Vec<PlanPerson>,
}

/// Occasions by kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanCounts {
    /// New.
    pub added: u64,
    /// On other days.
    pub moved: u64,
    /// No more.
    pub removed: u64,
    /// Asking something else.
    pub asks: u64,
}

/// Changes that are not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeldBackCounts {
    /// Due already, before the edit or after it.
    pub already_due: u64,
    /// Some of it is answered.
    pub begun: u64,
}

/// What an edit means for one occasion of the plan, whoever's it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanOccasionEffect {
    /// The occasion's key in the plan.
    pub key: String,
    /// Which measurement.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub kind: OccasionKind,
    /// What changes.
    pub changes: PlanCounts,
    /// What does not.
    pub held_back: HeldBackCounts,
}

/// Somebody for whom an edit means something. No name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanPerson {
    /// The person.
    pub person: Uuid,
    /// The code in the project.
    pub code: String,
    /// The project.
    pub project: Uuid,
    /// What changes.
    pub changes: Vec<PlanChange>,
    /// What does not, and why.
    pub held_back: Vec<PlanHeldBack>,
}

/// One change of one occasion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanChange {
    /// The occasion's key in the plan.
    pub key: String,
    /// How many come before it of the same key.
    pub repeat: u32,
    /// Which measurement.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub kind: OccasionKind,
    /// Its number among those of its kind.
    pub number: u32,
    /// `added`, `moved`, `removed` or `asks`.
    pub what: PlanWhat,
    /// Its days as they stand, if they are known.
    pub from: Option<Window>,
    /// Its days as they would be.
    pub to: Option<Window>,
}

/// A change that is not made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanHeldBack {
    /// The change.
    pub change: PlanChange,
    /// Why not.
    pub why: PlanHeldBackWhy,
}

/// The kind of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlanWhat {
    /// It is new.
    Added,
    /// Its days are others.
    Moved,
    /// The plan has it no more.
    Removed,
    /// It asks something else.
    Asks,
}

/// Why a change is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlanHeldBackWhy {
    /// Its due day is here or past, before the edit or after it.
    AlreadyDue,
    /// Some of it is answered.
    Begun,
}
