//! What queries ran into, for whoever watches over the database: a reason to look closely, not a verdict.
//!
//! One for the whole process. Whoever looks because of another database's trouble has looked once too often, which does no harm.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::StoreError;

static FULL: AtomicBool = AtomicBool::new(false);
static DAMAGED: AtomicBool = AtomicBool::new(false);
static ERASED: AtomicBool = AtomicBool::new(false);

pub(crate) fn note(error: &StoreError) {
    match error {
        StoreError::Full => FULL.store(true, Ordering::Relaxed),
        StoreError::Damaged => DAMAGED.store(true, Ordering::Relaxed),
        _ => {}
    }
}

/// A write found no room since this was asked the last time.
pub fn take_full() -> bool {
    FULL.swap(false, Ordering::Relaxed)
}

/// Somebody was erased: what they said must not stay in the log of the database either.
pub fn note_erased() {
    ERASED.store(true, Ordering::Relaxed);
}

/// Somebody was erased since this was asked the last time.
pub fn take_erased() -> bool {
    ERASED.swap(false, Ordering::Relaxed)
}

/// A query met damage since this was asked the last time.
pub fn take_damaged() -> bool {
    DAMAGED.swap(false, Ordering::Relaxed)
}
