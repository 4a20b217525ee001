//! The address of a calendar, and the calendar itself: HTTP only.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bedring_contract::followup::{CalendarAddress, CalendarKept};
use bedring_contract::paths;
use bedring_contract::problem::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{days, holder, kept, renew, write};
use crate::accounts::Member;
use crate::accounts::access::{KeepCalendar, require};
use crate::calendar;
use crate::error::ApiResult;
use crate::http::extract::{ClientAddress, Json, Path};
use crate::limiter::Attempt;
use crate::mail::wording::Language;
use crate::state::AppState;

/// For calendars, which show no session.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_feed))
}

/// For staff.
pub fn staff_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_calendar, post_calendar))
}

/// The address of the account's own calendar, if it has one.
#[utoipa::path(
    get,
    path = paths::CALENDAR,
    tag = "follow-up",
    security(("session" = [])),
    responses(
        (status = 200, body = CalendarKept),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
async fn get_calendar(
    State(state): State<AppState>,
    member: Member,
) -> ApiResult<Json<CalendarKept>> {
    let proof = require(&member, KeepCalendar)?;
    Ok(Json(kept(&proof, &state).await?))
}

/// Makes the address of the account's calendar, or a new one: the old one is worth nothing then.
#[utoipa::path(
    post,
    path = paths::CALENDAR,
    tag = "follow-up",
    security(("session" = [])),
    responses(
        (status = 200, body = CalendarAddress),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
async fn post_calendar(
    State(state): State<AppState>,
    member: Member,
) -> ApiResult<Json<CalendarAddress>> {
    let proof = require(&member, KeepCalendar)?;
    Ok(Json(renew(&proof, &state).await?))
}

/// The calendar: one event for each day on which there is something to do, with numbers only. Whoever has the address may read it.
#[utoipa::path(
    get,
    path = paths::CALENDAR_FEED,
    tag = "follow-up",
    params(("token" = String, Path, description = "From the address, with `.ics`")),
    responses(
        (status = 200, body = String, content_type = "text/calendar"),
        (status = 404, body = Problem, description = "Not the last address that was given, or the account is closed"),
        (status = 429, body = Problem, description = "Too many from one address, see Retry-After")
    )
)]
async fn get_feed(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    state.limiter.check(Attempt::Calendar(address))?;
    let holder = holder(&state, &token).await?;
    let now = state.clock.now();
    let days = days(&holder, state.db.read(), calendar::day_of(now)).await?;
    // The first language of the list is the one that is wanted most, near enough.
    let wanted = headers.get(header::ACCEPT_LANGUAGE);
    let language = Language::of(wanted.and_then(|v| v.to_str().ok()).unwrap_or("da"));
    let open = format!("{}/staff", state.config.server.base_url());
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/calendar; charset=utf-8"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::VARY, HeaderValue::from_static("accept-language")),
    ];
    Ok((headers, write::ics(&days, language, &open, now)).into_response())
}
