//! A registration that was a mistake.

use super::*;

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
