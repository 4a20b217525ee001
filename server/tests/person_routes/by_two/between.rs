//! What else happens to a person while a request to erase them waits.

use super::*;

#[tokio::test]
async fn whoever_is_moved_takes_the_request_along() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let other = seed::beside(&app, project, "Q").await;
        let someone = answered(&app, project).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let here = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let there = logged_in(&app, Role::ProjectLeader, &[other]).await;
        let both = logged_in(&app, Role::ProjectLeader, &[project, other]).await;
        let request = asks(&app, &helper, someone.id).await;
        let moved = json!({ "seen": project, "to": other });
        let moved = both
            .post(&app, &path(paths::PERSON_PROJECT, someone.id), &moved)
            .await;
        assert_eq!(moved.status, StatusCode::OK, "{}", moved.text());
        confirms(&app, &here, someone.id, request)
            .await
            .assert_problem(Code::NotFound);
        let refused = helper.delete(&app, &one(someone.id, request)).await;
        refused.assert_problem(Code::NotFound);
        let list: Worklist = here.get(&app, paths::WORKLIST).await.json();
        assert_eq!(list.erasures.total, 0);
        let list: Worklist = there.get(&app, paths::WORKLIST).await.json();
        assert_eq!(list.erasures.total, 1);
        let only = format!("{}?project={project}", paths::WORKLIST);
        let list: Worklist = both.get(&app, &only).await.json();
        assert_eq!(list.erasures.total, 0, "one project at a time");
        done(&confirms(&app, &there, someone.id, request).await);
        assert!(is_erased(&app, someone.id).await);
    })
    .await;
}

/// A phone that nobody vouched for asks for the erasure.
async fn stranger_erases(app: &TestApp, someone: &Someone) {
    let stranger = Device::new(&someone.secret, 9);
    let entry = seed::entry(app, seed::minute(20), seed::withdrawal(Scope::Erase), true);
    let body = String::from_utf8(phone::bytes(vec![entry])).unwrap();
    let answer = stranger
        .ask(app, Method::POST, paths::JOURNAL, Some(body))
        .await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
    assert_eq!(tables::count::<erasure_waiting::Entity>(app).await, 1);
}

async fn takes_own_back(app: &TestApp, someone: &Someone) -> Answer {
    let request = request(Method::POST, paths::ERASURE_TAKE_BACK)
        .header(header::AUTHORIZATION, format!("Bearer {}", someone.secret))
        .header(
            bedring_contract::device::DEVICE_HEADER,
            phone::token(&someone.secret),
        );
    app.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_persons_own_erasure_and_that_of_staff_do_not_meet() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;

        // One taken back leaves the other as it is, both ways.
        let kept = answered(&app, project).await;
        stranger_erases(&app, &kept).await;
        let request = asks(&app, &helper, kept.id).await;
        done(&takes_own_back(&app, &kept).await);
        assert_eq!(became(&app, request).await, None);
        done(&leader.delete(&app, &one(kept.id, request)).await);
        app.clock.advance(Duration::from_secs(8 * 86_400));
        while jobs::run_due(&app.state).await.unwrap() > 0 {}
        assert!(!is_erased(&app, kept.id).await);
        // Staff of eight days ago are logged out by now.
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;

        // Confirmed while the person's own waits: it is done at once, and what waited finds nothing to do.
        let gone = answered(&app, project).await;
        stranger_erases(&app, &gone).await;
        let request = asks(&app, &helper, gone.id).await;
        done(&confirms(&app, &leader, gone.id, request).await);
        assert!(is_erased(&app, gone.id).await);
        assert_eq!(tables::count::<erasure_waiting::Entity>(&app).await, 0);
        let said = tables::all::<consent::Entity>(&app).await;
        let mut erased = said.iter().filter(|c| c.person_id == gone.id);
        assert_eq!(
            erased
                .by_ref()
                .filter(|c| c.decision.contains("erase"))
                .count(),
            2
        );
        let at = tables::row::<person::Entity>(&app, gone.id).await.erased_at;
        app.clock.advance(Duration::from_secs(8 * 86_400));
        while jobs::run_due(&app.state).await.unwrap() > 0 {}
        let row = tables::row::<person::Entity>(&app, gone.id).await;
        assert_eq!(row.erased_at, at, "once");

        // The person is faster.
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let alone = answered(&app, project).await;
        let request = asks(&app, &helper, alone.id).await;
        phone::say_at(&app, &alone, 20, vec![seed::withdrawal(Scope::Erase)]).await;
        assert_eq!(became(&app, request).await.as_deref(), Some("by_person"));
        confirms(&app, &leader, alone.id, request)
            .await
            .assert_problem(Code::PersonErased);
        let rows = tables::all::<audit::Entity>(&app).await;
        let confirmed = rows.iter().filter(|r| r.action == "erasure_confirmed");
        assert_eq!(confirmed.count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_request_ends_with_its_registration() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;

        let silent = seed::someone(&app, project).await;
        let request = asks(&app, &helper, silent.id).await;
        let discard = path(paths::PERSON_DISCARD, silent.id);
        done(
            &leader
                .post(&app, &discard, &json!({ "why": "trial" }))
                .await,
        );
        assert_eq!(became(&app, request).await.as_deref(), Some("discarded"));
        confirms(&app, &leader, silent.id, request)
            .await
            .assert_problem(Code::PersonDiscarded);
        let restored = leader.delete(&app, &discard).await;
        assert_eq!(restored.status, StatusCode::OK, "{}", restored.text());
        confirms(&app, &leader, silent.id, request)
            .await
            .assert_problem(Code::ErasureClosed);

        // Whoever asked about one registration has not asked about the answers of another one: one leader alone could else merge
        // everybody into it, and confirm.
        let trial = seed::someone(&app, project).await;
        let someone = answered(&app, project).await;
        let requests = [
            asks(&app, &helper, trial.id).await,
            asks(&app, &helper, someone.id).await,
        ];
        let merge = path(paths::PERSON_MERGE, trial.id);
        let mut form = json!({ "other": someone.id, "save": false });
        let effect: MergeEffect = leader.post(&app, &merge, &form).await.json();
        assert_eq!((effect.requests_ended, effect.saved), (2, false));
        assert_eq!(became(&app, requests[0]).await, None, "only said");
        form["save"] = json!(true);
        let effect: MergeEffect = leader.post(&app, &merge, &form).await.json();
        assert_eq!((effect.requests_ended, effect.saved), (2, true));
        for request in requests {
            assert_eq!(became(&app, request).await.as_deref(), Some("merged"));
        }
        confirms(&app, &leader, trial.id, requests[0])
            .await
            .assert_problem(Code::ErasureClosed);
        assert!(!is_erased(&app, trial.id).await);
        assert_eq!(seen(&app, &leader, trial.id).await.held.responses, 1);
        // Asked again, with everything in sight.
        let request = asks(&app, &helper, trial.id).await;
        done(&confirms(&app, &leader, trial.id, request).await);
        assert!(is_erased(&app, trial.id).await);
        assert_eq!(tables::count::<response::Entity>(&app).await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_was_taken_back_stays_so_and_asked_again_is_another_request() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = answered(&app, project).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let colleague = logged_in(&app, Role::Helper, &[project]).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        for (reason, note, code) in [
            ("other", Value::Null, "required"),
            ("other", json!("  "), "required"),
            ("not_needed", json!("æ".repeat(301)), "too_long"),
        ] {
            let form = json!({ "why": reason, "note": note });
            let refused = helper.post(&app, &about(someone.id), &form).await;
            let problem = refused.assert_problem(Code::InputInvalid);
            let field = &problem.errors[0];
            assert_eq!(
                (field.pointer.as_str(), field.code.as_str()),
                ("/note", code)
            );
        }
        let first = asks(&app, &helper, someone.id).await;
        let refused = colleague.delete(&app, &one(someone.id, first)).await;
        refused.assert_problem(Code::AccessDenied);
        done(&helper.delete(&app, &one(someone.id, first)).await);
        assert_eq!(became(&app, first).await.as_deref(), Some("taken_back"));
        confirms(&app, &leader, someone.id, first)
            .await
            .assert_problem(Code::ErasureClosed);
        let twice = helper.delete(&app, &one(someone.id, first)).await;
        twice.assert_problem(Code::ErasureClosed);
        assert!(!is_erased(&app, someone.id).await);

        let second = asks(&app, &helper, someone.id).await;
        assert_ne!(first, second);
        confirms(&app, &leader, someone.id, first)
            .await
            .assert_problem(Code::ErasureClosed);
        // The second one may say no as well.
        done(&leader.delete(&app, &one(someone.id, second)).await);
        let mine = phone::mine(&app, &someone).await;
        let told = |what: &str| mine.seen_by.iter().filter(|s| s.what == what).count();
        assert_eq!(told("erasure_requested"), 2);
        assert_eq!(told("erasure_request_taken_back"), 2);
        assert_eq!(mine.responses.len(), 1);
    })
    .await;
}
