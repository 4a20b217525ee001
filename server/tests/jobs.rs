//! Jobs survive a crash and two workers, and no job is lost.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]

mod support;

use std::time::Duration;

use bedring_domain::consent::Purpose;
use bedring_server::jobs::run_due;
use bedring_server::journal::{Key, SCORE_RESPONSES, Sender, secret_hash};
use bedring_server::ports::{Clock, uuid_v7};
use bedring_store::entities::{job, response, score};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter,
};
use support::seed::{self, Someone};
use support::{TestApp, on_both};

/// Somebody who has answered both questionnaires.
async fn answered(app: &TestApp) -> Someone {
    let project = seed::project(app).await;
    let someone = seed::someone(app, project).await;
    let events = [
        seed::consent(Purpose::Evaluation, true),
        seed::response(&someone, "mhrm-30", 2),
        seed::response(&someone, "lsns-9", 3),
    ];
    let entries = events
        .into_iter()
        .map(|e| seed::entry(app, seed::minute(1), e, true))
        .collect();
    let sender = Sender::Secret(Key {
        hash: secret_hash(&someone.secret),
        known: Some(someone.id),
    });
    app.state
        .journal
        .deliver(sender, seed::delivery(entries))
        .await
        .unwrap();
    someone
}

async fn scores(app: &TestApp) -> u64 {
    score::Entity::find()
        .count(app.state.db.read())
        .await
        .unwrap()
}

async fn jobs(app: &TestApp) -> Vec<job::Model> {
    job::Entity::find().all(app.state.db.read()).await.unwrap()
}

/// mhrm-30 has a total and eight domains, lsns-9 a total and three blocks, lsns-6 a total and two.
const ALL_SCORES: u64 = 9 + 4 + 3;

#[tokio::test]
async fn what_was_answered_is_scored_once() {
    on_both(|app| async move {
        answered(&app).await;
        assert_eq!((scores(&app).await, jobs(&app).await.len()), (0, 1));
        assert_eq!(run_due(&app.state).await.unwrap(), 1);
        assert_eq!(
            (scores(&app).await, jobs(&app).await.len()),
            (ALL_SCORES, 0)
        );
        assert_eq!(run_due(&app.state).await.unwrap(), 0);
        let total = score::Entity::find()
            .filter(score::Column::Instrument.eq("mhrm-30"))
            .filter(score::Column::Scale.eq("total"))
            .one(app.state.db.read())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(total.score, Some(60.0));
    })
    .await;
}

#[tokio::test]
async fn a_job_whose_worker_died_is_done_when_its_lease_has_run_out() {
    on_both(|app| async move {
        answered(&app).await;
        // As a worker leaves it that died between taking and finishing.
        job::Entity::update_many()
            .col_expr(
                job::Column::LeaseUntil,
                Expr::value(app.clock.now() + chrono::TimeDelta::minutes(5)),
            )
            .exec(app.state.db.read())
            .await
            .unwrap();
        assert_eq!(
            run_due(&app.state).await.unwrap(),
            0,
            "somebody may still be at it"
        );
        app.clock.advance(Duration::from_secs(301));
        assert_eq!(run_due(&app.state).await.unwrap(), 1);
        assert_eq!(
            (scores(&app).await, jobs(&app).await.len()),
            (ALL_SCORES, 0)
        );
    })
    .await;
}

#[tokio::test]
async fn a_job_done_twice_is_as_if_done_once() {
    on_both(|app| async move {
        answered(&app).await;
        let mut again = jobs(&app).await.remove(0);
        run_due(&app.state).await.unwrap();
        again.lease_until = None;
        job::Entity::insert(job::ActiveModel::from(again))
            .exec_without_returning(app.state.db.read())
            .await
            .unwrap();
        assert_eq!(run_due(&app.state).await.unwrap(), 1);
        assert_eq!(
            (scores(&app).await, jobs(&app).await.len()),
            (ALL_SCORES, 0)
        );
    })
    .await;
}

#[tokio::test]
async fn two_workers_never_take_the_same_job() {
    on_both(|app| async move {
        let someone = answered(&app).await;
        let ids: Vec<uuid::Uuid> = response::Entity::find()
            .filter(response::Column::PersonId.eq(someone.id))
            .all(app.state.db.read())
            .await
            .unwrap()
            .into_iter()
            .map(|r| r.id)
            .collect();
        let rows =
            (0..300).map(|_| row(&app, SCORE_RESPONSES, &serde_json::to_string(&ids).unwrap()));
        job::Entity::insert_many(rows)
            .exec_without_returning(app.state.db.read())
            .await
            .unwrap();
        let all = async {
            let mut taken = 0;
            loop {
                match run_due(&app.state).await.unwrap() {
                    0 => return taken,
                    n => taken += n,
                }
            }
        };
        let other = async {
            let mut taken = 0;
            loop {
                match run_due(&app.state).await.unwrap() {
                    0 => return taken,
                    n => taken += n,
                }
            }
        };
        let (one, two) = tokio::join!(all, other);
        assert_eq!(one + two, 301, "each job was taken by one of them, once");
        assert_eq!(
            (scores(&app).await, jobs(&app).await.len()),
            (ALL_SCORES, 0)
        );
    })
    .await;
}

fn row(app: &TestApp, kind: &str, payload: &str) -> job::ActiveModel {
    let now = app.clock.now();
    job::ActiveModel {
        id: Set(uuid_v7(now, &*app.state.random)),
        kind: Set(kind.to_owned()),
        payload: Set(payload.to_owned()),
        run_at: Set(now),
        attempts: Set(0),
        lease_until: Set(None),
        last_error: Set(None),
        created_at: Set(now),
    }
}

#[tokio::test]
async fn a_job_that_cannot_be_done_waits_longer_each_time_and_holds_up_nobody() {
    on_both(|app| async move {
        answered(&app).await;
        let bad = [
            row(&app, SCORE_RESPONSES, "not a list"),
            row(&app, "from_another_version", "{}"),
        ];
        job::Entity::insert_many(bad)
            .exec_without_returning(app.state.db.read())
            .await
            .unwrap();
        assert_eq!(run_due(&app.state).await.unwrap(), 3);
        assert_eq!(scores(&app).await, ALL_SCORES, "the good one is done");
        let left = jobs(&app).await;
        assert_eq!(left.len(), 2);
        assert!(
            left.iter()
                .all(|j| j.attempts == 1 && j.lease_until.is_none() && j.last_error.is_some())
        );
        assert!(
            left.iter()
                .all(|j| !j.last_error.as_deref().unwrap().contains("not a list")),
            "no content"
        );
        assert_eq!(run_due(&app.state).await.unwrap(), 0, "not at once");
        app.clock.advance(Duration::from_secs(10));
        assert_eq!(run_due(&app.state).await.unwrap(), 2);
        app.clock.advance(Duration::from_secs(10));
        assert_eq!(run_due(&app.state).await.unwrap(), 0, "twice as long now");
        app.clock.advance(Duration::from_secs(10));
        assert_eq!(run_due(&app.state).await.unwrap(), 2);
    })
    .await;
}
