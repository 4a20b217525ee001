//! What the lines of the four files say, once every cell of them means something.

use bedring_domain::course::{MissedReason, Mode, RespondentType};
use bedring_domain::journal::Answers;
use chrono::NaiveDate;

use super::Answered;
use super::waves::Wave;

/// A line of `projects.csv`.
pub struct ProjectLine {
    pub line: u64,
    pub code: String,
    pub intervention: String,
    pub status: String,
}

/// A line of `persons.csv`.
pub struct PersonLine {
    pub line: u64,
    pub code: String,
    pub project: String,
    pub respondent_type: Option<RespondentType>,
    pub start: NaiveDate,
    pub end: Option<NaiveDate>,
    pub exit_missed: Option<MissedReason>,
}

/// A line of `responses.csv`.
pub struct ResponseLine {
    pub line: u64,
    pub person: String,
    pub wave: Wave,
    pub date: NaiveDate,
    pub mode: Mode,
    pub instrument: String,
    pub answers: Answers,
}

/// A line of `refusals.csv`.
pub struct RefusalLine {
    pub line: u64,
    pub project: String,
    pub refusals: i64,
}

/// The four files.
#[derive(Default)]
pub struct Data {
    pub projects: Vec<ProjectLine>,
    pub persons: Vec<PersonLine>,
    pub responses: Vec<ResponseLine>,
    pub refusals: Vec<RefusalLine>,
}

impl Data {
    /// The instruments that were answered, as they first come.
    pub fn instruments(&self) -> Vec<&str> {
        let mut seen = Vec::new();
        for response in &self.responses {
            if !seen.contains(&response.instrument.as_str()) {
                seen.push(response.instrument.as_str());
            }
        }
        seen
    }

    /// An instrument that was answered, but nobody knows in which edition.
    pub fn ambiguous(&self, answered: &Answered) -> Option<String> {
        let unclear = |i: &&str| answered.get(*i).is_some_and(|d| d.edition.is_empty());
        self.instruments()
            .into_iter()
            .find(unclear)
            .map(str::to_owned)
    }
}
