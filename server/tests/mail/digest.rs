//! The weekly mail to staff: its language, how to be rid of it without logging in, and the way back.

use axum::http::StatusCode;
use bedring_contract::paths;
use bedring_contract::staff::{AccountChoices, Role, StaffLanguage};
use bedring_store::entities::account_choice;
use serde_json::json;

use crate::choices::{page, post};
use crate::support::staff::{self, PASSWORD, account, session_of};
use crate::support::{seed, tables};
use crate::world::{World, with_mail};

const LEADER: &str = "leder@staff.example";

/// A leader with something overdue, who got this week's mail.
async fn told(world: &World) -> uuid::Uuid {
    let project = seed::project(&world.app).await;
    let id = account(&world.app, LEADER, Role::ProjectLeader, &[project]).await;
    let due = "2026-02-10";
    world.somebody_in(project, "a@people.example", due).await;
    world.work().await;
    assert_eq!(world.sink.to(LEADER).len(), 1);
    id
}

#[tokio::test]
async fn one_click_ends_it_without_logging_in_and_looking_does_not() {
    with_mail(|world| async move {
        told(&world).await;
        let mail = world.sink.to(LEADER).remove(0);
        let path = page(&world, LEADER);
        let link = mail.header("list-unsubscribe");
        assert_eq!(link, format!("<https://svar.example{path}>"));
        let one_click = "List-Unsubscribe=One-Click";
        assert_eq!(mail.header("list-unsubscribe-post"), one_click);
        for _ in 0..2 {
            let looked = world.app.get(&path).await;
            assert_eq!(looked.status, StatusCode::OK);
            let text = looked.text();
            assert!(text.contains("Stop ugens overblik"), "{text}");
            assert!(
                !text.contains("in_a_week") && !text.contains("\"again\""),
                "{text}"
            );
        }
        assert_eq!(tables::count::<account_choice::Entity>(&world.app).await, 0);
        world.live_to("2026-03-09T12:00:00", 30).await;
        assert_eq!(world.sink.to(LEADER).len(), 2, "it still comes");

        for _ in 0..2 {
            assert_eq!(post(&world, &path, one_click).await.status, StatusCode::OK);
        }
        world.live_to("2026-03-16T12:00:00", 30).await;
        assert_eq!(world.sink.to(LEADER).len(), 2, "no more");
        let english = world.app.get(&format!("{path}?lang=en")).await;
        let text = english.text();
        assert!(
            text.contains("Send me the week at a glance again"),
            "{text}"
        );
        // What is a person's choice is none of an account's.
        for other in [
            "choice=in_a_week",
            "choice=contact",
            "choice=later_today",
            "",
        ] {
            assert_eq!(post(&world, &path, other).await.status, StatusCode::OK);
        }
        world.live_to("2026-03-23T12:00:00", 30).await;
        assert_eq!(world.sink.to(LEADER).len(), 2);
        assert_eq!(
            post(&world, &path, "choice=again").await.status,
            StatusCode::OK
        );
        world.live_to("2026-03-30T12:00:00", 30).await;
        assert_eq!(world.sink.to(LEADER).len(), 3, "the way back");
        staff::disable(&world.app, LEADER).await;
        assert_eq!(world.app.get(&path).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn whoever_logs_in_chooses_language_and_whether_it_comes() {
    with_mail(|world| async move {
        let id = told(&world).await;
        // A session lasts a day, and weeks pass here.
        let leader = async || session_of(&world.app, id).await;
        let choices = async || -> AccountChoices {
            let answer = leader().await.get(&world.app, paths::ACCOUNT_CHOICES).await;
            answer.json()
        };
        let change = async |body: serde_json::Value| {
            leader()
                .await
                .post(&world.app, paths::ACCOUNT_CHOICES, &body)
                .await
        };
        let first = AccountChoices {
            language: None,
            weekly_digest: true,
        };
        assert_eq!(choices().await, first);
        for wrong in [json!({"language": "xx"}), json!({"weekly_digest": "no"})] {
            assert!(change(wrong).await.status.is_client_error());
        }
        assert_eq!(change(json!({})).await.json::<AccountChoices>(), first);
        assert_eq!(
            change(json!({"language": "en"})).await.status,
            StatusCode::OK
        );
        world.live_to("2026-03-09T12:00:00", 30).await;
        let english = world.sink.to(LEADER).remove(1);
        assert_eq!(english.header("subject"), "This week at a glance");
        assert!(english.text().contains("I do not want this mail"));
        assert_eq!(world.sink.to(LEADER)[0].header("subject"), "Ugens overblik");

        change(json!({"weekly_digest": false})).await;
        let off = AccountChoices {
            language: Some(StaffLanguage::En),
            weekly_digest: false,
        };
        assert_eq!(choices().await, off, "what was left out stayed");
        world.live_to("2026-03-16T12:00:00", 30).await;
        assert_eq!(world.sink.to(LEADER).len(), 2);
        change(json!({"weekly_digest": true})).await;
        world.live_to("2026-03-23T12:00:00", 30).await;
        assert_eq!(world.sink.to(LEADER).len(), 3);
    })
    .await;
}

#[tokio::test]
async fn what_was_claimed_does_not_go_after_a_no_and_logging_in_tells_the_language() {
    with_mail(|world| async move {
        let project = seed::project(&world.app).await;
        let id = account(&world.app, LEADER, Role::ProjectLeader, &[project]).await;
        let body = json!({"email": LEADER, "password": PASSWORD, "language": "en"});
        let browser = staff::Browser::default();
        let answer = browser.post(&world.app, paths::SESSION, &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let told = browser.get(&world.app, paths::ACCOUNT_CHOICES).await;
        assert_eq!(
            told.json::<AccountChoices>().language,
            Some(StaffLanguage::En)
        );
        // Without a language, what was chosen stays.
        staff::enter(&world.app, LEADER).await;
        let row = tables::row::<account_choice::Entity>(&world.app, id).await;
        assert_eq!(row.language.as_deref(), Some("en"));

        let due = "2026-02-10";
        world.somebody_in(project, "a@people.example", due).await;
        world.sink.behave(crate::support::smtp::Behaviour::NotNow);
        world.work().await;
        world.sink.behave(crate::support::smtp::Behaviour::Takes);
        browser
            .post(
                &world.app,
                paths::ACCOUNT_CHOICES,
                &json!({"weekly_digest": false}),
            )
            .await;
        world.live_to("2026-03-02T09:30:00", 5).await;
        assert_eq!(world.sink.to(LEADER).len(), 0);
        let states = world.states().await;
        assert!(
            states.contains(&("stopped".to_owned(), "unsubscribed".to_owned(), 1)),
            "{states:?}"
        );
    })
    .await;
}
