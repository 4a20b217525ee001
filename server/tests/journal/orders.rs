//! Every order of arrival ends in one state: the same words, delivered one by one in all orders, leave the same behind. What that is was
//! written down by hand for each set of words.

use bedring_contract::course::{Happening, History};
use bedring_contract::paths;
use bedring_contract::staff::{PersonDetail, Role};
use bedring_domain::consent::{Purpose, Scope};
use bedring_domain::journal::{Event, Outcome};
use bedring_server::ports::Clock;
use bedring_store::entities::journal_entry;
use chrono::TimeDelta;
use uuid::Uuid;

use crate::support::seed::{self, Someone};
use crate::support::staff::{Browser, logged_in, path};
use crate::support::{Backend, TestApp, on_both, phone, tables};

/// What was said so many minutes ago, by one phone whose clock is right.
struct Said(i64, Event);

fn yes(purpose: Purpose) -> Event {
    seed::consent(purpose, true)
}

fn no(purpose: Purpose) -> Event {
    seed::consent(purpose, false)
}

fn address(email: &str) -> Event {
    let email = email.to_owned();
    Event::ContactGiven { email }
}

fn named(email: &str) -> Event {
    let (email, name) = (email.to_owned(), Some("Naboen".to_owned()));
    Event::ContactPersonNamed { email, name }
}

/// What is left in the end.
#[derive(Debug, PartialEq)]
struct End {
    /// The person's own address, and whom they named.
    email: Option<String>,
    contact: Option<String>,
    withdrawn: Option<Scope>,
    refused: bool,
    /// Of each word, in the order of the set: whether its bytes are still held.
    held: Vec<bool>,
    /// What staff read, latest first.
    history: Vec<Happening>,
    /// On what the last word is in doubt.
    doubts: Vec<Purpose>,
}

async fn end(app: &TestApp, staff: &Browser, someone: &Someone, entries: &[Uuid]) -> End {
    let mine = phone::mine(app, someone).await;
    let mut held = Vec::new();
    for id in entries {
        let row = tables::row::<journal_entry::Entity>(app, *id).await;
        held.push(row.body.is_some());
    }
    let history: History = staff
        .get(app, &path(paths::PERSON_HISTORY, someone.id))
        .await
        .json();
    let detail: PersonDetail = staff
        .get(app, &path(paths::PERSON, someone.id))
        .await
        .json();
    assert_eq!(detail.email, mine.email);
    End {
        email: mine.email,
        contact: mine.contact.map(|contact| contact.email),
        withdrawn: mine.standing.withdrawn,
        refused: mine.standing.refused,
        held,
        history: history.lines.into_iter().map(|line| line.what).collect(),
        doubts: detail.in_doubt,
    }
}

/// All orders of so many things.
fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in orders(count - 1) {
        for place in 0..count {
            let mut order = shorter.clone();
            order.insert(place, count - 1);
            all.push(order);
        }
    }
    all
}

/// Says it all in every order, each time by somebody new, and gives the one end that all of them have.
async fn in_every_order(app: &TestApp, set: &[Said]) -> End {
    let project = seed::project(app).await;
    let staff = logged_in(app, Role::Helper, &[project]).await;
    let now = app.clock.now().fixed_offset();
    let mut only: Option<End> = None;
    // The rules are the same code on both databases: on PostgreSQL some of the orders are enough.
    let some = match app.backend {
        Backend::Sqlite => 1,
        Backend::Postgres => 7,
    };
    for order in orders(set.len()).into_iter().step_by(some) {
        let someone = seed::someone(app, project).await;
        let entries: Vec<_> = set
            .iter()
            .map(|Said(ago, event)| {
                seed::entry(app, now - TimeDelta::minutes(*ago), event.clone(), true)
            })
            .collect();
        for place in &order {
            let mut delivery = seed::delivery(vec![entries[*place].clone()]);
            delivery.sent_at = now.into();
            let results = phone::deliver(app, &someone.secret, &delivery).await;
            assert_eq!(results[0].outcome, Outcome::Stored, "{order:?}");
        }
        let ids: Vec<Uuid> = entries.iter().map(|e| e.id.parse().unwrap()).collect();
        let found = end(app, &staff, &someone, &ids).await;
        match &only {
            None => only = Some(found),
            Some(end) => assert_eq!(&found, end, "{order:?}"),
        }
    }
    only.unwrap()
}

#[tokio::test]
async fn an_address_is_kept_when_the_yes_it_was_given_with_arrives_late() {
    on_both(|app| async move {
        let stops = [
            no(Purpose::Evaluation),
            seed::withdrawal(Scope::StopAsking),
            seed::withdrawal(Scope::StopUsing),
            no(Purpose::Reminders),
        ];
        for stop in stops {
            let set = [
                Said(3, stop),
                Said(2, yes(Purpose::Evaluation)),
                Said(1, yes(Purpose::Reminders)),
                Said(0, address("anna@eksempel.dk")),
            ];
            let end = in_every_order(&app, &set).await;
            assert_eq!(end.email.as_deref(), Some("anna@eksempel.dk"));
            assert_eq!((end.withdrawn, end.refused), (None, false));
            assert_eq!((end.held[3], end.doubts.len()), (true, 0));
        }
    })
    .await;
}

#[tokio::test]
async fn whom_the_person_named_is_kept_likewise() {
    on_both(|app| async move {
        for stop in [no(Purpose::Evaluation), seed::withdrawal(Scope::StopAsking)] {
            let set = [
                Said(40, stop),
                Said(30, yes(Purpose::Evaluation)),
                Said(20, named("nabo@eksempel.dk")),
                Said(10, address("anna@eksempel.dk")),
            ];
            let end = in_every_order(&app, &set).await;
            assert_eq!(end.contact.as_deref(), Some("nabo@eksempel.dk"));
            assert_eq!(end.email.as_deref(), Some("anna@eksempel.dk"));
            let lines = end.history.iter();
            let named = lines.filter(|h| matches!(h, Happening::ContactNamed { .. }));
            assert_eq!(named.count(), 1);
        }
    })
    .await;
}

#[tokio::test]
async fn a_real_no_forgets_whatever_the_order() {
    on_both(|app| async move {
        // The stop came after the address, and a yes after the stop: the address is given anew, or not at all.
        for stop in [no(Purpose::Evaluation), seed::withdrawal(Scope::StopAsking)] {
            let set = [
                Said(5, yes(Purpose::Evaluation)),
                Said(4, address("anna@eksempel.dk")),
                Said(3, stop),
                Said(2, yes(Purpose::Evaluation)),
                Said(1, named("nabo@eksempel.dk")),
            ];
            let end = in_every_order(&app, &set).await;
            assert_eq!((end.email, end.withdrawn), (None, None));
            assert_eq!(end.contact.as_deref(), Some("nabo@eksempel.dk"));
            assert_eq!(end.held, [true, false, true, true, true]);
        }
        // Without a yes after it nothing is left of either.
        let set = [
            Said(4, yes(Purpose::Evaluation)),
            Said(3, address("anna@eksempel.dk")),
            Said(2, named("nabo@eksempel.dk")),
            Said(1, seed::withdrawal(Scope::StopAsking)),
        ];
        let end = in_every_order(&app, &set).await;
        assert_eq!((end.email, end.contact), (None, None));
        assert_eq!(end.withdrawn, Some(Scope::StopAsking));
        assert_eq!(end.held, [true, false, false, true]);
        // Nor of an address after a no to reminders.
        let set = [
            Said(3, yes(Purpose::Evaluation)),
            Said(2, address("anna@eksempel.dk")),
            Said(1, no(Purpose::Reminders)),
        ];
        let end = in_every_order(&app, &set).await;
        assert_eq!((end.email, end.held), (None, vec![true, false, true]));
    })
    .await;
}

#[tokio::test]
async fn of_several_addresses_and_names_the_last_is_left_and_the_others_are_forgotten() {
    on_both(|app| async move {
        let set = [
            Said(5, no(Purpose::Evaluation)),
            Said(4, yes(Purpose::Evaluation)),
            Said(3, address("anna@eksempel.dk")),
            Said(2, address("anna@andet.dk")),
        ];
        let end = in_every_order(&app, &set).await;
        assert_eq!(end.email.as_deref(), Some("anna@andet.dk"));
        assert_eq!(end.held, [true, true, false, true]);
        let set = [
            Said(5, seed::withdrawal(Scope::StopUsing)),
            Said(4, yes(Purpose::Evaluation)),
            Said(3, named("nabo@eksempel.dk")),
            Said(2, Event::ContactPersonRemoved),
            Said(1, named("ven@eksempel.dk")),
        ];
        let end = in_every_order(&app, &set).await;
        assert_eq!(end.contact.as_deref(), Some("ven@eksempel.dk"));
        assert_eq!(end.held, [true, true, false, true, true]);
        let set = [
            Said(3, yes(Purpose::Evaluation)),
            Said(2, named("nabo@eksempel.dk")),
            Said(1, Event::ContactPersonRemoved),
        ];
        let end = in_every_order(&app, &set).await;
        assert_eq!((end.contact, end.held[1]), (None, false));
    })
    .await;
}

#[tokio::test]
async fn an_erasure_leaves_nothing_whatever_the_order() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let now = app.clock.now().fixed_offset();
        let set = [
            yes(Purpose::Evaluation),
            address("anna@eksempel.dk"),
            named("nabo@eksempel.dk"),
            seed::withdrawal(Scope::Erase),
        ];
        for order in orders(set.len()) {
            let someone = seed::someone(&app, project).await;
            for place in order {
                let at = now - TimeDelta::minutes(10 - i64::try_from(place).unwrap());
                let entry = seed::entry(&app, at, set[place].clone(), true);
                let mut delivery = seed::delivery(vec![entry]);
                delivery.sent_at = now.into();
                phone::deliver(&app, &someone.secret, &delivery).await;
            }
            let rows = tables::all::<journal_entry::Entity>(&app).await;
            let mut mine = rows.iter().filter(|r| r.person_id == Some(someone.id));
            assert!(mine.all(|r| r.body.is_none() && r.state == "gone"));
            let choices = tables::all::<bedring_store::entities::mail_choice::Entity>(&app).await;
            assert!(choices.is_empty());
            let contacts = tables::all::<bedring_store::entities::contact::Entity>(&app).await;
            assert!(contacts.is_empty());
        }
    })
    .await;
}
