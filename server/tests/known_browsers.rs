//! Throttles of log-ins that shut nobody out, and the browsers that are known.

#![allow(clippy::unwrap_used, reason = "a test that stops has said enough")]

mod support;

use axum::http::StatusCode;
use bedring_contract::paths;
use bedring_contract::problem::Code;
use bedring_contract::staff::Role;
use support::staff::{account, enter};
use support::{Backend, TestApp};

const EMAIL: &str = "leder@example.org";

/// The cookie by which a browser stays known after it logged out.
fn known(answer: &support::Answer) -> String {
    let cookies = answer.headers.get_all("set-cookie").iter();
    let known = cookies
        .map(|c| c.to_str().unwrap())
        .find(|c| c.contains("-known="))
        .unwrap();
    assert!(
        known.contains("HttpOnly") && known.contains("SameSite=Strict"),
        "{known}"
    );
    known.split(';').next().unwrap().to_owned()
}

/// A log-in from an address, with a cookie or without.
async fn from(app: &TestApp, address: &str, cookie: &str, password: &str) -> support::Answer {
    let body = serde_json::json!({ "email": EMAIL, "password": password }).to_string();
    let request = support::request(axum::http::Method::POST, paths::SESSION)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/json")
        .header("x-forwarded-for", address)
        .header("cookie", cookie);
    app.send(request.body(axum::body::Body::from(body)).unwrap())
        .await
}

#[tokio::test]
async fn wrong_tries_of_others_never_lock_a_browser_that_is_known() {
    let app = TestApp::with(Backend::Sqlite, |config| {
        config.server.trusted_proxies = true;
    })
    .await;
    account(&app, EMAIL, Role::ProjectLeader, &[]).await;
    let right = support::staff::PASSWORD;
    let first = from(&app, "192.0.2.1", "", right).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    let cookie = known(&first);
    // From many addresses, and from the very network of the account's owner.
    for n in 0..200 {
        from(&app, &format!("198.51.100.{n}"), "", "et gæt").await;
        from(&app, "192.0.2.1", "", "et gæt").await;
    }
    let elsewhere = from(&app, "203.0.113.9", "", right).await;
    elsewhere.assert_problem(Code::TooManyRequests);
    for _ in 0..10 {
        let again = from(&app, "192.0.2.1", &cookie, right).await;
        assert_eq!(again.status, StatusCode::OK, "{}", again.text());
    }
    // The cookie opens nothing, and whoever has it may not guess for ever either.
    from(&app, "192.0.2.1", &cookie, "et gæt")
        .await
        .assert_problem(Code::AuthFailed);
    for _ in 0..4 {
        from(&app, "192.0.2.1", &cookie, "et gæt").await;
    }
    from(&app, "192.0.2.1", &cookie, "et gæt")
        .await
        .assert_problem(Code::TooManyRequests);
    let forged = format!("{}AAAA", &cookie[..cookie.len() - 4]);
    from(&app, "192.0.2.1", &forged, right)
        .await
        .assert_problem(Code::TooManyRequests);
}

#[tokio::test]
async fn a_few_wrong_tries_from_elsewhere_shut_nobody_out() {
    let app = TestApp::with(Backend::Sqlite, |config| {
        config.server.trusted_proxies = true;
    })
    .await;
    account(&app, EMAIL, Role::ProjectLeader, &[]).await;
    for n in 0..9 {
        from(&app, &format!("198.51.100.{n}"), "", "et gæt")
            .await
            .assert_problem(Code::AuthFailed);
    }
    let owner = from(&app, "192.0.2.1", "", support::staff::PASSWORD).await;
    assert_eq!(owner.status, StatusCode::OK, "{}", owner.text());
}

/// Only a bearer's secret takes the place of the cross-site check: other schemes say nothing about who asks.
#[tokio::test]
async fn another_kind_of_authorization_is_no_way_around_the_cross_site_check() {
    let app = TestApp::start(Backend::Sqlite).await;
    account(&app, EMAIL, Role::Administrator, &[]).await;
    let browser = enter(&app, EMAIL).await;
    for scheme in ["Basic eDp5", "Digest x", "Bearer", "Bearer "] {
        let request = support::request(axum::http::Method::POST, paths::ACCOUNT_CHOICES)
            .header("sec-fetch-site", "cross-site")
            .header("authorization", scheme)
            .header("content-type", "application/json")
            .header("cookie", browser.cookie().unwrap());
        let answer = app
            .send(request.body(axum::body::Body::from("{}")).unwrap())
            .await;
        answer.assert_problem(Code::AuthCrossSite);
    }
}
