//! What staff screens ask about one person's course, and who may take calls: HTTP only.

use axum::extract::State;
use bedring_contract::course::{Colleagues, History, PersonCourse};
use bedring_contract::paths;
use bedring_contract::problem::Problem;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{colleagues, course, history};
use crate::accounts::Member;
use crate::accounts::access::{MakeCall, SeeCourse, require};
use crate::error::ApiResult;
use crate::http::extract::{Json, Path, Query};
use crate::state::AppState;

/// Lines of a history, if nobody says how many.
const LINES: u64 = 20;

/// The routes about one person's course.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get_course))
        .routes(routes!(get_history))
        .routes(routes!(get_colleagues))
}

/// What happens next about a person: a step with a day and an owner for each measurement, or the reason why there is none.
#[utoipa::path(
    get,
    path = paths::PERSON_COURSE,
    tag = "follow-up",
    params(("person" = Uuid, Path)),
    security(("session" = [])),
    responses(
        (status = 200, body = PersonCourse),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such person for this account")
    )
)]
async fn get_course(
    State(state): State<AppState>,
    member: Member,
    Path(person): Path<Uuid>,
) -> ApiResult<Json<PersonCourse>> {
    let proof = require(&member, SeeCourse)?;
    Ok(Json(course::of_person(&proof, &state, person).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct HistoryQuery {
    /// How many lines, at most 500; 20 if left out.
    limit: Option<u64>,
}

/// What was done and said about a person, latest first.
#[utoipa::path(
    get,
    path = paths::PERSON_HISTORY,
    tag = "follow-up",
    params(("person" = Uuid, Path), HistoryQuery),
    security(("session" = [])),
    responses(
        (status = 200, body = History),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such person for this account")
    )
)]
async fn get_history(
    State(state): State<AppState>,
    member: Member,
    Path(person): Path<Uuid>,
    Query(query): Query<HistoryQuery>,
) -> ApiResult<Json<History>> {
    let proof = require(&member, SeeCourse)?;
    let limit = query.limit.unwrap_or(LINES);
    Ok(Json(
        history::of_person(&proof, state.db.read(), person, limit).await?,
    ))
}

/// Who may take calls in a project.
#[utoipa::path(
    get,
    path = paths::PROJECT_COLLEAGUES,
    tag = "follow-up",
    params(("project" = Uuid, Path)),
    security(("session" = [])),
    responses(
        (status = 200, body = Colleagues),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such project for this account")
    )
)]
async fn get_colleagues(
    State(state): State<AppState>,
    member: Member,
    Path(project): Path<Uuid>,
) -> ApiResult<Json<Colleagues>> {
    let proof = require(&member, MakeCall)?;
    Ok(Json(
        colleagues::of_project(&proof, state.db.read(), project).await?,
    ))
}
