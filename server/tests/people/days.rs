//! Days of a course that staff write down.

use super::*;

#[tokio::test]
async fn a_day_lies_between_1900_and_2100_wherever_it_is_written_down() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let persons = path(paths::PROJECT_PERSONS, project);
        let administrator = logged_in(&app, Role::Administrator, &[]).await;
        // An agreed start may lie ahead.
        let form = json!({ "start": "2026-09-01" });
        let person = register(&app, &leader, project, form).await.id;
        for day in [
            "0025-03-01",
            "1899-12-31",
            "2101-01-01",
            "+262142-12-31",
            "-262143-01-01",
        ] {
            for (path, form, pointer) in [
                (persons.clone(), json!({ "start": day }), "/start"),
                (
                    path(paths::PERSON_END, person),
                    json!({ "end": day }),
                    "/end",
                ),
                (
                    path(paths::PERSON_COURSE, person),
                    json!({ "end_planned": day }),
                    "/end_planned",
                ),
                (
                    path(paths::PERSON_COURSE, person),
                    json!({ "still_enrolled": day }),
                    "/still_enrolled",
                ),
                (
                    path(paths::PROJECT_STATUS, project),
                    json!({ "status": "exempt", "on": day }),
                    "/on",
                ),
            ] {
                let browser = if pointer == "/on" {
                    &administrator
                } else {
                    &leader
                };
                let answer = browser.post(&app, &path, &form).await;
                let problem = answer.assert_problem(Code::InputInvalid);
                let error = &problem.errors[0];
                assert_eq!(
                    (error.pointer.as_str(), error.code.as_str()),
                    (pointer, "out_of_range"),
                    "{path} {day}"
                );
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_end_of_a_course_opens_the_exit() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let form = json!({ "start": "2026-02-01" });
        let person = register(&app, &leader, project, form).await;
        let end = path(paths::PERSON_END, person.id);
        let early = leader
            .post(&app, &end, &json!({ "end": "2026-01-31" }))
            .await;
        assert_eq!(
            early.assert_problem(Code::InputInvalid).errors[0].pointer,
            "/end"
        );
        let state = |line: &PersonLine| line.occasions[1].state;
        let later: PersonLine = leader
            .post(&app, &end, &json!({ "end": "2026-03-03" }))
            .await
            .json();
        assert_eq!(state(&later), OccasionState::Planned);
        let today: PersonLine = leader
            .post(&app, &end, &json!({ "end": "2026-03-02" }))
            .await
            .json();
        assert_eq!(
            (state(&today), today.end.unwrap().to_string()),
            (OccasionState::Open, "2026-03-02".to_owned())
        );
        let detail: PersonDetail = leader
            .get(&app, &path(paths::PERSON, person.id))
            .await
            .json();
        let exit = &detail.occasion_details[1];
        assert_eq!(
            (exit.kind, exit.state),
            (OccasionKind::Exit, OccasionState::Open)
        );
        assert_eq!(exit.due.unwrap().to_string(), "2026-03-16");
        assert_eq!(
            detail.occasion_details[0].opens.unwrap().to_string(),
            "2026-02-01",
            "untouched"
        );
        leader
            .post(&app, &end, &json!({ "end": "i morgen" }))
            .await
            .assert_problem(Code::RequestMalformed);
    })
    .await;
}
