//! Making a programme from a file: its name, plan, contacts, letter and projects. `server/demo/programme.toml` is an example.

use std::collections::BTreeSet;

use bedring_contract::person::{Contact, Sender};
use bedring_domain::consent::Purpose;
use bedring_domain::course::CoursePlan;
use bedring_domain::instrument::{EditionRef, Texts};
use bedring_domain::pseudonym::group_code;
use bedring_domain::reminder::ReminderPolicy;
use bedring_store::StoreError;
use bedring_store::entities::{letter, programme, project};
use bedring_store::plan::{Plan, to_json};
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{editions, sha256_hex};
use crate::ports::{Random, uuid_v4};

/// A programme as a file describes it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgrammeFile {
    /// Unique on this server.
    pub code: String,
    /// The language that people start in.
    pub language: String,
    /// The name by language.
    pub name: Texts,
    /// Which purposes are asked, in order; the evaluation first.
    pub purposes: Vec<Purpose>,
    /// What every occasion asks, in order.
    pub instruments: Vec<EditionRef>,
    /// About how many minutes they take, as the letter says it: invitations say the same.
    pub minutes: Option<u16>,
    /// Whom to turn to.
    pub contacts: Vec<Contact>,
    /// When somebody last checked the contacts.
    pub contacts_checked: Option<NaiveDate>,
    /// Who asks: the municipality and the association, each with its mark.
    #[serde(default)]
    pub senders: Vec<Sender>,
    /// The letter.
    pub letter: LetterFile,
    /// The projects.
    pub projects: Vec<ProjectFile>,
}

/// A letter.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LetterFile {
    /// Named in every consent.
    pub edition: String,
    /// By language.
    pub title: Texts,
    /// By language; paragraphs separated by empty lines, `# ` begins a heading, `- ` an item of a list.
    pub body: Texts,
    /// The letter in half a page, by language, as people see it first; written like the body. Part of what the hash proves.
    #[serde(default, skip_serializing_if = "Texts::is_empty")]
    pub summary: Texts,
}

/// A project.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectFile {
    /// Unique in the programme.
    pub code: String,
    /// The name.
    pub name: String,
    /// What is done there, such as `companion`.
    pub intervention: String,
}

/// Why there is no new programme.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// Not TOML, or not of the file's shape.
    #[error("line {line}: {problem}")]
    Syntax {
        /// Counted from 1.
        line: usize,
        /// What is wrong there.
        problem: String,
    },
    /// Its parts do not fit together.
    #[error("{0}")]
    Content(String),
    /// The code is taken.
    #[error("there is a programme {0} already")]
    Taken(String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads a file.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn read(text: &str) -> Result<ProgrammeFile, CreateError> {
    let file = parse(text)?;
    check(&file)?;
    Ok(file)
}

/// Reads TOML of that shape, and says in which line it is wrong.
pub(super) fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, CreateError> {
    toml::from_str(text).map_err(|e| {
        let start = e.span().map_or(0, |s| s.start.min(text.len()));
        let before = &text.as_bytes()[..start];
        CreateError::Syntax {
            line: before.iter().filter(|b| **b == b'\n').count() + 1,
            problem: e.message().to_owned(),
        }
    })
}

/// Whether this is the code of a programme or project as it is kept.
#[must_use]
pub fn is_group_code(text: &str) -> bool {
    group_code(text).as_deref() == Some(text)
}

/// An edition's name stands in addresses: letters without marks, digits, `-` and `_`, at most 40.
fn is_edition(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    !text.is_empty() && text.len() <= 40 && text.chars().all(fits)
}

fn check(file: &ProgrammeFile) -> Result<(), CreateError> {
    let wrong = |text: String| Err(CreateError::Content(text));
    let codes = file.projects.iter().map(|p| &p.code).chain([&file.code]);
    let wrong_edition = Some(&file.letter.edition).filter(|e| !is_edition(e));
    if let Some(code) = codes
        .into_iter()
        .find(|c| !is_group_code(c))
        .or(wrong_edition)
    {
        return wrong(format!(
            "\"{code}\" is no code: letters, digits, - and _, at most 40"
        ));
    }
    let projects: BTreeSet<&str> = file.projects.iter().map(|p| p.code.as_str()).collect();
    if projects.is_empty() || projects.len() != file.projects.len() {
        return wrong("projects: at least one, each code once".to_owned());
    }
    if file.purposes.first() != Some(&Purpose::Evaluation) {
        return wrong("purposes: the evaluation comes first".to_owned());
    }
    if file.purposes.iter().collect::<BTreeSet<_>>().len() != file.purposes.len() {
        return wrong("purposes: each once".to_owned());
    }
    let instruments: BTreeSet<&str> = file
        .instruments
        .iter()
        .map(|e| e.instrument.as_str())
        .collect();
    if instruments.is_empty() || instruments.len() != file.instruments.len() {
        return wrong("instruments: at least one, each once".to_owned());
    }
    let letter = &file.letter;
    for (place, texts) in [
        ("name", &file.name),
        ("letter.title", &letter.title),
        ("letter.body", &letter.body),
    ] {
        if texts
            .get(&file.language)
            .is_none_or(|t| t.trim().is_empty())
        {
            return wrong(format!(
                "{place}: the text in \"{}\" is missing",
                file.language
            ));
        }
    }
    if file.minutes == Some(0) {
        return wrong("minutes: no questions are answered in no time".to_owned());
    }
    if let Some(sender) = file.senders.iter().find(|s| !has_usable_mark(s)) {
        return wrong(format!(
            "senders: the logo of \"{}\" must be data:image/svg+xml or data:image/png, at most {LONGEST_LOGO} characters",
            sender.name
        ));
    }
    Ok(())
}

/// The longest logo: each phone fetches it before its first screen.
const LONGEST_LOGO: usize = 8_000;

/// A picture that needs no request of its own and brings no program along.
fn has_usable_mark(sender: &Sender) -> bool {
    sender.logo.as_deref().is_none_or(|logo| {
        let picture = ["data:image/svg+xml", "data:image/png"]
            .iter()
            .any(|kind| logo.starts_with(kind));
        picture && logo.len() <= LONGEST_LOGO
    })
}

/// Makes the programme under this id, with its letter and projects.
///
/// # Errors
/// [`CreateError`]; nothing was written that a rollback does not undo.
pub async fn create<C: ConnectionTrait>(
    tx: &C,
    random: &dyn Random,
    id: Uuid,
    file: &ProgrammeFile,
    now: DateTime<Utc>,
) -> Result<(), CreateError> {
    if find(tx, &file.code).await?.is_some() {
        return Err(CreateError::Taken(file.code.clone()));
    }
    for edition in &file.instruments {
        let EditionRef {
            instrument,
            edition: name,
        } = edition;
        match editions::find(tx, edition).await? {
            None => {
                let text = format!("instruments: {instrument} {name} is not published here");
                return Err(CreateError::Content(text));
            }
            Some(row) if row.derived_from_instrument.is_some() => {
                let text = format!("instruments: {instrument} is derived from others, never asked");
                return Err(CreateError::Content(text));
            }
            Some(_) => {}
        }
    }
    let plan = Plan {
        instruments: file.instruments.clone(),
        purposes: file.purposes.clone(),
        minutes: file.minutes,
        course: CoursePlan::default(),
        reminders: ReminderPolicy::default(),
    };
    let row = programme::ActiveModel {
        id: Set(id),
        code: Set(file.code.clone()),
        name: Set(to_json(&file.name)),
        language: Set(file.language.clone()),
        plan: Set(to_json(&plan)),
        contacts: Set(to_json(&file.contacts)),
        contacts_checked_on: Set(file.contacts_checked),
        senders: Set(to_json(&file.senders)),
        letter_edition: Set(file.letter.edition.clone()),
        created_at: Set(now),
    };
    insert_programme(tx, row, &file.letter, now).await?;
    let projects = file.projects.iter().map(|p| project::ActiveModel {
        id: Set(uuid_v4(random)),
        programme_id: Set(id),
        code: Set(p.code.clone()),
        name: Set(p.name.clone()),
        intervention: Set(p.intervention.clone()),
        status: Set("active".to_owned()),
        status_on: Set(None),
    });
    project::Entity::insert_many(projects)
        .exec_without_returning(tx)
        .await
        .map_err(StoreError::from)?;
    Ok(())
}

/// A programme's row with its letter.
pub(super) async fn insert_programme<C: ConnectionTrait>(
    tx: &C,
    row: programme::ActiveModel,
    letter: &LetterFile,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let letter_row = letter::ActiveModel {
        programme_id: row.id.clone(),
        edition: Set(letter.edition.clone()),
        // Of the letter's JSON: title, body and summary in all languages, in a fixed order.
        sha256: Set(sha256_hex(to_json(letter).as_bytes())),
        title: Set(to_json(&letter.title)),
        body: Set(to_json(&letter.body)),
        summary: Set(to_json(&letter.summary)),
        published_at: Set(now),
    };
    programme::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    letter::Entity::insert(letter_row)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// The programme of a code.
///
/// # Errors
/// As the database says.
pub async fn find<C: ConnectionTrait>(
    db: &C,
    code: &str,
) -> Result<Option<programme::Model>, StoreError> {
    Ok(programme::Entity::find()
        .filter(programme::Column::Code.eq(code))
        .one(db)
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../demo/programme.toml");

    #[test]
    fn the_example_is_right_and_speaks_both_languages_everywhere() {
        let file = read(EXAMPLE).unwrap();
        let texts = file.contacts.iter().flat_map(|c| [&c.name, &c.note]);
        for texts in texts.chain([&file.name, &file.letter.title, &file.letter.body]) {
            assert_eq!(texts.keys().collect::<Vec<_>>(), ["da", "en"]);
        }
        assert_eq!(file.purposes, Purpose::ALL);
    }

    #[test]
    fn what_does_not_fit_together_is_told() {
        let told = |from: &str, to: &str| {
            read(&EXAMPLE.replacen(from, to, 1))
                .unwrap_err()
                .to_string()
        };
        assert!(told("code = \"demo\"", "code = \"de mo\"").contains("\"de mo\" is no code"));
        assert!(told("\"evaluation\", ", "").contains("the evaluation comes first"));
        assert!(told("\"reminders\"", "\"research\"").contains("each once"));
        assert!(told("\"reminders\"", "\"spam\"").starts_with("line 7: "));
        assert!(told("language = \"da\"", "language = \"kl\"").contains("\"kl\" is missing"));
        assert!(told("code = \"STI\"", "code = \"HAVN\"").contains("each code once"));
        assert!(told("mhrm-30", "lsns-9").contains("at least one, each once"));
    }
}
