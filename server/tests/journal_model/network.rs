//! A schedule: phones write, send, crash, and their deliveries are lost, delayed, repeated or reordered until the network heals. Then the
//! same is said by a twin whose entries arrive one by one in another order: the end must be the same.

use std::collections::BTreeMap;

use bedring_contract::journal::{DeliveredEntry, Delivery, DeliveryResults};
use bedring_contract::paths;
use bedring_contract::quarantine::ReceiptStatus;
use bedring_domain::consent::Scope;
use bedring_domain::journal::{Outbox, Outcome, SendFailure};
use bedring_server::ports::SeededRandom;
use uuid::Uuid;

use crate::device::{Clock, Dice, Phone, script};
use crate::judge::{End, Word, end, judge};
use crate::support::seed::Someone;
use crate::support::staff::{Browser, path};
use crate::support::{TestApp, phone, seed};

/// A delivery, and the answer if the server takes it.
async fn post(app: &TestApp, secret: &str, delivery: &Delivery) -> Option<DeliveryResults> {
    let answer = phone::post(app, secret, delivery).await;
    (answer.status == 202).then(|| answer.json())
}

/// What all schedules need.
pub struct Place<'a> {
    pub app: &'a TestApp,
    pub project: Uuid,
    pub staff: &'a Browser,
}

/// Everything that was written, by owner, in the order of truth.
type Written = [Vec<Word>; 2];

/// One schedule from its first entry to the judgement.
pub async fn schedule(place: &Place<'_>, number: u64) {
    let app = place.app;
    let dice = Dice(SeededRandom::new(number));
    let people = [
        seed::someone(app, place.project).await,
        seed::someone(app, place.project).await,
    ];
    let mut phones: Vec<Phone> = (0..2 + usize::try_from(dice.below(2)).unwrap())
        .map(|n| Phone {
            id: seed::fresh(app),
            owner: n % 2,
            clock: Clock::any(&dice),
            kept: BTreeMap::new(),
            outbox: Outbox::default(),
            script: script(&dice, n).into_iter().rev().collect(),
            all: 0,
            words: 0,
            last: None,
        })
        .collect();
    let mut written = Written::default();
    let all = phones.iter().map(|p| p.script.len()).sum::<usize>();
    let all = i64::try_from(all).unwrap();
    for phone in &mut phones {
        phone.all = all;
    }
    travel(app, &dice, &people, &mut phones, &mut written, number).await;
    for (owner, someone) in people.iter().enumerate() {
        let words = &written[owner];
        contradict(app, someone, words, number).await;
        let found = end(app, place.staff, someone, words).await;
        judge(words, &found, number);
        let (twin, order) = resaid(place, &dice, &phones, words).await;
        assert_eq!(found, twin, "schedule {number}: {order:?} {words:#?}");
        receipt(place, &dice, words, &found).await;
    }
}

async fn travel(
    app: &TestApp,
    dice: &Dice,
    people: &[Someone; 2],
    phones: &mut [Phone],
    written: &mut Written,
    number: u64,
) {
    let mut delayed: Vec<(usize, Delivery)> = Vec::new();
    let mut n = 0;
    for _ in 0..14 {
        let which = usize::try_from(dice.below(phones.len() as u64)).unwrap();
        let phone = &mut phones[which];
        let someone = &people[phone.owner];
        match dice.below(8) {
            0..=3 => {
                for _ in 0..=dice.below(3) {
                    n += i64::from(write(app, phone, which, someone, written, n + 1, dice));
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
                send(app, dice, phone, &someone.secret, delivery, &mut delayed).await;
            }
        }
    }
    // The network heals: everything on its way arrives, every phone writes what it has left and sends until its outbox is empty.
    for (owner, late) in delayed {
        post(app, &people[owner].secret, &late).await;
    }
    for (which, phone) in phones.iter_mut().enumerate() {
        let someone = &people[phone.owner];
        while write(app, phone, which, someone, written, n + 1, dice) {
            n += 1;
        }
        for _ in 0..10 {
            let Some(delivery) = phone.delivery() else {
                break;
            };
            let results = post(app, &someone.secret, &delivery)
                .await
                .expect("the server takes it");
            phone.answered(&results);
        }
        assert!(
            phone.outbox.entries().is_empty() && phone.kept.is_empty(),
            "schedule {number}: something never left a phone"
        );
    }
}

/// The next of a phone's script; false if it is through.
fn write(
    app: &TestApp,
    phone: &mut Phone,
    which: usize,
    someone: &Someone,
    written: &mut Written,
    n: i64,
    dice: &Dice,
) -> bool {
    let Some(says) = phone.script.pop() else {
        return false;
    };
    let recorded = phone.records(n, phone.all);
    let event = says.event(someone);
    let entry = seed::entry(app, recorded, event, dice.one_in(2));
    written[phone.owner].push(Word {
        entry: entry.id.parse().unwrap(),
        before_the_end: phone.all - n,
        n,
        phone: which,
        clock: phone.clock,
        says,
        recorded,
    });
    phone.write(entry);
    true
}

/// A twin of somebody says the same, and it arrives one by one in some order.
async fn resaid(
    place: &Place<'_>,
    dice: &Dice,
    phones: &[Phone],
    words: &[Word],
) -> (End, Vec<usize>) {
    let app = place.app;
    let twin = seed::someone(app, place.project).await;
    let mut again = words.to_vec();
    let mut entries = Vec::new();
    for word in &mut again {
        let event = word.says.event(&twin);
        let entry = seed::entry(app, word.recorded, event, dice.one_in(2));
        word.entry = entry.id.parse().unwrap();
        entries.push(entry);
    }
    let mut order: Vec<usize> = (0..words.len()).collect();
    for place in (1..order.len()).rev() {
        order.swap(
            place,
            usize::try_from(dice.below(place as u64 + 1)).unwrap(),
        );
    }
    for which in &order {
        let entry = entries[*which].clone();
        let delivery = phones[words[*which].phone].deliver(vec![entry]);
        post(app, &twin.secret, &delivery)
            .await
            .expect("the server takes it");
    }
    (end(app, place.staff, &twin, &again).await, order)
}

/// One of the entries, by its receipt: found alone, and what it says of it is so.
async fn receipt(place: &Place<'_>, dice: &Dice, words: &[Word], found: &End) {
    if words.is_empty() || !dice.one_in(4) {
        return;
    }
    let which = usize::try_from(dice.below(words.len() as u64)).unwrap();
    let row = crate::support::tables::row::<bedring_store::entities::journal_entry::Entity>(
        place.app,
        words[which].entry,
    );
    let sha256: [u8; 32] = row.await.sha256.try_into().unwrap();
    let code = bedring_domain::code::receipt(words[which].entry, &sha256);
    let target = path(paths::RECEIPT, code);
    let status: ReceiptStatus = place.staff.get(place.app, &target).await.json();
    let first = &status.entries[0];
    assert_eq!(status.entries.len(), 1, "{status:?}");
    let outcome = match found.entries[which].0.as_str() {
        "applied" => "stored",
        other => other,
    };
    assert_eq!(first.outcome, outcome, "{status:?}");
}

/// A broken phone claims that an entry, which the server has, said something else: it hears of a conflict, and what was first stays.
async fn contradict(app: &TestApp, someone: &Someone, words: &[Word], number: u64) {
    let Some(word) = words.first() else {
        return;
    };
    let other = seed::entry(app, word.recorded, seed::withdrawal(Scope::Erase), false);
    let other = DeliveredEntry {
        id: word.entry.to_string(),
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
