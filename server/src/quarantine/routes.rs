//! What is kept apart, and receipts: HTTP only.

use axum::extract::State;
use bedring_contract::paths;
use bedring_contract::problem::Problem;
use bedring_contract::quarantine::{Quarantine, ReceiptStatus, Resolution, Resolved};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{list, receipts, resolve};
use crate::accounts::Member;
use crate::accounts::access::{LookUpReceipt, ResolveQuarantine, SeeQuarantine, require};
use crate::error::ApiResult;
use crate::http::extract::{Json, Path};
use crate::state::AppState;

/// The routes about entries.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get_quarantine))
        .routes(routes!(post_resolution))
        .routes(routes!(get_receipt))
}

/// What is kept apart and waits for somebody, oldest first.
#[utoipa::path(
    get,
    path = paths::QUARANTINE,
    tag = "staff",
    security(("session" = [])),
    responses((status = 200, body = Quarantine), (status = 401, body = Problem))
)]
async fn get_quarantine(
    State(state): State<AppState>,
    member: Member,
) -> ApiResult<Json<Quarantine>> {
    let proof = require(&member, SeeQuarantine)?;
    Ok(Json(list::quarantine(&proof, state.db.read()).await?))
}

/// Tries something again that is kept apart, or sets it aside. Its bytes stay in either case.
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
    Ok(Json(
        resolve::resolve(&proof, &state, entry, form.action).await?,
    ))
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
