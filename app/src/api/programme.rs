//! What the screens about programmes, projects and one's own calendar ask the server for, with the session's cookie.

use bedring_contract::followup::{CalendarAddress, CalendarKept};
use bedring_contract::instrument::InstrumentLine;
use bedring_contract::paths;
use bedring_contract::plan::{PlanEdit, PlanEffect, PlanView};
use bedring_contract::project::TakingPart;
use uuid::Uuid;

use super::{ApiFailure, cookie};

fn with(path: &str, place: &str, id: Uuid) -> String {
    path.replace(place, &id.to_string())
}

/// The plan of a programme.
///
/// # Errors
/// [`ApiFailure`].
pub async fn plan(programme: Uuid) -> Result<PlanView, ApiFailure> {
    cookie::get(&with(paths::PROGRAMME_PLAN, "{programme}", programme)).await
}

/// Tries another plan out, or saves it.
///
/// # Errors
/// [`ApiFailure`]; a problem with `conflict` if somebody else saved another meanwhile, and with `errors` for a plan that makes no sense.
pub async fn edit_plan(programme: Uuid, edit: PlanEdit) -> Result<PlanEffect, ApiFailure> {
    let path = with(paths::PROGRAMME_PLAN, "{programme}", programme);
    cookie::post(&path, &edit).await
}

/// The editions that were published here.
///
/// # Errors
/// [`ApiFailure`].
pub async fn instruments() -> Result<Vec<InstrumentLine>, ApiFailure> {
    cookie::get(paths::INSTRUMENTS).await
}

/// Says whether a project takes part.
///
/// # Errors
/// [`ApiFailure`]; a problem with an error at `/on` for a day that cannot be.
pub async fn take_part(project: Uuid, form: TakingPart) -> Result<TakingPart, ApiFailure> {
    let path = with(paths::PROJECT_STATUS, "{project}", project);
    cookie::post(&path, &form).await
}

/// The address of the account's own calendar, if it has one.
///
/// # Errors
/// [`ApiFailure`].
pub async fn calendar() -> Result<CalendarKept, ApiFailure> {
    cookie::get(paths::CALENDAR).await
}

/// A new address; the one before is worth nothing then.
///
/// # Errors
/// [`ApiFailure`].
pub async fn new_calendar() -> Result<CalendarAddress, ApiFailure> {
    cookie::post(paths::CALENDAR, &serde_json::json!({})).await
}
