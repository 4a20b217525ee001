//! The database at start: reaching it, refusing one that is newer than this program, and bringing it up to date.

use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use bedring_migrations::Migrator;
use bedring_store::sea_orm::{
    ConnectionTrait, DatabaseBackend, DbErr, EntityTrait, IntoDatabaseExecutor,
};
use bedring_store::{Db, DbConfig, StoreError};
use chrono::{DateTime, Utc};
use sea_orm_migration::{MigratorTrait, SchemaManager, seaql_migrations};

use crate::config::{Config, hide_password};
use crate::keys::checks::{self, KeyCheckError};
use crate::keys::{KeyFileError, KeyRing};
use crate::ports::Random;

/// Any number will do as long as every server uses the same: two that start at once must not migrate at once.
const MIGRATION_LOCK: i64 = 0x6265_6472_696e_6701;

/// Why there is no database to work with. Never holds a password.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The folder of the SQLite file is no folder, or is not there; says what to do.
    #[error("{0}")]
    NoFolder(String),
    /// The folder cannot be made.
    #[error("data.dir: {} cannot be made: {source}", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file cannot be made.
    #[error("{} cannot be made: {source}; may this user write to its folder?", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It does not answer, or refuses us.
    #[error("cannot use the database {address}: {}", why(reason, address))]
    Connect {
        /// Without password.
        address: String,
        /// Why.
        reason: StoreError,
    },
    /// A later version of Bedring has been at work on it.
    #[error(
        "the database is newer than this program ({}): it holds the change {change}; start the newer Bedring, or restore a backup from before the upgrade",
        crate::VERSION
    )]
    Newer {
        /// The first change that this program does not know.
        change: String,
    },
    /// A change failed; none of them was kept.
    #[error("the database could not be brought up to date, nothing was changed: {}", why(.0, ""))]
    Migrate(StoreError),
    /// Questions about its state failed.
    #[error("the database cannot be read: {}", why(.0, ""))]
    Read(StoreError),
}

/// Why a server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Its keys.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
    /// Its database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The keys are not those of the database.
    #[error(transparent)]
    OtherKeys(#[from] KeyCheckError),
}

/// The one reason that matters, and what to do about it.
fn why(reason: &StoreError, address: &str) -> String {
    let embedded = address.starts_with("sqlite:");
    match reason {
        StoreError::Unavailable | StoreError::Busy if address.is_empty() => reason.to_string(),
        StoreError::Unavailable if embedded => {
            "it cannot be opened: may this user read and write the file and its folder?".to_owned()
        }
        StoreError::Unavailable | StoreError::Busy if !embedded => {
            "it cannot be reached: is PostgreSQL running, and is database.url right?".to_owned()
        }
        StoreError::ReadOnly => {
            "it cannot be written to: look at the rights of the file and its folder, and whether the disk is mounted read-only".to_owned()
        }
        StoreError::Damaged => {
            "it is damaged, or no database at all: put back the last backup, or correct data.dir or database.url".to_owned()
        }
        StoreError::Other(error) => {
            // The last cause is the database's own word; those above it only say that there was one.
            let mut cause: &dyn std::error::Error = error;
            while let Some(deeper) = cause.source() {
                cause = deeper;
            }
            cause.to_string()
        }
        other => other.to_string(),
    }
}

/// What is to be done to a database before it can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaStatus {
    /// Changes that this program knows and the database does not have.
    pub pending: Vec<String>,
    /// Changes in the database that this program does not know.
    pub unknown: Vec<String>,
}

/// Connects; with SQLite, makes folder and file if they are not there.
///
/// # Errors
/// No folder, no database.
pub async fn connect(config: &Config) -> Result<Db, DatabaseError> {
    if let Some(file) = config.sqlite_file() {
        make_folder(&config.data.dir, &file)?;
    }
    if let Some(file) = config.sqlite_file() {
        close_to_others(&file)?;
    }
    let url = config.database_url();
    let db_config = DbConfig {
        url: url.clone(),
        max_connections: config.database.max_connections,
        acquire_timeout: Duration::from_secs(config.database.acquire_timeout_s),
    };
    Db::connect(&db_config)
        .await
        .map_err(|reason| DatabaseError::Connect {
            address: hide_password(&url),
            reason,
        })
}

/// Keys and database of these settings. Keys are made only where there is no database yet, so they come first.
///
/// # Errors
/// No keys, no folder, no database.
pub async fn open(config: &Config, random: &dyn Random) -> Result<(Db, KeyRing), StartError> {
    if let Some(file) = config.sqlite_file() {
        make_folder(&config.data.dir, &file)?;
    }
    let keys = crate::keys::open(config, random)?;
    Ok((connect(config).await?, keys))
}

/// The same, up to date and with the keys that belong to it: what every command that works on data begins with.
///
/// # Errors
/// As [`open`] and [`migrate`], or keys that are not those of this database.
pub async fn open_current(
    config: &Config,
    random: &dyn Random,
    now: DateTime<Utc>,
) -> Result<(Db, KeyRing), StartError> {
    let (db, keys) = open(config, random).await?;
    for change in migrate(&db).await? {
        tracing::info!(change, "the database was brought up to date");
    }
    checks::settle(&db, config, &keys, now).await?;
    Ok((db, keys))
}

/// Makes the data folder, for its owner alone, but not the folders above it: a mistyped path should be noticed.
fn make_folder(data: &Path, file: &Path) -> Result<(), DatabaseError> {
    if let Some(problem) = folder_problem(data, file) {
        return Err(DatabaseError::NoFolder(problem));
    }
    if parent(file).is_dir() {
        return Ok(());
    }
    std::fs::DirBuilder::new()
        .mode(0o700)
        .create(data)
        .map_err(|source| DatabaseError::Folder {
            path: data.to_owned(),
            source,
        })
}

/// Only the owner reads the database, whatever the folder allows; SQLite gives its log the same rights.
fn close_to_others(file: &Path) -> Result<(), DatabaseError> {
    let made = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file);
    match made {
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(source) => {
            return Err(DatabaseError::File {
                path: file.to_owned(),
                source,
            });
        }
    }
    for ending in ["", "-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        // Somebody else's file stays as it is; the doctor tells of it.
        let _ = std::fs::set_permissions(name, std::fs::Permissions::from_mode(0o600));
    }
    Ok(())
}

fn parent(path: &Path) -> &Path {
    path.parent()
        .filter(|f| !f.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Why the folder of the SQLite file can be neither used nor made, and what to do; none: it can.
#[must_use]
pub fn folder_problem(data: &Path, file: &Path) -> Option<String> {
    let folder = parent(file);
    let shown = folder.display();
    let setting = if folder == data {
        "data.dir"
    } else {
        "database.url"
    };
    if folder.is_dir() {
        return None;
    }
    if folder.exists() {
        return Some(format!(
            "{setting}: {shown} is not a folder; name a folder, or move what is there away"
        ));
    }
    let above = if folder == data { parent(data) } else { folder };
    if above.is_dir() {
        return None;
    }
    let above = above.display();
    Some(format!(
        "{setting}: the folder {above} does not exist, so {} cannot be made; make the folder (mkdir -p {above}) or correct {setting}",
        if folder == data { data } else { file }.display()
    ))
}

/// Compares the database with what this program knows.
///
/// # Errors
/// The database cannot be read.
pub async fn schema_status(db: &Db) -> Result<SchemaStatus, DatabaseError> {
    status_on(db.read())
        .await
        .map_err(|e| DatabaseError::Read(e.into()))
}

async fn status_on<'c, C>(connection: &'c C) -> Result<SchemaStatus, DbErr>
where
    C: ConnectionTrait,
    &'c C: IntoDatabaseExecutor<'c>,
{
    let known = bedring_migrations::known();
    let applied: Vec<String> = if SchemaManager::new(connection)
        .has_table("seaql_migrations")
        .await?
    {
        seaql_migrations::Entity::find()
            .all(connection)
            .await?
            .into_iter()
            .map(|m| m.version)
            .collect()
    } else {
        Vec::new()
    };
    let mut unknown: Vec<String> = applied
        .iter()
        .filter(|a| !known.contains(a))
        .cloned()
        .collect();
    unknown.sort();
    Ok(SchemaStatus {
        pending: known.into_iter().filter(|k| !applied.contains(k)).collect(),
        unknown,
    })
}

/// Brings it up to date: all changes or none. Gives the names of those that were made.
///
/// # Errors
/// It is newer than this program, or a change fails.
pub async fn migrate(db: &Db) -> Result<Vec<String>, DatabaseError> {
    let tx = db.begin().await.map_err(DatabaseError::Migrate)?;
    let failed = |e: DbErr| DatabaseError::Migrate(e.into());
    if db.backend() == DatabaseBackend::Postgres {
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
            .await
            .map_err(failed)?;
    }
    let status = status_on(&*tx).await.map_err(failed)?;
    if let Some(change) = status.unknown.into_iter().next() {
        return Err(DatabaseError::Newer { change });
    }
    if !status.pending.is_empty() {
        Migrator::up(&*tx, None).await.map_err(failed)?;
    }
    tx.commit().await.map_err(DatabaseError::Migrate)?;
    Ok(status.pending)
}
