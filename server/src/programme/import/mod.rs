//! Bringing in a whole programme from four CSV files: all of it or nothing.
//!
//! `table` reads a file into cells, `read` checks every cell, collects everything that is wrong and makes `lines`, `rows` turns them into
//! rows, `compare` finds what is otherwise than when it came in, `write` puts in what is new. Ids come from the lines' own keys, so that
//! the same folder twice is the same rows: the second time nothing changes, and a line that has changed is told instead of being
//! overwritten.

mod compare;
mod lines;
mod read;
mod rows;
mod table;
mod write;

use std::collections::BTreeMap;
use std::path::Path;

use bedring_domain::instrument::{Definition, EditionRef};
use bedring_store::plan::from_json;
use bedring_store::{Db, StoreError};
use chrono::{DateTime, Utc};

pub use rows::programme_id;
pub use write::{Count, Counts};

use super::editions;
use crate::calendar::day_of;

/// The letter's edition that stands for "they said yes on paper, before the data came here".
pub const PAPER_LETTER: &str = "paper-import";

/// The bytes of the four files.
#[derive(Debug, Clone)]
pub struct Folder {
    /// `projects.csv`.
    pub projects: Vec<u8>,
    /// `persons.csv`.
    pub persons: Vec<u8>,
    /// `responses.csv`.
    pub responses: Vec<u8>,
    /// `refusals.csv`.
    pub refusals: Vec<u8>,
}

impl Folder {
    /// Reads a folder.
    ///
    /// # Errors
    /// The first file that cannot be read.
    pub fn read(path: &Path) -> Result<Self, ImportError> {
        let file = |name: &str| {
            let path = path.join(name);
            std::fs::read(&path).map_err(|source| ImportError::File {
                path: path.display().to_string(),
                source,
            })
        };
        Ok(Self {
            projects: file("projects.csv")?,
            persons: file("persons.csv")?,
            responses: file("responses.csv")?,
            refusals: file("refusals.csv")?,
        })
    }
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

/// Something wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Which file.
    pub file: &'static str,
    /// Which line, from 1; 0: the file as a whole.
    pub line: u64,
    /// What is wrong.
    pub reason: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.reason),
            line => write!(f, "{}:{line}: {}", self.file, self.reason),
        }
    }
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
    /// All that is wrong with the files.
    #[error("{} {} wrong, nothing came in", .0.len(), if .0.len() == 1 { "thing is" } else { "things are" })]
    Problems(Vec<Problem>),
    /// The programme's code is no code.
    #[error("\"{0}\" is no code for a programme: letters, digits, - and _, at most 40")]
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

/// Checks the files and brings them in, in one transaction.
///
/// # Errors
/// [`ImportError`]; nothing came in.
pub async fn import(
    db: &Db,
    target: &Target,
    folder: &Folder,
    now: DateTime<Utc>,
) -> Result<Counts, ImportError> {
    if !super::create::is_group_code(&target.code) {
        return Err(ImportError::Code(target.code.clone()));
    }
    let answered = answered(db, &target.editions).await?;
    let data = read::read(folder, &answered, day_of(now)).map_err(ImportError::Problems)?;
    if let Some(instrument) = data.ambiguous(&answered) {
        return Err(ImportError::EditionAmbiguous(instrument));
    }
    let rows = rows::of(target, &data, &answered, now);
    write::write(db, target, rows, now).await
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
