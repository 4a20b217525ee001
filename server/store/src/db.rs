//! Connections and transactions: the same promises on SQLite and PostgreSQL.
//!
//! SQLite runs in WAL mode with `synchronous = FULL`, because a receipt lets a phone delete its copy: what was committed must be on the
//! disk. Every write transaction begins IMMEDIATE (a deferred one that reads first fails at once when another has written meanwhile).
//! Both databases get the same bounded retry when they are busy.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::{
    ConnectOptions, Database, DatabaseBackend, DatabaseConnection, DatabaseTransaction,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::error::StoreError;

/// How often a transaction is tried when the database is busy.
const BEGIN_TRIES: u32 = 4;

/// How to connect.
#[derive(Debug, Clone)]
pub struct DbConfig {
    /// `sqlite:///path/to/file` or `postgres://…`.
    pub url: String,
    /// Most connections at once.
    pub max_connections: u32,
    /// How long to wait for a free connection.
    pub acquire_timeout: Duration,
}

/// The database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    conn: DatabaseConnection,
    /// SQLite has one writer at a time. Waiting for one's turn here is fair and wakes at once; SQLite's own waiting is a series of naps.
    writers: Option<Arc<Mutex<()>>>,
}

/// A write transaction. Rolled back when dropped without [`WriteTx::commit`].
pub struct WriteTx {
    // Before the turn, so that it is rolled back before the next writer begins.
    tx: DatabaseTransaction,
    _turn: Option<OwnedMutexGuard<()>>,
}

impl WriteTx {
    /// Makes it last.
    ///
    /// # Errors
    /// As the database says; then nothing of it lasts.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.tx.commit().await?)
    }
}

impl Deref for WriteTx {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.tx
    }
}

impl Db {
    /// Connects; makes an SQLite file that does not exist.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if there is no database to reach.
    pub async fn connect(config: &DbConfig) -> Result<Self, StoreError> {
        let mut options = ConnectOptions::new(config.url.clone());
        options
            .max_connections(config.max_connections)
            .acquire_timeout(config.acquire_timeout)
            .connect_timeout(config.acquire_timeout)
            // SQL text may name items and states; it has no business in a log.
            .sqlx_logging(false)
            .record_stmt_in_spans(false)
            .test_before_acquire(false);
        options.map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .create_if_missing(true)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(10))
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                // Rarer checkpoints: the log is written in one go, the tables in larger bites.
                .pragma("wal_autocheckpoint", "8000")
                .pragma("journal_size_limit", "67108864")
                .pragma("temp_store", "MEMORY")
                // KiB when negative; a few megabytes a connection keep the whole server small.
                .pragma("cache_size", "-6000")
                .pragma("secure_delete", "ON")
                .optimize_on_close(true, Some(400))
        });
        let conn = Database::connect(options).await?;
        let writers = (conn.get_database_backend() == DatabaseBackend::Sqlite)
            .then(|| Arc::new(Mutex::new(())));
        Ok(Self { conn, writers })
    }

    /// For reading, outside a transaction.
    #[must_use]
    pub const fn read(&self) -> &DatabaseConnection {
        &self.conn
    }

    /// Which database it is.
    #[must_use]
    pub fn backend(&self) -> DatabaseBackend {
        self.conn.get_database_backend()
    }

    /// Begins a write transaction: one for each use case. Dropping it without `commit` rolls it back. Inside it do nothing but read and
    /// write through it: no mail, no hashing, no waiting.
    ///
    /// ```ignore
    /// let tx = db.begin().await?;
    /// row.insert(&*tx).await.map_err(StoreError::from)?;
    /// tx.commit().await?;
    /// ```
    ///
    /// # Errors
    /// [`StoreError::Busy`] when another writer holds the database for longer than the bounded retry; otherwise as the database says.
    pub async fn begin(&self) -> Result<WriteTx, StoreError> {
        let turn = match &self.writers {
            Some(writers) => Some(Arc::clone(writers).lock_owned().await),
            None => None,
        };
        let mut tries = 1;
        loop {
            let options = TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..Default::default()
            };
            match self
                .conn
                .begin_with_options(options)
                .await
                .map_err(StoreError::from)
            {
                Err(StoreError::Busy) if tries < BEGIN_TRIES => {
                    tokio::time::sleep(Duration::from_millis(u64::from(tries * tries) * 15)).await;
                    tries += 1;
                }
                other => return other.map(|tx| WriteTx { tx, _turn: turn }),
            }
        }
    }

    /// Closes all connections.
    ///
    /// # Errors
    /// As the database says.
    pub async fn close(self) -> Result<(), StoreError> {
        Ok(self.conn.close().await?)
    }
}
