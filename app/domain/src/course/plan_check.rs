//! Whether a plan makes sense, before anybody's days are counted from it.

use std::collections::BTreeSet;
use thiserror::Error;

use super::Offset;
use super::plan::{Anchor, CoursePlan, PlannedOccasion};
use crate::reminder::PolicyError;

/// Most occasions that a plan may make of one person, repeats counted: more is a slip of the pen, and every one becomes a row.
pub const MOST_OCCASIONS: u32 = 100;
/// Most times that one occasion may come again.
pub const MOST_REPEATS: u32 = 60;
/// Longest key, in bytes.
pub const LONGEST_KEY: usize = 40;
/// Furthest that a day may lie from its anchor, in months: fifty years.
pub const FURTHEST_MONTHS: u32 = 600;
/// The same in days.
pub const FURTHEST_DAYS: u32 = 18_300;

/// What is wrong with a plan. Names the occasion wherever there is one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PlanError {
    /// A plan without occasions measures nobody.
    #[error("the plan has no occasions")]
    Empty,
    /// Repeats counted.
    #[error("the plan makes {count} occasions of one person; {MOST_OCCASIONS} is the most")]
    TooManyOccasions {
        /// How many.
        count: u64,
    },
    /// A key is 1 to 40 of `a-z`, `0-9`, `_` and `-`.
    #[error("{key:?} is no key: 1 to 40 of a-z, 0-9, _ and - are")]
    BadKey {
        /// The key as written.
        key: String,
    },
    /// Two occasions of one key.
    #[error("two occasions are called {key}")]
    DuplicateKey {
        /// That key.
        key: String,
    },
    /// Counted from an occasion that the plan does not have.
    #[error("{key} is counted from {anchor}, which the plan does not have")]
    UnknownAnchor {
        /// The occasion.
        key: String,
        /// What it names.
        anchor: String,
    },
    /// Counted from itself or from an occasion further down. As every cycle has such a step, there are no cycles either.
    #[error("{key} is counted from {anchor}, which does not stand before it")]
    AnchorNotEarlier {
        /// The occasion.
        key: String,
        /// What it names.
        anchor: String,
    },
    /// A day or a span further off than fifty years.
    #[error("{key} has a distance of more than fifty years")]
    TooFar {
        /// The occasion.
        key: String,
    },
    /// The window closes while it still is in its days of grace: it would be over before it is late.
    #[error("{key} closes before its days of grace are over")]
    ClosesInGrace {
        /// The occasion.
        key: String,
    },
    /// It repeats no times, or more than 60.
    #[error("{key} repeats {times} times; 1 to {MOST_REPEATS} can be")]
    RepeatTimes {
        /// The occasion.
        key: String,
        /// How often.
        times: u32,
    },
    /// The next would not come after the last.
    #[error("{key} repeats without moving forward")]
    RepeatStands {
        /// The occasion.
        key: String,
    },
    /// It asks the same edition twice.
    #[error("{key} asks {instrument} twice")]
    DuplicateInstrument {
        /// The occasion.
        key: String,
        /// The instrument.
        instrument: String,
    },
    /// How it reminds makes no sense.
    #[error("{key} reminds wrongly: {error}")]
    Reminders {
        /// The occasion.
        key: String,
        /// What is wrong.
        error: PolicyError,
    },
    /// An edit made another kind of measurement of an occasion that people may have made already.
    #[error("{key} was another kind of measurement before; a new key can be given instead")]
    KindChanged {
        /// The occasion.
        key: String,
    },
}

impl CoursePlan {
    /// Does the plan make sense on its own?
    ///
    /// # Errors
    /// The first thing that is wrong, in the order of the plan.
    pub fn check(&self) -> Result<(), PlanError> {
        if self.occasions.is_empty() {
            return Err(PlanError::Empty);
        }
        let mut earlier = BTreeSet::new();
        for occasion in &self.occasions {
            check_key(&occasion.key)?;
            if earlier.contains(occasion.key.as_str()) {
                let key = occasion.key.clone();
                return Err(PlanError::DuplicateKey { key });
            }
            self.check_anchor(occasion, &earlier)?;
            check_days(occasion)?;
            check_repeat(occasion)?;
            check_instruments(occasion)?;
            check_reminders(occasion)?;
            earlier.insert(occasion.key.as_str());
        }
        let count = self.occasions.iter().map(|o| u64::from(o.count())).sum();
        if count > u64::from(MOST_OCCASIONS) {
            return Err(PlanError::TooManyOccasions { count });
        }
        Ok(())
    }

    /// Does the plan make sense, and can it take the place of another that people are already measured by?
    ///
    /// # Errors
    /// As [`CoursePlan::check`], and [`PlanError::KindChanged`].
    pub fn check_edit(&self, before: &Self) -> Result<(), PlanError> {
        self.check()?;
        let changed = |o: &&PlannedOccasion| {
            let old = before.occasion(&o.key);
            old.is_some_and(|old| old.kind != o.kind)
        };
        match self.occasions.iter().find(changed) {
            Some(o) => Err(PlanError::KindChanged { key: o.key.clone() }),
            None => Ok(()),
        }
    }

    fn check_anchor(
        &self,
        occasion: &PlannedOccasion,
        earlier: &BTreeSet<&str>,
    ) -> Result<(), PlanError> {
        let Anchor::Occasion { key: anchor } = &occasion.anchor else {
            return Ok(());
        };
        if earlier.contains(anchor.as_str()) {
            return Ok(());
        }
        let (key, anchor) = (occasion.key.clone(), anchor.clone());
        Err(if self.occasion(&anchor).is_some() {
            PlanError::AnchorNotEarlier { key, anchor }
        } else {
            PlanError::UnknownAnchor { key, anchor }
        })
    }
}

fn check_key(key: &str) -> Result<(), PlanError> {
    let plain = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
    if key.is_empty() || key.len() > LONGEST_KEY || !key.bytes().all(plain) {
        return Err(PlanError::BadKey {
            key: key.to_owned(),
        });
    }
    Ok(())
}

const fn is_near(offset: Offset) -> bool {
    offset.months.unsigned_abs() <= FURTHEST_MONTHS && offset.days.unsigned_abs() <= FURTHEST_DAYS
}

fn check_days(occasion: &PlannedOccasion) -> Result<(), PlanError> {
    let key = || occasion.key.clone();
    let closes = occasion.closes_after_days;
    let spans = [
        Some(occasion.opens_before_days),
        Some(occasion.grace_days),
        closes,
    ];
    if !is_near(occasion.after) || spans.into_iter().flatten().any(|days| days > FURTHEST_DAYS) {
        return Err(PlanError::TooFar { key: key() });
    }
    if closes.is_some_and(|days| days < occasion.grace_days) {
        return Err(PlanError::ClosesInGrace { key: key() });
    }
    Ok(())
}

fn check_repeat(occasion: &PlannedOccasion) -> Result<(), PlanError> {
    let Some(repeat) = occasion.repeats else {
        return Ok(());
    };
    let key = occasion.key.clone();
    let times = repeat.times;
    if times == 0 || times > MOST_REPEATS {
        Err(PlanError::RepeatTimes { key, times })
    } else if !repeat.every.moves_forward() {
        Err(PlanError::RepeatStands { key })
    } else if !repeat.every.times(times).is_some_and(is_near) {
        Err(PlanError::TooFar { key })
    } else {
        Ok(())
    }
}

fn check_reminders(occasion: &PlannedOccasion) -> Result<(), PlanError> {
    let own = occasion.reminders.as_ref();
    own.map_or(Ok(()), |policy| policy.check())
        .map_err(|error| PlanError::Reminders {
            key: occasion.key.clone(),
            error,
        })
}

fn check_instruments(occasion: &PlannedOccasion) -> Result<(), PlanError> {
    let mut seen = BTreeSet::new();
    match occasion
        .instruments
        .iter()
        .find(|e| !seen.insert(&e.instrument))
    {
        Some(twice) => Err(PlanError::DuplicateInstrument {
            key: occasion.key.clone(),
            instrument: twice.instrument.clone(),
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
#[path = "plan_check_tests.rs"]
mod tests;
