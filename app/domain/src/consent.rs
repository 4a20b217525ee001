//! Consent: what a person said yes or no to, and what a withdrawal stops.
//!
//! The ledger is a set of events. Devices deliver events late, twice and out of order, so everything derived from the ledger is a
//! function of the *set*, never of the order of arrival. The same functions answer on the phone and on the server.

use chrono::{DateTime, FixedOffset, TimeDelta};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What the answers or the address may be used for. Each is asked on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The evaluation itself: without it nothing is asked.
    Evaluation,
    /// Reminders by e-mail; asks for an address.
    Reminders,
    /// The person's project leader may see this person's own answers.
    LeaderSeesAnswers,
    /// Research beyond the evaluation.
    Research,
}

impl Purpose {
    /// All purposes, in the order in which they are asked.
    pub const ALL: [Self; 4] = [
        Self::Evaluation,
        Self::Reminders,
        Self::LeaderSeesAnswers,
        Self::Research,
    ];

    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Evaluation => "evaluation",
            Self::Reminders => "reminders",
            Self::LeaderSeesAnswers => "leader_sees_answers",
            Self::Research => "research",
        }
    }

    /// The purpose of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == name)
    }
}

/// How far a withdrawal goes. Ordered: a wider one includes the narrower.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// No further questions and no reminders; what was answered stays in use.
    StopAsking,
    /// As above, and what was answered is locked and used in no result.
    StopUsing,
    /// As above, and what was answered is deleted. Cannot be taken back.
    Erase,
}

impl Scope {
    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StopAsking => "stop_asking",
            Self::StopUsing => "stop_using",
            Self::Erase => "erase",
        }
    }

    /// The scope of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::StopAsking, Self::StopUsing, Self::Erase]
            .into_iter()
            .find(|s| s.as_str() == name)
    }
}

/// What was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Yes to the purpose.
    Given,
    /// No to the purpose.
    Declined,
    /// A withdrawal of the whole, with its scope; the purpose is [`Purpose::Evaluation`].
    Withdrawn(Scope),
}

/// How a decision was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// On a screen by the person.
    Screen,
    /// On paper, typed in by staff.
    Paper,
    /// Said aloud to a witness.
    Spoken,
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEvent {
    /// The journal entry that said it: breaks ties.
    pub entry: Uuid,
    /// When it was said: see [`said_at`].
    pub recorded_at: DateTime<FixedOffset>,
    /// What it is about.
    pub purpose: Purpose,
    /// What was said.
    pub decision: Decision,
}

/// When something was said, as far as can be known, from three clocks that may all be wrong but the last.
///
/// `recorded_at` and `sent_at` are the device's, `received_at` is the server's. A device whose clock is wrong when it sends was as wrong
/// when it recorded: the difference is made up for. Nothing is said after it was received, and what still claims to be older than Bedring was
/// said by a clock that knows nothing. So a no from a phone that believes it is 1970 is a no, and a yes from the year 9998 does not hold
/// for ever.
#[must_use]
pub fn said_at(
    recorded_at: DateTime<FixedOffset>,
    sent_at: DateTime<FixedOffset>,
    received_at: DateTime<FixedOffset>,
) -> DateTime<FixedOffset> {
    /// What a network and a slow phone may take; a smaller difference says nothing of a clock.
    const ON_THE_WAY: TimeDelta = TimeDelta::minutes(10);
    /// 2026-01-01 in UTC.
    const FIRST_RELEASE: i64 = 1_767_225_600;
    let behind = received_at.signed_duration_since(sent_at);
    let said = if behind.abs() > ON_THE_WAY {
        recorded_at.checked_add_signed(behind)
    } else {
        Some(recorded_at)
    };
    said.filter(|said| said.timestamp() >= FIRST_RELEASE && *said <= received_at + ON_THE_WAY)
        .unwrap_or(received_at)
}

/// Where a person stands. Derived from the ledger, see [`standing`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Standing {
    /// There is a yes to the evaluation somewhere in the ledger: answers may be taken in.
    pub ever_given: bool,
    /// The last word on the evaluation is no, without any yes: a refusal, counted and nothing more.
    pub refused: bool,
    /// The widest withdrawal that still holds.
    pub withdrawn: Option<Scope>,
}

impl Standing {
    /// May the person be asked anything more.
    #[must_use]
    pub const fn may_ask(&self) -> bool {
        !self.refused && self.withdrawn.is_none()
    }

    /// May answers be used in results.
    #[must_use]
    pub fn may_use(&self) -> bool {
        self.ever_given && self.withdrawn.is_none_or(|s| s < Scope::StopUsing)
    }
}

/// The last word on one purpose; `None` if it was never asked. The latest `recorded_at` counts, then the larger entry id.
pub fn last_word(events: &[LedgerEvent], purpose: Purpose) -> Option<&LedgerEvent> {
    events
        .iter()
        .filter(|e| e.purpose == purpose)
        .max_by_key(|e| (e.recorded_at, e.entry))
}

/// Where a person stands, whatever the order in which the events arrived.
///
/// * An erasure holds for ever, whatever was said later on some other device.
/// * Any other withdrawal holds until a later yes to the evaluation.
/// * A no after a yes is a withdrawal of the narrowest scope: nobody loses answers by a tap on "no".
#[must_use]
pub fn standing(events: &[LedgerEvent]) -> Standing {
    let evaluation = || events.iter().filter(|e| e.purpose == Purpose::Evaluation);
    let last_yes = evaluation()
        .filter(|e| e.decision == Decision::Given)
        .map(|e| (e.recorded_at, e.entry))
        .max();
    let mut withdrawn = None;
    let mut declined = false;
    for event in evaluation() {
        let later_than_yes = last_yes.is_none_or(|yes| (event.recorded_at, event.entry) > yes);
        let scope = match event.decision {
            Decision::Withdrawn(Scope::Erase) => Some(Scope::Erase),
            Decision::Withdrawn(scope) if later_than_yes => Some(scope),
            Decision::Declined if later_than_yes && last_yes.is_some() => Some(Scope::StopAsking),
            Decision::Declined => {
                declined = true;
                None
            }
            Decision::Withdrawn(_) | Decision::Given => None,
        };
        withdrawn = withdrawn.max(scope);
    }
    Standing {
        ever_given: last_yes.is_some(),
        refused: declined && last_yes.is_none() && withdrawn.is_none(),
        withdrawn,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(n: u128, minute: i64, decision: Decision) -> LedgerEvent {
        let recorded_at = DateTime::from_timestamp(1_700_000_000 + minute * 60, 0)
            .unwrap()
            .fixed_offset();
        LedgerEvent {
            entry: Uuid::from_u128(n),
            recorded_at,
            purpose: Purpose::Evaluation,
            decision,
        }
    }

    #[test]
    fn a_no_before_any_yes_is_a_refusal_and_a_later_yes_mends_it() {
        let no = event(1, 0, Decision::Declined);
        let yes = event(2, 1, Decision::Given);
        assert!(standing(std::slice::from_ref(&no)).refused);
        let both = standing(&[yes, no]);
        assert!(both.ever_given && both.may_ask() && both.may_use());
    }

    #[test]
    fn a_no_after_a_yes_stops_the_asking_and_keeps_the_answers() {
        let s = standing(&[
            event(2, 5, Decision::Declined),
            event(1, 0, Decision::Given),
        ]);
        assert_eq!(s.withdrawn, Some(Scope::StopAsking));
        assert!(s.may_use() && !s.may_ask());
    }

    #[test]
    fn an_erasure_outlives_every_later_yes_while_other_scopes_end_with_it() {
        let yes = event(9, 60, Decision::Given);
        assert_eq!(
            standing(&[event(1, 0, Decision::Withdrawn(Scope::Erase)), yes.clone()]).withdrawn,
            Some(Scope::Erase)
        );
        assert_eq!(
            standing(&[event(1, 0, Decision::Withdrawn(Scope::StopUsing)), yes]).withdrawn,
            None
        );
    }

    #[test]
    fn a_clock_that_is_wrong_does_not_decide_what_was_said_last() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap();
        let said =
            |recorded, sent, received| said_at(at(recorded), at(sent), at(received)).to_rfc3339();
        // A good clock: a day without a network changes nothing.
        assert_eq!(
            said(
                "2026-11-23T10:00:00+01:00",
                "2026-11-24T09:00:00+01:00",
                "2026-11-24T08:00:03+00:00"
            ),
            "2026-11-23T10:00:00+01:00"
        );
        // Believes it is 1970, and sends an hour after it recorded.
        assert_eq!(
            said(
                "1970-01-01T00:03:00+00:00",
                "1970-01-01T01:03:00+00:00",
                "2026-11-24T08:00:00+00:00"
            ),
            "2026-11-24T07:00:00+00:00"
        );
        // Recorded in 1970, sent after the clock was set right: all that is known is when it came.
        assert_eq!(
            said(
                "1970-01-01T00:03:00+00:00",
                "2026-11-24T08:00:00+00:00",
                "2026-11-24T08:00:01+00:00"
            ),
            "2026-11-24T08:00:01+00:00"
        );
        // From the future, whoever sends it.
        for sent in [
            "9998-01-01T00:00:00+00:00",
            "2026-11-24T08:00:00+00:00",
            "1970-01-01T00:00:00+00:00",
        ] {
            assert_eq!(
                said(
                    "9998-01-01T00:00:00+00:00",
                    sent,
                    "2026-11-24T08:00:01+00:00"
                ),
                "2026-11-24T08:00:01+00:00"
            );
        }
    }

    #[test]
    fn the_order_of_arrival_does_not_matter() {
        let events = [
            event(1, 0, Decision::Given),
            event(2, 3, Decision::Declined),
            event(3, 3, Decision::Withdrawn(Scope::StopUsing)),
            event(4, 2, Decision::Given),
        ];
        let expected = standing(&events);
        for rotation in 0..4 {
            let mut other = events.clone();
            other.rotate_left(rotation);
            assert_eq!(standing(&other), expected);
            other.reverse();
            assert_eq!(standing(&other), expected);
        }
        assert_eq!(expected.withdrawn, Some(Scope::StopUsing));
    }
}
