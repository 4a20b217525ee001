//! Short codes: one opens once, for a while, and guessing is slowed.

use std::time::Duration;

use axum::http::StatusCode;
use bedring_contract::paths;
use bedring_contract::person::{Exchange, Exchanged};
use bedring_contract::problem::Code;
use bedring_server::ports::Clock;
use bedring_server::programme::invitation::{Maker, invite};
use bedring_store::entities::{access_secret, person};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::support::{Answer, Backend, TestApp, on_both, seed};
use crate::{bundle, invited};

async fn exchange(app: &TestApp, code: &str) -> Answer {
    app.post(
        paths::EXCHANGE,
        &Exchange {
            code: code.to_owned(),
        },
    )
    .await
}

#[tokio::test]
async fn a_short_code_opens_once() {
    on_both(|app| async move {
        let (someone, way_in) = invited(&app).await;
        let code = &way_in.short_code;
        let typed = format!("{} {}", code[..5].to_lowercase(), &code[5..]);
        let answer = exchange(&app, &typed).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let secret = answer.json::<Exchanged>().secret;
        assert_ne!(secret, someone.secret);
        assert_eq!(bundle(&app, &secret).await.person, someone.id);
        assert_eq!(
            bundle(&app, &someone.secret).await.person,
            someone.id,
            "the link goes on working"
        );
        let used = exchange(&app, code).await;
        let wrong = exchange(&app, "0000000000").await;
        let nonsense = exchange(&app, "no").await;
        for refused in [&used, &wrong, &nonsense] {
            refused.assert_problem(Code::CodeUnknown);
        }
        let body = |a: &Answer| {
            let mut problem: serde_json::Value = a.json();
            problem["instance"].take();
            problem
        };
        assert_eq!(body(&used), body(&wrong), "whether it existed is not told");
        assert_eq!(body(&used), body(&nonsense));
    })
    .await;
}

#[tokio::test]
async fn a_short_code_ends_with_time_with_a_newer_one_and_with_erasure() {
    on_both(|app| async move {
        let (someone, old) = invited(&app).await;
        let again = async || {
            let tx = app.state.db.begin().await.unwrap();
            let way_in = invite(&*tx, maker(&app), someone.id, true).await.unwrap();
            tx.commit().await.unwrap();
            way_in
        };
        let new = again().await;
        exchange(&app, &old.short_code)
            .await
            .assert_problem(Code::CodeUnknown);
        app.clock.advance(Duration::from_secs(14 * 86_400));
        exchange(&app, &new.short_code)
            .await
            .assert_problem(Code::CodeUnknown);
        let last = again().await;
        person::Entity::update_many()
            .col_expr(person::Column::ErasedAt, Expr::value(app.clock.now()))
            .exec(app.state.db.read())
            .await
            .unwrap();
        exchange(&app, &last.short_code)
            .await
            .assert_problem(Code::CodeUnknown);
        let links = access_secret::Entity::find().filter(access_secret::Column::Kind.eq("link"));
        assert_eq!(
            links.count(app.state.db.read()).await.unwrap(),
            3,
            "no exchange made a link"
        );
    })
    .await;
}

#[tokio::test]
async fn of_many_who_type_the_same_code_at_once_one_gets_in() {
    on_both(|app| async move {
        let (_, way_in) = invited(&app).await;
        let tries = (0..8).map(|_| exchange(&app, &way_in.short_code));
        let answers = futures_util::future::join_all(tries).await;
        let opened = answers
            .iter()
            .filter(|a| a.status == StatusCode::OK)
            .count();
        assert_eq!(opened, 1);
    })
    .await;
}

#[tokio::test]
async fn guessing_is_slowed() {
    on_both(|app| async move {
        let (_, way_in) = invited(&app).await;
        for _ in 0..10 {
            exchange(&app, "0000000000")
                .await
                .assert_problem(Code::CodeUnknown);
        }
        let refused = exchange(&app, &way_in.short_code).await;
        refused.assert_problem(Code::TooManyRequests);
        assert!(refused.header("retry-after").parse::<u32>().unwrap() > 0);
        app.clock.advance(Duration::from_secs(60));
        assert_eq!(
            exchange(&app, &way_in.short_code).await.status,
            StatusCode::OK
        );
    })
    .await;
}

/// A meeting: one address, everybody with a right code, all within a minute.
#[tokio::test]
async fn forty_people_of_one_meeting_get_in_at_once() {
    let app = TestApp::start(Backend::Sqlite).await;
    let mut codes = Vec::new();
    let project = seed::project(&app).await;
    for _ in 0..40 {
        let someone = seed::someone(&app, project).await;
        let tx = app.state.db.begin().await.unwrap();
        let way_in = invite(&*tx, maker(&app), someone.id, true).await;
        tx.commit().await.unwrap();
        codes.push(way_in.unwrap().short_code);
    }
    for _ in 0..5 {
        exchange(&app, "0000000000")
            .await
            .assert_problem(Code::CodeUnknown);
    }
    let opened =
        futures_util::future::join_all(codes.iter().map(|code| exchange(&app, code))).await;
    for answer in opened {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }
}

fn maker(app: &TestApp) -> Maker<'_> {
    Maker {
        keys: &app.state.keys.contact,
        random: &*app.state.random,
        account: None,
        now: app.clock.now(),
    }
}
