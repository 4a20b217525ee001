//! `bedring programme …`: making a programme from a file, and bringing in one with its data.

use std::path::{Path, PathBuf};

use bedring_domain::time::parse_day;
use chrono::NaiveDate;
use clap::{Args, Subcommand};

use super::open::open;
use super::programme_import::{self, ImportArgs};
use super::{CliError, CliResult, block_on};
use crate::calendar::day_of;
use crate::config::Config;
use crate::ports::{Clock, OsRandom, uuid_v4};
use crate::programme::import::template;
use crate::programme::{contacts, create};

#[derive(Debug, Subcommand)]
pub(super) enum ProgrammeCommand {
    /// Make a programme with its letter, contacts and projects from a TOML file
    Create {
        /// Programme file
        file: PathBuf,
    },
    /// Write down that somebody called the numbers that people are shown, and replace them if need be
    Contacts(ContactsArgs),
    /// Bring in a programme's projects, people and responses from CSV files or a workbook, again as often as they grow
    Import(ImportArgs),
    /// Write files to fill in for an import: the headings as CSV and as a workbook, and what belongs below them
    Template {
        /// Folder for them; made if it is not there
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(super) struct ContactsArgs {
    /// Code of the programme
    programme: String,
    /// TOML file with the [[contacts]] that come in place of today's, written as in a programme file
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// The day on which the numbers were called [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    checked: Option<NaiveDate>,
}

fn day(text: &str) -> Result<NaiveDate, String> {
    parse_day(text).ok_or_else(|| "write YYYY-MM-DD, between 1900 and 2100".to_owned())
}

pub(super) fn run(config: &Config, command: &ProgrammeCommand) -> CliResult {
    match command {
        ProgrammeCommand::Create { file } => create_from(config, file),
        ProgrammeCommand::Contacts(args) => check_contacts(config, args),
        ProgrammeCommand::Import(args) => programme_import::run(config, args),
        ProgrammeCommand::Template { folder } => write_template(folder),
    }
}

/// Reads a file, and names it and the line if something is wrong with it.
fn read_file<T>(
    path: &Path,
    read: impl FnOnce(&str) -> Result<T, create::CreateError>,
) -> Result<T, CliError> {
    let named = |e: &dyn std::fmt::Display| CliError::new(format!("{}: {e}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|e| named(&e))?;
    read(&text).map_err(|e| match e {
        create::CreateError::Syntax { line, problem } => {
            CliError::new(format!("{}:{line}: {problem}", path.display()))
        }
        other => named(&other),
    })
}

fn create_from(config: &Config, path: &Path) -> CliResult {
    let named = |e: &dyn std::fmt::Display| CliError::new(format!("{}: {e}", path.display()));
    let file = read_file(path, create::read)?;
    block_on(async {
        let opened = open(config).await?;
        let tx = opened.db.begin().await?;
        create::create(
            &*tx,
            &OsRandom,
            uuid_v4(&OsRandom),
            &file,
            opened.clock.now(),
        )
        .await
        .map_err(|e| named(&e))?;
        tx.commit().await?;
        println!(
            "The programme {} is made, with {} projects.",
            file.code,
            file.projects.len()
        );
        Ok(())
    })
}

fn check_contacts(config: &Config, args: &ContactsArgs) -> CliResult {
    let others = args.file.as_deref();
    let others = others.map(|f| read_file(f, contacts::read)).transpose()?;
    block_on(async {
        let opened = open(config).await?;
        let today = day_of(opened.clock.now());
        let day = args.checked.unwrap_or(today);
        if day > today {
            return Err(CliError::new(format!("{day} has not come yet")));
        }
        let tx = opened.db.begin().await?;
        let kept = contacts::checked(&*tx, &args.programme, day, others.as_deref()).await?;
        let Some(kept) = kept else {
            return Err(CliError::new(format!(
                "there is no programme {}",
                args.programme
            )));
        };
        if kept == 0 {
            return Err(CliError::new(format!(
                "{} shows people no numbers to call yet: give them with --file",
                args.programme
            )));
        }
        tx.commit().await?;
        println!(
            "The contacts of {} were called on {day}. Phones show {kept} of them from their next visit.",
            args.programme
        );
        Ok(())
    })
}

fn write_template(folder: &Path) -> CliResult {
    let files = template::write(folder)?;
    println!("{}: {}", folder.display(), files.join(", "));
    println!(
        "Fill in the CSV files or programme.xlsx, not both, and try it with bedring programme import {} --code CODE --dry-run",
        folder.display()
    );
    Ok(())
}
