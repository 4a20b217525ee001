//! `/api/v1/session`: HTTP only.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bedring_contract::paths;
use bedring_contract::problem::{Code, Problem};
use bedring_contract::staff::{Account, AccountChoices, ChangeAccountChoices, LogIn};
use chrono::TimeDelta;
use secrecy::SecretString;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::access::{KeepChoices, require};
use super::log_in::{LogInContext, LogInError, log_in};
use super::{Member, choices, cookie, known, sessions};
use crate::error::{ApiError, ApiResult};
use crate::http::extract::{ClientAddress, Json};
use crate::limiter::Guess;
use crate::state::AppState;

/// The routes of sessions.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(post_session, get_session, delete_session))
        .routes(routes!(get_choices, post_choices))
}

/// Logs in and sets the session cookie.
#[utoipa::path(
    post,
    path = paths::SESSION,
    tag = "staff",
    request_body = LogIn,
    responses(
        (status = 200, body = Account),
        (status = 401, body = Problem, description = "Unknown address or wrong password: never told apart"),
        (status = 429, body = Problem, description = "Too many tries, see Retry-After")
    )
)]
async fn post_session(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    Json(form): Json<LogIn>,
) -> ApiResult<Response> {
    let now = state.clock.now();
    let mark = known::mark_for(&state, &headers, &form.email, now).await?;
    let guess = match &mark {
        Some(mark) => Guess::KnownBrowser(address, mark),
        None => Guess::LogIn(address, &form.email),
    };
    let admitted = state.limiter.admit(guess).await?;
    let ctx = LogInContext {
        db: &state.db,
        passwords: &state.passwords,
        random: &*state.random,
        now,
        length: TimeDelta::hours(i64::from(state.config.security.session_hours)),
    };
    let previous = cookie::token(&state, &headers);
    let password = SecretString::from(form.password);
    let (member, token) = match log_in(&ctx, &form.email, password, previous.as_deref()).await {
        Err(LogInError::Failed) => {
            admitted.was_wrong();
            return Err(LogInError::Failed.into());
        }
        other => other?,
    };
    drop(admitted);
    if let Some(language) = form.language {
        let proof = require(&member, KeepChoices)?;
        let change = ChangeAccountChoices {
            language: Some(language),
            weekly_digest: None,
        };
        choices::change_own(&proof, &state, &change).await?;
    }
    let cookie = cookie::set(&state, Some(&token), now)?;
    let known = known::remember(&state, &headers, member.id(), now).await?;
    let mut answer = Json(Account::from(member)).into_response();
    let cookies = std::iter::once(cookie).chain(known);
    for cookie in cookies {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(answer)
}

/// Who is logged in.
#[utoipa::path(
    get,
    path = paths::SESSION,
    tag = "staff",
    security(("session" = [])),
    responses((status = 200, body = Account), (status = 401, body = Problem))
)]
async fn get_session(member: Member) -> Json<Account> {
    Json(member.into())
}

/// Logs out. Also fine if nobody was logged in.
#[utoipa::path(
    delete,
    path = paths::SESSION,
    tag = "staff",
    security(("session" = [])),
    responses((status = 204, description = "Nobody is logged in any more"))
)]
async fn delete_session(State(state): State<AppState>, headers: HeaderMap) -> ApiResult<Response> {
    if let Some(token) = cookie::token(&state, &headers) {
        let tx = state.db.begin().await?;
        sessions::end(&*tx, &token).await?;
        tx.commit().await?;
    }
    let cookie = cookie::set(&state, None, state.clock.now())?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// What the account chose for itself.
#[utoipa::path(
    get,
    path = paths::ACCOUNT_CHOICES,
    tag = "staff",
    security(("session" = [])),
    responses((status = 200, body = AccountChoices), (status = 401, body = Problem))
)]
async fn get_choices(
    State(state): State<AppState>,
    member: Member,
) -> ApiResult<Json<AccountChoices>> {
    let proof = require(&member, KeepChoices)?;
    Ok(Json(choices::own(&proof, &state).await?))
}

/// Changes what the account chose for itself; what is left out stays.
#[utoipa::path(
    post,
    path = paths::ACCOUNT_CHOICES,
    tag = "staff",
    security(("session" = [])),
    request_body = ChangeAccountChoices,
    responses((status = 200, body = AccountChoices), (status = 401, body = Problem))
)]
async fn post_choices(
    State(state): State<AppState>,
    member: Member,
    Json(change): Json<ChangeAccountChoices>,
) -> ApiResult<Json<AccountChoices>> {
    let proof = require(&member, KeepChoices)?;
    Ok(Json(choices::change_own(&proof, &state, &change).await?))
}

impl From<LogInError> for ApiError {
    fn from(error: LogInError) -> Self {
        match error {
            LogInError::Failed => Self::new(Code::AuthFailed),
            LogInError::Password(error) => Self::internal(error),
            LogInError::Store(error) => error.into(),
        }
    }
}
