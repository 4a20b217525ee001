//! The life of a call task: opened once, tried, taken, agreed, opened again, closed by a reason.

use bedring_contract::followup::{CallOutcome, CallStatus};
use bedring_contract::problem::Code;
use bedring_store::entities::{call_attempt, call_task};

use super::*;
use crate::support::{on_both, seed};

async fn attempt(app: &TestApp, staff: &Browser, call: Uuid, form: Value) -> CallStatus {
    let answer = staff
        .post(app, &path(paths::CALL_ATTEMPT, call), &form)
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn a_call_is_opened_once_tried_and_closed_by_an_agreed_day() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let person = register(
            &app,
            project,
            json!({ "start": "2026-01-01", "name": "Bo" }),
        )
        .await
        .id;
        let intake = occasions(&app, person).await[0].id;
        let call = seed::call(&app, intake, "2026-03-03").await;
        assert_eq!(seed::call(&app, intake, "2026-03-20").await, call);
        let staff = leader(&app, project).await;
        let line = worklist(&app, &staff).await.calls.lines.remove(0);
        assert_eq!(
            (line.call, line.line.next_step),
            (call, Some(day("2026-03-03"))),
            "keeps its day"
        );
        assert_eq!(
            (line.line.who.name.as_deref(), line.attempts),
            (Some("Bo"), 0)
        );

        let form = json!({ "outcome": "not_reached", "next_try": "2026-03-05" });
        let status = attempt(&app, &staff, call, form).await;
        assert_eq!((status.closed, status.next_try), (false, day("2026-03-05")));
        let list = worklist(&app, &staff).await;
        let line = &list.calls.lines[0];
        assert_eq!(
            (line.attempts, line.last_outcome),
            (1, Some(CallOutcome::NotReached))
        );
        assert_eq!(line.waiting[0].next_step, Some(day("2026-03-05")));

        let form = json!({ "outcome": "agreed_date", "next_try": "2026-03-09" });
        assert!(attempt(&app, &staff, call, form.clone()).await.closed);
        assert_eq!(worklist(&app, &staff).await.calls.total, 0);
        let look: DateTime<Utc> = "2026-03-09T09:00:00Z".parse().unwrap();
        assert_eq!(held(&app, intake).await.next_look_at, Some(look));
        staff
            .post(&app, &path(paths::CALL_ATTEMPT, call), &form)
            .await
            .assert_problem(Code::Conflict);

        // The day came and nothing with it: the same task, open again.
        assert_eq!(seed::call(&app, intake, "2026-03-09").await, call);
        let row = tables::row::<call_task::Entity>(&app, call).await;
        assert_eq!(
            (row.closed_at, row.outcome, row.next_try_on),
            (None, None, day("2026-03-09"))
        );
        assert_eq!(tables::count::<call_attempt::Entity>(&app).await, 2);
    })
    .await;
}

#[tokio::test]
async fn whoever_is_to_be_called_stands_once_in_the_list_with_all_that_is_missing() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let form = json!({ "start": "2026-01-01" });
        let [called, other] = [
            register(&app, project, form.clone()).await.id,
            register(&app, project, form).await.id,
        ];
        // The exit of the first is due, too.
        end_course(&app, project, called, "2026-02-10").await;
        let rows = occasions(&app, called).await;
        let (intake, exit) = (&rows[0], &rows[1]);
        let staff = leader(&app, project).await;
        let before = worklist(&app, &staff).await;
        let waits = before.overdue.total + before.due.total;
        assert_eq!((waits, before.calls.total), (3, 0));

        let first = seed::call(&app, intake.id, "2026-03-02").await;
        seed::call(&app, exit.id, "2026-03-04").await;
        let list = worklist(&app, &staff).await;
        assert_eq!(list.calls.total, 1, "two tasks, one person");
        assert_eq!(list.calls.lines.len(), 1);
        let line = &list.calls.lines[0];
        assert_eq!((line.line.who.person, line.call), (called, first));
        let waiting: Vec<Uuid> = line.waiting.iter().map(|w| w.occasion).collect();
        assert_eq!(
            waiting,
            [intake.id, exit.id],
            "what is due first comes first"
        );
        assert_eq!(list.overdue.total + list.due.total, 1);
        let rest = list.overdue.lines.iter().chain(&list.due.lines);
        let rest: Vec<Uuid> = rest.map(|l| l.who.person).collect();
        assert_eq!(rest, [other]);

        // When the first is closed the second shows, and what waited of the first is nowhere: it has a reason.
        let form = json!({ "outcome": "reached", "reason": "illness" });
        assert!(attempt(&app, &staff, first, form).await.closed);
        let list = worklist(&app, &staff).await;
        assert_eq!(list.calls.lines[0].line.occasion, exit.id);
        assert_eq!(list.calls.lines[0].waiting.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_reason_or_a_no_closes_the_call_and_the_measurement() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let staff = leader(&app, project).await;
        for (form, reason) in [
            (json!({ "outcome": "declined" }), "declined"),
            (
                json!({ "outcome": "reached", "reason": "moved_to_other_offer" }),
                "moved_to_other_offer",
            ),
            (
                json!({ "outcome": "not_reached", "reason": "stopped_contact" }),
                "stopped_contact",
            ),
        ] {
            let someone = seed::someone(&app, project).await;
            let call = seed::call(&app, someone.intake, "2026-03-03").await;
            assert!(attempt(&app, &staff, call, form.clone()).await.closed);
            let row = tables::row::<occasion::Entity>(&app, someone.intake).await;
            assert_eq!(row.missed_reason.as_deref(), Some(reason));
            let task = tables::row::<call_task::Entity>(&app, call).await;
            assert_eq!(task.outcome.as_deref(), form["outcome"].as_str());
            assert!(task.closed_at.is_some());
        }
    })
    .await;
}

#[tokio::test]
async fn a_day_agreed_for_today_is_looked_at_tomorrow_and_a_reason_taken_back_opens_the_call() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let staff = leader(&app, project).await;
        let someone = seed::someone(&app, project).await;
        let call = seed::call(&app, someone.intake, "2026-03-02").await;
        let form = json!({ "outcome": "agreed_date", "next_try": "2026-03-02" });
        let status = attempt(&app, &staff, call, form).await;
        assert_eq!((status.closed, status.next_try), (true, day("2026-03-03")));
        let row = tables::row::<call_task::Entity>(&app, call).await;
        assert_eq!(row.next_try_on, day("2026-03-03"));

        seed::call(&app, someone.intake, "2026-03-03").await;
        attempt(&app, &staff, call, json!({ "outcome": "declined" })).await;
        let reopen = path(paths::OCCASION_REOPEN, someone.intake);
        staff.post(&app, &reopen, &json!({})).await;
        let row = tables::row::<call_task::Entity>(&app, call).await;
        assert_eq!((row.closed_at, row.next_try_on), (None, day("2026-03-02")));
    })
    .await;
}

#[tokio::test]
async fn there_is_always_a_next_step() {
    on_both(|app| async move {
        let (project, other) = (seed::project(&app).await, seed::project(&app).await);
        let someone = seed::someone(&app, project).await;
        let call = seed::call(&app, someone.intake, "2026-03-03").await;
        let staff = leader(&app, project).await;
        let target = path(paths::CALL_ATTEMPT, call);
        for (form, pointer, code) in [
            (json!({ "outcome": "not_reached" }), "/next_try", "required"),
            (json!({ "outcome": "reached" }), "/next_try", "required"),
            (json!({ "outcome": "agreed_date" }), "/next_try", "required"),
            (
                json!({ "outcome": "reached", "next_try": "2026-03-01" }),
                "/next_try",
                "in_past",
            ),
            // The 31st day from 2 March is 2 April.
            (
                json!({ "outcome": "reached", "next_try": "2026-04-03" }),
                "/next_try",
                "too_far",
            ),
            (
                json!({ "outcome": "declined", "reason": "illness" }),
                "/reason",
                "not_with_outcome",
            ),
        ] {
            let problem = staff
                .post(&app, &target, &form)
                .await
                .assert_problem(Code::InputInvalid);
            let told = &problem.errors[0];
            assert_eq!(
                (told.pointer.as_str(), told.code.as_str()),
                (pointer, code),
                "{form}"
            );
        }
        assert_eq!(tables::count::<call_attempt::Entity>(&app).await, 0);
        let form = json!({ "outcome": "reached", "next_try": "2026-04-02" });
        let elsewhere = leader(&app, other).await;
        elsewhere
            .post(&app, &target, &form)
            .await
            .assert_problem(Code::NotFound);
        attempt(&app, &staff, call, form).await;
    })
    .await;
}

#[tokio::test]
async fn a_call_is_taken_by_somebody_who_may_see_the_project_and_given_back() {
    on_both(|app| async move {
        let (project, other) = (seed::project(&app).await, seed::project(&app).await);
        let someone = seed::someone(&app, project).await;
        let call = seed::call(&app, someone.intake, "2026-03-03").await;
        let staff = leader(&app, project).await;
        let mine = accounts(&app).await[0].id;
        leader(&app, other).await;
        let all = accounts(&app).await;
        let theirs = all.iter().find(|a| a.id != mine).unwrap().id;
        let target = path(paths::CALL_OWNER, call);
        let status: CallStatus = staff
            .post(&app, &target, &json!({ "owner": mine }))
            .await
            .json();
        assert_eq!(status.owner, Some(mine));
        let line = worklist(&app, &staff).await.calls.lines.remove(0).line;
        assert_eq!(line.owner.map(|o| o.id), Some(mine));
        for nobody in [theirs, Uuid::from_u128(1)] {
            let problem = staff
                .post(&app, &target, &json!({ "owner": nobody }))
                .await
                .assert_problem(Code::InputInvalid);
            assert_eq!(problem.errors[0].pointer, "/owner");
        }
        let status: CallStatus = staff
            .post(&app, &target, &json!({ "owner": null }))
            .await
            .json();
        assert_eq!(status.owner, None);
    })
    .await;
}
