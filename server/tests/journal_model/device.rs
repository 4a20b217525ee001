//! The phones of the schedules: what one keeps across a crash, what it sends, what it does with an answer. And the dice they are led by.

use std::collections::BTreeMap;

use bedring_contract::journal::{DeliveredEntry, Delivery, DeliveryResults};
use bedring_domain::code;
use bedring_domain::consent::{Purpose, Scope};
use bedring_domain::journal::{Event, Outbox, OutboxEntry, body_sha256};
use bedring_server::ports::{Random, SeededRandom};
use chrono::{DateTime, FixedOffset, TimeDelta};
use uuid::Uuid;

use crate::support::seed::{self, Someone};
use crate::support::start_of_time;

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

/// Something that a person says on a phone. What is answered names the measurement of whoever answers.
#[derive(Debug, Clone)]
pub enum Say {
    Word(Event),
    Answers(&'static str, i64),
}

impl Say {
    pub fn event(&self, someone: &Someone) -> Event {
        match self {
            Self::Word(event) => event.clone(),
            Self::Answers(instrument, code) => seed::response(someone, instrument, *code),
        }
    }
}

/// A phone's clock: how far it is ahead of the truth, and after how many words somebody sets it right. Nothing is sent before that.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    pub ahead: TimeDelta,
    pub right_after: Option<usize>,
}

impl Clock {
    /// As phones have them: most are right, the others by minutes or by decades not. A flat battery throws one back to 1970.
    pub fn any(dice: &Dice) -> Self {
        let ahead = match dice.below(8) {
            0 => TimeDelta::days(-20_500),
            1 => TimeDelta::days(1_100),
            2 => TimeDelta::hours(-26),
            3 => TimeDelta::minutes(11 + i64::try_from(dice.below(300)).unwrap()),
            _ => TimeDelta::zero(),
        };
        // A clock that was some minutes ahead and is set right looks like one that never was wrong.
        let wrong = ahead.abs() > TimeDelta::days(1);
        let right_after =
            (wrong && dice.one_in(2)).then(|| usize::try_from(dice.below(8)).unwrap());
        Self { ahead, right_after }
    }

    pub fn always_right(&self) -> bool {
        self.ahead.is_zero()
    }

    fn ahead_when_sent(&self) -> TimeDelta {
        self.right_after.map_or(self.ahead, |_| TimeDelta::zero())
    }

    fn ahead_after(&self, words: usize) -> TimeDelta {
        match self.right_after {
            Some(right) if words >= right => TimeDelta::zero(),
            _ => self.ahead,
        }
    }
}

/// The true moment of the n-th of so many words that are said by anybody. All is delivered at the start of the server's time.
fn truth(n: i64, of: i64) -> DateTime<FixedOffset> {
    (start_of_time() - TimeDelta::minutes(3 * (of - n) + 1)).fixed_offset()
}

/// A phone: what it keeps across a crash, and its outbox.
pub struct Phone {
    pub id: Uuid,
    pub owner: usize,
    pub clock: Clock,
    pub kept: BTreeMap<Uuid, DeliveredEntry>,
    pub outbox: Outbox,
    pub script: Vec<Say>,
    /// How many words all phones will have written.
    pub all: i64,
    /// How many it wrote, and when the last by its clock.
    pub words: usize,
    pub last: Option<DateTime<FixedOffset>>,
}

impl Phone {
    /// What it writes down as the moment of the n-th word: never before the last that it wrote.
    pub fn records(&mut self, n: i64, of: i64) -> DateTime<FixedOffset> {
        let at = truth(n, of) + self.clock.ahead_after(self.words);
        let after = self.last.map(|last| last + TimeDelta::milliseconds(1));
        let at = after.map_or(at, |after| after.max(at));
        (self.words, self.last) = (self.words + 1, Some(at));
        at
    }

    pub fn write(&mut self, entry: DeliveredEntry) {
        let id = Uuid::parse_str(&entry.id).unwrap();
        self.outbox.push(OutboxEntry {
            id,
            sha256: entry.sha256.clone(),
            size: entry.body.len(),
        });
        self.kept.insert(id, entry);
    }

    /// As it sends them now.
    pub fn deliver(&self, entries: Vec<DeliveredEntry>) -> Delivery {
        let now = start_of_time().fixed_offset() + self.clock.ahead_when_sent();
        Delivery {
            device_id: self.id,
            sent_at: now.into(),
            ..seed::delivery(entries)
        }
    }

    pub fn delivery(&self) -> Option<Delivery> {
        let next = self.outbox.next_delivery();
        let entries = next.iter().map(|e| self.kept[&e.id].clone()).collect();
        (!next.is_empty()).then(|| self.deliver(entries))
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

/// What somebody will say, in this order.
pub fn script(dice: &Dice, phone: usize) -> Vec<Say> {
    let mut says = vec![Say::Word(Event::LetterRead {
        letter: "1".to_owned(),
        language: "da".to_owned(),
    })];
    let mut word = |event| says.push(Say::Word(event));
    if dice.one_in(4) {
        word(seed::consent(Purpose::Evaluation, false));
    }
    if !dice.one_in(5) {
        word(seed::consent(Purpose::Evaluation, true));
    }
    for n in 0..dice.below(3) {
        if dice.one_in(3) {
            word(seed::consent(Purpose::Reminders, !dice.one_in(3)));
        }
        let email = format!("p{phone}.{n}@eksempel.dk");
        match dice.below(4) {
            0 | 1 => word(Event::ContactGiven { email }),
            2 => word(Event::ContactPersonNamed { email, name: None }),
            _ => word(Event::ContactPersonRemoved),
        }
    }
    for instrument in ["mhrm-30", "lsns-9"] {
        for _ in 0..=u64::from(dice.one_in(4)) {
            if !dice.one_in(4) {
                let code = i64::try_from(dice.below(5)).unwrap();
                says.push(Say::Answers(instrument, code));
            }
        }
    }
    let mut word = |event| says.push(Say::Word(event));
    match dice.below(10) {
        0 => word(seed::withdrawal(Scope::Erase)),
        1 => word(seed::withdrawal(Scope::StopUsing)),
        2 => word(seed::withdrawal(Scope::StopAsking)),
        3 => word(seed::consent(Purpose::Evaluation, false)),
        _ => {}
    }
    if dice.one_in(5) {
        word(seed::consent(Purpose::Evaluation, true));
    }
    says
}
