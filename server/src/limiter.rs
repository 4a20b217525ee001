//! Throttling of guesses: log-ins and short codes. In memory and per process; the journal is never throttled.

use std::hash::{BuildHasher, Hash};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bedring_contract::problem::Code;
use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

use crate::config::Limits;
use crate::error::ApiError;
use crate::ports::Clock;

/// The port's clock, as the limiter wants it.
#[derive(Debug, Clone)]
struct PortClock(Arc<dyn Clock>);

impl governor::clock::Clock for PortClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Nanos::from(self.0.monotonic())
    }
}

type Keyed = RateLimiter<u64, DefaultKeyedStateStore<u64>, PortClock, NoOpMiddleware<Nanos>>;

/// What is being tried.
#[derive(Debug, Clone, Copy)]
pub enum Attempt<'a> {
    /// A log-in: counted for the address and for the account as typed.
    LogIn(IpAddr, &'a str),
    /// A short code: counted for the address and for everybody together.
    ShortCode(IpAddr),
    /// A choice made from a mail, or a returned mail reported. One-click requests of many people come from one mail provider's addresses,
    /// and tokens cannot be guessed: this only keeps the database from being kept busy.
    Mail(IpAddr),
    /// A calendar read. Those of many people come from one provider's addresses; each costs two counts over the follow-ups.
    Calendar(IpAddr),
}

/// [`Attempt::Mail`] from one address in a minute.
const MAIL_PER_MINUTE: u32 = 240;
/// [`Attempt::Calendar`] from one address in a minute.
const CALENDAR_PER_MINUTE: u32 = 120;

/// All limits of a process.
#[derive(Debug)]
pub struct Limiter {
    login_address: Keyed,
    login_account: Keyed,
    code_address: Keyed,
    code_all: Keyed,
    mail_address: Keyed,
    calendar_address: Keyed,
    clock: PortClock,
    hasher: std::hash::RandomState,
    checks: AtomicU32,
}

/// After so many checks the keys that have long been quiet are let go.
const TIDY_EVERY: u32 = 1024;

impl Limiter {
    /// Limits as in the settings.
    #[must_use]
    pub fn new(limits: &Limits, clock: Arc<dyn Clock>) -> Self {
        let clock = PortClock(clock);
        let keyed = |per_minute: u32| {
            let quota = Quota::per_minute(NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN));
            RateLimiter::new(quota, DefaultKeyedStateStore::default(), clock.clone())
        };
        Self {
            login_address: keyed(limits.login_per_address_per_minute),
            login_account: keyed(limits.login_per_account_per_minute),
            code_address: keyed(limits.code_per_address_per_minute),
            code_all: keyed(limits.code_per_minute),
            mail_address: keyed(MAIL_PER_MINUTE),
            calendar_address: keyed(CALENDAR_PER_MINUTE),
            clock: clock.clone(),
            hasher: std::hash::RandomState::new(),
            checks: AtomicU32::new(0),
        }
    }

    /// Counts a try.
    ///
    /// # Errors
    /// Too many: 429 with the seconds to wait.
    pub fn check(&self, attempt: Attempt<'_>) -> Result<(), ApiError> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
            for limiter in [
                &self.login_address,
                &self.login_account,
                &self.code_address,
                &self.code_all,
                &self.mail_address,
                &self.calendar_address,
            ] {
                limiter.retain_recent();
            }
        }
        match attempt {
            Attempt::LogIn(address, account) => {
                self.one(&self.login_address, &network(address))?;
                self.one(&self.login_account, &account.trim().to_lowercase())
            }
            Attempt::ShortCode(address) => {
                self.one(&self.code_address, &network(address))?;
                self.one(&self.code_all, &())
            }
            Attempt::Mail(address) => self.one(&self.mail_address, &network(address)),
            Attempt::Calendar(address) => self.one(&self.calendar_address, &network(address)),
        }
    }

    /// Keys are kept as keyed hashes: no address and no account name stays in memory.
    fn one(&self, limiter: &Keyed, key: &impl Hash) -> Result<(), ApiError> {
        limiter
            .check_key(&self.hasher.hash_one(key))
            .map_err(|not_until| {
                let wait = not_until.wait_time_from(self.clock.now());
                let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                ApiError::new(Code::TooManyRequests)
                    .retry_after(u32::try_from(seconds).unwrap_or(u32::MAX).max(1))
            })
    }
}

/// One subscriber of IPv6 has a whole /64 to choose addresses from: it counts as one.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) & !u128::from(u64::MAX)).into()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::ports::ManualClock;

    #[test]
    fn guesses_are_slowed_by_address_account_and_time() {
        let clock = Arc::new(ManualClock::at(chrono::DateTime::UNIX_EPOCH));
        let limits = Limits {
            login_per_address_per_minute: 4,
            login_per_account_per_minute: 2,
            ..Limits::default()
        };
        let limiter = Limiter::new(&limits, clock.clone());
        let (here, there): (IpAddr, IpAddr) =
            ("2001:db8::1".parse().unwrap(), "192.0.2.1".parse().unwrap());
        let neighbour = "2001:db8::ffff".parse().unwrap();
        assert!(limiter.check(Attempt::LogIn(here, "a@example.org")).is_ok());
        assert!(
            limiter
                .check(Attempt::LogIn(here, " A@example.org"))
                .is_ok()
        );
        let refused = limiter
            .check(Attempt::LogIn(there, "a@example.org"))
            .unwrap_err();
        assert_eq!(
            refused.code(),
            Code::TooManyRequests,
            "the account is slowed from elsewhere too"
        );
        assert_eq!(refused.to_response("").headers()["retry-after"], "30");
        assert!(
            limiter
                .check(Attempt::LogIn(neighbour, "b@example.org"))
                .is_ok()
        );
        assert!(
            limiter
                .check(Attempt::LogIn(neighbour, "c@example.org"))
                .is_ok()
        );
        assert!(
            limiter
                .check(Attempt::LogIn(here, "d@example.org"))
                .is_err(),
            "one network, many names"
        );
        clock.advance(Duration::from_secs(30));
        assert!(
            limiter
                .check(Attempt::LogIn(there, "a@example.org"))
                .is_ok()
        );
    }
}
