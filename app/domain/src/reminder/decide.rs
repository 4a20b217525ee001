//! The decision: from what is known of one occasion, the next step, with its moment or the reason why there is none.
//!
//! The same facts give the same answer on every server and however often it is asked, so the answer may be stored as a plan and must be
//! asked for again in the moment of sending.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use serde::{Deserialize, Serialize};

use super::policy::ReminderPolicy;
use crate::course::{OccasionState, days_later};

/// How far ahead of the clock anything can lie that was written down in the past, in days. What lies further was written while a clock
/// was wrong: a "later" is not taken at its word then, and nobody waits for it. So it is the longest "later" too.
pub const FARTHEST_AHEAD_DAYS: u32 = 31;

/// Where mails to a person go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Address {
    /// There is none.
    None,
    /// There is one, and nothing is known against it.
    Good,
    /// There is one, and mail to it comes back.
    Bounced,
}

/// A mail that went (or may have gone: a crash in the moment of sending counts as gone).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Its number, from 1.
    pub number: u32,
    /// When.
    pub at: NaiveDateTime,
}

/// Whether somebody called about the occasion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "call", rename_all = "snake_case")]
pub enum CallState {
    /// Nobody was asked to.
    None,
    /// A call task is open: it has an owner and a day.
    Open,
    /// Somebody did.
    Done {
        /// The day that was agreed, or on which to try again.
        until: Option<NaiveDate>,
    },
}

/// What is known of an occasion and its person.
#[derive(Debug, Clone, Copy)]
pub struct ReminderFacts<'a> {
    /// The occasion's state today.
    pub state: OccasionState,
    /// The day by which it should be answered.
    pub due: Option<NaiveDate>,
    /// The last day on which mails about it go; `None` for no such day.
    pub closes: Option<NaiveDate>,
    /// The person may be asked anything at all: no refusal and no withdrawal.
    pub may_ask: bool,
    /// The person said yes to reminders by mail, and has not taken it back.
    pub may_remind: bool,
    /// The person said "never again" in a mail.
    pub never: bool,
    /// Where mails would go.
    pub address: Address,
    /// The person said "later".
    pub snoozed_until: Option<NaiveDateTime>,
    /// The mails about this occasion, in any order.
    pub sent: &'a [Sent],
    /// When the person wants to get the last of these mails once more: "later today" is a promise.
    pub asked_again: Option<NaiveDateTime>,
    /// When a mail that the person had asked for once more went last.
    pub sent_again: Option<NaiveDateTime>,
    /// Since when a mail about this occasion waits that nobody has taken, if one does.
    pub waits_since: Option<NaiveDateTime>,
    /// The last day on which any mail went to this address, about whatever and whomever.
    pub last_to_recipient: Option<NaiveDate>,
    /// Whether somebody called.
    pub call: CallState,
    /// The project takes part: it is neither exempt nor withdrawn.
    pub plan_active: bool,
    /// Somebody paused reminders, for this person or the project.
    pub paused: bool,
}

/// What happens next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum NextStep {
    /// A mail goes: now if the moment is here, or else then, if nothing happens before.
    Mail {
        /// Its number. Higher than all that went; the first that goes need not be 1.
        number: u32,
        /// When; never before now.
        at: NaiveDateTime,
    },
    /// The last mail goes once more, because the person asked for that. It counts neither as a reminder more nor against a day's one mail.
    Again {
        /// The number of the mail that goes again.
        number: u32,
        /// When; never before now.
        at: NaiveDateTime,
    },
    /// Somebody calls. A day that is past means at once.
    Call {
        /// On which day.
        on: NaiveDate,
    },
    /// Ask again at that moment, which lies ahead.
    Look {
        /// When.
        at: NaiveDateTime,
    },
    /// Nothing, until something else happens.
    Nothing {
        /// Why.
        why: WhyNothing,
    },
}

/// Why nothing happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyNothing {
    /// Answered, declined, withdrawn, or missed for a reason.
    Finished,
    /// The person may not be asked anything.
    MayNotAsk,
    /// The project is exempt or takes no part any more.
    ProjectNotActive,
    /// Somebody paused it.
    Paused,
    /// Somebody has a call to make: the next step is theirs.
    CallOpen,
    /// The due day follows from a day that is not known yet; that is asked for elsewhere.
    DueUnknown,
    /// The due day is past and yet its state says that nobody waits for it.
    NotExpected,
    /// Somebody called and left neither another day nor a reason. It belongs at the top of a person's list.
    ReasonIsMissing,
}

impl WhyNothing {
    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::MayNotAsk => "may_not_ask",
            Self::ProjectNotActive => "project_not_active",
            Self::Paused => "paused",
            Self::CallOpen => "call_open",
            Self::DueUnknown => "due_unknown",
            Self::NotExpected => "not_expected",
            Self::ReasonIsMissing => "reason_is_missing",
        }
    }
}

/// The next step for an occasion.
///
/// When nothing goes:
/// * After an answer, a no, a withdrawal or a reason, and while the project or the person pauses.
/// * Before the due day; then it is looked at on that day.
/// * Once there is a call task: from then on people take care of it, and the day they agreed on brings the next call.
///
/// When a mail goes:
/// * With a yes to reminders, an address that works, no "never again", and no later than the day on which the occasion closes.
/// * At most [`ReminderPolicy::most`] about an occasion, numbers rising, no number twice. What was sent is known by its number and never
///   by its date, so a clock that is set back repeats nothing.
/// * Where several are owed because no mail went for a while, one goes, the newest; those it overtakes never go, and do not count.
/// * [`ReminderPolicy::days_between`] days or more after the last about the occasion, and at most one a day to an address.
/// * From `send_at` on and not in quiet hours; what misses its day's hours goes on the next day.
/// * Not while the person said "later".
/// * Once more at the moment for which the person asked ("later today"), whatever went before: that is a promise, not a reminder more.
/// * If the last mail lies ahead of the clock, the clock was set back, by a second or by a year: nothing is sent, and it is looked at when
///   the clock gets there. If that is longer than [`FARTHEST_AHEAD_DAYS`], a person calls on the day the plan had for it.
///
/// When somebody calls: [`ReminderPolicy::call_after_days`] after the last mail, or after the due day where no mail can go. Where mail comes
/// back, on the day of the first mail, or at once if that is past. Where a mail waits and is not taken, on the day on which the call would
/// come if it had been: a mail server that says "not now" for weeks must not be what silences everybody. "Never again" is about mail; may the person be asked, they are called,
/// for silence must not lose them.
#[must_use]
pub fn next_step(
    policy: &ReminderPolicy,
    facts: &ReminderFacts<'_>,
    now: NaiveDateTime,
) -> NextStep {
    if let Some(why) = standstill(facts) {
        return NextStep::Nothing { why };
    }
    let Some(due) = facts.due else {
        let why = WhyNothing::DueUnknown;
        return NextStep::Nothing { why };
    };
    if now.date() < due {
        let at = due.and_time(policy.send_at);
        return NextStep::Look { at };
    }
    if !matches!(facts.state, OccasionState::Due | OccasionState::Overdue) {
        let why = WhyNothing::NotExpected;
        return NextStep::Nothing { why };
    }
    if let CallState::Done { until } = facts.call {
        return match until {
            Some(day) => NextStep::Call {
                on: not_before_snooze(facts, day, now),
            },
            None => NextStep::Nothing {
                why: WhyNothing::ReasonIsMissing,
            },
        };
    }
    if let Some(step) = once_more(policy, facts, due, now) {
        return step;
    }
    if let Some(on) = call_instead(policy, facts, due, now) {
        return NextStep::Call { on };
    }
    match next_mail(policy, facts, due, now) {
        Some((number, at)) => match ahead_of_clock(policy, facts, now) {
            Some(then) => wait_for_clock(policy, facts, due, now, then),
            None => NextStep::Mail { number, at },
        },
        None => NextStep::Call {
            on: call_day(policy, facts, due, now),
        },
    }
}

/// What stops everything, whatever the day.
fn standstill(facts: &ReminderFacts<'_>) -> Option<WhyNothing> {
    if facts.state.is_finished() {
        Some(WhyNothing::Finished)
    } else if !facts.may_ask {
        Some(WhyNothing::MayNotAsk)
    } else if !facts.plan_active {
        Some(WhyNothing::ProjectNotActive)
    } else if facts.paused {
        Some(WhyNothing::Paused)
    } else if facts.call == CallState::Open {
        Some(WhyNothing::CallOpen)
    } else {
        None
    }
}

/// The next mail and the first moment at which it may go; `None` if no more can.
fn next_mail(
    policy: &ReminderPolicy,
    facts: &ReminderFacts<'_>,
    due: NaiveDate,
    now: NaiveDateTime,
) -> Option<(u32, NaiveDateTime)> {
    if !may_mail(facts) || facts.sent.len() >= policy.cap() {
        return None;
    }
    let highest = facts.sent.iter().map(|s| s.number).max().unwrap_or(0);
    let next = highest.checked_add(1)?;
    let after_last =
        last_sent(facts).map(|at| midnight(days_later(at.date(), policy.days_between)));
    let after_recipient = facts
        .last_to_recipient
        .map(|day| midnight(days_later(day, 1)));
    let planned = policy.planned(due, next)?;
    let waits = [after_last, after_recipient, snooze(facts, now)];
    let from = waits
        .into_iter()
        .flatten()
        .fold(planned.max(now), NaiveDateTime::max);
    let at = policy.first_allowed(from)?;
    if facts.closes.is_some_and(|last| at.date() > last) {
        return None;
    }
    // All that are owed by then, of which the newest goes.
    let mut number = next;
    while let Some(later) = number.checked_add(1) {
        match policy.planned(due, later) {
            Some(planned) if planned <= at => number = later,
            _ => break,
        }
    }
    Some((number, at))
}

/// The day on which somebody calls, as no mail can go any more.
fn call_day(
    policy: &ReminderPolicy,
    facts: &ReminderFacts<'_>,
    due: NaiveDate,
    now: NaiveDateTime,
) -> NaiveDate {
    // What came back was not read: nobody waits for an answer to it, or for another mail.
    let unread = policy
        .first_day(due)
        .filter(|_| facts.address == Address::Bounced);
    let waited = match last_sent(facts) {
        Some(at) if is_near(at, now) => days_later(at.date().max(due), policy.call_after_days),
        Some(_) => policy.planned_call(due),
        None => days_later(due, policy.call_after_days),
    };
    not_before_snooze(facts, unread.unwrap_or(waited), now)
}

/// The mail for which the person asked once more, if it has not gone and the plan's own does not come by then.
fn once_more(
    policy: &ReminderPolicy,
    facts: &ReminderFacts<'_>,
    due: NaiveDate,
    now: NaiveDateTime,
) -> Option<NextStep> {
    let asked = facts.asked_again.filter(|at| is_near(*at, now))?;
    // What could not be kept for a day, because nothing ran, is left to the plan.
    let over = now - asked > TimeDelta::days(1);
    let gone = last_sent(facts).is_some_and(|at| at >= asked);
    if over || gone || !may_mail(facts) {
        return None;
    }
    let number = facts.sent.iter().map(|s| s.number).max()?;
    let at = policy.first_allowed(asked.max(now))?;
    let closed = facts.closes.is_some_and(|last| at.date() > last);
    let planned = next_mail(policy, facts, due, now).is_some_and(|(_, planned)| planned <= at);
    (!closed && !planned).then_some(NextStep::Again { number, at })
}

fn may_mail(facts: &ReminderFacts<'_>) -> bool {
    facts.may_remind && !facts.never && facts.address == Address::Good
}

/// The day on which somebody calls although a mail could still go, if it is here: the mail has waited until the plan has no more to wait for.
fn call_instead(
    policy: &ReminderPolicy,
    facts: &ReminderFacts<'_>,
    due: NaiveDate,
    now: NaiveDateTime,
) -> Option<NaiveDate> {
    let since = facts.waits_since.filter(|since| *since <= now)?;
    let on = not_before_snooze(facts, policy.call_if_untaken(due, since.date()), now);
    (on <= now.date()).then_some(on)
}

/// The latest of the mails that stand in the books on a moment or a day that has not come, if any do.
fn ahead_of_clock(
    policy: &ReminderPolicy,
    facts: &ReminderFacts<'_>,
    now: NaiveDateTime,
) -> Option<NaiveDateTime> {
    let sent = last_sent(facts).filter(|at| *at > now);
    let recipient = facts.last_to_recipient.filter(|day| *day > now.date());
    sent.max(recipient.map(|day| day.and_time(policy.send_at)))
}

/// After a clock was set back: until it is where it was. No longer than the plan would have taken, if that would be long.
fn wait_for_clock(
    policy: &ReminderPolicy,
    facts: &ReminderFacts<'_>,
    due: NaiveDate,
    now: NaiveDateTime,
    then: NaiveDateTime,
) -> NextStep {
    let on = not_before_snooze(facts, policy.planned_call(due), now);
    if is_near(then, now) {
        NextStep::Look { at: then }
    } else if on <= now.date() {
        NextStep::Call { on }
    } else {
        let at = then.min(on.and_time(policy.send_at));
        NextStep::Look { at }
    }
}

/// Can it have been written down by a clock that was right?
fn is_near(moment: NaiveDateTime, now: NaiveDateTime) -> bool {
    moment - now <= TimeDelta::days(i64::from(FARTHEST_AHEAD_DAYS))
}

fn last_sent(facts: &ReminderFacts<'_>) -> Option<NaiveDateTime> {
    facts
        .sent
        .iter()
        .map(|s| s.at)
        .chain(facts.sent_again)
        .max()
}

/// Until when the person said "later", past or to come, if that can be true.
fn snooze(facts: &ReminderFacts<'_>, now: NaiveDateTime) -> Option<NaiveDateTime> {
    facts.snoozed_until.filter(|until| is_near(*until, now))
}

fn not_before_snooze(facts: &ReminderFacts<'_>, on: NaiveDate, now: NaiveDateTime) -> NaiveDate {
    snooze(facts, now).map_or(on, |until| on.max(until.date()))
}

const fn midnight(day: NaiveDate) -> NaiveDateTime {
    day.and_time(chrono::NaiveTime::MIN)
}
