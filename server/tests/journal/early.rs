//! Answers before their measurement opened: kept apart and shown, taken in or set aside by staff, and never lost or counted meanwhile.

use axum::http::StatusCode;
use bedring_contract::paths;
use bedring_contract::quarantine::{Quarantine, Resolved};
use bedring_contract::staff::Role;
use bedring_domain::consent::Purpose;
use bedring_domain::journal::{Event, Outcome, Reason};
use bedring_server::ports::Clock;
use bedring_store::entities::{audit, occasion, response};
use bedring_store::sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use chrono::{Days, NaiveDate, TimeDelta};
use serde_json::json;
use uuid::Uuid;

use crate::support::seed::{self, Someone};
use crate::support::staff::{Browser, logged_in, path};
use crate::support::{TestApp, on_both, phone, tables};

/// Somebody whose measurement opens so many days from now; `None` for on a day that nobody knows.
async fn someone(app: &TestApp, project: Uuid, opens_in: Option<i64>) -> Someone {
    let someone = seed::someone(app, project).await;
    opens(
        app,
        &someone,
        opens_in.map(|days| today(app) + TimeDelta::days(days)),
    )
    .await;
    let yes = seed::consent(Purpose::Evaluation, true);
    assert_eq!(says(app, &someone, yes).await.0, Outcome::Stored);
    someone
}

fn today(app: &TestApp) -> NaiveDate {
    app.clock.now().date_naive()
}

async fn opens(app: &TestApp, someone: &Someone, on: Option<NaiveDate>) {
    let row = tables::row::<occasion::Entity>(app, someone.intake).await;
    let mut row = row.into_active_model();
    row.opens_on = Set(on);
    row.due_on = Set(on.and_then(|on| on.checked_add_days(Days::new(14))));
    row.update(app.state.db.read()).await.unwrap();
}

/// Says something now, by a clock that is right.
async fn says(app: &TestApp, someone: &Someone, event: Event) -> (Outcome, Option<Reason>) {
    let now = app.clock.now().fixed_offset();
    let entry = seed::entry(app, now, event, true);
    let mut delivery = seed::delivery(vec![entry]);
    delivery.sent_at = now.into();
    let results = phone::deliver(app, &someone.secret, &delivery).await;
    (results[0].outcome, results[0].reason)
}

async fn answers(app: &TestApp, someone: &Someone) -> (Outcome, Option<Reason>) {
    says(app, someone, seed::response(someone, "lsns-9", 2)).await
}

async fn waiting(app: &TestApp, staff: &Browser) -> Vec<(Uuid, String)> {
    let found: Quarantine = staff.get(app, paths::QUARANTINE).await.json();
    let lines = found.entries.into_iter();
    lines.map(|line| (line.id, line.reason)).collect()
}

async fn settle(app: &TestApp, staff: &Browser, id: Uuid, action: &str) -> Resolved {
    let target = path(paths::QUARANTINE_RESOLUTION, id);
    let answer = staff.post(app, &target, &json!({ "action": action })).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn answers_before_the_measurement_opens_are_kept_apart_and_taken_in_by_staff() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        for opens_in in [Some(60), Some(2), Some(3_000), None] {
            let early = someone(&app, project, opens_in).await;
            let before = tables::count::<response::Entity>(&app).await;
            let kept = (Outcome::Quarantined, Some(Reason::OccasionNotOpen));
            assert_eq!(answers(&app, &early).await, kept, "{opens_in:?}");
            assert_eq!(tables::count::<response::Entity>(&app).await, before);
            let waits = waiting(&app, &leader).await;
            assert_eq!((waits.len(), &*waits[0].1), (1, "occasion.not_open"));
            // Trying again changes nothing, taking it in does.
            let same = settle(&app, &leader, waits[0].0, "retry").await;
            assert_eq!(same.reason.as_deref(), Some("occasion.not_open"));
            assert!(settle(&app, &leader, waits[0].0, "accept").await.settled);
            assert_eq!(tables::count::<response::Entity>(&app).await, before + 1);
            assert!(waiting(&app, &leader).await.is_empty());
        }
        let deeds = tables::all::<audit::Entity>(&app).await;
        let taken = deeds.iter().filter(|d| d.action == "entry_accepted");
        assert_eq!(taken.count(), 4);
    })
    .await;
}

#[tokio::test]
async fn from_the_day_before_it_opens_on_and_long_after_answers_count() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        for opens_in in [1, 0, -1, -400] {
            let in_time = someone(&app, project, Some(opens_in)).await;
            let stored = (Outcome::Stored, None);
            assert_eq!(answers(&app, &in_time).await, stored, "{opens_in}");
        }
    })
    .await;
}

#[tokio::test]
async fn honest_answers_to_an_older_plan_wait_for_staff_and_are_not_lost() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let away = someone(&app, project, Some(-5)).await;
        // Answered without a network, while the day is moved.
        let at = app.clock.now().fixed_offset();
        let event = seed::response(&away, "lsns-9", 2);
        let entry = seed::entry(&app, at, event, true);
        opens(&app, &away, Some(today(&app) + TimeDelta::days(30))).await;
        app.clock.advance(std::time::Duration::from_secs(3_600));
        let mut delivery = seed::delivery(vec![entry]);
        delivery.sent_at = app.clock.now().fixed_offset().into();
        let results = phone::deliver(&app, &away.secret, &delivery).await;
        assert_eq!(results[0].reason, Some(Reason::OccasionNotOpen));
        let waits = waiting(&app, &leader).await;
        // The day is moved back: then trying again is enough.
        opens(&app, &away, Some(today(&app))).await;
        assert!(settle(&app, &leader, waits[0].0, "retry").await.settled);
        assert_eq!(tables::count::<response::Entity>(&app).await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_besides_is_told_first_and_is_not_taken_in() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let early = someone(&app, project, Some(60)).await;
        let wrong = seed::response(&early, "lsns-9", 77);
        let (_, reason) = says(&app, &early, wrong).await;
        assert_eq!(reason, Some(Reason::AnswersInvalid));
        let waits = waiting(&app, &leader).await;
        let still = settle(&app, &leader, waits[0].0, "accept").await;
        assert_eq!(still.reason.as_deref(), Some("answers.invalid"));
        assert_eq!(tables::count::<response::Entity>(&app).await, 0);
    })
    .await;
}
