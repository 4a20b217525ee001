//! Mail servers that are away, say no, or fall silent, and servers of ours that die.

use std::time::Duration;

use bedring_server::mail::smtp::SmtpMailer;
use bedring_server::mail::{plan_due, run_due};
use bedring_server::ports::{MailError, Mailer};
use chrono::NaiveTime;

use crate::support::smtp::Behaviour;
use crate::world::{day, with_mail};

#[tokio::test]
async fn nothing_goes_in_quiet_hours_though_it_waits() {
    with_mail(|world| async move {
        world.somebody("a@people.example", "2026-03-02").await;
        world.skip_to("2026-03-02T19:59:00");
        plan_due(&world.app.state).await.unwrap();
        assert_eq!(world.mails().await[0].state, "waiting");
        // The server was away for a little while, and it is evening.
        world.skip_to("2026-03-02T20:01:00");
        world.live_to("2026-03-03T09:59:00", 7).await;
        assert_eq!(world.sink.all().len(), 0);
        world.live_to("2026-03-03T10:05:00", 5).await;
        assert_eq!(world.sink.all().len(), 1);
        assert_eq!(world.mails().await.len(), 1, "the same one");
    })
    .await;
}

#[tokio::test]
async fn after_a_week_of_not_now_one_mail_goes_the_newest() {
    with_mail(|world| async move {
        world.somebody("a@people.example", "2026-03-02").await;
        world.sink.behave(Behaviour::NotNow);
        world.live_to("2026-03-09T22:00:00", 20).await;
        assert_eq!(world.sink.all().len(), 0);
        world.sink.behave(Behaviour::Takes);
        // It is late in the evening: not now.
        world.live_to("2026-03-10T09:59:00", 20).await;
        assert_eq!(world.sink.all().len(), 0);
        // The last try was within six hours, so the next is at sixteen o'clock at the latest.
        world.live_to("2026-03-10T16:30:00", 20).await;
        assert_eq!(world.sink.all().len(), 1);
        // Of the two that were owed (day 0 and day 4) the newer went, and the older never will.
        let overtaken = ("stopped".to_owned(), "overtaken".to_owned(), 1);
        let went = ("sent".to_owned(), String::new(), 2);
        assert_eq!(world.states().await, [overtaken, went]);
        world.live_to("2026-03-12T23:00:00", 60).await;
        assert_eq!(world.sink.all().len(), 1);
        // Day 11, three days or more after the last.
        world.live_to("2026-03-13T11:00:00", 60).await;
        assert_eq!(world.sink.all().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn after_not_now_it_waits_longer_each_time_and_keeps_its_number() {
    with_mail(|world| async move {
        world.somebody("a@people.example", "2026-03-02").await;
        world.skip_to("2026-03-02T10:00:00");
        world.sink.behave(Behaviour::NotNow);
        world.work().await;
        let mut tries = Vec::new();
        for _ in 0..40 {
            let row = world.mails().await.remove(0);
            if tries.last().is_none_or(|(n, _)| *n != row.attempts) {
                tries.push((row.attempts, world.wall().time()));
            }
            assert_eq!(
                (row.number, row.reason.as_deref(), row.sent_at),
                (1, Some("later"), None)
            );
            world.app.clock.advance(Duration::from_secs(60));
            world.work().await;
        }
        // Tries at 0, 1, 3, 7, 15 and 31 minutes past ten.
        let at = |minute| NaiveTime::from_hms_opt(10, minute, 0).unwrap();
        let expected = [(1, 0), (2, 1), (3, 3), (4, 7), (5, 15), (6, 31)];
        assert_eq!(tries, expected.map(|(n, minute)| (n, at(minute))));
    })
    .await;
}

#[tokio::test]
async fn connections_that_break_lose_nothing() {
    with_mail(|world| async move {
        world.somebody("a@people.example", "2026-03-02").await;
        world.skip_to("2026-03-02T10:00:00");
        world.sink.behave(Behaviour::CutInData);
        world.work().await;
        assert_eq!(world.sink.all().len(), 0);
        assert_eq!(world.mails().await[0].reason.as_deref(), Some("connection"));
        world.sink.behave(Behaviour::TakesAndCuts);
        world.live_to("2026-03-02T12:00:00", 1).await;
        assert_eq!(
            world.sink.all().len(),
            1,
            "it was taken, so it does not go again"
        );
        assert_eq!(world.mails().await[0].state, "sent");
    })
    .await;
}

#[tokio::test]
async fn an_address_that_is_unknown_gets_no_more_and_the_person_a_call() {
    with_mail(|world| async move {
        let someone = world.somebody("a@people.example", "2026-03-02").await;
        world.skip_to("2026-03-02T10:00:00");
        world.sink.behave(Behaviour::UnknownRecipient);
        world.work().await;
        assert_eq!(
            world.states().await,
            [("failed".to_owned(), "recipient".to_owned(), 1)]
        );
        assert!(world.choice(&someone).await.unwrap().bounced_at.is_some());
        world.sink.behave(Behaviour::Takes);
        // Nobody waits for an answer to what nobody read: the next look opens the call.
        assert_eq!(world.calls().await, []);
        world.live_to("2026-03-02T10:01:00", 1).await;
        assert_eq!(world.calls().await, [day("2026-03-02")]);
        world.live_to("2026-03-20T11:00:00", 240).await;
        assert_eq!(world.sink.all().len(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_mail_server_that_wants_nothing_from_us_says_nothing_of_the_address() {
    with_mail(|world| async move {
        let someone = world.somebody("a@people.example", "2026-03-02").await;
        world.skip_to("2026-03-02T10:00:00");
        world.sink.behave(Behaviour::Policy);
        world.work().await;
        assert_eq!(
            world.states().await,
            [("waiting".to_owned(), "refused".to_owned(), 1)]
        );
        assert!(
            world
                .choice(&someone)
                .await
                .is_none_or(|c| c.bounced_at.is_none())
        );
        world.sink.behave(Behaviour::Takes);
        world.live_to("2026-03-02T11:00:00", 5).await;
        assert_eq!(world.sink.all().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_mail_server_that_never_takes_anything_ends_in_calls() {
    with_mail(|world| async move {
        world.somebody("a@people.example", "2026-03-02").await;
        world.sink.behave(Behaviour::NotNow);
        // The plan has mails on days 0, 4 and 11 and the call three days after the last, whatever becomes of them.
        world.live_to("2026-03-15T23:59:00", 120).await;
        assert_eq!(world.calls().await, []);
        world.live_to("2026-03-16T10:00:00", 61).await;
        assert_eq!(world.calls().await, [day("2026-03-16")]);
        // From here on people take care of it: the mail server is asked no more.
        world.sink.behave(Behaviour::Takes);
        world.live_to("2026-04-05T12:00:00", 120).await;
        assert_eq!(world.sink.all().len(), 0);
        assert_eq!(world.calls().await, [day("2026-03-16")]);
        let given_up = ("failed".to_owned(), "later".to_owned(), 3);
        assert_eq!(world.states().await.last(), Some(&given_up));
    })
    .await;
}

#[tokio::test]
async fn a_server_that_dies_while_sending_sends_the_same_mail_again() {
    with_mail(|world| async move {
        world.somebody("a@people.example", "2026-03-02").await;
        world.skip_to("2026-03-02T10:00:00");
        world.a_server_dies_while_sending().await;
        world.work().await;
        assert_eq!(world.sink.all().len(), 1, "somebody may still be at it");
        world.skip_to("2026-03-02T10:21:00");
        world.work().await;
        let all = world.sink.all();
        assert_eq!(all.len(), 2);
        for name in ["message-id", "subject", "list-unsubscribe", "to", "from"] {
            assert_eq!(all[0].header(name), all[1].header(name), "{name}");
            assert_ne!(all[0].header(name), "");
        }
        assert_eq!(all[0].text(), all[1].text(), "the same links");
        assert_eq!(
            world.states().await,
            [("sent".to_owned(), String::new(), 1)]
        );
        world.live_to("2026-03-05T23:00:00", 60).await;
        assert_eq!(world.sink.all().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_server_that_is_dead_for_days_does_not_repeat_what_is_old() {
    with_mail(|world| async move {
        world.somebody("a@people.example", "2026-03-02").await;
        world.skip_to("2026-03-02T10:00:00");
        world.a_server_dies_while_sending().await;
        // Day 4: the second is owed. The first may have gone, so it is not sent again.
        world.skip_to("2026-03-06T10:00:00");
        world.work().await;
        world.work().await;
        let went = ("sent".to_owned(), "not_confirmed".to_owned(), 1);
        let second = ("sent".to_owned(), String::new(), 2);
        assert_eq!(world.states().await, [went, second]);
        assert_eq!(world.sink.all().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_password_is_told_and_says_nothing_of_the_address() {
    with_mail(|world| async move {
        let someone = world.somebody("a@people.example", "2026-03-02").await;
        world.skip_to("2026-03-02T10:00:00");
        let server = world.another_server_that_logs_in();
        world.sink.behave(Behaviour::NoLogin);
        run_due(&server).await.unwrap();
        assert_eq!(
            world.states().await,
            [("waiting".to_owned(), "login".to_owned(), 1)]
        );
        assert_eq!(world.choice(&someone).await, None);
        let mailer = SmtpMailer::new(&server.config.mail).unwrap().unwrap();
        assert_eq!(mailer.check().await, Err(MailError::Login(535)));
        world.sink.behave(Behaviour::Takes);
        assert_eq!(mailer.check().await, Ok(()));
        world.skip_to("2026-03-02T10:01:00");
        run_due(&server).await.unwrap();
        assert_eq!(world.sink.all().len(), 1);
    })
    .await;
}
