//! What staff screens ask about follow-ups, and what staff say about them: HTTP only.

use axum::extract::State;
use axum::http::StatusCode;
use bedring_contract::followup::{
    Board, CallAttempt, CallOwner, CallStatus, CourseAnswer, CourseKnown, Missed, MissedSet,
    Worklist,
};
use bedring_contract::paths;
use bedring_contract::plan::{PlanEdit, PlanEffect, PlanView};
use bedring_contract::problem::Problem;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{board, calls, ends, plan, reasons, worklist};
use crate::accounts::Member;
use crate::accounts::access::{
    AnswerEnd, ConfirmErasure, EditPlan, GiveReason, MakeCall, SeeBoard, SeePlan, SeeWorklist,
    require,
};
use crate::calendar;
use crate::error::ApiResult;
use crate::http::extract::{Json, Path, Query};
use crate::state::AppState;

/// The routes about follow-ups.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(super::feed::staff_routes())
        .merge(super::person_routes::routes())
        .merge(super::taking_part::routes())
        .routes(routes!(get_worklist))
        .routes(routes!(post_missed))
        .routes(routes!(post_reopen))
        .routes(routes!(post_course))
        .routes(routes!(post_attempt, delete_attempt))
        .routes(routes!(post_owner))
        .routes(routes!(get_board))
        .routes(routes!(get_plan, post_plan))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WorklistQuery {
    /// One project; all that the account may see if left out.
    project: Option<Uuid>,
    /// Most lines of each section: 1 to 2000, 100 if left out.
    lines: Option<u64>,
}

/// What somebody has to do: due, overdue, open questions about the end of a course, calls.
#[utoipa::path(
    get,
    path = paths::WORKLIST,
    tag = "follow-up",
    params(WorklistQuery),
    security(("session" = [])),
    responses(
        (status = 200, body = Worklist),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such project for this account"),
        (status = 422, body = Problem, description = "`/lines` is `out_of_range`")
    )
)]
async fn get_worklist(
    State(state): State<AppState>,
    member: Member,
    Query(query): Query<WorklistQuery>,
) -> ApiResult<Json<Worklist>> {
    let proof = require(&member, SeeWorklist)?;
    let second = require(&member, ConfirmErasure).ok();
    let (db, keys) = (state.db.read(), &state.keys.contact);
    let today = calendar::day_of(state.clock.now());
    let wanted = worklist::Wanted {
        project: query.project,
        lines: query.lines,
    };
    Ok(Json(
        worklist::worklist(&proof, second.as_ref(), db, keys, wanted, today).await?,
    ))
}

/// Says why occasions will never be made: all of them, or nothing is changed.
#[utoipa::path(
    post,
    path = paths::OCCASIONS_MISSED,
    tag = "follow-up",
    request_body = Missed,
    security(("session" = [])),
    responses(
        (status = 200, body = MissedSet),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "One of them does not exist for this account"),
        (status = 409, body = Problem, description = "One of them was answered, or its person said no or has withdrawn"),
        (status = 422, body = Problem, description = "`/occasions` is `required` or `too_many`")
    )
)]
async fn post_missed(
    State(state): State<AppState>,
    member: Member,
    Json(form): Json<Missed>,
) -> ApiResult<Json<MissedSet>> {
    let proof = require(&member, GiveReason)?;
    Ok(Json(reasons::missed(&proof, &state, form).await?))
}

/// Takes the reason of an occasion back. Without a reason nothing happens.
#[utoipa::path(
    post,
    path = paths::OCCASION_REOPEN,
    tag = "follow-up",
    params(("occasion" = Uuid, Path)),
    security(("session" = [])),
    responses(
        (status = 204, description = "It is waited for again"),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such occasion for this account")
    )
)]
async fn post_reopen(
    State(state): State<AppState>,
    member: Member,
    Path(occasion): Path<Uuid>,
) -> ApiResult<StatusCode> {
    let proof = require(&member, GiveReason)?;
    reasons::reopen(&proof, &state, occasion).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says what is known of the end of a person's course, where it is not the day itself.
#[utoipa::path(
    post,
    path = paths::PERSON_COURSE,
    tag = "follow-up",
    params(("person" = Uuid, Path)),
    request_body = CourseAnswer,
    security(("session" = [])),
    responses(
        (status = 200, body = CourseKnown),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such person for this account"),
        (status = 409, body = Problem, description = "The person said no or has withdrawn"),
        (status = 410, body = Problem, description = "The person has erased everything"),
        (status = 422, body = Problem, description = "Nothing is said (`required`), `/end_planned` is `before_start` or `out_of_range` (1900 to 2100), `/still_enrolled` is `before_start`, `out_of_range` or `in_future`, `/no_end_planned` is `not_with_end_planned`")
    )
)]
async fn post_course(
    State(state): State<AppState>,
    member: Member,
    Path(person): Path<Uuid>,
    Json(form): Json<CourseAnswer>,
) -> ApiResult<Json<CourseKnown>> {
    let proof = require(&member, AnswerEnd)?;
    Ok(Json(ends::answer(&proof, &state, person, form).await?))
}

/// Says what became of a call: it is tried again on another day, or closed because a day was agreed or a reason was given.
#[utoipa::path(
    post,
    path = paths::CALL_ATTEMPT,
    tag = "follow-up",
    params(("call" = Uuid, Path)),
    request_body = CallAttempt,
    security(("session" = [])),
    responses(
        (status = 200, body = CallStatus),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such call for this account"),
        (status = 409, body = Problem, description = "It is closed, or the person answered, said no or has withdrawn"),
        (status = 410, body = Problem, description = "The person has erased everything"),
        (status = 422, body = Problem, description = "`/next_try` is `required`, `in_past` or `too_far`, `/reason` is `not_with_outcome`")
    )
)]
async fn post_attempt(
    State(state): State<AppState>,
    member: Member,
    Path(call): Path<Uuid>,
    Json(form): Json<CallAttempt>,
) -> ApiResult<Json<CallStatus>> {
    let proof = require(&member, MakeCall)?;
    Ok(Json(calls::attempt(&proof, &state, call, form).await?))
}

/// Takes back what was written down last about a call, with the reason that it gave: the call is to be made as before.
#[utoipa::path(
    delete,
    path = paths::CALL_ATTEMPT,
    tag = "follow-up",
    params(("call" = Uuid, Path)),
    security(("session" = [])),
    responses(
        (status = 200, body = CallStatus),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such call for this account"),
        (status = 409, body = Problem, description = "The person answered since, said no or has withdrawn"),
        (status = 410, body = Problem, description = "The person has erased everything")
    )
)]
async fn delete_attempt(
    State(state): State<AppState>,
    member: Member,
    Path(call): Path<Uuid>,
) -> ApiResult<Json<CallStatus>> {
    let proof = require(&member, MakeCall)?;
    Ok(Json(calls::take_back(&proof, &state, call).await?))
}

/// Somebody takes a call, or gives it back.
#[utoipa::path(
    post,
    path = paths::CALL_OWNER,
    tag = "follow-up",
    params(("call" = Uuid, Path)),
    request_body = CallOwner,
    security(("session" = [])),
    responses(
        (status = 200, body = CallStatus),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such call for this account"),
        (status = 409, body = Problem, description = "It is closed, or the person said no or has withdrawn"),
        (status = 410, body = Problem, description = "The person has erased everything"),
        (status = 422, body = Problem, description = "`/owner` is `unknown`: no account that may see the project and call people")
    )
)]
async fn post_owner(
    State(state): State<AppState>,
    member: Member,
    Path(call): Path<Uuid>,
    Json(form): Json<CallOwner>,
) -> ApiResult<Json<CallStatus>> {
    let proof = require(&member, MakeCall)?;
    Ok(Json(calls::own(&proof, &state, call, form).await?))
}

/// Of those who started in a project, what became of each measurement. Numbers only.
#[utoipa::path(
    get,
    path = paths::PROJECT_BOARD,
    tag = "follow-up",
    params(("project" = Uuid, Path)),
    security(("session" = [])),
    responses(
        (status = 200, body = Board),
        (status = 401, body = Problem),
        (status = 404, body = Problem, description = "No such project for this account")
    )
)]
async fn get_board(
    State(state): State<AppState>,
    member: Member,
    Path(project): Path<Uuid>,
) -> ApiResult<Json<Board>> {
    let proof = require(&member, SeeBoard)?;
    let today = calendar::day_of(state.clock.now());
    Ok(Json(
        board::board(&proof, state.db.read(), project, today).await?,
    ))
}

/// The plan of a programme: when people are measured, and how they are reminded.
#[utoipa::path(
    get,
    path = paths::PROGRAMME_PLAN,
    tag = "follow-up",
    params(("programme" = Uuid, Path)),
    security(("session" = [])),
    responses(
        (status = 200, body = PlanView),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such programme for this account")
    )
)]
async fn get_plan(
    State(state): State<AppState>,
    member: Member,
    Path(programme): Path<Uuid>,
) -> ApiResult<Json<PlanView>> {
    let proof = require(&member, SeePlan)?;
    Ok(Json(plan::view(&proof, state.db.read(), programme).await?))
}

/// Tries another plan out on the people there are, or saves it together with their days. What is made is never touched, and what is due
/// only if `retroactive` says so.
#[utoipa::path(
    post,
    path = paths::PROGRAMME_PLAN,
    tag = "follow-up",
    params(("programme" = Uuid, Path)),
    request_body = PlanEdit,
    security(("session" = [])),
    responses(
        (status = 200, body = PlanEffect),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such programme"),
        (status = 409, body = Problem, description = "Somebody changed the plan meanwhile; nothing was saved"),
        (status = 422, body = Problem, description = "The plan makes no sense; `errors` says where")
    )
)]
async fn post_plan(
    State(state): State<AppState>,
    member: Member,
    Path(programme): Path<Uuid>,
    Json(form): Json<PlanEdit>,
) -> ApiResult<Json<PlanEffect>> {
    let proof = require(&member, EditPlan)?;
    Ok(Json(plan::edit(&proof, &state, programme, form).await?))
}
