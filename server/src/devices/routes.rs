//! Devices, PIN and ways in, as a person's phone asks for them: HTTP only.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use bedring_contract::device::{AnotherDevice, DeviceAnswer, DeviceKey, Pin, WaysIn};
use bedring_contract::paths;
use bedring_contract::problem::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::caller::{Caller, KnownDevice, caller};
use super::{erasing, pin, register, ways};
use crate::error::ApiResult;
use crate::http::extract::{Json, Path, private};
use crate::state::AppState;

/// The routes of devices.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(put_device))
        .routes(routes!(put_pin, post_pin))
        .routes(routes!(post_another))
        .routes(routes!(delete_device))
        .routes(routes!(get_ways, delete_ways))
        .routes(routes!(delete_way))
        .routes(routes!(post_take_back))
}

async fn who(state: &AppState, headers: &HeaderMap) -> ApiResult<Caller> {
    Ok(caller(state.db.read(), headers, state.clock.now()).await?)
}

async fn known(state: &AppState, headers: &HeaderMap) -> ApiResult<KnownDevice> {
    let known = who(state, headers).await?.known()?;
    pin::was_here(&state.db, &known, state.clock.now()).await?;
    Ok(known)
}

/// Registers a device with its public key, and gives it a token that only it can open. Sent again it gives a new token; the one before
/// that goes on working. A token is shown in the header `bedring-device` beside the secret.
#[utoipa::path(
    put,
    path = paths::DEVICE,
    tag = "person",
    request_body = DeviceKey,
    security(("secret" = [])),
    responses(
        (status = 200, body = DeviceAnswer),
        (status = 401, body = Problem, description = "No secret, an unknown one, one that has expired or was ended; or this device was ended"),
        (status = 409, body = Problem, description = "The id is that of another device"),
        (status = 410, body = Problem, description = "The person erased everything"),
        (status = 422, body = Problem, description = "`/public_key` has the wrong `format`")
    )
)]
async fn put_device(
    State(state): State<AppState>,
    headers: HeaderMap,
    Json(form): Json<DeviceKey>,
) -> ApiResult<Response> {
    let caller = who(&state, &headers).await?;
    Ok(private(Json(
        register::register(&state, caller, form).await?,
    )))
}

/// Chooses the PIN with which another device of the person becomes known. Takes a known device.
#[utoipa::path(
    put,
    path = paths::DEVICE_PIN,
    tag = "person",
    request_body = Pin,
    security(("secret" = [], "device" = [])),
    responses(
        (status = 204, description = "It is so"),
        (status = 401, body = Problem),
        (status = 403, body = Problem, description = "The device is not known"),
        (status = 410, body = Problem, description = "The person erased everything"),
        (status = 422, body = Problem, description = "`/pin` is `weak`: not six to twelve digits, or one that is guessed first")
    )
)]
async fn put_pin(
    State(state): State<AppState>,
    headers: HeaderMap,
    Json(form): Json<Pin>,
) -> ApiResult<StatusCode> {
    let known = known(&state, &headers).await?;
    pin::choose(&state, known, form).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes this device known by the PIN of the person. Five wrong ones in a row block it until a known device was here.
#[utoipa::path(
    post,
    path = paths::DEVICE_PIN,
    tag = "person",
    request_body = Pin,
    security(("secret" = [], "device" = [])),
    responses(
        (status = 200, body = DeviceAnswer, description = "It is known; `sealed_token` is empty: the one before goes on"),
        (status = 401, body = Problem),
        (status = 403, body = Problem, description = "`device.pin_wrong`, `device.pin_blocked`, or a device that has not registered"),
        (status = 410, body = Problem, description = "The person erased everything")
    )
)]
async fn post_pin(
    State(state): State<AppState>,
    headers: HeaderMap,
    Json(form): Json<Pin>,
) -> ApiResult<Response> {
    let caller = who(&state, &headers).await?;
    Ok(private(Json(pin::vouch(&state, caller, form).await?)))
}

/// A way in for another device of the same person: the first that opens it within ten minutes becomes known. Takes a known device.
#[utoipa::path(
    post,
    path = paths::DEVICE_ANOTHER,
    tag = "person",
    security(("secret" = [], "device" = [])),
    responses(
        (status = 200, body = AnotherDevice),
        (status = 401, body = Problem),
        (status = 403, body = Problem, description = "The device is not known"),
        (status = 410, body = Problem, description = "The person erased everything")
    )
)]
async fn post_another(State(state): State<AppState>, headers: HeaderMap) -> ApiResult<Response> {
    let known = known(&state, &headers).await?;
    Ok(private(Json(ways::another(&state, known).await?)))
}

/// Ends a device of the person: its token opens nothing any more. Takes a known device.
#[utoipa::path(
    delete,
    path = paths::DEVICE_ONE,
    tag = "person",
    params(("device" = Uuid, Path)),
    security(("secret" = [], "device" = [])),
    responses(
        (status = 204, description = "It is ended"),
        (status = 401, body = Problem),
        (status = 403, body = Problem, description = "The device that asks is not known"),
        (status = 404, body = Problem, description = "The person has no such device"),
        (status = 410, body = Problem, description = "The person erased everything")
    )
)]
async fn delete_device(
    State(state): State<AppState>,
    headers: HeaderMap,
    Path(device): Path<Uuid>,
) -> ApiResult<StatusCode> {
    let known = known(&state, &headers).await?;
    ways::end_device(&state, known, device).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The ways in and the devices of the person, the latest 100 of each. Takes a known device.
#[utoipa::path(
    get,
    path = paths::WAYS,
    tag = "person",
    security(("secret" = [], "device" = [])),
    responses(
        (status = 200, body = WaysIn),
        (status = 401, body = Problem),
        (status = 403, body = Problem, description = "The device is not known"),
        (status = 410, body = Problem, description = "The person erased everything")
    )
)]
async fn get_ways(State(state): State<AppState>, headers: HeaderMap) -> ApiResult<Response> {
    let known = known(&state, &headers).await?;
    let own = Some((known.way.secret_hash.as_slice(), known.device.id));
    let ways = ways::of_person(state.db.read(), known.person.id, own).await?;
    Ok(private(Json(ways)))
}

/// Ends all ways in of the person but the one in use. Takes a known device.
#[utoipa::path(
    delete,
    path = paths::WAYS,
    tag = "person",
    security(("secret" = [], "device" = [])),
    responses(
        (status = 204, description = "They are ended"),
        (status = 401, body = Problem),
        (status = 403, body = Problem, description = "The device is not known"),
        (status = 410, body = Problem, description = "The person erased everything")
    )
)]
async fn delete_ways(State(state): State<AppState>, headers: HeaderMap) -> ApiResult<StatusCode> {
    let known = known(&state, &headers).await?;
    ways::end_own(&state, known, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one way in of the person. Takes a known device.
#[utoipa::path(
    delete,
    path = paths::WAYS_ONE,
    tag = "person",
    params(("way" = Uuid, Path)),
    security(("secret" = [], "device" = [])),
    responses(
        (status = 204, description = "It is ended"),
        (status = 401, body = Problem),
        (status = 403, body = Problem, description = "The device is not known"),
        (status = 404, body = Problem, description = "The person has no such way in"),
        (status = 410, body = Problem, description = "The person erased everything")
    )
)]
async fn delete_way(
    State(state): State<AppState>,
    headers: HeaderMap,
    Path(way): Path<Uuid>,
) -> ApiResult<StatusCode> {
    let known = known(&state, &headers).await?;
    ways::end_own(&state, known, Some(way)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes back an erasure that waits. Takes a known device.
#[utoipa::path(
    post,
    path = paths::ERASURE_TAKE_BACK,
    tag = "person",
    security(("secret" = [], "device" = [])),
    responses(
        (status = 204, description = "Nothing will be erased; nobody asks the person until they say yes again"),
        (status = 401, body = Problem),
        (status = 403, body = Problem, description = "The device is not known"),
        (status = 404, body = Problem, description = "No erasure waits"),
        (status = 410, body = Problem, description = "The person erased everything")
    )
)]
async fn post_take_back(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> ApiResult<StatusCode> {
    let known = known(&state, &headers).await?;
    erasing::take_back(&state, known).await?;
    Ok(StatusCode::NO_CONTENT)
}
