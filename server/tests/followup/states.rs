//! The states a measurement goes through, by the day in Denmark.

use axum::body::Body;
use axum::http::{Method, header};
use bedring_contract::followup::{OccasionSection, Worklist};
use bedring_contract::person::PersonBundle;
use bedring_contract::staff::Invitation;
use bedring_domain::course::OccasionState::{self, Due, Open, Overdue};
use bedring_store::entities::project;

use super::*;
use crate::support::{on_both, request, seed};

async fn intake(app: &TestApp, project: Uuid, person: Uuid) -> OccasionState {
    detail(app, project, person).await.occasion_details[0].state
}

#[tokio::test]
async fn a_state_changes_at_midnight_in_denmark_before_and_in_summer_time() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let person = register(&app, project, json!({ "start": "2026-03-02" }))
            .await
            .id;
        // Due a fortnight after the start, on 16 March; a fortnight's grace until 30 March. Winter time: midnight is 23:00 in UTC.
        assert_eq!(intake(&app, project, person).await, Open);
        until(&app, "2026-03-15T22:59:59Z");
        assert_eq!(intake(&app, project, person).await, Open);
        until(&app, "2026-03-15T23:00:00Z");
        assert_eq!(intake(&app, project, person).await, Due);
        // Summer time since the 29th: midnight is 22:00 in UTC.
        until(&app, "2026-03-30T21:59:59Z");
        assert_eq!(intake(&app, project, person).await, Due);
        until(&app, "2026-03-30T22:00:00Z");
        assert_eq!(intake(&app, project, person).await, Overdue);
        let row = held(&app, occasions(&app, person).await[0].id).await;
        assert_eq!(row.overdue_from, Some(day("2026-03-31")));
        // Looked at for the first time at ten on the due day, which is nine in UTC.
        let look: DateTime<Utc> = "2026-03-16T09:00:00Z".parse().unwrap();
        assert_eq!(row.next_look_at, Some(look));
    })
    .await;
}

#[tokio::test]
async fn without_a_row_of_the_plan_it_is_overdue_on_the_fifteenth_day_after_it_was_due() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = seed::someone(&app, project).await;
        change(&app, someone.intake, |row| {
            row.due_on = Set(Some(day("2026-03-02")));
        })
        .await;
        assert_eq!(intake(&app, project, someone.id).await, Due);
        until(&app, "2026-03-16T12:00:00Z");
        assert_eq!(intake(&app, project, someone.id).await, Due);
        until(&app, "2026-03-17T12:00:00Z");
        assert_eq!(intake(&app, project, someone.id).await, Overdue);
    })
    .await;
}

#[tokio::test]
async fn nobody_waits_for_a_project_that_is_exempt() {
    on_both(|app| async move {
        let project_id = seed::project(&app).await;
        let form = json!({ "start": "2026-01-01" });
        let person = register(&app, project_id, form).await.id;
        assert_eq!(intake(&app, project_id, person).await, Overdue);
        let staff = leader(&app, project_id).await;
        assert_eq!(worklist(&app, &staff).await.overdue.total, 1);
        let mut row = tables::row::<project::Entity>(&app, project_id)
            .await
            .into_active_model();
        row.status = Set("exempt".to_owned());
        project::Entity::update(row)
            .exec(app.state.db.read())
            .await
            .unwrap();
        assert_eq!(intake(&app, project_id, person).await, Open);
        assert_eq!(worklist(&app, &staff).await.overdue.total, 0);
    })
    .await;
}

#[tokio::test]
async fn a_phone_is_told_that_it_may_be_answered_and_nothing_of_being_late() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let person = register(&app, project, json!({ "start": "2026-01-01" }))
            .await
            .id;
        let staff = leader(&app, project).await;
        let invited: Invitation = staff
            .post(&app, &path(paths::PERSON_INVITATION, person), &json!({}))
            .await
            .json();
        let secret = invited.link.split_once('#').unwrap().1;
        let ask = request(Method::GET, paths::OCCASION)
            .header(header::AUTHORIZATION, format!("Bearer {secret}"));
        let answer = app.send(ask.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.json::<PersonBundle>().occasions[0].state, Open);
        assert_eq!(intake(&app, project, person).await, Overdue);
    })
    .await;
}

#[tokio::test]
async fn a_section_shows_its_first_lines_and_counts_all_of_them() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let mut late = Vec::new();
        for start in ["2026-01-02", "2026-01-03", "2026-01-01"] {
            let person = register(&app, project, json!({ "start": start })).await;
            late.push((start, person.id));
        }
        let due = register(&app, project, json!({ "start": "2026-02-16" })).await;
        late.sort_unstable();
        let staff = leader(&app, project).await;
        let page = async |lines: u64| {
            let path = format!("{}?lines={lines}", paths::WORKLIST);
            staff.get(&app, &path).await
        };
        let ids = |section: &OccasionSection| -> Vec<Uuid> {
            section.lines.iter().map(|l| l.who.person).collect()
        };
        let late: Vec<Uuid> = late.into_iter().map(|(_, id)| id).collect();
        for lines in 1..=4 {
            let list: Worklist = page(lines as u64).await.json();
            assert_eq!((list.overdue.total, list.due.total), (3, 1));
            assert_eq!(ids(&list.overdue), late[..lines.min(3)]);
            assert_eq!(ids(&list.due), [due.id]);
        }
        for lines in [0, 2001] {
            let refused = page(lines).await;
            assert_eq!(refused.status, 422, "{lines}: {}", refused.text());
        }
    })
    .await;
}
