//! Addresses that mails cannot reach, or only under another name: what is refused at once, what is given up at once, and what ends in a call
//! on the plan's day at the latest.

use bedring_contract::course::NewContact;
use bedring_contract::paths;
use bedring_contract::problem::Code;
use bedring_contract::staff::Role;
use bedring_domain::journal::{Event, Outcome, Reason};
use bedring_server::ports::Clock;
use bedring_store::entities::contact;
use bedring_store::sea_orm::EntityTrait;
use serde_json::json;

use crate::support::smtp::Behaviour;
use crate::support::{phone, seed, staff};
use crate::world::{World, day, with_mail};

/// What is typed by mistake, or copied from elsewhere; none can be an address.
const REFUSED: [&str; 10] = [
    ".anna@eksempel.dk",
    "anna.@eksempel.dk",
    "an..na@eksempel.dk",
    "anna@10.0.0.1",
    "anna@[10.0.0.1]",
    "anna@eksempel",
    "anna@eksempel..dk",
    "an\u{a0}na@eksempel.dk",
    "\u{201c}anna@eksempel.dk\u{201d}",
    "mailto:anna@eksempel.dk",
];

/// The same address with what copying brings along.
const MARKED: [&str; 5] = [
    "\u{202a}anna@eksempel.dk\u{202c}",
    "anna@eksempel.dk\u{a0}",
    "\u{feff}anna@eksempel.dk",
    "an\u{200b}na@eksempel\u{2060}.dk",
    " \u{2066}anna@eksempel.dk\u{2069}\t",
];

async fn opened(world: &World, person: uuid::Uuid) -> Option<String> {
    let row = contact::Entity::find_by_id(person)
        .one(world.app.state.db.read())
        .await
        .unwrap()?;
    let bytes = world.app.state.keys.contact.decrypt(&row.email_sealed?);
    Some(String::from_utf8(bytes.unwrap()).unwrap())
}

#[tokio::test]
async fn one_rule_at_every_door() {
    with_mail(|world| async move {
        let app = &world.app;
        let project = seed::project(app).await;
        let leader = staff::logged_in(app, Role::ProjectLeader, &[project]).await;
        let someone = world
            .somebody_in(project, "a@people.example", "2026-05-02")
            .await;
        let people = staff::path(paths::PROJECT_PERSONS, project);
        let instead = staff::path(paths::PERSON_CONTACT, someone.id);
        let named = |email: &str| NewContact {
            email: email.to_owned(),
            instead: true,
            named_by_person: true,
            seen: None,
        };
        let at = app.clock.now().fixed_offset();
        for wrong in REFUSED {
            let answer = leader.post(app, &people, &json!({ "email": wrong })).await;
            let problem = answer.assert_problem(Code::InputInvalid);
            assert_eq!(problem.errors[0].pointer, "/email", "{wrong}");
            let answer = leader.post(app, &instead, &named(wrong)).await;
            let problem = answer.assert_problem(Code::InputInvalid);
            assert_eq!(problem.errors[0].pointer, "/email", "{wrong}");
            // An old phone may take it: then it is kept aside with its reason, and nothing is lost.
            for event in [
                Event::ContactGiven {
                    email: wrong.to_owned(),
                },
                Event::ContactPersonNamed {
                    email: wrong.to_owned(),
                    name: None,
                },
            ] {
                let entries = vec![seed::entry(app, at, event, true)];
                let told = phone::deliver(app, &someone.secret, &seed::delivery(entries)).await;
                assert_eq!(told[0].outcome, Outcome::Quarantined, "{wrong}");
                assert_eq!(told[0].reason, Some(Reason::ContactInvalid), "{wrong}");
            }
        }
        assert_eq!(
            opened(&world, someone.id).await.unwrap(),
            "a@people.example"
        );
        for marked in MARKED {
            let answer = leader.post(app, &people, &json!({ "email": marked })).await;
            let line: bedring_contract::staff::PersonLine = answer.json();
            assert_eq!(opened(&world, line.id).await.unwrap(), "anna@eksempel.dk");
            let answer = leader.post(app, &instead, &named(marked)).await;
            assert_eq!(answer.status, 204, "{}", answer.text());
            let email = marked.to_owned();
            app.clock.advance(std::time::Duration::from_secs(60));
            world
                .says(&someone, vec![Event::ContactGiven { email }])
                .await;
            assert_eq!(
                opened(&world, someone.id).await.unwrap(),
                "anna@eksempel.dk"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn domains_with_letters_of_their_own_go_out_in_ascii() {
    with_mail(|world| async move {
        world.somebody("mie@blåbær.example", "2026-03-02").await;
        world.skip_to("2026-03-02T10:00:00");
        world.work().await;
        let all = world.sink.all();
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].to, "mie@xn--blbr-roah.example");
        assert_eq!(all[0].header("to"), "mie@xn--blbr-roah.example");
    })
    .await;
}

#[tokio::test]
async fn letters_that_the_mail_server_cannot_write_are_final_at_the_first_try() {
    with_mail(|world| async move {
        let someone = world.somebody("åse@modtager.example", "2026-03-02").await;
        world.skip_to("2026-03-02T10:00:00");
        world.work().await;
        let failed = ("failed".to_owned(), "letters".to_owned(), 1);
        assert_eq!(world.states().await, [failed]);
        assert!(world.choice(&someone).await.unwrap().bounced_at.is_some());
        world.live_to("2026-03-02T10:01:00", 1).await;
        assert_eq!(world.calls().await, [day("2026-03-02")]);
        assert_eq!(world.sink.all().len(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_mail_server_that_can_write_all_letters_gets_them() {
    with_mail(|world| async move {
        world.sink.behave(Behaviour::AllLetters);
        world.somebody("åse@modtager.example", "2026-03-02").await;
        world.skip_to("2026-03-02T10:00:00");
        world.work().await;
        assert_eq!(world.sink.to("åse@modtager.example").len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_domain_that_takes_no_mail_is_final_at_the_first_try() {
    with_mail(|world| async move {
        world.somebody("a@people.example", "2026-03-02").await;
        world.sink.behave(Behaviour::NullMx);
        world.skip_to("2026-03-02T10:00:00");
        world.work().await;
        let failed = ("failed".to_owned(), "recipient".to_owned(), 1);
        assert_eq!(world.states().await, [failed]);
        world.live_to("2026-03-02T10:01:00", 1).await;
        assert_eq!(world.calls().await, [day("2026-03-02")]);
    })
    .await;
}

#[tokio::test]
async fn a_domain_that_the_relay_hopes_for_delays_no_call() {
    with_mail(|world| async move {
        world.sink.behave(Behaviour::DomainNotFound);
        let project = seed::project(&world.app).await;
        world
            .somebody_in(project, "a@gone.example", "2026-03-02")
            .await;
        world
            .somebody_in(project, "b@people.example", "2026-03-02")
            .await;
        world.live_to("2026-03-15T23:00:00", 60).await;
        assert_eq!(world.calls().await, []);
        assert_eq!(world.sink.to("b@people.example").len(), 3);
        // For both on the same day: for the one because three mails went, for the other although none did.
        world.live_to("2026-03-16T10:30:00", 15).await;
        assert_eq!(world.calls().await, [day("2026-03-16"); 2]);
        assert_eq!(world.sink.to("a@gone.example").len(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_pause_gives_a_mail_that_waited_its_days_back() {
    with_mail(|world| async move {
        world.sink.behave(Behaviour::DomainNotFound);
        let someone = world.somebody("a@gone.example", "2026-03-02").await;
        let project = world.app.state.db.read();
        let row = bedring_store::entities::person::Entity::find_by_id(someone.id)
            .one(project)
            .await
            .unwrap()
            .unwrap();
        world.live_to("2026-03-14T12:00:00", 60).await;
        let leader = staff::logged_in(&world.app, Role::ProjectLeader, &[row.project_id]).await;
        let pause = staff::path(paths::PERSON_PAUSE, someone.id);
        leader
            .post(&world.app, &pause, &json!({ "until": "2026-04-01" }))
            .await;
        world.live_to("2026-03-31T23:00:00", 60).await;
        assert_eq!(world.calls().await, []);
        // The mail is tried again from that day on, for as long as one that was taken would have been waited for.
        world.live_to("2026-04-03T23:00:00", 60).await;
        assert_eq!(world.calls().await, []);
        world.live_to("2026-04-04T11:00:00", 60).await;
        assert_eq!(world.calls().await, [day("2026-04-04")]);
    })
    .await;
}
