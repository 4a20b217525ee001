//! An address that two people share: who says there that they want no more mails gets no more.

use bedring_contract::course::{Actor, Happening, History, MailWay, NewContact, PersonCourse};
use bedring_contract::paths;
use bedring_contract::staff::Role;

use crate::choices::{page, pages, post};
use crate::support::seed::Someone;
use crate::support::{seed, staff};
use crate::world::{day, with_mail};

const ADDRESS: &str = "begge@people.example";

#[tokio::test]
async fn no_more_mails_is_true_for_everybody_at_the_address() {
    with_mail(|world| async move {
        let project = seed::project(&world.app).await;
        let first = world.somebody_in(project, ADDRESS, "2026-03-02").await;
        // Typed in another way, of another project, and due later: nobody has been written to about them.
        let second = world.somebody(" Begge@People.EXAMPLE", "2026-03-12").await;
        let other = world
            .somebody_in(project, "anden@people.example", "2026-03-02")
            .await;
        world.live_to("2026-03-02T11:00:00", 30).await;
        assert_eq!(world.sink.to(ADDRESS).len(), 1);
        let path = page(&world, ADDRESS);
        let offered = world.app.get(&path).await;
        assert!(
            offered
                .text()
                .contains("Stop alle påmindelser til denne mailadresse")
        );
        let answer = post(&world, &path, "List-Unsubscribe=One-Click").await;
        let text = answer.text();
        assert!(
            text.contains("ikke flere påmindelser til den mailadresse"),
            "{text}"
        );
        assert!(
            text.contains("heller ikke til andre, der bruger den"),
            "{text}"
        );
        for someone in [&first, &second] {
            assert!(world.choice(someone).await.unwrap().stopped_at.is_some());
        }
        assert_eq!(world.choice(&other).await, None);
        world.live_to("2026-03-20T12:00:00", 60).await;
        let to_both = |m: &&crate::support::smtp::Received| m.to.to_lowercase() == ADDRESS;
        assert_eq!(world.sink.all().iter().filter(to_both).count(), 1);
        // Nobody is lost: both are called, the second on the plan's day of hers.
        let mut calls = world.calls().await;
        calls.sort();
        assert_eq!(
            calls,
            [day("2026-03-05"), day("2026-03-15"), day("2026-03-16")]
        );
    })
    .await;
}

#[tokio::test]
async fn a_contact_of_two_people_is_forgotten_by_both() {
    with_mail(|world| async move {
        let project = seed::project(&world.app).await;
        let first = world
            .somebody_in(project, "a@people.example", "2026-03-02")
            .await;
        let second = world
            .somebody_in(project, "b@people.example", "2026-03-04")
            .await;
        let leader = staff::logged_in(&world.app, Role::ProjectLeader, &[project]).await;
        for someone in [&first, &second] {
            let form = NewContact {
                email: "mor@people.example".to_owned(),
                instead: true,
                named_by_person: true,
                seen: None,
            };
            let path = staff::path(paths::PERSON_CONTACT, someone.id);
            assert_eq!(leader.post(&world.app, &path, &form).await.status, 204);
        }
        world.live_to("2026-03-02T11:00:00", 30).await;
        let path = page(&world, "mor@people.example");
        let answer = post(&world, &path, "choice=never").await;
        assert!(
            answer
                .text()
                .contains("slettet som kontakt, hvem der end har valgt dig")
        );
        for someone in [&first, &second] {
            let choice = world.choice(someone).await.unwrap();
            assert_eq!(
                (choice.contact_email_sealed, choice.to_contact),
                (None, false)
            );
            assert_eq!(choice.stopped_at, None, "they speak for themselves");
        }
        world.live_to("2026-03-12T12:00:00", 60).await;
        assert_eq!(world.sink.to("mor@people.example").len(), 1);
        assert!(!world.sink.to("b@people.example").is_empty());
    })
    .await;
}

/// Of those who share an address, who said that it is enough, and who did not.
#[tokio::test]
async fn whoever_did_not_say_it_is_not_told_to_have_said_it() {
    with_mail(|world| async move {
        let project = seed::project(&world.app).await;
        let first = world.somebody_in(project, ADDRESS, "2026-03-02").await;
        let second = world.somebody_in(project, ADDRESS, "2026-03-02").await;
        world.live_to("2026-03-02T11:00:00", 30).await;
        world.live_to("2026-03-03T11:00:00", 30).await;
        let pages = pages(&world, ADDRESS);
        assert_eq!(pages.len(), 2, "one mail about each");
        post(&world, &pages[0], "choice=never").await;

        let told = async |someone: &Someone| {
            // Days have passed: nobody is logged in any more.
            let leader = staff::logged_in(&world.app, Role::ProjectLeader, &[project]).await;
            let at = |target: &str| staff::path(target, someone.id);
            let course: PersonCourse = leader
                .get(&world.app, &at(paths::PERSON_COURSE))
                .await
                .json();
            assert_eq!(course.reminders.mail, MailWay::NeverAgain);
            let history: History = leader
                .get(&world.app, &at(paths::PERSON_HISTORY))
                .await
                .json();
            let mut lines = history.lines.into_iter();
            let line = lines.find(|l| matches!(l.what, Happening::MailRefused { .. }));
            (course.reminders.stopped_by_other, line.unwrap())
        };
        let mut by_other = Vec::new();
        for someone in [&first, &second] {
            let (other, line) = told(someone).await;
            let who = if other { Actor::Server } else { Actor::Person };
            assert_eq!(line.by, who);
            assert_eq!(line.what, Happening::MailRefused { by_other: other });
            by_other.push(other);
        }
        by_other.sort_unstable();
        assert_eq!(by_other, [false, true], "one of them said it");
        // Once the other says so in the mail that they got, it is their own word, and the first one's stays.
        let own = told(&first).await.1.at.min(told(&second).await.1.at);
        world.live_to("2026-03-04T11:00:00", 30).await;
        for page in &pages {
            post(&world, page, "choice=never").await;
        }
        let mut moments = Vec::new();
        for someone in [&first, &second] {
            let (other, line) = told(someone).await;
            assert_eq!((other, line.by), (false, Actor::Person));
            moments.push(line.at);
        }
        moments.sort_unstable();
        assert_eq!(moments[0], own);
        assert!(moments[1] > own);
    })
    .await;
}
