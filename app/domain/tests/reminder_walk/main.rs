//! A worker that asks for the next step every hour, in a world where people answer, refuse and say "later", mail fails, addresses bounce
//! and clocks jump. Whatever happens: gentle, never twice, never after a stop, and nobody is lost.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]
#![allow(missing_docs)]

mod world;

use bedring_domain::reminder::{Address, FARTHEST_AHEAD_DAYS, NextStep, ReminderPolicy, next_step};
use chrono::NaiveTime;
use proptest::prelude::*;

use world::{Event, World};

fn gentle_event() -> impl Strategy<Value = Event> {
    let address = prop_oneof![
        Just(Address::None),
        Just(Address::Good),
        Just(Address::Bounced)
    ];
    prop_oneof![
        1 => Just(Event::Answered),
        1 => Just(Event::Refused),
        1 => Just(Event::Withdrew),
        1 => Just(Event::GivenUp),
        4 => (1..=24 * i64::from(FARTHEST_AHEAD_DAYS)).prop_map(Event::Later),
        1 => Just(Event::Never),
        1 => Just(Event::RemindersTakenBack),
        1 => Just(Event::Bounced),
        2 => address.prop_map(Event::NewAddress),
        8 => Just(Event::OtherMail),
        3 => any::<bool>().prop_map(Event::Paused),
        2 => any::<bool>().prop_map(Event::ProjectActive),
        6 => (1..400u32).prop_map(Event::Outage),
        4 => prop::option::of(0..20u64).prop_map(Event::CallDone),
        2 => (-10..=10i64).prop_map(Event::DueMoved),
    ]
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        12 => gentle_event(),
        1 => (-72..=72i64).prop_map(Event::ClockJumps),
        1 => (-9_000..=9_000i64).prop_map(Event::ClockJumps),
    ]
}

/// Hours to wait, then what happens. The fewer events that end everything, the longer the stories.
fn story(event: impl Strategy<Value = Event>) -> impl Strategy<Value = Vec<(u32, Event)>> {
    prop::collection::vec((0..150u32, event), 0..14)
}

fn any_policy() -> impl Strategy<Value = ReminderPolicy> {
    let steps = prop::collection::vec(0..6u32, 0..6);
    (
        steps,
        0..=3u32,
        1..=4u32,
        0..=5u32,
        18..=23u32,
        6..=10u32,
        0..=3u32,
    )
        .prop_map(
            |(gaps, most, days_between, call_after_days, from, until, later)| {
                let mut day = 0;
                let step = |gap| {
                    day += gap + days_between;
                    day - days_between
                };
                let hour = |h| NaiveTime::from_hms_opt(h, 0, 0).unwrap();
                ReminderPolicy {
                    after_due_days: gaps.into_iter().map(step).collect(),
                    most,
                    days_between,
                    quiet_from: hour(from),
                    quiet_until: hour(until),
                    send_at: hour(until + later),
                    call_after_days,
                    ..ReminderPolicy::default()
                }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(768))]

    #[test]
    fn whatever_happens_it_is_gentle_and_ends_with_a_person_or_a_reason(
        policy in any_policy(),
        closes in prop::option::of(5..40u64),
        story in story(any_event()),
    ) {
        let mut world = World::new(policy, closes);
        world.live_through(&story);
        world.rest();
        prop_assert!(world.sent.len() <= 3);
    }

    #[test]
    fn the_usual_policy_with_right_clocks(story in story(gentle_event())) {
        let mut world = World::new(ReminderPolicy::default(), None);
        world.live_through(&story);
        world.rest();
    }

    #[test]
    fn silence_gets_every_mail_and_then_a_call(policy in any_policy(), outage in 0..900u32) {
        let mails = policy.after_due_days.len().min(policy.most as usize);
        let mut world = World::new(policy, None);
        world.happen(&Event::Outage(outage));
        world.live_through(&[(outage, Event::OtherMail)]);
        let end = world.rest();
        let called = matches!(end, NextStep::Call { .. });
        prop_assert!(called);
        prop_assert_eq!(world.calls, 1);
        prop_assert!(world.sent.len() <= mails);
        prop_assert_eq!(world.sent.is_empty(), mails == 0);
        if outage < 24 * 5 {
            prop_assert_eq!(world.sent.len(), mails);
        }
    }

    #[test]
    fn the_same_facts_give_the_same_answer_in_whatever_order_mails_are_listed(
        policy in any_policy(),
        story in story(any_event()),
    ) {
        let mut world = World::new(policy, None);
        world.live_through(&story);
        let first = next_step(&world.policy, &world.facts(), world.now);
        world.sent.reverse();
        prop_assert_eq!(next_step(&world.policy, &world.facts(), world.now), first);
    }
}
