//! What is known of a person is put right, and the second of two is told.

use super::*;

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
