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
const LONGEST_KEY: usize = 40;
/// Furthest that a day may lie from its anchor, in months or days: fifty years.
const FURTHEST_MONTHS: u32 = 600;
const FURTHEST_DAYS: u32 = 18_300;

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
mod tests {
    use super::super::{OccasionKind, plan::Repeat};
    use super::*;
    use crate::instrument::EditionRef;

    fn later(key: &str, anchor: Anchor) -> PlannedOccasion {
        PlannedOccasion::new(key, OccasionKind::FollowUp, anchor, Offset::months(3))
    }

    fn from(key: &str) -> Anchor {
        Anchor::Occasion {
            key: key.to_owned(),
        }
    }

    /// The default plan with one more occasion, changed.
    fn with(change: impl FnOnce(&mut PlannedOccasion)) -> Result<(), PlanError> {
        let mut plan = CoursePlan::default_plan();
        let mut occasion = later("later", from("exit"));
        change(&mut occasion);
        plan.occasions.push(occasion);
        plan.check()
    }

    fn named() -> String {
        "later".to_owned()
    }

    #[test]
    fn the_plans_that_are_offered_make_sense() {
        assert_eq!(CoursePlan::default_plan().check(), Ok(()));
        assert_eq!(CoursePlan::default_plan().with_follow_ups().check(), Ok(()));
        assert_eq!(with(|_| ()), Ok(()));
        assert_eq!(
            CoursePlan { occasions: vec![] }.check(),
            Err(PlanError::Empty)
        );
    }

    #[test]
    fn its_own_reminders_are_held_to_the_same_as_the_programmes() {
        let own = |most| {
            with(|o| {
                o.reminders = Some(crate::reminder::ReminderPolicy {
                    most,
                    ..Default::default()
                });
            })
        };
        assert_eq!(own(1), Ok(()));
        let error = PolicyError::TooManyMails { most: 4 };
        let key = named();
        assert_eq!(own(4), Err(PlanError::Reminders { key, error }));
    }

    #[test]
    fn keys_are_plain_and_unique() {
        for key in ["", "Exit", "a b", "måling", &"a".repeat(41)] {
            let key = key.to_owned();
            assert_eq!(
                with(|o| o.key = key.clone()),
                Err(PlanError::BadKey { key })
            );
        }
        let key = "exit".to_owned();
        assert_eq!(
            with(|o| o.key = key.clone()),
            Err(PlanError::DuplicateKey { key })
        );
    }

    #[test]
    fn occasions_are_counted_from_earlier_ones_only() {
        let anchor = "nowhere".to_owned();
        assert_eq!(
            with(|o| o.anchor = from("nowhere")),
            Err(PlanError::UnknownAnchor {
                key: named(),
                anchor
            })
        );
        let anchor = named();
        assert_eq!(
            with(|o| o.anchor = from("later")),
            Err(PlanError::AnchorNotEarlier {
                key: named(),
                anchor
            })
        );
        let circle = CoursePlan {
            occasions: vec![later("a", from("b")), later("b", from("a"))],
        };
        assert!(matches!(
            circle.check(),
            Err(PlanError::AnchorNotEarlier { key, .. }) if key == "a"
        ));
    }

    #[test]
    fn days_stay_within_reach_and_in_order() {
        let far = Err(PlanError::TooFar { key: named() });
        assert_eq!(with(|o| o.after = Offset::months(601)), far);
        assert_eq!(with(|o| o.after = Offset::days(i32::MIN)), far);
        assert_eq!(with(|o| o.grace_days = u32::MAX), far);
        assert_eq!(with(|o| o.opens_before_days = 18_301), far);
        assert_eq!(
            with(|o| o.closes_after_days = Some(13)),
            Err(PlanError::ClosesInGrace { key: named() })
        );
        assert_eq!(with(|o| o.closes_after_days = Some(14)), Ok(()));
    }

    #[test]
    fn repeats_are_few_and_move_forward() {
        let repeat = |every, times| with(|o| o.repeats = Some(Repeat { every, times }));
        for times in [0, 61, u32::MAX] {
            assert_eq!(
                repeat(Offset::days(7), times),
                Err(PlanError::RepeatTimes {
                    key: named(),
                    times
                })
            );
        }
        for every in [
            Offset::ZERO,
            Offset::days(-7),
            Offset::new(1, -40),
            Offset::new(-1, 40),
        ] {
            assert_eq!(
                repeat(every, 2),
                Err(PlanError::RepeatStands { key: named() })
            );
        }
        assert_eq!(
            repeat(Offset::months(12), 51),
            Err(PlanError::TooFar { key: named() })
        );
        assert_eq!(repeat(Offset::days(7), 60), Ok(()));
    }

    #[test]
    fn a_hundred_occasions_are_enough_for_anybody() {
        let plan = |n: u32| CoursePlan {
            occasions: (0..n)
                .map(|n| later(&format!("o{n}"), Anchor::Start))
                .collect(),
        };
        assert_eq!(plan(100).check(), Ok(()));
        assert_eq!(
            plan(101).check(),
            Err(PlanError::TooManyOccasions { count: 101 })
        );
        let mut repeating = plan(50);
        repeating.occasions[0].repeats = Some(Repeat {
            every: Offset::days(1),
            times: 60,
        });
        assert_eq!(
            repeating.check(),
            Err(PlanError::TooManyOccasions { count: 110 })
        );
    }

    #[test]
    fn an_occasion_asks_each_instrument_once_and_keeps_its_kind() {
        let edition = |edition: &str| EditionRef {
            instrument: "lsns-9".to_owned(),
            edition: edition.to_owned(),
        };
        assert!(matches!(
            with(|o| o.instruments = vec![edition("1"), edition("2")]),
            Err(PlanError::DuplicateInstrument { instrument, .. }) if instrument == "lsns-9"
        ));
        let before = CoursePlan::default_plan();
        let mut after = before.clone().with_follow_ups();
        assert_eq!(after.check_edit(&before), Ok(()));
        after.occasions[1].kind = OccasionKind::FollowUp;
        let key = "exit".to_owned();
        assert_eq!(
            after.check_edit(&before),
            Err(PlanError::KindChanged { key })
        );
    }
}
