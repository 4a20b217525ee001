//! The policy: how often, how far apart, at which hours and in whose name. A programme sets it; some things it cannot set.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::address::typed_address;
use crate::course::days_later;

/// Most mails about one occasion, whatever a policy says. After them a person calls.
pub const MOST_MAILS: u32 = 3;
/// Most steps of a policy; more than [`MOST_MAILS`] stand in for steps that were missed.
pub const MOST_STEPS: usize = 10;
/// Most days that anything in a policy may take.
pub const MOST_DAYS: u32 = 365;
/// The night that is always quiet ends at this hour. Clocks are put forward and back before it.
const NIGHT_ENDS: NaiveTime = hour(6);
/// Shortest time in a day in which mails may go, so that a short outage does not cost a day.
const SHORTEST_SENDING: TimeDelta = TimeDelta::hours(1);
/// When the evening begins.
const EVENING: NaiveTime = hour(17);
/// Longest sender name, in characters.
pub const LONGEST_NAME: usize = 100;

const fn hour(h: u32) -> NaiveTime {
    match NaiveTime::from_hms_opt(h, 0, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    }
}

/// How people are reminded of an occasion. Whatever is left out in JSON is as in the default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ReminderPolicy {
    /// Days after the due day on which mails go. The first is mail number 1; numbers are what is remembered of a mail.
    pub after_due_days: Vec<u32>,
    /// Most mails about one occasion; with 0 only calls are made.
    pub most: u32,
    /// Fewest days from one mail about an occasion to the next.
    pub days_between: u32,
    /// The first moment of the quiet hours.
    pub quiet_from: NaiveTime,
    /// The first moment after the quiet hours.
    pub quiet_until: NaiveTime,
    /// The time of day from which mails go.
    pub send_at: NaiveTime,
    /// Days after the last mail (or after the due day, where none can go) at which somebody calls.
    pub call_after_days: u32,
    /// The name in `From`; empty for the server's.
    pub sender_name: String,
    /// The address in `From`; empty for the server's.
    pub sender_address: String,
    /// Where answers go, if not to the sender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
}

impl Default for ReminderPolicy {
    fn default() -> Self {
        Self {
            after_due_days: vec![0, 4, 11],
            most: MOST_MAILS,
            days_between: 3,
            quiet_from: hour(20),
            quiet_until: hour(8),
            send_at: hour(10),
            call_after_days: 3,
            sender_name: String::new(),
            sender_address: String::new(),
            reply_to: None,
        }
    }
}

/// What is wrong with a policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PolicyError {
    /// Three is the most, for everybody.
    #[error("{most} mails about one occasion are too many; {MOST_MAILS} is the most")]
    TooManyMails {
        /// As set.
        most: u32,
    },
    /// More than ten steps.
    #[error("{steps} steps are too many; {MOST_STEPS} is the most")]
    TooManySteps {
        /// As set.
        steps: usize,
    },
    /// A step does not lie `days_between` or more after the one before it.
    #[error("step {number} comes less than {days_between} days after the one before")]
    StepsTooClose {
        /// The later of the two, from 1.
        number: usize,
        /// The least.
        days_between: u32,
    },
    /// Two mails about one occasion on one day.
    #[error("there must be a day or more from one mail to the next")]
    NoDaysBetween,
    /// Something takes more than a year.
    #[error("{field} is more than {MOST_DAYS} days")]
    TooFar {
        /// Which.
        field: &'static str,
    },
    /// The quiet hours leave out some of the time from midnight to six.
    #[error("the quiet hours must cover the night, midnight to six")]
    NightNotQuiet,
    /// Mails would go in quiet hours, or have less than an hour before these begin.
    #[error("mails must begin to go after the quiet hours, and an hour or more before the next")]
    NoTimeToSend,
    /// A name that cannot stand in a mail.
    #[error("the sender's name is too long or has line breaks")]
    NotAName,
    /// No address.
    #[error("{field} is no e-mail address")]
    NotAnAddress {
        /// Which.
        field: &'static str,
    },
}

impl ReminderPolicy {
    /// Does the policy make sense, and is it gentle enough?
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), PolicyError> {
        if self.most > MOST_MAILS {
            return Err(PolicyError::TooManyMails { most: self.most });
        }
        self.check_steps()?;
        self.check_hours()?;
        let plain = |name: &str| !name.chars().any(char::is_control);
        if self.sender_name.chars().count() > LONGEST_NAME || !plain(&self.sender_name) {
            return Err(PolicyError::NotAName);
        }
        if !self.sender_address.is_empty() && typed_address(&self.sender_address).is_none() {
            let field = "sender_address";
            return Err(PolicyError::NotAnAddress { field });
        }
        if self
            .reply_to
            .as_deref()
            .is_some_and(|to| typed_address(to).is_none())
        {
            return Err(PolicyError::NotAnAddress { field: "reply_to" });
        }
        Ok(())
    }

    fn check_steps(&self) -> Result<(), PolicyError> {
        let (steps, days_between) = (&self.after_due_days, self.days_between);
        if days_between == 0 {
            return Err(PolicyError::NoDaysBetween);
        }
        if steps.len() > MOST_STEPS {
            return Err(PolicyError::TooManySteps { steps: steps.len() });
        }
        for (field, days) in [
            ("after_due_days", steps.iter().copied().max().unwrap_or(0)),
            ("days_between", days_between),
            ("call_after_days", self.call_after_days),
        ] {
            if days > MOST_DAYS {
                return Err(PolicyError::TooFar { field });
            }
        }
        let close = |pair: &[u32]| pair[1] < pair[0].saturating_add(days_between);
        match steps.windows(2).position(close) {
            Some(first) => Err(PolicyError::StepsTooClose {
                number: first + 2,
                days_between,
            }),
            None => Ok(()),
        }
    }

    fn check_hours(&self) -> Result<(), PolicyError> {
        let over_midnight = self.quiet_from > self.quiet_until;
        let covers_night = over_midnight
            || (self.quiet_from == NaiveTime::MIN && self.quiet_until > NaiveTime::MIN);
        if !covers_night || self.quiet_until < NIGHT_ENDS {
            return Err(PolicyError::NightNotQuiet);
        }
        let left = if over_midnight {
            self.quiet_from.signed_duration_since(self.send_at)
        } else {
            TimeDelta::days(1) - self.send_at.signed_duration_since(NaiveTime::MIN)
        };
        if self.is_quiet(self.send_at) || left < SHORTEST_SENDING {
            return Err(PolicyError::NoTimeToSend);
        }
        Ok(())
    }

    /// Does a time of day lie in the quiet hours? With the same time as first and last there are none.
    #[must_use]
    pub fn is_quiet(&self, time: NaiveTime) -> bool {
        if self.quiet_from <= self.quiet_until {
            self.quiet_from <= time && time < self.quiet_until
        } else {
            self.quiet_from <= time || time < self.quiet_until
        }
    }

    /// The first moment, from this one on, at which a mail may go: not before the day's `send_at` and not in quiet hours. `None` if
    /// `send_at` itself is quiet, which [`ReminderPolicy::check`] refuses.
    #[must_use]
    pub fn first_allowed(&self, from: NaiveDateTime) -> Option<NaiveDateTime> {
        if self.is_quiet(self.send_at) {
            return None;
        }
        let (day, time) = (from.date(), from.time());
        if time <= self.send_at {
            Some(day.and_time(self.send_at))
        } else if self.is_quiet(time) {
            Some(day.checked_add_days(Days::new(1))?.and_time(self.send_at))
        } else {
            Some(from)
        }
    }

    /// When a mail goes again for somebody who at this moment says "later today": in the evening, two hours from now or one, whatever is the
    /// first of these in which mails may go on this day. `None` when the day is over for mails.
    #[must_use]
    pub fn later_today(&self, now: NaiveDateTime) -> Option<NaiveDateTime> {
        let evening = now.date().and_time(EVENING);
        let (two, one) = (now + TimeDelta::hours(2), now + TimeDelta::hours(1));
        [evening.max(two), two, one]
            .into_iter()
            .find(|at| at.date() == now.date() && self.first_allowed(*at) == Some(*at))
    }

    /// When a mail goes again for somebody for whom it is too late today.
    #[must_use]
    pub fn tomorrow(&self, now: NaiveDateTime) -> Option<NaiveDateTime> {
        let tomorrow = now.date().checked_add_days(Days::new(1))?;
        self.first_allowed(tomorrow.and_time(NaiveTime::MIN))
    }

    /// The most mails about one occasion: what is set, but never more than [`MOST_MAILS`].
    pub(super) fn cap(&self) -> usize {
        self.most.min(MOST_MAILS) as usize
    }

    /// When the mail of a number is meant to go; `None` if there is no such number.
    pub(super) fn planned(&self, due: NaiveDate, number: u32) -> Option<NaiveDateTime> {
        let step = usize::try_from(number.checked_sub(1)?).ok()?;
        let days = *self.after_due_days.get(step)?;
        Some(days_later(due, days).and_time(self.send_at))
    }

    /// The day on which the first mail is meant to go; `None` if none ever is.
    pub(super) fn first_day(&self, due: NaiveDate) -> Option<NaiveDate> {
        let first = self.planned(due, 1).filter(|_| self.cap() > 0);
        first.map(|at| at.date())
    }

    /// The day on which somebody calls if the mail that waits since a day is never taken: the one that the plan has for it, and never sooner
    /// than if the mail had been taken on that day.
    #[must_use]
    pub fn call_if_untaken(&self, due: NaiveDate, since: NaiveDate) -> NaiveDate {
        self.planned_call(due)
            .max(days_later(since, self.call_after_days))
    }

    /// The day on which somebody calls if every mail goes on its day.
    pub(super) fn planned_call(&self, due: NaiveDate) -> NaiveDate {
        let steps = self.after_due_days.iter().take(self.cap());
        let last = steps.copied().max().unwrap_or(0);
        days_later(due, last.saturating_add(self.call_after_days))
    }
}
