//! The database for a command that only tries: the one there is, as long as it need not be changed for that, or else an empty one that is
//! gone afterwards.

use std::path::PathBuf;
use std::sync::Arc;

use super::CliError;
use super::open::{Opened, open};
use crate::config::Config;
use crate::database;
use crate::ports::{OsRandom, SystemClock, uuid_v4};

/// Where a command tries.
pub(super) struct Trial {
    config: Config,
    /// The folder of a database made for this alone.
    made: Option<PathBuf>,
}

impl Trial {
    /// On the database of these settings; on an empty one, where these settings have none yet.
    ///
    /// # Errors
    /// No folder can be made for that.
    pub(super) fn of(config: &Config) -> Result<Self, CliError> {
        let mut config = config.clone();
        if config.sqlite_file().is_none_or(|file| file.exists()) {
            return Ok(Self { config, made: None });
        }
        let folder = std::env::temp_dir().join(format!("bedring-{}", uuid_v4(&OsRandom)));
        config.data.dir.clone_from(&folder);
        config.database.url = None;
        config.keys = crate::config::Keys::default();
        Ok(Self {
            config,
            made: Some(folder),
        })
    }

    /// Its settings.
    pub(super) const fn config(&self) -> &Config {
        &self.config
    }

    /// Opens it, and changes nothing in it.
    ///
    /// # Errors
    /// As [`open`]; a database that an older program made has to be brought up to date first.
    pub(super) async fn open(&self) -> Result<Opened, CliError> {
        if self.made.is_some() {
            return open(&self.config).await;
        }
        let (db, keys) = database::open(&self.config, &OsRandom).await?;
        if !database::schema_status(&db).await?.pending.is_empty() {
            return Err(CliError::new(
                "the database is of an older Bedring, and trying must not change it: bring it up to date first with bedring migrate",
            ));
        }
        let clock = Arc::new(SystemClock::new());
        Ok(Opened { db, keys, clock })
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        if let Some(folder) = &self.made {
            // What is left of it holds nobody's data but that of the files, in the folder for what is passing.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}
