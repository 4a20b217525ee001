//! What figures say: how many people are where, who sees whose scores, and which response counts.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use axum::http::StatusCode;
use bedring_contract::paths;
use bedring_contract::staff::{PersonDetail, Programme, ResponseScores, Role, Scores};
use bedring_domain::consent::{Purpose, Scope};
use bedring_domain::journal::Event;
use bedring_server::journal::scoring::score_responses;
use bedring_store::entities::{audit, refusal_tally, response};
use bedring_store::sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use support::phone::{say, say_at};
use support::seed::{self, Someone};
use support::staff::{Browser, logged_in, path};
use support::{TestApp, on_both};
use uuid::Uuid;

async fn scores(app: &TestApp, staff: &Browser, someone: &Someone) -> Scores {
    let answer = staff.get(app, &path(paths::PERSON, someone.id)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json::<PersonDetail>().scores
}

async fn shown(app: &TestApp, staff: &Browser, someone: &Someone) -> Vec<ResponseScores> {
    match scores(app, staff, someone).await {
        Scores::Shown { responses } => responses,
        other => panic!("{other:?}"),
    }
}

/// Does the work that jobs do.
async fn score(app: &TestApp, someone: &Someone) {
    let rows = response::Entity::find()
        .filter(response::Column::PersonId.eq(someone.id))
        .all(app.state.db.read())
        .await
        .unwrap();
    let ids: Vec<Uuid> = rows.iter().map(|r| r.id).collect();
    score_responses(&app.state.db, app.state.journal.editions(), &ids)
        .await
        .unwrap();
}

fn leader_may(given: bool) -> Event {
    seed::consent(Purpose::LeaderSeesAnswers, given)
}

/// Somebody who said yes and answered, with one leader, one helper, one evaluator and one administrator.
async fn answered(app: &TestApp) -> (Someone, [Browser; 4]) {
    let project = seed::project(app).await;
    let someone = seed::someone(app, project).await;
    let yes = seed::consent(Purpose::Evaluation, true);
    say_at(
        app,
        &someone,
        0,
        vec![
            yes,
            seed::response(&someone, "mhrm-30", 3),
            seed::response(&someone, "lsns-9", 2),
        ],
    )
    .await;
    let staff = [
        logged_in(app, Role::ProjectLeader, &[project]).await,
        logged_in(app, Role::Helper, &[project]).await,
        logged_in(app, Role::Evaluator, &[]).await,
        logged_in(app, Role::Administrator, &[]).await,
    ];
    (someone, staff)
}

#[tokio::test]
async fn the_leader_sees_scores_only_while_the_person_says_so() {
    on_both(|app| async move {
        let (someone, [leader, ..]) = answered(&app).await;
        assert_eq!(
            scores(&app, &leader, &someone).await,
            Scores::NotConsented,
            "never asked"
        );
        say_at(&app, &someone, 10, vec![leader_may(true)]).await;
        assert_eq!(shown(&app, &leader, &someone).await.len(), 2);
        say_at(&app, &someone, 20, vec![leader_may(false)]).await;
        assert_eq!(
            scores(&app, &leader, &someone).await,
            Scores::NotConsented,
            "changed their mind"
        );
        say_at(&app, &someone, 15, vec![leader_may(true)]).await;
        assert_eq!(
            scores(&app, &leader, &someone).await,
            Scores::NotConsented,
            "an older yes came late"
        );
        say_at(&app, &someone, 30, vec![leader_may(true)]).await;
        assert_eq!(shown(&app, &leader, &someone).await.len(), 2);
        say_at(&app, &someone, 40, vec![seed::withdrawal(Scope::StopUsing)]).await;
        assert_eq!(
            scores(&app, &leader, &someone).await,
            Scores::NotConsented,
            "locked"
        );
    })
    .await;
}

#[tokio::test]
async fn other_roles_see_scores_by_their_own_rule_and_every_look_is_written_down() {
    on_both(|app| async move {
        let (someone, [leader, helper, evaluator, administrator]) = answered(&app).await;
        say_at(&app, &someone, 10, vec![leader_may(true)]).await;
        for staff in [&helper, &administrator] {
            assert_eq!(scores(&app, staff, &someone).await, Scores::NotForRole);
        }
        shown(&app, &leader, &someone).await;
        say_at(&app, &someone, 20, vec![leader_may(false)]).await;
        assert_eq!(
            shown(&app, &evaluator, &someone).await.len(),
            2,
            "the evaluation was said yes to"
        );
        say_at(
            &app,
            &someone,
            30,
            vec![seed::withdrawal(Scope::StopAsking)],
        )
        .await;
        assert_eq!(
            shown(&app, &evaluator, &someone).await.len(),
            2,
            "what was answered stays in use"
        );
        say_at(&app, &someone, 40, vec![seed::withdrawal(Scope::StopUsing)]).await;
        assert_eq!(
            scores(&app, &evaluator, &someone).await,
            Scores::NotConsented
        );
        let log = audit::Entity::find()
            .filter(audit::Column::PersonId.eq(someone.id))
            .order_by_asc(audit::Column::Id)
            .all(app.state.db.read())
            .await
            .unwrap();
        let looks: Vec<_> = log
            .iter()
            .map(|a| (a.role.as_str(), a.action.as_str()))
            .collect();
        // Written in the same millisecond: in whatever order.
        let mut expected = vec![
            ("helper", "person"),
            ("administrator", "person"),
            ("project_leader", "answers"),
            ("evaluator", "answers"),
            ("evaluator", "answers"),
            ("evaluator", "person"),
        ];
        let mut sorted = looks.clone();
        sorted.sort_unstable();
        expected.sort_unstable();
        assert_eq!(sorted, expected);
        say_at(&app, &someone, 50, vec![seed::withdrawal(Scope::Erase)]).await;
        assert_eq!(
            scores(&app, &evaluator, &someone).await,
            Scores::NotConsented,
            "a tombstone"
        );
    })
    .await;
}

#[tokio::test]
async fn scores_are_those_that_the_job_wrote_with_derived_instruments() {
    on_both(|app| async move {
        let (someone, [_, _, evaluator, _]) = answered(&app).await;
        let before = shown(&app, &evaluator, &someone).await;
        assert!(
            before.iter().all(|r| r.pending && r.scales.is_empty()),
            "nothing is made up"
        );
        score(&app, &someone).await;
        let after = shown(&app, &evaluator, &someone).await;
        assert!(
            after
                .iter()
                .all(|r| !r.pending && r.primary && !r.has_rival && r.demonstration)
        );
        let total = |instrument: &str, scale: &str| {
            let scale = after
                .iter()
                .flat_map(|r| &r.scales)
                .find(|s| s.instrument == instrument && s.score.scale == scale)
                .unwrap();
            (
                scale.score.score,
                scale.minimum,
                scale.maximum,
                scale.score.answered,
            )
        };
        // 30 items × 3, 9 × 2, and the first two blocks of those, 6 × 2.
        assert_eq!(total("mhrm-30", "total"), (Some(90.0), 0, 120, 30));
        assert_eq!(total("lsns-9", "total"), (Some(18.0), 0, 45, 9));
        assert_eq!(total("lsns-6", "total"), (Some(12.0), 0, 30, 6));
        let domains = after
            .iter()
            .flat_map(|r| &r.scales)
            .filter(|s| s.instrument == "mhrm-30")
            .count();
        assert_eq!(domains, 9, "a total and eight domains");
        let mhrm = after
            .iter()
            .find(|r| r.edition.instrument == "mhrm-30")
            .unwrap();
        assert!(mhrm.scales.iter().all(|s| s.instrument == "mhrm-30") && !mhrm.title.is_empty());
    })
    .await;
}

#[tokio::test]
async fn low_scores_bring_the_labels_of_their_cut_offs() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = seed::someone(&app, project).await;
        let yes = seed::consent(Purpose::Evaluation, true);
        say(
            &app,
            &someone,
            vec![yes, seed::response(&someone, "lsns-9", 1)],
        )
        .await;
        score(&app, &someone).await;
        let evaluator = logged_in(&app, Role::Evaluator, &[]).await;
        let responses = shown(&app, &evaluator, &someone).await;
        let scale = |instrument: &str| {
            responses[0]
                .scales
                .iter()
                .find(|s| s.instrument == instrument && s.score.scale == "total")
                .unwrap()
        };
        assert_eq!(scale("lsns-6").score.score, Some(6.0));
        assert_eq!(
            (
                scale("lsns-6").score.cut_offs.len(),
                scale("lsns-6").cut_off_labels.len()
            ),
            (1, 1)
        );
        assert!(
            scale("lsns-9").cut_off_labels.is_empty(),
            "no cut-off is valid for nine items"
        );
    })
    .await;
}

#[tokio::test]
async fn of_two_responses_one_counts_and_a_person_may_choose_the_other() {
    on_both(|app| async move {
        let (someone, [leader, helper, evaluator, _]) = answered(&app).await;
        say_at(
            &app,
            &someone,
            60,
            vec![seed::response(&someone, "mhrm-30", 1)],
        )
        .await;
        let standing = |responses: Vec<ResponseScores>| {
            let mut mhrm: Vec<_> = responses
                .into_iter()
                .filter(|r| r.edition.instrument == "mhrm-30")
                .map(|r| (r.response, r.primary, r.has_rival))
                .collect();
            mhrm.sort_unstable();
            mhrm
        };
        let before = shown(&app, &evaluator, &someone).await;
        assert!(
            before
                .iter()
                .any(|r| r.edition.instrument == "lsns-9" && r.primary && !r.has_rival)
        );
        let before = standing(before);
        let (first, second) = (before[0].0, before[1].0);
        assert_eq!(
            before,
            [(first, true, true), (second, false, true)],
            "the first until somebody chooses"
        );
        let choose = |staff: &Browser, id: Uuid| {
            let (app, staff) = (&app, staff.copy());
            async move {
                staff
                    .post(app, &path(paths::RESPONSE_PRIMARY, id), &json!({}))
                    .await
                    .status
            }
        };
        assert_eq!(choose(&helper, second).await, StatusCode::FORBIDDEN);
        assert_eq!(choose(&leader, second).await, StatusCode::NO_CONTENT);
        let after = standing(shown(&app, &evaluator, &someone).await);
        assert_eq!(after, [(first, false, true), (second, true, true)]);
        assert_eq!(choose(&evaluator, first).await, StatusCode::NO_CONTENT);
        assert_eq!(standing(shown(&app, &evaluator, &someone).await), before);
        let rows = response::Entity::find().filter(response::Column::Chosen.eq(true));
        assert_eq!(rows.all(app.state.db.read()).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn programmes_count_people_measurements_refusals_and_what_is_kept_apart() {
    on_both(|app| async move {
        let (project, other) = (seed::project(&app).await, seed::project(&app).await);
        let done = seed::someone(&app, project).await;
        let yes = seed::consent(Purpose::Evaluation, true);
        let both = ["mhrm-30", "lsns-9"].map(|i| seed::response(&done, i, 1));
        say(&app, &done, [vec![yes], both.to_vec()].concat()).await;
        let refuses = seed::someone(&app, project).await;
        say(
            &app,
            &refuses,
            vec![seed::consent(Purpose::Evaluation, false)],
        )
        .await;
        let silent = seed::someone(&app, project).await;
        say(&app, &silent, vec![seed::response(&silent, "lsns-9", 1)]).await;
        seed::someone(&app, other).await;
        let tally = refusal_tally::ActiveModel {
            project_id: Set(project),
            source: Set("papir".to_owned()),
            refusals: Set(4),
        };
        refusal_tally::Entity::insert(tally)
            .exec_without_returning(app.state.db.read())
            .await
            .unwrap();

        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let seen: Vec<Programme> = leader.get(&app, paths::PROGRAMMES).await.json();
        assert_eq!(seen.len(), 1, "the other programme is not theirs");
        assert_eq!(seen[0].name["da"], "Prøve");
        let p = &seen[0].projects[0];
        assert_eq!((p.id, p.status.as_str()), (project, "active"));
        assert_eq!(
            (p.persons, p.refusals, p.intakes, p.exits, p.quarantined),
            (2, 5, 1, 0, 1)
        );

        let evaluator = logged_in(&app, Role::Evaluator, &[]).await;
        let all: Vec<Programme> = evaluator.get(&app, paths::PROGRAMMES).await.json();
        assert_eq!(all.len(), 2);
        let nobody = logged_in(&app, Role::Helper, &[]).await;
        assert!(
            nobody
                .get(&app, paths::PROGRAMMES)
                .await
                .json::<Vec<Programme>>()
                .is_empty()
        );
        let instruments: Value = nobody.get(&app, paths::INSTRUMENTS).await.json();
        let ids: Vec<_> = instruments
            .as_array()
            .unwrap()
            .iter()
            .map(|i| i["instrument"].as_str().unwrap())
            .collect();
        assert_eq!(ids, ["lsns-6", "lsns-9", "mhrm-30"]);
    })
    .await;
}
