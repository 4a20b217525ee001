//! What commands that work on data begin with.

use std::sync::Arc;

use bedring_store::entities::job;
use bedring_store::sea_orm::EntityTrait;
use bedring_store::{Db, StoreError};
use uuid::Uuid;

use super::CliError;
use crate::config::Config;
use crate::database;
use crate::keys::KeyRing;
use crate::ports::{Clock, OsRandom, SystemClock};
use crate::programme::editions;

/// The database, up to date and with the shipped editions, and what else a command needs.
pub(super) struct Opened {
    /// The database.
    pub db: Db,
    /// The keys.
    pub keys: KeyRing,
    /// The clock.
    pub clock: Arc<SystemClock>,
}

/// Opens the database of these settings.
///
/// # Errors
/// No keys, no database, or one that is newer than this program.
pub(super) async fn open(config: &Config) -> Result<Opened, CliError> {
    let clock = Arc::new(SystemClock::new());
    let (db, keys) = database::open_current(config, &OsRandom, clock.now()).await?;
    editions::publish_shipped(&db, clock.now()).await?;
    Ok(Opened { db, keys, clock })
}

/// A server that can only read would take answers in and lose none, but keep none either: better that it does not start.
///
/// # Errors
/// The database or its disk cannot be written to.
pub(super) async fn assert_writable(db: &Db) -> Result<(), CliError> {
    let tx = db.begin().await?;
    // Removes nothing, but must be allowed to.
    let tried = job::Entity::delete_by_id(Uuid::nil()).exec(&*tx).await;
    tried.map(|_| ()).map_err(|e| {
        CliError::new(format!(
            "the database cannot be written to: {}",
            CliError::from(StoreError::from(e))
        ))
    })
}
