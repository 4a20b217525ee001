//! What an edit of a plan held back stays held back, whatever else becomes known of the person, until somebody asks for the past as well.
//! Every test begins on 2 March 2026.

use bedring_domain::course::{Anchor, CoursePlan, OccasionKind, Offset, PlannedOccasion};
use bedring_store::entities::{plan_hold, plan_revision};

use super::plan_edit::{both, days, ended, later_exit, sent, shown};
use super::*;
use crate::support::{on_both, phone, seed};

async fn exit(app: &TestApp, person: Uuid) -> Option<(String, String)> {
    days(&occasions(app, person).await[1])
}

async fn missed(app: &TestApp, project: Uuid, occasion: Uuid) {
    let staff = leader(app, project).await;
    let form = json!({ "occasions": [occasion], "reason": "illness" });
    let answer = staff.post(app, paths::OCCASIONS_MISSED, &form).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}

#[tokio::test]
async fn days_that_were_held_back_follow_the_old_plan_and_new_ones_the_new() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        // The exit is due today: held back.
        let today = ended(&app, project, "2026-02-16").await;
        let done = sent(&app, project, &later_exit(), json!({ "apply": true })).await;
        assert_eq!(done.held_back.already_due, 1);
        assert_eq!(tables::count::<plan_hold::Entity>(&app).await, 1);
        assert_eq!(tables::count::<plan_revision::Entity>(&app).await, 1);
        // The same day is confirmed once more, and something else is said.
        end_course(&app, project, today, "2026-02-16").await;
        assert_eq!(exit(&app, today).await, both("2026-02-16", "2026-03-02"));
        let staff = leader(&app, project).await;
        let form = json!({ "end_planned": "2026-06-01" });
        staff
            .post(&app, &path(paths::PERSON_COURSE, today), &form)
            .await;
        assert_eq!(exit(&app, today).await, both("2026-02-16", "2026-03-02"));
        // The end was another: two weeks after that one, as the plan was for this person.
        end_course(&app, project, today, "2026-02-20").await;
        assert_eq!(exit(&app, today).await, both("2026-02-20", "2026-03-06"));
        let row = held(&app, occasions(&app, today).await[1].id).await;
        assert_eq!(row.overdue_from, Some(day("2026-03-21")));
        // For somebody else it is three.
        let new = ended(&app, project, "2026-02-20").await;
        assert_eq!(exit(&app, new).await, both("2026-02-27", "2026-03-13"));
    })
    .await;
}

#[tokio::test]
async fn an_occasion_that_was_not_added_is_not_added_by_a_later_word() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        // Three months after the end are gone by, six are not.
        let person = ended(&app, project, "2025-11-30").await;
        let plan = CoursePlan::default_plan().with_follow_ups();
        sent(&app, project, &plan, json!({ "apply": true })).await;
        assert_eq!(occasions(&app, person).await.len(), 3);
        end_course(&app, project, person, "2025-12-10").await;
        let rows = occasions(&app, person).await;
        assert_eq!(rows.len(), 3);
        assert_eq!(days(&rows[2]), both("2026-05-27", "2026-06-10"));
        // An edit of something else leaves it at that.
        let mut other = plan.clone();
        other.occasions[0].grace_days = 20;
        sent(&app, project, &other, json!({ "apply": true })).await;
        end_course(&app, project, person, "2025-12-11").await;
        assert_eq!(occasions(&app, person).await.len(), 3);

        // Asked for, it comes: shown first, and then just that.
        let how = json!({ "retroactive": true });
        let tried = sent(&app, project, &other, how).await;
        let how = json!({ "retroactive": true, "apply": true });
        let done = sent(&app, project, &other, how).await;
        assert_eq!(
            (tried.changes, tried.affected),
            (done.changes, done.affected)
        );
        assert_eq!(done.changes.added, 1);
        assert_eq!(done.people_held_back, 0);
        let rows = occasions(&app, person).await;
        assert_eq!(rows.len(), 4);
        assert_eq!(tables::count::<plan_hold::Entity>(&app).await, 0);
        assert_eq!(shown(&app, project).await.plan, other);
    })
    .await;
}

/// Ten days after the intake, and after the edit twenty.
fn after_intake(days: i32) -> CoursePlan {
    let mut plan = CoursePlan::default_plan();
    let anchor = Anchor::Occasion {
        key: "intake".to_owned(),
    };
    let after = PlannedOccasion::new("after", OccasionKind::FollowUp, anchor, Offset::days(days));
    plan.occasions.push(after);
    plan
}

#[tokio::test]
async fn an_answer_that_others_count_from_leaves_what_was_held_back() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        sent(&app, project, &after_intake(10), json!({ "apply": true })).await;
        // The intake was given up, so the other counts from the day on which it was due: ten days after 10 February.
        let form = json!({ "start": "2026-01-27" });
        let person = register(&app, project, form).await.id;
        let intake = occasions(&app, person).await[0].id;
        missed(&app, project, intake).await;
        assert_eq!(
            days(&occasions(&app, person).await[2]),
            both("2026-02-06", "2026-02-20")
        );
        // Counted from the end, it would be due today.
        let mut plan = after_intake(10);
        plan.occasions[2].anchor = Anchor::EndConfirmed;
        let done = sent(&app, project, &plan, json!({ "apply": true })).await;
        assert_eq!(done.held_back.already_due, 1);
        end_course(&app, project, person, "2026-02-27").await;
        assert_eq!(
            days(&occasions(&app, person).await[2]),
            both("2026-02-06", "2026-02-20")
        );
        // The plan in force counts from no occasion any more; for this person one does, and answers come after all.
        let reopen = path(paths::OCCASION_REOPEN, intake);
        let staff = leader(&app, project).await;
        staff
            .send(&app, axum::http::Method::POST, &reopen, None)
            .await;
        assert_eq!(days(&occasions(&app, person).await[2]), None);
        change(&app, intake, |row| {
            row.completed_at = Set(Some(app.clock.now()))
        })
        .await;
        missed(&app, project, occasions(&app, person).await[1].id).await;
        assert_eq!(
            days(&occasions(&app, person).await[2]),
            both("2026-02-26", "2026-03-12")
        );
    })
    .await;
}

#[tokio::test]
async fn answers_that_come_in_move_what_the_old_plan_counts_from_them() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        sent(&app, project, &after_intake(10), json!({ "apply": true })).await;
        let someone = seed::someone(&app, project).await;
        // The plan has hold of it from the first word about the course.
        let staff = leader(&app, project).await;
        let form = json!({ "end_planned": "2026-06-01" });
        staff
            .post(&app, &path(paths::PERSON_COURSE, someone.id), &form)
            .await;
        let mut plan = after_intake(10);
        plan.occasions[2].anchor = Anchor::Start;
        plan.occasions[2].after = Offset::days(-30);
        // By the new plan it would be due at once.
        let done = sent(&app, project, &plan, json!({ "apply": true })).await;
        assert_eq!(done.held_back.already_due, 1, "{done:?}");
        let answers = vec![
            phone::yes(&app, 0),
            phone::answers(&app, &someone, "mhrm-30"),
            phone::answers(&app, &someone, "lsns-9"),
        ];
        phone::send(&app, &someone, answers).await;
        while bedring_server::jobs::run_due(&app.state).await.unwrap() > 0 {}
        let rows = occasions(&app, someone.id).await;
        assert!(rows[0].completed_at.is_some());
        assert_eq!(days(&rows[2]), both("2026-02-26", "2026-03-12"));
    })
    .await;
}
