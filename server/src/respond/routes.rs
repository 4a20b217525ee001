//! `GET /api/v1/occasion`, `GET /api/v1/mine`, `POST /api/v1/exchange`: HTTP only.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use bedring_contract::device::SealedMine;
use bedring_contract::paths;
use bedring_contract::person::{Exchange, Exchanged, PersonBundle};
use bedring_contract::problem::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{bundle, exchange, known_as, mine};
use crate::devices::caller::{Caller, caller};
use crate::error::ApiResult;
use crate::http::extract::{ClientAddress, Json, bearer, private};
use crate::http::meta::seal_key;
use crate::limiter::Guess;
use crate::programme::invitation::Maker;
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
    let person = who(&state, &headers).await?.person;
    let (db, editions) = (state.db.read(), state.journal.editions());
    let bundle =
        bundle::of_person(db, editions, person, seal_key(&state), state.clock.now()).await?;
    let secret = bearer(&headers).unwrap_or_default();
    let bundle = known_as::renamed(db, secret, bundle).await?;
    Ok(private(Json(bundle)))
}

/// What the server holds about the person: answers, consents, and who looked. It takes a known device beside the secret, and only that
/// device can open the answer.
#[utoipa::path(
    get,
    path = paths::MINE,
    tag = "person",
    security(("secret" = [], "device" = [])),
    responses(
        (status = 200, body = SealedMine, description = "`Mine`, sealed for the device"),
        (status = 401, body = Problem, description = "No secret, an unknown one, or one that has expired"),
        (status = 403, body = Problem, description = "`device.unknown`: no token, or that of a device which is not known"),
        (status = 410, body = Problem, description = "The person erased everything: there is nothing to tell")
    )
)]
async fn get_mine(State(state): State<AppState>, headers: HeaderMap) -> ApiResult<Response> {
    let known = who(&state, &headers).await?.known()?;
    let sealed = mine::sealed(&state, known).await?;
    Ok(private(Json(sealed)))
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
    let by = Maker {
        keys: &state.keys.contact,
        random: &*state.random,
        account: None,
        now,
    };
    let exchanged = exchange::exchange(&state.db, by, &form.code).await;
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

async fn who(state: &AppState, headers: &HeaderMap) -> ApiResult<Caller> {
    Ok(caller(state.db.read(), headers, state.clock.now()).await?)
}
