//! Everything HTTP that is not one capability's: the router, extractors, the outermost layer, serving the app, health.

pub mod assets;
pub mod connections;
mod document;
mod document_plan;
mod edge;
#[cfg(test)]
mod edge_tests;
pub mod extract;
mod health;
pub mod meta;
pub mod once;
pub mod serve;
pub mod visitors;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::SizeAbove;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

use crate::error::{ApiError, ApiResult};
use crate::state::AppState;

/// What the OpenAPI document says of itself.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Bedring",
        description = "Survey collection with phones that may be offline. Every error is `application/problem+json` with a stable `code`. \
                       Within `v1` fields and codes may be added, never removed or renamed: clients ignore what they do not know. \
                       What a device delivers stands as text in `DeliveredEntry.body`; the schema `Entry` says what that text holds."
    ),
    components(schemas(bedring_contract::problem::Problem, bedring_domain::journal::Entry)),
    modifiers(&Identities)
)]
struct Document;

/// Who may ask, and how they prove it.
struct Identities;

impl Modify for Identities {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let secret = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A person's secret, from their link or card"));
        components.add_security_scheme("secret", SecurityScheme::Http(secret.build()));
        let device = ApiKeyValue::with_description(
            bedring_contract::device::DEVICE_HEADER,
            "The token of a device that is known, beside the secret",
        );
        components.add_security_scheme("device", SecurityScheme::ApiKey(ApiKey::Header(device)));
        let session =
            ApiKeyValue::with_description(SESSION_COOKIE, "A member of staff who is logged in");
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(session)));
    }
}

/// The cookie of a member of staff: `__Host-` ties it to this very name, where it travels through TLS.
pub const SESSION_COOKIE: &str = "__Host-bedring";

/// What is wrapped around the bodies of one delivery's entries.
const DELIVERY_SLACK: usize = 64 * 1024;

/// Endpoints with many requests and small answers; compression would only cost time.
fn thin_routes() -> OpenApiRouter<AppState> {
    let limit = DefaultBodyLimit::max(bedring_domain::journal::MAX_DELIVERY_BYTES + DELIVERY_SLACK);
    OpenApiRouter::new().merge(crate::journal::routes::routes().layer(limit))
}

/// All other endpoints. A capability adds its `routes()` here.
fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(meta::routes())
        .merge(crate::respond::routes())
        .merge(crate::devices::routes())
        .merge(crate::mail::routes::routes())
        .merge(crate::followup::feed_routes())
}

/// Endpoints for staff, who show a session cookie.
fn staff_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(crate::accounts::routes())
        .merge(crate::followup::routes())
        .merge(crate::people::routes())
        .merge(crate::quarantine::routes())
        .merge(crate::mail::routes::staff_routes())
}

fn api(body_limit: usize, staff: OpenApiRouter<AppState>) -> OpenApiRouter<AppState> {
    let compression = CompressionLayer::new()
        .no_deflate()
        .no_zstd()
        .quality(CompressionLevel::Precise(4))
        .compress_when(SizeAbove::new(1024));
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(routes().merge(staff).layer(compression))
        .layer(DefaultBodyLimit::max(body_limit))
        .merge(thin_routes())
}

/// The OpenAPI document of everything under `/api`.
#[must_use]
pub fn openapi() -> serde_json::Value {
    let mut described = api(0, staff_routes()).into_openapi();
    once::document(&mut described);
    // Made of maps, texts and numbers alone: this never fails.
    let mut whole = serde_json::to_value(described).unwrap_or_default();
    document::complete(&mut whole);
    whole
}

/// The OpenAPI document, for people and for files under version control.
///
/// # Errors
/// None that is known: the document is ours.
pub fn openapi_json() -> serde_json::Result<String> {
    serde_json::to_string_pretty(&openapi())
}

async fn get_openapi() -> ApiResult<Response> {
    let document = openapi_json().map_err(ApiError::internal)?;
    Ok((
        [(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        )],
        document,
    )
        .into_response())
}

/// The whole server as one service. Tests call it with `tower::ServiceExt::oneshot`.
pub fn router(state: AppState) -> Router {
    let edge = edge::EdgeLayer::new(&state.config, state.random.clone(), state.visitors.clone());
    let session = from_fn_with_state(state.clone(), crate::accounts::keep_session);
    let once = from_fn_with_state(state.clone(), once::answer_once);
    let staff = staff_routes().layer(once).layer(session);
    let (api, _) = api(state.config.limits.body_bytes, staff).split_for_parts();
    api.merge(health::routes())
        .merge(crate::mail::routes::page_routes())
        .route(bedring_contract::paths::OPENAPI, get(get_openapi))
        .fallback(assets::serve)
        .layer(edge)
        .with_state(state)
}
