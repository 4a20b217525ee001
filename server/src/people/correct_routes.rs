//! What staff put right about people: HTTP only.

use axum::extract::State;
use axum::http::StatusCode;
use bedring_contract::correct::{
    DiscardPerson, MergeEffect, MergePersons, MovePerson, PersonCorrection,
};
use bedring_contract::paths;
use bedring_contract::problem::Problem;
use bedring_contract::staff::PersonLine;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{correct, discard, merge, moving};
use crate::accounts::Member;
use crate::accounts::access::{self, CorrectPerson, require};
use crate::error::ApiResult;
use crate::http::extract::{Json, Path};
use crate::state::AppState;

/// The routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(post_facts))
        .routes(routes!(post_project))
        .routes(routes!(post_discard, delete_discard))
        .routes(routes!(post_merge))
}

/// Corrects what is known of a person. Each part says what was seen: of two who change the same thing, the second is told.
#[utoipa::path(
    post,
    path = paths::PERSON_FACTS,
    tag = "staff",
    params(("person" = Uuid, Path)),
    request_body = PersonCorrection,
    security(("session" = [])),
    responses(
        (status = 200, body = PersonLine),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such person for this account"),
        (status = 409, body = Problem, description = "`changed_meanwhile`: `errors` has what it is now; or the person was discarded, or (for name, address and number) said no or has withdrawn"),
        (status = 410, body = Problem, description = "The person has erased everything"),
        (status = 422, body = Problem, description = "`/code` is `required`, `taken`, `too_long` or `not_pseudonymous`, `/name` is `too_long`, `/email` or `/phone` has the wrong `format`, `/language` is `required` or `unknown`, `/start` is `required`, `out_of_range` or `after_end`")
    )
)]
async fn post_facts(
    State(state): State<AppState>,
    member: Member,
    Path(person): Path<Uuid>,
    Json(form): Json<PersonCorrection>,
) -> ApiResult<Json<PersonLine>> {
    let proof = require(&member, CorrectPerson)?;
    Ok(Json(correct::correct(&proof, &state, person, form).await?))
}

/// Says that a person belongs to another project of the same programme. Both must be among the account's own.
#[utoipa::path(
    post,
    path = paths::PERSON_PROJECT,
    tag = "staff",
    params(("person" = Uuid, Path)),
    request_body = MovePerson,
    security(("session" = [])),
    responses(
        (status = 200, body = PersonLine),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such person for this account"),
        (status = 409, body = Problem, description = "`changed_meanwhile`: the person is in a third project by now; or was discarded"),
        (status = 410, body = Problem, description = "The person has erased everything"),
        (status = 422, body = Problem, description = "`/to` is `unknown` (no such project for this account) or `other_programme`, `/code` is `taken`, `too_long` or `not_pseudonymous`")
    )
)]
async fn post_project(
    State(state): State<AppState>,
    member: Member,
    Path(person): Path<Uuid>,
    Json(form): Json<MovePerson>,
) -> ApiResult<Json<PersonLine>> {
    let proof = require(&member, access::MovePerson)?;
    Ok(Json(moving::change(&proof, &state, person, form).await?))
}

/// Discards a person who was registered by mistake: not counted, not asked, not reminded. What was said is kept.
#[utoipa::path(
    post,
    path = paths::PERSON_DISCARD,
    tag = "staff",
    params(("person" = Uuid, Path)),
    request_body = DiscardPerson,
    security(("session" = [])),
    responses(
        (status = 204, description = "It is so"),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such person for this account"),
        (status = 409, body = Problem, description = "`person.has_answers`: merge it with the right registration; or it is discarded already"),
        (status = 410, body = Problem, description = "The person has erased everything"),
        (status = 422, body = Problem, description = "`/why` is `not_by_hand`")
    )
)]
async fn post_discard(
    State(state): State<AppState>,
    member: Member,
    Path(person): Path<Uuid>,
    Json(form): Json<DiscardPerson>,
) -> ApiResult<StatusCode> {
    let proof = require(&member, access::DiscardPerson)?;
    discard::discard(&proof, &state, person, form).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes it back. Where nothing was discarded nothing happens.
#[utoipa::path(
    delete,
    path = paths::PERSON_DISCARD,
    tag = "staff",
    params(("person" = Uuid, Path)),
    security(("session" = [])),
    responses(
        (status = 200, body = PersonLine),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such person for this account"),
        (status = 422, body = Problem, description = "It was `merged` with another registration")
    )
)]
async fn delete_discard(
    State(state): State<AppState>,
    member: Member,
    Path(person): Path<Uuid>,
) -> ApiResult<Json<PersonLine>> {
    let proof = require(&member, access::DiscardPerson)?;
    Ok(Json(discard::restore(&proof, &state, person).await?))
}

/// Says that another registration is the same person, or (`save`: false) what that would do. This one stays.
#[utoipa::path(
    post,
    path = paths::PERSON_MERGE,
    tag = "staff",
    params(("person" = Uuid, Path)),
    request_body = MergePersons,
    security(("session" = [])),
    responses(
        (status = 200, body = MergeEffect),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "One of the two does not exist for this account"),
        (status = 409, body = Problem, description = "One of the two was discarded"),
        (status = 410, body = Problem, description = "One of the two has erased everything"),
        (status = 422, body = Problem, description = "`/other` is `same` or of an `other_programme`")
    )
)]
async fn post_merge(
    State(state): State<AppState>,
    member: Member,
    Path(person): Path<Uuid>,
    Json(form): Json<MergePersons>,
) -> ApiResult<Json<MergeEffect>> {
    let proof = require(&member, access::MergePersons)?;
    Ok(Json(merge::merge(&proof, &state, person, form).await?))
}
