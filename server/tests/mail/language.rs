//! The language follows the person: who reads and answers in English gets mails, the pages behind them and the next questionnaire in English.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use bedring_contract::paths;
use bedring_contract::person::PersonBundle;
use bedring_contract::staff::Role;
use bedring_domain::journal::{Event, Outcome};
use bedring_server::ports::Clock;
use chrono::{DateTime, FixedOffset, TimeDelta};
use serde_json::json;

use crate::choices::page;
use crate::support::seed::Someone;
use crate::support::staff::{Browser, path};
use crate::support::{phone, request, seed, staff};
use crate::world::{World, with_mail};

fn read(language: &str) -> Event {
    Event::LetterRead {
        letter: "1".to_owned(),
        language: language.to_owned(),
    }
}

fn answered(someone: &Someone, language: &str) -> Event {
    let mut event = seed::response(someone, "lsns-9", 2);
    if let Event::ResponseSubmitted(response) = &mut event {
        language.clone_into(&mut response.language);
    }
    event
}

async fn bundle(world: &World, someone: &Someone) -> PersonBundle {
    let request = request(Method::GET, paths::OCCASION)
        .header(header::AUTHORIZATION, format!("Bearer {}", someone.secret));
    let answer = world.app.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

async fn language(world: &World, someone: &Someone) -> (String, bool) {
    let bundle = bundle(world, someone).await;
    (bundle.language, bundle.language_said)
}

fn told(language: &str) -> (String, bool) {
    (language.to_owned(), true)
}

/// The person's phone delivers what was said at a moment, whenever it arrives.
async fn said(world: &World, someone: &Someone, at: DateTime<FixedOffset>, event: Event) {
    let entries = vec![seed::entry(&world.app, at, event, true)];
    let results = phone::deliver(&world.app, &someone.secret, &seed::delivery(entries)).await;
    assert_eq!(results[0].outcome, Outcome::Stored, "{results:?}");
}

#[tokio::test]
async fn mails_pages_and_the_next_questionnaire_come_in_the_language_that_was_read() {
    with_mail(|world| async move {
        let someone = world.somebody("a@people.example", "2026-03-02").await;
        assert_eq!(language(&world, &someone).await, told("da"));
        world.app.clock.advance(std::time::Duration::from_secs(60));
        world.says(&someone, vec![read("en")]).await;
        assert_eq!(language(&world, &someone).await, told("en"));
        world.live_to("2026-03-02T10:00:00", 60).await;
        let mail = world.sink.all().remove(0);
        assert_eq!(
            mail.header("subject"),
            "A few questions are waiting for you"
        );
        assert!(mail.text().starts_with("Hello"), "{}", mail.text());
        let choices = world.app.get(&page(&world, "a@people.example")).await;
        assert!(choices.text().contains("<html lang=\"en\">"));
        assert!(choices.text().contains("When may we write again?"));
        // Answering in Danish turns it back.
        world.says(&someone, vec![answered(&someone, "da")]).await;
        assert_eq!(language(&world, &someone).await, told("da"));
        world.live_to("2026-03-06T10:30:00", 60).await;
        assert_eq!(
            world.sink.all()[1].header("subject"),
            "Et par spørgsmål venter på dig"
        );
    })
    .await;
}

#[tokio::test]
async fn the_last_choice_wins_in_whatever_order_it_arrives() {
    with_mail(|world| async move {
        let project = seed::project(&world.app).await;
        let start = world.app.clock.now().fixed_offset() - TimeDelta::hours(8);
        let steps = ["da", "en", "da", "en"];
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 3, 0, 1], [1, 3, 2, 0]] {
            let someone = seed::someone(&world.app, project).await;
            assert_eq!(
                language(&world, &someone).await,
                ("da".to_owned(), false),
                "as registered"
            );
            for step in order {
                let at = start + TimeDelta::hours(i64::try_from(step).unwrap());
                said(&world, &someone, at, read(steps[step])).await;
            }
            assert_eq!(language(&world, &someone).await, told("en"), "{order:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_staff_type_and_what_nobody_speaks_says_nothing() {
    with_mail(|world| async move {
        let project = seed::project(&world.app).await;
        let someone = seed::someone(&world.app, project).await;
        let at = world.app.clock.now().fixed_offset();
        for strange in ["de", "EN", ""] {
            said(&world, &someone, at, read(strange)).await;
            assert_eq!(language(&world, &someone).await, ("da".to_owned(), false));
        }
        let helper = staff::logged_in(&world.app, Role::Helper, &[project]).await;
        let entry = seed::entry_about(&world.app, Some(someone.id), at, read("en"), true);
        let delivery = seed::delivery(vec![entry]);
        let answer = helper.post(&world.app, paths::JOURNAL, &delivery).await;
        assert!(answer.status.is_success(), "{}", answer.text());
        assert_eq!(language(&world, &someone).await, ("da".to_owned(), false));
    })
    .await;
}

/// Staff set the language.
async fn set(world: &World, staff: &Browser, someone: &Someone, seen: &str, to: &str) {
    let form = json!({ "language": { "seen": seen, "to": to } });
    let target = path(paths::PERSON_FACTS, someone.id);
    let answer = staff.post(&world.app, &target, &form).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}

#[tokio::test]
async fn of_what_the_person_used_and_what_staff_set_the_later_holds() {
    with_mail(|world| async move {
        let project = seed::project(&world.app).await;
        let helper = staff::logged_in(&world.app, Role::Helper, &[project]).await;
        let someone = seed::someone(&world.app, project).await;
        let now = || world.app.clock.now().fixed_offset();
        let before = now();
        world
            .app
            .clock
            .advance(std::time::Duration::from_secs(3600));
        set(&world, &helper, &someone, "da", "en").await;
        assert_eq!(language(&world, &someone).await, told("en"));
        // What the person read before, on a phone without a network, comes in afterwards.
        said(&world, &someone, before, read("da")).await;
        assert_eq!(language(&world, &someone).await, told("en"));
        world
            .app
            .clock
            .advance(std::time::Duration::from_secs(3600));
        says_now(&world, &someone, read("da")).await;
        assert_eq!(language(&world, &someone).await, told("da"));
        world
            .app
            .clock
            .advance(std::time::Duration::from_secs(3600));
        set(&world, &helper, &someone, "da", "en").await;
        assert_eq!(language(&world, &someone).await, told("en"));
    })
    .await;
}

/// By a clock that is right.
async fn says_now(world: &World, someone: &Someone, event: Event) {
    let now = world.app.clock.now().fixed_offset();
    let entry = seed::entry(&world.app, now, event, true);
    let mut delivery = seed::delivery(vec![entry]);
    delivery.sent_at = now.into();
    let results = phone::deliver(&world.app, &someone.secret, &delivery).await;
    assert_eq!(results[0].outcome, Outcome::Stored, "{results:?}");
}

#[tokio::test]
async fn two_registrations_that_become_one_keep_the_last_language_of_both() {
    with_mail(|world| async move {
        let project = seed::project(&world.app).await;
        let leader = staff::logged_in(&world.app, Role::ProjectLeader, &[project]).await;
        for (kept_first, last) in [(true, "en"), (false, "da")] {
            let kept = seed::someone(&world.app, project).await;
            let other = seed::someone(&world.app, project).await;
            let mut words = [(&kept, "da"), (&other, "en")];
            if !kept_first {
                words.reverse();
            }
            for (someone, language) in words {
                world
                    .app
                    .clock
                    .advance(std::time::Duration::from_secs(3600));
                says_now(&world, someone, read(language)).await;
            }
            let form = json!({ "other": other.id, "save": true });
            let target = path(paths::PERSON_MERGE, kept.id);
            let merged = leader.post(&world.app, &target, &form).await;
            assert_eq!(merged.status, StatusCode::OK, "{}", merged.text());
            assert_eq!(language(&world, &kept).await, told(last));
        }
    })
    .await;
}
