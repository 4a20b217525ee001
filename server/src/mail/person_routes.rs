//! What staff say about one person's reminders: a pause, and a contact. HTTP only.

use axum::extract::State;
use axum::http::StatusCode;
use bedring_contract::course::{NewContact, NewPause};
use bedring_contract::paths;
use bedring_contract::problem::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{contacts, pauses};
use crate::accounts::Member;
use crate::accounts::access::{NameContact, PauseReminders, require};
use crate::error::ApiResult;
use crate::http::extract::{Json, Path};
use crate::state::AppState;

/// The routes about one person's reminders.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(post_pause, delete_pause))
        .routes(routes!(post_contact, delete_contact))
}

/// Reminders of a person pause: no mails go and no new calls are opened. The measurements stay in the worklist.
#[utoipa::path(
    post,
    path = paths::PERSON_PAUSE,
    tag = "follow-up",
    params(("person" = Uuid, Path)),
    request_body = NewPause,
    security(("session" = [])),
    responses(
        (status = 204, description = "They pause"),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such person for this account"),
        (status = 409, body = Problem, description = "The person said no or has withdrawn"),
        (status = 410, body = Problem, description = "The person has erased everything"),
        (status = 422, body = Problem, description = "`/until` is `in_past` (today is) or `too_far`")
    )
)]
async fn post_pause(
    State(state): State<AppState>,
    member: Member,
    Path(person): Path<Uuid>,
    Json(form): Json<NewPause>,
) -> ApiResult<StatusCode> {
    let proof = require(&member, PauseReminders)?;
    pauses::pause(&proof, &state, person, form).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reminders of a person go on. Without a pause nothing happens.
#[utoipa::path(
    delete,
    path = paths::PERSON_PAUSE,
    tag = "follow-up",
    params(("person" = Uuid, Path)),
    security(("session" = [])),
    responses(
        (status = 204, description = "They go on"),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such person for this account"),
        (status = 409, body = Problem, description = "The person said no or has withdrawn"),
        (status = 410, body = Problem, description = "The person has erased everything")
    )
)]
async fn delete_pause(
    State(state): State<AppState>,
    member: Member,
    Path(person): Path<Uuid>,
) -> ApiResult<StatusCode> {
    let proof = require(&member, PauseReminders)?;
    pauses::resume(&proof, &state, person).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Writes down the contact whom a person named to be reminded instead. The contact never gets a link.
#[utoipa::path(
    post,
    path = paths::PERSON_CONTACT,
    tag = "follow-up",
    params(("person" = Uuid, Path)),
    request_body = NewContact,
    security(("session" = [])),
    responses(
        (status = 204, description = "It is kept, encrypted"),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such person for this account"),
        (status = 409, body = Problem, description = "The person said no or has withdrawn"),
        (status = 410, body = Problem, description = "The person has erased everything"),
        (status = 422, body = Problem, description = "`/email` has the wrong `format`, `/named_by_person` is `required`")
    )
)]
async fn post_contact(
    State(state): State<AppState>,
    member: Member,
    Path(person): Path<Uuid>,
    Json(form): Json<NewContact>,
) -> ApiResult<StatusCode> {
    let proof = require(&member, NameContact)?;
    contacts::name(&proof, &state, person, form).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a person's contact. Without one nothing happens.
#[utoipa::path(
    delete,
    path = paths::PERSON_CONTACT,
    tag = "follow-up",
    params(("person" = Uuid, Path)),
    security(("session" = [])),
    responses(
        (status = 204, description = "It is forgotten"),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such person for this account"),
        (status = 409, body = Problem, description = "The person said no or has withdrawn"),
        (status = 410, body = Problem, description = "The person has erased everything")
    )
)]
async fn delete_contact(
    State(state): State<AppState>,
    member: Member,
    Path(person): Path<Uuid>,
) -> ApiResult<StatusCode> {
    let proof = require(&member, NameContact)?;
    contacts::remove(&proof, &state, person).await?;
    Ok(StatusCode::NO_CONTENT)
}
