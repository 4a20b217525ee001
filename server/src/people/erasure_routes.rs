//! Erasing a person in two steps: HTTP only.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bedring_contract::erasure::{AskErasure as Form, Erasure};
use bedring_contract::paths;
use bedring_contract::problem::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::erasure;
use crate::accounts::Member;
use crate::accounts::access::{AskErasure, ConfirmErasure, require};
use crate::error::ApiResult;
use crate::health;
use crate::http::extract::{Json, Path, private};
use crate::state::AppState;

/// The routes about erasing.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get_erasure, post_erasure))
        .routes(routes!(delete_erasure))
        .routes(routes!(post_confirm))
}

/// The request to erase a person that waits for a second account, and what an erasure would remove now.
#[utoipa::path(
    get,
    path = paths::PERSON_ERASURE,
    tag = "staff",
    params(("person" = Uuid, Path)),
    security(("session" = [])),
    responses(
        (status = 200, body = Erasure),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such person for this account")
    )
)]
async fn get_erasure(
    State(state): State<AppState>,
    member: Member,
    Path(person): Path<Uuid>,
) -> ApiResult<Response> {
    let proof = require(&member, AskErasure)?;
    let second = require(&member, ConfirmErasure).ok();
    let erasure = erasure::seen(&proof, second.as_ref(), &state, person).await?;
    Ok(private(Json(erasure)))
}

/// Asks that everything about a person be erased. Nothing is, until another account confirms it. The person is told.
#[utoipa::path(
    post,
    path = paths::PERSON_ERASURE,
    tag = "staff",
    params(("person" = Uuid, Path)),
    request_body = Form,
    security(("session" = [])),
    responses(
        (status = 201, body = Erasure),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such person for this account"),
        (status = 409, body = Problem, description = "`erasure.open`: it was asked for already; or the registration was discarded"),
        (status = 410, body = Problem, description = "Everything about the person was erased"),
        (status = 422, body = Problem, description = "`/note` is `required` (for the reason `other`) or `too_long` (300 letters)")
    )
)]
async fn post_erasure(
    State(state): State<AppState>,
    member: Member,
    Path(person): Path<Uuid>,
    Json(form): Json<Form>,
) -> ApiResult<(StatusCode, Json<Erasure>)> {
    let proof = require(&member, AskErasure)?;
    let second = require(&member, ConfirmErasure).ok();
    let erasure = erasure::ask(&proof, second.as_ref(), &state, person, form).await?;
    Ok((StatusCode::CREATED, Json(erasure)))
}

/// Takes a request back. Whoever asked may, and whoever might confirm it. Nothing is erased by it any more.
#[utoipa::path(
    delete,
    path = paths::PERSON_ERASURE_ONE,
    tag = "staff",
    params(("person" = Uuid, Path), ("request" = Uuid, Path)),
    security(("session" = [])),
    responses(
        (status = 204, description = "It is taken back; the person is told"),
        (status = 401, body = Problem),
        (status = 403, body = Problem, description = "The role may not, or somebody else asked"),
        (status = 404, body = Problem, description = "No such person for this account, or no such request"),
        (status = 409, body = Problem, description = "`erasure.closed`: it does not wait any more; or the registration was discarded"),
        (status = 410, body = Problem, description = "Everything about the person was erased")
    )
)]
async fn delete_erasure(
    State(state): State<AppState>,
    member: Member,
    Path(which): Path<(Uuid, Uuid)>,
) -> ApiResult<StatusCode> {
    let proof = require(&member, AskErasure)?;
    let second = require(&member, ConfirmErasure).ok();
    erasure::take_back(&proof, second.as_ref(), &state, which).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Confirms a request as another account than the one that asked: everything about the person is erased at once, as if the person had done
/// it. It cannot be undone.
#[utoipa::path(
    post,
    path = paths::PERSON_ERASURE_CONFIRM,
    tag = "staff",
    params(("person" = Uuid, Path), ("request" = Uuid, Path)),
    security(("session" = [])),
    responses(
        (status = 204, description = "Everything is erased"),
        (status = 401, body = Problem),
        (status = 403, body = Problem, description = "`erasure.second_person`: the account that asked cannot confirm; or the role may not"),
        (status = 404, body = Problem, description = "No such person for this account, or no such request"),
        (status = 409, body = Problem, description = "`erasure.closed`: it does not wait any more; or the registration was discarded"),
        (status = 410, body = Problem, description = "Everything about the person was erased before")
    )
)]
async fn post_confirm(
    State(state): State<AppState>,
    member: Member,
    Path(which): Path<(Uuid, Uuid)>,
) -> ApiResult<StatusCode> {
    let proof = require(&member, ConfirmErasure)?;
    erasure::confirm(&proof, &state, which).await?;
    health::after_erasure(&state).await;
    Ok(StatusCode::NO_CONTENT)
}
