//! Reasons in bulk: all or nothing, within the projects, in the ledger; and taking one back.

use bedring_contract::followup::MissedSet;
use bedring_contract::problem::Code;
use bedring_domain::consent::Purpose;
use bedring_domain::course::OccasionState;
use bedring_store::entities::{audit, call_task, occasion_change};

use super::*;
use crate::support::{on_both, phone, seed};

async fn reason_of(app: &TestApp, id: Uuid) -> Option<String> {
    tables::row::<occasion::Entity>(app, id).await.missed_reason
}

#[tokio::test]
async fn a_reason_is_given_to_several_at_once_with_a_line_in_the_ledger_for_each() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let (one, two) = (
            seed::someone(&app, project).await,
            seed::someone(&app, project).await,
        );
        seed::call(&app, one.intake, "2026-03-05").await;
        let staff = leader(&app, project).await;
        let form = json!({ "occasions": [one.intake, two.intake, one.intake], "reason": "stopped_contact" });
        let set: MissedSet = staff.post(&app, paths::OCCASIONS_MISSED, &form).await.json();
        assert_eq!(set.changed, 2);
        let account = accounts(&app).await[0].id;
        for id in [one.intake, two.intake] {
            assert_eq!(reason_of(&app, id).await.as_deref(), Some("stopped_contact"));
            let row = held(&app, id).await;
            assert_eq!((row.missed_by, row.missed_at), (Some(account), Some(app.clock.now())));
            assert_eq!((row.plan_key.as_str(), row.next_look_at), ("intake", None));
        }
        let calls = tables::all::<call_task::Entity>(&app).await;
        assert_eq!(calls[0].outcome.as_deref(), Some("missed"));
        assert!(calls[0].closed_at.is_some());
        // The same once more changes nothing; another reason is another line.
        let again: MissedSet = staff.post(&app, paths::OCCASIONS_MISSED, &form).await.json();
        assert_eq!(again.changed, 0);
        let form = json!({ "occasions": [one.intake], "reason": "moved_to_other_offer" });
        staff.post(&app, paths::OCCASIONS_MISSED, &form).await;
        let mut lines = tables::all::<occasion_change::Entity>(&app).await;
        lines.sort_by_key(|l| (l.at, l.id));
        let told: Vec<_> = lines
            .iter()
            .filter(|l| l.occasion_id == one.intake)
            .map(|l| (l.what.as_str(), l.before.as_deref(), l.after.as_deref(), l.account_id))
            .collect();
        assert_eq!(
            told,
            [
                ("missed_reason", None, Some("stopped_contact"), Some(account)),
                ("missed_reason", Some("stopped_contact"), Some("moved_to_other_offer"), Some(account)),
            ]
        );
        assert_eq!(lines.len(), 3);
        let log = tables::all::<audit::Entity>(&app).await;
        let deeds = log.iter().filter(|a| a.action == "occasion_missed");
        assert_eq!(deeds.count(), 3);
    })
    .await;
}

#[tokio::test]
async fn one_that_is_elsewhere_or_finished_keeps_all_from_changing() {
    on_both(|app| async move {
        let (project, other) = (seed::project(&app).await, seed::project(&app).await);
        let mine = seed::someone(&app, project).await;
        let elsewhere = seed::someone(&app, other).await;
        let answered = seed::someone(&app, project).await;
        change(&app, answered.intake, |row| {
            row.completed_at = Set(Some(app.clock.now()))
        })
        .await;
        let refused = seed::someone(&app, project).await;
        phone::say(
            &app,
            &refused,
            vec![seed::consent(Purpose::Evaluation, false)],
        )
        .await;
        let staff = leader(&app, project).await;
        for (with, code) in [
            (elsewhere.intake, Code::NotFound),
            (Uuid::from_u128(1), Code::NotFound),
            (answered.intake, Code::Conflict),
            (refused.intake, Code::Conflict),
        ] {
            let form = json!({ "occasions": [mine.intake, with], "reason": "other" });
            staff
                .post(&app, paths::OCCASIONS_MISSED, &form)
                .await
                .assert_problem(code);
            assert_eq!(reason_of(&app, mine.intake).await, None);
        }
        assert_eq!(reason_of(&app, elsewhere.intake).await, None);
        assert_eq!(tables::count::<occasion_change::Entity>(&app).await, 0);
        staff
            .post(
                &app,
                &path(paths::OCCASION_REOPEN, elsewhere.intake),
                &json!({}),
            )
            .await
            .assert_problem(Code::NotFound);
        let many: Vec<Uuid> = (0..201).map(Uuid::from_u128).collect();
        for (occasions, code) in [(vec![], "required"), (many, "too_many")] {
            let form = json!({ "occasions": occasions, "reason": "other" });
            let problem = staff
                .post(&app, paths::OCCASIONS_MISSED, &form)
                .await
                .assert_problem(Code::InputInvalid);
            assert_eq!(problem.errors[0].code, code);
        }
        let form = json!({ "occasions": [mine.intake], "reason": "bored" });
        staff
            .post(&app, paths::OCCASIONS_MISSED, &form)
            .await
            .assert_problem(Code::RequestMalformed);
    })
    .await;
}

#[tokio::test]
async fn a_reason_is_taken_back_and_it_is_waited_for_again() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let person = register(&app, project, json!({ "start": "2026-01-01" }))
            .await
            .id;
        let intake = occasions(&app, person).await[0].id;
        let staff = leader(&app, project).await;
        let form = json!({ "occasions": [intake], "reason": "illness" });
        staff.post(&app, paths::OCCASIONS_MISSED, &form).await;
        let state = || async { detail(&app, project, person).await.occasion_details[0].state };
        assert_eq!(state().await, OccasionState::Missed);
        assert_eq!(worklist(&app, &staff).await.overdue.total, 0);
        let reopen = path(paths::OCCASION_REOPEN, intake);
        for _ in 0..2 {
            let answer = staff.post(&app, &reopen, &json!({})).await;
            assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
        }
        assert_eq!(state().await, OccasionState::Overdue);
        let list = worklist(&app, &staff).await;
        assert_eq!(
            (list.overdue.total, list.overdue.lines[0].occasion),
            (1, intake)
        );
        let row = held(&app, intake).await;
        assert_eq!((row.missed_by, row.missed_at), (None, None));
        assert_eq!(row.next_look_at, Some(app.clock.now()));
        let lines = tables::all::<occasion_change::Entity>(&app).await;
        let back = lines.iter().filter(|l| l.after.is_none()).count();
        assert_eq!((lines.len(), back), (2, 1));
    })
    .await;
}
