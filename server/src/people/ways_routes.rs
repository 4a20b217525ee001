//! What staff screens ask about a person's ways in: HTTP only.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bedring_contract::device::WaysIn;
use bedring_contract::paths;
use bedring_contract::problem::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{devices, ways};
use crate::accounts::Member;
use crate::accounts::access::{InvitePerson, SeePerson, require};
use crate::error::ApiResult;
use crate::http::extract::{Json, Path, private};
use crate::state::AppState;

/// The routes about ways in.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get_ways, delete_ways))
        .routes(routes!(delete_way))
        .routes(routes!(delete_person_device))
}

/// The ways in and the devices of a person, the latest 100 of each, and an erasure that waits. None of it opens anything.
#[utoipa::path(
    get,
    path = paths::PERSON_WAYS,
    operation_id = "get_person_ways",
    tag = "staff",
    params(("person" = Uuid, Path)),
    security(("session" = [])),
    responses(
        (status = 200, body = WaysIn),
        (status = 401, body = Problem),
        (status = 404, body = Problem, description = "No such person for this account")
    )
)]
async fn get_ways(
    State(state): State<AppState>,
    member: Member,
    Path(person): Path<Uuid>,
) -> ApiResult<Response> {
    let proof = require(&member, SeePerson)?;
    Ok(private(Json(ways::seen(&proof, &state, person).await?)))
}

/// Ends all ways in of a person, codes that nobody has typed yet among them. The person's own known devices go on.
#[utoipa::path(
    delete,
    path = paths::PERSON_WAYS,
    operation_id = "delete_person_ways",
    tag = "staff",
    params(("person" = Uuid, Path)),
    security(("session" = [])),
    responses(
        (status = 204, description = "They are ended; the person is told"),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such person for this account"),
        (status = 410, body = Problem, description = "The person has erased everything")
    )
)]
async fn delete_ways(
    State(state): State<AppState>,
    member: Member,
    Path(person): Path<Uuid>,
) -> ApiResult<StatusCode> {
    let proof = require(&member, InvitePerson)?;
    ways::end(&proof, &state, person, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one way in of a person. The person's own known devices go on.
#[utoipa::path(
    delete,
    path = paths::PERSON_WAYS_ONE,
    operation_id = "delete_person_way",
    tag = "staff",
    params(("person" = Uuid, Path), ("way" = Uuid, Path)),
    security(("session" = [])),
    responses(
        (status = 204, description = "It is ended; the person is told"),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such person for this account, or no such way in"),
        (status = 410, body = Problem, description = "The person has erased everything")
    )
)]
async fn delete_way(
    State(state): State<AppState>,
    member: Member,
    Path((person, way)): Path<(Uuid, Uuid)>,
) -> ApiResult<StatusCode> {
    let proof = require(&member, InvitePerson)?;
    ways::end(&proof, &state, person, Some(way)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends a device of a person, such as a phone that was lost: it reads back and erases nothing any more. What was finished on it is still
/// taken in while its way in works.
#[utoipa::path(
    delete,
    path = paths::PERSON_DEVICES_ONE,
    tag = "staff",
    params(("person" = Uuid, Path), ("device" = Uuid, Path)),
    security(("session" = [])),
    responses(
        (status = 204, description = "It is ended; the person is told"),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such person for this account, or no such device"),
        (status = 409, body = Problem, description = "The registration was discarded"),
        (status = 410, body = Problem, description = "The person has erased everything")
    )
)]
async fn delete_person_device(
    State(state): State<AppState>,
    member: Member,
    Path(which): Path<(Uuid, Uuid)>,
) -> ApiResult<StatusCode> {
    let proof = require(&member, InvitePerson)?;
    devices::end(&proof, &state, which).await?;
    Ok(StatusCode::NO_CONTENT)
}
