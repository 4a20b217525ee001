//! What carries an id of the sender's is done once, however often it is sent.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use bedring_contract::paths;
use bedring_contract::problem::Code;
use bedring_contract::staff::{Invitation, PersonLine, Role};
use bedring_store::entities::{access_secret, audit, call_attempt, kept_answer, person};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use support::staff::{Browser, logged_in, path};
use support::{Answer, TestApp, on_both, request, seed};
use uuid::Uuid;

async fn send(
    app: &TestApp,
    staff: &Browser,
    key: &str,
    method: Method,
    path: &str,
    body: &Value,
) -> Answer {
    let request = request(method, path)
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, staff.cookie().unwrap())
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", key)
        .body(Body::from(body.to_string()))
        .unwrap();
    app.send(request).await
}

async fn post(app: &TestApp, staff: &Browser, key: &str, path: &str, body: &Value) -> Answer {
    send(app, staff, key, Method::POST, path, body).await
}

fn new_key(app: &TestApp) -> String {
    bedring_server::ports::uuid_v4(&*app.state.random).to_string()
}

async fn people(app: &TestApp, project: Uuid) -> u64 {
    person::Entity::find()
        .filter(person::Column::ProjectId.eq(project))
        .count(app.state.db.read())
        .await
        .unwrap()
}

async fn deeds(app: &TestApp, deed: &str) -> u64 {
    audit::Entity::find()
        .filter(audit::Column::Action.eq(deed))
        .count(app.state.db.read())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_person_who_is_sent_twice_is_one_person_and_one_answer() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let (key, to) = (new_key(&app), path(paths::PROJECT_PERSONS, project));
        let form = json!({ "name": "Karla Test" });
        let first = post(&app, &helper, &key, &to, &form).await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
        let second = post(&app, &helper, &key.to_uppercase(), &to, &form).await;
        assert_eq!(
            (second.status, second.text()),
            (first.status, first.text()),
            "the same answer, code and all"
        );
        assert_eq!(second.header("idempotency-replayed"), "true");
        assert_eq!(people(&app, project).await, 1);
        assert_eq!(deeds(&app, "registered").await, 1);

        // Something else under the same id is a mistake of whoever sends it, and is not done.
        let other = json!({ "name": "Karl Test" });
        let reused = post(&app, &helper, &key, &to, &other).await;
        reused.assert_problem(Code::RequestKeyReused);
        let pause = path(paths::PERSON_PAUSE, first.json::<PersonLine>().id);
        let reused = post(&app, &helper, &key, &pause, &form).await;
        reused.assert_problem(Code::RequestKeyReused);
        assert_eq!(people(&app, project).await, 1);

        // An id says nothing to another account.
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let theirs = post(&app, &leader, &key, &to, &form).await;
        assert_eq!(theirs.status, StatusCode::CREATED);
        assert_ne!(theirs.text(), first.text());
        assert_eq!(people(&app, project).await, 2);
        let no_id = post(&app, &leader, "17", &to, &form).await;
        no_id.assert_problem(Code::RequestMalformed);
    })
    .await;
}

#[tokio::test]
async fn of_many_at_once_exactly_one_is_done_and_all_get_its_answer() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let to = path(paths::PROJECT_PERSONS, project);
        for round in 1..=5 {
            let (key, form) = (new_key(&app), json!({}));
            let one = || post(&app, &helper, &key, &to, &form);
            let (a, b, c, d) = tokio::join!(one(), one(), one(), one());
            for answer in [&a, &b, &c, &d] {
                assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
                assert_eq!(answer.text(), a.text());
            }
            assert_eq!(people(&app, project).await, round);
        }
    })
    .await;
}

#[tokio::test]
async fn a_link_that_is_sent_for_twice_is_one_link_and_stands_nowhere() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let to = path(paths::PROJECT_PERSONS, project);
        let made = post(&app, &helper, &new_key(&app), &to, &json!({})).await;
        let id = made.json::<PersonLine>().id;
        let (key, to) = (new_key(&app), path(paths::PERSON_INVITATION, id));
        let first = post(&app, &helper, &key, &to, &json!({})).await;
        let second = post(&app, &helper, &key, &to, &json!({})).await;
        let (first, second): (Invitation, Invitation) = (first.json(), second.json());
        assert_eq!(
            (&first.link, &first.short_code),
            (&second.link, &second.short_code)
        );
        let ways = access_secret::Entity::find()
            .filter(access_secret::Column::PersonId.eq(id))
            .count(app.state.db.read())
            .await
            .unwrap();
        assert_eq!(ways, 2, "a link and a code");

        let secret = first.link.split('#').nth(1).unwrap().to_owned();
        for row in kept_answer::Entity::find()
            .all(app.state.db.read())
            .await
            .unwrap()
        {
            let sealed = row.answer_sealed.unwrap();
            let holds = |text: &str| sealed.windows(text.len()).any(|w| w == text.as_bytes());
            assert!(!holds(&secret) && !holds("short_code"));
            // The keys of the server do not open it either: what does is the sender's id, and that is not kept.
            assert!(app.state.keys.contact.decrypt(&sealed).is_err());
            assert_ne!(row.id, Uuid::parse_str(&key).unwrap().as_bytes());
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_turned_away_or_lost_is_told_apart() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let to = path(paths::PROJECT_PERSONS, project);
        let key = new_key(&app);
        let wrong = post(&app, &helper, &key, &to, &json!({ "email": "nobody" })).await;
        wrong.assert_problem(Code::InputInvalid);
        // Nothing was done, so the id is free for what was meant.
        let right = post(&app, &helper, &key, &to, &json!({ "code": "R-1" })).await;
        assert_eq!(right.status, StatusCode::CREATED, "{}", right.text());

        // As after a power cut between the deed and the answer.
        kept_answer::Entity::update_many()
            .col_expr(kept_answer::Column::Status, Expr::value(None::<i32>))
            .exec(app.state.db.read())
            .await
            .unwrap();
        let lost = post(&app, &helper, &key, &to, &json!({ "code": "R-1" })).await;
        lost.assert_problem(Code::RequestDoneBefore);
        assert_eq!(people(&app, project).await, 1);

        app.clock.advance(std::time::Duration::from_secs(11 * 3600));
        let again = logged_in(&app, Role::Helper, &[project]).await;
        app.clock
            .advance(std::time::Duration::from_secs(13 * 3600 + 60));
        let again = support::staff::session_of(&app, account_of(&app, &again).await).await;
        post(&app, &again, &new_key(&app), &to, &json!({})).await;
        let kept = kept_answer::Entity::find()
            .count(app.state.db.read())
            .await
            .unwrap();
        assert_eq!(kept, 1, "after a day nothing is kept");
    })
    .await;
}

async fn account_of(app: &TestApp, _: &Browser) -> Uuid {
    use bedring_store::entities::account;
    let mut all = account::Entity::find()
        .all(app.state.db.read())
        .await
        .unwrap();
    all.pop().unwrap().id
}

#[tokio::test]
async fn whoever_goes_away_in_the_middle_finds_it_done_once() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let to = path(paths::PROJECT_PERSONS, project);
        for milliseconds in [0, 1, 2, 4, 8, 16] {
            let before = people(&app, project).await;
            let (key, form) = (new_key(&app), json!({}));
            let wait = std::time::Duration::from_millis(milliseconds);
            let _ = tokio::time::timeout(wait, post(&app, &helper, &key, &to, &form)).await;
            let answer = post(&app, &helper, &key, &to, &form).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
            assert_eq!(people(&app, project).await, before + 1);
        }
    })
    .await;
}

#[tokio::test]
async fn every_kind_of_thing_is_done_once() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let to = path(paths::PROJECT_PERSONS, project);
        let form = json!({ "start": "2026-01-05", "respondent_type": "participant" });
        let made = post(&app, &leader, &new_key(&app), &to, &form).await;
        let id = made.json::<PersonLine>().id;
        let detail = leader.get(&app, &path(paths::PERSON, id)).await;
        let intake: Uuid = detail.json::<Value>()["occasion_details"][0]["id"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap();
        let call = {
            use bedring_server::followup::calls::open_call;
            use bedring_server::ports::Clock;
            use bedring_store::entities::call_task;
            let tx = app.state.db.begin().await.unwrap();
            let (random, now) = (&*app.state.random, app.clock.now());
            open_call(&*tx, random, intake, now.date_naive(), now)
                .await
                .unwrap();
            tx.commit().await.unwrap();
            let task = call_task::Entity::find().one(app.state.db.read()).await;
            task.unwrap().unwrap().id
        };
        let contact =
            json!({ "email": "ven@example.org", "instead": false, "named_by_person": true });
        for (deed, to, form) in [
            (
                "phone_changed",
                path(paths::PERSON_PHONE, id),
                json!({ "phone": "12 34 56 78" }),
            ),
            ("contact_named", path(paths::PERSON_CONTACT, id), contact),
            (
                "reminders_paused",
                path(paths::PERSON_PAUSE, id),
                json!({ "until": "2026-03-20" }),
            ),
            (
                "call_attempt",
                path(paths::CALL_ATTEMPT, call),
                json!({ "outcome": "not_reached", "next_try": "2026-03-04" }),
            ),
            (
                "call_owner",
                path(paths::CALL_OWNER, call),
                json!({ "owner": null }),
            ),
            (
                "course_facts",
                path(paths::PERSON_COURSE, id),
                json!({ "end_planned": "2026-08-01" }),
            ),
            (
                "course_ended",
                path(paths::PERSON_END, id),
                json!({ "end": "2026-03-01" }),
            ),
            (
                "occasion_missed",
                paths::OCCASIONS_MISSED.to_owned(),
                json!({ "occasions": [intake], "reason": "other" }),
            ),
            ("calendar_made", paths::CALENDAR.to_owned(), json!({})),
        ] {
            let key = new_key(&app);
            let first = post(&app, &leader, &key, &to, &form).await;
            assert!(first.status.is_success(), "{deed}: {}", first.text());
            let second = post(&app, &leader, &key, &to, &form).await;
            assert_eq!(
                (second.status, second.text()),
                (first.status, first.text()),
                "{deed}"
            );
            assert_eq!(deeds(&app, deed).await, 1, "{deed}");
        }
        let tries = call_attempt::Entity::find()
            .count(app.state.db.read())
            .await;
        assert_eq!(tries.unwrap(), 1);
        let (key, pause) = (new_key(&app), path(paths::PERSON_PAUSE, id));
        for _ in 0..2 {
            let ended = send(&app, &leader, &key, Method::DELETE, &pause, &Value::Null).await;
            assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.text());
        }
        assert_eq!(deeds(&app, "reminders_resumed").await, 1);
    })
    .await;
}

#[test]
fn the_document_names_the_header_wherever_staff_change_something() {
    let document: Value =
        serde_json::from_str(&bedring_server::http::openapi_json().unwrap()).unwrap();
    let named = |path: &str, method: &str| {
        let parameters = document["paths"][path][method]["parameters"].as_array();
        parameters.is_some_and(|all| all.iter().any(|p| p["name"] == "idempotency-key"))
    };
    assert!(named(paths::PROJECT_PERSONS, "post") && named(paths::PERSON_PAUSE, "delete"));
    assert!(!named(paths::PROJECT_PERSONS, "get") && !named(paths::JOURNAL, "post"));
}
