//! A project that is exempt or has left: from that day nobody waits for its people, and they stay in the figures.
//! Every test begins on 2 March 2026.

use bedring_contract::course::{PersonCourse, WhyNoStep};
use bedring_contract::followup::Board;
use bedring_contract::problem::Code;
use bedring_contract::project::{ProjectStatus, TakingPart};
use bedring_domain::course::OccasionState::{Open, Overdue};
use bedring_store::entities::audit;

use super::*;
use crate::support::{Answer, on_both, seed};

async fn say(app: &TestApp, project: Uuid, status: &str, on: &str) -> Answer {
    let staff = logged_in(app, Role::Administrator, &[]).await;
    let form = json!({ "status": status, "on": on });
    staff
        .post(app, &path(paths::PROJECT_STATUS, project), &form)
        .await
}

async fn said(app: &TestApp, project: Uuid, status: &str, on: &str) {
    let answer = say(app, project, status, on).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let told: TakingPart = answer.json();
    assert_eq!(
        told,
        TakingPart {
            status: ProjectStatus::parse(status).unwrap(),
            on: day(on),
        }
    );
}

async fn board(app: &TestApp, project: Uuid) -> Board {
    let staff = leader(app, project).await;
    staff
        .get(app, &path(paths::PROJECT_BOARD, project))
        .await
        .json()
}

#[tokio::test]
async fn from_its_day_on_nobody_waits_and_everybody_stays_in_the_figures() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let person = register(&app, project, json!({ "start": "2026-01-01" })).await;
        register(&app, project, json!({ "start": "2026-02-12" })).await;
        // Logged in anew each time: days pass.
        let waiting = async || {
            let list = worklist(&app, &leader(&app, project).await).await;
            (list.overdue.total, list.due.total)
        };
        let before = board(&app, project).await;
        assert_eq!((before.status.as_str(), before.status_on), ("active", None));
        assert_eq!((before.started, before.kinds[0].overdue), (2, 1));

        // Told ahead: until that day nothing changes.
        said(&app, project, "exempt", "2026-03-04").await;
        assert_eq!(waiting().await, (1, 1));
        let ahead = board(&app, project).await;
        assert_eq!(ahead.status_on, Some(day("2026-03-04")));
        assert_eq!(ahead.kinds, before.kinds);
        let state = async || detail(&app, project, person.id).await.occasion_details[0].state;
        assert_eq!(state().await, Overdue);

        // Midnight in Denmark.
        until(&app, "2026-03-03T22:59:59Z");
        assert_eq!(waiting().await.0, 1);
        until(&app, "2026-03-03T23:00:00Z");
        assert_eq!(waiting().await, (0, 0));
        assert_eq!(state().await, Open);
        let after = board(&app, project).await;
        assert_eq!(after.status, "exempt");
        assert_eq!((after.started, after.kinds[0].total), (2, 2));
        assert_eq!((after.kinds[0].overdue, after.kinds[0].open), (0, 2));

        // It takes part again: waited for from now on.
        said(&app, project, "active", "2026-03-04").await;
        assert_eq!(waiting().await.0, 1);
        let deeds = tables::all::<audit::Entity>(&app).await;
        let deeds: Vec<_> = deeds
            .iter()
            .filter(|row| row.action.starts_with("project_"))
            .map(|row| (row.action.as_str(), row.role.as_str(), row.project_id))
            .collect();
        assert_eq!(
            deeds,
            [
                ("project_exempt", "administrator", Some(project)),
                ("project_active", "administrator", Some(project)),
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_day_to_come_is_for_a_project_that_takes_part_until_then() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let refused = async |status: &str| {
            let answer = say(&app, project, status, "2026-03-03").await;
            let problem = answer.assert_problem(Code::InputInvalid);
            let error = &problem.errors[0];
            assert_eq!((&*error.pointer, &*error.code), ("/on", "in_future"));
        };
        refused("active").await;
        said(&app, project, "exempt", "2026-03-02").await;
        refused("withdrawn").await;
        said(&app, project, "withdrawn", "2026-03-02").await;
        assert_eq!(board(&app, project).await.status, "withdrawn");
        let answer = say(&app, project, "closed", "2026-03-02").await;
        answer.assert_problem(Code::RequestMalformed);
    })
    .await;
}

/// What a person's page says follows from the day, as the worklist and the mails do.
#[tokio::test]
async fn before_the_day_a_persons_page_says_what_happens_next() {
    on_both(|app| async move {
        for status in ["exempt", "withdrawn"] {
            let project = seed::project(&app).await;
            let person = register(&app, project, json!({ "start": "2026-02-20" })).await;
            let page = async || -> PersonCourse {
                let target = path(paths::PERSON_COURSE, person.id);
                leader(&app, project).await.get(&app, &target).await.json()
            };
            let now = app.clock.now();
            let before = page().await;
            assert_eq!((before.why_none, before.steps.is_empty()), (None, false));
            let day = now.date_naive() + chrono::TimeDelta::days(60);
            said(&app, project, status, &day.to_string()).await;
            let ahead = page().await;
            assert_eq!(ahead.why_none, None);
            assert_eq!(ahead.steps, before.steps, "nothing changes until that day");
            app.clock
                .advance(std::time::Duration::from_secs(60 * 24 * 3600));
            let since = page().await;
            assert_eq!(since.why_none, Some(WhyNoStep::ProjectNotActive));
            assert_eq!(since.steps, []);
        }
    })
    .await;
}
