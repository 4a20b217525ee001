//! What the staff's worklist and board ask the server for, with the session's cookie. Types and paths are the contract's.

use bedring_contract::followup::{
    Board, CallAttempt, CallOwner, CallStatus, CourseAnswer, CourseKnown, Missed, MissedSet,
    Worklist,
};
use bedring_contract::paths;
use bedring_domain::course::MissedReason;
use serde::de::IgnoredAny;
use uuid::Uuid;

use super::{ApiFailure, Auth};

fn with(path: &str, place: &str, id: Uuid) -> String {
    path.replace(place, &id.to_string())
}

/// What somebody has to do, in one project or in all that the account may see.
///
/// # Errors
/// [`ApiFailure`].
pub async fn worklist(project: Option<Uuid>) -> Result<Worklist, ApiFailure> {
    let path = match project {
        Some(id) => format!("{}?project={id}", paths::WORKLIST),
        None => paths::WORKLIST.to_owned(),
    };
    super::get(&path, Auth::Cookie).await
}

/// Says why occasions will never be made: all of them, or nothing is changed.
///
/// # Errors
/// [`ApiFailure`]; a problem with `conflict` if one of them is finished already.
pub async fn missed(occasions: Vec<Uuid>, reason: MissedReason) -> Result<MissedSet, ApiFailure> {
    let form = Missed { occasions, reason };
    super::post(paths::OCCASIONS_MISSED, Auth::Cookie, &form).await
}

/// Takes the reason of an occasion back.
///
/// # Errors
/// [`ApiFailure`].
pub async fn reopen(occasion: Uuid) -> Result<(), ApiFailure> {
    let path = with(paths::OCCASION_REOPEN, "{occasion}", occasion);
    super::post::<_, Option<IgnoredAny>>(&path, Auth::Cookie, &serde_json::json!({}))
        .await
        .map(drop)
}

/// Says what is known of the end of a person's course.
///
/// # Errors
/// [`ApiFailure`].
pub async fn course(person: Uuid, answer: CourseAnswer) -> Result<CourseKnown, ApiFailure> {
    let path = with(paths::PERSON_COURSE, "{person}", person);
    super::post(&path, Auth::Cookie, &answer).await
}

/// Says what became of a call.
///
/// # Errors
/// [`ApiFailure`]; a problem with errors at `/next_try` or `/reason` if there is no next step.
pub async fn attempt(call: Uuid, form: CallAttempt) -> Result<CallStatus, ApiFailure> {
    super::post(
        &with(paths::CALL_ATTEMPT, "{call}", call),
        Auth::Cookie,
        &form,
    )
    .await
}

/// Takes a call, or gives it back.
///
/// # Errors
/// [`ApiFailure`].
pub async fn own(call: Uuid, owner: Option<Uuid>) -> Result<CallStatus, ApiFailure> {
    let path = with(paths::CALL_OWNER, "{call}", call);
    super::post(&path, Auth::Cookie, &CallOwner { owner }).await
}

/// What became of a project's measurements, in numbers.
///
/// # Errors
/// [`ApiFailure`].
pub async fn board(project: Uuid) -> Result<Board, ApiFailure> {
    super::get(
        &with(paths::PROJECT_BOARD, "{project}", project),
        Auth::Cookie,
    )
    .await
}
