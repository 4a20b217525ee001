//! `/health/live`: the process answers. `/health/ready`: it can also do its work. For systemd, proxies and containers; not part of the API.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::Serialize;

use super::extract::Json;
use crate::error::ApiResult;
use crate::health;
use crate::state::AppState;

/// How the server is.
#[derive(Debug, Serialize)]
struct Health {
    status: &'static str,
}

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
}

async fn live() -> Json<Health> {
    Json(Health { status: "ok" })
}

async fn ready(State(state): State<AppState>) -> ApiResult<Json<Health>> {
    health::ready(&state).await?;
    Ok(Json(Health { status: "ok" }))
}
