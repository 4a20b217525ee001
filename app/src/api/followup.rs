//! What the staff's worklist and board ask the server for, with the session's cookie. Types and paths are the contract's.

use bedring_contract::course::{Colleagues, History, NewContact, NewPause, PersonCourse};
use bedring_contract::followup::{
    Board, CallAttempt, CallOwner, CallStatus, CourseAnswer, CourseKnown, Missed, MissedSet,
    Worklist,
};
use bedring_contract::paths;
use bedring_domain::course::MissedReason;
use serde::de::IgnoredAny;
use uuid::Uuid;

use super::{ApiFailure, cookie};

fn with(path: &str, place: &str, id: Uuid) -> String {
    path.replace(place, &id.to_string())
}

/// What somebody has to do, in one project or in all that the account may see.
///
/// # Errors
/// [`ApiFailure`].
pub async fn worklist(project: Option<Uuid>, lines: u64) -> Result<Worklist, ApiFailure> {
    let mut path = format!("{}?lines={lines}", paths::WORKLIST);
    if let Some(id) = project {
        path += &format!("&project={id}");
    }
    cookie::get(&path).await
}

/// Says why occasions will never be made: all of them, or nothing is changed.
///
/// # Errors
/// [`ApiFailure`]; a problem with `conflict` if one of them is finished already.
pub async fn missed(occasions: Vec<Uuid>, reason: MissedReason) -> Result<MissedSet, ApiFailure> {
    let form = Missed { occasions, reason };
    cookie::post(paths::OCCASIONS_MISSED, &form).await
}

/// Takes the reason of an occasion back.
///
/// # Errors
/// [`ApiFailure`].
pub async fn reopen(occasion: Uuid) -> Result<(), ApiFailure> {
    let path = with(paths::OCCASION_REOPEN, "{occasion}", occasion);
    cookie::post::<_, Option<IgnoredAny>>(&path, &serde_json::json!({}))
        .await
        .map(drop)
}

/// Says what is known of the end of a person's course.
///
/// # Errors
/// [`ApiFailure`].
pub async fn course(person: Uuid, answer: CourseAnswer) -> Result<CourseKnown, ApiFailure> {
    let path = with(paths::PERSON_COURSE, "{person}", person);
    cookie::post(&path, &answer).await
}

/// Says what became of a call.
///
/// # Errors
/// [`ApiFailure`]; a problem with errors at `/next_try` or `/reason` if there is no next step.
pub async fn attempt(call: Uuid, form: CallAttempt) -> Result<CallStatus, ApiFailure> {
    cookie::post(&with(paths::CALL_ATTEMPT, "{call}", call), &form).await
}

/// Takes back what was written down last about a call.
///
/// # Errors
/// [`ApiFailure`].
pub async fn take_back(call: Uuid) -> Result<(), ApiFailure> {
    cookie::delete(&with(paths::CALL_ATTEMPT, "{call}", call)).await
}

/// Takes a call, or gives it back.
///
/// # Errors
/// [`ApiFailure`].
pub async fn own(call: Uuid, owner: Option<Uuid>) -> Result<CallStatus, ApiFailure> {
    let path = with(paths::CALL_OWNER, "{call}", call);
    cookie::post(&path, &CallOwner { owner }).await
}

/// What became of a project's measurements, in numbers.
///
/// # Errors
/// [`ApiFailure`].
pub async fn board(project: Uuid) -> Result<Board, ApiFailure> {
    cookie::get(&with(paths::PROJECT_BOARD, "{project}", project)).await
}

/// Who may take calls in a project.
///
/// # Errors
/// [`ApiFailure`].
pub async fn colleagues(project: Uuid) -> Result<Colleagues, ApiFailure> {
    let path = with(paths::PROJECT_COLLEAGUES, "{project}", project);
    cookie::get(&path).await
}

/// What happens next about a person.
///
/// # Errors
/// [`ApiFailure`].
pub async fn person_course(person: Uuid) -> Result<PersonCourse, ApiFailure> {
    cookie::get(&with(paths::PERSON_COURSE, "{person}", person)).await
}

/// The latest of what was done and said about a person.
///
/// # Errors
/// [`ApiFailure`].
pub async fn history(person: Uuid, limit: u32) -> Result<History, ApiFailure> {
    let path = with(paths::PERSON_HISTORY, "{person}", person);
    cookie::get(&format!("{path}?limit={limit}")).await
}

/// Reminders of a person pause; `None` ends the pause.
///
/// # Errors
/// [`ApiFailure`]; a problem with an error at `/until` for a day that cannot be.
pub async fn pause(person: Uuid, pause: Option<NewPause>) -> Result<(), ApiFailure> {
    let path = with(paths::PERSON_PAUSE, "{person}", person);
    match pause {
        Some(form) => cookie::post::<_, Option<IgnoredAny>>(&path, &form)
            .await
            .map(drop),
        None => cookie::delete(&path).await,
    }
}

/// Writes down whom a person named; `None` removes them.
///
/// # Errors
/// [`ApiFailure`]; a problem with an error at `/email` or `/named_by_person` for what cannot be kept.
pub async fn contact(person: Uuid, contact: Option<NewContact>) -> Result<(), ApiFailure> {
    let path = with(paths::PERSON_CONTACT, "{person}", person);
    match contact {
        Some(form) => cookie::post::<_, Option<IgnoredAny>>(&path, &form)
            .await
            .map(drop),
        None => cookie::delete(&path).await,
    }
}
