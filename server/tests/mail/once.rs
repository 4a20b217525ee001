//! A mail goes once, to whom it may, and at most one a day to an address.

use bedring_domain::consent::{Purpose, Scope};
use bedring_server::mail::{plan_due, run_due, send_due};
use bedring_server::ports::Clock;
use bedring_store::entities::{mail, project};
use bedring_store::sea_orm::sea_query::Expr;
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::support::seed;
use crate::world::{World, with_mail};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_workers_send_every_mail_once() {
    with_mail(|world| async move {
        let project = seed::project(&world.app).await;
        let mut addresses = Vec::new();
        for i in 0..25 {
            let address = format!("p{i}@people.example");
            world.somebody_in(project, &address, "2026-03-02").await;
            addresses.push(address);
        }
        world.work().await;
        assert_eq!(world.sink.all().len(), 0, "ten is not yet here");
        world.skip_to("2026-03-02T10:00:00");
        let (one, two) = (world.app.state.clone(), world.another_server());
        let one = tokio::spawn(async move { run_due(&one).await.unwrap() });
        let two = tokio::spawn(async move { run_due(&two).await.unwrap() });
        assert_eq!(one.await.unwrap() + two.await.unwrap(), 25);
        world.work().await;
        let mut got: Vec<String> = world.sink.all().into_iter().map(|m| m.to).collect();
        got.sort();
        addresses.sort();
        assert_eq!(got, addresses);
        let states = world.states().await;
        assert!(
            states
                .iter()
                .all(|s| *s == ("sent".to_owned(), String::new(), 1)),
            "{states:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn three_mails_on_their_days_and_then_a_call() {
    with_mail(|world| async move {
        world.somebody("a@people.example", "2026-03-02").await;
        let counts = async |until: &str| {
            world.live_to(until, 60).await;
            (world.sink.all().len(), world.calls().await.len())
        };
        assert_eq!(counts("2026-03-05T23:00:00").await, (1, 0));
        assert_eq!(counts("2026-03-06T09:00:00").await, (1, 0));
        assert_eq!(counts("2026-03-06T11:00:00").await, (2, 0));
        assert_eq!(counts("2026-03-12T23:00:00").await, (2, 0));
        assert_eq!(counts("2026-03-13T11:00:00").await, (3, 0));
        assert_eq!(counts("2026-03-15T23:00:00").await, (3, 0));
        assert_eq!(counts("2026-03-16T11:00:00").await, (3, 1));
        assert_eq!(counts("2026-04-16T11:00:00").await, (3, 1));
        let ids: std::collections::BTreeSet<String> = world
            .sink
            .all()
            .iter()
            .map(|m| m.header("message-id"))
            .collect();
        assert_eq!(ids.len(), 3, "another mail has another id");
    })
    .await;
}

/// As a server leaves them that claimed them and died before it looked again.
async fn claimed_by_somebody_who_died(world: &World) {
    plan_due(&world.app.state).await.unwrap();
    let past = world.app.clock.now() - chrono::TimeDelta::seconds(1);
    mail::Entity::update_many()
        .col_expr(mail::Column::State, Expr::value("sending"))
        .col_expr(mail::Column::LeaseUntil, Expr::value(past))
        .exec(world.app.state.db.read())
        .await
        .unwrap();
    assert_eq!(world.mails().await.len(), 1);
}

async fn nothing_went(world: &World, why: &str) {
    assert_eq!(send_due(&world.app.state).await.unwrap(), 1);
    let states = world.states().await;
    assert_eq!(states, [("stopped".to_owned(), why.to_owned(), 1)]);
    assert_eq!(world.sink.all(), []);
    world.live_to("2026-03-20T12:00:00", 240).await;
    assert_eq!(world.sink.all(), []);
}

#[tokio::test]
async fn what_was_claimed_does_not_go_after_an_answer() {
    with_mail(|world| async move {
        let someone = world.somebody("a@people.example", "2026-03-02").await;
        world.skip_to("2026-03-02T10:00:00");
        claimed_by_somebody_who_died(&world).await;
        world.answers(&someone).await;
        nothing_went(&world, "finished").await;
        assert_eq!(world.calls().await.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn what_was_claimed_does_not_go_after_a_withdrawal() {
    for scope in [Scope::StopAsking, Scope::StopUsing, Scope::Erase] {
        with_mail(|world| async move {
            let someone = world.somebody("a@people.example", "2026-03-02").await;
            world.skip_to("2026-03-02T10:00:00");
            claimed_by_somebody_who_died(&world).await;
            world.says(&someone, vec![seed::withdrawal(scope)]).await;
            send_due(&world.app.state).await.unwrap();
            world.live_to("2026-03-20T12:00:00", 240).await;
            assert_eq!(world.sink.all(), []);
            assert_eq!(world.calls().await.len(), 0);
        })
        .await;
    }
}

#[tokio::test]
async fn what_was_claimed_does_not_go_after_a_no_to_reminders() {
    with_mail(|world| async move {
        let someone = world.somebody("a@people.example", "2026-03-02").await;
        world.skip_to("2026-03-02T10:00:00");
        claimed_by_somebody_who_died(&world).await;
        let no = seed::consent(Purpose::Reminders, false);
        world.says(&someone, vec![no]).await;
        // Their address is gone with it.
        nothing_went(&world, "no_address").await;
        assert_eq!(world.calls().await.len(), 1, "they may still be called");
    })
    .await;
}

#[tokio::test]
async fn what_was_claimed_does_not_go_once_the_project_is_exempt() {
    with_mail(|world| async move {
        world.somebody("a@people.example", "2026-03-02").await;
        world.skip_to("2026-03-02T10:00:00");
        claimed_by_somebody_who_died(&world).await;
        project::Entity::update_many()
            .col_expr(project::Column::Status, Expr::value("exempt"))
            .exec(world.app.state.db.read())
            .await
            .unwrap();
        nothing_went(&world, "project_not_active").await;
        assert_eq!(world.calls().await.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn an_address_that_two_share_gets_one_mail_a_day() {
    with_mail(|world| async move {
        world
            .somebody("Familien@people.example", "2026-03-02")
            .await;
        world
            .somebody("familien@people.example", "2026-03-02")
            .await;
        world.skip_to("2026-03-02T10:00:00");
        world.work().await;
        world.live_to("2026-03-02T23:00:00", 30).await;
        assert_eq!(world.sink.all().len(), 1);
        world.live_to("2026-03-03T09:59:00", 60).await;
        assert_eq!(world.sink.all().len(), 1);
        world.live_to("2026-03-03T12:00:00", 30).await;
        assert_eq!(world.sink.all().len(), 2);
        let sent = mail::Entity::find()
            .filter(mail::Column::State.eq("sent"))
            .all(world.app.state.db.read())
            .await
            .unwrap();
        assert_ne!(sent[0].person_id, sent[1].person_id, "each had theirs");
        assert_eq!(sent[0].recipient_hash, sent[1].recipient_hash);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_workers_with_one_address_send_one() {
    with_mail(|world| async move {
        for _ in 0..6 {
            world.somebody("alle@people.example", "2026-03-02").await;
        }
        world.skip_to("2026-03-02T10:00:00");
        // All wait before anybody sends, so that they meet in the moment of sending.
        plan_due(&world.app.state).await.unwrap();
        let tasks: Vec<_> = (0..3)
            .map(|_| {
                let state = world.another_server();
                tokio::spawn(async move { send_due(&state).await.unwrap() })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(world.sink.all().len(), 1);
    })
    .await;
}
