//! A second delivery: what was empty is filled, follow-ups of the plan come in, people known from a screen are not doubled, and trying
//! writes nothing.

use bedring_contract::staff::Role;
use bedring_server::ports::{Clock, OsRandom};
use bedring_server::programme::import::{Count, Options, Source};
use bedring_server::programme::register::{NewPerson, register};
use bedring_store::entities::{consent, followup, occasion, person, project, response, score};
use bedring_store::plan::{Plan, from_json, to_json};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::support::staff::{logged_in, path};
use crate::support::{TestApp, on_both};
use crate::{bring, bring_with, edited, field, rows, text, told, with};

async fn person(app: &TestApp, code: &str) -> person::Model {
    let found = person::Entity::find().filter(person::Column::Code.eq(code));
    found.one(app.state.db.read()).await.unwrap().unwrap()
}

/// From March, where tests begin, to 26 November 2026.
fn to_november(app: &TestApp) {
    app.clock
        .advance(std::time::Duration::from_secs(269 * 86_400));
}

async fn occasions(app: &TestApp, person: Uuid) -> Vec<occasion::Model> {
    let mut all = occasion::Entity::find()
        .filter(occasion::Column::PersonId.eq(person))
        .all(app.state.db.read())
        .await
        .unwrap();
    all.sort_by(|a, b| (&a.kind, a.number).cmp(&(&b.kind, b.number)));
    all
}

#[tokio::test]
async fn an_end_and_answers_that_came_later_fill_what_was_empty() {
    on_both(|app| async move {
        bring(&app, &field("late-exit/first")).await.unwrap();
        let second = field("late-exit/second");
        let new = text(&second.responses).lines().count()
            - text(&field("late-exit/first").responses).lines().count();
        assert!(new > 0);
        let outcome = bring_with(&app, &second, &Options::default())
            .await
            .unwrap();
        assert_eq!(outcome.counts.responses, Count { all: 16 + new, new });
        assert_eq!((outcome.filled, outcome.differences), (1, Vec::new()));
        let late = person(&app, "P003").await;
        assert_eq!(late.end_on.unwrap().to_string(), "2025-11-01");
        let made = occasions(&app, late.id).await;
        let exit = made.iter().find(|o| o.kind == "exit").unwrap();
        assert_eq!(exit.due_on.unwrap().to_string(), "2025-11-01");
        assert!(exit.completed_at.is_some());
        let again = bring_with(&app, &second, &Options::default())
            .await
            .unwrap();
        assert_eq!((again.filled, again.counts.responses.new), (0, 0));
        // The first delivery once more says nothing about the end, and takes nothing away.
        let first = bring_with(&app, &field("late-exit/first"), &Options::default())
            .await
            .unwrap();
        assert_eq!((first.vanished, first.differences), ((0, new), Vec::new()));
        assert_eq!(person(&app, "P003").await.end_on, late.end_on);
    })
    .await;
}

#[tokio::test]
async fn what_differs_is_listed_while_the_rest_comes_in() {
    on_both(|app| async move {
        bring(&app, &field("reference")).await.unwrap();
        let mut second = field("reference");
        // An end that differs, a type and an end that were empty, a reason where there are answers, a reason that was empty.
        second.persons = edited(&second.persons, "2025-01-08,2025-08-22", "2025-01-08,2025-08-29");
        second.persons = edited(&second.persons, "P003,A,,2025-03-10,,", "P003,A,both,2025-03-10,2025-10-01,");
        second.persons = edited(&second.persons, "P005,B,participant,2025-05-12,,", "P005,B,participant,2025-05-12,,illness");
        second.persons = edited(&second.persons, "stopped_contact", "moved_to_other_offer");
        let head = text(&second.responses).lines().next().unwrap().to_owned();
        second.responses = with(&second.responses, head);
        let outcome = bring_with(&app, &second, &Options::default()).await.unwrap();
        let listed: Vec<String> = outcome.differences.iter().map(ToString::to_string).collect();
        assert_eq!(
            listed,
            [
                "persons.csv:2: P001: end is 2025-08-22 here, 2025-08-29 in the file",
                "persons.csv:5: P004: exit_missing_reason is stopped_contact here, moved_to_other_offer in the file",
            ]
        );
        assert_eq!(outcome.filled, 3);
        let third = person(&app, "P003").await;
        assert_eq!(third.respondent_type.as_deref(), Some("both"));
        assert_eq!(third.end_on.unwrap().to_string(), "2025-10-01");
        let reason = async |code: &str| {
            let made = occasions(&app, person(&app, code).await.id).await;
            made.into_iter().find_map(|o| o.missed_reason)
        };
        assert_eq!(reason("P005").await.as_deref(), Some("illness"));
        assert_eq!(reason("P004").await.as_deref(), Some("stopped_contact"));
        let take = Options {
            take_differences: true,
            ..Options::default()
        };
        bring_with(&app, &second, &take).await.unwrap();
        assert_eq!(reason("P004").await.as_deref(), Some("moved_to_other_offer"));
        assert_eq!(person(&app, "P001").await.end_on.unwrap().to_string(), "2025-08-29");
        // A reason for an exit that has answers is never taken.
        second.persons = edited(&second.persons, "2025-08-29,", "2025-08-29,died");
        let outcome = bring_with(&app, &second, &take).await.unwrap();
        let listed: Vec<String> = outcome.differences.iter().map(ToString::to_string).collect();
        assert_eq!(
            listed,
            ["persons.csv:2: P001: exit_missing_reason is an exit with answers here, died in the file; what is here stays"]
        );
    })
    .await;
}

#[tokio::test]
async fn answers_that_were_left_out_are_filled_and_scored() {
    on_both(|app| async move {
        let mut first = field("reference");
        first.responses = edited(
            &first.responses,
            "P001,intake,2025-01-08,paper,lsns-9,0,1,0,4",
            "P001,intake,2025-01-08,paper,lsns-9,0,1,0,",
        );
        bring(&app, &first).await.unwrap();
        let total = async || {
            let one = person(&app, "P001").await;
            let theirs = response::Entity::find()
                .filter(response::Column::PersonId.eq(one.id))
                .filter(response::Column::Instrument.eq("lsns-9"))
                .filter(response::Column::DeviceFinishedAt.starts_with("2025-01-08"))
                .one(app.state.db.read())
                .await
                .unwrap()
                .unwrap();
            let scores = score::Entity::find()
                .filter(score::Column::ResponseId.eq(theirs.id))
                .filter(score::Column::Instrument.eq("lsns-9"))
                .filter(score::Column::Scale.eq("total"))
                .all(app.state.db.read())
                .await
                .unwrap();
            assert_eq!(scores.len(), 1);
            scores[0].sum
        };
        // 0+1+0+4+1+2+3+1+4 and without the 4.
        assert_eq!(total().await, 12);
        let outcome = bring_with(&app, &field("reference"), &Options::default())
            .await
            .unwrap();
        assert_eq!((outcome.filled, outcome.differences.len()), (1, 0));
        assert_eq!(total().await, 16);
    })
    .await;
}

/// The reference with answers three months and a year after the end of two courses.
fn with_follow_ups() -> crate::Folder {
    let mut folder = field("reference");
    let mut lines = text(&folder.responses).trim_end().to_owned();
    let answers = ",1".repeat(30);
    for (code, wave, day) in [
        ("P001", "follow_up_3", "2025-11-24"),
        ("P002", "Follow-up 3", "2026-01-05"),
        ("P002", "12 months", "2026-10-01"),
    ] {
        lines.push_str(&format!("\n{code},{wave},{day},paper,mhrm-30{answers}"));
    }
    folder.responses = with(&folder.responses, lines);
    folder
}

#[tokio::test]
async fn follow_ups_come_in_with_their_place_in_the_plan() {
    on_both(|app| async move {
        to_november(&app);
        let counts = bring(&app, &with_follow_ups()).await.unwrap();
        assert_eq!(counts.responses, Count { all: 19, new: 19 });
        let programme = bedring_store::entities::programme::Entity::find()
            .one(app.state.db.read())
            .await
            .unwrap()
            .unwrap();
        let plan: Plan = from_json("programmes", &programme.plan).unwrap();
        let keys: Vec<&str> = plan
            .course
            .occasions
            .iter()
            .map(|o| o.key.as_str())
            .collect();
        assert_eq!(keys, ["intake", "exit", "follow_up_3", "follow_up_12"]);
        let second = person(&app, "P002").await;
        let made = occasions(&app, second.id).await;
        let later: Vec<(i32, String, bool)> = made
            .iter()
            .filter(|o| o.kind == "follow_up")
            .map(|o| {
                (
                    o.number,
                    o.due_on.unwrap().to_string(),
                    o.completed_at.is_some(),
                )
            })
            .collect();
        assert_eq!(
            later,
            [
                (1, "2025-12-30".to_owned(), true),
                (2, "2026-09-30".to_owned(), true)
            ]
        );
        let before = rows(&app).await;
        let again = bring_with(&app, &with_follow_ups(), &Options::default())
            .await
            .unwrap();
        assert_eq!(
            (
                again.counts.responses.new,
                again.filled,
                again.differences.len()
            ),
            (0, 0, 0)
        );
        assert_eq!(rows(&app).await, before);
        // The plan knows them again: nothing is made a second time when something is said of the course.
        let tx = app.state.db.begin().await.unwrap();
        bedring_server::followup::windows::materialise(&*tx, &OsRandom, &second, app.clock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let kinds = occasions(&app, second.id).await;
        assert_eq!(kinds.iter().filter(|o| o.kind == "follow_up").count(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_follow_up_that_the_plan_lacks_is_told_once_and_added_on_purpose() {
    on_both(|app| async move {
        to_november(&app);
        bring(&app, &field("reference")).await.unwrap();
        let told = told(&app, &with_follow_ups(), &Options::default()).await;
        assert_eq!(
            told,
            ["responses.csv:18: wave: \"follow_up_3\" is no measurement of the plan (intake, exit; --add-follow-ups adds follow_up_N to the plan, N months after the end) (and 2 more: line 19 \"Follow-up 3\", line 20 \"12 months\")"]
        );
        // As a leader writes it into the plan, under a name of their own.
        let programme = bedring_store::entities::programme::Entity::find()
            .one(app.state.db.read())
            .await
            .unwrap()
            .unwrap();
        let mut plan: Plan = from_json("programmes", &programme.plan).unwrap();
        plan.course = plan.course.with_follow_ups();
        for planned in plan.course.occasions.iter_mut().filter(|o| o.key == "follow_up_3") {
            planned.key = "kvartal".to_owned();
        }
        bedring_store::entities::programme::Entity::update_many()
            .col_expr(bedring_store::entities::programme::Column::Plan, Expr::value(to_json(&plan)))
            .exec(app.state.db.read())
            .await
            .unwrap();
        let add = Options {
            add_follow_ups: true,
            ..Options::default()
        };
        let outcome = bring_with(&app, &with_follow_ups(), &add).await.unwrap();
        assert_eq!(outcome.counts.responses.new, 3);
        let holds = followup::Entity::find().all(app.state.db.read()).await.unwrap();
        let mut keys: Vec<&str> = holds.iter().map(|h| h.plan_key.as_str()).collect();
        keys.sort_unstable();
        assert_eq!(keys, ["follow_up_12", "kvartal", "kvartal"]);
    })
    .await;
}

#[tokio::test]
async fn trying_says_the_same_and_writes_nothing() {
    on_both(|app| async move {
        let dry = Options {
            dry_run: true,
            ..Options::default()
        };
        let folder = field("late-exit/first");
        let tried = bring_with(&app, &folder, &dry).await.unwrap();
        assert_eq!(rows(&app).await, [0; 9]);
        assert_eq!(
            tried,
            bring_with(&app, &folder, &Options::default())
                .await
                .unwrap()
        );
        let before = rows(&app).await;
        let second = field("late-exit/second");
        let tried = bring_with(&app, &second, &dry).await.unwrap();
        assert_eq!(rows(&app).await, before);
        assert_eq!(person(&app, "P003").await.end_on, None);
        assert_eq!(
            tried,
            bring_with(&app, &second, &Options::default())
                .await
                .unwrap()
        );
    })
    .await;
}

#[tokio::test]
async fn somebody_registered_on_a_screen_is_not_brought_in_beside_themselves() {
    on_both(|app| async move {
        bring(&app, &field("reference")).await.unwrap();
        let home = project::Entity::find()
            .filter(project::Column::Code.eq("B"))
            .one(app.state.db.read())
            .await
            .unwrap()
            .unwrap();
        let new = NewPerson {
            code: Some("P007".to_owned()),
            respondent_type: None,
            start_on: "2025-07-01".parse().unwrap(),
        };
        let tx = app.state.db.begin().await.unwrap();
        let known = register(&*tx, &OsRandom, home.id, new, app.clock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let mut second = field("reference");
        let add = |source: &Source, line: &str| {
            with(source, format!("{}\n{line}\n", text(source).trim_end()))
        };
        second.persons = add(&second.persons, "P007,B,participant,2025-07-01,2025-12-01,");
        let answers = ",1".repeat(30);
        second.responses = add(
            &second.responses,
            &format!("P007,exit,2025-12-01,paper,mhrm-30{answers}"),
        );
        let outcome = bring_with(&app, &second, &Options::default())
            .await
            .unwrap();
        assert_eq!(outcome.counts.persons, Count { all: 7, new: 0 });
        assert_eq!((outcome.counts.responses.new, outcome.filled), (1, 2));
        let found = person(&app, "P007").await;
        assert_eq!(found.id, known.id);
        assert!(found.ever_given && found.end_on.is_some());
        let made = occasions(&app, known.id).await;
        assert_eq!(made.len(), 2, "no second exit");
        assert!(
            made.iter()
                .any(|o| o.kind == "exit" && o.completed_at.is_some())
        );
        let yes = consent::Entity::find().filter(consent::Column::PersonId.eq(known.id));
        assert_eq!(yes.all(app.state.db.read()).await.unwrap().len(), 1);
        // Whoever said no since is left alone.
        person::Entity::update_many()
            .col_expr(person::Column::Withdrawn, Expr::value("stop_using"))
            .filter(person::Column::Id.eq(known.id))
            .exec(app.state.db.read())
            .await
            .unwrap();
        second.responses = add(
            &second.responses,
            &format!("P007,intake,2025-07-01,paper,mhrm-30{answers}"),
        );
        let outcome = bring_with(&app, &second, &Options::default())
            .await
            .unwrap();
        assert_eq!(
            (outcome.counts.responses.new, outcome.counts.closed),
            (0, 1)
        );
        // The page of a person shows what the import noted.
        let leader = logged_in(&app, Role::ProjectLeader, &[home.id]).await;
        let history = path(bedring_contract::paths::PERSON_HISTORY, known.id);
        assert_eq!(leader.get(&app, &history).await.status, 200);
    })
    .await;
}
