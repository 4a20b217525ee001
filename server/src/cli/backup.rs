//! `bedring backup FILE`: a copy of the SQLite database, whole and of one moment, while the server runs.
//!
//! Not for PostgreSQL, which has `pg_dump`, and not of the keys: whoever holds both can read everything.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use bedring_store::Db;
use bedring_store::sea_orm::{ConnectionTrait, DatabaseBackend, Statement};
use clap::Args;

use super::{CliError, CliResult, block_on};
use crate::config::Config;
use crate::database;

#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// The copy; must not be there yet
    file: PathBuf,
}

pub(super) fn run(config: &Config, args: &BackupArgs) -> CliResult {
    let Some(database) = config.sqlite_file() else {
        return Err(CliError::new(
            "this database is PostgreSQL: use pg_dump, which makes a copy of one moment",
        ));
    };
    // Connecting would make it, and an empty copy is worse than none.
    if !database.is_file() {
        return Err(CliError::new(format!(
            "there is no database {}: correct data.dir or database.url (bedring doctor shows them)",
            database.display()
        )));
    }
    let target = std::path::absolute(&args.file)?;
    refuse_existing(&target)?;
    // Only a whole copy gets the name that was asked for.
    let mut partial = target.clone().into_os_string();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    reserve(&partial)?;
    let copied = copy(config, &partial, &target);
    if copied.is_err() {
        // It holds nothing that is not in the database.
        let _ = std::fs::remove_file(&partial);
    }
    let bytes = copied?;
    println!(
        "{} is a copy of {} ({bytes} bytes); the key files are not in it.",
        target.display(),
        database.display()
    );
    Ok(())
}

fn refuse_existing(target: &Path) -> CliResult {
    match target.symlink_metadata() {
        Ok(_) => Err(CliError::new(format!(
            "{} is there already: name another file",
            target.display()
        ))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(named(target, &error)),
    }
}

/// Makes the file, empty and for its owner alone: SQLite writes into an empty file, but would make one that others can read.
fn reserve(partial: &Path) -> CliResult {
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(partial);
    match made {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(CliError::new(format!(
                "{} is there already: another backup runs, or one was broken off; then remove it",
                partial.display()
            )))
        }
        Err(error) => Err(named(partial, &error)),
    }
}

fn copy(config: &Config, partial: &Path, target: &Path) -> Result<u64, CliError> {
    let name = partial
        .to_str()
        .ok_or_else(|| CliError::new(format!("{}: the name is not UTF-8", target.display())))?;
    block_on(async {
        let db = database::connect(config).await?;
        let copied = vacuum(&db, name).await;
        db.close().await?;
        copied
    })?;
    // SQLite does not wait for the disk here; whoever deletes yesterday's backup now relies on this one.
    let file = File::open(partial).map_err(|e| named(partial, &e))?;
    file.sync_all().map_err(|e| named(partial, &e))?;
    let bytes = file.metadata().map_err(|e| named(partial, &e))?.len();
    refuse_existing(target)?;
    std::fs::rename(partial, target).map_err(|e| named(target, &e))?;
    if let Some(folder) = target.parent() {
        File::open(folder)
            .and_then(|f| f.sync_all())
            .map_err(|e| named(folder, &e))?;
    }
    Ok(bytes)
}

async fn vacuum(db: &Db, name: &str) -> CliResult {
    let statement =
        Statement::from_sql_and_values(DatabaseBackend::Sqlite, "VACUUM INTO ?", [name.into()]);
    db.read().execute_raw(statement).await?;
    Ok(())
}

fn named(path: &Path, error: &std::io::Error) -> CliError {
    CliError::new(format!("{}: {error}", path.display()))
}
