//! Consent: what a person said yes or no to, and what a withdrawal stops.
//!
//! The ledger is a set of events. Devices deliver events late, twice and out of order, so everything derived from the ledger is a
//! function of the *set*, never of the order of arrival. The same functions answer on the phone and on the server.
//!
//! A stop counts: a no or a withdrawal holds until a yes that was said later beyond doubt. Where clocks leave the order open, it holds,
//! the doubt is shown ([`in_doubt`]), and the person can say yes again.

mod moment;

use chrono::{DateTime, FixedOffset, TimeDelta};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use moment::{Clocks, Word, said_at};

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
    /// The clocks behind that moment; `None` where it is taken as it is told.
    pub clocks: Option<Clocks>,
    /// What it is about.
    pub purpose: Purpose,
    /// What was said.
    pub decision: Decision,
}

impl LedgerEvent {
    /// Its place among other words.
    #[must_use]
    pub const fn word(&self) -> Word {
        Word {
            entry: self.entry,
            at: self.recorded_at,
            clocks: self.clocks,
        }
    }

    fn is_yes_to(&self, purpose: Purpose) -> bool {
        self.purpose == purpose && self.decision == Decision::Given
    }
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

/// The noes and withdrawals of one purpose that hold: no yes to it was said later beyond doubt. An erasure always holds.
fn stops(events: &[LedgerEvent], purpose: Purpose) -> impl Iterator<Item = &LedgerEvent> {
    let lifted = move |stop: &LedgerEvent| {
        stop.decision != Decision::Withdrawn(Scope::Erase)
            && events
                .iter()
                .any(|e| e.is_yes_to(purpose) && e.word().surely_after(&stop.word()))
    };
    events
        .iter()
        .filter(move |e| e.purpose == purpose && !e.is_yes_to(purpose) && !lifted(e))
}

/// The word that counts on one purpose: the latest no or withdrawal that holds, or else the latest yes; `None` if it was never asked. Of
/// one moment the larger entry id counts.
pub fn last_word(events: &[LedgerEvent], purpose: Purpose) -> Option<&LedgerEvent> {
    let latest = |e: &&LedgerEvent| (e.recorded_at, e.entry);
    stops(events, purpose).max_by_key(latest).or_else(|| {
        let all = events.iter().filter(|e| e.is_yes_to(purpose));
        all.max_by_key(latest)
    })
}

/// The noes and withdrawals that hold although a yes may have been said later: nobody can tell what came last. In the order of purposes.
#[must_use]
pub fn in_doubt(events: &[LedgerEvent]) -> Vec<&LedgerEvent> {
    let doubtful = |stop: &&LedgerEvent| {
        stop.decision != Decision::Withdrawn(Scope::Erase)
            && events
                .iter()
                .any(|e| e.is_yes_to(stop.purpose) && !stop.word().surely_after(&e.word()))
    };
    let all = Purpose::ALL.into_iter();
    all.flat_map(|purpose| stops(events, purpose).filter(doubtful))
        .collect()
}

/// From when on the word that counts is to be told to count, in the time of the devices that said yes: a phone that knows its own yes
/// must not take it for later than a no that holds against it.
#[must_use]
pub fn counts_from(events: &[LedgerEvent], word: &LedgerEvent) -> DateTime<FixedOffset> {
    if word.decision == Decision::Given {
        return word.recorded_at;
    }
    let own = |e: &LedgerEvent| e.clocks.map_or(e.recorded_at, |c| c.recorded);
    let yes = events.iter().filter(|e| e.is_yes_to(word.purpose)).map(own);
    let after = yes.filter_map(|at| at.checked_add_signed(TimeDelta::milliseconds(1)));
    let after = after.max();
    after.map_or(word.recorded_at, |after| after.max(word.recorded_at))
}

/// Where a person stands, whatever the order in which the events arrived.
///
/// * An erasure holds for ever, whatever was said later on some other device.
/// * Any other withdrawal holds until a yes to the evaluation that was later beyond doubt.
/// * A no beside a yes that was not later beyond doubt is a withdrawal of the narrowest scope: nobody loses answers by a tap on "no".
#[must_use]
pub fn standing(events: &[LedgerEvent]) -> Standing {
    let ever_given = events.iter().any(|e| e.is_yes_to(Purpose::Evaluation));
    let mut withdrawn = None;
    let mut declined = false;
    for stop in stops(events, Purpose::Evaluation) {
        match stop.decision {
            Decision::Withdrawn(scope) => withdrawn = withdrawn.max(Some(scope)),
            Decision::Declined if ever_given => withdrawn = withdrawn.max(Some(Scope::StopAsking)),
            Decision::Declined => declined = true,
            Decision::Given => {}
        }
    }
    Standing {
        ever_given,
        refused: declined && withdrawn.is_none(),
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
            clocks: None,
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
