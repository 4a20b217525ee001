//! "Later today" in a mail means today, and what the page says after a press is true.

use crate::choices::{page, post};
use crate::world::{World, with_mail};

const ADDRESS: &str = "a@people.example";

async fn reminded(world: &World) -> String {
    world.somebody(ADDRESS, "2026-03-02").await;
    world.live_to("2026-03-02T10:00:00", 60).await;
    assert_eq!(world.sink.all().len(), 1);
    page(world, ADDRESS)
}

async fn said(world: &World, path: &str) -> String {
    post(world, path, "choice=later_today")
        .await
        .text()
        .to_owned()
}

/// Steps of a quarter of an hour, and how many mails there are by then.
async fn mails_by(world: &World, wall: &str) -> usize {
    world.live_to(wall, 15).await;
    world.sink.all().len()
}

#[tokio::test]
async fn the_mail_comes_again_on_the_same_day_at_the_time_that_was_said() {
    with_mail(|world| async move {
        let path = reminded(&world).await;
        let offered = world.app.get(&path).await;
        assert!(offered.text().contains("Senere i dag, kl. 17.00"));
        let text = said(&world, &path).await;
        assert!(text.contains("Vi skriver igen i dag kl. 17.00"), "{text}");
        let english = post(&world, &format!("{path}?lang=en"), "choice=later_today").await;
        assert!(
            english
                .text()
                .contains("We will write again today at 17:00")
        );
        assert_eq!(mails_by(&world, "2026-03-02T16:59:00").await, 1);
        assert_eq!(mails_by(&world, "2026-03-02T17:15:00").await, 2);
        assert_eq!(world.wall().date().to_string(), "2026-03-02");
        // Its link is one of its own, and the plan goes on as it was: the second reminder on the sixth, the third on the thirteenth.
        let both = world.sink.to(ADDRESS);
        assert_ne!(
            both[0].link("https://svar.example/s#"),
            both[1].link("https://svar.example/s#")
        );
        assert_eq!(mails_by(&world, "2026-03-05T23:00:00").await, 2);
        assert_eq!(mails_by(&world, "2026-03-06T10:15:00").await, 3);
        assert_eq!(mails_by(&world, "2026-03-13T10:15:00").await, 4);
        assert_eq!(world.calls().await, []);
        world.live_to("2026-03-16T10:15:00", 30).await;
        assert_eq!(world.calls().await.len(), 1, "three days after the last");
    })
    .await;
}

#[tokio::test]
async fn pressed_at_night_it_says_tomorrow_and_keeps_that() {
    with_mail(|world| async move {
        let path = reminded(&world).await;
        world.live_to("2026-03-02T23:00:00", 60).await;
        let offered = world.app.get(&path).await;
        assert!(
            offered.text().contains("I morgen, kl. 10.00"),
            "{}",
            offered.text()
        );
        assert!(!offered.text().contains("Senere i dag"));
        // Also from a page that was opened in the afternoon.
        let text = said(&world, &path).await;
        assert!(
            text.contains("Vi skriver igen i morgen kl. 10.00"),
            "{text}"
        );
        assert_eq!(mails_by(&world, "2026-03-03T09:59:00").await, 1);
        assert_eq!(mails_by(&world, "2026-03-03T10:15:00").await, 2);
    })
    .await;
}

#[tokio::test]
async fn in_the_evening_it_is_an_hour_or_two_away_and_once_a_day() {
    with_mail(|world| async move {
        let path = reminded(&world).await;
        world.live_to("2026-03-02T16:30:00", 30).await;
        let text = said(&world, &path).await;
        assert!(text.contains("i dag kl. 18.30"), "{text}");
        assert_eq!(mails_by(&world, "2026-03-02T18:45:00").await, 2);
        // Asked once more after that one, it is for tomorrow: nobody gets mail upon mail.
        let path = page(&world, ADDRESS);
        let text = said(&world, &path).await;
        assert!(text.contains("i morgen kl. 10.00"), "{text}");
        assert_eq!(mails_by(&world, "2026-03-02T23:45:00").await, 2);
        assert_eq!(mails_by(&world, "2026-03-03T10:15:00").await, 3);
    })
    .await;
}

#[tokio::test]
async fn the_last_word_counts() {
    with_mail(|world| async move {
        let path = reminded(&world).await;
        said(&world, &path).await;
        let week = post(&world, &path, "choice=in_a_week").await;
        assert!(week.text().contains("tidligst fra os igen om en uge"));
        assert_eq!(mails_by(&world, "2026-03-09T09:59:00").await, 1);
        assert_eq!(mails_by(&world, "2026-03-09T10:15:00").await, 2);
    })
    .await;
}

#[tokio::test]
async fn whoever_answers_meanwhile_is_not_written_to() {
    with_mail(|world| async move {
        let someone = world.somebody(ADDRESS, "2026-03-02").await;
        world.live_to("2026-03-02T10:00:00", 60).await;
        let path = page(&world, ADDRESS);
        said(&world, &path).await;
        world.answers(&someone).await;
        assert_eq!(mails_by(&world, "2026-03-03T12:00:00").await, 1);
        // And is offered no "later" for what is over.
        let offered = world.app.get(&path).await;
        assert!(
            !offered.text().contains("later_today"),
            "{}",
            offered.text()
        );
    })
    .await;
}

#[tokio::test]
async fn the_last_reminder_comes_once_more_as_well_but_not_beside_a_call() {
    with_mail(|world| async move {
        reminded(&world).await;
        world.live_to("2026-03-13T11:00:00", 30).await;
        assert_eq!(world.sink.all().len(), 3);
        let path = page(&world, ADDRESS);
        let text = said(&world, &path).await;
        assert!(text.contains("i dag kl. 17.00"), "{text}");
        assert_eq!(mails_by(&world, "2026-03-13T17:15:00").await, 4);
        world.live_to("2026-03-16T11:00:00", 30).await;
        assert_eq!(world.calls().await.len(), 1);
        let offered = world.app.get(&path).await;
        assert!(!offered.text().contains("later_today"));
        assert_eq!(mails_by(&world, "2026-03-20T11:00:00").await, 4);
    })
    .await;
}
