//! What is awaited of a person at the moment, in one word: told by the measurement that most wants something of somebody.

use bedring_contract::staff::PersonLine;
use bedring_domain::course::OccasionState;

use super::words::Lang;

/// What is awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A measurement should have been made: somebody has to do something.
    Overdue,
    /// A measurement can be answered now.
    Waiting,
    /// The next measurement comes later.
    Later,
    /// No measurement is awaited any more, whatever became of them.
    Over,
}

impl Standing {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 4] = [Self::Overdue, Self::Waiting, Self::Later, Self::Over];

    const fn of_state(state: OccasionState) -> Self {
        match state {
            OccasionState::Overdue => Self::Overdue,
            OccasionState::Due | OccasionState::Open => Self::Waiting,
            OccasionState::Planned => Self::Later,
            OccasionState::Completed
            | OccasionState::Declined
            | OccasionState::Missed
            | OccasionState::Withdrawn => Self::Over,
        }
    }

    /// Of a person. Somebody without any measurement has theirs before them.
    #[must_use]
    pub fn of(line: &PersonLine) -> Self {
        telling(line).map_or(Self::Later, |i| Self::of_state(line.occasions[i].state))
    }

    /// On a button.
    #[must_use]
    pub const fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::Overdue => lang.pick("Mangler", "Overdue"),
            Self::Waiting => lang.pick("Kan svare nu", "Can answer now"),
            Self::Later => lang.pick("Venter", "Waiting"),
            Self::Over => lang.pick("Færdige", "Done"),
        }
    }

    const fn rank(self) -> u8 {
        match self {
            Self::Overdue => 0,
            Self::Waiting => 1,
            Self::Later => 2,
            Self::Over => 3,
        }
    }
}

/// The place of the measurement that tells where a person is: the first of the most urgent, and of those that are over the last.
#[must_use]
pub fn telling(line: &PersonLine) -> Option<usize> {
    let rank = |i: usize| Standing::of_state(line.occasions[i].state).rank();
    let first = (0..line.occasions.len()).min_by_key(|i| rank(*i))?;
    if rank(first) == Standing::Over.rank() {
        return line.occasions.len().checked_sub(1);
    }
    Some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bedring_contract::staff::OccasionLine;
    use bedring_domain::course::OccasionKind;
    use uuid::Uuid;

    fn with(states: &[OccasionState]) -> PersonLine {
        let occasion = |state: &OccasionState| OccasionLine {
            kind: OccasionKind::Intake,
            state: *state,
        };
        PersonLine {
            id: Uuid::nil(),
            code: "A".to_owned(),
            name: None,
            respondent_type: None,
            start: None,
            end: None,
            occasions: states.iter().map(occasion).collect(),
            damaged: false,
        }
    }

    #[test]
    fn the_most_urgent_measurement_tells() {
        use OccasionState::{Completed, Due, Missed, Overdue, Planned};
        for (states, standing, place) in [
            (vec![], Standing::Later, None),
            (vec![Overdue, Due], Standing::Overdue, Some(0)),
            (vec![Due, Overdue], Standing::Overdue, Some(1)),
            (vec![Completed, Due, Planned], Standing::Waiting, Some(1)),
            (vec![Completed, Planned, Planned], Standing::Later, Some(1)),
            (vec![Completed, Missed], Standing::Over, Some(1)),
        ] {
            let line = with(&states);
            assert_eq!((Standing::of(&line), telling(&line)), (standing, place));
        }
    }
}
