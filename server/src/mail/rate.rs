//! How many mails may go: so many a minute, and after a pause no more than a minute's worth at once.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Counts in parts of a mail, because a few seconds are worth less than one.
const PARTS: u128 = 60_000_000;

/// A bucket that fills with time.
#[derive(Debug)]
pub(super) struct Rate {
    per_minute: u32,
    /// Parts left, and when that was.
    left: Mutex<(u128, Duration)>,
}

impl Rate {
    pub(super) fn new(per_minute: u32) -> Self {
        let full = u128::from(per_minute) * PARTS;
        Self {
            per_minute,
            left: Mutex::new((full, Duration::ZERO)),
        }
    }

    /// Takes as many as there are, up to `most`.
    pub(super) fn take(&self, now: Duration, most: u32) -> u32 {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = now.saturating_sub(left.1).as_micros();
        let full = u128::from(self.per_minute) * PARTS;
        let parts = (left.0 + passed * u128::from(self.per_minute)).min(full);
        let taken = u32::try_from(parts / PARTS).unwrap_or(u32::MAX).min(most);
        *left = (parts - u128::from(taken) * PARTS, now);
        taken
    }

    /// Puts back what was not needed.
    pub(super) fn give_back(&self, count: u32) {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        left.0 += u128::from(count) * PARTS;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_of_mails_at_once_and_then_one_by_one() {
        let rate = Rate::new(60);
        let at = Duration::from_secs;
        assert_eq!((rate.take(at(0), 100), rate.take(at(0), 100)), (60, 0));
        assert_eq!((rate.take(at(3), 2), rate.take(at(3), 100)), (2, 1));
        rate.give_back(1);
        assert_eq!(rate.take(at(3), 100), 1);
        assert_eq!(rate.take(at(100_000), 100), 60);
    }
}
