//! `bedring doctor`: prints the settings with secrets hidden, and says what is wrong and what to do about it.

mod inside;
mod mail;

use std::path::Path;

use chrono::Datelike;
use clap::Args;
use serde_json::Value;

use super::{CliError, CliResult, block_on};
use crate::calendar::day_of;
use crate::config::{Config, hide_password};
use crate::ports::{Clock, OsRandom, SystemClock};
use crate::programme::contacts::{ToBeCalled, to_be_called};
use crate::{database, keys};

/// Less than this is too little for a day of answers and a database that grows in bites.
const LEAST_FREE_MIB: u64 = 512;

/// What one check found.
pub(super) enum Finding {
    Fine(String),
    /// Works, but may not be what was meant.
    Note(String),
    Wrong(String),
}

use Finding::{Fine, Note, Wrong};

#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// Send a test mail to this address
    #[arg(long, value_name = "ADDRESS")]
    send_test: Option<String>,
}

pub(super) fn run(config: &Config, file: Option<&Path>, args: &DoctorArgs) -> CliResult {
    println!("bedring {}", crate::VERSION);
    println!(
        "\nSettings ({})",
        file.map_or_else(
            || "no settings file".to_owned(),
            |f| f.display().to_string()
        )
    );
    for (key, value) in settings(config)? {
        println!("  {key} = {value}");
    }
    let mut findings = vec![public_url(config), clock(), disk(config), log_level(config)];
    findings.extend(proxy(config));
    findings.extend(data_folder(config));
    findings.extend(database_file(config));
    findings.extend(block_on(async { Ok(key_files(config).await) })?);
    findings.push(block_on(async { Ok(schema(config).await) })?);
    findings.extend(block_on(async { Ok(inside::findings(config).await) })?);
    findings.extend(block_on(async { Ok(contacts(config).await) })?);
    findings.extend(block_on(async {
        Ok(mail::findings(config, args.send_test.as_deref()).await)
    })?);
    findings.extend(block_on(async { Ok(mail::mailbox(config).await) })?);
    println!("\nChecks");
    for finding in &findings {
        match finding {
            Fine(text) => println!("  ok     {text}"),
            Note(text) => println!("  note   {text}"),
            Wrong(text) => println!("  WRONG  {text}"),
        }
    }
    match findings.iter().filter(|f| matches!(f, Wrong(_))).count() {
        0 => Ok(()),
        1 => Err(CliError::new("one thing is wrong")),
        n => Err(CliError::new(format!("{n} things are wrong"))),
    }
}

/// All keys with their values, in order; what hides itself stays hidden.
fn settings(config: &Config) -> Result<Vec<(String, String)>, serde_json::Error> {
    let mut lines = Vec::new();
    flatten("", &serde_json::to_value(config)?, &mut lines);
    for (key, value) in &mut lines {
        if key == "database.url" {
            *value = hide_password(&config.database_url());
        }
    }
    Ok(lines)
}

fn flatten(prefix: &str, value: &Value, lines: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let key = if prefix.is_empty() {
                    name.clone()
                } else {
                    format!("{prefix}.{name}")
                };
                flatten(&key, value, lines);
            }
        }
        Value::Null => lines.push((prefix.to_owned(), "(not set)".to_owned())),
        Value::String(text) => lines.push((prefix.to_owned(), text.clone())),
        other => lines.push((prefix.to_owned(), other.to_string())),
    }
}

fn public_url(config: &Config) -> Finding {
    let url = config.server.base_url();
    if config.server.public_url.is_none() {
        return Note(format!(
            "server.public_url is not set: links and QR codes will say {url}, which no phone elsewhere can open; set it to the https address that people type"
        ));
    }
    if config.server.is_https() || config.server.is_local() {
        Fine(format!("people reach it at {url}"))
    } else {
        Wrong(format!(
            "server.public_url is {url}: without https anybody on the way can read answers, and phones refuse to work offline"
        ))
    }
}

/// Bedring speaks no TLS itself: where people type https, a proxy stands in front.
fn proxy(config: &Config) -> Option<Finding> {
    if config.server.trusted_proxies || !config.server.is_https() {
        return None;
    }
    Some(Note(
        "a proxy stands in front of the server (server.public_url is https) and server.trusted_proxies is not set: all people seem to come from one address and share its limits for wrong codes and passwords; let the proxy send X-Forwarded-For and set server.trusted_proxies = true"
            .to_owned(),
    ))
}

fn clock() -> Finding {
    let now = SystemClock::new().now();
    if now.year() < 2024 {
        Wrong(format!(
            "this machine's clock says {}: set it, or every due date will be wrong",
            now.date_naive()
        ))
    } else {
        Fine(format!(
            "the clock says {}",
            now.format("%Y-%m-%d %H:%M UTC")
        ))
    }
}

/// The folder itself may not be there yet: then the one above it tells.
fn disk(config: &Config) -> Finding {
    let folder = config
        .data
        .dir
        .ancestors()
        .find(|f| f.is_dir())
        .unwrap_or(Path::new("."));
    match rustix::fs::statvfs(folder) {
        Ok(stat) => {
            let free = stat.f_bavail.saturating_mul(stat.f_frsize) / (1024 * 1024);
            let text = format!("{free} MiB are free for {}", config.data.dir.display());
            if free < LEAST_FREE_MIB {
                Wrong(format!("only {text}: make room before the disk is full"))
            } else {
                Fine(text)
            }
        }
        Err(error) => Wrong(format!("{}: {error}", folder.display())),
    }
}

/// What every other command would stumble over.
fn data_folder(config: &Config) -> Option<Finding> {
    let file = config.sqlite_file()?;
    let reason = database::folder_problem(&config.data.dir, &file)?;
    Some(Wrong(reason))
}

fn log_level(config: &Config) -> Finding {
    match tracing_subscriber::EnvFilter::try_new(&config.log.level) {
        Ok(_) => Fine(format!("the log level is {}", config.log.level)),
        Err(error) => Wrong(format!("log.level: {error}")),
    }
}

/// Names are encrypted, answers are not. A file that is open to others does no harm in a folder that is closed.
fn database_file(config: &Config) -> Option<Finding> {
    let file = config.sqlite_file().filter(|f| f.exists())?;
    let folder = file
        .parent()
        .filter(|f| !f.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let open = |path: &Path| keys::readable_by_others(path).unwrap_or(false);
    Some(if open(folder) && open(&file) {
        Wrong(format!(
            "{} can be read by others on this machine: chmod 700 {}",
            file.display(),
            folder.display()
        ))
    } else {
        Fine(format!("{} is readable by its owner alone", file.display()))
    })
}

async fn key_files(config: &Config) -> Vec<Finding> {
    let fresh = config.sqlite_file().is_some_and(|f| !f.exists());
    let mut findings: Vec<Finding> = keys::paths(config)
        .into_iter()
        .flatten()
        .map(|path| key_file(&path, fresh))
        .collect();
    if findings.iter().all(|f| matches!(f, Fine(_))) && !fresh {
        // Reads and makes nothing: there is a database.
        match keys::open(config, &OsRandom) {
            Ok(ring) => {
                findings.push(Fine(format!(
                    "entries are sealed to the key {}",
                    ring.seal.newest().id()
                )));
                findings.extend(keys_of_database(config, &ring).await);
            }
            Err(error) => findings.push(Wrong(error.to_string())),
        }
    }
    findings
}

/// What is wrong with the database itself is said elsewhere; one that was never brought up to date has nothing to compare yet.
async fn keys_of_database(config: &Config, ring: &keys::KeyRing) -> Option<Finding> {
    let db = database::connect(config).await.ok()?;
    match keys::checks::compare(db.read(), config, ring).await {
        Ok(()) => Some(Fine("the keys are those of this database".to_owned())),
        Err(keys::checks::KeyCheckError::Store(_)) => None,
        Err(error) => Some(Wrong(error.to_string())),
    }
}

fn key_file(path: &Path, fresh: bool) -> Finding {
    match keys::readable_by_others(path) {
        Ok(false) => Fine(format!("{} is readable by its owner alone", path.display())),
        Ok(true) => Wrong(format!(
            "{} can be read by others on this machine: chmod 600 {}",
            path.display(),
            path.display()
        )),
        Err(_) if fresh => Fine(format!(
            "{} will be made on the first start",
            path.display()
        )),
        Err(error) => Wrong(format!(
            "{}: {error}: put the key file back from your backup",
            path.display()
        )),
    }
}

async fn schema(config: &Config) -> Finding {
    if config.sqlite_file().is_some_and(|f| !f.exists()) {
        return Fine("the database will be made on the first start".to_owned());
    }
    let status = async { database::schema_status(&database::connect(config).await?).await };
    match status.await {
        Err(error) => Wrong(CliError::from(error).to_string()),
        Ok(status) => match (status.unknown.first(), status.pending.len()) {
            (Some(change), _) => Wrong(format!(
                "the database is newer than this program: it holds the change {change}"
            )),
            (None, 0) => Fine("the database is reachable and up to date".to_owned()),
            (None, n) => Wrong(format!(
                "the database is {n} changes behind: run \"bedring migrate\", or start the server, which does it too"
            )),
        },
    }
}

/// A number that nobody answers fails somebody at the worst moment, so somebody calls them all once a year.
async fn contacts(config: &Config) -> Vec<Finding> {
    if config.sqlite_file().is_some_and(|f| !f.exists()) {
        return Vec::new();
    }
    let today = day_of(SystemClock::new().now());
    // What is wrong with the database has been said already.
    let programmes = match database::connect(config).await {
        Ok(db) => to_be_called(db.read(), today).await.unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    let ask = |found: ToBeCalled| {
        let ToBeCalled {
            code,
            contacts,
            last,
        } = found;
        Note(match last {
            _ if contacts == 0 => format!(
                "programme {code}: people are shown no numbers to call: run \"bedring programme contacts {code} --file FILE\""
            ),
            None => format!(
                "programme {code}: nobody has called the numbers that people are shown: call them, then run \"bedring programme contacts {code}\""
            ),
            Some(day) => format!(
                "programme {code}: the numbers that people are shown were last called on {day}: call them, then run \"bedring programme contacts {code}\""
            ),
        })
    };
    programmes.into_iter().map(ask).collect()
}
