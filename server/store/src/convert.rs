//! Between rows and the domain's types.

use bedring_domain::consent::{Decision, LedgerEvent, Purpose, Scope, Standing};
use bedring_domain::course::{
    MissedReason, OccasionFacts, OccasionKind, OccasionState, occasion_state,
};
use chrono::{DateTime, FixedOffset, NaiveDate};

use crate::StoreError;
use crate::entities::{consent, occasion, person};

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

/// A device's time as rows hold it.
///
/// # Errors
/// [`StoreError::Unreadable`].
pub fn device_time(table: &'static str, text: &str) -> Result<DateTime<FixedOffset>, StoreError> {
    DateTime::parse_from_rfc3339(text).map_err(|_| StoreError::Unreadable { table })
}

/// A line of the ledger for the domain's rules.
///
/// # Errors
/// [`StoreError::Unreadable`].
pub fn ledger_event(row: &consent::Model) -> Result<LedgerEvent, StoreError> {
    let unreadable = || StoreError::Unreadable { table: "consents" };
    Ok(LedgerEvent {
        entry: row.id,
        recorded_at: row.said_at.fixed_offset(),
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

/// The state of an occasion on a day.
#[must_use]
pub fn state_of(row: &occasion::Model, standing: Standing, today: NaiveDate) -> OccasionState {
    let facts = OccasionFacts {
        all_answered: row.completed_at.is_some(),
        missed: row
            .missed_reason
            .as_deref()
            .and_then(MissedReason::parse)
            .is_some(),
        standing,
        opens: row.opens_on,
        ..OccasionFacts::default()
    };
    occasion_state(&facts, today)
}

/// The kind of an occasion.
///
/// # Errors
/// [`StoreError::Unreadable`].
pub fn kind_of(row: &occasion::Model) -> Result<OccasionKind, StoreError> {
    OccasionKind::parse(&row.kind).ok_or(StoreError::Unreadable { table: "occasions" })
}
