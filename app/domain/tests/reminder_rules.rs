//! The reminder rules one by one, each on the smallest story that shows it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]
#![allow(missing_docs)]

use bedring_domain::course::OccasionState;
use bedring_domain::reminder::{
    Address, CallState, NextStep, ReminderFacts, ReminderPolicy, Sent, WhyNothing, next_step,
};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// The occasion of all these stories is due on 1 March 2027.
fn at(text: &str) -> NaiveDateTime {
    format!("2027-{text}:00").parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    format!("2027-{text}").parse().unwrap()
}

fn facts(sent: &[Sent]) -> ReminderFacts<'_> {
    ReminderFacts {
        state: OccasionState::Due,
        due: Some(day("03-01")),
        closes: None,
        may_ask: true,
        may_remind: true,
        never: false,
        address: Address::Good,
        snoozed_until: None,
        sent,
        asked_again: None,
        sent_again: None,
        waits_since: None,
        last_to_recipient: sent.iter().map(|s| s.at.date()).max(),
        call: CallState::None,
        plan_active: true,
        paused: false,
    }
}

fn sent(mails: &[(u32, &str)]) -> Vec<Sent> {
    let mail = |(number, moment): &(u32, &str)| Sent {
        number: *number,
        at: at(moment),
    };
    mails.iter().map(mail).collect()
}

fn step(facts: &ReminderFacts<'_>, now: &str) -> NextStep {
    next_step(&ReminderPolicy::default(), facts, at(now))
}

fn mail(number: u32, moment: &str) -> NextStep {
    NextStep::Mail {
        number,
        at: at(moment),
    }
}

fn call(on: &str) -> NextStep {
    NextStep::Call { on: day(on) }
}

fn look(moment: &str) -> NextStep {
    NextStep::Look { at: at(moment) }
}

const fn nothing(why: WhyNothing) -> NextStep {
    NextStep::Nothing { why }
}

#[test]
fn three_mails_and_a_call_when_all_goes_well() {
    let open = ReminderFacts {
        state: OccasionState::Open,
        ..facts(&[])
    };
    assert_eq!(step(&open, "02-20T12:00"), look("03-01T10:00"));
    assert_eq!(step(&facts(&[]), "03-01T00:00"), mail(1, "03-01T10:00"));
    assert_eq!(step(&facts(&[]), "03-01T10:00"), mail(1, "03-01T10:00"));
    let mut mails = sent(&[(1, "03-01T10:00")]);
    assert_eq!(step(&facts(&mails), "03-01T10:01"), mail(2, "03-05T10:00"));
    mails.extend(sent(&[(2, "03-05T10:02")]));
    assert_eq!(step(&facts(&mails), "03-05T10:03"), mail(3, "03-12T10:00"));
    mails.extend(sent(&[(3, "03-12T10:00")]));
    assert_eq!(step(&facts(&mails), "03-12T10:01"), call("03-15"));
    assert_eq!(step(&facts(&mails), "07-12T10:01"), call("03-15"));
}

#[test]
fn nothing_goes_after_a_stop() {
    let plain = facts(&[]);
    for state in OccasionState::ALL.into_iter().filter(|s| s.is_finished()) {
        let facts = ReminderFacts { state, ..plain };
        assert_eq!(step(&facts, "03-02T12:00"), nothing(WhyNothing::Finished));
    }
    let stopped = |change: fn(&mut ReminderFacts<'_>)| {
        let mut facts = plain;
        change(&mut facts);
        step(&facts, "03-02T12:00")
    };
    assert_eq!(
        stopped(|f| f.may_ask = false),
        nothing(WhyNothing::MayNotAsk)
    );
    assert_eq!(
        stopped(|f| f.plan_active = false),
        nothing(WhyNothing::ProjectNotActive)
    );
    assert_eq!(stopped(|f| f.paused = true), nothing(WhyNothing::Paused));
    assert_eq!(stopped(|f| f.due = None), nothing(WhyNothing::DueUnknown));
    assert_eq!(
        stopped(|f| f.call = CallState::Open),
        nothing(WhyNothing::CallOpen)
    );
    assert_eq!(
        stopped(|f| f.state = OccasionState::Open),
        nothing(WhyNothing::NotExpected)
    );
}

#[test]
fn after_a_week_without_mail_one_goes_and_it_is_the_newest() {
    assert_eq!(step(&facts(&[]), "03-08T14:30"), mail(2, "03-08T14:30"));
    let mails = sent(&[(2, "03-08T14:30")]);
    assert_eq!(step(&facts(&mails), "03-08T15:00"), mail(3, "03-12T10:00"));
    assert_eq!(step(&facts(&[]), "06-01T14:30"), mail(3, "06-01T14:30"));
    let last = sent(&[(3, "06-01T14:30")]);
    assert_eq!(step(&facts(&last), "06-01T15:00"), call("06-04"));
}

#[test]
fn what_was_overtaken_does_not_count_where_the_policy_has_more_steps_than_mails() {
    let policy = ReminderPolicy {
        after_due_days: vec![0, 4, 11, 20],
        ..ReminderPolicy::default()
    };
    let mails = sent(&[(2, "03-08T14:30"), (3, "03-12T10:00")]);
    let next = next_step(&policy, &facts(&mails), at("03-12T11:00"));
    assert_eq!(next, mail(4, "03-21T10:00"));
    let mails = sent(&[(1, "03-01T10:00"), (2, "03-05T14:30"), (3, "03-12T10:00")]);
    let next = next_step(&policy, &facts(&mails), at("03-12T11:00"));
    assert_eq!(next, call("03-15"));
}

#[test]
fn the_cap_holds_under_a_policy_that_nobody_checked() {
    let policy = ReminderPolicy {
        after_due_days: (0..40).map(|n| n * 3).collect(),
        most: 40,
        ..ReminderPolicy::default()
    };
    let mails = sent(&[(1, "03-01T10:00"), (2, "03-04T10:00"), (3, "03-07T10:00")]);
    assert_eq!(
        next_step(&policy, &facts(&mails), at("03-30T11:00")),
        call("03-10")
    );
    let sleepless = ReminderPolicy {
        send_at: NaiveTime::MIN,
        ..ReminderPolicy::default()
    };
    assert_eq!(
        next_step(&sleepless, &facts(&[]), at("03-01T11:00")),
        call("03-04")
    );
}

#[test]
fn nights_are_quiet_and_a_day_begins_at_the_time_set() {
    assert_eq!(step(&facts(&[]), "03-02T07:30"), mail(1, "03-02T10:00"));
    assert_eq!(step(&facts(&[]), "03-02T09:59"), mail(1, "03-02T10:00"));
    assert_eq!(step(&facts(&[]), "03-02T19:59"), mail(1, "03-02T19:59"));
    assert_eq!(step(&facts(&[]), "03-02T20:00"), mail(1, "03-03T10:00"));
    assert_eq!(step(&facts(&[]), "03-02T23:59"), mail(1, "03-03T10:00"));
}

#[test]
fn days_between_and_one_mail_a_day_to_an_address() {
    let mails = sent(&[(1, "03-04T18:00")]);
    assert_eq!(step(&facts(&mails), "03-05T12:00"), mail(2, "03-07T10:00"));
    let mut shared = facts(&[]);
    shared.last_to_recipient = Some(day("03-01"));
    assert_eq!(step(&shared, "03-01T10:00"), mail(1, "03-02T10:00"));
    shared.last_to_recipient = Some(day("02-28"));
    assert_eq!(step(&shared, "03-01T10:00"), mail(1, "03-01T10:00"));
}

#[test]
fn later_puts_off_the_mail_and_the_call() {
    let mails = sent(&[(1, "03-01T10:00")]);
    let mut later = facts(&mails);
    later.snoozed_until = Some(at("03-08T15:00"));
    assert_eq!(step(&later, "03-01T12:00"), mail(2, "03-08T15:00"));
    later.snoozed_until = Some(at("03-12T10:00"));
    assert_eq!(step(&later, "03-01T12:00"), mail(3, "03-12T10:00"));
    later.snoozed_until = Some(at("03-13T21:00"));
    assert_eq!(step(&later, "03-01T12:00"), mail(3, "03-14T10:00"));
    let mails = sent(&[(3, "03-12T10:00")]);
    let mut later = facts(&mails);
    later.snoozed_until = Some(at("03-20T09:00"));
    assert_eq!(step(&later, "03-13T12:00"), call("03-20"));
    assert_eq!(step(&later, "03-21T12:00"), call("03-20"));
    let mut in_a_year = facts(&[]);
    in_a_year.snoozed_until = Some("2028-03-01T10:00:00".parse().unwrap());
    assert_eq!(step(&in_a_year, "03-01T12:00"), mail(1, "03-01T12:00"));
}

#[test]
fn where_no_mail_can_go_somebody_calls() {
    let cannot = |change: fn(&mut ReminderFacts<'_>)| {
        let mut facts = facts(&[]);
        change(&mut facts);
        step(&facts, "03-01T12:00")
    };
    assert_eq!(cannot(|f| f.address = Address::None), call("03-04"));
    assert_eq!(cannot(|f| f.may_remind = false), call("03-04"));
    assert_eq!(cannot(|f| f.never = true), call("03-04"));
    let mails = sent(&[(1, "03-01T10:00"), (2, "03-05T10:00")]);
    let mut bounced = facts(&mails);
    bounced.address = Address::Bounced;
    assert_eq!(step(&bounced, "03-05T12:00"), call("03-01"));
    let mut never = facts(&mails);
    never.never = true;
    assert_eq!(step(&never, "03-05T12:00"), call("03-08"));
    never.may_ask = false;
    assert_eq!(step(&never, "03-05T12:00"), nothing(WhyNothing::MayNotAsk));
}

#[test]
fn where_mail_comes_back_the_call_takes_the_place_of_the_first_mail() {
    let mut bounced = facts(&[]);
    bounced.address = Address::Bounced;
    assert_eq!(
        step(&bounced, "02-20T12:00"),
        NextStep::Look {
            at: at("03-01T10:00")
        }
    );
    assert_eq!(step(&bounced, "03-01T12:00"), call("03-01"));
    let mut policy = ReminderPolicy {
        after_due_days: vec![5, 9],
        ..ReminderPolicy::default()
    };
    let asked = |policy: &ReminderPolicy| next_step(policy, &bounced, at("03-03T12:00"));
    assert_eq!(asked(&policy), call("03-06"));
    // Where nobody is ever written to, nothing can have come back that anybody waits for.
    policy.most = 0;
    assert_eq!(asked(&policy), call("03-04"));
}

#[test]
fn a_due_day_that_moves_takes_the_rest_along() {
    let mails = sent(&[(1, "02-01T10:00")]);
    assert_eq!(step(&facts(&mails), "03-01T08:00"), mail(2, "03-05T10:00"));
    let mails = sent(&[(3, "02-12T10:00")]);
    assert_eq!(step(&facts(&mails), "03-01T08:00"), call("03-04"));
}

#[test]
fn a_closed_window_is_a_matter_for_a_person() {
    let mails = sent(&[(1, "03-01T10:00")]);
    let mut closing = facts(&mails);
    closing.closes = Some(day("03-04"));
    assert_eq!(step(&closing, "03-01T12:00"), call("03-04"));
    closing.closes = Some(day("03-05"));
    assert_eq!(step(&closing, "03-01T12:00"), mail(2, "03-05T10:00"));
    assert_eq!(step(&closing, "03-05T20:00"), call("03-04"));
}

#[test]
fn once_somebody_called_people_take_care_of_it() {
    let mut called = facts(&[]);
    called.call = CallState::Done {
        until: Some(day("03-20")),
    };
    assert_eq!(step(&called, "03-05T12:00"), call("03-20"));
    called.call = CallState::Done { until: None };
    assert_eq!(
        step(&called, "03-05T12:00"),
        nothing(WhyNothing::ReasonIsMissing)
    );
}

#[test]
fn a_clock_that_was_set_back_repeats_nothing_and_loses_nobody() {
    let mails = sent(&[(1, "03-09T10:00"), (2, "03-12T10:00")]);
    // A year back, it is not due.
    let mut facts_then = facts(&mails);
    facts_then.state = OccasionState::Planned;
    let a_year_ago = "2026-03-12T10:00:00".parse().unwrap();
    let next = next_step(&ReminderPolicy::default(), &facts_then, a_year_ago);
    assert_eq!(next, look("03-01T10:00"));
    // Some days back, it waits for the clock.
    assert_eq!(step(&facts(&mails), "03-05T12:00"), look("03-12T10:00"));
    // A second back, or two servers whose clocks differ by it: about an occasion that was due long ago, too.
    let just_now = sent(&[(3, "06-01T14:30")]);
    assert_eq!(step(&facts(&just_now), "06-01T14:29"), call("06-04"));
    let just_now = sent(&[(2, "06-01T14:30")]);
    assert_eq!(step(&facts(&just_now), "06-01T14:29"), look("06-01T14:30"));
    // The clock was ahead when they went, by months: a person takes over when they would have by plan.
    let ahead = sent(&[(1, "11-01T10:00")]);
    assert_eq!(step(&facts(&ahead), "03-05T12:00"), look("03-15T10:00"));
    assert_eq!(step(&facts(&ahead), "03-15T00:00"), call("03-15"));
    let mut all_ahead = facts(&ahead);
    all_ahead.address = Address::None;
    assert_eq!(step(&all_ahead, "03-05T12:00"), call("03-15"));
    let mut other = facts(&[]);
    other.last_to_recipient = Some(day("03-04"));
    assert_eq!(step(&other, "03-01T12:00"), look("03-04T10:00"));
}

#[test]
fn the_end_of_the_calendar_is_no_panic() {
    let mut last = facts(&[]);
    last.due = Some(NaiveDate::MAX);
    let now = NaiveDate::MAX.and_hms_opt(23, 0, 0).unwrap();
    let next = next_step(&ReminderPolicy::default(), &last, now);
    assert_eq!(next, NextStep::Call { on: NaiveDate::MAX });
    let odd = [Sent {
        number: u32::MAX,
        at: NaiveDateTime::MAX,
    }];
    let mut odd = facts(&odd);
    odd.snoozed_until = Some(NaiveDateTime::MIN);
    assert_eq!(step(&odd, "03-05T12:00"), call("03-15"));
}

#[test]
fn a_mail_that_nobody_takes_delays_no_call() {
    // The first waits since day 0; the day on which the call would come is the fourteenth after the due day.
    let mut stuck = facts(&[]);
    stuck.waits_since = Some(at("03-01T10:00"));
    assert_eq!(step(&stuck, "03-03T10:00"), mail(1, "03-03T10:00"));
    assert_eq!(step(&stuck, "03-14T15:00"), mail(3, "03-14T15:00"));
    assert_eq!(step(&stuck, "03-15T00:00"), call("03-15"));
    assert_eq!(step(&stuck, "04-02T10:00"), call("03-15"));
    // One went, and the next one does not.
    let one = sent(&[(1, "03-01T10:00")]);
    let mut second = facts(&one);
    second.waits_since = Some(at("03-05T10:00"));
    assert_eq!(step(&second, "03-14T10:00"), mail(3, "03-14T10:00"));
    assert_eq!(step(&second, "03-15T10:00"), call("03-15"));
    // Whoever came into the plan late has the days that a mail is given, and no more.
    let mut late = facts(&[]);
    late.state = OccasionState::Overdue;
    late.waits_since = Some(at("04-20T10:00"));
    assert_eq!(step(&late, "04-22T10:00"), mail(3, "04-22T10:00"));
    assert_eq!(step(&late, "04-23T10:00"), call("04-23"));
    // Somebody who said "later" is not called before that.
    stuck.snoozed_until = Some(at("03-18T00:00"));
    assert_eq!(step(&stuck, "03-16T10:00"), mail(3, "03-18T10:00"));
    assert_eq!(step(&stuck, "03-18T10:00"), call("03-18"));
}

#[test]
fn the_plans_day_is_that_of_the_mails_that_may_go() {
    let fewer = ReminderPolicy {
        most: 1,
        ..ReminderPolicy::default()
    };
    let mut stuck = facts(&[]);
    stuck.waits_since = Some(at("03-01T10:00"));
    let told = |now| next_step(&fewer, &stuck, at(now));
    assert_eq!(told("03-03T10:00"), mail(1, "03-03T10:00"));
    assert_eq!(told("03-04T10:00"), call("03-04"));
    let more = ReminderPolicy {
        after_due_days: vec![0, 4, 11, 20, 40],
        ..ReminderPolicy::default()
    };
    let told = |now| next_step(&more, &stuck, at(now));
    assert_eq!(told("03-15T10:00"), call("03-15"));
}

#[test]
fn later_today_is_today() {
    let one = sent(&[(1, "03-01T10:00")]);
    let mut asked = facts(&one);
    asked.asked_again = Some(at("03-01T17:00"));
    asked.snoozed_until = asked.asked_again;
    let again = |number, moment| NextStep::Again {
        number,
        at: at(moment),
    };
    assert_eq!(step(&asked, "03-01T10:05"), again(1, "03-01T17:00"));
    assert_eq!(step(&asked, "03-01T17:20"), again(1, "03-01T17:20"));
    // Nothing ran in the evening: in the morning.
    assert_eq!(step(&asked, "03-01T20:30"), again(1, "03-02T10:00"));
    // It went, and the plan goes on: the next mail is the second, three days or more after it.
    asked.sent_again = Some(at("03-01T17:00"));
    asked.last_to_recipient = Some(day("03-01"));
    assert_eq!(step(&asked, "03-01T17:01"), mail(2, "03-05T10:00"));
    // The last of all may come once more as well, and the call three days after that.
    let all = sent(&[(1, "03-01T10:00"), (2, "03-05T10:00"), (3, "03-12T10:00")]);
    let mut last = facts(&all);
    last.asked_again = Some(at("03-13T17:00"));
    assert_eq!(step(&last, "03-13T11:00"), again(3, "03-13T17:00"));
    last.sent_again = last.asked_again;
    assert_eq!(step(&last, "03-14T10:00"), call("03-16"));
    // Whoever answers, says no or "never again" meanwhile gets none; nor does an address that takes nothing.
    let mut over = facts(&one);
    over.asked_again = Some(at("03-01T17:00"));
    over.never = true;
    assert!(matches!(step(&over, "03-01T17:00"), NextStep::Call { .. }));
    over.never = false;
    over.state = OccasionState::Completed;
    assert_eq!(step(&over, "03-01T17:00"), nothing(WhyNothing::Finished));
}

#[test]
fn what_was_asked_for_and_could_not_be_kept_is_left_to_the_plan() {
    let one = sent(&[(1, "03-01T10:00")]);
    let mut asked = facts(&one);
    asked.asked_again = Some(at("03-01T17:00"));
    assert_eq!(step(&asked, "03-03T09:00"), mail(2, "03-05T10:00"));
    // The plan's own mail is there by then: one of them goes.
    asked.asked_again = Some(at("03-05T10:00"));
    assert_eq!(step(&asked, "03-04T22:00"), mail(2, "03-05T10:00"));
}

#[test]
fn when_later_today_is() {
    let policy = ReminderPolicy::default();
    let told = |now| policy.later_today(at(now));
    for (now, then) in [
        ("03-01T00:30", Some("03-01T17:00")),
        ("03-01T10:05", Some("03-01T17:00")),
        ("03-01T15:00", Some("03-01T17:00")),
        ("03-01T16:10", Some("03-01T18:10")),
        ("03-01T17:59", Some("03-01T19:59")),
        ("03-01T18:30", Some("03-01T19:30")),
        // The quiet hours begin at eight.
        ("03-01T19:00", None),
        ("03-01T23:00", None),
    ] {
        assert_eq!(told(now), then.map(at), "{now}");
    }
    assert_eq!(policy.tomorrow(at("03-01T23:00")), Some(at("03-02T10:00")));
    let mornings = ReminderPolicy {
        quiet_from: NaiveTime::from_hms_opt(12, 0, 0).unwrap(),
        ..ReminderPolicy::default()
    };
    assert_eq!(
        mornings.later_today(at("03-01T10:05")),
        Some(at("03-01T11:05"))
    );
    assert_eq!(mornings.later_today(at("03-01T11:05")), None);
    assert_eq!(
        mornings.later_today(at("03-01T09:30")),
        Some(at("03-01T11:30"))
    );
}
