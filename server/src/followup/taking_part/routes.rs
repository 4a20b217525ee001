//! Saying whether a project takes part: HTTP only.

use axum::extract::State;
use bedring_contract::paths;
use bedring_contract::problem::Problem;
use bedring_contract::project::TakingPart;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::accounts::Member;
use crate::accounts::access::{SetTakingPart, require};
use crate::error::ApiResult;
use crate::http::extract::{Json, Path};
use crate::state::AppState;

/// The route.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(post_status))
}

/// Says whether a project takes part, and from which day. Its people stay in the figures.
#[utoipa::path(
    post,
    path = paths::PROJECT_STATUS,
    tag = "follow-up",
    params(("project" = Uuid, Path)),
    request_body = TakingPart,
    security(("session" = [])),
    responses(
        (status = 200, body = TakingPart),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such project"),
        (status = 422, body = Problem, description = "`/on` is `out_of_range` (1900 to 2100) or `in_future`: only a project that takes part can be exempt or leave from a day to come")
    )
)]
async fn post_status(
    State(state): State<AppState>,
    member: Member,
    Path(project): Path<Uuid>,
    Json(form): Json<TakingPart>,
) -> ApiResult<Json<TakingPart>> {
    let proof = require(&member, SetTakingPart)?;
    Ok(Json(super::set(&proof, &state, project, form).await?))
}
