//! What was typed wrongly about a person can be put right, and the second of two who change the same thing is told.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/mod.rs"]
mod support;

mod discarding;
mod facts;
mod merging;
mod moving;
mod taking_back;

use axum::http::StatusCode;
use bedring_contract::correct::{DiscardReason, MergeEffect};
use bedring_contract::course::{Happening, History, NextStep, PersonCourse};
use bedring_contract::followup::{Board, CallOutcome, Worklist};
use bedring_contract::paths;
use bedring_contract::person::PersonBundle;
use bedring_contract::problem::{Code, Problem};
use bedring_contract::staff::{PersonDetail, PersonLine, PersonPage, Programme, Role, WhyNotAsked};
use bedring_domain::consent::{Purpose, Scope};
use bedring_domain::journal::{Event, Outcome, Reason};
use bedring_store::entities::{audit, response};
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use support::seed::Someone;
use support::staff::{Browser, logged_in, path};
use support::{Answer, TestApp, on_both, phone, request, seed};
use uuid::Uuid;

async fn register(app: &TestApp, staff: &Browser, project: Uuid, form: Value) -> PersonLine {
    let answer = staff
        .post(app, &path(paths::PROJECT_PERSONS, project), &form)
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()
}

async fn detail(app: &TestApp, staff: &Browser, id: Uuid) -> PersonDetail {
    let answer = staff.get(app, &path(paths::PERSON, id)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

async fn facts(app: &TestApp, staff: &Browser, id: Uuid, form: Value) -> Answer {
    staff.post(app, &path(paths::PERSON_FACTS, id), &form).await
}

async fn happenings(app: &TestApp, staff: &Browser, id: Uuid) -> Vec<Happening> {
    let history: History = staff
        .get(app, &path(paths::PERSON_HISTORY, id))
        .await
        .json();
    history.lines.into_iter().map(|line| line.what).collect()
}

async fn deeds(app: &TestApp, deed: &str, person: Uuid) -> u64 {
    audit::Entity::find()
        .filter(audit::Column::Action.eq(deed))
        .filter(audit::Column::PersonId.eq(person))
        .count(app.state.db.read())
        .await
        .unwrap()
}

#[track_caller]
fn now_is(answer: &Answer, pointer: &str, current: Option<&str>) {
    let problem: Problem = answer.assert_problem(Code::ChangedMeanwhile);
    let field = problem.errors.iter().find(|e| e.pointer == pointer);
    let field = field.unwrap_or_else(|| panic!("{problem:?}"));
    assert_eq!(
        (field.code.as_str(), field.current.as_deref()),
        ("changed", current)
    );
}
