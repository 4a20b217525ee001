//! What one person may deliver in a day. A link is in the hands of whoever holds it: without a bound one of them fills the disk for all.
//!
//! Counted is what would be stored, in memory and per process, by days in UTC: a restart begins the day anew, which costs the disk no more
//! than another day's share. What is delivered again costs nothing, so a phone that sends its copies once more is never held up.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// Entries of one person in a day; a questionnaire of thirty items is one.
pub const ENTRIES_PER_DAY: u64 = 500;
/// Bytes of one person's entries in a day.
pub const BYTES_PER_DAY: u64 = 5 * 1024 * 1024;

/// How much one person has delivered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Use {
    /// Entries.
    pub entries: u64,
    /// Bytes of their bodies.
    pub bytes: u64,
}

impl Use {
    /// One more entry.
    pub fn add(&mut self, bytes: usize) {
        self.entries = self.entries.saturating_add(1);
        self.bytes = self.bytes.saturating_add(bytes as u64);
    }

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            entries: self.entries.saturating_add(other.entries),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }

    /// More than a day takes.
    #[must_use]
    pub const fn is_too_much(self) -> bool {
        self.entries > ENTRIES_PER_DAY || self.bytes > BYTES_PER_DAY
    }
}

/// Everybody who delivered today.
#[derive(Debug, Default)]
pub struct Quota(Mutex<(NaiveDate, HashMap<Uuid, Use>)>);

impl Quota {
    /// How much somebody delivered on the day of that moment.
    pub fn used(&self, person: Uuid, now: DateTime<Utc>) -> Use {
        let today = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_today = today.0 == now.date_naive();
        let used = today.1.get(&person).copied();
        used.filter(|_| of_today).unwrap_or_default()
    }

    /// Counts what was stored.
    pub fn count(&self, used: &HashMap<Uuid, Use>, now: DateTime<Utc>) {
        let mut today = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if today.0 != now.date_naive() {
            *today = (now.date_naive(), HashMap::new());
        }
        for (person, more) in used {
            let before = today.1.entry(*person).or_default();
            *before = before.and(*more);
        }
    }
}

/// Seconds until the next day begins, at least one.
#[must_use]
pub fn until_tomorrow(now: DateTime<Utc>) -> u32 {
    let second = now.timestamp().rem_euclid(86_400);
    u32::try_from(86_400 - second).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_takes_so_much_and_the_next_begins_anew() {
        let (quota, who) = (Quota::default(), Uuid::from_u128(1));
        let now: DateTime<Utc> = "2026-03-02T23:59:00Z".parse().unwrap();
        let mut most = Use::default();
        for _ in 0..500 {
            most.add(1);
        }
        assert!(!most.is_too_much());
        quota.count(&HashMap::from([(who, most)]), now);
        let mut one = Use::default();
        one.add(1);
        assert!(quota.used(who, now).and(one).is_too_much());
        assert_eq!(until_tomorrow(now), 60);
        let later = "2026-03-03T00:00:00Z".parse().unwrap();
        assert_eq!(quota.used(who, later), Use::default());
        let mut large = Use::default();
        large.add(5 * 1024 * 1024);
        assert!(!large.is_too_much());
        large.add(1);
        assert!(large.is_too_much());
    }
}
