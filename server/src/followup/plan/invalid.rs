//! What is wrong with an edited plan, said where it stands in the form.

use bedring_contract::plan::PlanEdit;
use bedring_domain::course::PlanError;
use bedring_domain::reminder::PolicyError;
use bedring_store::plan::Plan;
use bedring_store::sea_orm::ConnectionTrait;

use crate::followup::FollowupError;
use crate::programme::editions;

/// Refuses what makes no sense, what cannot take the place of the plan in force, and what nobody can answer.
///
/// # Errors
/// [`FollowupError::Field`] for the first thing that is wrong.
pub(super) async fn check<C: ConnectionTrait>(
    db: &C,
    form: &PlanEdit,
    before: &Plan,
) -> Result<(), FollowupError> {
    form.plan
        .check_edit(&before.course)
        .map_err(|error| in_plan(form, &error))?;
    form.reminders
        .check()
        .map_err(|error| in_policy("/reminders", &error))?;
    for (at, occasion) in form.plan.occasions.iter().enumerate() {
        for (n, edition) in occasion.instruments.iter().enumerate() {
            let found = editions::find(db, edition).await?;
            if found.is_none_or(|row| row.derived_from_instrument.is_some()) {
                let pointer = format!("/plan/occasions/{at}/instruments/{n}");
                return Err(FollowupError::Field(pointer, "unknown"));
            }
        }
    }
    Ok(())
}

fn in_plan(form: &PlanEdit, error: &PlanError) -> FollowupError {
    // Of two of one key the later is the one too many.
    let place = |key: &str| {
        let at = form.plan.occasions.iter().rposition(|o| o.key == *key);
        format!("/plan/occasions/{}", at.unwrap_or(0))
    };
    let (key, field, code) = match error {
        PlanError::Empty => return all("required"),
        PlanError::TooManyOccasions { .. } => return all("too_many"),
        PlanError::BadKey { key } => (key, "/key", "bad_key"),
        PlanError::DuplicateKey { key } => (key, "/key", "taken"),
        PlanError::UnknownAnchor { key, .. } => (key, "/anchor/key", "unknown"),
        PlanError::AnchorNotEarlier { key, .. } => (key, "/anchor/key", "not_earlier"),
        PlanError::TooFar { key } => (key, "", "too_far"),
        PlanError::ClosesInGrace { key } => (key, "/closes_after_days", "in_grace"),
        PlanError::RepeatTimes { key, .. } => (key, "/repeats/times", "out_of_range"),
        PlanError::RepeatStands { key } => (key, "/repeats/every", "not_forward"),
        PlanError::DuplicateInstrument { key, .. } => (key, "/instruments", "duplicate"),
        PlanError::KindChanged { key } => (key, "/kind", "changed"),
        PlanError::Reminders { key, error } => {
            return in_policy(&format!("{}/reminders", place(key)), error);
        }
    };
    FollowupError::Field(format!("{}{field}", place(key)), code)
}

fn all(code: &'static str) -> FollowupError {
    FollowupError::Field("/plan/occasions".to_owned(), code)
}

fn in_policy(place: &str, error: &PolicyError) -> FollowupError {
    let (field, code) = match error {
        PolicyError::TooManyMails { .. } => ("most", "too_many"),
        PolicyError::TooManySteps { .. } => ("after_due_days", "too_many"),
        PolicyError::StepsTooClose { .. } => ("after_due_days", "too_close"),
        PolicyError::NoDaysBetween => ("days_between", "required"),
        PolicyError::TooFar { field } => (*field, "too_far"),
        PolicyError::NightNotQuiet => ("quiet_from", "night_not_quiet"),
        PolicyError::NoTimeToSend => ("send_at", "no_time_to_send"),
        PolicyError::NotAName => ("sender_name", "not_a_name"),
        PolicyError::NotAnAddress { field } => (*field, "not_an_address"),
    };
    FollowupError::Field(format!("{place}/{field}"), code)
}
