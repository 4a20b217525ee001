//! What was typed wrongly about a person can be put right, and the second of two who change the same thing is told.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use axum::http::StatusCode;
use bedring_contract::correct::{DiscardReason, MergeEffect};
use bedring_contract::course::{Happening, History, NextStep, PersonCourse};
use bedring_contract::followup::{Board, CallOutcome, Worklist};
use bedring_contract::paths;
use bedring_contract::person::PersonBundle;
use bedring_contract::problem::{Code, Problem};
use bedring_contract::staff::{PersonDetail, PersonLine, PersonPage, Programme, Role, WhyNotAsked};
use bedring_domain::consent::{Purpose, Scope};
use bedring_domain::journal::{Event, Outcome, Reason};
use bedring_store::entities::{audit, project, response};
use bedring_store::sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
};
use serde_json::{Value, json};
use support::seed::Someone;
use support::staff::{Browser, logged_in, path};
use support::{Answer, TestApp, on_both, phone, request, seed};
use uuid::Uuid;

async fn register(app: &TestApp, staff: &Browser, project: Uuid, form: Value) -> PersonLine {
    let answer = staff
        .post(app, &path(paths::PROJECT_PERSONS, project), &form)
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()
}

async fn detail(app: &TestApp, staff: &Browser, id: Uuid) -> PersonDetail {
    let answer = staff.get(app, &path(paths::PERSON, id)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

async fn facts(app: &TestApp, staff: &Browser, id: Uuid, form: Value) -> Answer {
    staff.post(app, &path(paths::PERSON_FACTS, id), &form).await
}

async fn happenings(app: &TestApp, staff: &Browser, id: Uuid) -> Vec<Happening> {
    let history: History = staff
        .get(app, &path(paths::PERSON_HISTORY, id))
        .await
        .json();
    history.lines.into_iter().map(|line| line.what).collect()
}

async fn deeds(app: &TestApp, deed: &str, person: Uuid) -> u64 {
    audit::Entity::find()
        .filter(audit::Column::Action.eq(deed))
        .filter(audit::Column::PersonId.eq(person))
        .count(app.state.db.read())
        .await
        .unwrap()
}

/// Another project of the same programme.
async fn beside(app: &TestApp, first: Uuid) -> Uuid {
    let db = app.state.db.read();
    let mut row = project::Entity::find_by_id(first)
        .one(db)
        .await
        .unwrap()
        .unwrap();
    row.id = seed::fresh(app);
    row.code = "Q".to_owned();
    let id = row.id;
    row.into_active_model()
        .reset_all()
        .insert(db)
        .await
        .unwrap();
    id
}

#[track_caller]
fn now_is(answer: &Answer, pointer: &str, current: Option<&str>) {
    let problem: Problem = answer.assert_problem(Code::ChangedMeanwhile);
    let field = problem.errors.iter().find(|e| e.pointer == pointer);
    let field = field.unwrap_or_else(|| panic!("{problem:?}"));
    assert_eq!(
        (field.code.as_str(), field.current.as_deref()),
        ("changed", current)
    );
}

#[tokio::test]
async fn a_start_in_the_wrong_year_is_put_right_and_the_days_follow() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let form = json!({ "start": "2025-03-09", "respondent_type": "participant" });
        let id = register(&app, &helper, project, form).await.id;
        let before = detail(&app, &helper, id).await;
        // Two weeks after the start, as the default plan has it.
        assert_eq!(
            before.occasion_details[0].due.unwrap().to_string(),
            "2025-03-23"
        );
        let call = seed::call(&app, before.occasion_details[0].id, "2026-03-02").await;

        let form = json!({ "start": { "seen": "2025-03-09", "to": "2026-03-09" } });
        let answer = facts(&app, &helper, id, form).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let after = detail(&app, &helper, id).await;
        assert_eq!(after.line.start.unwrap().to_string(), "2026-03-09");
        assert_eq!(
            after.occasion_details[0].due.unwrap().to_string(),
            "2026-03-23"
        );
        let worklist: Worklist = helper.get(&app, paths::WORKLIST).await.json();
        assert_eq!(
            (
                worklist.calls.total,
                worklist.overdue.total,
                worklist.due.total
            ),
            (0, 0, 0),
            "nobody is called about what is not due"
        );
        let gone = helper
            .post(
                &app,
                &path(paths::CALL_ATTEMPT, call),
                &json!({ "outcome": "declined" }),
            )
            .await;
        gone.assert_problem(Code::NotFound);
        let told = Happening::StartCorrected {
            from: Some("2025-03-09".parse().unwrap()),
            to: Some("2026-03-09".parse().unwrap()),
        };
        assert!(happenings(&app, &helper, id).await.contains(&told));
        assert_eq!(deeds(&app, "person_corrected", id).await, 1);

        for (start, code) in [
            (json!("1026-03-09"), "out_of_range"),
            (Value::Null, "required"),
        ] {
            let form = json!({ "start": { "seen": "2026-03-09", "to": start } });
            let problem = facts(&app, &helper, id, form).await;
            let problem = problem.assert_problem(Code::InputInvalid);
            assert_eq!(
                (
                    problem.errors[0].pointer.as_str(),
                    problem.errors[0].code.as_str()
                ),
                ("/start", code)
            );
        }
    })
    .await;
}

#[tokio::test]
async fn every_fact_is_put_right_with_a_line_in_the_history_and_no_secret_in_it() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        register(&app, &helper, project, json!({ "code": "TAKEN" })).await;
        let form = json!({ "code": "A-1", "name": "Kalra", "email": "kalra@example.org" });
        let id = register(&app, &helper, project, form).await.id;
        let form = json!({
            "code": { "seen": "A-1", "to": " A-2 " },
            "name": { "seen": "Kalra", "to": "Karla" },
            "email": { "seen": "kalra@example.org", "to": "karla@example.org" },
            "phone": { "seen": null, "to": "12 34 56 78" },
            "respondent_type": { "seen": null, "to": "both" },
            "language": { "seen": "da", "to": "en" },
        });
        let answer = facts(&app, &helper, id, form).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let after = detail(&app, &helper, id).await;
        assert_eq!(
            (
                after.line.code.as_str(),
                after.line.name.as_deref(),
                after.email.as_deref(),
                after.phone.is_some(),
                after.language.as_str(),
            ),
            ("A-2", Some("Karla"), Some("karla@example.org"), true, "en")
        );
        let history = helper.get(&app, &path(paths::PERSON_HISTORY, id)).await;
        for what in [
            "code_corrected",
            "name_corrected",
            "email_corrected",
            "phone_changed",
            "role_corrected",
            "language_corrected",
        ] {
            assert!(history.text().contains(what), "{what}: {}", history.text());
        }
        for secret in ["arla", "example.org\"", "12345678"] {
            let lines: History = history.json();
            for line in lines.lines {
                let text = serde_json::to_string(&line.what).unwrap();
                assert!(!text.contains(secret), "{text}");
            }
        }
        for (form, pointer, code) in [
            (
                json!({ "code": { "seen": "A-2", "to": "TAKEN" } }),
                "/code",
                "taken",
            ),
            (
                json!({ "code": { "seen": "A-2", "to": "" } }),
                "/code",
                "required",
            ),
            (
                json!({ "code": { "seen": "A-2", "to": "010170-1234" } }),
                "/code",
                "not_pseudonymous",
            ),
            (
                json!({ "email": { "seen": "karla@example.org", "to": "karla" } }),
                "/email",
                "format",
            ),
            (
                json!({ "phone": { "seen": after.phone, "to": "x" } }),
                "/phone",
                "format",
            ),
            (
                json!({ "language": { "seen": "en", "to": "tlh" } }),
                "/language",
                "unknown",
            ),
        ] {
            let problem = facts(&app, &helper, id, form)
                .await
                .assert_problem(Code::InputInvalid);
            assert_eq!(
                (
                    problem.errors[0].pointer.as_str(),
                    problem.errors[0].code.as_str()
                ),
                (pointer, code)
            );
        }
        // Removed: an empty text is nothing.
        let form = json!({ "email": { "seen": "karla@example.org", "to": " " } });
        assert_eq!(facts(&app, &helper, id, form).await.status, StatusCode::OK);
        assert_eq!(detail(&app, &helper, id).await.email, None);

        let evaluator = logged_in(&app, Role::Evaluator, &[]).await;
        let form = json!({ "language": { "seen": "en", "to": "da" } });
        facts(&app, &evaluator, id, form.clone())
            .await
            .assert_problem(Code::AccessDenied);
        let other = seed::project(&app).await;
        let stranger = logged_in(&app, Role::ProjectLeader, &[other]).await;
        facts(&app, &stranger, id, form)
            .await
            .assert_problem(Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_role_that_is_not_measured_takes_the_open_measurements_away_and_back() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let id = register(
            &app,
            &helper,
            project,
            json!({ "respondent_type": "participant" }),
        )
        .await
        .id;
        let role = |seen: &str, to: &str| json!({ "respondent_type": { "seen": seen, "to": to } });
        let unmeasured = "volunteer_no_lived_experience";
        facts(&app, &helper, id, role("participant", unmeasured)).await;
        assert!(detail(&app, &helper, id).await.occasion_details.is_empty());
        facts(&app, &helper, id, role(unmeasured, "both")).await;
        assert_eq!(detail(&app, &helper, id).await.occasion_details.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn the_second_of_two_is_told_what_it_is_by_now() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let (one, two) = (
            logged_in(&app, Role::Helper, &[project]).await,
            logged_in(&app, Role::ProjectLeader, &[project]).await,
        );
        let form = json!({ "name": "Ane", "start": "2026-02-01", "phone": "11 11 11 11" });
        let id = register(&app, &one, project, form).await.id;
        let phone = detail(&app, &one, id).await.phone.unwrap();
        let start = |to: &str| json!({ "start": { "seen": "2026-02-01", "to": to } });
        assert_eq!(facts(&app, &one, id, start("2026-02-02")).await.status, StatusCode::OK);
        now_is(&facts(&app, &two, id, start("2026-02-03")).await, "/start", Some("2026-02-02"));
        assert_eq!(detail(&app, &one, id).await.line.start.unwrap().to_string(), "2026-02-02");
        // The same again is no quarrel, and another field is another thing.
        assert_eq!(facts(&app, &two, id, start("2026-02-02")).await.status, StatusCode::OK);
        let name = json!({ "name": { "seen": "Ane", "to": "Anne" } });
        assert_eq!(facts(&app, &two, id, name).await.status, StatusCode::OK);
        // All or nothing: one part that was changed meanwhile stops the other.
        let both = json!({ "name": { "seen": "Ane", "to": "Anna" }, "language": { "seen": "da", "to": "en" } });
        now_is(&facts(&app, &one, id, both).await, "/name", Some("Anne"));
        assert_eq!(detail(&app, &one, id).await.language, "da");

        for (to, first, second, pointer, current) in [
            (paths::PERSON_END, json!({ "end": "2026-02-20", "seen": null }), json!({ "end": "2026-02-21", "seen": null }), "/end", Some("2026-02-20")),
            (paths::PERSON_PHONE, json!({ "phone": "22 22 22 22", "seen": phone }), json!({ "phone": "33 33 33 33", "seen": phone }), "/phone", Some("22 22 22 22")),
            (paths::PERSON_PAUSE, json!({ "until": "2026-03-20", "seen": null }), json!({ "until": "2026-03-21", "seen": null }), "/until", Some("2026-03-20")),
            (paths::PERSON_CONTACT,
             json!({ "email": "x@example.org", "named_by_person": true, "seen": null }),
             json!({ "email": "y@example.org", "named_by_person": true, "seen": null }), "/email", Some("x@example.org")),
            (paths::PERSON_COURSE, json!({ "end_planned": "2026-08-01", "end_planned_seen": null }),
             json!({ "end_planned": "2026-08-02", "end_planned_seen": null }), "/end_planned", Some("2026-08-01")),
        ] {
            let answer = one.post(&app, &path(to, id), &first).await;
            assert!(answer.status.is_success(), "{to}: {}", answer.text());
            now_is(&two.post(&app, &path(to, id), &second).await, pointer, current);
        }
    })
    .await;
}

#[tokio::test]
async fn of_two_at_once_one_is_done_and_one_is_told() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        for _ in 0..4 {
            let id = register(&app, &helper, project, json!({ "start": "2026-02-01" }))
                .await
                .id;
            let start = |to: &str| json!({ "start": { "seen": "2026-02-01", "to": to } });
            let (a, b) = tokio::join!(
                facts(&app, &helper, id, start("2026-02-02")),
                facts(&app, &helper, id, start("2026-02-03"))
            );
            let (done, told) = match a.status {
                StatusCode::OK => (("2026-02-02"), b),
                _ => (("2026-02-03"), a),
            };
            now_is(&told, "/start", Some(done));
        }
    })
    .await;
}

#[tokio::test]
async fn a_person_goes_to_the_right_project_with_everything() {
    on_both(|app| async move {
        let first = seed::project(&app).await;
        let second = beside(&app, first).await;
        let foreign = seed::project(&app).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[first, second, foreign]).await;
        let id = register(&app, &leader, first, json!({ "code": "A-1" }))
            .await
            .id;
        let intake = detail(&app, &leader, id).await.occasion_details[0].id;
        let call = seed::call(&app, intake, "2026-03-02").await;
        register(&app, &leader, second, json!({ "code": "A-1" })).await;
        let to = path(paths::PERSON_PROJECT, id);
        let mut form = json!({ "seen": first, "to": second });
        let taken = leader
            .post(&app, &to, &form)
            .await
            .assert_problem(Code::InputInvalid);
        assert_eq!(
            (
                taken.errors[0].pointer.as_str(),
                taken.errors[0].code.as_str()
            ),
            ("/code", "taken")
        );
        form["code"] = json!("A-7");

        let only_first = logged_in(&app, Role::ProjectLeader, &[first]).await;
        let only_second = logged_in(&app, Role::ProjectLeader, &[second]).await;
        let refused = only_first
            .post(&app, &to, &form)
            .await
            .assert_problem(Code::InputInvalid);
        assert_eq!(
            (
                refused.errors[0].pointer.as_str(),
                refused.errors[0].code.as_str()
            ),
            ("/to", "unknown")
        );
        only_second
            .post(&app, &to, &form)
            .await
            .assert_problem(Code::NotFound);
        let helper = logged_in(&app, Role::Helper, &[first, second]).await;
        helper
            .post(&app, &to, &form)
            .await
            .assert_problem(Code::AccessDenied);
        let far = json!({ "seen": first, "to": foreign });
        let refused = leader
            .post(&app, &to, &far)
            .await
            .assert_problem(Code::InputInvalid);
        assert_eq!(refused.errors[0].code, "other_programme");

        let answer = leader.post(&app, &to, &form).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let moved = detail(&app, &only_second, id).await;
        assert_eq!((moved.project, moved.line.code.as_str()), (second, "A-7"));
        only_first
            .get(&app, &path(paths::PERSON, id))
            .await
            .assert_problem(Code::NotFound);
        let worklist: Worklist = only_second.get(&app, paths::WORKLIST).await.json();
        assert_eq!(worklist.calls.lines[0].call, call);
        let worklist: Worklist = only_first.get(&app, paths::WORKLIST).await.json();
        assert_eq!(worklist.calls.total, 0);
        let told = happenings(&app, &only_second, id).await;
        assert!(told.contains(&Happening::Moved {
            from: Some("P".to_owned()),
            to: Some("Q".to_owned())
        }));
        assert_eq!(
            deeds(&app, "person_moved", id).await,
            2,
            "in both projects' records"
        );
        // Somebody who still sees the first project on the screen.
        let third = beside_named(&app, first, "R").await;
        let late = logged_in(&app, Role::ProjectLeader, &[first, second, third]).await;
        now_is(
            &late
                .post(&app, &to, &json!({ "seen": first, "to": third }))
                .await,
            "/to",
            Some("Q"),
        );
    })
    .await;
}

async fn beside_named(app: &TestApp, first: Uuid, code: &str) -> Uuid {
    let db = app.state.db.read();
    let mut row = project::Entity::find_by_id(first)
        .one(db)
        .await
        .unwrap()
        .unwrap();
    (row.id, row.code) = (seed::fresh(app), code.to_owned());
    let id = row.id;
    row.into_active_model()
        .reset_all()
        .insert(db)
        .await
        .unwrap();
    id
}

#[tokio::test]
async fn a_registration_that_was_a_mistake_counts_nowhere_and_comes_back() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let form =
            json!({ "code": "A-1", "start": "2026-01-05", "respondent_type": "participant" });
        let id = register(&app, &leader, project, form).await.id;
        let counts = async || {
            let programmes: Vec<Programme> = leader.get(&app, paths::PROGRAMMES).await.json();
            let board: Board = leader
                .get(&app, &path(paths::PROJECT_BOARD, project))
                .await
                .json();
            let worklist: Worklist = leader.get(&app, paths::WORKLIST).await.json();
            let page: PersonPage = leader
                .get(&app, &path(paths::PROJECT_PERSONS, project))
                .await
                .json();
            let measured: u64 = board.kinds.iter().map(|k| k.total).sum();
            let waits = worklist.overdue.total
                + worklist.due.total
                + worklist.ends.total
                + worklist.calls.total;
            (
                programmes[0].projects[0].persons,
                board.started,
                measured,
                waits,
                page.persons.len(),
            )
        };
        assert_eq!(counts().await, (1, 1, 2, 1, 1));
        let to = path(paths::PERSON_DISCARD, id);
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        helper
            .post(&app, &to, &json!({ "why": "trial" }))
            .await
            .assert_problem(Code::AccessDenied);
        let answer = leader.post(&app, &to, &json!({ "why": "trial" })).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
        assert_eq!(counts().await, (0, 0, 0, 0, 0));

        let gone = detail(&app, &leader, id).await;
        assert_eq!(gone.not_asked, Some(WhyNotAsked::Discarded));
        let how = gone.discarded.unwrap();
        assert_eq!(
            (how.why, how.code.as_str()),
            (Some(DiscardReason::Trial), "A-1")
        );
        for to in [
            paths::PERSON_INVITATION,
            paths::PERSON_PAUSE,
            paths::PERSON_DISCARD,
        ] {
            let form = json!({ "why": "trial" });
            leader
                .post(&app, &path(to, id), &form)
                .await
                .assert_problem(Code::PersonDiscarded);
        }
        let course: PersonCourse = leader
            .get(&app, &path(paths::PERSON_COURSE, id))
            .await
            .json();
        assert!(course.steps.is_empty(), "{course:?}");
        let told = Happening::Discarded {
            why: Some(DiscardReason::Trial),
        };
        assert!(happenings(&app, &leader, id).await.contains(&told));

        let answer = leader.delete(&app, &to).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_eq!(answer.json::<PersonLine>().code, "A-1");
        assert_eq!(counts().await, (1, 1, 2, 1, 1));
        // The code was free meanwhile; whoever has it keeps it.
        leader.post(&app, &to, &json!({ "why": "mistake" })).await;
        register(&app, &leader, project, json!({ "code": "A-1" })).await;
        let back: PersonLine = leader.delete(&app, &to).await.json();
        assert_ne!(back.code, "A-1");
    })
    .await;
}

#[tokio::test]
async fn answers_are_never_lost_with_a_registration() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let (answered, silent) = (
            seed::someone(&app, project).await,
            seed::someone(&app, project).await,
        );
        let yes = || seed::consent(Purpose::Evaluation, true);
        phone::say(
            &app,
            &answered,
            vec![yes(), seed::response(&answered, "lsns-9", 2)],
        )
        .await;
        let discard = |id| path(paths::PERSON_DISCARD, id);
        let form = json!({ "why": "mistake" });
        leader
            .post(&app, &discard(answered.id), &form)
            .await
            .assert_problem(Code::PersonHasAnswers);
        let answer = leader.post(&app, &discard(silent.id), &form).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());

        // A phone behind the registration that was taken for a mistake: kept apart, and counted once that is taken back.
        let sent = vec![yes(), seed::response(&silent, "lsns-9", 1)];
        let results = phone::say(&app, &silent, sent).await;
        for result in &results {
            assert_eq!(
                (result.outcome, result.reason),
                (Outcome::Quarantined, Some(Reason::PersonDiscarded))
            );
        }
        leader.delete(&app, &discard(silent.id)).await;
        for result in &results {
            let to = path(paths::QUARANTINE_RESOLUTION, &result.id);
            let answer = leader.post(&app, &to, &json!({ "action": "retry" })).await;
            assert!(answer.status.is_success(), "{}", answer.text());
        }
        let counted = response::Entity::find()
            .filter(response::Column::PersonId.eq(silent.id))
            .count(app.state.db.read())
            .await;
        assert_eq!(counted.unwrap(), 1);
    })
    .await;
}

async fn bundle(app: &TestApp, someone: &Someone) -> PersonBundle {
    let request = request(axum::http::Method::GET, paths::OCCASION)
        .header("authorization", format!("Bearer {}", someone.secret));
    let answer = app
        .send(request.body(axum::body::Body::empty()).unwrap())
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn two_registrations_of_one_person_become_one_and_both_phones_go_on() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let (kept, other) = (
            seed::someone(&app, project).await,
            seed::someone(&app, project).await,
        );
        let yes = || seed::consent(Purpose::Evaluation, true);
        phone::say(
            &app,
            &kept,
            vec![yes(), seed::response(&kept, "mhrm-30", 1)],
        )
        .await;
        phone::say(
            &app,
            &other,
            vec![yes(), seed::response(&other, "mhrm-30", 3)],
        )
        .await;
        let name = |to: &str| json!({ "name": { "seen": null, "to": to } });
        facts(&app, &leader, kept.id, name("Karla")).await;
        facts(&app, &leader, other.id, name("Carla")).await;
        let late = json!({ "start": { "seen": "2026-03-02", "to": "2026-03-01" } });
        facts(&app, &leader, other.id, late).await;

        let to = path(paths::PERSON_MERGE, kept.id);
        let form = |save: bool| json!({ "other": other.id, "save": save });
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        helper
            .post(&app, &to, &form(true))
            .await
            .assert_problem(Code::AccessDenied);
        let tried: MergeEffect = leader.post(&app, &to, &form(false)).await.json();
        assert!(!tried.saved);
        assert_eq!((tried.responses, tried.consents, tried.ways_in), (1, 1, 1));
        let differs: Vec<_> = tried
            .differences
            .iter()
            .map(|d| (d.field.as_str(), d.kept.as_str(), d.other.as_str()))
            .collect();
        assert_eq!(
            differs,
            [
                ("name", "Karla", "Carla"),
                ("start", "2026-03-02", "2026-03-01")
            ]
        );
        assert!(
            detail(&app, &leader, other.id).await.discarded.is_none(),
            "only tried"
        );

        let done: MergeEffect = leader.post(&app, &to, &form(true)).await.json();
        assert_eq!((done.saved, &done.differences), (true, &tried.differences));
        let gone = detail(&app, &leader, other.id).await.discarded.unwrap();
        assert_eq!(
            (gone.why, gone.merged_into),
            (Some(DiscardReason::Merged), Some(kept.id))
        );
        assert_eq!(
            detail(&app, &leader, kept.id).await.line.name.as_deref(),
            Some("Karla")
        );

        // The phone of the other goes on in the names that it knows, with what it holds of before.
        let seen = bundle(&app, &other).await;
        assert_eq!(seen.person, other.id);
        assert_eq!(seen.occasions[0].id, other.intake);
        assert_eq!(bundle(&app, &kept).await.person, kept.id);
        let sent = vec![seed::response(&other, "lsns-9", 2)];
        let results = phone::say_at(&app, &other, 30, sent).await;
        assert_eq!(results[0].outcome, Outcome::Stored, "{results:?}");
        let all = phone::mine(&app, &kept).await;
        assert_eq!((all.responses.len(), all.consents.len()), (3, 2));
        // It answers, but whoever merges does not decide who reads back: that takes the PIN of the one that stays.
        phone::mine_answer(&app, &other.secret)
            .await
            .assert_problem(Code::DeviceUnknown);
        // Both questionnaires of the intake have arrived, over two phones: it is made.
        let intake = &detail(&app, &leader, kept.id).await.occasion_details[0];
        assert!(intake.instruments.iter().all(|i| i.answered), "{intake:?}");
        let told = happenings(&app, &leader, kept.id).await;
        assert!(
            told.iter()
                .any(|what| matches!(what, Happening::Merged { .. })),
            "{told:?}"
        );
        let programmes: Vec<Programme> = leader.get(&app, paths::PROGRAMMES).await.json();
        assert_eq!(programmes[0].projects[0].persons, 1);
        leader
            .delete(&app, &path(paths::PERSON_DISCARD, other.id))
            .await
            .assert_problem(Code::InputInvalid);

        // A stop said on the phone of the other stops the one.
        let stop: Vec<Event> = vec![seed::withdrawal(Scope::StopAsking)];
        phone::say_at(&app, &other, 60, stop).await;
        assert_eq!(
            detail(&app, &leader, kept.id).await.not_asked,
            Some(WhyNotAsked::Withdrawn)
        );
    })
    .await;
}

#[tokio::test]
async fn a_merge_of_a_merge_leads_every_phone_to_the_last() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let mut all = Vec::new();
        for _ in 0..3 {
            all.push(seed::someone(&app, project).await);
        }
        phone::say(
            &app,
            &all[0],
            vec![seed::consent(Purpose::Evaluation, true)],
        )
        .await;
        for (into, other) in [(1, 0), (2, 1)] {
            let form = json!({ "other": all[other].id, "save": true });
            let answer = leader
                .post(&app, &path(paths::PERSON_MERGE, all[into].id), &form)
                .await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        }
        for (n, someone) in all.iter().enumerate() {
            let seen = bundle(&app, someone).await;
            assert_eq!(
                (seen.person, seen.occasions[0].id),
                (someone.id, someone.intake)
            );
            let sent = vec![seed::response(someone, "lsns-9", 1)];
            let minute = 10 + i64::try_from(n).unwrap();
            let results = phone::say_at(&app, someone, minute, sent).await;
            assert_eq!(results[0].outcome, Outcome::Stored, "{results:?}");
        }
        let counted = response::Entity::find()
            .filter(response::Column::PersonId.eq(all[2].id))
            .filter(response::Column::OccasionId.eq(all[2].intake))
            .count(app.state.db.read())
            .await;
        assert_eq!(counted.unwrap(), 3);
    })
    .await;
}

#[tokio::test]
async fn an_end_and_a_call_that_were_written_down_wrongly_are_taken_back() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let form = json!({ "start": "2026-01-05", "respondent_type": "participant" });
        let id = register(&app, &helper, project, form).await.id;
        let days = async || {
            let found = detail(&app, &helper, id).await;
            let exit = found.occasion_details.into_iter().next_back().unwrap();
            (found.line.end.map(|d| d.to_string()), exit.due.is_some())
        };
        assert_eq!(days().await, (None, false));
        let to = path(paths::PERSON_END, id);
        helper
            .post(&app, &to, &json!({ "end": "2026-02-20" }))
            .await;
        assert_eq!(days().await, (Some("2026-02-20".to_owned()), true));
        let answer = helper
            .post(&app, &to, &json!({ "end": null, "seen": "2026-02-20" }))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_eq!(days().await, (None, false));
        assert!(
            happenings(&app, &helper, id)
                .await
                .contains(&Happening::EndConfirmed { on: None })
        );

        let intake = detail(&app, &helper, id).await.occasion_details[0].id;
        let call = seed::call(&app, intake, "2026-03-02").await;
        let to = path(paths::CALL_ATTEMPT, call);
        let tried = json!({ "outcome": "not_reached", "next_try": "2026-03-05" });
        helper.post(&app, &to, &tried).await;
        let wrong = helper
            .post(&app, &to, &json!({ "outcome": "declined" }))
            .await;
        assert_eq!(wrong.status, StatusCode::OK, "{}", wrong.text());
        let open = async || {
            let course: PersonCourse = helper
                .get(&app, &path(paths::PERSON_COURSE, id))
                .await
                .json();
            let step = course.steps.into_iter().find(|s| s.occasion == intake);
            step.map(|s| s.next)
        };
        assert_eq!(open().await, None, "a reason was given");
        let answer = helper.delete(&app, &to).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let next = open().await;
        assert!(
            matches!(next, Some(NextStep::CallOpen { attempts: 1, .. })),
            "{next:?}"
        );
        let told = happenings(&app, &helper, id).await;
        let back = Happening::CallTakenBack {
            outcome: Some(CallOutcome::Declined),
        };
        assert!(
            told.contains(&back) && told.contains(&Happening::Reason { reason: None }),
            "{told:?}"
        );
        assert_eq!(deeds(&app, "call_taken_back", id).await, 1);
        // A reason that was given elsewhere is not the call's to take back.
        let missed = json!({ "occasions": [intake], "reason": "other" });
        let given = helper.post(&app, paths::OCCASIONS_MISSED, &missed).await;
        assert_eq!(given.status, StatusCode::OK, "{}", given.text());
        helper
            .delete(&app, &to)
            .await
            .assert_problem(Code::Conflict);
        assert_eq!(open().await, None);
    })
    .await;
}
