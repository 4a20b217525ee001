//! `bedring keys`: key files for servers that share a PostgreSQL database, and giving up a key that is lost for good.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::{CliError, CliResult, block_on};
use crate::config::{Config, ConfigError};
use crate::database;
use crate::keys::{checks, create_files};
use crate::ports::{Clock, OsRandom, SystemClock};

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// Make seal.key and contact.key in a folder; files that are there are never touched
    Create {
        /// An existing folder
        folder: PathBuf,
    },
    /// Stop asking for a key that was in use with this database and is lost or no longer needed
    GiveUp {
        /// Its name, as the refusal to start tells it
        key: String,
        /// What was locked with it stays closed for ever: names, addresses, entries
        #[arg(long)]
        even_so: bool,
    },
}

pub(super) fn run(
    command: &KeysCommand,
    config: impl FnOnce() -> Result<Config, ConfigError>,
) -> CliResult {
    match command {
        KeysCommand::Create { folder } => create(folder),
        KeysCommand::GiveUp { key, even_so } => {
            let config = config()?;
            block_on(give_up(&config, key, *even_so))
        }
    }
}

/// Opens the database without asking for its keys: one of them is missing.
async fn give_up(config: &Config, key: &str, even_so: bool) -> CliResult {
    let db = database::connect(config).await?;
    database::migrate(&db).await?;
    let locked = checks::locked_with(&db, key).await?;
    if locked > 0 && !even_so {
        return Err(CliError::new(format!(
            "{locked} names, addresses or entries are locked with the key {key} and could never be read again: find the key, or say --even-so"
        )));
    }
    if !checks::give_up(&db, key, SystemClock::new().now()).await? {
        return Err(CliError::new(format!(
            "no key {key} was in use with this database"
        )));
    }
    db.close().await?;
    println!(
        "The key {key} is asked for no more; {locked} names, addresses or entries stay closed."
    );
    Ok(())
}

fn create(folder: &Path) -> CliResult {
    if !folder.is_dir() {
        return Err(CliError::new(format!(
            "{} is not a folder",
            folder.display()
        )));
    }
    for path in create_files(folder, &OsRandom)? {
        println!("{}", path.display());
    }
    Ok(())
}
