//! The record of who did and saw what: one row for each, in the transaction that did it. It holds no content.
//!
//! `answers`, `person` and `invitation` are shown to the person on their own page; the other actions are for the operator.

use bedring_store::StoreError;
use bedring_store::entities::{audit, person};
use bedring_store::sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::accounts::Member;
use crate::accounts::access::Proof;
use crate::ports::{Random, uuid_v7};

/// What was done or seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// A person's page with scores.
    Answers,
    /// A person's page without scores.
    Person,
    /// A new way in for a person.
    Invitation,
    /// A person was registered.
    Registered,
    /// The end of a course was set.
    CourseEnded,
    /// One of several responses was chosen.
    ResponseChosen,
    /// A reason was given why an occasion will never be made.
    OccasionMissed,
    /// That was taken back.
    OccasionReopened,
    /// Something was said about the end of a course.
    CourseFacts,
    /// Somebody called, or tried to.
    CallAttempt,
    /// A call was taken, or given back.
    CallOwner,
    /// What happens next about a person was looked at, with the contact whom they named.
    Course,
    /// Reminders of a person were paused.
    RemindersPaused,
    /// They go on.
    RemindersResumed,
    /// A contact was written down.
    ContactNamed,
    /// A contact was removed.
    ContactRemoved,
    /// A telephone number was written down.
    PhoneChanged,
    /// A telephone number was removed.
    PhoneRemoved,
    /// What is known of a person was corrected.
    PersonCorrected,
    /// A person belongs to another project now.
    PersonMoved,
    /// A person was registered by mistake, and discarded.
    PersonDiscarded,
    /// That was taken back.
    PersonRestored,
    /// Two registrations of a person were merged.
    PersonsMerged,
    /// What was written down about a call was taken back.
    CallTakenBack,
    /// Another plan was saved for a programme.
    PlanChanged,
    /// A project takes part, again or for the first time.
    ProjectActive,
    /// A project is exempt from measuring.
    ProjectExempt,
    /// A project has left the programme.
    ProjectWithdrawn,
    /// An account was given an address for its calendar.
    CalendarMade,
    /// A device of the person opened for the first time what is held about them.
    MineOpened,
    /// A device of the person became known.
    DeviceKnown,
    /// A device of the person was ended.
    DeviceEnded,
    /// The person chose a PIN.
    PinChosen,
    /// Ways in were ended, by the person or by staff.
    WaysEnded,
    /// A device that is not known asked for everything to be erased.
    ErasureAsked,
    /// A known device took that back.
    ErasureTakenBack,
    /// Staff asked that everything about a person be erased; `subject` is the request, which has the reason.
    ErasureRequested,
    /// That was taken back.
    ErasureRequestTakenBack,
    /// A second account confirmed it, and everything was erased.
    ErasureConfirmed,
    /// Staff delivered entries about a person.
    Delivered,
    /// An entry that was kept apart was tried again.
    EntryRetried,
    /// Answers that were kept apart because they were early were taken in.
    EntryAccepted,
    /// An entry that was kept apart was set aside.
    EntryDismissed,
    /// Entries of somebody that were kept apart were tried again, so many.
    EntriesRetried,
    /// Entries of somebody that were kept apart were set aside, so many.
    EntriesDismissed,
}

impl Deed {
    /// The name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answers => "answers",
            Self::Person => "person",
            Self::Invitation => "invitation",
            Self::Registered => "registered",
            Self::CourseEnded => "course_ended",
            Self::ResponseChosen => "response_chosen",
            Self::OccasionMissed => "occasion_missed",
            Self::OccasionReopened => "occasion_reopened",
            Self::CourseFacts => "course_facts",
            Self::CallAttempt => "call_attempt",
            Self::CallOwner => "call_owner",
            Self::Course => "course",
            Self::RemindersPaused => "reminders_paused",
            Self::RemindersResumed => "reminders_resumed",
            Self::ContactNamed => "contact_named",
            Self::ContactRemoved => "contact_removed",
            Self::PhoneChanged => "phone_changed",
            Self::PhoneRemoved => "phone_removed",
            Self::PersonCorrected => "person_corrected",
            Self::PersonMoved => "person_moved",
            Self::PersonDiscarded => "person_discarded",
            Self::PersonRestored => "person_restored",
            Self::PersonsMerged => "persons_merged",
            Self::CallTakenBack => "call_taken_back",
            Self::PlanChanged => "plan_changed",
            Self::ProjectActive => "project_active",
            Self::ProjectExempt => "project_exempt",
            Self::ProjectWithdrawn => "project_withdrawn",
            Self::CalendarMade => "calendar_made",
            Self::MineOpened => "mine_opened",
            Self::DeviceKnown => "device_known",
            Self::DeviceEnded => "device_ended",
            Self::PinChosen => "pin_chosen",
            Self::WaysEnded => "ways_ended",
            Self::ErasureAsked => "erasure_asked",
            Self::ErasureTakenBack => "erasure_taken_back",
            Self::ErasureRequested => "erasure_requested",
            Self::ErasureRequestTakenBack => "erasure_request_taken_back",
            Self::ErasureConfirmed => "erasure_confirmed",
            Self::Delivered => "delivered",
            Self::EntryRetried => "entry_retried",
            Self::EntryAccepted => "entry_accepted",
            Self::EntryDismissed => "entry_dismissed",
            Self::EntriesRetried => "entries_retried",
            Self::EntriesDismissed => "entries_dismissed",
        }
    }
}

/// Where it was done: ids only.
#[derive(Debug, Clone, Copy, Default)]
pub struct About {
    /// The person.
    pub person: Option<Uuid>,
    /// The project.
    pub project: Option<Uuid>,
    /// The entry or response.
    pub subject: Option<Uuid>,
}

/// Writes it down.
///
/// # Errors
/// As the database says; then the deed must not be done either.
pub async fn record<C: ConnectionTrait, A>(
    tx: &C,
    random: &dyn Random,
    proof: &Proof<A>,
    deed: Deed,
    about: About,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    audit::Entity::insert(row(random, proof, deed, about, now))
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// The row that [`record`] writes, for whoever writes many rows at once.
pub fn row<A>(
    random: &dyn Random,
    proof: &Proof<A>,
    deed: Deed,
    about: About,
    now: DateTime<Utc>,
) -> audit::ActiveModel {
    audit::ActiveModel {
        id: Set(uuid_v7(now, random)),
        at: Set(now),
        account_id: Set(proof.account()),
        role: Set(proof.role_name().to_owned()),
        action: Set(deed.as_str().to_owned()),
        person_id: Set(about.person),
        project_id: Set(about.project),
        subject: Set(about.subject.map(|s| s.to_string())),
    }
}

/// Writes down what was done with many things of one person at once, or of nobody known: one row, with how many they were.
///
/// # Errors
/// As the database says; then the deed must not be done either.
pub async fn of_many<C: ConnectionTrait, A>(
    tx: &C,
    random: &dyn Random,
    proof: &Proof<A>,
    deed: Deed,
    person: Option<&person::Model>,
    count: u64,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = audit::ActiveModel {
        id: Set(uuid_v7(now, random)),
        at: Set(now),
        account_id: Set(proof.account()),
        role: Set(proof.role_name().to_owned()),
        action: Set(deed.as_str().to_owned()),
        person_id: Set(person.map(|p| p.id)),
        project_id: Set(person.map(|p| p.project_id)),
        subject: Set(Some(count.to_string())),
    };
    audit::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// What a person's own device did. The role is `device`, because nobody knows who holds it.
///
/// # Errors
/// As the database says; then the deed must not be done either.
pub async fn by_device<C: ConnectionTrait>(
    tx: &C,
    random: &dyn Random,
    deed: Deed,
    person: &person::Model,
    device: Uuid,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = audit::ActiveModel {
        id: Set(uuid_v7(now, random)),
        at: Set(now),
        account_id: Set(None),
        role: Set("device".to_owned()),
        action: Set(deed.as_str().to_owned()),
        person_id: Set(Some(person.id)),
        project_id: Set(Some(person.project_id)),
        subject: Set(Some(device.to_string())),
    };
    audit::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Somebody logged in.
///
/// # Errors
/// As the database says.
pub async fn log_in<C: ConnectionTrait>(
    tx: &C,
    random: &dyn Random,
    member: &Member,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = audit::ActiveModel {
        id: Set(uuid_v7(now, random)),
        at: Set(now),
        account_id: Set(Some(member.id())),
        role: Set(member.role().as_str().to_owned()),
        action: Set("log_in".to_owned()),
        person_id: Set(None),
        project_id: Set(None),
        subject: Set(None),
    };
    audit::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
