//! What a reminder policy may say, and how it is read.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]
#![allow(missing_docs)]

use bedring_domain::reminder::{PolicyError, ReminderPolicy};
use chrono::NaiveTime;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// The default policy with one thing changed.
fn checked(change: impl FnOnce(&mut ReminderPolicy)) -> Result<(), PolicyError> {
    let mut policy = ReminderPolicy::default();
    change(&mut policy);
    policy.check()
}

fn clock(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

#[test]
fn a_policy_is_checked_for_gentleness() {
    assert_eq!(checked(|_| ()), Ok(()));
    assert_eq!(
        checked(|p| p.most = 4),
        Err(PolicyError::TooManyMails { most: 4 })
    );
    assert_eq!(
        checked(|p| p.days_between = 0),
        Err(PolicyError::NoDaysBetween)
    );
    let days_between = 3;
    for (steps, number) in [(vec![0, 2], 2), (vec![4, 0], 2), (vec![0, 3, 3], 3)] {
        assert_eq!(
            checked(|p| p.after_due_days = steps),
            Err(PolicyError::StepsTooClose {
                number,
                days_between
            })
        );
    }
    let far = |field| Err(PolicyError::TooFar { field });
    assert_eq!(
        checked(|p| p.after_due_days = vec![u32::MAX]),
        far("after_due_days")
    );
    assert_eq!(checked(|p| p.call_after_days = 366), far("call_after_days"));
    assert_eq!(
        checked(|p| p.after_due_days = (0..11).map(|n| n * 3).collect()),
        Err(PolicyError::TooManySteps { steps: 11 })
    );
    assert_eq!(checked(|p| p.after_due_days = vec![]), Ok(()));
    assert_eq!(checked(|p| p.most = 0), Ok(()));
}

#[test]
fn the_night_is_always_quiet_and_the_day_is_long_enough() {
    let hours = |from, until, send_at| {
        checked(|p| (p.quiet_from, p.quiet_until, p.send_at) = (from, until, send_at))
    };
    assert_eq!(hours(clock(22, 0), clock(6, 0), clock(6, 0)), Ok(()));
    assert_eq!(hours(clock(0, 0), clock(6, 0), clock(23, 0)), Ok(()));
    for (from, until) in [(22, 5), (1, 8), (8, 20), (8, 8), (0, 0)] {
        let found = hours(clock(from, 0), clock(until, 0), clock(10, 0));
        assert_eq!(found, Err(PolicyError::NightNotQuiet), "{from} {until}");
    }
    for send_at in [clock(19, 1), clock(20, 0), clock(7, 59), clock(2, 0)] {
        let found = hours(clock(20, 0), clock(8, 0), send_at);
        assert_eq!(found, Err(PolicyError::NoTimeToSend), "{send_at}");
    }
    let to_midnight = hours(clock(0, 0), clock(6, 0), clock(23, 1));
    assert_eq!(to_midnight, Err(PolicyError::NoTimeToSend));
}

#[test]
fn names_and_addresses_cannot_smuggle_headers() {
    let field = "sender_address";
    let smuggled = "a@example.org\r\nBcc: b@example.org".to_owned();
    assert_eq!(
        checked(|p| p.sender_address = smuggled.clone()),
        Err(PolicyError::NotAnAddress { field })
    );
    let field = "reply_to";
    assert_eq!(
        checked(|p| p.reply_to = Some(smuggled)),
        Err(PolicyError::NotAnAddress { field })
    );
    assert_eq!(
        checked(|p| p.sender_name = "A\nB".to_owned()),
        Err(PolicyError::NotAName)
    );
    assert_eq!(
        checked(|p| {
            p.sender_name = "Måling i Aarhus".to_owned();
            p.sender_address = "post@example.org".to_owned();
            p.reply_to = Some("anna@example.org".to_owned());
        }),
        Ok(())
    );
}

#[test]
fn a_policy_names_only_what_it_changes() {
    let policy: ReminderPolicy = serde_json::from_str(
        r#"{"after_due_days": [2], "quiet_from": "19:30", "send_at": "11:15:00"}"#,
    )
    .unwrap();
    let expected = ReminderPolicy {
        after_due_days: vec![2],
        quiet_from: clock(19, 30),
        send_at: clock(11, 15),
        ..ReminderPolicy::default()
    };
    assert_eq!(policy, expected);
    let written = serde_json::to_string(&policy).unwrap();
    assert_eq!(
        serde_json::from_str::<ReminderPolicy>(&written).unwrap(),
        policy
    );
    assert!(serde_json::from_str::<ReminderPolicy>(r#"{"mots": 2}"#).is_err());
}
