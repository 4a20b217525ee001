//! Leaky buckets by key: each takes so many in a time, all at once if need be, and empties evenly.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The bucket is full; after this long there is room for one more.
#[derive(Debug, Clone, Copy)]
pub(super) struct Full(pub Duration);

/// After so many fillings the buckets that have long been empty are let go.
const TIDY_EVERY: u32 = 1024;

/// Buckets of one size.
#[derive(Debug)]
pub(super) struct Buckets {
    /// The time in which one leaks out.
    each: Duration,
    /// The time in which a full one empties.
    whole: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When each will be empty.
    empty_at: HashMap<u64, Duration>,
    fillings: u32,
}

impl Buckets {
    pub fn new(size: u32, per: Duration) -> Self {
        let each = per / size.max(1);
        Self {
            each,
            whole: each * size.max(1),
            state: Mutex::default(),
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Is there room for one?
    pub fn look(&self, key: u64, now: Duration) -> Result<(), Full> {
        let empty_at = self.state().empty_at.get(&key).copied().unwrap_or(now);
        let level = empty_at.saturating_sub(now) + self.each;
        match level.checked_sub(self.whole) {
            Some(over) if !over.is_zero() => Err(Full(over)),
            _ => Ok(()),
        }
    }

    /// One more, whether or not there is room.
    pub fn fill(&self, key: u64, now: Duration) {
        let mut state = self.state();
        state.fillings = state.fillings.wrapping_add(1);
        if state.fillings.is_multiple_of(TIDY_EVERY) {
            state.empty_at.retain(|_, at| *at > now);
        }
        let at = state.empty_at.entry(key).or_insert(now);
        // No fuller than full: whoever waits as long as told finds room.
        *at = (*at)
            .max(now)
            .saturating_add(self.each)
            .min(now + self.whole);
    }
}
