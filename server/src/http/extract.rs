//! What handlers take their input through. The same names as axum's, but a refusal is always a problem, and never repeats what was sent.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bedring_contract::problem::Code;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::shape;
use crate::state::AppState;
use crate::text::{json_names_nul, url_names_nul};

/// A JSON body, in or out.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + ToSchema> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = json_bytes(request, state).await?;
        if json_names_nul(&bytes) {
            return Err(ApiError::nul());
        }
        object(&bytes).map(Self)
    }
}

/// The bytes of a body that claims to be JSON, within the route's limit.
///
/// # Errors
/// Another media type, a body over the limit, or a connection that broke.
pub async fn json_bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    if !is_json(request.headers()) {
        return Err(ApiError::new(Code::RequestMediaType).detail("Send application/json."));
    }
    Bytes::from_request(request, state)
        .await
        .map_err(|e| body_refused(&e))
}

/// An object, read, and of the shape that the OpenAPI document gives it in every part.
///
/// # Errors
/// Not JSON, no object, or not of this shape.
pub fn object<T: DeserializeOwned + ToSchema>(bytes: &[u8]) -> Result<T, ApiError> {
    assert_no_array(bytes)?;
    let read = serde_json::from_slice(bytes).map_err(|e| malformed(&e))?;
    match shape::misfit::<T>(bytes).map_err(|e| malformed(&e))? {
        None => Ok(read),
        Some(place) => Err(ApiError::new(Code::RequestMalformed).detail(format!(
            "The value at \"{place}\" is of another kind than this path takes there (object, array, text, number or null)."
        ))),
    }
}

/// For what is read in another way: no array stands where an object belongs.
///
/// # Errors
/// An array.
pub fn assert_no_array(bytes: &[u8]) -> Result<(), ApiError> {
    let first = bytes.iter().find(|b| !b.is_ascii_whitespace());
    if first == Some(&b'[') {
        return Err(ApiError::new(Code::RequestMalformed)
            .detail("This path takes a JSON object, not an array (line 1)."));
    }
    Ok(())
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
    else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or(value).trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// Why a body was not taken in.
#[must_use]
pub fn body_refused(rejection: &BytesRejection) -> ApiError {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::new(Code::RequestTooLarge),
        _ => ApiError::new(Code::RequestMalformed).detail("The body did not arrive whole."),
    }
}

/// Where JSON cannot be read. `serde_json`'s own words would repeat what was sent, so only the place is told.
#[must_use]
pub fn malformed(error: &serde_json::Error) -> ApiError {
    let what = match error.classify() {
        serde_json::error::Category::Data => "The JSON is not of the shape that this path takes",
        serde_json::error::Category::Eof => "The JSON ends too early",
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => "This is not JSON",
    };
    ApiError::new(Code::RequestMalformed).detail(format!(
        "{what} (line {}, column {}).",
        error.line(),
        error.column()
    ))
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => (
                [(
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("application/json"),
                )],
                body,
            )
                .into_response(),
            Err(error) => ApiError::internal(error).into_response(),
        }
    }
}

/// The parts of the path. One that cannot be an id names nothing that exists.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        if url_names_nul(parts.uri.path()) {
            return Err(ApiError::new(Code::NotFound));
        }
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(rejection) if rejection.status().is_server_error() => {
                Err(ApiError::internal(rejection))
            }
            Err(_) => Err(ApiError::new(Code::NotFound)),
        }
    }
}

/// The query string.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        if parts.uri.query().is_some_and(url_names_nul) {
            return Err(ApiError::nul());
        }
        axum_extra::extract::Query::<T>::from_request_parts(parts, state)
            .await
            .map(|axum_extra::extract::Query(value)| Self(value))
            .map_err(|_| {
                ApiError::new(Code::RequestMalformed)
                    .detail("The query string is not what this path takes.")
            })
    }
}

/// Nothing on the way and no browser keeps what is one person's.
#[must_use]
pub fn private(answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The secret of `Authorization: Bearer SECRET`.
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = value.split_once(' ')?;
    let secret = secret.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !secret.is_empty()).then_some(secret)
}

/// Who is calling, for throttling only: it is neither stored nor logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
        // Without a proxy in front anybody could write this header and so escape every limit.
        let forwarded = if state.config.server.trusted_proxies {
            last_forwarded(&parts.headers)
        } else {
            None
        };
        Ok(Self(forwarded.unwrap_or(peer)))
    }
}

/// The last address is the one that our own proxy saw; those before it are the caller's word.
pub(super) fn last_forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()?
        .to_str()
        .ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}
