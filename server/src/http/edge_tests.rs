//! The outermost layer and the extractors, on a small router: everything that can go wrong has the one shape.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::DefaultBodyLimit;
use axum::http::{Method, Request, StatusCode, header};
use axum::routing::{get, post};
use bedring_contract::problem::{Code, Problem};
use serde::Deserialize;
use tower::ServiceExt;

use super::edge::EdgeLayer;
use super::extract::{Json, Path, Query};
use crate::config::Config;
use crate::error::{ApiError, ApiResult};
use crate::ports::SeededRandom;

#[derive(Deserialize, utoipa::ToSchema)]
struct Form {
    number: u8,
}

fn router() -> Router {
    let config = Config {
        server: crate::config::Server {
            request_timeout_s: 1,
            ..Default::default()
        },
        ..Config::default()
    };
    Router::new()
        .route(
            "/json",
            post(|Json(form): Json<Form>| async move { form.number.to_string() }),
        )
        .route(
            "/path/{number}",
            get(|Path(number): Path<u8>| async move { number.to_string() }),
        )
        .route(
            "/query",
            get(|Query(form): Query<Form>| async move { form.number.to_string() }),
        )
        .route("/panic", get(panics))
        .route(
            "/slow",
            get(|| async { tokio::time::sleep(Duration::from_secs(60)).await }),
        )
        .route(
            "/fault",
            get(|| async { ApiResult::<()>::Err(ApiError::internal(std::fmt::Error)) }),
        )
        .route(
            "/teapot",
            get(|| async { (StatusCode::IM_A_TEAPOT, "short and stout") }),
        )
        .route("/axum", post(|_: axum::Json<u8>| async {}))
        .layer(DefaultBodyLimit::max(100))
        .layer(EdgeLayer::new(
            &config,
            Arc::new(SeededRandom::new(1)),
            Arc::default(),
        ))
}

async fn panics() -> String {
    panic!("quoting what a person wrote")
}

async fn send(request: Request<Body>) -> (StatusCode, String, Vec<u8>) {
    let response = router().oneshot(request).await.unwrap();
    let media = response
        .headers()
        .get(header::CONTENT_TYPE)
        .map_or("", |v| v.to_str().unwrap())
        .to_owned();
    let status = response.status();
    (
        status,
        media,
        to_bytes(response.into_body(), usize::MAX)
            .await
            .unwrap()
            .to_vec(),
    )
}

async fn problem(request: Request<Body>, code: Code) -> Problem {
    let (status, media, body) = send(request).await;
    let problem: Problem = serde_json::from_slice(&body).unwrap();
    assert_eq!((problem.code, status.as_u16()), (code, code.status()));
    assert_eq!(media, "application/problem+json");
    assert!(!problem.instance.is_empty());
    problem
}

fn get_request(path: &str) -> Request<Body> {
    Request::builder().uri(path).body(Body::empty()).unwrap()
}

fn json(path: &str, media: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::CONTENT_TYPE, media);
    request.body(body.into()).unwrap()
}

#[tokio::test]
async fn refusals_of_extractors_are_problems_and_repeat_nothing() {
    let ok = send(json(
        "/json",
        "application/json; charset=utf-8",
        r#"{"number": 7}"#,
    ))
    .await;
    assert_eq!((ok.0, ok.2.as_slice()), (StatusCode::OK, b"7".as_slice()));
    problem(
        json("/json", "text/plain", r#"{"number": 7}"#),
        Code::RequestMediaType,
    )
    .await;
    problem(
        json("/json", "application/json", "x".repeat(200)),
        Code::RequestTooLarge,
    )
    .await;
    for body in [
        "",
        "{",
        "[]",
        "hemmelig",
        r#"{"number": "hemmelig"}"#,
        r#"{"number": 300}"#,
        "{\"number\": 1}\u{0}",
    ] {
        let problem = problem(
            json("/json", "application/json", body),
            Code::RequestMalformed,
        )
        .await;
        assert!(!problem.detail.contains("hemmelig"), "{}", problem.detail);
        assert!(problem.detail.contains("line "), "{}", problem.detail);
    }
    problem(
        json("/json", "application/json", "[".repeat(99)),
        Code::RequestMalformed,
    )
    .await;
    problem(get_request("/path/hemmelig"), Code::NotFound).await;
    problem(get_request("/path/%ff"), Code::NotFound).await;
    let query = problem(
        get_request("/query?number=hemmelig"),
        Code::RequestMalformed,
    )
    .await;
    assert!(!query.detail.contains("hemmelig"));
}

#[tokio::test]
async fn the_frameworks_own_refusals_have_the_same_shape() {
    problem(get_request("/json"), Code::RouteMethod).await;
    problem(get_request("/nowhere"), Code::RouteUnknown).await;
    problem(json("/axum", "text/plain", "1"), Code::RequestMediaType).await;
    let malformed = problem(
        json("/axum", "application/json", "hemmelig"),
        Code::RequestMalformed,
    )
    .await;
    assert_eq!(malformed.detail, "");
    problem(get_request("/teapot"), Code::RequestMalformed).await;
}

#[tokio::test]
async fn panics_faults_and_slowness_tell_the_client_nothing() {
    let panic = problem(get_request("/panic"), Code::Internal).await;
    let fault = problem(get_request("/fault"), Code::Internal).await;
    let slow = problem(get_request("/slow"), Code::RequestTimeout).await;
    for problem in [panic, fault, slow] {
        assert_eq!((problem.detail.as_str(), problem.errors.len()), ("", 0));
    }
}

#[tokio::test]
async fn a_broken_body_is_a_problem() {
    let broken = futures_util::stream::iter([
        Ok("{\"num"),
        Err(std::io::Error::other("the line went dead")),
    ]);
    problem(
        json("/json", "application/json", Body::from_stream(broken)),
        Code::RequestMalformed,
    )
    .await;
}
