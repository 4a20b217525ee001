//! A whole server for tests: a database of its own, a clock that stands still, repeatable randomness, and no socket.

#![allow(dead_code, reason = "every test program uses another part of this")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "these functions are parts of tests"
)]

pub mod log;
pub mod phone;
pub mod postgres;
pub mod program;
pub mod seed;
pub mod smtp;
pub mod staff;
pub mod tables;

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use bedring_contract::problem::{Code, Problem};
use bedring_server::config::Config;
use bedring_server::database;
use bedring_server::http::assets::Assets;
use bedring_server::http::router;
use bedring_server::keys::KeyRing;
use bedring_server::mail::smtp::SmtpMailer;
use bedring_server::ports::{Mailer, ManualClock, SeededRandom};
use bedring_server::state::{AppState, Parts};
use chrono::{DateTime, Utc};
use http_body_util::BodyExt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::TempDir;
use tower::ServiceExt;

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// When every test begins.
pub fn start_of_time() -> DateTime<Utc> {
    "2026-03-02T08:00:00Z".parse().unwrap()
}

/// A server without a socket.
pub struct TestApp {
    pub router: Router,
    pub state: AppState,
    pub clock: Arc<ManualClock>,
    pub backend: Backend,
    _folder: TempDir,
}

/// Runs a test twice, on a fresh database of each kind.
pub async fn on_both<F, Fut>(test: F)
where
    F: Fn(TestApp) -> Fut,
    Fut: Future<Output = ()>,
{
    for backend in [Backend::Sqlite, Backend::Postgres] {
        // Shown when the test fails.
        println!("on {backend:?}");
        test(TestApp::start(backend).await).await;
    }
}

/// Because of this the whole of it moves into an `async move` block, even one that names only a field: the folder must live as long.
impl Drop for TestApp {
    fn drop(&mut self) {}
}

impl TestApp {
    /// With default settings.
    pub async fn start(backend: Backend) -> Self {
        Self::with(backend, |_| {}).await
    }

    /// With settings of its own.
    pub async fn with(backend: Backend, change: impl FnOnce(&mut Config)) -> Self {
        Self::with_assets(backend, Assets::embedded(), change).await
    }

    /// With another app inside.
    pub async fn with_assets(
        backend: Backend,
        assets: Assets,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.data.dir = folder.path().to_owned();
        if backend == Backend::Postgres {
            config.database.url = Some(postgres::new_database().await.into());
        }
        change(&mut config);
        let mailer = SmtpMailer::new(&config.mail).unwrap();
        let mailer = mailer.map(|m| Arc::new(m) as Arc<dyn Mailer>);
        let db = database::connect(&config).await.unwrap();
        database::migrate(&db).await.unwrap();
        let clock = Arc::new(ManualClock::at(start_of_time()));
        let random = Arc::new(SeededRandom::new(1));
        let keys = KeyRing::generate(&*random);
        let state = AppState::new(Parts {
            config,
            clock: clock.clone(),
            random,
            keys,
            assets,
            mailer,
            db,
        });
        Self {
            router: router(state.clone()),
            state,
            clock,
            backend,
            _folder: folder,
        }
    }

    /// The same server after a restart: what was in memory only is gone.
    #[must_use]
    pub fn restarted(mut self) -> Self {
        self.state = AppState::new(Parts {
            config: self.state.config.clone(),
            clock: self.clock.clone(),
            random: self.state.random.clone(),
            keys: (*self.state.keys).clone(),
            assets: Assets::embedded(),
            mailer: None,
            db: self.state.db.clone(),
        });
        self.router = router(self.state.clone());
        self
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(request(Method::GET, path).body(Body::empty()).unwrap())
            .await
    }

    pub async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        let body = serde_json::to_vec(body).unwrap();
        let request = request(Method::POST, path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body)).unwrap()).await
    }
}

/// A request to build upon.
pub fn request(method: Method, path: &str) -> axum::http::request::Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "localhost:8080")
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    /// It is this problem, in the one shape, with the request's id in it.
    #[track_caller]
    pub fn assert_problem(&self, code: Code) -> Problem {
        let problem: Problem = self.json();
        assert_eq!(problem.code, code, "{problem:?}");
        assert_eq!(self.status.as_u16(), code.status());
        assert_eq!(problem.status, code.status());
        assert_eq!(problem.problem_type, format!("/problems/{}", code.as_str()));
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert!(!problem.instance.is_empty());
        assert_eq!(problem.instance, self.header("x-request-id"));
        problem
    }
}
