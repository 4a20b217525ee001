//! Mails that come back late, from an address that another has taken the place of: that one has nothing against it.

use axum::http::StatusCode;
use bedring_contract::paths;
use bedring_contract::staff::Role;
use bedring_domain::journal::Event;
use serde_json::json;

use crate::staff::bounce;
use crate::support::smtp::Behaviour;
use crate::support::staff::{account, path, session_of};
use crate::support::{Answer, seed};
use crate::world::{World, with_mail};

/// The last mail to this address comes back.
async fn comes_back(world: &World, address: &str) -> Answer {
    let mails = world.sink.to(address);
    let id = mails.last().unwrap().header("message-id");
    bounce(world, Some("a-token-for-bounces"), &id, true).await
}

#[tokio::test]
async fn an_old_address_that_bounces_late_says_nothing_of_the_new_one() {
    with_mail(|world| async move {
        let someone = world.somebody("old@people.example", "2026-03-02").await;
        let bounced = || async {
            let choice = world.choice(&someone).await;
            choice.is_some_and(|c| c.bounced_at.is_some())
        };
        world.skip_to("2026-03-02T10:00:00");
        world.work().await;
        world.skip_to("2026-03-03T10:00:00");
        let email = "new@people.example".to_owned();
        world
            .says(&someone, vec![Event::ContactGiven { email }])
            .await;
        let answer = comes_back(&world, "old@people.example").await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        assert!(!bounced().await, "nothing is known of the new address");
        assert_eq!(
            world.states().await,
            [("bounced".to_owned(), "bounced".to_owned(), 1)],
            "and the mail did come back"
        );
        world.live_to("2026-03-06T11:00:00", 60).await;
        assert_eq!(world.sink.to("new@people.example").len(), 1);
        assert_eq!(world.calls().await, [], "nobody has to call yet");

        // The same address in other letters is the same address.
        let email = "NEW@People.example".to_owned();
        world
            .says(&someone, vec![Event::ContactGiven { email }])
            .await;
        comes_back(&world, "new@people.example").await;
        assert!(bounced().await);
        world.work().await;
        assert_eq!(world.calls().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_contact_who_is_named_anew_is_not_marked_for_the_one_before() {
    with_mail(|world| async move {
        let project = seed::project(&world.app).await;
        let someone = world
            .somebody_in(project, "a@people.example", "2026-03-02")
            .await;
        let helper = account(&world.app, "h@staff.example", Role::Helper, &[project]).await;
        let name = |email: &'static str| {
            let (world, target) = (&world, path(paths::PERSON_CONTACT, someone.id));
            async move {
                let form = json!({ "email": email, "instead": true, "named_by_person": true });
                let browser = session_of(&world.app, helper).await;
                let answer = browser.post(&world.app, &target, &form).await;
                assert_eq!(answer.status, StatusCode::NO_CONTENT);
            }
        };
        let choice = || async { world.choice(&someone).await.unwrap() };
        name("ven@people.example").await;
        world.live_to("2026-03-02T11:00:00", 30).await;
        name("nabo@people.example").await;
        comes_back(&world, "ven@people.example").await;
        assert_eq!(choice().await.contact_bounced_at, None);
        world.live_to("2026-03-06T11:00:00", 60).await;
        comes_back(&world, "nabo@people.example").await;
        let choice = choice().await;
        assert!(choice.contact_bounced_at.is_some());
        assert_eq!(choice.bounced_at, None, "the person's own is another");
    })
    .await;
}

#[tokio::test]
async fn an_address_that_was_removed_is_not_marked() {
    with_mail(|world| async move {
        let project = seed::project(&world.app).await;
        let someone = world
            .somebody_in(project, "a@people.example", "2026-03-02")
            .await;
        let helper = account(&world.app, "h@staff.example", Role::Helper, &[project]).await;
        let target = path(paths::PERSON_CONTACT, someone.id);
        let form =
            json!({ "email": "ven@people.example", "instead": true, "named_by_person": true });
        let desk = session_of(&world.app, helper).await;
        desk.post(&world.app, &target, &form).await;
        world.live_to("2026-03-02T11:00:00", 30).await;
        desk.delete(&world.app, &target).await;
        comes_back(&world, "ven@people.example").await;
        let choice = world.choice(&someone).await.unwrap();
        assert_eq!((choice.contact_bounced_at, choice.bounced_at), (None, None));
        // The person is reminded again, and their own address is judged by itself.
        world.sink.behave(Behaviour::UnknownRecipient);
        world.live_to("2026-03-06T11:00:00", 60).await;
        let choice = world.choice(&someone).await.unwrap();
        assert_eq!(choice.contact_bounced_at, None);
        assert!(choice.bounced_at.is_some());
    })
    .await;
}
