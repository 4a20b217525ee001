//! Sent, given up and come back are three things: in the history, in the counts of a measurement, on the operations page and in figures.

use bedring_contract::course::{Happening, History, PersonCourse};
use bedring_contract::mail::{MailCounts, Operations};
use bedring_contract::paths;
use bedring_contract::staff::Role;
use bedring_store::entities::person;
use bedring_store::sea_orm::EntityTrait;
use serde_json::json;
use uuid::Uuid;

use crate::support::smtp::Behaviour;
use crate::support::staff;
use crate::world::{World, with_mail};

async fn operations(world: &World) -> Operations {
    let administrator = staff::logged_in(&world.app, Role::Administrator, &[]).await;
    administrator
        .get(&world.app, paths::OPERATIONS)
        .await
        .json()
}

async fn seen(world: &World, id: Uuid) -> (PersonCourse, Vec<Happening>) {
    let row = person::Entity::find_by_id(id)
        .one(world.app.state.db.read())
        .await
        .unwrap()
        .unwrap();
    let leader = staff::logged_in(&world.app, Role::ProjectLeader, &[row.project_id]).await;
    let course = leader
        .get(&world.app, &staff::path(paths::PERSON_COURSE, id))
        .await;
    let history: History = leader
        .get(&world.app, &staff::path(paths::PERSON_HISTORY, id))
        .await
        .json();
    let mails = history.lines.into_iter().map(|l| l.what).filter(|what| {
        matches!(
            what,
            Happening::MailSent { .. } | Happening::MailFailed { .. }
        )
    });
    (course.json(), mails.collect())
}

/// Sent, failed and returned of the first step.
fn counted(course: &PersonCourse) -> (u32, u32, u32) {
    let step = &course.steps[0];
    (step.mails_sent, step.mails_failed, step.mails_returned)
}

async fn bounces(world: &World, message_id: &str) {
    let request = crate::support::request(axum::http::Method::POST, paths::BOUNCES)
        .header("authorization", "Bearer a-token-for-bounces")
        .header("content-type", "application/json");
    let body = json!({ "message_id": message_id, "permanent": true }).to_string();
    let answer = world.app.send(request.body(body.into()).unwrap()).await;
    assert_eq!(answer.status, 204, "{}", answer.text());
}

#[tokio::test]
async fn history_and_counts_tell_them_apart() {
    with_mail(|world| async move {
        let went = world.somebody("a@people.example", "2026-03-02").await;
        let back = world.somebody("b@people.example", "2026-03-02").await;
        let vain = world.somebody("c@gone.example", "2026-03-02").await;
        world.sink.behave(Behaviour::DomainNotFound);
        world.live_to("2026-03-02T11:00:00", 30).await;
        let mail = world.sink.to("b@people.example").remove(0);
        bounces(&world, &mail.header("message-id")).await;
        world.live_to("2026-03-16T12:00:00", 60).await;

        let (course, lines) = seen(&world, went.id).await;
        assert_eq!(counted(&course), (3, 0, 0));
        assert_eq!(course.steps[0].last_mail.unwrap().to_string(), "2026-03-13");
        let sent = |number, came_back| Happening::MailSent {
            number,
            to_contact: false,
            came_back,
        };
        assert_eq!(lines, [sent(3, false), sent(2, false), sent(1, false)]);

        let (course, lines) = seen(&world, back.id).await;
        assert_eq!(counted(&course), (0, 0, 1));
        assert_eq!(course.steps[0].last_mail, None);
        assert_eq!(lines, [sent(1, true)]);

        let (course, lines) = seen(&world, vain.id).await;
        assert_eq!(counted(&course), (0, 1, 0));
        assert_eq!(course.steps[0].last_mail, None);
        assert_eq!(lines, [Happening::MailFailed { number: 3 }]);

        let counts = MailCounts {
            sent: 3,
            failed: 1,
            returned: 1,
        };
        assert_eq!(operations(&world).await.mails, counts);
    })
    .await;
}

#[tokio::test]
async fn what_waits_or_was_given_up_stays_on_the_page_however_old() {
    with_mail(|world| async move {
        let kinds = |seen: &Operations| -> Vec<(String, u64, u64)> {
            let line =
                |f: &bedring_contract::mail::FailureCount| (f.kind.clone(), f.count, f.waiting);
            seen.failures.iter().map(line).collect()
        };
        assert_eq!(operations(&world).await.mails, MailCounts::default());
        world.somebody("c@gone.example", "2026-03-02").await;
        world.sink.behave(Behaviour::DomainNotFound);
        // Three mails are tried in turn, the last for days; at night it waits for the morning and has still been refused.
        world.live_to("2026-03-15T23:30:00", 60).await;
        assert_eq!(
            kinds(&operations(&world).await),
            [("later".to_owned(), 1, 1)]
        );
        // The plan's day: it is given up.
        world.live_to("2026-03-16T12:00:00", 60).await;
        assert_eq!(
            kinds(&operations(&world).await),
            [("later".to_owned(), 1, 0)]
        );
        world.live_to("2026-12-01T12:00:00", 60 * 24).await;
        let seen = operations(&world).await;
        assert_eq!(kinds(&seen), [("later".to_owned(), 1, 0)]);
        assert_eq!((seen.last_success, seen.mails.failed), (None, 1));
        assert!(seen.failures[0].latest.is_some());
    })
    .await;
}

#[tokio::test]
async fn the_last_success_is_when_a_mail_was_taken_whatever_came_back() {
    with_mail(|world| async move {
        world.somebody("b@people.example", "2026-03-02").await;
        world.live_to("2026-03-02T11:00:00", 30).await;
        let before = operations(&world).await.last_success;
        assert!(before.is_some());
        let mail = world.sink.to("b@people.example").remove(0);
        bounces(&world, &mail.header("message-id")).await;
        assert_eq!(operations(&world).await.last_success, before);
    })
    .await;
}
