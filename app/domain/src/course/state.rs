//! What an occasion is on a day: a function of facts, never of the order in which they arrived.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::consent::Standing;

/// What became of an occasion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OccasionState {
    /// Not yet to be answered.
    Planned,
    /// May be answered now.
    Open,
    /// Should be answered by now; reminders go.
    Due,
    /// Should have been answered: somebody has to ask, or to say why it will never be made.
    Overdue,
    /// Every instrument of it has an answer.
    Completed,
    /// The person said no to taking part.
    Declined,
    /// Will never be made; a reason stands beside it.
    Missed,
    /// The person withdrew before it was made.
    Withdrawn,
}

impl OccasionState {
    /// All of them, in the order in which an occasion can pass through them.
    pub const ALL: [Self; 8] = [
        Self::Planned,
        Self::Open,
        Self::Due,
        Self::Overdue,
        Self::Completed,
        Self::Declined,
        Self::Missed,
        Self::Withdrawn,
    ];

    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Open => "open",
            Self::Due => "due",
            Self::Overdue => "overdue",
            Self::Completed => "completed",
            Self::Declined => "declined",
            Self::Missed => "missed",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == name)
    }

    /// The state as the person's own phone is told it. Programs from before there were due days know `open` only, and whether a
    /// measurement is late is the project's worry: the person may answer it, and that is all.
    #[must_use]
    pub const fn for_person(self) -> Self {
        match self {
            Self::Due | Self::Overdue => Self::Open,
            other => other,
        }
    }

    /// Nothing more is expected: it was made, or there is a reason why it never will be.
    #[must_use]
    pub const fn is_finished(self) -> bool {
        matches!(
            self,
            Self::Completed | Self::Declined | Self::Missed | Self::Withdrawn
        )
    }
}

/// What is known of an occasion, from which its state follows. The default knows nothing, so a caller names what it has and fills up
/// with `..OccasionFacts::default()`.
#[derive(Debug, Clone, Copy, Default)]
pub struct OccasionFacts {
    /// The occasion has answers to all its instruments.
    pub all_answered: bool,
    /// A person gave a reason why it will never be made.
    pub missed: bool,
    /// Where its person stands.
    pub standing: Standing,
    /// The first day on which it may be answered; `None` if that day is not known yet.
    pub opens: Option<NaiveDate>,
    /// The day by which it should be answered; `None` if that day is not known yet, and then it is never due.
    pub due: Option<NaiveDate>,
    /// The first day on which it counts as overdue; `None` if it never does.
    pub overdue_from: Option<NaiveDate>,
    /// The project need not make it (it is exempt, or left the programme): it may be answered, and is never due.
    pub exempt: bool,
}

/// The state of an occasion on a day.
///
/// What is said first counts: completed, withdrawn, declined, missed, overdue, due, open, planned. Finished answers count even where
/// the person withdrew later or earlier on another device (only an erasure removes them), and a reason set by hand stands until
/// answers arrive.
///
/// The day on which a window closes is not among the facts: what was not made stays overdue after it, and is in somebody's list until
/// a person says why. Nobody is lost by silence.
#[must_use]
pub fn occasion_state(facts: &OccasionFacts, today: NaiveDate) -> OccasionState {
    let reached = |day: Option<NaiveDate>| day.is_some_and(|day| day <= today);
    if facts.all_answered {
        OccasionState::Completed
    } else if facts.standing.withdrawn.is_some() {
        OccasionState::Withdrawn
    } else if facts.standing.refused {
        OccasionState::Declined
    } else if facts.missed {
        OccasionState::Missed
    } else if reached(facts.overdue_from) && !facts.exempt {
        OccasionState::Overdue
    } else if reached(facts.due) && !facts.exempt {
        OccasionState::Due
    } else if reached(facts.opens) {
        OccasionState::Open
    } else {
        OccasionState::Planned
    }
}

/// How many days an occasion is over the day by which it should have been answered; 0 while it is not overdue.
///
/// It is told from the due day on, because that is the day that people read beside it: due on 24 May and looked at on 26 November it is
/// 186 days over. The grace decides only when it begins to count as overdue, and is not taken off. Where no due day is known the first
/// day on which it is overdue counts as one day.
#[must_use]
pub fn days_over(due: Option<NaiveDate>, overdue_from: Option<NaiveDate>, today: NaiveDate) -> u32 {
    let Some(from) = overdue_from.filter(|from| *from <= today) else {
        return 0;
    };
    let days = due.map_or_else(
        || (today - from).num_days() + 1,
        |due| (today - due).num_days(),
    );
    u32::try_from(days).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::Scope;

    fn day(n: u64) -> NaiveDate {
        let first = NaiveDate::from_ymd_opt(2027, 3, 1).unwrap();
        first.checked_add_days(chrono::Days::new(n)).unwrap()
    }

    fn dated() -> OccasionFacts {
        OccasionFacts {
            opens: Some(day(0)),
            due: Some(day(14)),
            overdue_from: Some(day(29)),
            ..OccasionFacts::default()
        }
    }

    #[test]
    fn an_occasion_passes_through_its_days_and_stays_overdue() {
        let on = |n| occasion_state(&dated(), day(n));
        assert_eq!(
            occasion_state(&dated(), day(0).pred_opt().unwrap()),
            OccasionState::Planned
        );
        assert_eq!((on(0), on(13)), (OccasionState::Open, OccasionState::Open));
        assert_eq!((on(14), on(28)), (OccasionState::Due, OccasionState::Due));
        assert_eq!(
            (on(29), on(4_000)),
            (OccasionState::Overdue, OccasionState::Overdue)
        );
    }

    #[test]
    fn without_days_it_is_planned_and_with_the_first_alone_it_stays_open() {
        assert_eq!(
            occasion_state(&OccasionFacts::default(), day(900)),
            OccasionState::Planned
        );
        let facts = OccasionFacts {
            opens: Some(day(0)),
            ..OccasionFacts::default()
        };
        assert_eq!(occasion_state(&facts, day(900)), OccasionState::Open);
    }

    #[test]
    fn days_over_are_counted_from_the_due_day_and_only_after_the_grace() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let due = date("2026-05-24");
        let from = due + chrono::Days::new(15);
        let over = |today| days_over(Some(due), Some(from), today);
        assert_eq!(over(date("2026-11-26")), 186);
        assert_eq!((over(due), over(date("2026-06-07"))), (0, 0));
        assert_eq!(
            over(date("2026-06-08")),
            15,
            "the first day after the grace"
        );
        assert_eq!(days_over(Some(due), None, date("2026-11-26")), 0);
        assert_eq!(days_over(None, Some(from), from), 1);
    }

    #[test]
    fn an_exempt_project_is_never_late_and_may_still_answer() {
        let facts = OccasionFacts {
            exempt: true,
            ..dated()
        };
        assert_eq!(occasion_state(&facts, day(90)), OccasionState::Open);
    }

    #[test]
    fn what_was_said_comes_before_the_calendar_and_answers_before_all() {
        let mut facts = dated();
        let mut expect = |change: &dyn Fn(&mut OccasionFacts), state| {
            change(&mut facts);
            assert_eq!(occasion_state(&facts, day(90)), state);
        };
        expect(&|f| f.missed = true, OccasionState::Missed);
        expect(&|f| f.standing.refused = true, OccasionState::Declined);
        expect(
            &|f| f.standing.withdrawn = Some(Scope::StopAsking),
            OccasionState::Withdrawn,
        );
        expect(&|f| f.all_answered = true, OccasionState::Completed);
    }

    #[test]
    fn a_phone_hears_only_states_it_has_always_known() {
        for state in OccasionState::ALL {
            assert_eq!(OccasionState::parse(state.as_str()), Some(state));
            let json = serde_json::to_value(state.for_person()).unwrap();
            assert_eq!(json, state.for_person().as_str());
            assert!(json != "due" && json != "overdue");
            assert_eq!(state.for_person().is_finished(), state.is_finished());
        }
        assert_eq!(OccasionState::Overdue.for_person(), OccasionState::Open);
    }
}
