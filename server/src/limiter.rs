//! Throttling of guesses: log-ins and short codes. In memory and per process; deliveries have limits of their own.
//!
//! Only wrong tries count, so a whole meeting gets in from one address. What others try wrongly never shuts out an account whose browser is
//! known, nor a code typed in a network where nobody guessed. Tries of one network are decided one after the other: of a hundred guesses
//! that arrive at once, no more are looked at than of a hundred in a row.

mod buckets;

use std::hash::{BuildHasher, Hash};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bedring_contract::problem::Code;
use tokio::sync::{Mutex, MutexGuard};

use crate::config::Limits;
use crate::error::ApiError;
use crate::observe::metrics;
use crate::ports::Clock;
use buckets::{Buckets, Full};

/// What is being tried, where being right or wrong makes a difference.
#[derive(Debug, Clone, Copy)]
pub enum Guess<'a> {
    /// A log-in from a browser that nobody has logged in with, to this account as typed.
    LogIn(IpAddr, &'a str),
    /// A log-in from a browser that is known for this account, by its mark.
    KnownBrowser(IpAddr, &'a [u8]),
    /// A short code that is written as one.
    ShortCode(IpAddr),
}

/// What is counted whether or not it is right: it costs work.
#[derive(Debug, Clone, Copy)]
pub enum Attempt {
    /// A choice made from a mail, or a returned mail reported. One-click requests of many people come from one mail provider's addresses,
    /// and tokens cannot be guessed: this only keeps the database from being kept busy.
    Mail(IpAddr),
    /// A calendar read. Those of many people come from one provider's addresses; each costs two counts over the follow-ups.
    Calendar(IpAddr),
}

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
/// [`Attempt::Mail`] from one address in a minute.
const MAIL_PER_MINUTE: u32 = 240;
/// [`Attempt::Calendar`] from one address in a minute.
const CALENDAR_PER_MINUTE: u32 = 120;
/// While codes are guessed from everywhere, a network has so many wrong ones in an hour.
const CODES_IN_ALARM_PER_HOUR: u32 = 1;
/// Tries of as many networks are decided at once.
const LANES: usize = 64;

/// All limits of a process.
pub struct Limiter {
    login_address: Buckets,
    login_account_here: Buckets,
    login_account: Buckets,
    login_all: Buckets,
    login_known: Buckets,
    code_address: Buckets,
    code_address_in_alarm: Buckets,
    code_all: Buckets,
    mail_address: Buckets,
    calendar_address: Buckets,
    /// An alarm is told once in a while.
    told: Buckets,
    lanes: [Mutex<()>; LANES],
    clock: Arc<dyn Clock>,
    hasher: std::hash::RandomState,
}

impl std::fmt::Debug for Limiter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Limiter").finish_non_exhaustive()
    }
}

/// A guess that may be looked at. Whoever was wrong says so; nothing else counts.
#[must_use]
pub struct Admitted<'a> {
    limiter: &'a Limiter,
    guess: Guess<'a>,
    _lane: MutexGuard<'a, ()>,
}

impl Limiter {
    /// Limits as in the settings.
    #[must_use]
    pub fn new(limits: &Limits, clock: Arc<dyn Clock>) -> Self {
        let per_minute = |n: u32| Buckets::new(n, MINUTE);
        Self {
            login_address: per_minute(limits.login_per_address_per_minute),
            login_account_here: per_minute(limits.login_per_account_per_minute),
            login_account: Buckets::new(limits.login_per_account_per_hour, HOUR),
            login_all: per_minute(limits.login_per_minute),
            login_known: per_minute(limits.login_per_account_per_minute),
            code_address: per_minute(limits.code_per_address_per_minute),
            code_address_in_alarm: Buckets::new(CODES_IN_ALARM_PER_HOUR, HOUR),
            code_all: per_minute(limits.code_per_minute),
            mail_address: per_minute(MAIL_PER_MINUTE),
            calendar_address: per_minute(CALENDAR_PER_MINUTE),
            told: per_minute(1),
            lanes: std::array::from_fn(|_| Mutex::new(())),
            clock,
            hasher: std::hash::RandomState::new(),
        }
    }

    /// Counts what costs work.
    ///
    /// # Errors
    /// Too many: 429 with the seconds to wait.
    pub fn check(&self, attempt: Attempt) -> Result<(), ApiError> {
        let (buckets, address) = match attempt {
            Attempt::Mail(address) => (&self.mail_address, address),
            Attempt::Calendar(address) => (&self.calendar_address, address),
        };
        let (key, now) = (self.key(&network(address)), self.clock.monotonic());
        buckets.look(key, now).map_err(refused)?;
        buckets.fill(key, now);
        Ok(())
    }

    /// Asks whether a guess may be looked at. Guesses of the same network wait for each other until this is dropped.
    ///
    /// # Errors
    /// Too many wrong ones: 429 with the seconds to wait.
    pub async fn admit<'a>(&'a self, guess: Guess<'a>) -> Result<Admitted<'a>, ApiError> {
        // Those who have to wait are told so without waiting in the lane first.
        self.look(guess)?;
        let (Guess::LogIn(address, _)
        | Guess::KnownBrowser(address, _)
        | Guess::ShortCode(address)) = guess;
        let lane = self.key(&network(address)) % LANES as u64;
        let lane = usize::try_from(lane).unwrap_or_default();
        let lane = self.lanes[lane].lock().await;
        self.look(guess)?;
        Ok(Admitted {
            limiter: self,
            guess,
            _lane: lane,
        })
    }

    fn look(&self, guess: Guess<'_>) -> Result<(), ApiError> {
        let now = self.clock.monotonic();
        let looked = match guess {
            Guess::LogIn(address, account) => self
                .login_address
                .look(self.key(&network(address)), now)
                .and_then(|()| {
                    self.login_account_here
                        .look(self.here(address, account), now)
                })
                .and_then(|()| self.login_account.look(self.account(account), now))
                .and_then(|()| self.login_all.look(0, now)),
            Guess::KnownBrowser(_, mark) => self.login_known.look(self.key(&mark), now),
            Guess::ShortCode(address) => {
                let key = self.key(&network(address));
                self.code_address.look(key, now).and_then(|()| {
                    // Guesses of others must not keep those out who guessed nothing.
                    self.code_all
                        .look(0, now)
                        .or_else(|_| self.code_address_in_alarm.look(key, now))
                })
            }
        };
        looked.map_err(|full| {
            metrics::throttled(guess.name());
            refused(full)
        })
    }

    fn fill(&self, guess: Guess<'_>) {
        let now = self.clock.monotonic();
        metrics::wrong_try(guess.name());
        match guess {
            Guess::LogIn(address, account) => {
                self.login_address.fill(self.key(&network(address)), now);
                self.login_account_here
                    .fill(self.here(address, account), now);
                let account = self.account(account);
                self.login_account.fill(account, now);
                self.login_all.fill(0, now);
                if self.login_all.look(0, now).is_err() {
                    self.tell("many wrong log-ins from everywhere: browsers that are not known have to wait", now);
                } else if self.login_account.look(account, now).is_err() {
                    self.tell("many wrong log-ins for one account: browsers that are not known have to wait", now);
                }
            }
            Guess::KnownBrowser(_, mark) => self.login_known.fill(self.key(&mark), now),
            Guess::ShortCode(address) => {
                let key = self.key(&network(address));
                self.code_address.fill(key, now);
                self.code_address_in_alarm.fill(key, now);
                self.code_all.fill(0, now);
                if self.code_all.look(0, now).is_err() {
                    self.tell("many wrong short codes from everywhere: networks with wrong ones have to wait", now);
                }
            }
        }
    }

    /// Once a minute for each kind: an alarm that fills the log hides what it is about.
    fn tell(&self, what: &'static str, now: Duration) {
        let key = self.key(&what);
        if self.told.look(key, now).is_ok() {
            self.told.fill(key, now);
            tracing::warn!(alarm = true, "{what}");
        }
    }

    fn account(&self, account: &str) -> u64 {
        self.key(&account.trim().to_lowercase())
    }

    fn here(&self, address: IpAddr, account: &str) -> u64 {
        self.key(&(network(address), account.trim().to_lowercase()))
    }

    /// Keys are kept as keyed hashes: no address and no account name stays in memory.
    fn key(&self, of: &impl Hash) -> u64 {
        self.hasher.hash_one(of)
    }
}

impl Admitted<'_> {
    /// It was wrong: this counts.
    pub fn was_wrong(self) {
        self.limiter.fill(self.guess);
    }
}

impl Guess<'_> {
    const fn name(&self) -> &'static str {
        match self {
            Self::LogIn(..) | Self::KnownBrowser(..) => "log_in",
            Self::ShortCode(_) => "short_code",
        }
    }
}

fn refused(full: Full) -> ApiError {
    let wait = full.0;
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    ApiError::new(Code::TooManyRequests)
        .retry_after(u32::try_from(seconds).unwrap_or(u32::MAX).max(1))
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
    use super::*;
    use crate::ports::ManualClock;

    fn limiter(limits: &Limits) -> (Limiter, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::at(chrono::DateTime::UNIX_EPOCH));
        (Limiter::new(limits, clock.clone()), clock)
    }

    async fn wrong(limiter: &Limiter, guess: Guess<'_>) -> bool {
        match limiter.admit(guess).await {
            Ok(admitted) => {
                admitted.was_wrong();
                true
            }
            Err(_) => false,
        }
    }

    async fn right(limiter: &Limiter, guess: Guess<'_>) -> bool {
        limiter.admit(guess).await.is_ok()
    }

    fn ip(n: u32) -> IpAddr {
        IpAddr::V4((0x0a00_0000 + n).into())
    }

    #[tokio::test]
    async fn wrong_passwords_are_slowed_where_they_are_typed() {
        let (limiter, clock) = limiter(&Limits::default());
        let (here, there): (IpAddr, IpAddr) =
            ("2001:db8::1".parse().unwrap(), "192.0.2.1".parse().unwrap());
        let neighbour = "2001:db8::ffff".parse().unwrap();
        for _ in 0..5 {
            assert!(wrong(&limiter, Guess::LogIn(here, "a@example.org")).await);
        }
        let refused = limiter
            .admit(Guess::LogIn(neighbour, " A@example.org"))
            .await;
        let refused = refused.err().unwrap();
        assert_eq!(refused.code(), Code::TooManyRequests);
        assert_eq!(refused.to_response("").headers()["retry-after"], "12");
        assert!(right(&limiter, Guess::LogIn(there, "a@example.org")).await);
        assert!(right(&limiter, Guess::LogIn(here, "b@example.org")).await);
        clock.advance(Duration::from_secs(12));
        assert!(right(&limiter, Guess::LogIn(here, "a@example.org")).await);
    }

    #[tokio::test]
    async fn who_is_right_is_never_counted() {
        let (limiter, _) = limiter(&Limits::default());
        for _ in 0..500 {
            assert!(right(&limiter, Guess::ShortCode(ip(1))).await);
            assert!(right(&limiter, Guess::LogIn(ip(1), "a@example.org")).await);
        }
    }

    #[tokio::test]
    async fn guesses_from_everywhere_shut_out_no_known_browser_and_no_clean_network() {
        let (limiter, _) = limiter(&Limits::default());
        let mut looked_at = 0;
        for n in 0..400 {
            looked_at += u32::from(wrong(&limiter, Guess::LogIn(ip(n), "a@example.org")).await);
        }
        assert_eq!(looked_at, Limits::default().login_per_account_per_hour);
        for n in 0..400 {
            let account = format!("{n}@example.org");
            looked_at += u32::from(wrong(&limiter, Guess::LogIn(ip(n), &account)).await);
        }
        assert_eq!(looked_at, Limits::default().login_per_minute);
        assert!(!right(&limiter, Guess::LogIn(ip(999), "new@example.org")).await);
        assert!(right(&limiter, Guess::KnownBrowser(ip(1), b"mark")).await);

        for n in 0..600 {
            wrong(&limiter, Guess::ShortCode(ip(n))).await;
        }
        assert!(!right(&limiter, Guess::ShortCode(ip(7))).await);
        assert!(right(&limiter, Guess::ShortCode(ip(99_999))).await);
    }

    #[tokio::test]
    async fn of_many_guesses_at_once_no_more_are_looked_at_than_of_many_in_a_row() {
        let (limiter, _) = limiter(&Limits::default());
        let tries = (0..100).map(|_| wrong(&limiter, Guess::ShortCode(ip(1))));
        let looked_at = futures_util::future::join_all(tries).await;
        let looked_at = looked_at.into_iter().filter(|yes| *yes).count();
        assert_eq!(looked_at, 10);
    }
}
