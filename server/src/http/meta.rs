//! `GET /api/v1/meta`: what anybody may know, and how the app tells this server from a captive portal.

use axum::extract::State;
use bedring_contract::meta::{Meta, SealKey, capability};
use bedring_contract::paths;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::Json;
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_meta))
}

/// Version, capabilities, the key to seal to, and the time.
#[utoipa::path(get, path = paths::META, tag = "server", responses((status = 200, body = Meta)))]
async fn get_meta(State(state): State<AppState>) -> Json<Meta> {
    Json(Meta {
        product: "bedring".to_owned(),
        version: crate::VERSION.to_owned(),
        capabilities: capability::ALL.map(str::to_owned).to_vec(),
        seal_key: seal_key(&state),
        time: state.clock.now(),
    })
}

/// The public key that devices seal to now.
#[must_use]
pub fn seal_key(state: &AppState) -> SealKey {
    let newest = state.keys.seal.newest();
    SealKey {
        key_id: newest.id().to_owned(),
        public_key: newest.public_base64(),
    }
}
