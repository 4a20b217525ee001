//! The drop-out board against figures worked out by hand, and against the states that the lists show.

use bedring_contract::followup::{Board, BoardReason};
use bedring_contract::staff::PersonPage;
use bedring_domain::course::{MissedReason, OccasionKind, OccasionState};
use bedring_store::entities::{course_facts, person};

use super::*;
use crate::support::{on_both, seed};

/// One person and one or two occasions, as rows.
#[derive(Default)]
struct Case {
    start: Option<&'static str>,
    opens: Option<&'static str>,
    due: Option<&'static str>,
    overdue_from: Option<&'static str>,
    completed: Option<&'static str>,
    reason: Option<&'static str>,
    refused: bool,
    withdrawn: Option<&'static str>,
    /// Has an exit without days, too.
    exit: bool,
    /// Planned end, still enrolled, cannot be told.
    facts: Option<(Option<&'static str>, Option<&'static str>, bool)>,
}

async fn put(app: &TestApp, project: Uuid, case: Case) {
    let db = app.state.db.read();
    let date = |d: Option<&str>| d.map(day);
    let someone = seed::someone(app, project).await;
    let mut row = tables::row::<person::Entity>(app, someone.id)
        .await
        .into_active_model();
    row.start_on = Set(date(case.start));
    row.refused = Set(case.refused);
    row.withdrawn = Set(case.withdrawn.map(ToOwned::to_owned));
    if case.withdrawn == Some("erase") {
        row.erased_at = Set(Some(app.clock.now()));
    }
    person::Entity::update(row).exec(db).await.unwrap();
    change(app, someone.intake, |row| {
        row.opens_on = Set(date(case.opens.or(case.start)));
        row.due_on = Set(date(case.due));
        row.completed_at = Set(case.completed.map(|c| c.parse().unwrap()));
        row.missed_reason = Set(case.reason.map(ToOwned::to_owned));
    })
    .await;
    if let Some(from) = case.overdue_from {
        let row = followup::Model {
            occasion_id: someone.intake,
            person_id: someone.id,
            project_id: project,
            plan_key: "intake".to_owned(),
            plan_repeat: 0,
            overdue_from: Some(day(from)),
            closes_on: None,
            missed_by: None,
            missed_at: None,
            next_look_at: None,
        };
        followup::Entity::insert(followup::ActiveModel::from(row))
            .exec_without_returning(db)
            .await
            .unwrap();
    }
    if case.exit {
        let row = occasion::Model {
            id: seed::fresh(app),
            person_id: someone.id,
            kind: "exit".to_owned(),
            number: 1,
            opens_on: None,
            due_on: None,
            instruments: seed::ASKED.to_owned(),
            completed_at: None,
            missed_reason: None,
        };
        occasion::Entity::insert(occasion::ActiveModel::from(row))
            .exec_without_returning(db)
            .await
            .unwrap();
    }
    if let Some((planned, still, cannot)) = case.facts {
        let row = course_facts::Model {
            person_id: someone.id,
            end_planned_on: date(planned),
            still_enrolled_on: date(still),
            end_cannot_be_told: cannot,
            set_by: None,
            set_at: app.clock.now(),
        };
        course_facts::Entity::insert(course_facts::ActiveModel::from(row))
            .exec_without_returning(db)
            .await
            .unwrap();
    }
}

/// Today is 2 March 2026. Each with what it must count as.
fn cases() -> Vec<Case> {
    let winter = || Case {
        start: Some("2026-02-01"),
        due: Some("2026-02-15"),
        ..Case::default()
    };
    let summer = || Case {
        start: Some("2025-06-10"),
        due: Some("2025-07-01"),
        exit: true,
        ..Case::default()
    };
    vec![
        // 1, on time: 23:30 on the due day in Denmark. Exit: planned end yesterday, so the question is open: end unknown.
        Case {
            completed: Some("2026-02-15T22:30:00Z"),
            exit: true,
            facts: Some((Some("2026-03-01"), None, false)),
            ..winter()
        },
        // 2, late: half past midnight. Exit: planned end today, asked tomorrow: planned.
        Case {
            completed: Some("2026-02-15T23:30:00Z"),
            exit: true,
            facts: Some((Some("2026-03-02"), None, false)),
            ..winter()
        },
        // 3, on time in summer time: 23:59. Exit: still enrolled on 1 January: planned.
        Case {
            completed: Some("2025-07-01T21:59:00Z"),
            facts: Some((None, Some("2026-01-01"), false)),
            ..summer()
        },
        // 4, late in summer time: midnight. Exit: nobody can say: end unknown.
        Case {
            completed: Some("2025-07-01T22:00:00Z"),
            facts: Some((None, None, true)),
            ..summer()
        },
        // 5, on time without a due day. Exit: began 265 days ago and nobody has said anything: end unknown.
        Case {
            due: None,
            completed: Some("2025-07-01T22:00:00Z"),
            ..summer()
        },
        // 6, open.
        Case {
            due: Some("2026-03-15"),
            ..winter()
        },
        // 7, due: overdue from tomorrow, the fifteenth day after.
        Case {
            due: Some("2026-02-16"),
            ..winter()
        },
        // 8, overdue since today.
        winter(),
        // 9, overdue by the plan's own day, which is earlier.
        Case {
            due: Some("2026-02-27"),
            overdue_from: Some("2026-03-01"),
            ..winter()
        },
        // 10 and 11, missed: illness. 12, missed: other.
        Case {
            reason: Some("illness"),
            ..winter()
        },
        Case {
            reason: Some("illness"),
            ..winter()
        },
        Case {
            reason: Some("other"),
            ..winter()
        },
        // 13, declined, whatever the reason beside it.
        Case {
            refused: true,
            reason: Some("other"),
            ..winter()
        },
        // 14, withdrawn. 15, erased: has no start any more.
        Case {
            withdrawn: Some("stop_asking"),
            ..winter()
        },
        Case {
            start: None,
            opens: Some("2026-02-01"),
            withdrawn: Some("erase"),
            ..winter()
        },
        // 16, planned: began, opens later.
        Case {
            opens: Some("2026-03-10"),
            due: Some("2026-03-24"),
            ..winter()
        },
        // Not counted: begins in April.
        Case {
            start: Some("2026-04-01"),
            due: Some("2026-04-15"),
            ..Case::default()
        },
    ]
}

async fn board(app: &TestApp, project: Uuid) -> Board {
    let evaluator = logged_in(app, Role::Evaluator, &[]).await;
    let answer = evaluator
        .get(app, &path(paths::PROJECT_BOARD, project))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn the_figures_are_those_worked_out_by_hand() {
    on_both(|app| async move {
        let (project, other) = (seed::project(&app).await, seed::project(&app).await);
        for case in cases() {
            put(&app, project, case).await;
        }
        put(&app, other, Case::default()).await;
        let board = board(&app, project).await;
        assert_eq!(board.today, day("2026-03-02"));
        assert_eq!((board.started, board.end_unknown), (16, 3));
        let [intake, exit] = board.kinds.as_slice() else {
            panic!("{board:?}");
        };
        assert_eq!((intake.kind, intake.total), (OccasionKind::Intake, 16));
        assert_eq!((intake.on_time, intake.late), (3, 2));
        assert_eq!((intake.planned, intake.end_unknown), (1, 0));
        assert_eq!((intake.open, intake.due, intake.overdue), (1, 1, 2));
        assert_eq!((intake.declined, intake.withdrawn), (1, 2));
        let reason = |reason, count| BoardReason { reason, count };
        assert_eq!(
            intake.missed,
            [
                reason(MissedReason::Illness, 2),
                reason(MissedReason::Other, 1)
            ]
        );
        assert_eq!((exit.kind, exit.total), (OccasionKind::Exit, 5));
        assert_eq!((exit.planned, exit.end_unknown), (2, 3));
    })
    .await;
}

#[tokio::test]
async fn the_board_and_the_lists_say_the_same() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        for case in cases() {
            put(&app, project, case).await;
        }
        let staff = leader(&app, project).await;
        let page: PersonPage = staff
            .get(&app, &path(paths::PROJECT_PERSONS, project))
            .await
            .json();
        let count = |kind, state| {
            let all = page.persons.iter().flat_map(|p| &p.occasions);
            all.filter(|o| o.kind == kind && o.state == state).count() as u64
        };
        let board = board(&app, project).await;
        for line in &board.kinds {
            let kind = line.kind;
            // The one who begins in April is in the list only.
            let ahead = u64::from(kind == OccasionKind::Intake);
            let missed: u64 = line.missed.iter().map(|m| m.count).sum();
            assert_eq!(
                line.on_time + line.late,
                count(kind, OccasionState::Completed)
            );
            assert_eq!(
                line.planned + line.end_unknown + ahead,
                count(kind, OccasionState::Planned)
            );
            assert_eq!(line.open, count(kind, OccasionState::Open));
            assert_eq!(line.due, count(kind, OccasionState::Due));
            assert_eq!(line.overdue, count(kind, OccasionState::Overdue));
            assert_eq!(line.declined, count(kind, OccasionState::Declined));
            assert_eq!(line.withdrawn, count(kind, OccasionState::Withdrawn));
            assert_eq!(missed, count(kind, OccasionState::Missed));
        }
        let list = worklist(&app, &staff).await;
        assert_eq!(
            (list.due.total, list.overdue.total, list.ends.total),
            (1, 2, 2)
        );
        let late: Vec<u32> = list.overdue.lines.iter().map(|l| l.overdue_days).collect();
        // From the due day, 15 February and 27 February: not from the day on which the grace ended.
        assert_eq!(late, [15, 3]);
    })
    .await;
}

#[tokio::test]
async fn a_project_without_anybody_has_an_empty_board() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let board = board(&app, project).await;
        assert_eq!(
            (board.started, board.end_unknown, board.kinds.len()),
            (0, 0, 0)
        );
    })
    .await;
}
