//! Between rows and the domain's types.

use bedring_domain::consent::{Clocks, Decision, LedgerEvent, Purpose, Scope, Standing};
use bedring_domain::course::{
    MissedReason, OccasionFacts, OccasionKind, OccasionState, RespondentType, occasion_state,
};
use bedring_domain::time::DeviceTime;
use chrono::{DateTime, Days, FixedOffset, NaiveDate};

use crate::StoreError;
use crate::entities::{consent, occasion, person, project};
use crate::readable::Damage;

/// A decision as `consents.decision` holds it.
#[must_use]
pub fn decision_to_text(decision: Decision) -> String {
    match decision {
        Decision::Given => "given".to_owned(),
        Decision::Declined => "declined".to_owned(),
        Decision::Withdrawn(scope) => format!("withdrawn:{}", scope.as_str()),
    }
}

/// A decision from `consents.decision`.
#[must_use]
pub fn decision_from_text(text: &str) -> Option<Decision> {
    match text {
        "given" => Some(Decision::Given),
        "declined" => Some(Decision::Declined),
        other => other
            .strip_prefix("withdrawn:")
            .and_then(Scope::parse)
            .map(Decision::Withdrawn),
    }
}

/// A device's time as rows hold it. Rows of before may hold years that no device can name now: the nearest that it can.
#[must_use]
pub fn device_time(text: &str) -> DateTime<FixedOffset> {
    DeviceTime::written(text).get()
}

/// Whether a row holds a device's time at all, be it one that no device can name now.
#[must_use]
pub fn is_device_time(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || c == '+' || c == '-')
}

/// A line of the ledger for the domain's rules.
///
/// # Errors
/// [`StoreError::Unreadable`].
pub fn ledger_event(row: &consent::Model) -> Result<LedgerEvent, StoreError> {
    let unreadable = || StoreError::Unreadable { table: "consents" };
    let clocks = match (row.device_id, &row.device_sent_at) {
        (Some(device), Some(sent)) => Some(Clocks {
            device,
            recorded: device_time(&row.device_recorded_at),
            sent: device_time(sent),
            received: row.received_at.fixed_offset(),
        }),
        _ => None,
    };
    Ok(LedgerEvent {
        entry: row.id,
        recorded_at: row.said_at.fixed_offset(),
        clocks,
        purpose: Purpose::parse(&row.purpose).ok_or_else(unreadable)?,
        decision: decision_from_text(&row.decision).ok_or_else(unreadable)?,
    })
}

/// Where a person stands, as the row holds it.
#[must_use]
pub fn standing(row: &person::Model) -> Standing {
    Standing {
        ever_given: row.ever_given,
        refused: row.refused,
        withdrawn: row.withdrawn.as_deref().and_then(Scope::parse),
    }
}

/// Tells of words in a person's row that this program does not know: the row is whole, but what it means cannot be read.
pub fn notice(row: &person::Model, damage: &mut Damage) {
    let type_known = row
        .respondent_type
        .as_deref()
        .is_none_or(|t| RespondentType::parse(t).is_some());
    let withdrawn_known = row
        .withdrawn
        .as_deref()
        .is_none_or(|w| Scope::parse(w).is_some());
    if !type_known || !withdrawn_known {
        damage.note("persons", row.id);
    }
}

/// Days after the due day from which an occasion is overdue that no plan took hold of: a fortnight's grace, as in the default plan.
pub const OVERDUE_AFTER_DAYS: u64 = 15;

/// What the state of an occasion depends on beside its own row.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside {
    /// Where its person stands.
    pub standing: Standing,
    /// The first day on which it is overdue, as the row in `followups` has it, if there is one.
    pub overdue_from: Option<NaiveDate>,
    /// The first day on which the project is exempt or has left the programme, if it does.
    pub exempt_from: Option<NaiveDate>,
}

/// The state of an occasion on a day.
#[must_use]
pub fn state_of(row: &occasion::Model, beside: Beside, today: NaiveDate) -> OccasionState {
    let after_due = || row.due_on?.checked_add_days(Days::new(OVERDUE_AFTER_DAYS));
    let facts = OccasionFacts {
        all_answered: row.completed_at.is_some(),
        missed: row
            .missed_reason
            .as_deref()
            .and_then(MissedReason::parse)
            .is_some(),
        standing: beside.standing,
        opens: row.opens_on,
        due: row.due_on,
        overdue_from: beside.overdue_from.or_else(after_due),
        exempt: beside.exempt_from.is_some_and(|from| from <= today),
    };
    occasion_state(&facts, today)
}

/// The first day on which a project is exempt or has left the programme: from then on its people may answer, and nobody waits for it.
/// Where no day was told (a project that came by import), always.
#[must_use]
pub fn exempt_from(project: &project::Model) -> Option<NaiveDate> {
    (project.status != "active").then(|| project.status_on.unwrap_or(NaiveDate::MIN))
}

/// Whether a project is exempt or has left the programme on a day.
#[must_use]
pub fn is_exempt(project: &project::Model, today: NaiveDate) -> bool {
    exempt_from(project).is_some_and(|from| from <= today)
}

/// The kind of an occasion.
///
/// # Errors
/// [`StoreError::Unreadable`].
pub fn kind_of(row: &occasion::Model) -> Result<OccasionKind, StoreError> {
    OccasionKind::parse(&row.kind).ok_or(StoreError::Unreadable { table: "occasions" })
}
