//! `GET /api/v1/occasion`, `GET /api/v1/mine`, `POST /api/v1/exchange`: HTTP only.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bedring_contract::paths;
use bedring_contract::person::{Exchange, Exchanged, Mine, PersonBundle};
use bedring_contract::problem::{Code, Problem};
use bedring_store::entities::person;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{bundle, exchange, mine, person as whose};
use crate::error::{ApiError, ApiResult};
use crate::http::extract::{ClientAddress, Json, bearer};
use crate::http::meta::seal_key;
use crate::limiter::Guess;
use crate::state::AppState;

/// The routes for people.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get_occasion))
        .routes(routes!(get_mine))
        .routes(routes!(post_exchange))
}

/// All that a phone needs to answer without a network, for the person whose secret it is.
#[utoipa::path(
    get,
    path = paths::OCCASION,
    tag = "person",
    security(("secret" = [])),
    responses(
        (status = 200, body = PersonBundle),
        (status = 401, body = Problem, description = "No secret, an unknown one, or one that has expired"),
        (status = 410, body = Problem, description = "The person erased everything: remove it from the phone, too")
    )
)]
async fn get_occasion(State(state): State<AppState>, headers: HeaderMap) -> ApiResult<Response> {
    let person = person_of(&state, &headers).await?;
    let (db, editions) = (state.db.read(), state.journal.editions());
    let bundle =
        bundle::of_person(db, editions, person, seal_key(&state), state.clock.now()).await?;
    Ok(private(Json(bundle)))
}

/// What the server holds about the person whose secret it is: answers, consents, and who looked.
#[utoipa::path(
    get,
    path = paths::MINE,
    tag = "person",
    security(("secret" = [])),
    responses(
        (status = 200, body = Mine),
        (status = 401, body = Problem, description = "No secret, an unknown one, or one that has expired"),
        (status = 410, body = Problem, description = "The person erased everything: there is nothing to tell")
    )
)]
async fn get_mine(State(state): State<AppState>, headers: HeaderMap) -> ApiResult<Response> {
    let person = person_of(&state, &headers).await?;
    Ok(private(Json(
        mine::of_person(state.db.read(), &state.keys, person).await?,
    )))
}

/// Exchanges a short code for a secret. A code works once.
#[utoipa::path(
    post,
    path = paths::EXCHANGE,
    tag = "person",
    request_body = Exchange,
    responses(
        (status = 200, body = Exchanged),
        (status = 404, body = Problem, description = "Unknown, used or expired: never told apart"),
        (status = 429, body = Problem, description = "Too many tries, see Retry-After")
    )
)]
async fn post_exchange(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    Json(form): Json<Exchange>,
) -> ApiResult<Response> {
    let admitted = state.limiter.admit(Guess::ShortCode(address)).await?;
    let now = state.clock.now();
    let exchanged = exchange::exchange(&state.db, &*state.random, &form.code, now).await;
    let secret = match exchanged {
        Err(error @ exchange::ExchangeError::CodeUnknown) => {
            admitted.was_wrong();
            return Err(error.into());
        }
        other => other?,
    };
    drop(admitted);
    Ok(private(Json(Exchanged { secret })))
}

async fn person_of(state: &AppState, headers: &HeaderMap) -> ApiResult<person::Model> {
    let secret = bearer(headers).ok_or_else(|| ApiError::new(Code::AuthMissing))?;
    Ok(whose::of_secret(state.db.read(), secret, state.clock.now()).await?)
}

/// Nothing on the way and no browser keeps what is one person's.
fn private(answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
