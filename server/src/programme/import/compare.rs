//! What the files say otherwise than what is here. What was empty is filled; what differs is listed with both values, and taken only
//! where that was asked for. An empty cell says nothing, and a line that is in the files no more takes nothing away.

mod answers;

use std::collections::{HashMap, HashSet};

use bedring_domain::journal::{Answer, Answers};
use bedring_store::StoreError;
use bedring_store::entities::{person, response, stated_type};
use bedring_store::plan::{from_json, to_json};
use chrono::NaiveDate;
use uuid::Uuid;

use super::Folder;
use super::rows::Rows;
use super::stored::Stored;

/// Something that is otherwise here than in the files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// Which file.
    pub file: String,
    /// Which line, from 1.
    pub line: u64,
    /// Of whom or what.
    pub of: String,
    /// Which field.
    pub field: &'static str,
    /// What is here.
    pub here: String,
    /// What the file says.
    pub given: String,
    /// Whether it can be taken at all.
    pub can_be_taken: bool,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            file,
            line,
            of,
            field,
            here,
            given,
            can_be_taken,
        } = self;
        let never = if *can_be_taken {
            ""
        } else {
            "; what is here stays"
        };
        write!(
            f,
            "{file}:{line}: {of}: {field} is {here} here, {given} in the file{never}"
        )
    }
}

/// What is to be changed of what is here.
pub enum Edit {
    Intervention(Uuid, String),
    Status(Uuid, String),
    Refusals(Uuid, i64),
    /// A person's project and days, as they will be; what they were stands in the second.
    Person(Box<person::Model>, Box<person::Model>),
    Type(stated_type::Model),
    Missed(Uuid, String),
    Response(Box<response::Model>),
}

/// All of it.
#[derive(Default)]
pub struct Found {
    pub edits: Vec<Edit>,
    /// Fields that were empty here.
    pub filled: usize,
    pub differences: Vec<Difference>,
    take: bool,
}

/// Where a line stands and what it is about.
struct At<'a> {
    file: &'a str,
    line: u64,
    of: &'a str,
}

impl Found {
    /// Whether a value of the files is to be written: it fills, or it differs and is taken.
    fn wants<T: PartialEq>(
        &mut self,
        at: &At<'_>,
        field: &'static str,
        here: Option<&T>,
        given: Option<&T>,
        show: impl Fn(&T) -> String,
    ) -> bool {
        match (here, given) {
            (_, None) => false,
            (None, Some(_)) => {
                self.filled += 1;
                true
            }
            (Some(here), Some(given)) if here == given => false,
            (Some(here), Some(given)) => {
                self.differs(at, field, show(here), show(given), true);
                self.take
            }
        }
    }

    fn differs(
        &mut self,
        at: &At<'_>,
        field: &'static str,
        here: String,
        given: String,
        can_be_taken: bool,
    ) {
        self.differences.push(Difference {
            file: at.file.to_owned(),
            line: at.line,
            of: at.of.to_owned(),
            field,
            here,
            given,
            can_be_taken,
        });
    }
}

/// Compares all lines with what is here.
pub fn compare(
    folder: &Folder,
    rows: &Rows,
    stored: &Stored,
    closed: &HashSet<Uuid>,
    take: bool,
) -> Result<Found, StoreError> {
    let mut found = Found {
        take,
        ..Found::default()
    };
    projects(&mut found, folder, rows, stored);
    let codes = persons(&mut found, folder, rows, stored, closed);
    answers::responses(&mut found, folder, rows, stored, closed, &codes)?;
    found.differences.sort();
    Ok(found)
}

fn projects(found: &mut Found, folder: &Folder, rows: &Rows, stored: &Stored) {
    for project in &rows.projects {
        let row = &project.row;
        let Some(old) = stored.projects.get(&row.id) else {
            continue;
        };
        let at = At {
            file: &folder.projects.name,
            line: project.line,
            of: &row.code,
        };
        let here = Some(&old.intervention).filter(|t| !t.is_empty());
        if found.wants(
            &at,
            "intervention",
            here,
            Some(&row.intervention),
            Clone::clone,
        ) {
            found
                .edits
                .push(Edit::Intervention(row.id, row.intervention.clone()));
        }
        if found.wants(
            &at,
            "status",
            Some(&old.status),
            Some(&row.status),
            Clone::clone,
        ) {
            found.edits.push(Edit::Status(row.id, row.status.clone()));
        }
    }
    let code = |id: &Uuid| {
        let mut projects = rows.projects.iter();
        projects
            .find(|p| p.row.id == *id)
            .map_or("", |p| p.row.code.as_str())
    };
    for refusal in &rows.refusals {
        let row = &refusal.row;
        let Some(old) = stored.refusals.get(&row.project_id) else {
            continue;
        };
        let at = At {
            file: &folder.refusals.name,
            line: refusal.line,
            of: code(&row.project_id),
        };
        let (here, given) = (Some(&old.refusals), Some(&row.refusals));
        if found.wants(&at, "refusals", here, given, i64::to_string) {
            found
                .edits
                .push(Edit::Refusals(row.project_id, row.refusals));
        }
    }
}

/// Says also what the people are called in the files.
fn persons<'a>(
    found: &mut Found,
    folder: &Folder,
    rows: &'a Rows,
    stored: &Stored,
    closed: &HashSet<Uuid>,
) -> HashMap<Uuid, &'a str> {
    let projects: HashMap<Uuid, &str> = stored
        .projects
        .values()
        .map(|p| (p.id, p.code.as_str()))
        .chain(
            rows.projects
                .iter()
                .map(|p| (p.row.id, p.row.code.as_str())),
        )
        .collect();
    let types: HashMap<Uuid, &stated_type::Model> = rows
        .types
        .iter()
        .map(|t| (t.row.person_id, &t.row))
        .collect();
    let mut codes = HashMap::new();
    for person in &rows.persons {
        let row = &person.row;
        codes.insert(row.id, row.code.as_str());
        let Some(old) = stored
            .persons
            .get(&row.id)
            .filter(|p| !closed.contains(&p.id))
        else {
            continue;
        };
        let at = At {
            file: &folder.persons.name,
            line: person.line,
            of: &row.code,
        };
        let mut new = old.clone();
        let shown = |id: &Uuid| projects.get(id).copied().unwrap_or_default().to_owned();
        let (here, given) = (Some(&old.project_id), Some(&row.project_id));
        if found.wants(&at, "project", here, given, shown) {
            new.project_id = row.project_id;
        }
        let day = NaiveDate::to_string;
        if found.wants(
            &at,
            "start",
            old.start_on.as_ref(),
            row.start_on.as_ref(),
            day,
        ) {
            new.start_on = row.start_on;
        }
        // A start that is not taken may lie after the end that the file has.
        let fits = row
            .end_on
            .is_none_or(|end| new.start_on.is_none_or(|start| start <= end));
        if !fits && old.end_on != row.end_on {
            let show = |day: Option<NaiveDate>| day.map_or("empty".to_owned(), |d| d.to_string());
            found.differs(
                &at,
                "end",
                show(old.end_on),
                format!("{}, before the start that is here,", show(row.end_on)),
                false,
            );
        } else if found.wants(&at, "end", old.end_on.as_ref(), row.end_on.as_ref(), day) {
            new.end_on = row.end_on;
        }
        if new != *old {
            found
                .edits
                .push(Edit::Person(Box::new(new), Box::new(old.clone())));
        }
        if let Some(row) = types.get(&row.id) {
            // What somebody said later about what they are has not come in here and does not count.
            let then = stored.types.get(&row.id).map(|t| &t.respondent_type);
            let here = then.or(old.respondent_type.as_ref());
            let given = Some(&row.respondent_type);
            if found.wants(&at, "respondent_type", here, given, Clone::clone) {
                found.edits.push(Edit::Type((*row).clone()));
            }
        }
        reasons(found, &at, row.id, rows, stored);
    }
    codes
}

/// The reason why the exit is missing. Where there are answers, none is needed.
fn reasons(found: &mut Found, at: &At<'_>, person: Uuid, rows: &Rows, stored: &Stored) {
    let theirs = rows.occasions.iter().filter(|o| o.row.person_id == person);
    for given in theirs.filter(|o| o.row.missed_reason.is_some()) {
        let (id, given) = (given.row.id, given.row.missed_reason.clone());
        let (Some(old), Some(given)) = (stored.occasions.get(&id), given) else {
            continue;
        };
        if old.completed_at.is_some() {
            found.differs(
                at,
                "exit_missing_reason",
                "an exit with answers".to_owned(),
                given,
                false,
            );
            continue;
        }
        let here = old.missed_reason.as_ref();
        if found.wants(at, "exit_missing_reason", here, Some(&given), Clone::clone) {
            found.edits.push(Edit::Missed(id, given));
        }
    }
}

/// People and responses that came in before and are in the files no more. They stay: a second delivery may hold what is new alone.
pub fn vanished(rows: &Rows, stored: &Stored) -> (usize, usize) {
    // What came in has ids of version 8; what was made here since has others.
    let imported = |id: &&Uuid| id.get_version_num() == 8;
    let persons: HashSet<Uuid> = rows.persons.iter().map(|p| p.row.id).collect();
    let responses: HashSet<Uuid> = rows.responses.iter().map(|r| r.row.id).collect();
    let lost = |ids: HashSet<Uuid>, there: &HashSet<Uuid>| ids.difference(there).count();
    (
        lost(
            stored.persons.keys().filter(imported).copied().collect(),
            &persons,
        ),
        lost(
            stored.responses.keys().filter(imported).copied().collect(),
            &responses,
        ),
    )
}
