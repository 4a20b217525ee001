//! Accounts and browsers of staff.

use std::sync::Mutex;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use bedring_contract::staff::Role;
use bedring_server::accounts::{register, sessions};
use bedring_server::ports::Clock;
use bedring_store::entities::{account, account_project};
use bedring_store::sea_orm::{ActiveValue::Set, EntityTrait};
use chrono::TimeDelta;
use serde::Serialize;
use uuid::Uuid;

use super::{Answer, TestApp, request};

/// A password that every account of these tests has.
pub const PASSWORD: &str = "en sætning at huske";

/// A browser with a cookie jar that holds one cookie, and with the headers that browsers send.
#[derive(Debug, Default)]
pub struct Browser {
    cookie: Mutex<Option<String>>,
}

impl Browser {
    /// `name=value`, if there is one.
    pub fn cookie(&self) -> Option<String> {
        self.cookie.lock().unwrap().clone()
    }

    /// As another browser with the same cookie at this moment.
    pub fn copy(&self) -> Self {
        Self {
            cookie: Mutex::new(self.cookie()),
        }
    }

    pub async fn send(
        &self,
        app: &TestApp,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> Answer {
        let mut request = request(method, path).header("sec-fetch-site", "same-origin");
        if let Some(cookie) = self.cookie() {
            request = request.header(header::COOKIE, cookie);
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let answer = app
            .send(request.body(Body::from(body.unwrap_or_default())).unwrap())
            .await;
        if let Some(set) = answer.headers.get(header::SET_COOKIE) {
            let set = set.to_str().unwrap();
            let pair = set.split(';').next().unwrap().to_owned();
            let removed = set.contains("Max-Age=0");
            *self.cookie.lock().unwrap() = (!removed).then_some(pair);
        }
        answer
    }

    pub async fn get(&self, app: &TestApp, path: &str) -> Answer {
        self.send(app, Method::GET, path, None).await
    }

    pub async fn post(&self, app: &TestApp, path: &str, body: &impl Serialize) -> Answer {
        self.send(
            app,
            Method::POST,
            path,
            Some(serde_json::to_vec(body).unwrap()),
        )
        .await
    }

    pub async fn delete(&self, app: &TestApp, path: &str) -> Answer {
        self.send(app, Method::DELETE, path, None).await
    }
}

/// An account with [`PASSWORD`], made as the command line makes one.
pub async fn account(app: &TestApp, email: &str, role: Role, projects: &[Uuid]) -> Uuid {
    let random = &*app.state.random;
    let password_hash = app
        .state
        .passwords
        .hash(random, PASSWORD.to_owned().into())
        .await
        .unwrap();
    // Codes are told apart by programme only; tests know ids.
    bare_account(app, email, role, projects, password_hash).await
}

async fn bare_account(
    app: &TestApp,
    email: &str,
    role: Role,
    projects: &[Uuid],
    password_hash: String,
) -> Uuid {
    let tx = app.state.db.begin().await.unwrap();
    let id = bedring_server::ports::uuid_v4(&*app.state.random);
    let row = account::ActiveModel {
        id: Set(id),
        email: Set(email.to_owned()),
        password_hash: Set(password_hash),
        role: Set(role.as_str().to_owned()),
        created_at: Set(app.clock.now()),
        disabled_at: Set(None),
    };
    account::Entity::insert(row)
        .exec_without_returning(&*tx)
        .await
        .unwrap();
    for project in projects {
        let row = account_project::ActiveModel {
            account_id: Set(id),
            project_id: Set(*project),
        };
        account_project::Entity::insert(row)
            .exec_without_returning(&*tx)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    id
}

/// A browser that is logged in with a new account. Without a password, for tests that are about something else.
pub async fn logged_in(app: &TestApp, role: Role, projects: &[Uuid]) -> Browser {
    let email = format!(
        "{}@example.org",
        bedring_server::ports::uuid_v4(&*app.state.random).simple()
    );
    let id = bare_account(app, &email, role, projects, "none".to_owned()).await;
    session_of(app, id).await
}

/// A browser with a new session of an account.
pub async fn session_of(app: &TestApp, account: Uuid) -> Browser {
    let tx = app.state.db.begin().await.unwrap();
    let (now, random) = (app.clock.now(), &*app.state.random);
    let token = sessions::begin(&*tx, random, account, now, TimeDelta::hours(12))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let name = if app.state.config.cookie_secure() {
        "__Host-bedring"
    } else {
        "bedring"
    };
    Browser {
        cookie: Mutex::new(Some(format!("{name}={}", token.value))),
    }
}

/// Logs in as people do.
pub async fn log_in(app: &TestApp, email: &str, password: &str) -> (Browser, Answer) {
    let browser = Browser::default();
    let body = serde_json::json!({ "email": email, "password": password });
    let answer = browser
        .post(app, bedring_contract::paths::SESSION, &body)
        .await;
    (browser, answer)
}

/// Logs in, and it works.
pub async fn enter(app: &TestApp, email: &str) -> Browser {
    let (browser, answer) = log_in(app, email, PASSWORD).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    browser
}

/// Disables an account as the command line does.
pub async fn disable(app: &TestApp, email: &str) {
    let tx = app.state.db.begin().await.unwrap();
    register::disable(&*tx, email, app.clock.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// A path with its places filled.
pub fn path(template: &str, id: impl std::fmt::Display) -> String {
    let (start, rest) = template.split_once('{').unwrap();
    let (_, end) = rest.split_once('}').unwrap();
    format!("{start}{id}{end}")
}
