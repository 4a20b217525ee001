//! Two registrations of one person.

use super::*;

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
