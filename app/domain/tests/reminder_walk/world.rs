//! The world in which the worker works. It checks whatever the worker does, in the moment of doing it.

use bedring_domain::consent::{Scope, Standing};
use bedring_domain::course::{OccasionFacts, occasion_state};
use bedring_domain::reminder::{
    Address, CallState, FARTHEST_AHEAD_DAYS, NextStep, ReminderFacts, ReminderPolicy, Sent,
    WhyNothing, next_step,
};
use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

/// What happens at the beginning of an hour.
#[derive(Debug, Clone)]
pub enum Event {
    Answered,
    Refused,
    Withdrew,
    GivenUp,
    /// "Later", by so many hours.
    Later(i64),
    Never,
    RemindersTakenBack,
    Bounced,
    NewAddress(Address),
    /// Another occasion or person has a mail to the same address today.
    OtherMail,
    Paused(bool),
    ProjectActive(bool),
    /// No worker runs for so many hours.
    Outage(u32),
    /// The owner of an open call is done with it, perhaps with a day that lies so far ahead.
    CallDone(Option<u64>),
    /// The due day moves, with its days of grace.
    DueMoved(i64),
    ClockJumps(i64),
}

#[derive(Debug)]
pub struct World {
    pub policy: ReminderPolicy,
    pub now: NaiveDateTime,
    occasion: OccasionFacts,
    due: NaiveDate,
    closes: Option<NaiveDate>,
    may_remind: bool,
    never: bool,
    address: Address,
    snoozed_until: Option<NaiveDateTime>,
    pub sent: Vec<Sent>,
    last_to_recipient: Option<NaiveDate>,
    call: CallState,
    pub calls: u32,
    plan_active: bool,
    paused: bool,
    down_for: u32,
    /// What the last decision promised, until anything happens. A clock that jumped makes no promises any more: what it wrote down
    /// comes to be believed or not as time goes on.
    promise: Option<NextStep>,
    clock_was_right: bool,
}

fn monday() -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 3, 1).unwrap()
}

impl World {
    /// Five days before an occasion is due.
    pub fn new(policy: ReminderPolicy, closes: Option<u64>) -> Self {
        assert_eq!(policy.check(), Ok(()));
        let due = monday() + Days::new(5);
        let mut world = Self {
            policy,
            now: monday().and_time(NaiveTime::MIN),
            occasion: OccasionFacts::default(),
            due,
            closes: closes.map(|days| due + Days::new(days)),
            may_remind: true,
            never: false,
            address: Address::Good,
            snoozed_until: None,
            sent: vec![],
            last_to_recipient: None,
            call: CallState::None,
            calls: 0,
            plan_active: true,
            paused: false,
            down_for: 0,
            promise: None,
            clock_was_right: true,
        };
        world.be_due_on(due);
        world
    }

    fn be_due_on(&mut self, due: NaiveDate) {
        self.due = due;
        self.occasion.opens = Some(due - Days::new(14));
        self.occasion.due = Some(due);
        self.occasion.overdue_from = Some(due + Days::new(7));
    }

    pub fn facts(&self) -> ReminderFacts<'_> {
        ReminderFacts {
            state: occasion_state(&self.occasion, self.now.date()),
            due: Some(self.due),
            closes: self.closes,
            may_ask: self.occasion.standing.may_ask(),
            may_remind: self.may_remind,
            never: self.never,
            address: self.address,
            snoozed_until: self.snoozed_until,
            sent: &self.sent,
            asked_again: None,
            sent_again: None,
            waits_since: None,
            last_to_recipient: self.last_to_recipient,
            call: self.call,
            plan_active: self.plan_active,
            paused: self.paused,
        }
    }

    pub fn happen(&mut self, event: &Event) {
        self.promise = None;
        match *event {
            Event::Answered => self.occasion.all_answered = true,
            Event::Refused => {
                self.occasion.standing = Standing {
                    refused: true,
                    ..Standing::default()
                };
            }
            Event::Withdrew => self.occasion.standing.withdrawn = Some(Scope::StopAsking),
            Event::GivenUp => self.occasion.missed = true,
            Event::Later(hours) => self.snoozed_until = Some(self.now + TimeDelta::hours(hours)),
            Event::Never => self.never = true,
            Event::RemindersTakenBack => self.may_remind = false,
            Event::Bounced => self.address = Address::Bounced,
            Event::NewAddress(address) => {
                self.address = address;
                self.last_to_recipient = None;
            }
            Event::OtherMail => self.last_to_recipient = Some(self.now.date()),
            Event::Paused(paused) => self.paused = paused,
            Event::ProjectActive(active) => self.plan_active = active,
            Event::Outage(hours) => self.down_for = hours,
            Event::CallDone(days) if self.call == CallState::Open => {
                let until = days.map(|days| self.now.date() + Days::new(days));
                self.call = CallState::Done { until };
            }
            Event::CallDone(_) => {}
            Event::DueMoved(days) => self.be_due_on(self.due + TimeDelta::days(days)),
            Event::ClockJumps(hours) => {
                self.now += TimeDelta::hours(hours);
                self.clock_was_right = false;
            }
        }
    }

    /// Asks for the next step, checks it, and does it if it is time.
    fn work(&mut self) -> NextStep {
        let step = next_step(&self.policy, &self.facts(), self.now);
        if let Some(promise) = self.promise {
            assert_eq!(step, promise, "a promise was broken at {}", self.now);
        }
        self.promise = match step {
            NextStep::Mail { .. } | NextStep::Call { .. } if self.clock_was_right => Some(step),
            _ => None,
        };
        match step {
            NextStep::Mail { number, at } => {
                assert!(at >= self.now, "a mail in the past");
                if at == self.now {
                    self.send(number);
                }
            }
            NextStep::Again { .. } => panic!("nobody asked"),
            NextStep::Call { on } => {
                if on <= self.now.date() {
                    self.start_call();
                }
            }
            NextStep::Look { at } => assert!(at > self.now, "looking back"),
            NextStep::Nothing { why } => self.reason_is_true(why),
        }
        step
    }

    fn send(&mut self, number: u32) {
        let (now, today) = (self.now, self.now.date());
        let time = now.time();
        assert!(
            time >= self.policy.send_at && !self.policy.is_quiet(time),
            "at night: {now}"
        );
        assert!(today >= self.due, "before it is due");
        assert!(
            self.closes.is_none_or(|last| today <= last),
            "after it closed"
        );
        assert!(
            !occasion_state(&self.occasion, today).is_finished(),
            "after a stop"
        );
        assert!(
            self.occasion.standing.may_ask() && self.may_remind && !self.never,
            "unasked"
        );
        assert!(self.address == Address::Good && self.plan_active && !self.paused);
        assert_eq!(self.call, CallState::None, "after a call");
        let longest = now + TimeDelta::days(i64::from(FARTHEST_AHEAD_DAYS));
        let later = self.snoozed_until.filter(|until| *until <= longest);
        assert!(
            later.is_none_or(|until| until <= now),
            "before the person wanted"
        );
        assert!(
            self.sent.iter().all(|s| s.number < number),
            "a number again"
        );
        assert!(
            self.sent.len() < self.policy.most.min(3) as usize,
            "too many"
        );
        let between = TimeDelta::days(self.policy.days_between.into());
        assert!(
            self.sent.iter().all(|s| today - s.at.date() >= between),
            "too soon"
        );
        assert!(
            self.last_to_recipient.is_none_or(|day| day < today),
            "two in a day"
        );
        self.sent.push(Sent { number, at: now });
        self.last_to_recipient = Some(today);
        self.promise = None;
    }

    fn start_call(&mut self) {
        assert!(self.now.date() >= self.due);
        assert!(
            !occasion_state(&self.occasion, self.now.date()).is_finished(),
            "after a stop"
        );
        assert!(self.occasion.standing.may_ask() && self.plan_active && !self.paused);
        self.call = CallState::Open;
        self.calls += 1;
        self.promise = None;
    }

    fn reason_is_true(&self, why: WhyNothing) {
        let state = occasion_state(&self.occasion, self.now.date());
        assert!(match why {
            WhyNothing::Finished => state.is_finished(),
            WhyNothing::MayNotAsk => !self.occasion.standing.may_ask(),
            WhyNothing::ProjectNotActive => !self.plan_active,
            WhyNothing::Paused => self.paused,
            WhyNothing::CallOpen => self.call == CallState::Open,
            WhyNothing::ReasonIsMissing => self.call == CallState::Done { until: None },
            WhyNothing::DueUnknown | WhyNothing::NotExpected => false,
        });
    }

    fn hour(&mut self) {
        if self.down_for > 0 {
            self.down_for -= 1;
            self.promise = None;
        } else {
            self.work();
        }
        self.now += TimeDelta::hours(1);
    }

    pub fn live_through(&mut self, story: &[(u32, Event)]) {
        for (hours, event) in story {
            for _ in 0..*hours {
                self.hour();
            }
            self.happen(event);
        }
    }

    /// Nothing happens any more. Follows step upon step, and says how it ended.
    pub fn rest(&mut self) -> NextStep {
        self.promise = None;
        self.down_for = 0;
        // A day that people agreed on is theirs to choose, however far it lies.
        let agreed = match self.call {
            CallState::Done { until: Some(day) } => day,
            _ => self.due,
        };
        let latest = self.now.max(self.due.max(agreed).and_time(NaiveTime::MIN));
        let latest = latest + TimeDelta::days(90);
        for _ in 0..12 {
            let step = self.work();
            match step {
                NextStep::Mail { at, .. } | NextStep::Again { at, .. } => {
                    self.now = self.now.max(at);
                }
                NextStep::Look { at } => self.now = at,
                NextStep::Call { .. } if self.call == CallState::Open => return step,
                NextStep::Call { on } => self.now = self.now.max(on.and_time(NaiveTime::MIN)),
                NextStep::Nothing { .. } => return step,
            }
            assert!(self.now <= latest, "lost for months: {step:?}");
        }
        panic!("it never ends");
    }
}
