//! Nobody is lost by silence: what a plan means for people, the states their measurements go through, reasons, ends, calls, the board.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]

#[path = "../support/mod.rs"]
mod support;

mod backfill;
mod board;
mod calls;
mod early;
mod ends;
mod erasure;
mod feed;
mod indexes;
mod person;
mod phones;
mod plan_edit;
mod plan_holds;
mod plan_race;
mod plans;
mod reasons;
mod states;
mod taking_part;

use axum::http::StatusCode;
use bedring_contract::followup::Worklist;
use bedring_contract::paths;
use bedring_contract::staff::{PersonDetail, PersonLine, Role};
use bedring_server::ports::Clock;
use bedring_store::entities::{account, followup, occasion, programme, project};
use bedring_store::plan::{Plan, from_json, to_json};
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use support::staff::{Browser, logged_in, path};
use support::{TestApp, tables};
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Moves the clock on to a moment.
fn until(app: &TestApp, moment: &str) {
    let moment: DateTime<Utc> = moment.parse().unwrap();
    app.clock
        .advance((moment - app.clock.now()).to_std().unwrap());
}

async fn leader(app: &TestApp, project: Uuid) -> Browser {
    logged_in(app, Role::ProjectLeader, &[project]).await
}

async fn register(app: &TestApp, project: Uuid, form: Value) -> PersonLine {
    let staff = leader(app, project).await;
    let answer = staff
        .post(app, &path(paths::PROJECT_PERSONS, project), &form)
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()
}

async fn end_course(app: &TestApp, project: Uuid, person: Uuid, end: &str) {
    let staff = leader(app, project).await;
    let answer = staff
        .post(
            app,
            &path(paths::PERSON_END, person),
            &json!({ "end": end }),
        )
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}

async fn detail(app: &TestApp, project: Uuid, person: Uuid) -> PersonDetail {
    let staff = leader(app, project).await;
    staff.get(app, &path(paths::PERSON, person)).await.json()
}

async fn worklist(app: &TestApp, staff: &Browser) -> Worklist {
    let answer = staff.get(app, paths::WORKLIST).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

/// A person's occasions, by kind and number.
async fn occasions(app: &TestApp, person: Uuid) -> Vec<occasion::Model> {
    let mut rows = occasion::Entity::find()
        .filter(occasion::Column::PersonId.eq(person))
        .order_by_asc(occasion::Column::Number)
        .all(app.state.db.read())
        .await
        .unwrap();
    rows.sort_by_key(|row| bedring_domain::course::OccasionKind::parse(&row.kind));
    rows
}

async fn held(app: &TestApp, occasion: Uuid) -> followup::Model {
    tables::row::<followup::Entity>(app, occasion).await
}

/// The programme of a project gets another plan.
async fn replan(app: &TestApp, project_id: Uuid, change: impl FnOnce(&mut Plan)) {
    let db = app.state.db.read();
    let project = tables::row::<project::Entity>(app, project_id).await;
    let programme = tables::row::<programme::Entity>(app, project.programme_id).await;
    let mut plan: Plan = from_json("programmes", &programme.plan).unwrap();
    change(&mut plan);
    let mut row = programme.into_active_model();
    row.plan = Set(to_json(&plan));
    programme::Entity::update(row).exec(db).await.unwrap();
}

/// An occasion as the test wants it.
async fn change(app: &TestApp, id: Uuid, change: impl FnOnce(&mut occasion::ActiveModel)) {
    let mut row = tables::row::<occasion::Entity>(app, id)
        .await
        .into_active_model();
    change(&mut row);
    occasion::Entity::update(row)
        .exec(app.state.db.read())
        .await
        .unwrap();
}

/// The accounts there are, to be named as owners.
async fn accounts(app: &TestApp) -> Vec<account::Model> {
    tables::all::<account::Entity>(app).await
}
