//! What a programme's plan makes of a person's course, and that making it again changes nothing.

use bedring_domain::course::{Anchor, CoursePlan, OccasionKind, Offset, PlannedOccasion};
use bedring_server::followup::{answered, windows};
use bedring_store::entities::{call_task, person};

use super::*;
use crate::support::{on_both, phone, seed};

async fn again(app: &TestApp, id: Uuid) {
    let person = tables::row::<person::Entity>(app, id).await;
    let tx = app.state.db.begin().await.unwrap();
    windows::materialise(&*tx, &*app.state.random, &person, app.clock.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

fn days(row: &occasion::Model) -> Option<(String, String)> {
    let text = |d: Option<NaiveDate>| d.map(|d| d.to_string());
    text(row.opens_on).zip(text(row.due_on))
}

fn both(opens: &str, due: &str) -> Option<(String, String)> {
    Some((opens.to_owned(), due.to_owned()))
}

#[tokio::test]
async fn the_default_plan_is_an_intake_after_the_start_and_an_exit_after_the_end() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let person = register(&app, project, json!({ "start": "2026-02-20" }))
            .await
            .id;
        let rows = occasions(&app, person).await;
        assert_eq!(days(&rows[0]), both("2026-02-20", "2026-03-06"));
        assert_eq!(days(&rows[1]), None);
        let exit = held(&app, rows[1].id).await;
        assert_eq!((exit.plan_key.as_str(), exit.plan_repeat), ("exit", 0));
        assert_eq!((exit.overdue_from, exit.next_look_at), (None, None));

        end_course(&app, project, person, "2026-05-01").await;
        let ended = occasions(&app, person).await;
        assert_eq!(days(&ended[1]), both("2026-05-01", "2026-05-15"));
        let exit = held(&app, rows[1].id).await;
        assert_eq!(exit.overdue_from, Some(day("2026-05-30")));
        // Ten in the morning in summer time.
        let look: DateTime<Utc> = "2026-05-15T08:00:00Z".parse().unwrap();
        assert_eq!(exit.next_look_at, Some(look));

        let before = tables::all::<followup::Entity>(&app).await;
        again(&app, person).await;
        again(&app, person).await;
        assert_eq!(occasions(&app, person).await, ended);
        assert_eq!(tables::all::<followup::Entity>(&app).await, before);
    })
    .await;
}

#[tokio::test]
async fn an_occasion_from_before_there_were_plans_is_taken_hold_of_by_its_kind() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = seed::someone(&app, project).await;
        end_course(&app, project, someone.id, "2026-05-01").await;
        let rows = occasions(&app, someone.id).await;
        assert_eq!((rows.len(), rows[0].id), (2, someone.intake));
        assert_eq!(held(&app, someone.intake).await.plan_key, "intake");
        assert_eq!(days(&rows[0]), both("2026-03-02", "2026-03-16"));
        assert_eq!(days(&rows[1]), both("2026-05-01", "2026-05-15"));
    })
    .await;
}

#[tokio::test]
async fn follow_ups_come_with_the_end_and_what_is_finished_never_moves() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        replan(&app, project, |plan| {
            plan.course = CoursePlan::default_plan().with_follow_ups();
        })
        .await;
        let person = register(&app, project, json!({ "start": "2025-06-01" }))
            .await
            .id;
        let rows = occasions(&app, person).await;
        let kinds: Vec<_> = rows.iter().map(|r| (r.kind.as_str(), r.number)).collect();
        assert_eq!(
            kinds,
            [
                ("intake", 1),
                ("exit", 1),
                ("follow_up", 1),
                ("follow_up", 2)
            ]
        );
        end_course(&app, project, person, "2025-11-30").await;
        let rows = occasions(&app, person).await;
        // Three months after 30 November is the last of February.
        assert_eq!(days(&rows[2]), both("2026-02-14", "2026-02-28"));
        assert_eq!(days(&rows[3]), both("2026-05-16", "2026-05-30"));
        change(&app, rows[1].id, |row| {
            row.completed_at = Set(Some(app.clock.now()))
        })
        .await;
        end_course(&app, project, person, "2025-12-31").await;
        let later = occasions(&app, person).await;
        assert_eq!(days(&later[1]), days(&rows[1]), "made already");
        assert_eq!(days(&later[3]), both("2026-06-16", "2026-06-30"));
    })
    .await;
}

#[tokio::test]
async fn what_is_counted_from_an_occasion_follows_when_it_is_answered_or_given_up() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        replan(&app, project, |plan| {
            let anchor = Anchor::Occasion {
                key: "intake".to_owned(),
            };
            let later =
                PlannedOccasion::new("later", OccasionKind::FollowUp, anchor, Offset::months(1));
            plan.course.occasions.push(later);
        })
        .await;
        let someone = seed::someone(&app, project).await;
        seed::call(&app, someone.intake, "2026-03-05").await;
        again(&app, someone.id).await;
        assert_eq!(days(&occasions(&app, someone.id).await[2]), None);
        let results = phone::send(
            &app,
            &someone,
            vec![
                phone::yes(&app, 0),
                phone::answers(&app, &someone, "mhrm-30"),
                phone::answers(&app, &someone, "lsns-9"),
            ],
        )
        .await;
        let responses: Vec<Uuid> = results[1..]
            .iter()
            .map(|r| r.id.to_string().parse().unwrap())
            .collect();
        for _ in 0..2 {
            answered::after_responses(&app.state, &responses)
                .await
                .unwrap();
        }
        let made = occasions(&app, someone.id).await;
        assert_eq!(days(&made[2]), both("2026-03-19", "2026-04-02"));
        let calls = tables::all::<call_task::Entity>(&app).await;
        assert_eq!(calls[0].outcome.as_deref(), Some("answered"));

        // Given up: counted from the day on which it was due. Taken back: nobody knows the day any more.
        let other = register(&app, project, json!({ "start": "2026-03-02" }))
            .await
            .id;
        let intake = occasions(&app, other).await[0].id;
        let staff = leader(&app, project).await;
        let form = json!({ "occasions": [intake], "reason": "illness" });
        staff.post(&app, paths::OCCASIONS_MISSED, &form).await;
        let given_up = occasions(&app, other).await;
        assert_eq!(days(&given_up[2]), both("2026-04-02", "2026-04-16"));
        staff
            .post(&app, &path(paths::OCCASION_REOPEN, intake), &json!({}))
            .await;
        assert_eq!(days(&occasions(&app, other).await[2]), None);
    })
    .await;
}
