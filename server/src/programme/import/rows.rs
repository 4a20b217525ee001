//! From checked lines to the rows that stand for them. The same lines give the same ids on every server.

use std::collections::HashMap;

use bedring_domain::consent::{Decision, Purpose};
use bedring_domain::course::CoursePlan;
use bedring_domain::course::OccasionKind;
use bedring_domain::instrument::EditionRef;
use bedring_domain::reminder::ReminderPolicy;
use bedring_store::convert::decision_to_text;
use bedring_store::entities::{
    consent, occasion, person, programme, project, refusal_tally, response, stated_type,
};
use bedring_store::plan::{Plan, to_json};
use chrono::{DateTime, NaiveDate, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::lines::{Data, PersonLine, ProjectLine, ResponseLine};
use super::{Answered, PAPER_LETTER, Target};
use crate::calendar::noon;

/// A row and the line it came from.
pub struct From<T> {
    pub line: u64,
    pub row: T,
}

/// All rows.
pub struct Rows {
    pub programme: programme::Model,
    pub projects: Vec<From<project::Model>>,
    pub refusals: Vec<From<refusal_tally::Model>>,
    pub persons: Vec<From<person::Model>>,
    pub types: Vec<From<stated_type::Model>>,
    pub consents: Vec<From<consent::Model>>,
    pub occasions: Vec<From<occasion::Model>>,
    pub responses: Vec<From<response::Model>>,
}

/// A UUID of version 8 from what a line is about. Parts are separated by a byte that no cell can hold.
fn id(programme: &str, parts: &[&str]) -> Uuid {
    let mut hash = Sha256::new_with_prefix("bedring programme import");
    for part in std::iter::once(&programme).chain(parts) {
        hash.update([0]);
        hash.update(part.as_bytes());
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// The id of the programme that an import under this code makes.
pub fn programme_id(code: &str) -> Uuid {
    id(code, &["programme"])
}

/// The rows of a folder.
pub fn of(target: &Target, data: &Data, answered: &Answered, now: DateTime<Utc>) -> Rows {
    let make = Make {
        code: &target.code,
        target,
        now,
    };
    let asked = data
        .instruments()
        .into_iter()
        .filter_map(|i| answered.get(i))
        .map(|d| d.reference());
    let instruments: Vec<EditionRef> = asked.collect();
    let programme = make.programme(&instruments);
    let programme_id = programme.id;
    let projects = data.projects.iter().map(|p| From {
        line: p.line,
        row: make.project(programme_id, p),
    });
    let refusals = data.refusals.iter().map(|r| From {
        line: r.line,
        row: refusal_tally::Model {
            project_id: make.id(&["project", &r.project]),
            source: "import".to_owned(),
            refusals: r.refusals,
        },
    });
    let mut answers: HashMap<(&str, OccasionKind), Vec<&ResponseLine>> = HashMap::new();
    for response in &data.responses {
        answers
            .entry((&response.person, response.wave))
            .or_default()
            .push(response);
    }
    let asked = to_json(&instruments);
    let occasions = data.persons.iter().flat_map(|p| {
        [OccasionKind::Intake, OccasionKind::Exit].map(|kind| {
            let answers = answers
                .get(&(p.code.as_str(), kind))
                .map(Vec::as_slice)
                .unwrap_or_default();
            From {
                line: p.line,
                row: make.occasion(p, kind, answers, &asked),
            }
        })
    });
    Rows {
        projects: projects.collect(),
        refusals: refusals.collect(),
        persons: data
            .persons
            .iter()
            .map(|p| From {
                line: p.line,
                row: make.person(p),
            })
            .collect(),
        types: data
            .persons
            .iter()
            .filter_map(|p| make.stated_type(p))
            .collect(),
        consents: data
            .persons
            .iter()
            .map(|p| From {
                line: p.line,
                row: make.consent(p),
            })
            .collect(),
        occasions: occasions.collect(),
        responses: data
            .responses
            .iter()
            .map(|r| make.response(r, answered))
            .collect(),
        programme,
    }
}

struct Make<'a> {
    code: &'a str,
    target: &'a Target,
    now: DateTime<Utc>,
}

impl Make<'_> {
    fn id(&self, parts: &[&str]) -> Uuid {
        id(self.code, parts)
    }

    fn programme(&self, instruments: &[EditionRef]) -> programme::Model {
        let plan = Plan {
            instruments: instruments.to_vec(),
            purposes: vec![Purpose::Evaluation],
            minutes: None,
            course: CoursePlan::default(),
            reminders: ReminderPolicy::default(),
        };
        let name = std::collections::BTreeMap::from([(&self.target.language, &self.target.name)]);
        programme::Model {
            id: programme_id(self.code),
            code: self.code.to_owned(),
            name: to_json(&name),
            language: self.target.language.clone(),
            plan: to_json(&plan),
            contacts: "[]".to_owned(),
            contacts_checked_on: None,
            senders: "[]".to_owned(),
            letter_edition: PAPER_LETTER.to_owned(),
            created_at: self.now,
        }
    }

    fn project(&self, programme_id: Uuid, line: &ProjectLine) -> project::Model {
        project::Model {
            id: self.id(&["project", &line.code]),
            programme_id,
            code: line.code.clone(),
            name: line.code.clone(),
            intervention: line.intervention.clone(),
            status: line.status.clone(),
            status_on: None,
        }
    }

    fn person(&self, line: &PersonLine) -> person::Model {
        person::Model {
            id: self.id(&["person", &line.code]),
            project_id: self.id(&["project", &line.project]),
            code: line.code.clone(),
            language: self.target.language.clone(),
            respondent_type: line.respondent_type.map(|t| t.as_str().to_owned()),
            start_on: Some(line.start),
            end_on: line.end,
            ever_given: true,
            refused: false,
            withdrawn: None,
            erased_at: None,
            created_at: self.now,
        }
    }

    /// What the person was when the course began.
    fn stated_type(&self, line: &PersonLine) -> Option<From<stated_type::Model>> {
        let row = stated_type::Model {
            id: self.id(&["type", &line.code]),
            person_id: self.id(&["person", &line.code]),
            respondent_type: line.respondent_type?.as_str().to_owned(),
            device_recorded_at: noon(line.start).to_rfc3339(),
            said_at: noon(line.start).to_utc(),
            received_at: self.now,
        };
        Some(From {
            line: line.line,
            row,
        })
    }

    /// Whoever brings the data in vouches for a yes on paper, given when the course began.
    fn consent(&self, line: &PersonLine) -> consent::Model {
        consent::Model {
            id: self.id(&["consent", &line.code]),
            person_id: self.id(&["person", &line.code]),
            purpose: Purpose::Evaluation.as_str().to_owned(),
            decision: decision_to_text(Decision::Given),
            letter_edition: PAPER_LETTER.to_owned(),
            language: self.target.language.clone(),
            channel: "paper".to_owned(),
            witness: None,
            device_id: None,
            device_recorded_at: noon(line.start).to_rfc3339(),
            device_sent_at: None,
            said_at: noon(line.start).to_utc(),
            received_at: self.now,
            account_id: None,
        }
    }

    /// A measurement with any answer is over: what is missing of a paper form does not come any more.
    fn occasion(
        &self,
        p: &PersonLine,
        kind: OccasionKind,
        answers: &[&ResponseLine],
        asked: &str,
    ) -> occasion::Model {
        let (opens_on, missed) = match kind {
            OccasionKind::Intake => (Some(p.start), None),
            OccasionKind::Exit | OccasionKind::FollowUp => (p.end, p.exit_missed),
        };
        let last: Option<NaiveDate> = answers.iter().map(|r| r.date).max();
        occasion::Model {
            id: self.id(&["occasion", &p.code, kind.as_str()]),
            person_id: self.id(&["person", &p.code]),
            kind: kind.as_str().to_owned(),
            number: 1,
            opens_on,
            due_on: opens_on,
            instruments: asked.to_owned(),
            completed_at: last.map(|day| noon(day).to_utc()),
            missed_reason: missed.map(|m| m.as_str().to_owned()),
        }
    }

    fn response(&self, line: &ResponseLine, answered: &Answered) -> From<response::Model> {
        let at = noon(line.date).to_rfc3339();
        let edition = answered.get(&line.instrument).map(|d| d.edition.clone());
        let row = response::Model {
            id: self.id(&[
                "response",
                &line.person,
                line.wave.as_str(),
                &line.instrument,
            ]),
            person_id: self.id(&["person", &line.person]),
            occasion_id: self.id(&["occasion", &line.person, line.wave.as_str()]),
            instrument: line.instrument.clone(),
            edition: edition.unwrap_or_default(),
            language: self.target.language.clone(),
            mode: line.mode.as_str().to_owned(),
            helped_by: None,
            private: None,
            device_started_at: at.clone(),
            device_finished_at: at,
            // The day was written down by people: no device's clock was asked.
            clock_suspect: false,
            received_at: self.now,
            chosen: false,
            answers: to_json(&line.answers),
            account_id: None,
        };
        From {
            line: line.line,
            row,
        }
    }
}
