//! What a person's page says: the next step with its day and whose it is, or why there is none; and what was done and said.

use bedring_contract::course::{
    Actor, Colleagues, Happening, History, NextStep, PersonCourse, Said, WhyNoStep,
};
use bedring_contract::followup::CallOutcome;
use bedring_contract::problem::Code;
use bedring_domain::consent::{Purpose, Scope};
use bedring_domain::course::{MissedReason, OccasionKind};

use super::*;
use crate::support::staff::{account as make_account, disable};
use crate::support::{on_both, phone, seed};

async fn course(app: &TestApp, staff: &Browser, person: Uuid) -> PersonCourse {
    let answer = staff.get(app, &path(paths::PERSON_COURSE, person)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

async fn history(app: &TestApp, staff: &Browser, person: Uuid, limit: u32) -> History {
    let target = format!("{}?limit={limit}", path(paths::PERSON_HISTORY, person));
    let answer = staff.get(app, &target).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

async fn say(app: &TestApp, staff: &Browser, target: String, form: Value) {
    let answer = staff.post(app, &target, &form).await;
    assert!(answer.status.is_success(), "{}", answer.text());
}

#[tokio::test]
async fn every_measurement_has_a_step_with_a_day_and_an_owner() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let staff = leader(&app, project).await;
        let person = register(&app, project, json!({ "start": "2026-03-01" }))
            .await
            .id;
        let found = course(&app, &staff, person).await;
        assert_eq!((found.today, found.why_none), (day("2026-03-02"), None));
        let [intake, exit] = &found.steps[..] else {
            panic!("{found:?}")
        };
        assert_eq!(
            (intake.kind, exit.kind),
            (OccasionKind::Intake, OccasionKind::Exit)
        );
        // Nobody said yes to mails, so once it is due for long enough somebody calls.
        let due = intake.due.unwrap();
        assert!(
            matches!(intake.next, NextStep::CallPlanned { on } if on > due),
            "{intake:?}"
        );
        assert_eq!((intake.mails_sent, intake.last_mail), (0, None));
        let asked = found.end.ask_on.unwrap();
        assert_eq!(exit.next, NextStep::WaitsForEnd { ask_on: asked });

        // What has no day waits for the end of the course, paused or not.
        say(&app, &staff, path(paths::PERSON_PAUSE, person), json!({})).await;
        let found = course(&app, &staff, person).await;
        assert_eq!(found.steps[0].next, NextStep::Paused { until: None });
        assert_eq!(found.steps[1].next, NextStep::WaitsForEnd { ask_on: asked });
        let target = path(paths::PERSON_PAUSE, person);
        let answer = staff.delete(&app, &target).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);

        // The call is there: whose it is, and when it is tried.
        let id = intake.occasion;
        let call = seed::call(&app, id, "2026-03-05").await;
        let open = |found: PersonCourse| found.steps[0].next.clone();
        let free = NextStep::CallOpen {
            call,
            owner: None,
            next_try: day("2026-03-05"),
            attempts: 0,
        };
        assert_eq!(open(course(&app, &staff, person).await), free);
        let me = accounts(&app).await.remove(0);
        say(
            &app,
            &staff,
            path(paths::CALL_OWNER, call),
            json!({ "owner": me.id }),
        )
        .await;
        let form = json!({ "outcome": "not_reached", "next_try": "2026-03-06" });
        say(&app, &staff, path(paths::CALL_ATTEMPT, call), form).await;
        match open(course(&app, &staff, person).await) {
            NextStep::CallOpen {
                owner: Some(owner),
                next_try,
                attempts: 1,
                ..
            } => {
                assert_eq!((owner.id, owner.email), (me.id, me.email));
                assert_eq!(next_try, day("2026-03-06"));
            }
            other => panic!("{other:?}"),
        }

        // With a reason it is finished; the exit gets a day once its end is known.
        let form = json!({ "outcome": "declined" });
        say(&app, &staff, path(paths::CALL_ATTEMPT, call), form).await;
        end_course(&app, project, person, "2026-03-01").await;
        let found = course(&app, &staff, person).await;
        assert_eq!(found.end.end, Some(day("2026-03-01")));
        assert_eq!(found.steps.len(), 1);
        assert!(matches!(found.steps[0].next, NextStep::CallPlanned { .. }));
        let exit = json!({ "occasions": [found.steps[0].occasion], "reason": "illness" });
        say(&app, &staff, paths::OCCASIONS_MISSED.to_owned(), exit).await;
        let found = course(&app, &staff, person).await;
        assert_eq!(
            (found.steps.len(), found.why_none),
            (0, Some(WhyNoStep::Finished))
        );
    })
    .await;
}

#[tokio::test]
async fn whoever_has_no_step_has_a_reason() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let staff = leader(&app, project).await;
        for (scope, why) in [
            (Scope::StopAsking, WhyNoStep::Withdrawn),
            (Scope::Erase, WhyNoStep::Erased),
        ] {
            let someone = seed::someone(&app, project).await;
            phone::say(&app, &someone, vec![seed::withdrawal(scope)]).await;
            let found = course(&app, &staff, someone.id).await;
            assert_eq!((found.steps.len(), found.why_none), (0, Some(why)));
        }
        let someone = seed::someone(&app, project).await;
        let no = seed::consent(Purpose::Evaluation, false);
        phone::say(&app, &someone, vec![no]).await;
        let found = course(&app, &staff, someone.id).await;
        assert_eq!(found.why_none, Some(WhyNoStep::SaidNo));

        // Of somebody who came by import and stands in no plan nobody is reminded: staff have to do something.
        let someone = seed::someone(&app, project).await;
        change(&app, someone.intake, |row| {
            row.due_on = Set(Some(day("2025-06-01")))
        })
        .await;
        let found = course(&app, &staff, someone.id).await;
        let of = |id| found.steps.iter().find(|s| s.occasion == id).unwrap();
        assert_eq!(of(someone.intake).next, NextStep::Staff);

        let mut row = tables::row::<project::Entity>(&app, project)
            .await
            .into_active_model();
        row.status = Set("exempt".to_owned());
        project::Entity::update(row)
            .exec(app.state.db.read())
            .await
            .unwrap();
        let found = course(&app, &staff, someone.id).await;
        assert_eq!(found.why_none, Some(WhyNoStep::ProjectNotActive));
    })
    .await;
}

#[tokio::test]
async fn a_planned_end_is_set_changed_and_taken_back() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let staff = leader(&app, project).await;
        let person = register(&app, project, json!({ "start": "2026-01-05" }))
            .await
            .id;
        let target = path(paths::PERSON_COURSE, person);
        for end in ["2026-06-01", "2026-05-01"] {
            say(&app, &staff, target.clone(), json!({ "end_planned": end })).await;
            let found = course(&app, &staff, person).await;
            assert_eq!(found.end.end_planned, Some(day(end)));
        }
        let both = json!({ "end_planned": "2026-05-02", "no_end_planned": true });
        let problem = staff
            .post(&app, &target, &both)
            .await
            .assert_problem(Code::InputInvalid);
        assert_eq!(problem.errors[0].pointer, "/no_end_planned");
        say(
            &app,
            &staff,
            target.clone(),
            json!({ "no_end_planned": true }),
        )
        .await;
        let found = course(&app, &staff, person).await;
        assert_eq!(found.end.end_planned, None);
        let exit = occasions(&app, person)
            .await
            .into_iter()
            .find(|o| o.kind == "exit");
        assert_eq!(exit.unwrap().due_on, None, "nobody knows its day any more");

        let lines = history(&app, &staff, person, 10).await.lines;
        let planned: Vec<_> = lines
            .iter()
            .filter_map(|line| match line.what {
                Happening::EndPlanned { on } => Some(on),
                _ => None,
            })
            .collect();
        let days = [None, Some(day("2026-05-01")), Some(day("2026-06-01"))];
        assert_eq!(planned, days, "latest first");
    })
    .await;
}

#[tokio::test]
async fn the_history_tells_who_did_what_latest_first() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let staff = leader(&app, project).await;
        let me = accounts(&app).await.remove(0);
        let someone = seed::someone(&app, project).await;
        let yes = seed::consent(Purpose::Evaluation, true);
        phone::say(&app, &someone, vec![yes]).await;
        let minute = std::time::Duration::from_secs(60);
        app.clock.advance(minute * 30);
        let call = seed::call(&app, someone.intake, "2026-03-02").await;
        app.clock.advance(minute);
        say(
            &app,
            &staff,
            path(paths::CALL_OWNER, call),
            json!({ "owner": me.id }),
        )
        .await;
        app.clock.advance(minute);
        let form = json!({ "outcome": "not_reached", "next_try": "2026-03-06" });
        say(&app, &staff, path(paths::CALL_ATTEMPT, call), form).await;
        app.clock.advance(minute);
        let form = json!({ "occasions": [someone.intake], "reason": "illness" });
        say(&app, &staff, paths::OCCASIONS_MISSED.to_owned(), form).await;
        app.clock.advance(minute);
        say(
            &app,
            &staff,
            path(paths::OCCASION_REOPEN, someone.intake),
            json!({}),
        )
        .await;
        app.clock.advance(minute);
        end_course(&app, project, someone.id, "2026-06-01").await;

        let found = history(&app, &staff, someone.id, 50).await;
        let what: Vec<_> = found.lines.iter().map(|line| line.what.clone()).collect();
        let told = [
            Happening::EndConfirmed {
                on: Some(day("2026-06-01")),
            },
            Happening::Reason { reason: None },
            Happening::Reason {
                reason: Some(MissedReason::Illness),
            },
            Happening::CallTried {
                outcome: CallOutcome::NotReached,
                next: Some(day("2026-03-06")),
            },
            Happening::CallOwner {
                to: Some(me.email.clone()),
            },
            Happening::CallOpened,
            Happening::Consent {
                purpose: Purpose::Evaluation,
                said: Said::Yes,
                in_doubt: false,
            },
        ];
        assert_eq!(&what[..told.len()], &told[..], "{found:#?}");
        let by = Actor::Staff { email: me.email };
        assert_eq!(found.lines[3].by, by);
        assert_eq!(found.lines[3].about.unwrap().kind, OccasionKind::Intake);
        assert_eq!(
            (&found.lines[5].by, &found.lines[6].by),
            (&Actor::Server, &Actor::Person)
        );
        let short = history(&app, &staff, someone.id, 2).await;
        assert_eq!((short.lines.len(), short.total), (2, found.total));
        assert_eq!(short.lines[..], found.lines[..2]);
    })
    .await;
}

#[tokio::test]
async fn a_call_can_be_given_to_exactly_those_who_are_listed() {
    on_both(|app| async move {
        let (project, other) = (seed::project(&app).await, seed::project(&app).await);
        let staff = leader(&app, project).await;
        for (email, role, of) in [
            ("administrator@example.org", Role::Administrator, vec![]),
            ("evaluator@example.org", Role::Evaluator, vec![]),
            ("helper@example.org", Role::Helper, vec![project]),
            ("gone@example.org", Role::Helper, vec![project]),
            ("elsewhere@example.org", Role::ProjectLeader, vec![other]),
        ] {
            make_account(&app, email, role, &of).await;
        }
        disable(&app, "gone@example.org").await;
        let list: Colleagues = staff
            .get(&app, &path(paths::PROJECT_COLLEAGUES, project))
            .await
            .json();
        let emails: Vec<_> = list.accounts.iter().map(|a| a.email.as_str()).collect();
        assert!(emails.is_sorted(), "{emails:?}");
        let someone = seed::someone(&app, project).await;
        let call = seed::call(&app, someone.intake, "2026-03-03").await;
        for account in accounts(&app).await {
            let form = json!({ "owner": account.id });
            let answer = staff
                .post(&app, &path(paths::CALL_OWNER, call), &form)
                .await;
            let listed = list.accounts.iter().any(|a| a.id == account.id);
            assert_eq!(answer.status.is_success(), listed, "{}", account.email);
        }
        assert_eq!(list.accounts.len(), 3, "{emails:?}");
    })
    .await;
}
