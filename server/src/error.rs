//! What a handler answers when it cannot do what was asked: one type, one shape on the wire.
//!
//! A rule returns an error of its own; its capability writes `impl From<ThatError> for ApiError` with an exhaustive `match`. The source
//! of an internal error is logged once, by the outermost layer, with the request's id; the client learns nothing of it.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bedring_contract::problem::{Code, FieldProblem, Problem};
use bedring_store::StoreError;

/// The media type of every error.
pub const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// Why something went wrong inside; for the log only.
pub type Source = Arc<dyn std::error::Error + Send + Sync>;

/// An answer that is a problem. Small, because it travels in every `Result`.
#[derive(Debug, Clone)]
pub struct ApiError(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    code: Code,
    detail: Cow<'static, str>,
    errors: Vec<FieldProblem>,
    retry_after: Option<u32>,
    allow: Option<HeaderValue>,
    source: Option<Source>,
}

impl ApiError {
    /// A problem with nothing but its code.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self(Box::new(Inner {
            code,
            detail: Cow::Borrowed(""),
            errors: Vec::new(),
            retry_after: None,
            allow: None,
            source: None,
        }))
    }

    /// Our fault: the source goes to the log, the client gets the bare code.
    pub fn internal(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::new(Code::Internal).source(source)
    }

    /// The database is busy or away: the phone keeps its entries and comes back.
    pub fn unavailable(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::new(Code::Unavailable).retry_after(2).source(source)
    }

    /// The database is damaged, away or closed to us: somebody has to mend it, which takes longer than a moment.
    pub fn out_of_order(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::new(Code::Unavailable).retry_after(60).source(source)
    }

    /// The disk is full: somebody has to make room, which takes longer than a moment.
    pub fn full(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::new(Code::StorageFull).retry_after(60).source(source)
    }

    /// A text holds a NUL, which no database takes.
    #[must_use]
    pub fn nul() -> Self {
        Self::new(Code::RequestMalformed).detail(
            "A text holds the character NUL (U+0000), which cannot be stored. Send it without.",
        )
    }

    /// The input is readable but not right.
    #[must_use]
    pub fn invalid(pointer: impl Into<String>, code: impl Into<String>) -> Self {
        Self::new(Code::InputInvalid).field(pointer, code)
    }

    /// English, safe to show to anybody: never what a person wrote.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.0.detail = detail.into();
        self
    }

    /// One more field that is wrong, by JSON pointer.
    #[must_use]
    pub fn field(mut self, pointer: impl Into<String>, code: impl Into<String>) -> Self {
        self.0.errors.push(FieldProblem {
            pointer: pointer.into(),
            code: code.into(),
            current: None,
        });
        self
    }

    /// A field that holds something else than whoever changes it has seen.
    #[must_use]
    pub fn changed(mut self, pointer: impl Into<String>, current: Option<String>) -> Self {
        self.0.errors.push(FieldProblem {
            pointer: pointer.into(),
            code: "changed".to_owned(),
            current,
        });
        self
    }

    /// When to try again, in seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// What the log should say about it. Must not hold content.
    #[must_use]
    pub fn source(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.0.source = Some(Arc::new(source));
        self
    }

    /// Which methods the path takes.
    #[must_use]
    pub(crate) fn allow(mut self, methods: Option<HeaderValue>) -> Self {
        self.0.allow = methods;
        self
    }

    /// Which problem it is.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// For the log.
    #[must_use]
    pub(crate) fn logged_source(&self) -> Option<&Source> {
        self.0.source.as_ref()
    }

    /// The body, for a request.
    #[must_use]
    pub fn to_problem(&self, request_id: &str) -> Problem {
        let code = self.0.code;
        Problem {
            problem_type: format!("/problems/{}", code.as_str()),
            code,
            title: code.title().to_owned(),
            status: code.status(),
            detail: self.0.detail.clone().into_owned(),
            instance: request_id.to_owned(),
            errors: self.0.errors.clone(),
        }
    }

    /// The answer, for a request.
    #[must_use]
    pub(crate) fn to_response(&self, request_id: &str) -> Response {
        let body = serde_json::to_vec(&self.to_problem(request_id)).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() =
            StatusCode::from_u16(self.0.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, PROBLEM_JSON);
        if let Some(seconds) = self.0.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(methods) = &self.0.allow {
            headers.insert(header::ALLOW, methods.clone());
        }
        response
    }
}

/// Leaves itself in the response's extensions: the outermost layer knows the request's id, writes it in, and logs the source.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.to_response("");
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Code> for ApiError {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

/// For rules whose only failure is the database; others wrap it in an error of their own.
impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::new(Code::NotFound),
            StoreError::Conflict | StoreError::DoneBefore => Self::new(Code::Conflict),
            StoreError::Busy | StoreError::Unavailable => Self::unavailable(error),
            StoreError::ReadOnly | StoreError::Damaged => Self::out_of_order(error),
            StoreError::Full => Self::full(error),
            StoreError::Text => Self::nul(),
            StoreError::Unreadable { .. } | StoreError::Other(_) => Self::internal(error),
        }
    }
}

/// What handlers return.
pub type ApiResult<T> = Result<T, ApiError>;
