//! A schedule: phones write, send, crash, and their deliveries are lost, delayed, repeated or reordered until the network heals.

use std::collections::BTreeMap;

use bedring_contract::journal::{DeliveredEntry, Delivery, DeliveryResults};
use bedring_domain::consent::Scope;
use bedring_domain::journal::{Event, Outbox, Outcome, SendFailure};
use bedring_server::ports::SeededRandom;
use uuid::Uuid;

use crate::device::{Dice, Phone, ahead, script};
use crate::judge::{Written, judge};
use crate::support::seed::Someone;
use crate::support::{TestApp, phone, seed};

/// A delivery, and the answer if the server takes it.
async fn post(app: &TestApp, secret: &str, delivery: &Delivery) -> Option<DeliveryResults> {
    let answer = phone::post(app, secret, delivery).await;
    (answer.status == 202).then(|| answer.json())
}

/// One schedule from its first entry to the judgement.
pub async fn schedule(app: &TestApp, project: Uuid, number: u64) {
    let dice = Dice(SeededRandom::new(number));
    let people = [
        seed::someone(app, project).await,
        seed::someone(app, project).await,
    ];
    let mut phones: Vec<Phone> = (0..2 + usize::try_from(dice.below(2)).unwrap())
        .map(|n| Phone {
            owner: n % 2,
            ahead: ahead(&dice),
            kept: BTreeMap::new(),
            outbox: Outbox::default(),
            script: script(&dice, &people[n % 2]).into_iter().rev().collect(),
        })
        .collect();
    let mut written = Written::default();
    let mut delayed: Vec<(usize, Delivery)> = Vec::new();
    let mut minute = 0;
    for _ in 0..14 {
        let which = usize::try_from(dice.below(phones.len() as u64)).unwrap();
        let phone = &mut phones[which];
        let secret = &people[phone.owner].secret;
        match dice.below(8) {
            0..=3 => {
                for _ in 0..=dice.below(3) {
                    let Some(event) = phone.script.pop() else {
                        break;
                    };
                    minute += 1;
                    write(app, phone, &mut written, minute, event, dice.one_in(2));
                }
            }
            4 => phone.crash(),
            5 if !delayed.is_empty() => {
                // What was delayed arrives late and out of order; nobody waits for the answer any more.
                let (owner, late) =
                    delayed.swap_remove(usize::try_from(dice.below(delayed.len() as u64)).unwrap());
                post(app, &people[owner].secret, &late).await;
            }
            _ => {
                let Some(delivery) = phone.delivery() else {
                    continue;
                };
                send(app, &dice, phone, secret, delivery, &mut delayed).await;
            }
        }
    }
    // The network heals: everything on its way arrives, every phone writes what it has left and sends until its outbox is empty.
    for (owner, late) in delayed {
        post(app, &people[owner].secret, &late).await;
    }
    for phone in &mut phones {
        while let Some(event) = phone.script.pop() {
            minute += 1;
            write(app, phone, &mut written, minute, event, false);
        }
        for _ in 0..10 {
            let Some(delivery) = phone.delivery() else {
                break;
            };
            let results = post(app, &people[phone.owner].secret, &delivery)
                .await
                .expect("the server takes it");
            phone.answered(&results);
        }
        assert!(
            phone.outbox.entries().is_empty() && phone.kept.is_empty(),
            "schedule {number}: something never left a phone"
        );
    }
    for (owner, someone) in people.iter().enumerate() {
        contradict(app, someone, owner, &written, number).await;
    }
    judge(app, &people, &written, number).await;
}

fn write(
    app: &TestApp,
    phone: &mut Phone,
    written: &mut Written,
    minute: i64,
    event: Event,
    sealed: bool,
) {
    let by_its_clock = seed::minute(minute) + phone.ahead;
    let entry = seed::entry(app, by_its_clock, event.clone(), sealed);
    written.events.insert(
        entry.id.parse().unwrap(),
        (phone.owner, seed::minute(minute), event),
    );
    phone.write(entry);
}

/// A broken phone claims that an entry, which the server has, said something else: it hears of a conflict, and what was first stays.
async fn contradict(
    app: &TestApp,
    someone: &Someone,
    owner: usize,
    written: &Written,
    number: u64,
) {
    let mut mine = written.events.iter().filter(|(_, (of, ..))| *of == owner);
    let Some((id, (_, at, _))) = mine.next() else {
        return;
    };
    let other = seed::entry(app, *at, seed::withdrawal(Scope::Erase), false);
    let other = DeliveredEntry {
        id: id.to_string(),
        ..other
    };
    let answer = post(app, &someone.secret, &seed::delivery(vec![other])).await;
    let outcome = answer.expect("the server takes it").results[0].outcome;
    assert!(
        matches!(outcome, Outcome::Conflict | Outcome::Gone),
        "schedule {number}: {outcome:?}"
    );
}

async fn send(
    app: &TestApp,
    dice: &Dice,
    phone: &mut Phone,
    secret: &str,
    delivery: Delivery,
    delayed: &mut Vec<(usize, Delivery)>,
) {
    match dice.below(7) {
        0 => {
            // Lost on the way there.
            phone.outbox.failed(SendFailure::Retry { after: None });
        }
        1 => {
            // Lost on the way back.
            post(app, secret, &delivery).await;
            phone.outbox.failed(SendFailure::Retry { after: None });
        }
        2 => delayed.push((phone.owner, delivery)),
        3 => {
            // Repeated by the network, twice at once; one of the answers comes back.
            let (_, results) =
                tokio::join!(post(app, secret, &delivery), post(app, secret, &delivery));
            phone.answered(&results.expect("the server takes it"));
        }
        _ => {
            let results = post(app, secret, &delivery)
                .await
                .expect("the server takes it");
            phone.answered(&results);
            if dice.one_in(4) {
                delayed.push((phone.owner, delivery));
            }
        }
    }
}
