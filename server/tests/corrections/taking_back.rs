//! What staff wrote down wrongly about a course is taken back.

use super::*;

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
