//! Bringing in a whole programme from four tables, in text files or a workbook: all that is in them, or nothing where they are wrong.
//!
//! `source` finds the tables, `text`, `grid` and `workbook` read them into cells, `table` finds the columns, `read` checks every cell
//! (`cells`, `dates`, `waves`), collects everything that is wrong (`problems`) and makes `lines`, `rows` turns them into rows. `stored`
//! finds what is here already, `compare` what is otherwise there, `write` puts in what is new and `edits` what is filled or taken. Ids
//! come from the lines' own keys, so that the same folder twice is the same rows: the second time nothing changes.

mod cells;
mod compare;
mod danish;
mod dates;
mod edits;
mod grid;
mod lines;
mod problems;
mod read;
mod rows;
mod source;
mod stored;
mod table;
pub mod template;
mod text;
mod waves;
mod workbook;
mod write;

use std::collections::BTreeMap;
use std::path::Path;

use bedring_domain::consent::Purpose;
use bedring_domain::course::CoursePlan;
use bedring_domain::instrument::{Definition, EditionRef};
use bedring_domain::reminder::ReminderPolicy;
use bedring_store::plan::{Plan, from_json};
use bedring_store::{Db, StoreError};
use chrono::{DateTime, Utc};

pub use compare::Difference;
pub use dates::Order;
pub use problems::Problem;
pub use rows::programme_id;
pub use source::{Content, Source};
pub use write::{Count, Counts, Outcome};

use self::waves::Waves;
use super::editions;
use crate::calendar::day_of;
use crate::ports::Random;

/// The letter's edition that stands for "they said yes on paper, before the data came here".
pub const PAPER_LETTER: &str = "paper-import";

/// The four tables, as they were delivered.
#[derive(Debug, Clone)]
pub struct Folder {
    /// `projects`.
    pub projects: Source,
    /// `persons`.
    pub persons: Source,
    /// `responses`.
    pub responses: Source,
    /// `refusals`.
    pub refusals: Source,
}

impl Folder {
    /// Reads a folder of text files or workbooks, or one workbook.
    ///
    /// # Errors
    /// The first file that cannot be found or read.
    pub fn read(path: &Path) -> Result<Self, ImportError> {
        let [projects, persons, responses, refusals] = source::find(path)?;
        Ok(Self {
            projects,
            persons,
            responses,
            refusals,
        })
    }
}

/// How the files are to be understood, and what is to be done with them.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What comes first in days whose year comes last, where the file does not tell.
    pub dates: Option<Order>,
    /// Columns to be passed over.
    pub leave_out: Vec<String>,
    /// Whether follow-ups that the plan does not have are added to it. Where the import makes the plan, they always are.
    pub add_follow_ups: bool,
    /// Whether what differs is taken from the files.
    pub take_differences: bool,
    /// Whether nothing is written in the end.
    pub dry_run: bool,
}

/// Into which programme.
#[derive(Debug, Clone)]
pub struct Target {
    /// The programme's code; made if there is none.
    pub code: String,
    /// What it is called, where it is made.
    pub name: String,
    /// The language the answers were given in.
    pub language: String,
    /// Which edition was answered; where an instrument is left out, its only one.
    pub editions: Vec<EditionRef>,
}

/// Why nothing came in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be read.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A file that is there, and is no workbook that can be read.
    #[error("{path}: {reason}; save it as .xlsx without a password, or as CSV")]
    Workbook {
        /// Which.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// One table in several files.
    #[error("{table} is there more than once ({names}): leave one of them in the folder")]
    Several {
        /// Which table.
        table: &'static str,
        /// The files.
        names: String,
    },
    /// All that is wrong with the files.
    #[error("{} {} wrong, nothing came in", .0.len(), if .0.len() == 1 { "thing is" } else { "things are" })]
    Problems(Vec<Problem>),
    /// The programme's code is no code.
    #[error(
        "\"{0}\" is no code for a programme (letters, digits, - and _, at most 40): give one with --code"
    )]
    Code(String),
    /// It was made in another way: what came in would be mixed with what is there.
    #[error("the programme {0} was not made by an import; choose another --code")]
    OtherProgramme(String),
    /// Named, but not there.
    #[error("the edition {edition} of {instrument} is not published here")]
    EditionUnknown {
        /// The instrument.
        instrument: String,
        /// The edition.
        edition: String,
    },
    /// Several could have been answered.
    #[error("{0} has several editions here: say which one was answered with --edition {0}=EDITION")]
    EditionAmbiguous(String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The edition that each instrument's answers belong to.
type Answered = BTreeMap<String, Definition>;

/// All that an import works with.
#[derive(Clone, Copy)]
pub struct Delivery<'a> {
    /// Into which programme.
    pub target: &'a Target,
    /// The tables.
    pub folder: &'a Folder,
    /// What is to be done with them.
    pub options: &'a Options,
    /// For the ids of what is noted about people.
    pub random: &'a dyn Random,
}

/// Checks the files and brings them in, in one transaction.
///
/// # Errors
/// [`ImportError`]; nothing came in.
pub async fn import(
    db: &Db,
    delivery: Delivery<'_>,
    now: DateTime<Utc>,
) -> Result<Outcome, ImportError> {
    let Delivery {
        target,
        folder,
        options,
        ..
    } = delivery;
    if !super::create::is_group_code(&target.code) {
        return Err(ImportError::Code(target.code.clone()));
    }
    let answered = answered(db, &target.editions).await?;
    let before: Option<Plan> = match super::create::find(db.read(), &target.code).await? {
        Some(row) => Some(from_json("programmes", &row.plan)?),
        None => None,
    };
    let course = before
        .as_ref()
        .map_or_else(CoursePlan::default, |p| p.course.clone());
    let mut waves = Waves::new(course, before.is_none() || options.add_follow_ups);
    let data = read::read(folder, options, &answered, &mut waves, day_of(now))
        .map_err(ImportError::Problems)?;
    if let Some(instrument) = data.ambiguous(&answered) {
        return Err(ImportError::EditionAmbiguous(instrument));
    }
    let asked = data
        .instruments()
        .into_iter()
        .filter_map(|i| answered.get(i));
    let mut plan = before.unwrap_or_else(|| Plan {
        instruments: asked.map(Definition::reference).collect(),
        purposes: vec![Purpose::Evaluation],
        minutes: None,
        course: CoursePlan::default(),
        reminders: ReminderPolicy::default(),
    });
    plan.course = waves.plan().clone();
    let rows = rows::of(target, &data, &answered, &plan, now);
    write::write(db, delivery, rows, now).await
}

/// Every instrument that is published here and asked (not derived), with the edition to use; several editions stand side by side as
/// one that [`lines::Data::ambiguous`] refuses where the files need it.
async fn answered(db: &Db, chosen: &[EditionRef]) -> Result<Answered, ImportError> {
    let mut answered = Answered::new();
    let rows = editions::all(db.read()).await?;
    for edition in chosen {
        let known = |r: &&_| same(r, edition);
        if rows.iter().find(known).is_none() {
            let EditionRef {
                instrument,
                edition,
            } = edition.clone();
            return Err(ImportError::EditionUnknown {
                instrument,
                edition,
            });
        }
    }
    for row in rows.iter().filter(|r| r.derived_from_instrument.is_none()) {
        let wanted = chosen.iter().find(|e| e.instrument == row.instrument);
        if wanted.is_some_and(|wanted| !same(row, wanted)) {
            continue;
        }
        let mut definition: Definition = from_json("instrument_editions", &row.definition)?;
        if wanted.is_none() && answered.contains_key(&row.instrument) {
            definition.edition = String::new();
        }
        answered.insert(row.instrument.clone(), definition);
    }
    Ok(answered)
}

fn same(row: &bedring_store::entities::instrument_edition::Model, edition: &EditionRef) -> bool {
    row.instrument == edition.instrument && row.edition == edition.edition
}
