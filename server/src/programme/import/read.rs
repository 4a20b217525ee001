//! From cells to lines that mean something. Everything that is wrong is collected, so that a file is mended in one go.

use std::collections::{HashMap, HashSet};

use bedring_domain::course::{MissedReason, Mode, OccasionKind, RespondentType};
use bedring_domain::instrument::Definition;
use bedring_domain::journal::{Answer, Answers};
use bedring_domain::time::parse_day;
use chrono::NaiveDate;

use super::lines::{Data, PersonLine, ProjectLine, RefusalLine, ResponseLine};
use super::table::{Columns, Line, Table};
use super::{Answered, Folder, Problem};
use crate::programme::create::is_group_code as is_code;

const PROJECTS: Columns = Columns {
    wanted: &["project", "intervention", "status"],
    numbered: None,
};
const PERSONS: Columns = Columns {
    wanted: &[
        "person",
        "project",
        "respondent_type",
        "start",
        "end",
        "exit_missing_reason",
    ],
    numbered: None,
};
const RESPONSES: Columns = Columns {
    wanted: &["person", "wave", "date", "mode", "instrument"],
    numbered: Some("i"),
};
const REFUSALS: Columns = Columns {
    wanted: &["project", "refusals"],
    numbered: None,
};

/// Reads and checks the four files.
pub fn read(folder: &Folder, answered: &Answered, today: NaiveDate) -> Result<Data, Vec<Problem>> {
    let mut problems = Vec::new();
    let p = &mut problems;
    let projects = Table::read("projects.csv", &folder.projects, PROJECTS, p);
    let persons = Table::read("persons.csv", &folder.persons, PERSONS, p);
    let responses = Table::read("responses.csv", &folder.responses, RESPONSES, p);
    let refusals = Table::read("refusals.csv", &folder.refusals, REFUSALS, p);
    let (Some(projects), Some(persons), Some(responses), Some(refusals)) =
        (projects, persons, responses, refusals)
    else {
        return Err(problems);
    };
    let mut data = Data::default();
    let mut seen = Seen::default();
    data.projects = projects
        .lines()
        .filter_map(|l| project(l, &mut seen, p))
        .collect();
    // A project whose line is wrong is known all the same: one mistake, one message.
    let known: HashSet<&str> = projects.lines().map(|l| l.cell("project")).collect();
    data.persons = persons
        .lines()
        .filter_map(|l| person(l, &known, &mut seen, p))
        .collect();
    data.refusals = refusals
        .lines()
        .filter_map(|l| refusal(l, &known, &mut seen, p))
        .collect();
    let people: HashSet<&str> = persons.lines().map(|l| l.cell("person")).collect();
    let mut columns = 0;
    while responses.has(&format!("i{:02}", columns + 1)) {
        columns += 1;
    }
    let form = Form {
        people: &people,
        answered,
        columns,
        today,
    };
    data.responses = responses
        .lines()
        .filter_map(|l| response(l, &form, &mut seen, p))
        .collect();
    contradictions(&data, p);
    if problems.is_empty() {
        return Ok(data);
    }
    problems.sort();
    Err(problems)
}

/// What must not come twice, with the line where it came first.
#[derive(Default)]
struct Seen(HashMap<String, u64>);

impl Seen {
    fn once(&mut self, line: Line<'_>, key: &str, problems: &mut Vec<Problem>) -> bool {
        match self.0.get(key) {
            Some(first) => {
                problems.push(line.problem(format!("{key} is there already, in line {first}")));
                false
            }
            None => self.0.insert(key.to_owned(), line.number).is_none(),
        }
    }
}

fn code(text: &str) -> Option<String> {
    is_code(text).then(|| text.to_owned())
}

/// An empty cell is nothing; everything else must be something.
fn or_empty<T>(read: impl FnOnce(&str) -> Option<T>) -> impl FnOnce(&str) -> Option<Option<T>> {
    |text| {
        if text.is_empty() {
            Some(None)
        } else {
            read(text).map(Some)
        }
    }
}

fn project(line: Line<'_>, seen: &mut Seen, p: &mut Vec<Problem>) -> Option<ProjectLine> {
    let code = line.parse("project", "code (letters, digits, - and _)", code, p);
    let intervention = line.parse(
        "intervention",
        "word",
        |t| (!t.is_empty()).then(|| t.to_owned()),
        p,
    );
    let known = |t: &str| {
        ["active", "exempt", "withdrawn"]
            .contains(&t)
            .then(|| t.to_owned())
    };
    let status = line.parse("status", "status (active, exempt, withdrawn)", known, p);
    let code = code?;
    let once = seen.once(line, &format!("project {code}"), p);
    once.then_some(ProjectLine {
        line: line.number,
        code,
        intervention: intervention?,
        status: status?,
    })
}

fn person(
    line: Line<'_>,
    projects: &HashSet<&str>,
    seen: &mut Seen,
    p: &mut Vec<Problem>,
) -> Option<PersonLine> {
    let code = line.parse("person", "code (letters, digits, - and _)", code, p);
    let in_list = |t: &str| projects.contains(t).then(|| t.to_owned());
    let project = line.parse("project", "project of projects.csv", in_list, p);
    let kind = or_empty(RespondentType::parse);
    let respondent_type = line.parse("respondent_type", "respondent type", kind, p);
    let start = line.parse("start", "date (YYYY-MM-DD)", parse_day, p);
    let end = line.parse("end", "date (YYYY-MM-DD)", or_empty(parse_day), p);
    let exit_missed = line.parse("exit_missing_reason", "known reason", or_empty(missed), p);
    if let (Some(start), Some(Some(end))) = (start, end)
        && end < start
    {
        p.push(line.problem("end: lies before the start"));
    }
    let code = code?;
    let once = seen.once(line, &format!("person {code}"), p);
    once.then_some(PersonLine {
        line: line.number,
        code,
        project: project?,
        respondent_type: respondent_type?,
        start: start?,
        end: end?,
        exit_missed: exit_missed?,
    })
}

/// Our own words, and those of files made before there was a Bedring.
fn missed(word: &str) -> Option<MissedReason> {
    match word {
        "end_not_defined" => Some(MissedReason::EndCannotBeTold),
        other => MissedReason::parse(other),
    }
}

fn mode(word: &str) -> Option<Mode> {
    match word {
        "assisted_device" => Some(Mode::WithHelp),
        other => Mode::parse(other),
    }
}

fn refusal(
    line: Line<'_>,
    projects: &HashSet<&str>,
    seen: &mut Seen,
    p: &mut Vec<Problem>,
) -> Option<RefusalLine> {
    let in_list = |t: &str| projects.contains(t).then(|| t.to_owned());
    let project = line.parse("project", "project of projects.csv", in_list, p);
    let count = |t: &str| t.parse::<u32>().ok().map(i64::from);
    let refusals = line.parse("refusals", "count", count, p);
    let project = project?;
    let once = seen.once(line, &format!("refusals of project {project}"), p);
    once.then_some(RefusalLine {
        line: line.number,
        project,
        refusals: refusals?,
    })
}

/// What a line of answers is checked against.
struct Form<'a> {
    people: &'a HashSet<&'a str>,
    answered: &'a Answered,
    columns: usize,
    today: NaiveDate,
}

fn response(
    line: Line<'_>,
    form: &Form<'_>,
    seen: &mut Seen,
    p: &mut Vec<Problem>,
) -> Option<ResponseLine> {
    let in_list = |t: &str| form.people.contains(t).then(|| t.to_owned());
    let person = line.parse("person", "person of persons.csv", in_list, p);
    let wave = |t: &str| OccasionKind::parse(t).filter(|k| *k != OccasionKind::FollowUp);
    let wave = line.parse("wave", "wave (intake, exit)", wave, p);
    let day = line.parse("date", "date (YYYY-MM-DD)", parse_day, p);
    let mode = line.parse("mode", "mode", mode, p);
    let known = |t: &str| form.answered.get(t);
    let definition = line.parse(
        "instrument",
        "instrument that is published here and asked",
        known,
        p,
    );
    if day.is_some_and(|day| day > form.today) {
        p.push(line.problem("date: lies in the future"));
    }
    let answers = definition.and_then(|d| answers(line, d, form.columns, p));
    let (person, wave, definition) = (person?, wave?, definition?);
    let key = format!("{} of {person} at {}", definition.instrument, wave.as_str());
    let once = seen.once(line, &key, p);
    once.then_some(ResponseLine {
        line: line.number,
        person,
        wave,
        date: day?,
        mode: mode?,
        instrument: definition.instrument.clone(),
        answers: answers?,
    })
}

/// The columns i01, i02 … are the items in the instrument's order; an empty cell was never answered.
fn answers(
    line: Line<'_>,
    definition: &Definition,
    columns: usize,
    p: &mut Vec<Problem>,
) -> Option<Answers> {
    let before = p.len();
    let mut answers = Answers::default();
    if columns < definition.items.len() {
        p.push(line.problem(format!(
            "{} items, but only {columns} columns for them",
            definition.items.len()
        )));
        return None;
    }
    for index in 0..columns {
        let (column, item) = (format!("i{:02}", index + 1), definition.items.get(index));
        match (line.cell(&column), item) {
            ("", _) => {}
            (_, None) => p.push(line.problem(format!(
                "{column}: {} has no such item",
                definition.instrument
            ))),
            ("skipped", Some(item)) => answers.set(&item.code, Answer::Skipped),
            ("not_relevant", Some(item)) if item.not_relevant => {
                answers.set(&item.code, Answer::NotRelevant)
            }
            (cell, Some(item)) => {
                let options = definition.options_of(item);
                match cell
                    .parse::<i64>()
                    .ok()
                    .filter(|c| options.iter().any(|o| o.code == *c))
                {
                    Some(option) => answers.set(&item.code, Answer::Code(option)),
                    None => p.push(line.problem(format!(
                        "{column}: \"{cell}\" is no answer to {}",
                        item.code
                    ))),
                }
            }
        }
    }
    if answers.is_empty() && p.len() == before {
        p.push(line.problem("no answer at all"));
    }
    (p.len() == before).then_some(answers)
}

/// What each line alone does not show.
fn contradictions(data: &Data, p: &mut Vec<Problem>) {
    let mut dates: HashMap<(&str, OccasionKind), NaiveDate> = HashMap::new();
    for response in &data.responses {
        let day = dates
            .entry((&response.person, response.wave))
            .or_insert(response.date);
        *day = (*day).min(response.date);
    }
    for person in &data.persons {
        let told = |reason: &str| Problem {
            file: "persons.csv",
            line: person.line,
            reason: reason.to_owned(),
        };
        let exit = dates.get(&(person.code.as_str(), OccasionKind::Exit));
        if exit.is_some() && person.exit_missed.is_some() {
            p.push(told("exit_missing_reason: but responses.csv has an exit"));
        }
        let intake = dates.get(&(person.code.as_str(), OccasionKind::Intake));
        if let (Some(exit), Some(intake)) = (exit, intake)
            && exit < intake
        {
            p.push(told(
                "the exit in responses.csv was answered before the intake",
            ));
        }
    }
}
