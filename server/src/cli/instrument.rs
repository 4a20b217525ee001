//! `bedring instrument …`: questionnaires as files, and those published here.

use std::path::{Path, PathBuf};

use bedring_domain::instrument::file::{FileError, InstrumentFile, read};
use bedring_domain::instrument::{Definition, EditionRef, Role, text};
use bedring_store::entities::instrument_edition;
use bedring_store::plan::from_json;
use clap::Subcommand;

use super::open::open;
use super::{CliError, CliResult, block_on};
use crate::config::{Config, ConfigError};
use crate::ports::Clock;
use crate::programme::editions::{self, Published};

#[derive(Debug, Subcommand)]
pub(super) enum InstrumentCommand {
    /// Check files and run their test vectors; nothing is stored
    Check {
        /// Instrument files
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Publish an edition from a file; it can never be changed afterwards
    Import {
        /// Instrument file
        file: PathBuf,
    },
    /// The editions that were published here
    List,
    /// One edition: what it is and what it scores
    Show {
        /// The instrument, such as mhrm-30
        instrument: String,
        /// The edition [default: the one published last]
        edition: Option<String>,
    },
}

/// Checking takes no settings, so that files can be checked anywhere.
pub(super) fn run(
    command: &InstrumentCommand,
    load: impl FnOnce() -> Result<Config, ConfigError>,
) -> CliResult {
    match command {
        InstrumentCommand::Check { files } => files.iter().try_for_each(|path| check(path)),
        InstrumentCommand::Import { file } => import(&load()?, file),
        InstrumentCommand::List => list(&load()?),
        InstrumentCommand::Show {
            instrument,
            edition,
        } => show(&load()?, instrument, edition.as_deref()),
    }
}

fn check(path: &Path) -> CliResult {
    let (file, _) = read_file(path)?;
    let d = &file.definition;
    println!(
        "{}: {} {} ({}), {} items, {}; {} vectors passed",
        path.display(),
        d.instrument,
        d.edition,
        d.kind.as_str(),
        d.items.len(),
        d.languages.join(" "),
        file.vectors.len()
    );
    if file.vectors.is_empty() {
        eprintln!(
            "bedring: {}: no vectors: nothing proves its scoring",
            path.display()
        );
    }
    Ok(())
}

fn import(config: &Config, path: &Path) -> CliResult {
    let (file, text) = read_file(path)?;
    block_on(async {
        let opened = open(config).await?;
        let tx = opened.db.begin().await?;
        let published = editions::publish(&*tx, &file, &text, opened.clock.now())
            .await
            .map_err(|e| CliError::new(format!("{}: {}", path.display(), CliError::from(e))))?;
        tx.commit().await?;
        let d = &file.definition;
        let name = format!("{} {} ({})", d.instrument, d.edition, d.kind.as_str());
        match published {
            Published::Already => println!("{name} was published before; nothing changed."),
            Published::New => {
                println!(
                    "{name} is published: {} vectors passed.",
                    file.vectors.len()
                );
                if d.derived_from.is_some() {
                    println!("A server that is running scores it after its next start.");
                }
            }
        }
        Ok(())
    })
}

fn list(config: &Config) -> CliResult {
    block_on(async {
        let opened = open(config).await?;
        for row in editions::all(opened.db.read()).await? {
            let definition: Definition = from_json("instrument_editions", &row.definition)?;
            println!(
                "{:<12} {:<12} {:<14} {:<8} {} {}",
                row.instrument,
                row.edition,
                row.kind,
                definition.languages.join(","),
                row.imported_at.format("%Y-%m-%d"),
                row.sha256
            );
        }
        Ok(())
    })
}

fn show(config: &Config, instrument: &str, edition: Option<&str>) -> CliResult {
    let row = block_on(async {
        let opened = open(config).await?;
        let found = match edition {
            Some(edition) => {
                let (instrument, edition) = (instrument.to_owned(), edition.to_owned());
                editions::find(
                    opened.db.read(),
                    &EditionRef {
                        instrument,
                        edition,
                    },
                )
                .await?
            }
            None => editions::all(opened.db.read())
                .await?
                .into_iter()
                .rfind(|row| row.instrument == instrument),
        };
        found.ok_or_else(|| {
            let edition = edition.map(|e| format!(" {e}")).unwrap_or_default();
            CliError::new(format!(
                "no edition {instrument}{edition} is published here"
            ))
        })
    })?;
    describe(&row)
}

fn describe(row: &instrument_edition::Model) -> CliResult {
    let d: Definition = from_json("instrument_editions", &row.definition)?;
    println!("{} {} ({})", row.instrument, row.edition, row.kind);
    for language in &d.languages {
        println!("  {language}: {}", text(&d.title, language));
    }
    if let Some(origin) = &d.derived_from {
        println!("Derived from {} {}", origin.instrument, origin.edition);
    }
    println!("Source: {}\nLicence: {}", d.source, d.licence_note);
    println!(
        "Published: {}, SHA-256 {}",
        row.imported_at.format("%Y-%m-%d"),
        row.sha256
    );
    println!("Items: {}", d.items.len());
    for scale in &d.scales {
        let role = match scale.role {
            Role::Total => "total",
            Role::Domain => "domain",
            Role::Block => "block",
        };
        let cut_offs: Vec<String> = scale
            .cut_offs
            .iter()
            .map(|c| format!("{} below {}", c.code, c.below))
            .collect();
        let range = format!("{}-{}", scale.minimum, scale.maximum);
        println!(
            "  {:<28} {role:<7} {range:<6} {}",
            scale.code,
            cut_offs.join(", ")
        );
    }
    Ok(())
}

/// The file, checked, with its text as it stands.
///
/// # Errors
/// It cannot be read, or is not right: with line and reason.
pub(super) fn read_file(path: &Path) -> Result<(InstrumentFile, String), CliError> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| CliError::new(format!("{}: {e}", path.display())))?;
    let file = read(&text).map_err(|e| refusal(path, &e))?;
    Ok((file, text))
}

fn refusal(path: &Path, error: &FileError) -> CliError {
    let (FileError::Syntax { line, .. }
    | FileError::Definition { line, .. }
    | FileError::Vector { line, .. }) = error;
    let text = error.to_string();
    let reason = text
        .strip_prefix(&format!("line {line}: "))
        .unwrap_or(&text);
    CliError::new(format!("{}:{line}: {reason}", path.display()))
}
