//! A contact whom a person names on the phone: kept as the one that staff write down, and of all words about it the last one counts.

use axum::http::StatusCode;
use bedring_contract::course::{Actor, Happening};
use bedring_contract::journal::DeliveredEntry;
use bedring_contract::paths;
use bedring_contract::person::MyContact;
use bedring_domain::consent::{Purpose, Scope};
use bedring_domain::journal::{Event, Outcome, Reason};
use bedring_server::ports::Clock;
use bedring_store::entities::journal_entry;
use chrono::TimeDelta;
use uuid::Uuid;

use crate::contacts::{Desk, never};
use crate::support::staff::path;
use crate::support::{phone, seed, tables};
use crate::world::{World, with_mail};

fn named(email: &str, name: Option<&str>) -> Event {
    Event::ContactPersonNamed {
        email: email.to_owned(),
        name: name.map(str::to_owned),
    }
}

impl Desk {
    /// What the phone wrote so many minutes ago, not sent yet and not sealed.
    fn wrote(&self, world: &World, minutes_ago: i64, event: Event) -> DeliveredEntry {
        let at = world.app.clock.now() - TimeDelta::minutes(minutes_ago);
        seed::entry(&world.app, at.fixed_offset(), event, false)
    }

    /// The phone has a network. Gives the entry's id and what became of it.
    async fn sends(
        &self,
        world: &World,
        entry: &DeliveredEntry,
    ) -> (Uuid, Outcome, Option<Reason>) {
        let mut delivery = seed::delivery(vec![entry.clone()]);
        delivery.sent_at = world.app.clock.now().fixed_offset().into();
        let results = phone::deliver(&world.app, &self.someone.secret, &delivery).await;
        let id = entry.id.parse().unwrap();
        (id, results[0].outcome, results[0].reason)
    }

    /// Says something now, with a network.
    async fn says(&self, world: &World, event: Event) -> Uuid {
        let (id, outcome, reason) = self.sends(world, &self.wrote(world, 0, event)).await;
        assert_eq!((outcome, reason), (Outcome::Stored, None));
        id
    }

    async fn mine(&self, world: &World) -> Option<MyContact> {
        phone::mine(&world.app, &self.someone).await.contact
    }

    async fn email(&self, world: &World) -> Option<String> {
        self.mine(world).await.map(|contact| contact.email)
    }
}

async fn body(world: &World, entry: Uuid) -> Option<String> {
    let row = tables::row::<journal_entry::Entity>(&world.app, entry).await;
    row.body
}

fn minutes_pass(world: &World, minutes: u64) {
    let by = std::time::Duration::from_secs(60 * minutes);
    world.app.clock.advance(by);
}

#[tokio::test]
async fn a_person_names_somebody_who_is_reminded_instead_and_takes_it_back() {
    with_mail(|world| async move {
        let desk = Desk::new(&world, "helper@staff.example").await;
        let entry = desk.wrote(&world, 0, named("ven@people.example", Some("Naboen")));
        let (id, outcome, _) = desk.sends(&world, &entry).await;
        assert_eq!(outcome, Outcome::Stored);
        assert_eq!(desk.sends(&world, &entry).await.1, Outcome::Repeated);
        let row = world.choice(&desk.someone).await.unwrap();
        let kept = [row.contact_email_sealed, row.contact_name_sealed];
        for sealed in kept.map(Option::unwrap) {
            let open = |word: &[u8]| sealed.windows(word.len()).any(|w| w == word);
            assert!(!open(b"ven") && !open(b"Nabo"), "never in plain words");
        }
        let sealed = body(&world, id).await.unwrap();
        assert!(!sealed.contains("ven@") && !sealed.contains("Nabo"));
        let held = MyContact {
            email: "ven@people.example".to_owned(),
            name: Some("Naboen".to_owned()),
            instead: true,
        };
        assert_eq!(desk.mine(&world).await, Some(held));
        let seen = desk.contact(&world).await.unwrap();
        assert_eq!(seen.name.as_deref(), Some("Naboen"));
        assert_eq!((seen.instead, seen.by), (true, None));
        assert_eq!(seen.at, Some(world.app.clock.now()));
        world.live_to("2026-03-02T11:00:00", 30).await;
        let mails = world.sink.to("ven@people.example");
        assert_eq!(
            (mails.len(), world.sink.to("a@people.example").len()),
            (1, 0)
        );
        let text = mails[0].text();
        assert!(!text.contains("/s#"), "no link for a contact");
        assert!(!text.contains("Nabo"), "{text}");

        desk.says(&world, Event::ContactPersonRemoved).await;
        assert_eq!(desk.mine(&world).await, None);
        assert_eq!(desk.contact(&world).await, None);
        assert_eq!(body(&world, id).await, None, "nor in the journal");
        let told = [
            (Actor::Person, Happening::ContactRemoved),
            (Actor::Person, Happening::ContactNamed { instead: true }),
        ];
        assert_eq!(desk.told(&world).await, told);
        world.live_to("2026-03-06T11:00:00", 60).await;
        assert_eq!(
            world.sink.to("a@people.example").len(),
            1,
            "the person again"
        );
    })
    .await;
}

#[tokio::test]
async fn of_what_the_person_and_the_desk_say_the_last_word_counts_whenever_it_arrives() {
    with_mail(|world| async move {
        let desk = Desk::new(&world, "helper@staff.example").await;
        minutes_pass(&world, 60);
        let first = desk.wrote(&world, 50, named("en@people.example", Some("En")));
        let second = desk.wrote(&world, 40, named("to@people.example", None));
        // The later arrives first.
        desk.sends(&world, &second).await;
        desk.sends(&world, &first).await;
        assert_eq!(
            desk.email(&world).await.as_deref(),
            Some("to@people.example")
        );
        assert_eq!(desk.mine(&world).await.unwrap().name, None);

        let written_before = desk.wrote(&world, 10, named("tre@people.example", Some("Tre")));
        desk.name(&world, "skranke@people.example", false).await;
        desk.sends(&world, &written_before).await;
        let held = desk.mine(&world).await.unwrap();
        assert_eq!(
            (&*held.email, held.instead),
            ("skranke@people.example", false)
        );
        assert_eq!(held.name, None, "the name was somebody else's");

        minutes_pass(&world, 1);
        desk.says(&world, named("fire@people.example", None)).await;
        assert_eq!(
            desk.email(&world).await.as_deref(),
            Some("fire@people.example")
        );

        minutes_pass(&world, 60);
        let late = desk.wrote(&world, 30, named("sent@people.example", None));
        let taken_back = desk.wrote(&world, 20, Event::ContactPersonRemoved);
        desk.sends(&world, &taken_back).await;
        let (id, outcome, _) = desk.sends(&world, &late).await;
        assert_eq!(outcome, Outcome::Stored);
        assert_eq!(desk.email(&world).await, None);
        assert_eq!(body(&world, id).await, None, "nobody needs it");

        // What staff removed stays removed, too.
        desk.says(&world, named("fem@people.example", None)).await;
        minutes_pass(&world, 60);
        let target = path(paths::PERSON_CONTACT, desk.someone.id);
        let answer = desk.staff(&world).await.delete(&world.app, &target).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        let before = desk.wrote(&world, 30, named("seks@people.example", None));
        desk.sends(&world, &before).await;
        assert_eq!(desk.email(&world).await, None);
    })
    .await;
}

#[tokio::test]
async fn without_a_yes_to_reminders_a_contact_is_kept_and_gets_nothing() {
    with_mail(|world| async move {
        let desk = Desk::new(&world, "helper@staff.example").await;
        desk.says(&world, named("ven@people.example", None)).await;
        minutes_pass(&world, 1);
        desk.says(&world, seed::consent(Purpose::Reminders, false))
            .await;
        world.live_to("2026-03-04T11:00:00", 60).await;
        assert_eq!(
            desk.email(&world).await.as_deref(),
            Some("ven@people.example")
        );
        assert_eq!(world.sink.to("ven@people.example").len(), 0);
        desk.says(&world, seed::consent(Purpose::Reminders, true))
            .await;
        world.live_to("2026-03-05T11:00:00", 60).await;
        assert_eq!(world.sink.to("ven@people.example").len(), 1);
        assert_eq!(world.sink.to("a@people.example").len(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_withdrawal_takes_whom_the_person_named_along_whichever_arrives_first() {
    with_mail(|world| async move {
        for (scope, helper) in [
            (Scope::StopAsking, "one@staff.example"),
            (Scope::Erase, "two@staff.example"),
        ] {
            let desk = Desk::new(&world, helper).await;
            minutes_pass(&world, 60);
            let early = desk.wrote(&world, 30, named("ven@people.example", Some("Ven")));
            let id = desk.says(&world, named("nabo@people.example", None)).await;
            minutes_pass(&world, 1);
            desk.says(&world, seed::withdrawal(scope)).await;
            let (late, outcome, _) = desk.sends(&world, &early).await;
            let stays = if scope == Scope::Erase {
                Outcome::Gone
            } else {
                Outcome::Stored
            };
            assert_eq!(outcome, stays);
            let held = world.choice(&desk.someone).await;
            assert!(held.is_none_or(|c| {
                c.contact_email_sealed.is_none() && c.contact_name_sealed.is_none() && !c.to_contact
            }));
            assert_eq!(body(&world, id).await, None);
            assert_eq!(body(&world, late).await, None);
        }
        // Takes part again: whom they named before the withdrawal does not come back, whom they name now is kept.
        let desk = Desk::new(&world, "three@staff.example").await;
        minutes_pass(&world, 60);
        let before = desk.wrote(&world, 30, named("ven@people.example", None));
        let withdrawn = desk.wrote(&world, 20, seed::withdrawal(Scope::StopAsking));
        let again = desk.wrote(&world, 10, seed::consent(Purpose::Evaluation, true));
        for entry in [&before, &again, &withdrawn] {
            assert_eq!(desk.sends(&world, entry).await.1, Outcome::Stored);
        }
        assert_eq!(desk.email(&world).await, None);
        desk.says(&world, named("nabo@people.example", None)).await;
        assert_eq!(
            desk.email(&world).await.as_deref(),
            Some("nabo@people.example")
        );
    })
    .await;
}

#[tokio::test]
async fn a_contact_whom_the_person_named_can_say_no_and_no_older_word_brings_them_back() {
    with_mail(|world| async move {
        let desk = Desk::new(&world, "helper@staff.example").await;
        let id = desk.says(&world, named("ven@people.example", None)).await;
        world.live_to("2026-03-02T11:00:00", 30).await;
        let older = desk.wrote(&world, 5, named("ven@people.example", Some("Ven")));
        never(&world, "ven@people.example").await;
        let (late, outcome, _) = desk.sends(&world, &older).await;
        assert_eq!(outcome, Outcome::Stored);
        assert_eq!(desk.email(&world).await, None);
        assert_eq!(body(&world, id).await, None);
        assert_eq!(body(&world, late).await, None);
        let removed = (Actor::Contact, Happening::ContactRemoved);
        assert_eq!(desk.told(&world).await[0], removed);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_an_address_or_a_name_is_kept_apart_and_sealed() {
    with_mail(|world| async move {
        let desk = Desk::new(&world, "helper@staff.example").await;
        let long = "æ".repeat(61);
        for event in [
            named("ven", None),
            named("ven@people.example", Some(" ")),
            named("ven@people.example", Some(&long)),
        ] {
            let (id, outcome, reason) = desk.sends(&world, &desk.wrote(&world, 0, event)).await;
            assert_eq!(
                (outcome, reason),
                (Outcome::Quarantined, Some(Reason::ContactInvalid))
            );
            assert!(!body(&world, id).await.unwrap().contains("ven"));
        }
        assert_eq!(desk.email(&world).await, None);
    })
    .await;
}
