//! The outermost layer: one piece for what a stack of ten layers would do, because every delivery of the journal passes through it.
//!
//! Per request: an id, the cross-site check (not with a bearer's secret, which nobody can be made to send and beside which no cookie counts, and not for choices made from a mail), a time limit,
//! a net under panics, problems in one shape, security headers, one log line and figures by route template. It never sees a body, and logs neither
//! path, query nor header: ids and secrets travel in those.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bedring_contract::{paths, problem::Code};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Either};
use tower::{Layer, Service};
use tower_http::csrf::{Csrf, CsrfLayer, ProtectionError};
use tracing::Instrument;
use uuid::Uuid;

use crate::config::Config;
use crate::error::{ApiError, PROBLEM_JSON};
use crate::http::extract::{bearer, last_forwarded};
use crate::http::visitors::Visitors;
use crate::observe::metrics::RouteMeters;
use crate::ports::{Random, uuid_v4};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// What a JSON answer may load if somebody opens it as a page: nothing.
const CSP_DATA: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

type Refusal = fn(ProtectionError) -> Response;

/// Makes [`Edge`]s.
#[derive(Clone)]
pub struct EdgeLayer {
    shared: Arc<Shared>,
    csrf: CsrfLayer<Refusal>,
}

struct Shared {
    random: Arc<dyn Random>,
    time_limit: Duration,
    trust_request_id: bool,
    https: bool,
    visitors: Arc<Visitors>,
}

impl EdgeLayer {
    /// As the settings want it.
    #[must_use]
    pub fn new(config: &Config, random: Arc<dyn Random>, visitors: Arc<Visitors>) -> Self {
        // Behind a proxy `Host` may be another name than people type; their own origin is always right.
        let csrf = CsrfLayer::new()
            .add_trusted_origin(config.server.base_url().to_lowercase())
            .unwrap_or_default();
        let shared = Shared {
            random,
            time_limit: Duration::from_secs(config.server.request_timeout_s),
            trust_request_id: config.server.trusted_proxies,
            https: config.server.is_https(),
            visitors,
        };
        Self {
            shared: Arc::new(shared),
            csrf: csrf.with_rejection_response(cross_site as Refusal),
        }
    }
}

fn cross_site(_: ProtectionError) -> Response {
    ApiError::new(Code::AuthCrossSite).into_response()
}

impl<S: Clone> Layer<S> for EdgeLayer {
    type Service = Edge<S>;

    fn layer(&self, inner: S) -> Edge<S> {
        Edge {
            shared: Arc::clone(&self.shared),
            guarded: self.csrf.layer(inner.clone()),
            plain: inner,
            meters: Arc::new(RouteMeters::default()),
        }
    }
}

/// A route with everything around it.
#[derive(Clone)]
pub struct Edge<S> {
    shared: Arc<Shared>,
    plain: S,
    guarded: Csrf<S, Refusal>,
    meters: Arc<RouteMeters>,
}

impl<S> Service<Request> for Edge<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.plain.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let started = Instant::now();
        self.shared.saw(&request);
        let id = request_id(&self.shared, request.headers());
        let method = request.method().clone();
        let route = request.extensions().get::<MatchedPath>().cloned();
        let quiet = is_quiet(route.as_ref());
        let span = span(&id, &method, route.as_ref(), quiet);
        let open = bearer(request.headers()).is_some() || is_from_mail(route.as_ref());
        let inner = if open {
            Either::Left(self.plain.call(request))
        } else {
            Either::Right(self.guarded.call(request))
        };
        let (shared, meters) = (Arc::clone(&self.shared), Arc::clone(&self.meters));
        Box::pin(async move {
            let caught = AssertUnwindSafe(inner.instrument(span.clone())).catch_unwind();
            let response = match tokio::time::timeout(shared.time_limit, caught).await {
                Ok(Ok(Ok(response))) => response,
                // The panic hook has logged where; what the client gets is the same as for any fault of ours.
                Ok(Err(_panic)) => ApiError::new(Code::Internal).into_response(),
                Err(_elapsed) => ApiError::new(Code::RequestTimeout).into_response(),
            };
            let _entered = span.enter();
            let mut response = finish(response, &id);
            add_headers(response.headers_mut(), id, shared.https);
            let elapsed = started.elapsed();
            meters.record(
                &method,
                route.as_ref().map(MatchedPath::as_str),
                response.status(),
                elapsed,
            );
            log(response.status(), elapsed, quiet);
            Ok(response)
        })
    }
}

impl Shared {
    /// Health checks come from this machine whoever else comes.
    fn saw(&self, request: &Request) {
        if request.uri().path().starts_with("/health") {
            return;
        }
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let Some(peer) = peer.map(|info| info.0.ip()) else {
            return;
        };
        let forwarded = last_forwarded(request.headers());
        match forwarded {
            Some(address) if self.trust_request_id => self.visitors.saw(address, false),
            forwarded => self.visitors.saw(peer, forwarded.is_some()),
        }
    }
}

fn request_id(shared: &Shared, headers: &HeaderMap) -> HeaderValue {
    if shared.trust_request_id
        && let Some(given) = headers.get(&X_REQUEST_ID)
        && (8..=64).contains(&given.len())
        && given
            .as_bytes()
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || *b == b'-' || *b == b'_')
    {
        return given.clone();
    }
    let mut buffer = Uuid::encode_buffer();
    let id = uuid_v4(&*shared.random).simple().encode_lower(&mut buffer);
    HeaderValue::from_str(id).unwrap_or(HeaderValue::from_static("none"))
}

/// The one route that other sites may post to: RFC 8058 has mail providers do it, from their own pages and machines. Nothing is won by forging
/// it: no cookie is looked at, the token in the path is the permission, and whoever has the token can post from anywhere.
fn is_from_mail(route: Option<&MatchedPath>) -> bool {
    route.is_some_and(|r| r.as_str() == paths::MAIL)
}

/// Deliveries, health checks and the app's files come by the thousand and say nothing when all is well.
fn is_quiet(route: Option<&MatchedPath>) -> bool {
    route.is_none_or(|r| r.as_str() == paths::JOURNAL || r.as_str().starts_with("/health"))
}

fn span(
    id: &HeaderValue,
    method: &Method,
    route: Option<&MatchedPath>,
    quiet: bool,
) -> tracing::Span {
    let id = id.to_str().unwrap_or_default();
    let route = route.map_or("(app)", MatchedPath::as_str);
    if quiet {
        tracing::debug_span!("request", id, %method, route)
    } else {
        tracing::info_span!("request", id, %method, route)
    }
}

/// Gives every error the one shape, with the request's id in it, and logs our own faults: here and nowhere else.
fn finish(mut response: Response, id: &HeaderValue) -> Response {
    let status = response.status();
    if status.is_success() || status.is_redirection() {
        return response;
    }
    let id = id.to_str().unwrap_or_default();
    let error = match response.extensions_mut().remove::<ApiError>() {
        Some(error) => error,
        None if has_own_body(response.headers()) => return response,
        None => from_status(status).allow(response.headers().get(header::ALLOW).cloned()),
    };
    if let Some(source) = error.logged_source() {
        let error_chain = chain(&**source);
        if error.code().status() == 500 {
            tracing::error!(
                id,
                code = error.code().as_str(),
                error = error_chain,
                "a request failed"
            );
        } else {
            tracing::warn!(
                id,
                code = error.code().as_str(),
                error = error_chain,
                "a request was turned away"
            );
        }
    }
    error.to_response(id)
}

fn has_own_body(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|t| *t == PROBLEM_JSON || t.as_bytes().starts_with(b"text/html"))
}

/// What the framework refused by itself.
fn from_status(status: StatusCode) -> ApiError {
    let code = match status {
        StatusCode::UNAUTHORIZED => Code::AuthMissing,
        StatusCode::FORBIDDEN => Code::AccessDenied,
        StatusCode::NOT_FOUND => Code::RouteUnknown,
        StatusCode::METHOD_NOT_ALLOWED => Code::RouteMethod,
        StatusCode::REQUEST_TIMEOUT => Code::RequestTimeout,
        StatusCode::CONFLICT => Code::Conflict,
        StatusCode::PAYLOAD_TOO_LARGE => Code::RequestTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::RequestMediaType,
        StatusCode::UNPROCESSABLE_ENTITY => Code::InputInvalid,
        StatusCode::TOO_MANY_REQUESTS => Code::TooManyRequests,
        StatusCode::SERVICE_UNAVAILABLE => Code::Unavailable,
        other if other.is_server_error() => Code::Internal,
        _ => Code::RequestMalformed,
    };
    ApiError::new(code)
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

fn add_headers(headers: &mut HeaderMap, id: HeaderValue, https: bool) {
    headers.insert(X_REQUEST_ID, id);
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(CSP_DATA);
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
}

/// The span brings id, method and route along.
fn log(status: StatusCode, elapsed: Duration, quiet: bool) {
    let ms = elapsed.as_secs_f64() * 1000.0;
    let status_code = status.as_u16();
    if status.is_server_error() {
        tracing::warn!(status = status_code, ms, "answered");
    } else if quiet {
        tracing::debug!(status = status_code, ms, "answered");
    } else {
        tracing::info!(status = status_code, ms, "answered");
    }
}
