//! Choices from a mail, returned mails, and the state of sending: HTTP only.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path as Segment, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use bedring_contract::mail::{Bounce, Operations};
use bedring_contract::paths;
use bedring_contract::problem::{Code, Problem};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::bounces::Return;
use super::choices::{self, Choice};
use super::wording::Language;
use super::{bounces, marks, operations, pages};
use crate::accounts::Member;
use crate::accounts::access::{SeeOperations, require};
use crate::calendar;
use crate::error::{ApiError, ApiResult};
use crate::http::extract::{ClientAddress, Json, Query, bearer};
use crate::limiter::Attempt;
use crate::state::AppState;

/// A form with one field, or what a mail provider sends.
const MOST_BYTES: usize = 4096;

/// What staff see.
pub fn staff_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(super::person_routes::routes())
        .routes(routes!(get_operations))
}

/// What other programs report.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(post_bounce))
}

/// Pages for people. They are no part of the API.
pub fn page_routes() -> Router<AppState> {
    Router::new()
        .route(paths::MAIL, get(get_choices).post(post_choice))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
}

#[derive(Deserialize)]
struct Shown {
    lang: Option<String>,
}

/// Shows what can be chosen and changes nothing: mail scanners follow every link.
async fn get_choices(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    Segment(token): Segment<String>,
    Query(shown): Query<Shown>,
) -> ApiResult<Response> {
    state.limiter.check(Attempt::Mail(address))?;
    match choices::holder(&state, &token).await? {
        Some(holder) => pages::form(language(&shown, &holder.language), &holder),
        None => pages::unknown(language(&shown, "da")),
    }
}

/// Does what was chosen.
async fn post_choice(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    Segment(token): Segment<String>,
    Query(shown): Query<Shown>,
    body: Bytes,
) -> ApiResult<Response> {
    state.limiter.check(Attempt::Mail(address))?;
    let Some(holder) = choices::holder(&state, &token).await? else {
        return pages::unknown(language(&shown, "da"));
    };
    let l = language(&shown, &holder.language);
    match chosen(&body).filter(|choice| choices::offered(&holder, *choice)) {
        Some(choice) => {
            let next = choices::choose(&state, &holder, choice).await?;
            pages::done(
                l,
                &holder,
                choice,
                next,
                calendar::day_of(state.clock.now()),
            )
        }
        None => pages::form(l, &holder),
    }
}

fn language(shown: &Shown, own: &str) -> Language {
    Language::of(shown.lang.as_deref().unwrap_or(own))
}

/// `choice=NAME` of our form, or RFC 8058's words, which come as a form of either kind.
fn chosen(body: &[u8]) -> Option<Choice> {
    let text = std::str::from_utf8(body).ok()?;
    let named = |pair: &str| pair.trim().strip_prefix("choice=").and_then(Choice::parse);
    if let Some(choice) = text.split('&').find_map(named) {
        return Some(choice);
    }
    let one_click = text
        .split('&')
        .any(|pair| pair.trim() == "List-Unsubscribe=One-Click")
        || (text.contains("name=\"List-Unsubscribe\"")
            && text.lines().any(|line| line.trim() == "One-Click"));
    one_click.then_some(Choice::Never)
}

/// A mail came back. Takes the token of `mail.bounce_token`.
#[utoipa::path(
    post,
    path = paths::BOUNCES,
    tag = "mail",
    request_body = Bounce,
    responses(
        (status = 204, description = "Noted"),
        (status = 401, body = Problem, description = "No token, or another"),
        (status = 404, body = Problem, description = "No mail of ours, or nobody may report here")
    )
)]
async fn post_bounce(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    Json(bounce): Json<Bounce>,
) -> ApiResult<StatusCode> {
    state.limiter.check(Attempt::Mail(address))?;
    let Some(token) = &state.config.mail.bounce_token else {
        return Err(ApiError::new(Code::NotFound));
    };
    // Hashes, so that the time it takes says nothing about the token.
    let shown = bearer(&headers).map(Sha256::digest);
    if shown != Some(Sha256::digest(token.expose())) {
        return Err(ApiError::new(Code::AuthMissing));
    }
    let how = if bounce.permanent {
        Return::TheAddress
    } else {
        Return::Not
    };
    let mail = marks::mail_of_message_id(&bounce.message_id);
    let mail = mail.ok_or(ApiError::new(Code::NotFound))?;
    bounces::report(&state, mail, how).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How sending goes.
#[utoipa::path(
    get,
    path = paths::OPERATIONS,
    tag = "staff",
    security(("session" = [])),
    responses(
        (status = 200, body = Operations),
        (status = 401, body = Problem),
        (status = 403, body = Problem)
    )
)]
async fn get_operations(
    State(state): State<AppState>,
    member: Member,
) -> ApiResult<Json<Operations>> {
    let proof = require(&member, SeeOperations)?;
    Ok(Json(operations::state(&proof, &state).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_mail_providers_and_our_form_send() {
        for body in [
            "List-Unsubscribe=One-Click",
            "choice=never",
            "x=1&choice=never",
            "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n",
        ] {
            assert_eq!(chosen(body.as_bytes()), Some(Choice::Never), "{body}");
        }
        assert_eq!(chosen(b"choice=in_a_week"), Some(Choice::InAWeek));
        for body in ["", "choice=", "choice=all", "List-Unsubscribe=", "\u{e6}"] {
            assert_eq!(chosen(body.as_bytes()), None, "{body}");
        }
    }
}
