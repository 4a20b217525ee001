//! What staff and machines see: the weekly digest, returned mails, and how sending goes.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use bedring_contract::mail::Operations;
use bedring_contract::paths;
use bedring_contract::problem::Code;
use bedring_contract::staff::Role;
use bedring_server::ports::Clock;
use serde_json::json;

use crate::support::smtp::Behaviour;
use crate::support::staff::{account, logged_in};
use crate::support::{Answer, Backend, TestApp, request, seed, tables};
use crate::world::{World, day, with_mail};

/// A mail came back, as whoever watches the mailbox reports it.
pub async fn bounce(world: &World, token: Option<&str>, id: &str, permanent: bool) -> Answer {
    let mut request =
        request(Method::POST, paths::BOUNCES).header(header::CONTENT_TYPE, "application/json");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let body = json!({ "message_id": id, "permanent": permanent });
    let body = Body::from(serde_json::to_vec(&body).unwrap());
    world.app.send(request.body(body).unwrap()).await
}

#[tokio::test]
async fn a_mail_that_comes_back_ends_mails_and_brings_a_call() {
    with_mail(|world| async move {
        let someone = world.somebody("a@people.example", "2026-03-02").await;
        world.skip_to("2026-03-02T10:00:00");
        world.work().await;
        let id = world.sink.all()[0].header("message-id");
        let right = Some("a-token-for-bounces");
        for token in [None, Some("another-token-altogether")] {
            let answer = bounce(&world, token, &id, true).await;
            answer.assert_problem(match token {
                None => Code::AuthMissing,
                Some(_) => Code::AuthMissing,
            });
        }
        let elsewhere = bounce(&world, right, "<x@elsewhere.example>", true).await;
        elsewhere.assert_problem(Code::NotFound);
        let late = bounce(&world, right, &id, false).await;
        assert_eq!(late.status, StatusCode::NO_CONTENT);
        assert_eq!(world.choice(&someone).await, None, "it is only late");
        for _ in 0..2 {
            let answer = bounce(&world, right, &id, true).await;
            assert_eq!(answer.status, StatusCode::NO_CONTENT);
        }
        assert!(world.choice(&someone).await.unwrap().bounced_at.is_some());
        world.work().await;
        assert_eq!(world.calls().await, [day("2026-03-02")]);
        world.live_to("2026-03-20T11:00:00", 240).await;
        assert_eq!(world.sink.all().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_operations_page_tells_what_waits_and_what_went_wrong() {
    with_mail(|world| async move {
        let administrator = logged_in(&world.app, Role::Administrator, &[]).await;
        let seen = async || -> Operations {
            administrator
                .get(&world.app, paths::OPERATIONS)
                .await
                .json()
        };
        let fresh = seen().await;
        assert!(fresh.mail_is_on);
        assert_eq!((fresh.mails_waiting, fresh.last_success), (0, None));
        world.somebody("a@people.example", "2026-03-02").await;
        world.skip_to("2026-03-02T10:00:00");
        world.sink.behave(Behaviour::NotNow);
        world.work().await;
        let waiting = seen().await;
        assert_eq!(waiting.mails_waiting, 1);
        assert_eq!(waiting.oldest_waiting, Some(world.app.clock.now()));
        let failures: Vec<(&str, u64)> = waiting
            .failures
            .iter()
            .map(|f| (f.kind.as_str(), f.count))
            .collect();
        assert_eq!(failures, [("later", 1)]);
        world.sink.behave(Behaviour::Takes);
        world.skip_to("2026-03-02T10:01:00");
        world.work().await;
        let sent = seen().await;
        assert_eq!((sent.mails_waiting, sent.failures.len()), (0, 0));
        assert_eq!(sent.last_success, Some(world.app.clock.now()));
    })
    .await;
}

#[tokio::test]
async fn on_monday_staff_hear_how_many_are_due_and_no_names() {
    with_mail(|world| async move {
        let project = seed::project(&world.app).await;
        let other = seed::project(&world.app).await;
        account(
            &world.app,
            "leder@staff.example",
            Role::ProjectLeader,
            &[project],
        )
        .await;
        account(
            &world.app,
            "hjaelper@staff.example",
            Role::Helper,
            &[project],
        )
        .await;
        account(
            &world.app,
            "anden@staff.example",
            Role::ProjectLeader,
            &[other],
        )
        .await;
        account(&world.app, "data@staff.example", Role::Evaluator, &[]).await;
        // Due since Sunday, overdue since Monday two weeks ago, and not yet due.
        world
            .somebody_in(project, "a@people.example", "2026-03-01")
            .await;
        world
            .somebody_in(project, "b@people.example", "2026-02-10")
            .await;
        world
            .somebody_in(project, "c@people.example", "2026-04-01")
            .await;
        world.work().await;
        world.work().await;
        let leader = world.sink.to("leder@staff.example");
        assert_eq!(leader.len(), 1);
        assert_eq!(world.sink.to("hjaelper@staff.example").len(), 1);
        assert_eq!(world.sink.all().len(), 2, "nothing is due elsewhere");
        let text = leader[0].text();
        assert!(
            text.contains("Skal svares på nu: 1. Over fristen: 1."),
            "{text}"
        );
        assert!(text.contains("https://svar.example/staff"));
        assert!(!text.contains("people.example") && !text.contains("P-"));
        world.live_to("2026-03-08T23:00:00", 240).await;
        assert_eq!(world.sink.to("leder@staff.example").len(), 1);
        world.live_to("2026-03-09T08:29:00", 60).await;
        assert_eq!(world.sink.to("leder@staff.example").len(), 1);
        world.live_to("2026-03-09T12:00:00", 20).await;
        assert_eq!(world.sink.to("leder@staff.example").len(), 2);
    })
    .await;
}

#[tokio::test]
async fn without_a_mail_server_people_are_called() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let mut world = World::start(backend).await;
        world.app = TestApp::start(backend).await;
        world.somebody("a@people.example", "2026-03-02").await;
        world.live_to("2026-03-04T23:00:00", 60).await;
        assert_eq!(world.calls().await, []);
        world.live_to("2026-03-05T11:00:00", 60).await;
        assert_eq!(world.calls().await, [day("2026-03-05")]);
        let mails = tables::count::<bedring_store::entities::mail::Entity>(&world.app).await;
        assert_eq!(mails, 0);
    }
}
