//! Answers that came too early are tried again by themselves when the days of their measurement move, whoever moves them.

use bedring_domain::consent::Purpose;
use bedring_domain::course::CoursePlan;
use bedring_domain::journal::{Outcome, Reason};
use bedring_server::jobs::run_due;
use bedring_store::entities::{job, journal_entry, response};

use super::plan_edit::sent;
use super::*;
use crate::support::seed::Someone;
use crate::support::{on_both, phone, seed};

/// Somebody whose first measurement opens on 15 March 2026, and who said yes.
async fn someone(app: &TestApp, project: Uuid) -> Someone {
    let someone = seed::someone(app, project).await;
    begins(app, project, &someone, "2026-03-02", "2026-03-15").await;
    phone::say(
        app,
        &someone,
        vec![seed::consent(Purpose::Evaluation, true)],
    )
    .await;
    someone
}

/// Staff correct the first day.
async fn begins(app: &TestApp, project: Uuid, someone: &Someone, seen: &str, to: &str) {
    let form = json!({ "start": { "seen": seen, "to": to } });
    let staff = leader(app, project).await;
    let target = path(paths::PERSON_FACTS, someone.id);
    let answer = staff.post(app, &target, &form).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}

/// It answers today, 2 March.
async fn answers_too_early(app: &TestApp, someone: &Someone) {
    let event = seed::response(someone, "lsns-9", 2);
    let results = phone::say(app, someone, vec![event]).await;
    let kept = (Outcome::Quarantined, Some(Reason::OccasionNotOpen));
    assert_eq!((results[0].outcome, results[0].reason), kept);
}

/// Does what there is to do.
async fn work(app: &TestApp) {
    while run_due(&app.state).await.unwrap() > 0 {}
}

/// The reason for which the person's only answer is kept apart; none if it is among the answers.
async fn kept_apart(app: &TestApp, someone: &Someone) -> Option<String> {
    let entries = tables::all::<journal_entry::Entity>(app).await;
    let of_them = entries.into_iter().filter(|e| {
        e.person_id == Some(someone.id) && e.kind.as_deref() == Some("response_submitted")
    });
    let [entry]: [journal_entry::Model; 1] =
        of_them.collect::<Vec<_>>().try_into().expect("one answer");
    let answers = tables::all::<response::Entity>(app).await;
    let counted = answers.iter().filter(|r| r.id == entry.id).count();
    assert_eq!(counted, usize::from(entry.reason.is_none()));
    entry.reason
}

const NOT_OPEN: Option<&str> = Some("occasion.not_open");

#[tokio::test]
async fn answers_that_were_too_early_are_taken_in_when_the_start_is_corrected() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let (early, other) = (someone(&app, project).await, someone(&app, project).await);
        answers_too_early(&app, &early).await;
        answers_too_early(&app, &other).await;
        work(&app).await;
        assert_eq!(kept_apart(&app, &early).await.as_deref(), NOT_OPEN);
        // Moved, but not far enough: it goes on to wait, and nothing else is made of it.
        begins(&app, project, &early, "2026-03-15", "2026-03-08").await;
        work(&app).await;
        assert_eq!(kept_apart(&app, &early).await.as_deref(), NOT_OPEN);
        begins(&app, project, &early, "2026-03-08", "2026-03-02").await;
        assert_eq!(kept_apart(&app, &early).await.as_deref(), NOT_OPEN);
        work(&app).await;
        assert_eq!(kept_apart(&app, &early).await, None);
        assert_eq!(kept_apart(&app, &other).await.as_deref(), NOT_OPEN);
        // Where nothing waits, days move without work for anybody.
        begins(&app, project, &early, "2026-03-02", "2026-03-03").await;
        let jobs = tables::all::<job::Entity>(&app).await;
        assert!(jobs.iter().all(|job| job.kind != "try_again"), "{jobs:?}");
    })
    .await;
}

#[tokio::test]
async fn answers_that_were_too_early_are_taken_in_when_the_plan_opens_sooner() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let early = someone(&app, project).await;
        answers_too_early(&app, &early).await;
        let mut plan = CoursePlan::default_plan();
        plan.occasions[0].opens_before_days = 60;
        let tried = sent(&app, project, &plan, json!({})).await;
        assert_eq!((tried.applied, tried.changes.moved), (false, 1));
        work(&app).await;
        assert_eq!(kept_apart(&app, &early).await.as_deref(), NOT_OPEN);
        sent(&app, project, &plan, json!({ "apply": true })).await;
        work(&app).await;
        assert_eq!(kept_apart(&app, &early).await, None);
    })
    .await;
}

/// What staff set aside stays there, and what they took in stays in.
#[tokio::test]
async fn what_staff_decided_before_the_days_moved_holds() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let early = someone(&app, project).await;
        answers_too_early(&app, &early).await;
        let [entry] = &*tables::all::<journal_entry::Entity>(&app)
            .await
            .into_iter()
            .filter(|e| e.state == "quarantined")
            .collect::<Vec<_>>()
        else {
            panic!("one waits")
        };
        let target = path(paths::QUARANTINE_RESOLUTION, entry.id);
        let staff = leader(&app, project).await;
        let aside = staff
            .post(&app, &target, &json!({ "action": "dismiss" }))
            .await;
        assert_eq!(aside.status, StatusCode::OK, "{}", aside.text());
        begins(&app, project, &early, "2026-03-15", "2026-03-02").await;
        work(&app).await;
        let row = tables::row::<journal_entry::Entity>(&app, entry.id).await;
        assert_eq!(row.state, "dismissed");
        assert!(tables::all::<response::Entity>(&app).await.is_empty());
    })
    .await;
}
