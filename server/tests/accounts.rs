//! Logging in and out: who gets in, for how long, and what tells whom what.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use bedring_contract::paths;
use bedring_contract::problem::{Code, Problem};
use bedring_contract::staff::{Account, Role};
use bedring_store::entities::{audit, session};
use bedring_store::sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;
use support::staff::{Browser, account, disable, enter, log_in, session_of};
use support::{Backend, TestApp, on_both, request};
use uuid::Uuid;

const EMAIL: &str = "leder@example.org";
const HOUR: Duration = Duration::from_secs(3600);

async fn sessions(app: &TestApp) -> u64 {
    session::Entity::find()
        .count(app.state.db.read())
        .await
        .unwrap()
}

#[tokio::test]
async fn whoever_knows_the_password_is_in_until_they_log_out() {
    on_both(|app| async move {
        let project = support::seed::project(&app).await;
        let id = account(&app, EMAIL, Role::ProjectLeader, &[project]).await;
        app.get(paths::SESSION)
            .await
            .assert_problem(Code::AuthMissing);

        let (browser, answer) = log_in(&app, " Leder@Example.org ", support::staff::PASSWORD).await;
        let me: Account = answer.json();
        assert_eq!(
            (me.id, me.email.as_str(), me.role),
            (id, EMAIL, Role::ProjectLeader)
        );
        assert_eq!(me.projects, [project]);
        let cookie = answer.header("set-cookie");
        for part in [
            "bedring=",
            "; HttpOnly",
            "; SameSite=Strict",
            "; Path=/",
            "; Max-Age=43200",
        ] {
            assert!(cookie.contains(part), "{part}: {cookie}");
        }
        assert!(
            !cookie.contains("Secure"),
            "on http a browser would not keep it: {cookie}"
        );
        assert_eq!(
            browser.get(&app, paths::SESSION).await.json::<Account>(),
            me
        );

        let rows = session::Entity::find()
            .all(app.state.db.read())
            .await
            .unwrap();
        let token = browser.cookie().unwrap();
        let token = token.split_once('=').unwrap().1;
        assert_eq!(token.len(), 43, "256 bits");
        assert_eq!(
            rows[0].token_hash,
            bedring_server::journal::secret_hash(token)
        );
        let log = audit::Entity::find()
            .all(app.state.db.read())
            .await
            .unwrap();
        assert_eq!(
            (log[0].action.as_str(), log[0].account_id),
            ("log_in", Some(id))
        );

        let copied = browser.copy();
        let out = browser.delete(&app, paths::SESSION).await;
        assert_eq!(out.status, StatusCode::NO_CONTENT);
        assert!(browser.cookie().is_none() && sessions(&app).await == 0);
        let late = copied.get(&app, paths::SESSION).await;
        late.assert_problem(Code::AuthSessionEnded);
        assert_eq!(
            copied.delete(&app, paths::SESSION).await.status,
            StatusCode::NO_CONTENT
        );
    })
    .await;
}

#[tokio::test]
async fn unknown_disabled_and_mistyped_cannot_be_told_apart() {
    on_both(|app| async move {
        account(&app, EMAIL, Role::Administrator, &[]).await;
        account(&app, "tidligere@example.org", Role::Administrator, &[]).await;
        disable(&app, "tidligere@example.org").await;
        let long = "x".repeat(5000);
        let tries = [
            (EMAIL, "forkert adgangskode"),
            ("ingen@example.org", support::staff::PASSWORD),
            ("tidligere@example.org", support::staff::PASSWORD),
            (EMAIL, ""),
            (EMAIL, long.as_str()),
            ("", ""),
        ];
        let mut answers = Vec::new();
        for (n, (email, password)) in tries.into_iter().enumerate() {
            let (browser, answer) = log_in(&app, email, password).await;
            let mut problem: Problem = answer.assert_problem(Code::AuthFailed);
            problem.instance.clear();
            let headers: Vec<_> = answer
                .headers
                .keys()
                .map(|k| k.as_str().to_owned())
                .collect();
            answers.push((problem, headers));
            assert!(browser.cookie().is_none());
            // The costly part of the work is done every time, once.
            assert_eq!(app.state.passwords.compared(), n as u64 + 1, "{email}");
        }
        assert!(
            answers.windows(2).all(|pair| pair[0] == pair[1]),
            "{answers:?}"
        );
        assert_eq!(sessions(&app).await, 0);
    })
    .await;
}

#[tokio::test]
async fn guesses_are_throttled_before_any_password_is_hashed() {
    let app = TestApp::start(Backend::Sqlite).await;
    account(&app, EMAIL, Role::Administrator, &[]).await;
    for _ in 0..5 {
        log_in(&app, EMAIL, "et gæt")
            .await
            .1
            .assert_problem(Code::AuthFailed);
    }
    let (_, refused) = log_in(&app, EMAIL, support::staff::PASSWORD).await;
    refused.assert_problem(Code::TooManyRequests);
    assert_eq!(refused.header("retry-after"), "12");
    assert_eq!(app.state.passwords.compared(), 5);
    log_in(&app, "anden@example.org", "et gæt")
        .await
        .1
        .assert_problem(Code::AuthFailed);
    app.clock.advance(Duration::from_secs(12));
    enter(&app, EMAIL).await;
}

#[tokio::test]
async fn a_token_is_replaced_every_hour_without_logging_anybody_out() {
    on_both(|app| async move {
        account(&app, EMAIL, Role::Evaluator, &[]).await;
        let browser = enter(&app, EMAIL).await;
        app.clock.advance(HOUR - Duration::from_secs(1));
        let early = browser.get(&app, paths::PROGRAMMES).await;
        assert_eq!(
            (early.status, early.header("set-cookie")),
            (StatusCode::OK, "")
        );

        app.clock.advance(Duration::from_secs(1));
        // Requests that were sent side by side, all with the old token.
        let tabs: Vec<Browser> = (0..6).map(|_| browser.copy()).collect();
        let answers =
            futures_util::future::join_all(tabs.iter().map(|t| t.get(&app, paths::PROGRAMMES)))
                .await;
        assert!(answers.iter().all(|a| a.status == StatusCode::OK));
        let fresh: Vec<&str> = answers
            .iter()
            .map(|a| a.header("set-cookie"))
            .filter(|c| !c.is_empty())
            .collect();
        assert_eq!(fresh.len(), 1, "one new token for all: {fresh:?}");
        assert!(
            fresh[0].contains("; Max-Age=39600"),
            "the end does not move: {}",
            fresh[0]
        );
        let renewed = tabs
            .iter()
            .find(|t| t.cookie() != browser.cookie())
            .unwrap();

        app.clock.advance(Duration::from_secs(119));
        assert_eq!(
            browser.get(&app, paths::SESSION).await.status,
            StatusCode::OK
        );
        app.clock.advance(Duration::from_secs(1));
        browser
            .get(&app, paths::SESSION)
            .await
            .assert_problem(Code::AuthSessionEnded);
        assert_eq!(
            renewed.get(&app, paths::SESSION).await.status,
            StatusCode::OK
        );

        // Used all day long, a session still ends twelve hours after it began.
        for _ in 0..10 {
            app.clock.advance(HOUR);
            assert_eq!(
                renewed.get(&app, paths::SESSION).await.status,
                StatusCode::OK
            );
        }
        app.clock.advance(HOUR);
        renewed
            .get(&app, paths::SESSION)
            .await
            .assert_problem(Code::AuthSessionEnded);
        enter(&app, EMAIL).await;
        assert_eq!(
            sessions(&app).await,
            1,
            "those that are over are cleared away"
        );
    })
    .await;
}

#[tokio::test]
async fn logging_out_ends_replaced_tokens_and_a_new_log_in_ends_the_old_one() {
    on_both(|app| async move {
        let id = account(&app, EMAIL, Role::Helper, &[]).await;
        let elsewhere = session_of(&app, id).await;
        app.clock.advance(Duration::from_secs(1));
        let browser = enter(&app, EMAIL).await;
        app.clock.advance(HOUR);
        let before = browser.copy();
        browser.get(&app, paths::SESSION).await;
        assert_ne!(before.cookie(), browser.cookie());
        browser.delete(&app, paths::SESSION).await;
        before
            .get(&app, paths::SESSION)
            .await
            .assert_problem(Code::AuthSessionEnded);
        assert_eq!(
            elsewhere.get(&app, paths::SESSION).await.status,
            StatusCode::OK
        );

        let before = elsewhere.copy();
        let again = json!({ "email": EMAIL, "password": support::staff::PASSWORD });
        assert_eq!(
            elsewhere.post(&app, paths::SESSION, &again).await.status,
            StatusCode::OK
        );
        assert_ne!(before.cookie(), elsewhere.cookie());
        before
            .get(&app, paths::SESSION)
            .await
            .assert_problem(Code::AuthSessionEnded);

        disable(&app, EMAIL).await;
        elsewhere
            .get(&app, paths::SESSION)
            .await
            .assert_problem(Code::AuthSessionEnded);
    })
    .await;
}

#[tokio::test]
async fn behind_tls_the_cookie_belongs_to_this_host_alone() {
    let https = |config: &mut bedring_server::config::Config| {
        config.server.public_url = Some("https://bedring.example.org".to_owned());
    };
    let app = TestApp::with(Backend::Sqlite, https).await;
    account(&app, EMAIL, Role::Administrator, &[]).await;
    let (browser, answer) = log_in(&app, EMAIL, support::staff::PASSWORD).await;
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.starts_with("__Host-bedring=") && cookie.contains("; Secure"),
        "{cookie}"
    );
    assert_eq!(
        browser.get(&app, paths::SESSION).await.status,
        StatusCode::OK
    );
    let token = browser.cookie().unwrap().replace("__Host-", "");
    let planted = request(Method::GET, paths::SESSION).header(header::COOKIE, token);
    let answer = app.send(planted.body(Body::empty()).unwrap()).await;
    answer.assert_problem(Code::AuthMissing);
}

#[tokio::test]
async fn other_sites_cannot_use_the_cookie() {
    let app = TestApp::start(Backend::Sqlite).await;
    let project = support::seed::project(&app).await;
    let id = account(&app, EMAIL, Role::ProjectLeader, &[project]).await;
    let browser = session_of(&app, id).await;
    let persons = support::staff::path(paths::PROJECT_PERSONS, project);
    for (method, path) in [
        (Method::POST, persons.as_str()),
        (Method::POST, paths::JOURNAL),
        (Method::POST, paths::SESSION),
        (Method::DELETE, paths::SESSION),
    ] {
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://evil.example"),
        ] {
            let request = request(method.clone(), path)
                .header(header::COOKIE, browser.cookie().unwrap())
                .header(header::CONTENT_TYPE, "application/json")
                .header(name, value);
            let answer = app.send(request.body(Body::from("{}")).unwrap()).await;
            answer.assert_problem(Code::AuthCrossSite);
        }
    }
    assert_eq!(
        browser.get(&app, paths::SESSION).await.status,
        StatusCode::OK,
        "still logged in"
    );
    // A secret beside the cookie: the request speaks for the person, and staff rights do not leak into it.
    let both = request(Method::GET, paths::PROGRAMMES)
        .header(header::COOKIE, browser.cookie().unwrap())
        .header(header::AUTHORIZATION, "Bearer whatever");
    app.send(both.body(Body::empty()).unwrap())
        .await
        .assert_problem(Code::AuthMissing);
    for cookie in ["bedring=", "bedring=x", "bedring=\"", "x=y", "bedring=%00"] {
        let request = request(Method::GET, paths::SESSION).header(header::COOKIE, cookie);
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{cookie}");
    }
}

#[tokio::test]
async fn a_role_that_is_taken_away_is_gone_at_the_next_request() {
    on_both(|app| async move {
        use bedring_store::entities::account_project;
        let project = support::seed::project(&app).await;
        let id = account(&app, EMAIL, Role::Helper, &[project]).await;
        let browser = session_of(&app, id).await;
        let persons = support::staff::path(paths::PROJECT_PERSONS, project);
        assert_eq!(browser.get(&app, &persons).await.status, StatusCode::OK);
        let key: (Uuid, Uuid) = (id, project);
        account_project::Entity::delete_by_id(key)
            .exec(app.state.db.read())
            .await
            .unwrap();
        browser
            .get(&app, &persons)
            .await
            .assert_problem(Code::NotFound);
    })
    .await;
}
