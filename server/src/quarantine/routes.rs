//! What is kept apart, and receipts: HTTP only.

use axum::extract::State;
use bedring_contract::paths;
use bedring_contract::problem::Problem;
use bedring_contract::quarantine::{
    Quarantine, QuarantineOf, QuarantinePeople, ReceiptStatus, Resolution, ResolveMany, Resolved,
    ResolvedMany, Whose,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::waiting::{Cursor, Part};
use super::{list, many, people, receipts, resolve};
use crate::accounts::Member;
use crate::accounts::access::{LookUpReceipt, ResolveQuarantine, SeeQuarantine, require};
use crate::error::{ApiError, ApiResult};
use crate::http::extract::{Json, Path, Query};
use crate::state::AppState;

/// The routes about entries.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get_quarantine))
        .routes(routes!(get_people))
        .routes(routes!(get_person_quarantine))
        .routes(routes!(post_person_resolution))
        .routes(routes!(post_resolution))
        .routes(routes!(get_receipt))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PageQuery {
    /// `next` of the page before.
    after: Option<String>,
    /// How many, at most 200.
    limit: Option<u64>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PersonQuery {
    /// `next` of the page before.
    after: Option<String>,
    /// How many, at most 200.
    limit: Option<u64>,
    /// Of this reason only.
    reason: Option<String>,
}

fn place(after: Option<&str>) -> ApiResult<Option<Cursor>> {
    let read = |text| Cursor::parse(text).ok_or_else(|| ApiError::invalid("/after", "format"));
    after.map(read).transpose()
}

/// What is kept apart and waits for somebody, oldest first, a page at a time.
#[utoipa::path(
    get,
    path = paths::QUARANTINE,
    tag = "staff",
    params(PageQuery),
    security(("session" = [])),
    responses(
        (status = 200, body = Quarantine),
        (status = 401, body = Problem),
        (status = 422, body = Problem, description = "`after` is of no page")
    )
)]
async fn get_quarantine(
    State(state): State<AppState>,
    member: Member,
    Query(query): Query<PageQuery>,
) -> ApiResult<Json<Quarantine>> {
    let proof = require(&member, SeeQuarantine)?;
    let after = place(query.after.as_deref())?;
    let page = list::quarantine(&proof, state.db.read(), after, query.limit).await?;
    Ok(Json(page))
}

/// Of whom something is kept apart, and how much, a page at a time: whoever has waited longest first.
#[utoipa::path(
    get,
    path = paths::QUARANTINE_PEOPLE,
    tag = "staff",
    params(PageQuery),
    security(("session" = [])),
    responses(
        (status = 200, body = QuarantinePeople),
        (status = 401, body = Problem),
        (status = 422, body = Problem, description = "`after` is of no page")
    )
)]
async fn get_people(
    State(state): State<AppState>,
    member: Member,
    Query(query): Query<PageQuery>,
) -> ApiResult<Json<QuarantinePeople>> {
    let proof = require(&member, SeeQuarantine)?;
    let after = place(query.after.as_deref())?;
    let page = people::people(&proof, state.db.read(), after, query.limit).await?;
    Ok(Json(page))
}

/// What is kept apart of one person, or of all whom nobody knows (`unknown`), oldest first, a page at a time.
#[utoipa::path(
    get,
    path = paths::QUARANTINE_PERSON,
    tag = "staff",
    params(("whose" = String, Path, description = "A person's id, or `unknown`"), PersonQuery),
    security(("session" = [])),
    responses(
        (status = 200, body = QuarantineOf),
        (status = 401, body = Problem),
        (status = 404, body = Problem, description = "No such person for this account"),
        (status = 422, body = Problem, description = "`after` is of no page")
    )
)]
async fn get_person_quarantine(
    State(state): State<AppState>,
    member: Member,
    Path(whose): Path<Whose>,
    Query(query): Query<PersonQuery>,
) -> ApiResult<Json<QuarantineOf>> {
    let proof = require(&member, SeeQuarantine)?;
    let part = Part {
        reason: query.reason,
        after: place(query.after.as_deref())?,
        ..Part::default()
    };
    let page = list::of_one(&proof, state.db.read(), whose, part, query.limit).await?;
    Ok(Json(page))
}

/// Tries all again that is kept apart of somebody, or sets it aside, a bounded part at a time: `left` says how many have not had their turn.
#[utoipa::path(
    post,
    path = paths::QUARANTINE_PERSON_RESOLUTION,
    tag = "staff",
    params(("whose" = String, Path, description = "A person's id, or `unknown`")),
    request_body = ResolveMany,
    security(("session" = [])),
    responses(
        (status = 200, body = ResolvedMany),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "No such person for this account"),
        (status = 422, body = Problem, description = "`after` is of no answer")
    )
)]
async fn post_person_resolution(
    State(state): State<AppState>,
    member: Member,
    Path(whose): Path<Whose>,
    Json(form): Json<ResolveMany>,
) -> ApiResult<Json<ResolvedMany>> {
    let proof = require(&member, ResolveQuarantine)?;
    let after = place(form.after.as_deref())?;
    let done = many::resolve(&proof, &state, whose, &form, after).await?;
    crate::health::after_erasure(&state).await;
    Ok(Json(done))
}

/// Tries something again that is kept apart, or sets it aside for good: then its content is deleted, and receipt, reason and times stay.
#[utoipa::path(
    post,
    path = paths::QUARANTINE_RESOLUTION,
    tag = "staff",
    params(("entry" = Uuid, Path)),
    request_body = Resolution,
    security(("session" = [])),
    responses(
        (status = 200, body = Resolved),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "Nothing of that id waits for this account")
    )
)]
async fn post_resolution(
    State(state): State<AppState>,
    member: Member,
    Path(entry): Path<Uuid>,
    Json(form): Json<Resolution>,
) -> ApiResult<Json<Resolved>> {
    let proof = require(&member, ResolveQuarantine)?;
    let done = resolve::resolve(&proof, &state, entry, form.action).await?;
    crate::health::after_erasure(&state).await;
    Ok(Json(done))
}

/// What became of an entry, by the receipt that a person shows.
#[utoipa::path(
    get,
    path = paths::RECEIPT,
    tag = "staff",
    params(("receipt" = String, Path)),
    security(("session" = [])),
    responses(
        (status = 200, body = ReceiptStatus),
        (status = 401, body = Problem),
        (status = 404, body = Problem, description = "No receipt, or of no entry that this account may see")
    )
)]
async fn get_receipt(
    State(state): State<AppState>,
    member: Member,
    Path(receipt): Path<String>,
) -> ApiResult<Json<ReceiptStatus>> {
    let proof = require(&member, LookUpReceipt)?;
    Ok(Json(
        receipts::status(&proof, state.db.read(), &receipt).await?,
    ))
}
