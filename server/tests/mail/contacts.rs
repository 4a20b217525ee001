//! The contact whom a person named: sealed like the person's own address, reminded instead if so chosen, and gone when anybody says so.

use crate::support::phone;
use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use bedring_contract::course::{Actor, Happening, History, NamedContact, PersonCourse};
use bedring_contract::paths;
use bedring_contract::problem::Code;
use bedring_contract::staff::Role;
use bedring_domain::consent::Scope;
use bedring_server::ports::Clock;
use serde_json::{Value, json};

use crate::support::request;
use crate::support::seed::{self, Someone};
use crate::support::staff::{Browser, account, path, session_of};
use crate::world::{World, with_mail};

const BASE: &str = "https://svar.example";

/// Somebody with an address, and who looks after them.
pub struct Desk {
    pub someone: Someone,
    helper: uuid::Uuid,
}

impl Desk {
    /// Days pass, so everything is done in a session of its own.
    pub async fn staff(&self, world: &World) -> Browser {
        session_of(&world.app, self.helper).await
    }

    pub async fn new(world: &World, helper: &str) -> Self {
        let project = seed::project(&world.app).await;
        let someone = world
            .somebody_in(project, "a@people.example", "2026-03-02")
            .await;
        let helper = account(&world.app, helper, Role::Helper, &[project]).await;
        Self { someone, helper }
    }

    pub async fn name(&self, world: &World, email: &str, instead: bool) {
        let form = json!({ "email": email, "instead": instead, "named_by_person": true });
        let target = path(paths::PERSON_CONTACT, self.someone.id);
        let answer = self
            .staff(world)
            .await
            .post(&world.app, &target, &form)
            .await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    }

    pub async fn contact(&self, world: &World) -> Option<NamedContact> {
        let target = path(paths::PERSON_COURSE, self.someone.id);
        let course: PersonCourse = self
            .staff(world)
            .await
            .get(&world.app, &target)
            .await
            .json();
        course.reminders.contact
    }

    pub async fn told(&self, world: &World) -> Vec<(Actor, Happening)> {
        let target = path(paths::PERSON_HISTORY, self.someone.id);
        let history: History = self
            .staff(world)
            .await
            .get(&world.app, &target)
            .await
            .json();
        let about = |what: &Happening| {
            matches!(
                what,
                Happening::ContactNamed { .. } | Happening::ContactRemoved
            )
        };
        let lines = history.lines.into_iter().map(|line| (line.by, line.what));
        lines.filter(|(_, what)| about(what)).collect()
    }
}

/// "Never again" from the last mail to an address.
pub async fn never(world: &World, address: &str) {
    let mails = world.sink.to(address);
    let link = mails.last().unwrap().link(&format!("{BASE}/m/"));
    let request = request(Method::POST, link.strip_prefix(BASE).unwrap())
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = world
        .app
        .send(request.body(Body::from("choice=never")).unwrap())
        .await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn a_contact_is_sealed_reminded_instead_and_told_by_whom() {
    with_mail(|world| async move {
        let desk = Desk::new(&world, "helper@staff.example").await;
        desk.name(&world, " ven@people.example ", true).await;
        let sealed = world.choice(&desk.someone).await.unwrap();
        let sealed = sealed.contact_email_sealed.unwrap();
        assert!(
            !sealed.windows(3).any(|w| w == b"ven"),
            "never in plain words"
        );
        let contact = desk.contact(&world).await.unwrap();
        assert_eq!(contact.email, "ven@people.example");
        assert_eq!((contact.instead, contact.bounced), (true, false));
        assert_eq!(contact.at, Some(world.app.clock.now()));
        assert!(contact.by.is_some());
        let mine = phone::mine(&world.app, &desk.someone).await;
        let named = mine.contact.unwrap();
        assert_eq!(
            (&*named.email, named.instead),
            ("ven@people.example", true),
            "and the person sees what is held"
        );
        world.live_to("2026-03-02T11:00:00", 30).await;
        let mails = world.sink.to("ven@people.example");
        let own = world.sink.to("a@people.example");
        assert_eq!((mails.len(), own.len()), (1, 0));
        assert!(!mails[0].text().contains("/s#"), "no link for a contact");

        let target = path(paths::PERSON_CONTACT, desk.someone.id);
        for _ in 0..2 {
            let answer = desk.staff(&world).await.delete(&world.app, &target).await;
            assert_eq!(answer.status, StatusCode::NO_CONTENT);
        }
        assert_eq!(desk.contact(&world).await, None);
        let told = desk.told(&world).await;
        assert_eq!(told.len(), 2);
        assert_eq!(told[0].1, Happening::ContactRemoved);
        assert_eq!(told[1].1, Happening::ContactNamed { instead: true });
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
async fn only_the_person_can_have_named_a_contact_and_it_has_to_be_an_address() {
    with_mail(|world| async move {
        let desk = Desk::new(&world, "helper@staff.example").await;
        let target = path(paths::PERSON_CONTACT, desk.someone.id);
        for (form, pointer, code) in [
            (
                json!({ "email": "ven", "named_by_person": true }),
                "/email",
                "format",
            ),
            (
                json!({ "email": "", "named_by_person": true }),
                "/email",
                "format",
            ),
            (
                json!({ "email": "ven@people.example" }),
                "/named_by_person",
                "required",
            ),
        ] {
            let answer = desk
                .staff(&world)
                .await
                .post(&world.app, &target, &form)
                .await;
            let problem = answer.assert_problem(Code::InputInvalid);
            let told = &problem.errors[0];
            assert_eq!((&*told.pointer, &*told.code), (pointer, code), "{form}");
        }
        assert_eq!(world.choice(&desk.someone).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_contact_speaks_for_their_own_address_and_not_for_the_next() {
    with_mail(|world| async move {
        let desk = Desk::new(&world, "helper@staff.example").await;
        desk.name(&world, "ven@people.example", true).await;
        world.live_to("2026-03-02T11:00:00", 30).await;
        desk.name(&world, "nabo@people.example", true).await;
        never(&world, "ven@people.example").await;
        let contact = desk.contact(&world).await.unwrap();
        assert_eq!(contact.email, "nabo@people.example");
        world.live_to("2026-03-06T11:00:00", 60).await;
        assert_eq!(world.sink.to("nabo@people.example").len(), 1);
        // The same address, written down once more after the mail: it is still theirs.
        desk.name(&world, "nabo@people.example", false).await;
        never(&world, "nabo@people.example").await;
        assert_eq!(desk.contact(&world).await, None);
        assert_eq!(
            desk.told(&world).await[0],
            (Actor::Contact, Happening::ContactRemoved)
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_who_is_not_asked_any_more_keeps_a_contact() {
    with_mail(|world| async move {
        for (scope, helper) in [
            (Scope::StopAsking, "one@staff.example"),
            (Scope::Erase, "two@staff.example"),
        ] {
            let desk = Desk::new(&world, helper).await;
            desk.name(&world, "ven@people.example", true).await;
            world.app.clock.advance(std::time::Duration::from_secs(60));
            world
                .says(&desk.someone, vec![seed::withdrawal(scope)])
                .await;
            let held = world.choice(&desk.someone).await;
            assert!(held.is_none_or(|c| c.contact_email_sealed.is_none()));
            let form: Value = json!({ "email": "ven@people.example", "named_by_person": true });
            let target = path(paths::PERSON_CONTACT, desk.someone.id);
            let answer = desk
                .staff(&world)
                .await
                .post(&world.app, &target, &form)
                .await;
            assert!(answer.status.is_client_error(), "{scope:?}");
        }
    })
    .await;
}
