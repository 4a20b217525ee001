//! The phones of the schedules: what one keeps across a crash, what it sends, what it does with an answer. And the dice they are led by.

use std::collections::BTreeMap;

use bedring_contract::journal::{DeliveredEntry, Delivery, DeliveryResults};
use bedring_domain::code;
use bedring_domain::consent::{Purpose, Scope};
use bedring_domain::journal::{Event, Outbox, OutboxEntry, body_sha256};
use bedring_server::ports::{Random, SeededRandom};
use chrono::TimeDelta;
use uuid::Uuid;

use crate::support::seed::{self, Someone};

/// What leads a schedule, the same every time.
pub struct Dice(pub SeededRandom);

impl Dice {
    pub fn below(&self, n: u64) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes) % n
    }
    pub fn one_in(&self, n: u64) -> bool {
        self.below(n) == 0
    }
}

/// A phone: what it keeps across a crash, and its outbox.
pub struct Phone {
    pub owner: usize,
    /// How far its clock is ahead of the truth, always: a flat battery throws it back to 1970, a thumb sets it to another year.
    pub ahead: TimeDelta,
    pub kept: BTreeMap<Uuid, DeliveredEntry>,
    pub outbox: Outbox,
    pub script: Vec<Event>,
}

impl Phone {
    pub fn write(&mut self, entry: DeliveredEntry) {
        let id = Uuid::parse_str(&entry.id).unwrap();
        self.outbox.push(OutboxEntry {
            id,
            sha256: entry.sha256.clone(),
            size: entry.body.len(),
        });
        self.kept.insert(id, entry);
    }

    pub fn delivery(&self) -> Option<Delivery> {
        let next = self.outbox.next_delivery();
        let entries = next.iter().map(|e| self.kept[&e.id].clone()).collect();
        let delivery = seed::delivery(entries);
        let sent_at = (delivery.sent_at.get() + self.ahead).into();
        (!next.is_empty()).then_some(Delivery {
            sent_at,
            ..delivery
        })
    }

    pub fn answered(&mut self, results: &DeliveryResults) {
        let triples: Vec<_> = results
            .results
            .iter()
            .map(|r| {
                (
                    Uuid::parse_str(&r.id).unwrap(),
                    r.sha256.as_str(),
                    r.outcome,
                )
            })
            .collect();
        for (entry, _) in self.outbox.delivered(&triples) {
            let kept = self.kept.remove(&entry.id).expect("removed once");
            let receipt = results
                .results
                .iter()
                .find(|r| r.id == kept.id)
                .unwrap()
                .receipt
                .clone()
                .unwrap();
            assert_eq!(receipt, code::receipt(entry.id, &body_sha256(&kept.body)));
        }
    }

    /// Killed and started again: only what was kept is left.
    pub fn crash(&mut self) {
        let entries = self.kept.values();
        let entry = |e: &DeliveredEntry| OutboxEntry {
            id: e.id.parse().unwrap(),
            sha256: e.sha256.clone(),
            size: e.body.len(),
        };
        self.outbox = Outbox::new(entries.map(entry).collect());
    }
}

/// A clock as phones have them: most are right, the others by a little or by decades not.
pub fn ahead(dice: &Dice) -> TimeDelta {
    match dice.below(8) {
        0 => TimeDelta::days(-20_500),
        1 => TimeDelta::days(1_100),
        2 => TimeDelta::hours(-26),
        3 => TimeDelta::minutes(i64::try_from(dice.below(300)).unwrap()),
        _ => TimeDelta::zero(),
    }
}

/// What somebody will say, in this order.
pub fn script(dice: &Dice, someone: &Someone) -> Vec<Event> {
    let mut events = vec![Event::LetterRead {
        letter: "1".to_owned(),
        language: "da".to_owned(),
    }];
    if dice.one_in(6) {
        events.push(seed::consent(Purpose::Evaluation, false));
    }
    if !dice.one_in(5) {
        events.push(seed::consent(Purpose::Evaluation, true));
    }
    for instrument in ["mhrm-30", "lsns-9"] {
        for _ in 0..=u64::from(dice.one_in(4)) {
            if !dice.one_in(5) {
                events.push(seed::response(
                    someone,
                    instrument,
                    i64::try_from(dice.below(5)).unwrap(),
                ));
            }
        }
    }
    match dice.below(10) {
        0 => events.push(seed::withdrawal(Scope::Erase)),
        1 => events.push(seed::withdrawal(Scope::StopUsing)),
        2 => events.push(seed::withdrawal(Scope::StopAsking)),
        3 => events.push(seed::consent(Purpose::Evaluation, false)),
        _ => {}
    }
    events
}
