//! The end of a course: nobody reports it of their own accord, so when it is unknown it becomes a question to the helper, with a day.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::days_later;

/// Days after which a helper is asked whether a course still runs, where the programme says nothing else.
pub const ASK_END_AFTER_DAYS: u32 = 180;

/// What is known of a course, from which the question about its end follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CourseFacts {
    /// The first day, if it is known.
    pub start: Option<NaiveDate>,
    /// The day on which the intake was made, if it was. It shows that the course began, whatever the start says.
    pub intake_made: Option<NaiveDate>,
    /// The end, as a person confirmed it.
    pub end_confirmed: Option<NaiveDate>,
    /// The end, as it was meant to be.
    pub end_planned: Option<NaiveDate>,
    /// The latest day on which somebody answered "still enrolled".
    pub still_enrolled: Option<NaiveDate>,
    /// Somebody said that nobody can tell when it ended.
    pub cannot_be_told: bool,
    /// Days after the start, or after the last "still enrolled", at which to ask (again).
    pub ask_after_days: u32,
}

impl Default for CourseFacts {
    fn default() -> Self {
        Self {
            start: None,
            intake_made: None,
            end_confirmed: None,
            end_planned: None,
            still_enrolled: None,
            cannot_be_told: false,
            ask_after_days: ASK_END_AFTER_DAYS,
        }
    }
}

/// Where the end of a course stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "end", rename_all = "snake_case")]
pub enum EndOfCourse {
    /// Nobody has begun: there is no start, or it lies ahead and no intake was made.
    NotStarted,
    /// Runs, as far as anybody knows.
    Running {
        /// The day on which to ask.
        ask_on: NaiveDate,
    },
    /// A helper has to say: ended on which day, still enrolled, or it cannot be told.
    Ask {
        /// The day since when the question is open.
        since: NaiveDate,
    },
    /// Ended; a person confirmed the day. It may lie ahead, where the end was agreed.
    Ended {
        /// The last day.
        on: NaiveDate,
    },
    /// Nobody can say when it ended: an answer, not a blank.
    CannotBeTold,
}

/// Is a person's end of course an open question on this day?
///
/// * A confirmed end is the answer, also where it once could not be told.
/// * Otherwise the question opens the day after the planned end, or once the course has lasted longer than `ask_after_days`,
///   whichever comes first: a plan for two years does not hide for two years that somebody left after a month.
/// * "Still enrolled" puts it off by `ask_after_days` from that answer, and outdates a planned end up to that day.
#[must_use]
pub fn end_question(facts: &CourseFacts, today: NaiveDate) -> EndOfCourse {
    if let Some(on) = facts.end_confirmed {
        return EndOfCourse::Ended { on };
    }
    if facts.cannot_be_told {
        return EndOfCourse::CannotBeTold;
    }
    let Some(start) = facts.start.or(facts.intake_made) else {
        return EndOfCourse::NotStarted;
    };
    if start > today && facts.intake_made.is_none() {
        return EndOfCourse::NotStarted;
    }
    let known_until = facts.still_enrolled.map_or(start, |day| day.max(start));
    let by_length = days_later(known_until, facts.ask_after_days);
    let planned = facts
        .end_planned
        .filter(|end| facts.still_enrolled.is_none_or(|said| said < *end));
    let ask_on = planned.map_or(by_length, |end| days_later(end, 1).min(by_length));
    if ask_on <= today {
        EndOfCourse::Ask { since: ask_on }
    } else {
        EndOfCourse::Running { ask_on }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn started() -> CourseFacts {
        CourseFacts {
            start: Some(day("2027-01-01")),
            ..CourseFacts::default()
        }
    }

    #[test]
    fn a_course_without_a_beginning_is_not_asked_about() {
        let nothing = CourseFacts::default();
        assert_eq!(
            end_question(&nothing, day("2029-01-01")),
            EndOfCourse::NotStarted
        );
        assert_eq!(
            end_question(&started(), day("2026-12-31")),
            EndOfCourse::NotStarted
        );
        let measured = CourseFacts {
            intake_made: Some(day("2026-12-20")),
            ..started()
        };
        assert!(matches!(
            end_question(&measured, day("2026-12-31")),
            EndOfCourse::Running { .. }
        ));
        let only_measured = CourseFacts {
            start: None,
            ..measured
        };
        assert_eq!(
            end_question(&only_measured, day("2029-01-01")),
            EndOfCourse::Ask {
                since: day("2027-06-18")
            }
        );
    }

    #[test]
    fn the_question_opens_after_half_a_year_and_again_half_a_year_after_the_answer() {
        let on = day("2027-06-30");
        assert_eq!(
            end_question(&started(), day("2027-06-29")),
            EndOfCourse::Running { ask_on: on }
        );
        assert_eq!(end_question(&started(), on), EndOfCourse::Ask { since: on });
        let still = CourseFacts {
            still_enrolled: Some(day("2027-07-05")),
            ..started()
        };
        assert_eq!(
            end_question(&still, day("2027-07-05")),
            EndOfCourse::Running {
                ask_on: day("2028-01-01")
            }
        );
    }

    #[test]
    fn a_planned_end_asks_the_day_after_until_it_is_outdated() {
        let planned = CourseFacts {
            end_planned: Some(day("2027-03-31")),
            ..started()
        };
        assert_eq!(
            end_question(&planned, day("2027-03-31")),
            EndOfCourse::Running {
                ask_on: day("2027-04-01")
            }
        );
        assert_eq!(
            end_question(&planned, day("2027-05-01")),
            EndOfCourse::Ask {
                since: day("2027-04-01")
            }
        );
        let still = CourseFacts {
            still_enrolled: Some(day("2027-04-02")),
            ..planned
        };
        assert!(matches!(
            end_question(&still, day("2027-05-01")),
            EndOfCourse::Running { .. }
        ));
        let far = CourseFacts {
            end_planned: Some(day("2029-01-01")),
            ..started()
        };
        assert_eq!(
            end_question(&far, day("2027-07-01")),
            EndOfCourse::Ask {
                since: day("2027-06-30")
            }
        );
    }

    #[test]
    fn an_answer_closes_the_question_and_a_confirmed_day_is_the_best_of_answers() {
        let unknown = CourseFacts {
            cannot_be_told: true,
            ..started()
        };
        assert_eq!(
            end_question(&unknown, day("2029-01-01")),
            EndOfCourse::CannotBeTold
        );
        let found_out = CourseFacts {
            end_confirmed: Some(day("2027-02-15")),
            ..unknown
        };
        assert_eq!(
            end_question(&found_out, day("2027-02-01")),
            EndOfCourse::Ended {
                on: day("2027-02-15")
            }
        );
    }

    #[test]
    fn wild_numbers_neither_panic_nor_ask() {
        let facts = CourseFacts {
            ask_after_days: u32::MAX,
            end_planned: Some(NaiveDate::MAX),
            ..started()
        };
        assert_eq!(
            end_question(&facts, day("2027-05-01")),
            EndOfCourse::Running {
                ask_on: NaiveDate::MAX
            }
        );
    }
}
