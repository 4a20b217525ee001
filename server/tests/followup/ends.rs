//! The question about the end of a course, and its answers.

use bedring_contract::followup::CourseKnown;
use bedring_contract::problem::Code;
use bedring_domain::consent::Scope;

use super::*;
use crate::support::{on_both, phone, seed};

async fn answer(app: &TestApp, staff: &Browser, person: Uuid, form: Value) -> CourseKnown {
    let answer = staff
        .post(app, &path(paths::PERSON_COURSE, person), &form)
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

async fn asked(app: &TestApp, staff: &Browser) -> Vec<(Uuid, String)> {
    let ends = worklist(app, staff).await.ends;
    assert_eq!(ends.total, ends.lines.len() as u64);
    let lines = ends.lines.into_iter();
    lines.map(|l| (l.who.person, l.since.to_string())).collect()
}

#[tokio::test]
async fn after_half_a_year_the_question_opens_and_every_answer_closes_it_in_its_own_way() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        // 180 days before 2 March 2026 is 3 September 2025.
        let person = register(
            &app,
            project,
            json!({ "start": "2025-09-03", "name": "Bo" }),
        )
        .await
        .id;
        let later = register(&app, project, json!({ "start": "2025-09-04" }))
            .await
            .id;
        let staff = leader(&app, project).await;
        assert_eq!(
            asked(&app, &staff).await,
            [(person, "2026-03-02".to_owned())]
        );
        let line = worklist(&app, &staff).await.ends.lines.remove(0);
        assert_eq!(
            (line.who.name.as_deref(), line.who.project_code.as_str()),
            (Some("Bo"), "P")
        );

        // Still enrolled: asked again 180 days after that day.
        let known = answer(
            &app,
            &staff,
            person,
            json!({ "still_enrolled": "2026-03-01" }),
        )
        .await;
        assert_eq!(known.ask_on, Some(day("2026-08-28")));
        assert!(asked(&app, &staff).await.is_empty());
        // An earlier day that is told later does not count.
        let known = answer(
            &app,
            &staff,
            person,
            json!({ "still_enrolled": "2026-02-01" }),
        )
        .await;
        assert_eq!(known.still_enrolled, Some(day("2026-03-01")));

        // A planned end is asked about on the day after it.
        let known = answer(&app, &staff, later, json!({ "end_planned": "2026-03-01" })).await;
        assert_eq!(known.ask_on, Some(day("2026-03-02")));
        assert_eq!(
            asked(&app, &staff).await,
            [(later, "2026-03-02".to_owned())]
        );

        // Nobody can say: an answer, until somebody can.
        let known = answer(&app, &staff, later, json!({ "end_cannot_be_told": true })).await;
        assert_eq!((known.end_cannot_be_told, known.ask_on), (true, None));
        assert_eq!(known.end_planned, Some(day("2026-03-01")), "stays known");
        assert!(asked(&app, &staff).await.is_empty());
        answer(&app, &staff, later, json!({ "end_cannot_be_told": false })).await;
        assert_eq!(asked(&app, &staff).await.len(), 1);

        // The day itself.
        end_course(&app, project, later, "2026-02-27").await;
        assert!(asked(&app, &staff).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_end_as_planned_gives_occasions_their_days() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        replan(&app, project, |plan| {
            plan.course.occasions[1].anchor = bedring_domain::course::Anchor::EndPlanned;
        })
        .await;
        let person = register(&app, project, json!({})).await.id;
        let staff = leader(&app, project).await;
        answer(&app, &staff, person, json!({ "end_planned": "2026-06-30" })).await;
        let exit = &occasions(&app, person).await[1];
        assert_eq!(exit.due_on, Some(day("2026-07-14")));
    })
    .await;
}

#[tokio::test]
async fn answers_that_cannot_be_right_are_told() {
    on_both(|app| async move {
        let (project, other) = (seed::project(&app).await, seed::project(&app).await);
        let person = register(&app, project, json!({ "start": "2026-02-01" }))
            .await
            .id;
        let staff = leader(&app, project).await;
        let course = path(paths::PERSON_COURSE, person);
        for (form, pointer, code) in [
            (json!({}), "", "required"),
            (
                json!({ "end_planned": "2026-01-31" }),
                "/end_planned",
                "before_start",
            ),
            (
                json!({ "still_enrolled": "2026-03-03" }),
                "/still_enrolled",
                "in_future",
            ),
            (
                json!({ "still_enrolled": "2026-01-31" }),
                "/still_enrolled",
                "before_start",
            ),
        ] {
            let problem = staff
                .post(&app, &course, &form)
                .await
                .assert_problem(Code::InputInvalid);
            let told = &problem.errors[0];
            assert_eq!((told.pointer.as_str(), told.code.as_str()), (pointer, code));
        }
        let form = json!({ "end_cannot_be_told": true });
        let elsewhere = leader(&app, other).await;
        elsewhere
            .post(&app, &course, &form)
            .await
            .assert_problem(Code::NotFound);
        for (scope, code) in [
            (Scope::StopAsking, Code::PersonUnwilling),
            (Scope::Erase, Code::PersonErased),
        ] {
            let someone = seed::someone(&app, project).await;
            phone::say(&app, &someone, vec![seed::withdrawal(scope)]).await;
            staff
                .post(&app, &path(paths::PERSON_COURSE, someone.id), &form)
                .await
                .assert_problem(code);
        }
    })
    .await;
}
