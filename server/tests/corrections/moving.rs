//! A person goes to another project.

use super::*;

#[tokio::test]
async fn a_person_goes_to_the_right_project_with_everything() {
    on_both(|app| async move {
        let first = seed::project(&app).await;
        let second = seed::beside(&app, first, "Q").await;
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
        let third = seed::beside(&app, first, "R").await;
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
