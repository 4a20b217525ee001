//! The phone's outbox: which entries go in the next delivery, and what an answer does to them. Pure, so that it can be run through
//! thousands of bad networks on a desk; storage and HTTP are the phone's.
//!
//! The one rule behind all: an entry leaves the outbox only when an answer names its id *and* its hash with an outcome that says that
//! the server has it (or that its person erased everything).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{MAX_DELIVERY_BYTES, MAX_ENTRIES, Outcome};

/// Longest wait between two tries, in seconds.
const LONGEST_WAIT: u32 = 300;
/// Room left in a delivery for its own fields and each entry's id and hash.
const ENTRY_OVERHEAD: usize = 256;

/// An entry that waits, as far as sending needs to know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxEntry {
    /// UUIDv7.
    pub id: Uuid,
    /// Lower-case hexadecimal SHA-256 of the body.
    pub sha256: String,
    /// Bytes of the body.
    pub size: usize,
}

/// Why a delivery failed as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendFailure {
    /// No answer, an answer that is not the server's (a captive portal), or an overloaded server; seconds it asked to wait, if it did.
    Retry { after: Option<u32> },
    /// The server does not know this secret or session: nothing is sent until somebody opens the right link or logs in.
    NotAuthorised,
    /// More than the server, or something before it, takes at once.
    TooLarge,
}

/// What waits, in order, and when to try again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outbox {
    entries: Vec<OutboxEntry>,
    failures: u32,
    paused: bool,
    /// How many entries a delivery may hold: halved when one was too large, and growing by one with each that was not.
    at_once: usize,
}

impl Default for Outbox {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Outbox {
    /// An outbox holding what was stored before.
    #[must_use]
    pub fn new(entries: Vec<OutboxEntry>) -> Self {
        Self {
            entries,
            failures: 0,
            paused: false,
            at_once: MAX_ENTRIES,
        }
    }

    /// Adds a finished entry at the end.
    pub fn push(&mut self, entry: OutboxEntry) {
        self.entries.push(entry);
    }

    /// What waits, oldest first; behind them what was too large even alone.
    #[must_use]
    pub fn entries(&self) -> &[OutboxEntry] {
        &self.entries
    }

    /// Waits for the right link or a log-in.
    #[must_use]
    pub const fn is_paused(&self) -> bool {
        self.paused
    }

    /// The right link was opened: send again.
    pub fn resume(&mut self) {
        self.paused = false;
        self.failures = 0;
    }

    /// The entries of the next delivery, oldest first, within the limits of one delivery. Empty: nothing to send now.
    #[must_use]
    pub fn next_delivery(&self) -> &[OutboxEntry] {
        if self.paused {
            return &[];
        }
        let mut bytes = 0;
        let count = self
            .entries
            .iter()
            .take(self.at_once)
            .take_while(|e| {
                bytes += e.size + e.size / 8 + ENTRY_OVERHEAD;
                bytes <= MAX_DELIVERY_BYTES
            })
            .count();
        // A single entry that is too large still goes alone: the server says so, and a person is told.
        &self.entries[..count.max(1).min(self.entries.len())]
    }

    /// Takes in the answer to a delivery: `(id, sha256, outcome)` for each entry. Returns the entries that may be removed from the
    /// device, with their outcomes. Results that name no waiting entry, or another hash, change nothing.
    pub fn delivered(&mut self, results: &[(Uuid, &str, Outcome)]) -> Vec<(OutboxEntry, Outcome)> {
        let mut removed = Vec::new();
        self.entries.retain(|entry| {
            let outcome = results
                .iter()
                .find(|(id, sha256, outcome)| {
                    *id == entry.id && *sha256 == entry.sha256 && *outcome != Outcome::NotStored
                })
                .map(|(_, _, outcome)| *outcome);
            outcome
                .inspect(|o| removed.push((entry.clone(), *o)))
                .is_none()
        });
        if removed.is_empty() {
            // The server answered but took nothing: without a wait this would be a tight loop.
            self.failures = self.failures.saturating_add(1);
        } else {
            self.failures = 0;
            self.at_once = (self.at_once + 1).min(MAX_ENTRIES);
        }
        removed
    }

    /// Takes in a failure; answers how many seconds to wait (`None`: wait for a person; 0: a smaller delivery may go at once).
    pub fn failed(&mut self, failure: SendFailure) -> Option<u32> {
        match failure {
            SendFailure::Retry { after } => {
                self.failures = self.failures.saturating_add(1);
                Some(backoff_seconds(self.failures).max(after.unwrap_or(0)))
            }
            SendFailure::NotAuthorised => {
                self.paused = true;
                None
            }
            SendFailure::TooLarge => {
                let sent = self.next_delivery().len();
                self.at_once = (sent / 2).max(1);
                if sent > 1 {
                    return Some(0);
                }
                // Alone and still too large: it stays, and does not stand in the way of the others.
                if !self.entries.is_empty() {
                    self.entries.rotate_left(1);
                }
                self.failures = self.failures.saturating_add(1);
                Some(backoff_seconds(self.failures))
            }
        }
    }

    /// How many deliveries in a row brought nothing.
    #[must_use]
    pub const fn failures(&self) -> u32 {
        self.failures
    }
}

/// Seconds to wait after so many failures in a row: 2, 4, 8 … at most five minutes.
#[must_use]
pub const fn backoff_seconds(failures: u32) -> u32 {
    if failures >= 9 {
        LONGEST_WAIT
    } else {
        let wait = 1u32 << failures;
        if wait > LONGEST_WAIT {
            LONGEST_WAIT
        } else {
            wait
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(n: u128, size: usize) -> OutboxEntry {
        OutboxEntry {
            id: Uuid::from_u128(n),
            sha256: format!("{n:064x}"),
            size,
        }
    }

    #[test]
    fn only_an_answer_with_id_and_hash_removes_an_entry() {
        let mut outbox = Outbox::new(vec![entry(1, 10), entry(2, 10), entry(3, 10)]);
        let (one, two, three) = (
            format!("{:064x}", 1),
            format!("{:064x}", 99),
            format!("{:064x}", 3),
        );
        let removed = outbox.delivered(&[
            (Uuid::from_u128(1), &one, Outcome::Quarantined),
            (Uuid::from_u128(2), &two, Outcome::Stored),
            (Uuid::from_u128(3), &three, Outcome::NotStored),
        ]);
        assert_eq!(removed, [(entry(1, 10), Outcome::Quarantined)]);
        assert_eq!(outbox.entries(), [entry(2, 10), entry(3, 10)]);
    }

    #[test]
    fn a_delivery_keeps_within_the_limits_and_a_giant_goes_alone() {
        let many = Outbox::new((0..250).map(|n| entry(n, 100)).collect());
        assert_eq!(many.next_delivery().len(), MAX_ENTRIES);
        let large = Outbox::new((0..10).map(|n| entry(n, 200_000)).collect());
        assert_eq!(large.next_delivery().len(), 4);
        assert_eq!(
            Outbox::new(vec![entry(1, 2_000_000), entry(2, 1)])
                .next_delivery()
                .len(),
            1
        );
        assert!(Outbox::default().next_delivery().is_empty());
    }

    #[test]
    fn what_is_too_large_at_once_goes_in_halves_and_grows_back() {
        let mut outbox = Outbox::new((0..10).map(|n| entry(n, 100)).collect());
        let mut sizes = Vec::new();
        // Somebody before the server takes three entries at most.
        while !outbox.entries().is_empty() {
            let sent = outbox.next_delivery().to_vec();
            sizes.push(sent.len());
            if sent.len() > 3 {
                assert_eq!(outbox.failed(SendFailure::TooLarge), Some(0));
            } else {
                let took: Vec<_> = sent
                    .iter()
                    .map(|e| (e.id, e.sha256.as_str(), Outcome::Stored))
                    .collect();
                assert_eq!(outbox.delivered(&took).len(), sent.len());
            }
        }
        assert_eq!(sizes, [10, 5, 2, 3, 4, 2, 3]);
        assert_eq!(outbox.failures(), 0);
    }

    #[test]
    fn an_entry_too_large_even_alone_stays_and_lets_the_others_pass() {
        let mut outbox = Outbox::new((1..=3).map(|n| entry(n, 100)).collect());
        assert_eq!(outbox.failed(SendFailure::TooLarge), Some(0));
        assert_eq!(outbox.next_delivery(), [entry(1, 100)]);
        assert_eq!(outbox.failed(SendFailure::TooLarge), Some(2));
        assert_eq!(outbox.next_delivery(), [entry(2, 100)]);
        for n in [2, 3] {
            let hash = format!("{n:064x}");
            let id = Uuid::from_u128(n);
            outbox.delivered(&[(id, &hash, Outcome::Stored)]);
        }
        assert_eq!(outbox.entries(), [entry(1, 100)]);
        assert_eq!(outbox.failed(SendFailure::TooLarge), Some(2));
        assert_eq!(outbox.failed(SendFailure::TooLarge), Some(4));
        assert_eq!(outbox.next_delivery(), [entry(1, 100)]);
        assert_eq!(Outbox::default().failed(SendFailure::TooLarge), Some(2));
    }

    #[test]
    fn waits_grow_to_five_minutes_and_obey_the_server() {
        let mut outbox = Outbox::new(vec![entry(1, 1)]);
        let waits: Vec<_> = (0..10)
            .map(|_| outbox.failed(SendFailure::Retry { after: None }).unwrap())
            .collect();
        assert_eq!(waits, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(
            outbox.failed(SendFailure::Retry { after: Some(900) }),
            Some(900)
        );
        assert_eq!(outbox.failed(SendFailure::NotAuthorised), None);
        assert!(outbox.next_delivery().is_empty() && outbox.entries().len() == 1);
        outbox.resume();
        assert_eq!(outbox.next_delivery().len(), 1);
    }
}
