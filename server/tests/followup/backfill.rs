//! Occasions from before there were plans get the plan's hold at start, once, and old ones set off nothing.

use bedring_server::followup::backfill;
use bedring_store::entities::person;
use bedring_store::sea_orm::ActiveModelTrait as _;

use super::*;
use crate::support::{on_both, seed};

/// Somebody from before there were plans, whose intake was due on a day. The clock stands on 2 March 2026.
async fn due(app: &TestApp, project: Uuid, on: &str) -> seed::Someone {
    let someone = seed::someone(app, project).await;
    change(app, someone.intake, |row| row.due_on = Set(Some(day(on)))).await;
    someone
}

#[tokio::test]
async fn what_fell_due_within_sixty_days_or_lies_ahead_is_taken_hold_of_once() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        // 60 days before 2 March 2026 is 1 January.
        let ahead = due(&app, project, "2026-03-20").await;
        let oldest = due(&app, project, "2026-01-01").await;
        let too_old = due(&app, project, "2025-12-31").await;
        let made = due(&app, project, "2026-03-01").await;
        let now = app.clock.now();
        change(&app, made.intake, |row| row.completed_at = Set(Some(now))).await;
        let missed = due(&app, project, "2026-03-01").await;
        let illness = Some("illness".to_owned());
        change(&app, missed.intake, |row| row.missed_reason = Set(illness)).await;
        let gone = due(&app, project, "2026-03-01").await;
        let mut row = tables::row::<person::Entity>(&app, gone.id)
            .await
            .into_active_model();
        row.withdrawn = Set(Some("stop_participation".to_owned()));
        person::Entity::update(row)
            .exec(app.state.db.read())
            .await
            .unwrap();

        assert_eq!(backfill::run(&app.state).await.unwrap(), 2);
        let rows = tables::all::<followup::Entity>(&app).await;
        assert_eq!(rows.len(), 2, "{} {} {rows:?}", too_old.id, gone.id);
        let row = held(&app, ahead.intake).await;
        assert_eq!((row.plan_key.as_str(), row.plan_repeat), ("intake", 0));
        assert_eq!((row.person_id, row.project_id), (ahead.id, project));
        // A fortnight's grace: 20 March and 15 days. Looked at on the day itself, at ten in winter time.
        assert_eq!(row.overdue_from, Some(day("2026-04-04")));
        let look: DateTime<Utc> = "2026-03-20T09:00:00Z".parse().unwrap();
        assert_eq!(row.next_look_at, Some(look));
        let row = held(&app, oldest.intake).await;
        assert_eq!(row.overdue_from, Some(day("2026-01-16")));
        assert_eq!(
            occasions(&app, ahead.id).await[0].due_on,
            Some(day("2026-03-20"))
        );

        assert_eq!(backfill::run(&app.state).await.unwrap(), 0);
        assert_eq!(tables::all::<followup::Entity>(&app).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn what_the_plan_does_not_have_and_what_another_stands_for_is_left_alone() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let other = due(&app, project, "2026-03-20").await;
        change(&app, other.intake, |row| {
            row.kind = Set("follow_up".to_owned());
        })
        .await;
        assert_eq!(backfill::run(&app.state).await.unwrap(), 0);
        replan(&app, project, |plan| {
            plan.course = bedring_domain::course::CoursePlan::default_plan().with_follow_ups();
        })
        .await;
        assert_eq!(backfill::run(&app.state).await.unwrap(), 1);
        let row = held(&app, other.intake).await;
        assert_eq!((row.plan_key.as_str(), row.plan_repeat), ("follow_up_3", 0));
    })
    .await;
}

#[tokio::test]
async fn more_than_one_transaction_takes_is_done_in_several() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = seed::someone(&app, project).await;
        let template = tables::row::<occasion::Entity>(&app, someone.intake).await;
        // All due on two days, so that both the day and the id have to lead on.
        for half in [0, 1] {
            let mut people = Vec::new();
            let mut rows = Vec::new();
            for i in 0..300 {
                let id = seed::fresh(&app);
                let mut row = tables::row::<person::Entity>(&app, someone.id).await;
                (row.id, row.code) = (id, format!("{half}-{i}"));
                people.push(row.into_active_model().reset_all());
                rows.push(
                    occasion::Model {
                        id: seed::fresh(&app),
                        person_id: id,
                        due_on: Some(day(["2026-03-10", "2026-03-09"][half])),
                        ..template.clone()
                    }
                    .into_active_model()
                    .reset_all(),
                );
            }
            let db = app.state.db.read();
            person::Entity::insert_many(people)
                .exec_without_returning(db)
                .await
                .unwrap();
            occasion::Entity::insert_many(rows)
                .exec_without_returning(db)
                .await
                .unwrap();
        }
        assert_eq!(backfill::run(&app.state).await.unwrap(), 600);
        assert_eq!(backfill::run(&app.state).await.unwrap(), 0);
    })
    .await;
}
