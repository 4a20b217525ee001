//! Two connections to PostgreSQL: one registers a person, one saves a plan. Whoever comes second waits, and nobody gets the days of a plan
//! that is gone. SQLite has one writer at a time as it is.

use std::time::Duration;

use bedring_domain::course::{CoursePlan, Offset};
use bedring_server::programme::register as registering;
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::sea_query::LockType;
use bedring_store::sea_orm::{ConnectionTrait, QuerySelect, Statement};

use super::plan_edit::{both, days, sent};
use super::*;
use crate::support::{Backend, seed};

/// The intake three weeks after the start, where it was two.
fn later_intake() -> CoursePlan {
    let mut plan = CoursePlan::default_plan();
    plan.occasions[0].after = Offset::days(21);
    plan
}

/// Until somebody waits for a lock. Gives up long after anybody would.
async fn somebody_waits(app: &TestApp) {
    for _ in 0..600 {
        let sql = "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let db = app.state.db.read();
        let statement = Statement::from_string(db.get_database_backend(), sql);
        let row = db.query_one_raw(statement).await.unwrap().unwrap();
        if row.try_get::<i64>("", "n").unwrap() > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("nobody waits");
}

#[tokio::test]
async fn whoever_is_registered_while_a_plan_is_saved_gets_the_new_one() {
    let app = TestApp::start(Backend::Postgres).await;
    let project = seed::project(&app).await;
    let programme = tables::row::<project::Entity>(&app, project)
        .await
        .programme_id;
    let tx = app.state.db.begin().await.unwrap();
    let row = programme::Entity::find_by_id(programme)
        .lock(LockType::Update)
        .one(&*tx)
        .await
        .unwrap()
        .unwrap();
    let mut plan: Plan = from_json("programmes", &row.plan).unwrap();
    plan.course = later_intake();
    programme::Entity::update_many()
        .col_expr(programme::Column::Plan, Expr::value(to_json(&plan)))
        .filter(programme::Column::Id.eq(programme))
        .exec(&*tx)
        .await
        .unwrap();
    let saving = async {
        somebody_waits(&app).await;
        tx.commit().await.unwrap();
    };
    let (person, ()) = tokio::join!(register(&app, project, json!({})), saving);
    let rows = occasions(&app, person.id).await;
    assert_eq!(days(&rows[0]), both("2026-03-09", "2026-03-23"));
}

#[tokio::test]
async fn whoever_is_being_registered_when_a_plan_is_saved_is_moved_with_the_others() {
    let app = TestApp::start(Backend::Postgres).await;
    let project = seed::project(&app).await;
    let tx = app.state.db.begin().await.unwrap();
    let now = app.clock.now();
    let new = registering::NewPerson {
        code: None,
        respondent_type: None,
        start_on: day("2026-03-02"),
    };
    let person = registering::register(&*tx, &*app.state.random, project, new, now)
        .await
        .unwrap();
    let registering = async {
        somebody_waits(&app).await;
        tx.commit().await.unwrap();
    };
    let plan = later_intake();
    let saving = sent(&app, project, &plan, json!({ "apply": true }));
    let (done, ()) = tokio::join!(saving, registering);
    assert_eq!(done.changes.moved, 1);
    let rows = occasions(&app, person.id).await;
    assert_eq!(days(&rows[0]), both("2026-03-09", "2026-03-23"));
}
