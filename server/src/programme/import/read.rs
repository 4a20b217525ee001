//! From tables to lines that mean something. Everything that is wrong is collected, so that a file is mended in one go.

use std::collections::{HashMap, HashSet};

use bedring_domain::course::OccasionKind;
use bedring_domain::instrument::Definition;
use bedring_domain::journal::{Answer, Answers};
use chrono::NaiveDate;

use super::cells::{self, code, count, day_until, missed, mode, or_empty, status, whole};
use super::dates::Dates;
use super::lines::{Data, PersonLine, ProjectLine, RefusalLine, ResponseLine};
use super::problems::{Problem, Problems};
use super::source::Source;
use super::table::{Columns, Line, TOLD, Table, quoted};
use super::waves::Waves;
use super::{Answered, Folder, Options};

/// The columns of `projects.csv`.
pub const PROJECTS: Columns = Columns {
    wanted: &["project", "intervention", "status"],
    numbered: None,
};
/// The columns of `persons.csv`.
pub const PERSONS: Columns = Columns {
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
/// The columns of `responses.csv`.
pub const RESPONSES: Columns = Columns {
    wanted: &["person", "wave", "date", "mode", "instrument"],
    numbered: Some("i"),
};
/// The columns of `refusals.csv`.
pub const REFUSALS: Columns = Columns {
    wanted: &["project", "refusals"],
    numbered: None,
};

/// Reads and checks the four files.
pub fn read(
    folder: &Folder,
    options: &Options,
    answered: &Answered,
    waves: &mut Waves,
    today: NaiveDate,
) -> Result<Data, Vec<Problem>> {
    let mut problems = Problems::default();
    let p = &mut problems;
    let mut table = |source: &Source, columns| {
        let grid = source.grid(columns, p)?;
        Table::of(&source.name, grid, columns, &options.leave_out, p)
    };
    let tables = (
        table(&folder.projects, PROJECTS),
        table(&folder.persons, PERSONS),
        table(&folder.responses, RESPONSES),
        table(&folder.refusals, REFUSALS),
    );
    let (Some(projects), Some(persons), Some(responses), Some(refusals)) = tables else {
        problems.finish()?;
        return Ok(Data::default());
    };
    if projects.lines().next().is_none() {
        p.tell(projects.name(), 0, "there is no project in it");
    }
    let mut data = Data::default();
    let mut seen = Seen::default();
    data.projects = projects
        .lines()
        .filter_map(|l| project(l, &mut seen, p))
        .collect();
    // A project whose line is wrong is known all the same: one mistake, one message.
    let known = Known::of(&projects, "project");
    let dates = Dates::of(&persons, &["start", "end"], options.dates, p);
    data.persons = persons
        .lines()
        .filter_map(|l| person(l, &known, (&dates, today), &mut seen, p))
        .collect();
    data.refusals = refusals
        .lines()
        .filter_map(|l| refusal(l, &known, &mut seen, p))
        .collect();
    let mut columns = 0;
    while responses.has(&format!("i{:02}", columns + 1)) {
        columns += 1;
    }
    let mut form = Form {
        people: Known::of(&persons, "person"),
        dates: Dates::of(&responses, &["date"], options.dates, p),
        answered,
        waves,
        columns,
        today,
    };
    data.responses = responses
        .lines()
        .filter_map(|l| response(l, &mut form, &mut seen, p))
        .collect();
    contradictions(&data, persons.name(), responses.name(), p);
    problems.finish()?;
    Ok(data)
}

/// The codes of another file, and what to say of one that is not among them.
struct Known<'a> {
    codes: HashSet<&'a str>,
    wrong: String,
}

impl<'a> Known<'a> {
    fn of(table: &'a Table, column: &str) -> Self {
        Self {
            codes: table.lines().map(|l| l.cell(column)).collect(),
            // One mistake, one message.
            wrong: if table.incomplete {
                TOLD.to_owned()
            } else {
                format!("is no {column} of {}", table.name())
            },
        }
    }

    fn find(&self, cell: &str) -> Result<String, &str> {
        let known = self.codes.contains(cell) && !cell.is_empty();
        known.then(|| cell.to_owned()).ok_or(&self.wrong)
    }
}

/// What must not come twice, with the line where it came first.
#[derive(Default)]
struct Seen(HashMap<(&'static str, String), u64>);

impl Seen {
    fn once(&mut self, line: Line<'_>, kind: &'static str, key: &str, p: &mut Problems) -> bool {
        match self.0.get(&(kind, key.to_owned())) {
            Some(first) => {
                let reason = format!("{kind}{key} is there already, in line {first}");
                line.tell(&format!("{kind}twice"), reason, p);
                false
            }
            None => {
                let key = (kind, key.to_owned());
                self.0.insert(key, line.number).is_none()
            }
        }
    }
}

fn project(line: Line<'_>, seen: &mut Seen, p: &mut Problems) -> Option<ProjectLine> {
    let code = line.parse("project", code, p);
    let word = |t: &str| (!t.is_empty()).then(|| t.to_owned()).ok_or("is no word");
    let intervention = line.parse("intervention", word, p);
    let status = line.parse("status", status, p);
    let code = code?;
    let once = seen.once(line, "project ", &code, p);
    once.then_some(ProjectLine {
        line: line.number,
        code,
        intervention: intervention?,
        status: status?,
    })
}

fn person(
    line: Line<'_>,
    projects: &Known<'_>,
    (dates, today): (&Dates, NaiveDate),
    seen: &mut Seen,
    p: &mut Problems,
) -> Option<PersonLine> {
    let code = line.parse("person", cells::person, p);
    let project = line.parse("project", |t| projects.find(t), p);
    let respondent_type = line.parse("respondent_type", or_empty(cells::respondent_type), p);
    let start = line.parse("start", |t| day_until(dates, t, today), p);
    let end = line.parse("end", or_empty(|t: &str| dates.read(t)), p);
    let exit_missed = line.parse("exit_missing_reason", or_empty(missed), p);
    if let (Some(start), Some(Some(end))) = (start, end)
        && end < start
    {
        line.tell("end", "end: lies before the start", p);
    }
    let code = code?;
    let once = seen.once(line, "person ", &code, p);
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

fn refusal(
    line: Line<'_>,
    projects: &Known<'_>,
    seen: &mut Seen,
    p: &mut Problems,
) -> Option<RefusalLine> {
    let project = line.parse("project", |t| projects.find(t), p);
    let refusals = line.parse("refusals", count, p);
    let project = project?;
    let once = seen.once(line, "refusals of project ", &project, p);
    once.then_some(RefusalLine {
        line: line.number,
        project,
        refusals: refusals?,
    })
}

/// What a line of answers is checked against.
struct Form<'a> {
    people: Known<'a>,
    dates: Dates,
    answered: &'a Answered,
    waves: &'a mut Waves,
    columns: usize,
    today: NaiveDate,
}

fn response(
    line: Line<'_>,
    form: &mut Form<'_>,
    seen: &mut Seen,
    p: &mut Problems,
) -> Option<ResponseLine> {
    let person = line.parse("person", |t| form.people.find(t), p);
    let wave = line.parse("wave", |t| form.waves.find(t), p);
    let day = line.parse("date", |t| day_until(&form.dates, t, form.today), p);
    let mode = line.parse("mode", mode, p);
    let known = |t: &str| {
        let found = form.answered.get(&t.to_lowercase());
        found.ok_or("is no instrument that is published here and asked")
    };
    let definition = line.parse("instrument", known, p);
    let answers = definition.and_then(|d| answers(line, d, form.columns, p));
    let (person, wave, definition) = (person?, wave?, definition?);
    let key = format!("{} of {person} at {}", definition.instrument, wave.shown());
    let once = seen.once(line, "", &key, p);
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
    p: &mut Problems,
) -> Option<Answers> {
    let mut answers = Answers::default();
    let instrument = &definition.instrument;
    if columns < definition.items.len() {
        let reason = format!(
            "{instrument} has {} items, but there are only {columns} columns for them",
            definition.items.len()
        );
        line.tell(&format!("columns {instrument}"), reason, p);
        return None;
    }
    let mut fine = true;
    // One sentence for an instrument, not one for each of its thirty columns.
    let mut tell = |column: &str, kind: &str, cell: &str, wrong: String| {
        fine = false;
        let reason = format!("{column}: {} {wrong}", quoted(cell));
        let at = (line.file(), line.number);
        p.tell_kind(at, instrument, kind, &format!("{column} {cell}"), reason);
    };
    for index in 0..columns {
        let column = format!("i{:02}", index + 1);
        let cell = line.cell(&column);
        let Some(item) = definition.items.get(index) else {
            if !cell.is_empty() {
                tell(
                    &column,
                    "item",
                    cell,
                    format!("stands where {instrument} has no item"),
                );
            }
            continue;
        };
        let options = definition.options_of(item);
        let option = whole(cell).filter(|code| options.iter().any(|o| o.code == *code));
        match (cells::word(cell).as_str(), option) {
            ("", _) => {}
            ("skipped", _) => answers.set(&item.code, Answer::Skipped),
            ("not_relevant", _) if item.not_relevant => {
                answers.set(&item.code, Answer::NotRelevant);
            }
            (_, Some(option)) => answers.set(&item.code, Answer::Code(option)),
            _ => tell(
                &column,
                "answer",
                cell,
                format!("is no answer to {}", item.code),
            ),
        }
    }
    if answers.is_empty() && fine {
        line.tell("none", "no answer at all: remove the line", p);
        return None;
    }
    fine.then_some(answers)
}

/// What each line alone does not show.
fn contradictions(data: &Data, persons: &str, responses: &str, p: &mut Problems) {
    let mut dates: HashMap<(&str, OccasionKind), NaiveDate> = HashMap::new();
    for response in &data.responses {
        let day = dates
            .entry((&response.person, response.wave.kind))
            .or_insert(response.date);
        *day = (*day).min(response.date);
    }
    for person in &data.persons {
        let mut told = |kind: &str, reason: String| {
            p.tell_kind((persons, person.line), "", kind, "", reason);
        };
        let exit = dates.get(&(person.code.as_str(), OccasionKind::Exit));
        if exit.is_some() && person.exit_missed.is_some() {
            let reason = format!("exit_missing_reason: but {responses} has an exit");
            told("exit_missing_reason", reason);
        }
        let intake = dates.get(&(person.code.as_str(), OccasionKind::Intake));
        if let (Some(exit), Some(intake)) = (exit, intake)
            && exit < intake
        {
            let reason = format!("the exit in {responses} was answered before the intake");
            told("order", reason);
        }
    }
}
