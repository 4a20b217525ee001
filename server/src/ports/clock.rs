//! The clock: one that ticks and one that tests move by hand.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

/// Tells the time.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The time of day.
    fn now(&self) -> DateTime<Utc>;

    /// Time since some fixed moment; never goes back, whatever happens to the time of day.
    fn monotonic(&self) -> Duration;
}

/// The machine's clock.
#[derive(Debug)]
pub struct SystemClock {
    started: Instant,
}

impl SystemClock {
    /// Monotonic time begins here.
    #[must_use]
    pub fn new() -> Self {
        Self {
            started: Instant::now(),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the port that the rule speaks of"
    )]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }
}

/// A clock that goes as another does, some way ahead of it.
#[derive(Debug)]
pub struct AheadClock {
    clock: Arc<dyn Clock>,
    by: TimeDelta,
}

impl AheadClock {
    /// Ahead of `clock` by so much.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, by: TimeDelta) -> Self {
        Self { clock, by }
    }
}

impl Clock for AheadClock {
    fn now(&self) -> DateTime<Utc> {
        self.clock.now() + self.by
    }

    fn monotonic(&self) -> Duration {
        self.clock.monotonic()
    }
}

/// A clock for tests: stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock {
    /// The time of day, and what has passed since the start.
    times: Mutex<(DateTime<Utc>, Duration)>,
}

impl ManualClock {
    /// Stands at this time.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self {
            times: Mutex::new((now, Duration::ZERO)),
        }
    }

    /// Moves it forward.
    pub fn advance(&self, by: Duration) {
        let mut times = self.lock();
        times.0 += TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
        times.1 += by;
    }

    /// Somebody sets the time of day back. No time passes by that.
    pub fn set_back(&self, by: Duration) {
        self.lock().0 -= TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
    }

    fn lock(&self) -> MutexGuard<'_, (DateTime<Utc>, Duration)> {
        self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        self.lock().0
    }

    fn monotonic(&self) -> Duration {
        self.lock().1
    }
}
