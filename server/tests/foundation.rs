//! What holds for every request: the shape of errors, headers, cross-site requests, health, the OpenAPI document.

#![allow(clippy::unwrap_used, reason = "a test that stops has said enough")]

mod support;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use bedring_contract::meta::Meta;
use bedring_contract::paths;
use bedring_contract::problem::Code;
use support::{Backend, TestApp, on_both, request, start_of_time};

#[tokio::test]
async fn meta_tells_who_we_are_and_health_looks_at_the_database() {
    on_both(|app| async move {
        let answer = app.get(paths::META).await;
        assert_eq!(answer.status, StatusCode::OK);
        let meta: Meta = answer.json();
        assert_eq!(
            (meta.product.as_str(), meta.time),
            ("bedring", start_of_time())
        );
        assert_eq!(meta.seal_key.key_id, app.state.keys.seal.newest().id());
        assert_eq!(meta.seal_key.key_id.len(), 8);

        assert_eq!(app.get("/health/live").await.status, StatusCode::OK);
        assert_eq!(app.get("/health/ready").await.status, StatusCode::OK);
        app.state.db.clone().close().await.unwrap();
        assert_eq!(app.get("/health/live").await.status, StatusCode::OK);
        let away = app.get("/health/ready").await;
        away.assert_problem(Code::Unavailable);
        assert_eq!(away.header("retry-after"), "2");
    })
    .await;
}

#[tokio::test]
async fn what_does_not_exist_is_a_problem_in_the_api_and_a_friendly_page_elsewhere() {
    let app = TestApp::start(Backend::Sqlite).await;
    for path in [
        "/api",
        "/api/",
        "/api/v1/nothing",
        "/api/v2/meta",
        "/health/other",
        "/metrics",
    ] {
        app.get(path).await.assert_problem(Code::RouteUnknown);
    }
    let wrong_method = app
        .send(
            request(Method::DELETE, paths::META)
                .body(Body::empty())
                .unwrap(),
        )
        .await;
    wrong_method.assert_problem(Code::RouteMethod);
    assert_eq!(wrong_method.header("allow"), "GET,HEAD");
    let on_page = app
        .send(request(Method::POST, "/").body(Body::empty()).unwrap())
        .await;
    on_page.assert_problem(Code::RouteMethod);

    let page = app.get("/findes-ikke").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.text().contains("Her er der ikke noget"));
}

#[tokio::test]
async fn other_sites_cannot_use_a_session_but_bearers_and_programs_pass() {
    let app = TestApp::start(Backend::Sqlite).await;
    let send = async |headers: &[(&str, &str)]| {
        let mut request = request(Method::POST, "/api/v1/nothing");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        app.send(request.body(Body::empty()).unwrap()).await
    };
    // Past the check there is no such route.
    let (stopped, passed) = (Code::AuthCrossSite, Code::RouteUnknown);
    send(&[]).await.assert_problem(passed);
    send(&[("origin", "http://localhost:8080")])
        .await
        .assert_problem(passed);
    send(&[("sec-fetch-site", "same-origin")])
        .await
        .assert_problem(passed);
    send(&[("sec-fetch-site", "cross-site"), ("cookie", "a=b")])
        .await
        .assert_problem(stopped);
    send(&[("sec-fetch-site", "same-site")])
        .await
        .assert_problem(stopped);
    send(&[("origin", "https://evil.example")])
        .await
        .assert_problem(stopped);
    send(&[("origin", "null")]).await.assert_problem(stopped);
    send(&[("origin", "capacitor://app"), ("authorization", "Bearer x")])
        .await
        .assert_problem(passed);
}

#[tokio::test]
async fn a_proxy_may_change_the_host_and_name_the_request_if_it_is_ours() {
    let trusting = TestApp::with(Backend::Sqlite, |c| {
        c.server.public_url = Some("https://svar.example.dk".to_owned());
        c.server.trusted_proxies = true;
    })
    .await;
    let named = |id: &str| {
        let request =
            request(Method::POST, "/api/v1/nothing").header("origin", "https://svar.example.dk");
        request
            .header("x-request-id", id)
            .body(Body::empty())
            .unwrap()
    };
    let answer = trusting.send(named("proxy-0123456789")).await;
    answer.assert_problem(Code::RouteUnknown);
    assert_eq!(answer.header("x-request-id"), "proxy-0123456789");
    assert_eq!(
        answer.header("strict-transport-security"),
        "max-age=31536000"
    );
    assert_ne!(
        trusting
            .send(named("a\" or 1=1 --"))
            .await
            .header("x-request-id"),
        "a\" or 1=1 --"
    );

    let alone = TestApp::start(Backend::Sqlite).await;
    assert_ne!(
        alone
            .send(named("proxy-0123456789"))
            .await
            .header("x-request-id"),
        "proxy-0123456789"
    );
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let app = TestApp::start(Backend::Sqlite).await;
    let mut ids = std::collections::HashSet::new();
    for path in [
        "/",
        "/staff/",
        paths::META,
        "/api/v1/nothing",
        "/health/live",
        "/findes-ikke",
    ] {
        let answer = app.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert!(
            answer
                .header("content-security-policy")
                .contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert!(!answer.header("cache-control").is_empty(), "{path}");
        assert_eq!(
            answer.header("strict-transport-security"),
            "",
            "{path}: not on plain http"
        );
        assert!(
            ids.insert(answer.header("x-request-id").to_owned()),
            "{path}"
        );
    }
    assert_eq!(
        app.get(paths::META).await.header("cache-control"),
        "no-store"
    );
}

#[tokio::test]
async fn the_openapi_document_describes_the_endpoints_and_is_served() {
    let app = TestApp::start(Backend::Sqlite).await;
    let answer = app.get(paths::OPENAPI).await;
    assert_eq!(answer.status, StatusCode::OK);
    let document: serde_json::Value = answer.json();
    assert!(document["paths"][paths::META]["get"]["responses"]["200"].is_object());
    assert!(document["components"]["schemas"]["Problem"].is_object());
    assert_eq!(answer.text(), bedring_server::http::openapi_json().unwrap());
    // Every path in the document is there: a GET on it may be refused for many reasons, but never as unknown.
    for path in document["paths"].as_object().unwrap().keys() {
        let id = uuid::Uuid::nil().to_string();
        let path = path
            .split('/')
            .map(|part| {
                if part.starts_with('{') {
                    id.as_str()
                } else {
                    part
                }
            })
            .collect::<Vec<_>>()
            .join("/");
        let answer = app.get(&path).await;
        assert!(!answer.text().contains("route.unknown"), "{path}");
    }
}

#[tokio::test]
async fn the_openapi_document_says_what_devices_write_and_are_answered() {
    use bedring_domain::journal::{KINDS, Outcome, Reason};
    let document = serde_json::to_value(bedring_server::http::openapi()).unwrap();
    let schemas = &document["components"]["schemas"];
    for name in [
        "Entry",
        "Event",
        "Response",
        "ConsentWords",
        "Answers",
        "Answer",
        "Seal",
        "Purpose",
        "Scope",
    ] {
        assert!(schemas[name].is_object(), "{name}");
    }
    let event = schemas["Event"].to_string();
    for kind in KINDS {
        assert!(event.contains(&format!("[\"{kind}\"]")), "{kind}: {event}");
    }
    let names = |schema: &str| -> Vec<String> {
        serde_json::from_value(schemas[schema]["enum"].clone()).unwrap()
    };
    assert_eq!(names("Outcome"), Outcome::ALL.map(Outcome::as_str));
    assert_eq!(names("Reason"), Reason::ALL.map(Reason::as_str));
    assert_eq!(names("Channel"), ["screen", "paper", "spoken"]);
    let result = &schemas["EntryResult"]["properties"];
    assert!(result["outcome"].to_string().contains("schemas/Outcome"));
    assert!(result["reason"].to_string().contains("schemas/Reason"));
    let answers = &document["paths"][paths::JOURNAL]["post"]["responses"];
    for status in [202, 400, 401, 403, 408, 413, 415, 500, 503, 507] {
        assert!(answers[status.to_string()].is_object(), "{status}");
    }
}

#[tokio::test]
async fn the_server_says_what_it_can_do() {
    let app = TestApp::start(Backend::Sqlite).await;
    let meta: bedring_contract::meta::Meta = app.get(paths::META).await.json();
    let expected = [
        "journal.v1",
        "seal.x25519",
        "code.exchange",
        "occasion",
        "mine",
    ];
    assert_eq!(meta.capabilities, expected);
}
