//! The cookie of a session: reading it, setting it, and a layer that replaces it when its token was replaced.
//!
//! `SameSite=Strict`: the app asks the server from its own pages only, so even a link in a mail leads to a page that is logged in.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use bedring_contract::problem::Code;
use chrono::{DateTime, Utc};

use super::Member;
use super::sessions::{self, Token};
use crate::error::{ApiError, ApiResult};
use crate::http::extract::bearer;
use crate::state::AppState;

/// Where cookies travel through TLS only: the prefix ties the cookie to this very host.
const SECURE_NAME: &str = crate::http::SESSION_COOKIE;
/// On a developer's machine, where browsers would refuse the prefix.
const PLAIN_NAME: &str = "bedring";

fn name(state: &AppState) -> &'static str {
    if state.config.cookie_secure() {
        SECURE_NAME
    } else {
        PLAIN_NAME
    }
}

/// The token that a request shows. A request with an `Authorization` header speaks for a person, not for staff.
pub(super) fn token(state: &AppState, headers: &HeaderMap) -> Option<String> {
    if bearer(headers).is_some() || !headers.contains_key(header::COOKIE) {
        return None;
    }
    let jar = CookieJar::from_headers(headers);
    Some(jar.get(name(state))?.value().to_owned()).filter(|t| !t.is_empty())
}

/// `Set-Cookie` for a token; without one the cookie is taken away.
pub(super) fn set(
    state: &AppState,
    token: Option<&Token>,
    now: DateTime<Utc>,
) -> ApiResult<HeaderValue> {
    let mut cookie = Cookie::new(
        name(state),
        token.map(|t| t.value.clone()).unwrap_or_default(),
    );
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Strict);
    cookie.set_path("/");
    cookie.set_secure(state.config.cookie_secure());
    let seconds = token.map_or(0, |t| (t.expires_at - now).num_seconds());
    // Formatted here: the cookie crate would want a time crate of its own for it.
    HeaderValue::from_str(&format!("{cookie}; Max-Age={seconds}")).map_err(ApiError::internal)
}

/// What the layer below found out for the handlers.
#[derive(Clone)]
struct Visitor(Option<Member>);

/// Around all routes that staff use: finds the session, and sends the new token where the old one was replaced.
pub async fn keep_session(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> ApiResult<Response> {
    let Some(token) = token(&state, request.headers()) else {
        return Ok(next.run(request).await);
    };
    let now = state.clock.now();
    let found = sessions::find_and_rotate(&state.db, &*state.random, &token, now).await?;
    let (member, fresh) = match found {
        Some(found) => (Some(found.member), found.fresh),
        None => (None, None),
    };
    request.extensions_mut().insert(Visitor(member));
    let mut response = next.run(request).await;
    if let Some(fresh) = fresh
        // Logging in or out has set it already.
        && !response.headers().contains_key(header::SET_COOKIE)
    {
        response
            .headers_mut()
            .insert(header::SET_COOKIE, set(&state, Some(&fresh), now)?);
    }
    Ok(response)
}

impl FromRequestParts<AppState> for Member {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, ApiError> {
        match parts.extensions.get::<Visitor>() {
            Some(Visitor(Some(member))) => Ok(member.clone()),
            Some(Visitor(None)) => Err(ApiError::new(Code::AuthSessionEnded)),
            None => Err(ApiError::new(Code::AuthMissing)),
        }
    }
}

/// The member of staff behind a request, where the layer is not: the journal. The token stays as it is.
///
/// # Errors
/// No session, or one that has ended.
pub async fn member(state: &AppState, headers: &HeaderMap) -> ApiResult<Member> {
    let token = token(state, headers).ok_or_else(|| ApiError::new(Code::AuthMissing))?;
    let found = sessions::find(&state.db, &token, state.clock.now()).await?;
    found.ok_or_else(|| ApiError::new(Code::AuthSessionEnded))
}
