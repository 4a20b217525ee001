//! What staff see of people, and what they change about them.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/mod.rs"]
mod support;

mod days;

use axum::http::StatusCode;
use bedring_contract::paths;
use bedring_contract::person::PersonBundle;
use bedring_contract::problem::Code;
use bedring_contract::staff::{Invitation, PersonDetail, PersonLine, PersonPage, Role};
use bedring_domain::consent::{Purpose, Scope};
use bedring_domain::course::{OccasionKind, OccasionState};
use bedring_store::entities::{access_secret, audit, contact};
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use support::staff::{Browser, logged_in, path};
use support::{TestApp, on_both, seed};
use uuid::Uuid;

async fn register(app: &TestApp, staff: &Browser, project: Uuid, form: Value) -> PersonLine {
    let answer = staff
        .post(app, &path(paths::PROJECT_PERSONS, project), &form)
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()
}

async fn page(app: &TestApp, staff: &Browser, project: Uuid, query: &str) -> PersonPage {
    let answer = staff
        .get(app, &(path(paths::PROJECT_PERSONS, project) + query))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

fn codes(page: &PersonPage) -> Vec<&str> {
    page.persons.iter().map(|p| p.code.as_str()).collect()
}

#[tokio::test]
async fn a_person_is_registered_with_two_occasions_and_an_encrypted_name() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let form = json!({ "code": " A-1 ", "name": "Åse Ø", "email": "aase@example.org",
            "respondent_type": "both", "start": "2026-02-01" });
        let line = register(&app, &helper, project, form).await;
        assert_eq!(
            (line.code.as_str(), line.name.as_deref()),
            ("A-1", Some("Åse Ø"))
        );
        assert_eq!(line.start.unwrap().to_string(), "2026-02-01");
        let states: Vec<_> = line.occasions.iter().map(|o| (o.kind, o.state)).collect();
        assert_eq!(
            states,
            [
                // Due by 15 February, a fortnight's grace until 1 March; today is 2 March.
                (OccasionKind::Intake, OccasionState::Overdue),
                (OccasionKind::Exit, OccasionState::Planned)
            ]
        );
        // facts.md: volunteers are measured only if they have lived experience themselves.
        let form = json!({ "respondent_type": "volunteer_no_lived_experience" });
        let unmeasured = register(&app, &helper, project, form).await;
        assert!(unmeasured.occasions.is_empty());

        let row = contact::Entity::find_by_id(line.id)
            .one(app.state.db.read())
            .await
            .unwrap()
            .unwrap();
        for sealed in [row.name_sealed.unwrap(), row.email_sealed.unwrap()] {
            assert!(
                !sealed
                    .windows(3)
                    .any(|w| w == "Åse".as_bytes() || w == b"aas")
            );
        }
        let detail: PersonDetail = helper.get(&app, &path(paths::PERSON, line.id)).await.json();
        assert_eq!(detail.email.as_deref(), Some("aase@example.org"));
        assert_eq!(
            (detail.project, detail.project_code.as_str()),
            (project, "P")
        );
        let asked: Vec<&str> = detail.occasion_details[0]
            .instruments
            .iter()
            .map(|i| i.edition.instrument.as_str())
            .collect();
        assert_eq!(asked, ["mhrm-30", "lsns-9"]);

        let evaluator = logged_in(&app, Role::Evaluator, &[]).await;
        let answer = evaluator.get(&app, &path(paths::PERSON, line.id)).await;
        assert!(
            !answer.text().contains("Åse") && !answer.text().contains("aase"),
            "{}",
            answer.text()
        );

        let today = register(&app, &helper, project, json!({})).await;
        assert_eq!(today.start.unwrap().to_string(), "2026-03-02");
        assert!(
            today.name.is_none() && today.code.len() >= 4,
            "{}",
            today.code
        );
    })
    .await;
}

#[tokio::test]
async fn fields_that_are_not_right_are_named() {
    on_both(|app| async move {
        let (project, other) = (seed::project(&app).await, seed::project(&app).await);
        let leader = logged_in(&app, Role::ProjectLeader, &[project, other]).await;
        register(&app, &leader, project, json!({ "code": "A-1" })).await;
        let long = "x".repeat(201);
        for (form, pointer, code) in [
            (json!({ "code": "A-1" }), "/code", "taken"),
            (
                json!({ "code": "010170-1234" }),
                "/code",
                "not_pseudonymous",
            ),
            (json!({ "code": long }), "/code", "too_long"),
            (json!({ "name": long }), "/name", "too_long"),
            (json!({ "email": "aase@" }), "/email", "format"),
        ] {
            let answer = leader
                .post(&app, &path(paths::PROJECT_PERSONS, project), &form)
                .await;
            let problem = answer.assert_problem(Code::InputInvalid);
            let told: Vec<_> = problem
                .errors
                .iter()
                .map(|e| (e.pointer.as_str(), e.code.as_str()))
                .collect();
            assert_eq!(told, [(pointer, code)], "{form}");
        }
        register(&app, &leader, other, json!({ "code": "A-1" })).await;
        assert_eq!(
            codes(&page(&app, &leader, project, "").await),
            ["A-1"],
            "nothing half done"
        );
    })
    .await;
}

#[tokio::test]
async fn the_list_comes_in_pages_and_finds_codes_and_names() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        for (code, name) in [
            ("C-3", "Bo"),
            ("A-1", "Åse Holm"),
            ("B-2", "Ida Holm"),
            ("D-4", ""),
        ] {
            register(
                &app,
                &leader,
                project,
                json!({ "code": code, "name": name }),
            )
            .await;
        }
        let first = page(&app, &leader, project, "?limit=3").await;
        assert_eq!(
            (codes(&first), first.next.as_deref()),
            (vec!["A-1", "B-2", "C-3"], Some("C-3"))
        );
        let last = page(&app, &leader, project, "?limit=3&after=C-3").await;
        assert_eq!((codes(&last), last.next.as_deref()), (vec!["D-4"], None));
        assert_eq!(last.persons[0].name, None);
        assert_eq!(
            codes(&page(&app, &leader, project, "?q=hOLM").await),
            ["A-1", "B-2"]
        );
        assert_eq!(
            codes(&page(&app, &leader, project, "?q=%C3%A5se").await),
            ["A-1"]
        );
        let found = page(&app, &leader, project, "?q=holm&limit=1").await;
        assert_eq!(
            (codes(&found), found.next.as_deref()),
            (vec!["A-1"], Some("A-1"))
        );
        assert_eq!(
            codes(&page(&app, &leader, project, "?q=holm&limit=1&after=A-1").await),
            ["B-2"]
        );
        assert_eq!(codes(&page(&app, &leader, project, "?q=-4").await), ["D-4"]);
        assert_eq!(
            codes(&page(&app, &leader, project, "?q=%25").await),
            Vec::<&str>::new()
        );

        let evaluator = logged_in(&app, Role::Evaluator, &[]).await;
        let seen = page(&app, &evaluator, project, "").await;
        assert!(seen.persons.len() == 4 && seen.persons.iter().all(|p| p.name.is_none()));
        assert!(
            codes(&page(&app, &evaluator, project, "?q=holm").await).is_empty(),
            "names stay unknown"
        );
    })
    .await;
}

#[tokio::test]
async fn an_invitation_opens_the_questionnaires_by_link_and_by_code() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let person = register(&app, &helper, project, json!({})).await;
        app.clock.advance(std::time::Duration::from_secs(1));
        let answer = helper
            .post(&app, &path(paths::PERSON_INVITATION, person.id), &json!({}))
            .await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        let invitation: Invitation = answer.json();
        let (address, secret) = invitation.link.split_once('#').unwrap();
        assert_eq!((address, secret.len()), ("http://localhost:8080/s", 22));
        assert!(invitation.qr_svg.starts_with("<svg") && !invitation.qr_svg.contains("style"));
        assert_eq!(
            (invitation.link_expires - app.state.clock.now()).num_days(),
            400
        );
        assert_eq!(
            (invitation.short_code_expires - app.state.clock.now()).num_days(),
            14
        );

        let card = invitation.card.as_ref().unwrap();
        // mhrm-30 has 30 items and lsns-9 has 9; this programme says neither who asks nor how long it takes.
        assert_eq!(
            (card.senders.len(), card.questions, card.minutes),
            (0, 39, None)
        );

        let bundle = |secret: String| {
            let app = &app;
            async move {
                let request = support::request(axum::http::Method::GET, paths::OCCASION)
                    .header("authorization", format!("Bearer {secret}"));
                let answer = app
                    .send(request.body(axum::body::Body::empty()).unwrap())
                    .await;
                assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
                answer.json::<PersonBundle>().person
            }
        };
        assert_eq!(bundle(secret.to_owned()).await, person.id);
        let typed = json!({ "code": invitation.short_code.to_lowercase() });
        let exchanged: Value = app.post(paths::EXCHANGE, &typed).await.json();
        assert_eq!(
            bundle(exchanged["secret"].as_str().unwrap().to_owned()).await,
            person.id
        );
        app.post(paths::EXCHANGE, &typed)
            .await
            .assert_problem(Code::CodeUnknown);

        let secrets = access_secret::Entity::find()
            .all(app.state.db.read())
            .await
            .unwrap();
        assert!(
            secrets
                .iter()
                .all(|s| s.secret_hash != secret.as_bytes() && s.secret_hash.len() == 32)
        );
        let log = audit::Entity::find()
            .filter(audit::Column::PersonId.eq(person.id))
            .order_by_asc(audit::Column::Id)
            .all(app.state.db.read())
            .await
            .unwrap();
        let deeds: Vec<_> = log
            .iter()
            .map(|a| (a.action.as_str(), a.role.as_str()))
            .collect();
        assert_eq!(deeds, [("registered", "helper"), ("invitation", "helper")]);
        assert!(
            log.iter()
                .all(|a| a.account_id.is_some() && a.project_id == Some(project))
        );
    })
    .await;
}

#[tokio::test]
async fn whoever_said_no_withdrew_or_erased_everything_is_not_asked_again() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        for (events, code) in [
            (
                vec![seed::consent(Purpose::Evaluation, false)],
                Code::PersonUnwilling,
            ),
            (
                vec![
                    seed::consent(Purpose::Evaluation, true),
                    seed::withdrawal(Scope::StopAsking),
                ],
                Code::PersonUnwilling,
            ),
            (vec![seed::withdrawal(Scope::Erase)], Code::PersonErased),
        ] {
            let someone = seed::someone(&app, project).await;
            support::phone::say(&app, &someone, events).await;
            for (template, form) in [
                (paths::PERSON_INVITATION, json!({})),
                (paths::PERSON_END, json!({ "end": "2026-05-01" })),
            ] {
                leader
                    .post(&app, &path(template, someone.id), &form)
                    .await
                    .assert_problem(code);
            }
        }
    })
    .await;
}
