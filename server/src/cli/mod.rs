//! The command line: what can be typed, and how it ends.
//!
//! A command that fails says so in one line on standard error and leaves nothing half done. Exit codes: 0 done, 1 it could not be done,
//! 2 the command was not understood. To add a command: a file here with its `Args` and `run`, a variant in [`Command`], a line in `dispatch`.

mod account;
mod backup;
mod demo;
mod doctor;
mod healthcheck;
mod instrument;
mod journal;
mod keys;
mod migrate;
mod open;
mod person;
mod programme;
mod programme_import;
mod serve;
mod trial;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{Config, ConfigError, Sources};

/// Survey collection with phones that may be offline.
#[derive(Debug, Parser)]
#[command(name = "bedring", version, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    settings: SettingFlags,
    #[command(subcommand)]
    command: Command,
}

/// Settings that win over file and environment.
#[derive(Debug, Args)]
struct SettingFlags {
    /// Settings file [default: ./bedring.toml, else /etc/bedring/bedring.toml, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder for the SQLite file and generated keys (data.dir)
    #[arg(long, global = true, value_name = "FOLDER")]
    data_dir: Option<String>,
    /// sqlite://FILE or postgres://… (database.url); better in a file if it holds a password
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// error, warn, info, debug (log.level)
    #[arg(long, global = true, value_name = "LEVEL")]
    log_level: Option<String>,
    /// auto, json, text (log.format)
    #[arg(long, global = true, value_name = "FORMAT")]
    log_format: Option<String>,
    /// Address and port to listen on (server.bind)
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    bind: Option<String>,
    /// What people type to get here (server.public_url)
    #[arg(long, global = true, value_name = "URL")]
    public_url: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server
    Serve(serve::ServeArgs),
    /// Bring the database up to date
    Migrate,
    /// Copy the SQLite database to a file, while the server runs
    Backup(backup::BackupArgs),
    /// Who may log in
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Questionnaires: files, and those published here
    #[command(subcommand)]
    Instrument(instrument::InstrumentCommand),
    /// Programmes with their letters, projects and data
    #[command(subcommand)]
    Programme(programme::ProgrammeCommand),
    /// People and their invitations
    #[command(subcommand)]
    Person(person::PersonCommand),
    /// What phones wrote
    #[command(subcommand)]
    Journal(journal::JournalCommand),
    /// Key files for servers that share a database
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Print the OpenAPI document
    Openapi,
    /// Print the settings, secrets hidden, and say what is wrong
    Doctor(doctor::DoctorArgs),
    /// Ask the running server whether it can do its work
    Healthcheck,
}

/// Why a command ended without having done its work: one line.
#[derive(Debug)]
pub struct CliError {
    message: String,
}

impl CliError {
    /// With the words that are printed.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }
}

impl std::fmt::Display for CliError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

/// Any error with its causes becomes one line.
impl<E: std::error::Error + Send + Sync + 'static> From<E> for CliError {
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let cause_text = cause.to_string();
            // Many errors repeat their cause in their own words.
            if !message.contains(&cause_text) {
                message.push_str(": ");
                message.push_str(&cause_text);
            }
            source = cause.source();
        }
        Self { message }
    }
}

/// What commands return.
pub type CliResult = Result<(), CliError>;

/// Runs the command line of this process.
#[must_use]
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    match dispatch(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&error.message);
            ExitCode::FAILURE
        }
    }
}

/// One line on standard error.
fn say(message: &str) {
    let line: Vec<&str> = message
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .collect();
    eprintln!("bedring: {}", without_numbers(&line.join(" ")));
}

/// Without the numbers that the system has for its own errors: its words stand before them.
fn without_numbers(line: &str) -> String {
    let mut rest = line;
    let mut text = String::with_capacity(line.len());
    while let Some((before, after)) = rest.split_once(" (os error ") {
        text.push_str(before);
        rest = after.split_once(')').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    text
}

/// Help and version are answers; everything else is one line.
fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        // Nobody is left to read it if this fails.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let text = error.to_string();
    let words: Vec<&str> = text
        .lines()
        .take_while(|l| !l.starts_with("Usage:") && !l.starts_with("For more"))
        .map(str::trim)
        .collect();
    let words = words.join(" ");
    let words = words.trim().trim_start_matches("error: ").trim();
    say(&format!(
        "{} (bedring --help lists the commands)",
        if words.is_empty() {
            "no command"
        } else {
            words
        }
    ));
    ExitCode::from(2)
}

fn dispatch(cli: Cli) -> CliResult {
    let settings = cli.settings;
    match cli.command {
        Command::Serve(args) => serve::run(&settings.load()?, &args),
        Command::Migrate => migrate::run(&settings.load()?),
        Command::Backup(args) => backup::run(&settings.load()?, &args),
        Command::Account(command) => account::run(&settings.load()?, command),
        Command::Instrument(command) => instrument::run(&command, || settings.load()),
        Command::Programme(command) => programme::run(&settings.load()?, &command),
        Command::Person(command) => person::run(&settings.load()?, &command),
        Command::Journal(command) => journal::run(&settings.load()?, &command),
        Command::Keys(command) => keys::run(&command, || settings.load()),
        Command::Openapi => {
            println!("{}", crate::http::openapi_json()?);
            Ok(())
        }
        Command::Doctor(args) => {
            let sources = settings.sources()?;
            doctor::run(
                &crate::config::load(&sources)?,
                sources.chosen_file(),
                &args,
            )
        }
        Command::Healthcheck => healthcheck::run(&settings.load()?),
    }
}

impl SettingFlags {
    fn sources(self) -> Result<Sources, ConfigError> {
        let mut sources = Sources::of_this_machine()?;
        sources.file = self.config;
        let flags = [
            ("data.dir", self.data_dir),
            ("database.url", self.database_url),
            ("log.level", self.log_level),
            ("log.format", self.log_format),
            ("server.bind", self.bind),
            ("server.public_url", self.public_url),
        ];
        sources.flags = flags
            .into_iter()
            .filter_map(|(key, value)| Some((key.to_owned(), value?)))
            .collect();
        Ok(sources)
    }

    fn load(self) -> Result<Config, ConfigError> {
        crate::config::load(&self.sources()?)
    }
}

/// Runs a command that waits for things.
fn block_on<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(work)
}
