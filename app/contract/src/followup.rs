//! What staff screens need so that nobody is lost by silence: the worklist, reasons, the end of a course, calls, and a project's board.

use bedring_domain::course::{MissedReason, OccasionKind};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::erasure::ErasureReason;

/// Lines of a section of the worklist, unless more are asked for.
pub const WORKLIST_LINES: u64 = 100;
/// Most lines that may be asked for.
pub const WORKLIST_LINES_MOST: u64 = 2000;

/// `GET /api/v1/worklist`: what somebody has to do. Each section has its total and its first lines, the most urgent first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Worklist {
    /// The day in Denmark for which it holds.
    pub today: NaiveDate,
    /// People to be called, each once, with all that waits of them.
    pub calls: CallSection,
    /// Should have been answered, and are not; without those of people who are to be called.
    pub overdue: OccasionSection,
    /// Should be answered by now; without those of people who are to be called.
    pub due: OccasionSection,
    /// Courses of which nobody has said whether they have ended.
    pub ends: EndSection,
    /// People about whom it was asked that everything be erased, which waits for a second account.
    #[serde(default)]
    pub erasures: ErasureSection,
}

/// Requests to erase that wait.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErasureSection {
    /// How many there are in all.
    pub total: u64,
    /// Those asked first come first.
    pub lines: Vec<ErasureLine>,
}

/// A request to erase that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErasureLine {
    /// Whom it is about.
    #[serde(flatten)]
    pub who: WorkPerson,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// The e-mail address of the account that asked.
    pub asked_by: String,
    /// Why; `None` for a reason that cannot be read.
    pub why: Option<ErasureReason>,
    /// The account that looks may confirm it.
    pub may_confirm: bool,
}

/// Occasions that wait.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OccasionSection {
    /// How many there are in all.
    pub total: u64,
    /// Those due first come first.
    pub lines: Vec<WorkLine>,
}

/// Open questions about the end of a course.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EndSection {
    /// How many there are in all.
    pub total: u64,
    /// Courses that began first come first.
    pub lines: Vec<EndLine>,
}

/// People to be called.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallSection {
    /// How many people there are in all.
    pub total: u64,
    /// Those to be tried first come first.
    pub lines: Vec<CallLine>,
}

/// Whom a line is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkPerson {
    /// The person.
    pub person: Uuid,
    /// The pseudonymous code.
    pub code: String,
    /// The name, where one is held and the account may see it.
    pub name: Option<String>,
    /// The project.
    pub project: Uuid,
    /// The project's code.
    pub project_code: String,
    /// Something of the line cannot be read; what can be is shown.
    #[serde(default)]
    pub damaged: bool,
}

/// An occasion that waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkLine {
    /// Whom it is about.
    #[serde(flatten)]
    pub who: WorkPerson,
    /// The occasion.
    pub occasion: Uuid,
    /// Which measurement.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub kind: OccasionKind,
    /// Its number among those of its kind.
    pub number: u32,
    /// The day by which it should have been answered.
    pub due: Option<NaiveDate>,
    /// Whole days from the due day to today; 0 while it is not overdue, however long ago the due day is.
    pub overdue_days: u32,
    /// Who has taken it.
    pub owner: Option<WorkOwner>,
    /// The day on which something happens next without anybody doing anything, if there is one.
    pub next_step: Option<NaiveDate>,
    /// Reminders pause, which comes before `next_step`.
    #[serde(default)]
    pub paused: Option<WorkPause>,
}

/// Reminders pause for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkPause {
    /// They go on on that day; `None` is once somebody says so.
    pub until: Option<NaiveDate>,
}

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkOwner {
    /// The account.
    pub id: Uuid,
    /// Its address.
    pub email: String,
}

/// A question about the end of a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EndLine {
    /// Whom it is about.
    #[serde(flatten)]
    pub who: WorkPerson,
    /// The first day.
    pub start: Option<NaiveDate>,
    /// The end as it was meant to be.
    pub end_planned: Option<NaiveDate>,
    /// The latest day on which somebody said "still enrolled".
    pub still_enrolled: Option<NaiveDate>,
    /// The day since when the question is open.
    pub since: NaiveDate,
}

/// Somebody should be called. Of several open call tasks of one person this is the one to be tried first; the next one shows when it is
/// closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallLine {
    /// The call task.
    pub call: Uuid,
    /// What it is about; `next_step` is the day of the next try.
    #[serde(flatten)]
    pub line: WorkLine,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// How often somebody has tried.
    pub attempts: u64,
    /// What became of the last try.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub last_outcome: Option<CallOutcome>,
    /// The person's number, where one is held and the account may see it.
    #[serde(default)]
    pub phone: Option<String>,
    /// All that is due or overdue of the person, what is due first comes first; it stands in no other section.
    #[serde(default)]
    pub waiting: Vec<WorkLine>,
}

/// `POST /api/v1/occasions/missed`: why these will never be made. All of them or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Missed {
    /// Which; 1 to 200.
    pub occasions: Vec<Uuid>,
    /// The reason.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub reason: MissedReason,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MissedSet {
    /// How many occasions have another reason now than before.
    pub changed: u64,
}

/// `POST /api/v1/persons/{person}/course`: the answer to the question about the end, where it is not "it ended on that day" (that is
/// `POST /api/v1/staff/persons/{person}/end`). What is left out stays as it is; something must be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CourseAnswer {
    /// The day on which it is meant to end.
    #[serde(default)]
    pub end_planned: Option<NaiveDate>,
    /// On this day, not one to come, the person was still enrolled.
    #[serde(default)]
    pub still_enrolled: Option<NaiveDate>,
    /// Nobody can say when it ended; `false` takes that back.
    #[serde(default)]
    pub end_cannot_be_told: Option<bool>,
    /// `true` takes the planned end back; not together with another.
    #[serde(default)]
    pub no_end_planned: bool,
    /// The planned end that was seen, `null` for none; if there is another by now, nothing is changed. Left out: whatever it was.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::correct::seen"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<NaiveDate>))]
    pub end_planned_seen: Option<Option<NaiveDate>>,
}

/// What is known of the end of a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CourseKnown {
    /// The last day, once confirmed.
    pub end: Option<NaiveDate>,
    /// The end as it was meant to be.
    pub end_planned: Option<NaiveDate>,
    /// The latest day on which somebody said "still enrolled".
    pub still_enrolled: Option<NaiveDate>,
    /// Nobody can say when it ended.
    pub end_cannot_be_told: bool,
    /// The day on which the question is asked (again), or since when it is open; `None` once it is answered for good.
    pub ask_on: Option<NaiveDate>,
}

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CallOutcome {
    /// Somebody spoke with the person.
    Reached,
    /// Nobody answered.
    NotReached,
    /// A day was agreed on which the person will answer.
    AgreedDate,
    /// The person does not want to make this measurement.
    Declined,
}

impl CallOutcome {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Reached,
        Self::NotReached,
        Self::AgreedDate,
        Self::Declined,
    ];

    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::NotReached => "not_reached",
            Self::AgreedDate => "agreed_date",
            Self::Declined => "declined",
        }
    }

    /// The outcome of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.as_str() == name)
    }
}

/// `POST /api/v1/calls/{id}/attempt`. There is always a next step: `reached` and `not_reached` need a day to try again or a reason why
/// the measurement never will be made, `agreed_date` needs the day, and `declined` is itself the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallAttempt {
    /// What became of it.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub outcome: CallOutcome,
    /// The day to try again, or the day that was agreed: today or one of the next 31.
    #[serde(default)]
    pub next_try: Option<NaiveDate>,
    /// Why the measurement will never be made.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub reason: Option<MissedReason>,
}

/// A call task after something was done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallStatus {
    /// The call task.
    pub call: Uuid,
    /// Who has taken it.
    pub owner: Option<Uuid>,
    /// The day of the next try.
    pub next_try: NaiveDate,
    /// It needs no more tries.
    pub closed: bool,
}

/// `POST /api/v1/calls/{id}/owner`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallOwner {
    /// Who takes it: an account that may see the project; `None` gives it back.
    pub owner: Option<Uuid>,
}

/// `GET /api/v1/projects/{project}/board`: of those who started, what became of each measurement. Numbers only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Board {
    /// The day in Denmark for which it holds.
    pub today: NaiveDate,
    /// `active`, `exempt` or `withdrawn`.
    pub status: String,
    /// The first day on which the status holds, where one was told.
    pub status_on: Option<NaiveDate>,
    /// People who are measured and whose course has begun, whatever became of them.
    pub started: u64,
    /// Of those, people of whom nobody has said whether their course has ended, though it is time, and people of whom nobody can.
    pub end_unknown: u64,
    /// One for each kind of measurement there is, in order.
    pub kinds: Vec<BoardKind>,
    /// Measurements that are in no number here, because they cannot be read.
    #[serde(default)]
    pub damaged: u64,
}

/// What became of the measurements of one kind. The numbers add up to `total`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BoardKind {
    /// Which measurement.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub kind: OccasionKind,
    /// How many there are.
    pub total: u64,
    /// Made by the due day, or without one.
    pub on_time: u64,
    /// Made after the due day.
    pub late: u64,
    /// Not yet to be answered.
    pub planned: u64,
    /// Not yet to be answered, and nobody knows whether the course has ended from which it is counted.
    pub end_unknown: u64,
    /// May be answered.
    pub open: u64,
    /// Should be answered by now.
    pub due: u64,
    /// Should have been answered.
    pub overdue: u64,
    /// The person said no to taking part.
    pub declined: u64,
    /// The person withdrew, or erased everything.
    pub withdrawn: u64,
    /// Will never be made, by reason, in the order of the reasons; those that nobody gave are left out.
    pub missed: Vec<BoardReason>,
}

/// How many were missed for a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BoardReason {
    /// The reason.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub reason: MissedReason,
    /// How many.
    pub count: u64,
}

/// `POST /api/v1/calendar`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CalendarAddress {
    /// To be given to a calendar program, and to nobody else. The one before is worth nothing any more.
    pub url: String,
}

/// `GET /api/v1/calendar`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CalendarKept {
    /// The address that holds, if one was made.
    pub url: Option<String>,
    /// When it was made.
    pub made_at: Option<DateTime<Utc>>,
}
