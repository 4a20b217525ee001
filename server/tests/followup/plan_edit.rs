//! Editing the plan of a programme: shown to whom it means something, then saved, and never for what is due unless somebody asked.
//! Every test begins on 2 March 2026.

use bedring_contract::plan::{PlanEffect, PlanHeldBackWhy, PlanView, PlanWhat};
use bedring_contract::problem::Code;
use bedring_domain::course::CoursePlan;
use bedring_store::entities::{audit, occasion_change, response};

use super::*;
use crate::support::{Answer, on_both, phone, seed};

pub(crate) async fn target(app: &TestApp, project_id: Uuid) -> String {
    let project = tables::row::<project::Entity>(app, project_id).await;
    path(paths::PROGRAMME_PLAN, project.programme_id)
}

pub(crate) async fn shown(app: &TestApp, project: Uuid) -> PlanView {
    let staff = leader(app, project).await;
    staff.get(app, &target(app, project).await).await.json()
}

/// Sends the plan as it is shown, changed.
pub(crate) async fn send(app: &TestApp, project: Uuid, plan: &CoursePlan, how: Value) -> Answer {
    let view = shown(app, project).await;
    let mut form = json!({ "plan": plan, "reminders": view.reminders, "seen": view.seen });
    for (key, value) in how.as_object().unwrap() {
        form[key] = value.clone();
    }
    let staff = logged_in(app, Role::Administrator, &[]).await;
    staff.post(app, &target(app, project).await, &form).await
}

pub(crate) async fn sent(
    app: &TestApp,
    project: Uuid,
    plan: &CoursePlan,
    how: Value,
) -> PlanEffect {
    let answer = send(app, project, plan, how).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

/// Somebody whose course ended on a day, half a year after it began.
pub(crate) async fn ended(app: &TestApp, project: Uuid, end: &str) -> Uuid {
    let form = json!({ "start": "2025-09-01" });
    let person = register(app, project, form).await.id;
    end_course(app, project, person, end).await;
    person
}

pub(crate) fn days(row: &occasion::Model) -> Option<(String, String)> {
    let text = |d: Option<NaiveDate>| d.map(|d| d.to_string());
    text(row.opens_on).zip(text(row.due_on))
}

pub(crate) fn both(opens: &str, due: &str) -> Option<(String, String)> {
    Some((opens.to_owned(), due.to_owned()))
}

/// The exit three weeks after the end, where it was two.
pub(crate) fn later_exit() -> CoursePlan {
    let mut plan = CoursePlan::default_plan();
    plan.occasions[1].after = bedring_domain::course::Offset::days(21);
    plan
}

#[tokio::test]
async fn follow_ups_are_shown_first_and_come_only_to_those_for_whom_they_lie_ahead() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let december = ended(&app, project, "2025-12-31").await;
        let november = ended(&app, project, "2025-11-30").await;
        let running = register(&app, project, json!({ "start": "2026-02-20" }))
            .await
            .id;
        let plan = CoursePlan::default_plan().with_follow_ups();
        let tried = sent(&app, project, &plan, json!({})).await;
        assert!(!tried.applied);
        assert_eq!((tried.people, tried.people_held_back), (3, 1));
        assert_eq!((tried.changes.added, tried.changes.moved), (5, 0));
        assert_eq!((tried.held_back.already_due, tried.held_back.begun), (1, 0));
        let by_occasion: Vec<_> = tried
            .by_occasion
            .iter()
            .map(|o| (o.key.as_str(), o.changes.added, o.held_back.already_due))
            .collect();
        assert_eq!(by_occasion, [("follow_up_3", 2, 1), ("follow_up_6", 3, 0)]);
        let codes: Vec<_> = tried.affected.iter().map(|p| &p.code).collect();
        assert!(codes.is_sorted() && codes.len() == 3, "{codes:?}");
        // Three months after 30 November is 28 February: gone by.
        let line = tried
            .affected
            .iter()
            .find(|p| p.person == november)
            .unwrap();
        assert_eq!(line.held_back[0].why, PlanHeldBackWhy::AlreadyDue);
        let window = line.held_back[0].change.to.unwrap();
        assert_eq!(window.due, day("2026-02-28"));
        assert_eq!(line.changes[0].what, PlanWhat::Added);
        assert_eq!(line.changes[0].to.unwrap().due, day("2026-05-30"));
        assert_eq!(tables::all::<occasion::Entity>(&app).await.len(), 6);
        assert_eq!(shown(&app, project).await.plan, CoursePlan::default_plan());

        let done = sent(&app, project, &plan, json!({ "apply": true })).await;
        assert!(done.applied);
        assert_eq!(
            (done.changes, done.held_back, &done.by_occasion),
            (tried.changes, tried.held_back, &tried.by_occasion)
        );
        assert_eq!(done.affected, tried.affected);
        let view = shown(&app, project).await;
        assert_eq!((&view.plan, &view.seen), (&plan, &done.seen));
        let rows = occasions(&app, december).await;
        assert_eq!(days(&rows[2]), both("2026-03-17", "2026-03-31"));
        assert_eq!(days(&rows[3]), both("2026-06-16", "2026-06-30"));
        // Ten in summer time; a fortnight's grace.
        let row = held(&app, rows[2].id).await;
        let look: DateTime<Utc> = "2026-03-31T08:00:00Z".parse().unwrap();
        assert_eq!(row.next_look_at, Some(look));
        assert_eq!(row.overdue_from, Some(day("2026-04-15")));
        assert_eq!(row.plan_key, "follow_up_3");
        let rows = occasions(&app, november).await;
        assert_eq!(rows.len(), 3);
        assert_eq!(
            (days(&rows[2]), rows[2].number),
            (both("2026-05-16", "2026-05-30"), 2)
        );
        let rows = occasions(&app, running).await;
        assert_eq!((rows.len(), days(&rows[2])), (4, None));
        let lines = tables::all::<occasion_change::Entity>(&app).await;
        assert_eq!(lines.len(), 5);
        assert!(
            lines
                .iter()
                .all(|l| l.what == "plan" && l.before.is_none() && l.account_id.is_some())
        );
        let audits = tables::all::<audit::Entity>(&app).await;
        assert_eq!(
            audits.iter().filter(|a| a.action == "plan_changed").count(),
            1
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_due_moves_only_when_asked_and_what_is_made_never() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        // Exits are due on 11 March, today, and 12 March.
        let ahead = ended(&app, project, "2026-02-25").await;
        let today = ended(&app, project, "2026-02-16").await;
        let made = ended(&app, project, "2026-02-26").await;
        let exit = occasions(&app, made).await[1].id;
        change(&app, exit, |row| {
            row.completed_at = Set(Some(app.clock.now()))
        })
        .await;

        let done = sent(&app, project, &later_exit(), json!({ "apply": true })).await;
        assert_eq!((done.changes.moved, done.held_back.already_due), (1, 1));
        let exit = |rows: Vec<occasion::Model>| days(&rows[1]);
        assert_eq!(
            exit(occasions(&app, ahead).await),
            both("2026-03-04", "2026-03-18")
        );
        assert_eq!(
            exit(occasions(&app, today).await),
            both("2026-02-16", "2026-03-02")
        );
        assert_eq!(
            exit(occasions(&app, made).await),
            both("2026-02-26", "2026-03-12")
        );
        let row = held(&app, occasions(&app, ahead).await[1].id).await;
        assert_eq!(row.overdue_from, Some(day("2026-04-02")));
        let lines = tables::all::<occasion_change::Entity>(&app).await;
        assert_eq!(lines.len(), 1);
        let before: Value = serde_json::from_str(lines[0].before.as_ref().unwrap()).unwrap();
        let after: Value = serde_json::from_str(lines[0].after.as_ref().unwrap()).unwrap();
        assert_eq!(
            (&before["due"], &after["due"]),
            (&json!("2026-03-11"), &json!("2026-03-18"))
        );

        // Back to two weeks, and then again with what is due.
        let plan = CoursePlan::default_plan();
        sent(&app, project, &plan, json!({ "apply": true })).await;
        let how = json!({ "apply": true, "retroactive": true });
        let done = sent(&app, project, &later_exit(), how).await;
        assert_eq!((done.changes.moved, done.held_back.already_due), (2, 0));
        assert_eq!(
            exit(occasions(&app, today).await),
            both("2026-02-23", "2026-03-09")
        );
        assert_eq!(
            exit(occasions(&app, made).await),
            both("2026-02-26", "2026-03-12")
        );
    })
    .await;
}

#[tokio::test]
async fn an_occasion_that_leaves_the_plan_goes_where_nothing_of_it_is_answered() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let untouched = ended(&app, project, "2026-02-25").await;
        let someone = seed::someone(&app, project).await;
        end_course(&app, project, someone.id, "2026-03-02").await;
        let exit = occasions(&app, someone.id).await[1].id;
        let begun = vec![
            phone::yes(&app, 0),
            phone::answers(&app, &someone, "lsns-9"),
        ];
        phone::send(&app, &someone, begun).await;
        let rows = tables::all::<response::Entity>(&app).await;
        let mut row = rows[0].clone().into_active_model();
        row.occasion_id = Set(exit);
        response::Entity::update(row)
            .exec(app.state.db.read())
            .await
            .unwrap();

        let plan = CoursePlan {
            occasions: CoursePlan::default_plan().occasions[..1].to_vec(),
        };
        let gone = occasions(&app, untouched).await[1].id;
        let done = sent(&app, project, &plan, json!({ "apply": true })).await;
        assert_eq!((done.changes.removed, done.held_back.begun), (1, 1));
        assert_eq!(occasions(&app, untouched).await.len(), 1);
        assert!(tables::find::<followup::Entity>(&app, gone).await.is_none());
        assert_eq!(occasions(&app, someone.id).await.len(), 2);
        let lines = tables::all::<occasion_change::Entity>(&app).await;
        assert_eq!((lines.len(), lines[0].occasion_id), (1, gone));
        assert_eq!(lines[0].after, None);
    })
    .await;
}

#[tokio::test]
async fn a_plan_that_was_changed_meanwhile_is_not_saved_over() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let old = shown(&app, project).await;
        sent(&app, project, &later_exit(), json!({ "apply": true })).await;
        let how = json!({ "apply": true, "seen": old.seen });
        let plan = CoursePlan::default_plan();
        send(&app, project, &plan, how)
            .await
            .assert_problem(Code::Conflict);
        assert_eq!(shown(&app, project).await.plan, later_exit());
        let staff = logged_in(&app, Role::Administrator, &[]).await;
        let form = json!({ "plan": plan, "reminders": old.reminders, "seen": old.seen });
        let nowhere = path(paths::PROGRAMME_PLAN, Uuid::from_u128(1));
        staff
            .post(&app, &nowhere, &form)
            .await
            .assert_problem(Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn what_makes_no_sense_is_told_where_it_stands() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let plan = |change: fn(&mut CoursePlan)| {
            let mut plan = CoursePlan::default_plan();
            change(&mut plan);
            plan
        };
        for (plan, pointer, code) in [
            (plan(|p| p.occasions.clear()), "/plan/occasions", "required"),
            (
                plan(|p| p.occasions[1].closes_after_days = Some(3)),
                "/plan/occasions/1/closes_after_days",
                "in_grace",
            ),
            (
                plan(|p| p.occasions[1].key = "intake".to_owned()),
                "/plan/occasions/1/key",
                "taken",
            ),
            (
                plan(|p| p.occasions[0].kind = bedring_domain::course::OccasionKind::Exit),
                "/plan/occasions/0/kind",
                "changed",
            ),
            (
                plan(|p| {
                    p.occasions[1].instruments = vec![bedring_domain::instrument::EditionRef {
                        instrument: "nothing".to_owned(),
                        edition: "1".to_owned(),
                    }];
                }),
                "/plan/occasions/1/instruments/0",
                "unknown",
            ),
        ] {
            let answer = send(&app, project, &plan, json!({})).await;
            let problem = answer.assert_problem(Code::InputInvalid);
            let told = (
                problem.errors[0].pointer.as_str(),
                problem.errors[0].code.as_str(),
            );
            assert_eq!(told, (pointer, code));
        }
        let how = json!({ "reminders": { "most": 4 }, "apply": true });
        let answer = send(&app, project, &later_exit(), how).await;
        let problem = answer.assert_problem(Code::InputInvalid);
        assert_eq!(problem.errors[0].pointer, "/reminders/most");
        assert_eq!(shown(&app, project).await.plan, CoursePlan::default_plan());
    })
    .await;
}
