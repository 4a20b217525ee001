//! What makes sense as a plan, and what is refused with which words.

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
